import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database

from integrations import registry
from integrations.connections import grants
from integrations.connections.models import Connection
from rivet import clock
from rivet.tenants.context import tenant_transaction
from tests.firms import Firm, a_firm
from tests.integration.connections.consenting import Person
from tests.sandbox.conftest import sandbox, server
from tests.sandbox.running import Running

__all__ = ["sandbox", "server"]


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


@pytest.fixture
def vendors(sandbox: Running, settings: Any) -> Iterator[Running]:
    """The sandbox, with Rivet's settings pointing at it."""
    settings.QUICKBOOKS_DISCOVERY_URL = f"{sandbox.url}/quickbooks/.well-known/openid_sandbox_configuration/"
    settings.QUICKBOOKS_API_URL = f"{sandbox.url}/quickbooks"
    settings.XERO_AUTHORIZE_URL = f"{sandbox.url}/xero/identity/connect/authorize"
    settings.XERO_TOKEN_URL = f"{sandbox.url}/xero/connect/token"
    settings.XERO_REVOKE_URL = f"{sandbox.url}/xero/connect/revocation"
    settings.XERO_API_URL = f"{sandbox.url}/xero"
    yield sandbox


@pytest.fixture
def alice(firm: Firm, vendors: Running) -> Person:
    return Person(firm=firm, sandbox=vendors)


@pytest.fixture
def books(alice: Person, vendors: Running) -> Connection:
    """A QuickBooks company that Alice connected through the consent page."""
    return alice.connects("quickbooks", vendors.company("quickbooks"))


def expire(connection: Connection) -> None:
    """Let the stored access token be over, as an hour would."""
    tokens = grants.tokens_of(connection)
    with tenant_transaction(connection.tenant_id):
        grant = Connection.objects.select_related("grant__tenant").get(pk=connection.pk).grant
        over = replace(tokens, access_expires_at=clock.now() - timedelta(seconds=1))
        grants.keep(tenant=grant.tenant, provider=grant.provider, subject=grant.subject, tokens=over)


def at_once(count: int, act: Callable[[], str]) -> list[str]:
    """``act`` in many threads that start together, each with a database connection of its own."""
    barrier = threading.Barrier(count)

    def run(_: int) -> str:
        barrier.wait(timeout=30)
        try:
            return act()
        finally:
            database.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def refreshes(sandbox: Running) -> int:
    """Requests at the token endpoints that the sandbox has counted; Xero's does not tell codes from refreshes."""
    rows = sandbox.control("GET", "/counters")["requests"]
    return sum(row["count"] for row in rows if row["operation"] in {"token", "refresh"})
