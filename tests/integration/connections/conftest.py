from collections.abc import Callable

import pytest

from integrations import registry
from integrations.connections.models import Connection
from rivet.tenants.context import tenant_transaction
from tests.firms import Firm, a_firm


@pytest.fixture
def firm(transactional_db: None) -> Firm:
    return a_firm()


@pytest.fixture
def a_connection(firm: Firm) -> Callable[..., Connection]:
    """Builds connections that were never consented to: for everything but talking to the provider."""

    def build(provider: str = "quickbooks", external_id: str = "9001", **fields: object) -> Connection:
        with tenant_transaction(firm.tenant.pk):
            made: Connection = Connection.objects.create(
                tenant=firm.tenant,
                provider=provider,
                external_id=external_id,
                host=registry.host(provider),
                company_name=f"Company {external_id}",
                **fields,
            )
        return made

    return build
