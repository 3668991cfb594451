"""A posted document that is changed or voided: what stands in the books follows, and never stands there twice."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from integrations.mappings.models import Link
from rivet.ledger import approval, drafts
from rivet.ledger.models import Bill, Invoice
from rivet.ledger.rules.lines import LineValues
from rivet.ledger.snapshots import PostingMode, SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox, runs
from sync.models import Call, OutboxEntry, SyncIssue
from sync.states import State
from tests import ledgers
from tests.books import ConnectedFirm
from tests.integration.sync.test_faults import bills_in, break_once, settle
from tests.integration.sync.test_posting import approve, expect


def a_posted_bill(books: ConnectedFirm) -> Bill:
    with tenant_transaction(books.tenant_id):
        bill = ledgers.a_bill(ledgers.a_vendor())
        approve(books, bill)
    books.drain()
    return bill


def change(
    books: ConnectedFirm, bill: Bill, amount: str, *, number: str | None = None, day: date | None = None
) -> None:
    """Reopen it, write one line of another amount, approve it again."""
    with tenant_transaction(books.tenant_id):
        fresh = approval.reopen(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)
        assert isinstance(fresh, Bill)
        fresh.number, fresh.bill_date = number or fresh.number, day or fresh.bill_date
        line = LineValues(description="Line 1", amount=Decimal(amount), retainage=Decimal(0))
        drafts.write_bill(fresh, lines=[line], actor=None)
        approve(books, fresh)


def void(books: ConnectedFirm, document: Bill | Invoice) -> None:
    kind = SourceKind.INVOICE if isinstance(document, Invoice) else SourceKind.BILL
    with tenant_transaction(books.tenant_id):
        outbox.void(kind=kind, document_id=document.pk, actor=books.firm.owner, reason="Entered twice")


def entity(books: ConnectedFirm) -> str:
    return {"quickbooks": "Bill", "xero": "Invoice"}[books.connection.provider]


def change_there(books: ConnectedFirm) -> str:
    """Somebody edits the bill in QuickBooks, so that its version moves on; returns its id."""
    with tenant_transaction(books.tenant_id):
        link = Link.objects.get(role="bill")
    found = books.theirs("GET", f"/bill/{link.external_id}")["Bill"]
    kept = {name: found[name] for name in ("Id", "SyncToken", "VendorRef")}
    books.theirs("POST", "/bill", {**kept, "sparse": True, "PrivateNote": "Seen."})
    return str(link.external_id)


def test_a_changed_bill_is_changed_in_the_books(books: ConnectedFirm) -> None:
    bill = a_posted_bill(books)
    expect(books, default_expense="25000.00", retainage_payable="-2500.00", payable="-22500.00")
    change(books, bill, "300.00", number="INV-89")
    books.drain()
    expect(books, default_expense="300.00", payable="-300.00")
    assert bills_in(books) == ["INV-89"]


def test_a_bill_changed_before_it_was_sent_goes_once_as_it_is_now(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        bill = ledgers.a_bill(ledgers.a_vendor())
        approve(books, bill)
    change(books, bill, "300.00")
    books.drain()
    assert bills_in(books) == ["INV-88"]
    assert books.balances()[{"quickbooks": "2000", "xero": "800"}[books.connection.provider]] == "-300.00"
    with tenant_transaction(books.tenant_id):
        states = OutboxEntry.objects.filter(role="bill").order_by("id").values_list("state", "operation")
        assert list(states) == [("cancelled", "create"), ("confirmed", "create")]


def test_approving_again_without_a_change_sends_nothing(books: ConnectedFirm) -> None:
    bill = a_posted_bill(books)
    for _ in range(2):
        with tenant_transaction(books.tenant_id):
            approval.reopen(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)
            approve(books, bill)
    books.drain()
    with tenant_transaction(books.tenant_id):
        assert OutboxEntry.objects.filter(role="bill").count() == 1
        assert Call.objects.filter(documents=1).count() == len(books.states())


def test_a_change_waits_for_a_posting_whose_end_is_unknown(books: ConnectedFirm) -> None:
    """Two creations of one bill would be two bills; the change waits and then changes what arrived."""
    break_once(books, {"kind": "drop", "when": "after"}, entity=entity(books))
    with tenant_transaction(books.tenant_id):
        bill = ledgers.a_bill(ledgers.a_vendor())
        approve(books, bill)
    while not _is_uncertain(books):
        books.turn()
    change(books, bill, "300.00")
    settle(books)
    expect(books, default_expense="300.00", payable="-300.00")
    assert bills_in(books) == ["INV-88"]


def _is_uncertain(books: ConnectedFirm) -> bool:
    with tenant_transaction(books.tenant_id):
        return OutboxEntry.objects.filter(role="bill", state=State.UNCERTAIN).exists()


@pytest.mark.long
@pytest.mark.parametrize("books", ["quickbooks"], indirect=True)
def test_a_change_takes_the_place_of_a_posting_that_is_refused(books: ConnectedFirm) -> None:
    """The revision under way is refused; nobody is asked to mend it, the newer one is created."""
    break_once(books, {"kind": "drop", "when": "before"}, entity=entity(books))
    with tenant_transaction(books.tenant_id):
        bill = ledgers.a_bill(ledgers.a_vendor())
        approve(books, bill)
    while not _is_uncertain(books):
        books.turn()
    closed = {"quickbooks": "book_close_date", "xero": "period_lock_date"}[books.connection.provider]
    books.sandbox.control("PATCH", f"/companies/{books.company}", {closed: ledgers.DAY.isoformat()})
    change(books, bill, "300.00", day=ledgers.DAY + timedelta(days=1))
    settle(books)
    assert bills_in(books) == ["INV-88"]
    with tenant_transaction(books.tenant_id):
        ended = OutboxEntry.objects.filter(role="bill").order_by("id").values_list("state", "operation")
        assert list(ended) == [("cancelled", "create"), ("confirmed", "create")]
        assert not SyncIssue.objects.filter(resolved_at=None).exists()


@pytest.mark.parametrize("act", [{"kind": "drop", "when": "after"}, {"kind": "drop", "when": "before"}])
def test_a_change_whose_answer_is_lost_is_made_once(books: ConnectedFirm, act: dict[str, Any]) -> None:
    bill = a_posted_bill(books)
    rule = {"company": books.company, "operation": "update", "entity": entity(books), "times": 1, "act": act}
    books.sandbox.control("POST", "/faults", rule)
    change(books, bill, "300.00")
    settle(books)
    expect(books, default_expense="300.00", payable="-300.00")


def test_a_void_takes_the_bill_out_of_the_books(books: ConnectedFirm) -> None:
    bill = a_posted_bill(books)
    void(books, bill)
    books.drain()
    expect(books)
    with tenant_transaction(books.tenant_id):
        assert not Link.objects.filter(role="bill", ended_at=None).exists()


@pytest.mark.parametrize("act", [{"kind": "drop", "when": "after"}, {"kind": "drop", "when": "before"}])
def test_a_void_whose_answer_is_lost_is_looked_up(books: ConnectedFirm, act: dict[str, Any]) -> None:
    bill = a_posted_bill(books)
    rule = {"company": books.company, "entity": entity(books), "times": 1, "act": act}
    operation = {"quickbooks": "delete", "xero": "update"}[books.connection.provider]
    books.sandbox.control("POST", "/faults", {**rule, "operation": operation})
    void(books, bill)
    settle(books)
    expect(books)


def test_a_void_before_sending_sends_nothing(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        bill = ledgers.a_bill(ledgers.a_vendor())
        approve(books, bill)
    void(books, bill)
    books.drain()
    assert bills_in(books) == []
    with tenant_transaction(books.tenant_id):
        assert [entry.reason for entry in OutboxEntry.objects.filter(role="bill")] == ["voided"]


def test_a_void_runs_the_chain_backwards(books: ConnectedFirm) -> None:
    """The journal goes before the invoice it belongs to."""
    with tenant_transaction(books.tenant_id):
        invoice = ledgers.an_application(ledgers.a_contract("12000"), 1, ["12000"])
        approve(books, invoice, mode=PostingMode.NET_PLUS_JOURNAL)
    books.drain()
    assert books.balances()
    void(books, invoice)
    books.drain()
    expect(books)
    with tenant_transaction(books.tenant_id):
        voids = OutboxEntry.objects.filter(operation="void").order_by("settled_at")
        assert [entry.role for entry in voids] == ["retainage_journal", "invoice"]


def test_a_journal_ends_with_the_retainage_it_was_for(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        contract = ledgers.a_contract("12000")
        invoice = ledgers.an_application(contract, 1, ["12000"])
        approve(books, invoice, mode=PostingMode.NET_PLUS_JOURNAL)
    books.drain()
    expect(books, receivable="10800.00", retainage_receivable="1200.00", revenue="-12000.00")
    with tenant_transaction(books.tenant_id):
        fresh = approval.reopen(kind=SourceKind.INVOICE, document_id=invoice.pk, actor=books.firm.owner)
        contract.terms.update(work_rate=Decimal(0), stored_rate=Decimal(0))
        assert isinstance(fresh, Invoice)
        approve(books, fresh, mode=PostingMode.NET_PLUS_JOURNAL)
    books.drain()
    expect(books, receivable="12000.00", revenue="-12000.00")


@pytest.mark.parametrize("books", ["quickbooks"], indirect=True)
def test_a_version_that_moved_on_is_read_again_once(books: ConnectedFirm) -> None:
    bill = a_posted_bill(books)
    change_there(books)
    change(books, bill, "300.00")
    books.drain()
    expect(books, default_expense="300.00", payable="-300.00")
    with tenant_transaction(books.tenant_id):
        assert OutboxEntry.objects.get(operation="update").generation == 2


@pytest.mark.parametrize("books", ["quickbooks"], indirect=True)
def test_a_record_deleted_there_can_be_posted_again_as_new(books: ConnectedFirm) -> None:
    bill = a_posted_bill(books)
    gone = {"Id": change_there(books), "SyncToken": "1"}
    books.theirs("POST", "/bill?operation=delete", gone)
    change(books, bill, "300.00")
    books.drain()
    with tenant_transaction(books.tenant_id):
        issue = SyncIssue.objects.get(resolved_at=None)
        assert issue.code == "REF-05"
        outbox.post_again(issue.entry, actor=books.firm.owner)
    books.drain()
    assert bills_in(books) == ["INV-88"]
    with tenant_transaction(books.tenant_id):
        assert not SyncIssue.objects.filter(resolved_at=None).exists()
        assert runs.retry([issue.entry], actor=books.firm.owner) == 0
