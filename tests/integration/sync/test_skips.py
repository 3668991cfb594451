"""What a person decides not to post, what waited for it, and posting it after all."""

import pytest

from rivet.ledger.models import Bill, Invoice, Vendor
from rivet.ledger.snapshots import PostingMode, SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox, runs
from sync.models import OutboxEntry, SyncIssue
from sync.states import Cancellation, State
from tests import ledgers
from tests.books import ConnectedFirm
from tests.integration.sync.test_changes import void
from tests.integration.sync.test_faults import bills_in
from tests.integration.sync.test_posting import approve

REASON = "Entered by hand last week."

pytestmark = pytest.mark.parametrize("books", ["quickbooks"], indirect=True)


def approved_bill(books: ConnectedFirm, number: str, vendor: Vendor) -> Bill:
    with tenant_transaction(books.tenant_id):
        bill = ledgers.a_bill(vendor, number=number)
        outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)
    return bill


def skip(books: ConnectedFirm, role: str) -> OutboxEntry:
    with tenant_transaction(books.tenant_id):
        entry: OutboxEntry = OutboxEntry.objects.select_related("connection", "revision").get(role=role)
        # As somebody would who got to it before a worker did: the connection was paused.
        OutboxEntry.objects.filter(pk=entry.pk).update(state=State.HELD, reason="paused", due_at=None)
        assert runs.skip(entry, actor=books.firm.owner, reason=REASON)
    return entry


def open_codes(books: ConnectedFirm) -> list[str]:
    with tenant_transaction(books.tenant_id):
        return sorted(SyncIssue.objects.filter(resolved_at=None).values_list("code", flat=True))


def post_after_all(books: ConnectedFirm, entry: OutboxEntry) -> None:
    with tenant_transaction(books.tenant_id):
        outbox.post_again(entry, actor=books.firm.owner)


def test_bills_of_a_skipped_vendor_say_so_and_go_when_it_is_posted_after_all(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        vendor = ledgers.a_vendor()
    approved_bill(books, "before", vendor)
    skipped = skip(books, "vendor")
    approved_bill(books, "after", vendor)
    books.drain()
    assert open_codes(books) == ["REF-01", "REF-01"]
    assert bills_in(books) == []
    post_after_all(books, skipped)
    books.drain()
    # The next turn reads that the vendor is there.
    books.turn()
    books.drain()
    assert sorted(bills_in(books)) == ["after", "before"]
    assert open_codes(books) == []
    with tenant_transaction(books.tenant_id), pytest.raises(ValueError, match="cancelled"):
        outbox.post_again(skipped, actor=books.firm.owner)


def an_invoice_with_its_journal(books: ConnectedFirm) -> Invoice:
    with tenant_transaction(books.tenant_id):
        invoice = ledgers.an_application(ledgers.a_contract("12000"), 1, ["12000"])
        approve(books, invoice, mode=PostingMode.NET_PLUS_JOURNAL)
    return invoice


def test_a_journal_is_skipped_with_its_invoice_and_posted_with_it(books: ConnectedFirm) -> None:
    an_invoice_with_its_journal(books)
    skipped = skip(books, "invoice")
    books.drain()
    assert books.balances() == {}
    with tenant_transaction(books.tenant_id):
        journal = OutboxEntry.objects.get(role="retainage_journal")
        assert (journal.state, journal.reason) == (State.CANCELLED, Cancellation.SKIPPED)
    post_after_all(books, skipped)
    books.drain()
    assert books.balances() == {"1100": "10800.00", "1150": "1200.00", "4000": "-12000.00"}


def test_what_was_voided_since_is_not_posted_after_all(books: ConnectedFirm) -> None:
    invoice = an_invoice_with_its_journal(books)
    skipped = skip(books, "invoice")
    void(books, invoice)
    with pytest.raises(ValueError, match="cancelled"):
        post_after_all(books, skipped)
    books.drain()
    assert books.balances() == {}
