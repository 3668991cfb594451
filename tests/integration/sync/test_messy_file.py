"""The messy file, posted to either provider: balances are those added up from the file alone."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from integrations.mappings import mirror, parties
from rivet.ledger.imports import batches
from rivet.ledger.models import Bill
from rivet.ledger.models.imports import ImportKind
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox
from sync.models import OutboxEntry, SyncIssue
from tests.books import CHARTS, ConnectedFirm
from tests.generators.messy_bills import MessyBill, messy_bills, vendors_file
from tests.integration.sync.test_faults import bills_in, settle
from tests.integration.sync.test_posting import PAYABLE

CLOSED_UNTIL = date(2026, 9, 30)
CLOSES = {"quickbooks": "book_close_date", "xero": "period_lock_date"}
#: QuickBooks takes 21 characters of a number, Xero 255.
LONGEST = {"quickbooks": 21, "xero": 255}


def bring_in(books: ConnectedFirm, kind: ImportKind, data: bytes) -> int:
    firm = books.firm
    batch = batches.upload(kind=kind, file_name="old.csv", data=data, tenant=firm.tenant, by=firm.owner)
    return batches.confirm(batch_id=batch.pk, tenant=firm.tenant, by=firm.owner)


def expected(bills: Sequence[MessyBill], provider: str) -> dict[str, str]:
    """Cost at gross, what is withheld to retainage payable, the rest owed: from the file and nothing else."""
    chart = {role.value: code for role, code in CHARTS[provider].items()}
    found: dict[str, Decimal] = defaultdict(Decimal)
    for bill in bills:
        found[chart["default_expense"]] += bill.gross
        found[chart["retainage_payable"]] -= bill.retainage
        found[PAYABLE[provider]] -= bill.gross - bill.retainage
    return {code: str(amount) for code, amount in found.items() if amount}


def test_every_good_row_is_in_the_books_to_the_cent(books: ConnectedFirm) -> None:
    provider = books.connection.provider
    books.sandbox.control("PATCH", f"/companies/{books.company}", {CLOSES[provider]: CLOSED_UNTIL.isoformat()})
    mirror.refresh(books.connection)
    file = messy_bills(20261121, today=date(2026, 11, 21), closed_until=CLOSED_UNTIL)
    with tenant_transaction(books.tenant_id):
        bring_in(books, ImportKind.VENDORS, vendors_file())
        parties.link_exact(connection=books.connection, kind=SourceKind.VENDOR, actor=books.firm.owner)
        assert bring_in(books, ImportKind.BILLS, file.content) == len(file.bills)
        for pk in Bill.objects.order_by("id").values_list("pk", flat=True):
            outbox.approve(kind=SourceKind.BILL, document_id=pk, actor=books.firm.owner)
    settle(books, seconds=60)
    fits = [bill for bill in file.bills if len(bill.number) <= LONGEST[provider]]
    posted = [bill for bill in fits if not bill.is_closed]
    assert 0 < len(posted) < len(fits) <= len(file.bills)
    assert books.balances() == expected(posted, provider)
    assert len(bills_in(books)) == len(posted)
    with tenant_transaction(books.tenant_id):
        assert OutboxEntry.objects.filter(state="rejected").count() == len(file.bills) - len(posted)
        found = set(SyncIssue.objects.filter(resolved_at=None).values_list("code", flat=True))
        assert found == ({"PER-01", "VAL-01"} if provider == "quickbooks" else {"PER-01"})
    # The accountant opens the period; the next look at their lists frees what waited for it.
    books.sandbox.control("PATCH", f"/companies/{books.company}", {CLOSES[provider]: None})
    mirror.refresh(books.connection)
    settle(books, seconds=60)
    assert books.balances() == expected(fits, provider)
