import pytest
from django.test import Client

from integrations.connections.models import Connection
from rivet.tenants.context import tenant_transaction
from tests.firms import Firm, a_firm, signed_in
from tests.outboxes import a_connection


@pytest.fixture
def firm(transactional_db: None) -> Firm:
    return a_firm()


@pytest.fixture
def alice(firm: Firm) -> Client:
    return signed_in(firm.owner)


@pytest.fixture
def books(firm: Firm) -> Connection:
    with tenant_transaction(firm.tenant.pk):
        return a_connection()
