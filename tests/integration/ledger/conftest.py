from collections.abc import Iterator

import pytest

from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import Tenant
from tests.cast import a_tenant


@pytest.fixture
def tenant(db: None) -> Iterator[Tenant]:
    """Northside Electric, being served for the length of the test."""
    made = a_tenant()
    with tenant_transaction(made.pk):
        yield made
