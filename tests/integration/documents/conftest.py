from collections.abc import Iterator

import pytest
from django.test import Client

from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import Tenant
from tests.firms import Firm, a_firm, signed_in


@pytest.fixture
def firm(db: None) -> Firm:
    return a_firm("northside")


@pytest.fixture
def tenant(firm: Firm) -> Iterator[Tenant]:
    """Alice's firm, being served for the length of the test."""
    with tenant_transaction(firm.tenant.pk):
        yield firm.tenant


@pytest.fixture
def alice(firm: Firm) -> Client:
    """A browser in which Alice is signed in."""
    return signed_in(firm.owner)
