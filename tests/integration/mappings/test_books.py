from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from integrations.connections.models import Connection
from integrations.mappings import choose
from integrations.mappings.books import books_for
from integrations.mappings.links import save_link
from integrations.ports import AccountUse, Books, ListKind, ListRecord, MappingRole, Receipt, Role
from rivet.ledger.snapshots import BillLine, BillSnapshot, PartyRef, PartySnapshot, Purpose, Snapshot, SourceKind
from rivet.tenants.context import tenant_transaction
from tests.firms import Firm
from tests.integration.mappings.conftest import CHART, Seen, account, vendor


def a_bill(*, vendor_id: int, customer_id: int | None = None, tag: str = "") -> BillSnapshot:
    return BillSnapshot(
        id=1,
        public_id="b",
        number="1043",
        vendor=PartyRef(kind=SourceKind.VENDOR, id=vendor_id, name="Valley Concrete"),
        customer=PartyRef(kind=SourceKind.CUSTOMER, id=customer_id, name="Harbor") if customer_id else None,
        project="",
        project_id=None,
        bill_date=date(2026, 10, 1),
        due_date=date(2026, 10, 31),
        currency="USD",
        memo="",
        purpose=Purpose.PROGRESS,
        lines=(BillLine(description="Slab", amount=Decimal("100.00"), tag=tag),),
    )


def tag(id: str, name: str, **more: object) -> ListRecord:
    return ListRecord(kind=ListKind.TAG, external_id=id, name=name, parent_id="c", parent_name="Region", **more)  # type: ignore[arg-type]  # test data


def one(connection: Connection, snapshot: Snapshot) -> Books:
    [seen] = books_for(connection, [snapshot])
    return seen


@pytest.fixture
def linked(firm: Firm, books: Connection, see: Seen) -> Connection:
    see(
        *CHART,
        vendor("30", "Valley Concrete"),
        vendor("31", "Gone", is_active=False),
        tag("50", "North"),
        tag("51", "South"),
    )
    with tenant_transaction(firm.tenant.pk):
        choose.save(connection=books, role=MappingRole.DEFAULT_EXPENSE, external_id="5", actor=firm.owner)
        for ours, theirs in ((1, "30"), (2, "31"), (3, "99")):
            receipt = Receipt(external_id=theirs, version="0")
            save_link(books.pk, SourceKind.VENDOR, ours, Role.VENDOR, receipt=receipt)
        books.refresh_from_db()
    return books


def test_a_bill_sees_its_company_account_vendor_and_tags(firm: Firm, linked: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        seen = one(linked, a_bill(vendor_id=1, customer_id=9, tag="50"))

    assert (seen.company_name, seen.currency, seen.country) == ("Ironwood Mechanical", "USD", "US")
    expense = seen.accounts[MappingRole.DEFAULT_EXPENSE]
    assert (expense.external_id, expense.name, expense.use, expense.is_active) == (
        "5",
        "Subcontract Cost",
        AccountUse.EXPENSE,
        True,
    )
    assert MappingRole.REVENUE not in seen.accounts
    # The customer was never linked: it is not in the books.
    assert {party: link.external_id for party, link in seen.parties.items()} == {("vendor", 1): "30"}
    assert seen.tags == {"50": ("Region", "North")}


def test_an_inactive_vendor_is_seen_inactive_and_a_new_one_active(firm: Firm, linked: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        gone = one(linked, a_bill(vendor_id=2)).parties["vendor", 2]
        new = one(linked, a_bill(vendor_id=3)).parties["vendor", 3]

    assert (gone.is_active, new.is_active) == (False, True)


def test_a_mapped_account_that_left_their_list_counts_as_inactive(firm: Firm, linked: Connection, see: Seen) -> None:
    see(account("4", "Contract Revenue", AccountUse.INCOME))

    with tenant_transaction(firm.tenant.pk):
        seen = one(linked, a_bill(vendor_id=1))

    assert seen.accounts[MappingRole.DEFAULT_EXPENSE].is_active is False


def test_a_party_of_its_own_sees_where_it_stands(firm: Firm, linked: Connection) -> None:
    party = PartySnapshot(kind=SourceKind.VENDOR, id=1, public_id="v", name="Valley Concrete")

    with tenant_transaction(firm.tenant.pk):
        assert one(linked, party).parties["vendor", 1].external_id == "30"


def test_a_thousand_documents_cost_as_many_queries_as_one(
    firm: Firm, linked: Connection, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    many = [a_bill(vendor_id=1 + number % 3, customer_id=number, tag="50") for number in range(1, 300)]

    with tenant_transaction(firm.tenant.pk), django_assert_num_queries(5):
        seen = books_for(linked, many)

    assert len(seen) == len(many)
    assert seen[1].parties.keys() == {("vendor", 3)}
