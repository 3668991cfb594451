from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from integrations.connections.models import Connection, Fact
from integrations.mappings import mirror
from integrations.mappings.mirror import Refreshed
from integrations.ports import AccountUse, Company, ListKind, ListRecord
from rivet.tenants.context import tenant_transaction
from tests.firms import Firm
from tests.integration.connections.conftest import a_connection, firm

__all__ = ["a_connection", "firm"]


def account(id: str, name: str, use: AccountUse, **more: Any) -> ListRecord:
    return ListRecord(kind=ListKind.ACCOUNT, external_id=id, name=name, use=use, **more)


def item(id: str, name: str, account_id: str, **more: Any) -> ListRecord:
    return ListRecord(kind=ListKind.ITEM, external_id=id, name=name, detail=account_id, their_type="Service", **more)


def customer(id: str, name: str, **more: Any) -> ListRecord:
    return ListRecord(kind=ListKind.CUSTOMER, external_id=id, name=name, **more)


def vendor(id: str, name: str, **more: Any) -> ListRecord:
    return ListRecord(kind=ListKind.VENDOR, external_id=id, name=name, **more)


CHART = (
    account("1", "Checking", AccountUse.BANK),
    account("2", "Retainage Receivable", AccountUse.CURRENT_ASSET, code="1150"),
    account("3", "Retainage Payable", AccountUse.CURRENT_LIABILITY),
    account("4", "Contract Revenue", AccountUse.INCOME),
    account("5", "Subcontract Cost", AccountUse.EXPENSE),
    account("6", "Accounts Receivable", AccountUse.SYSTEM),
    account("7", "Old Retainage", AccountUse.CURRENT_ASSET, is_active=False),
)

Seen = Callable[..., Refreshed]


@pytest.fixture
def books(a_connection: Callable[..., Connection]) -> Connection:
    return a_connection(is_default=True)


@pytest.fixture
def see(firm: Firm, books: Connection) -> Seen:
    """Writes what was read of their lists into the mirror of ``books``."""

    def write(*records: ListRecord, closed_until: date | None = None, into: Connection | None = None) -> Refreshed:
        company = Company(
            external_id="9001",
            name="Ironwood Mechanical",
            country="US",
            currency="USD",
            closed_until=closed_until,
            settings={"class_mode": "per_line"},
        )
        with tenant_transaction(firm.tenant.pk):
            return mirror.write(into or books, company, records)

    return write


@pytest.fixture
def facts(firm: Firm) -> Callable[[], list[tuple[str, str]]]:
    def read() -> list[tuple[str, str]]:
        with tenant_transaction(firm.tenant.pk):
            return list(Fact.objects.order_by("id").values_list("kind", "subject"))

    return read
