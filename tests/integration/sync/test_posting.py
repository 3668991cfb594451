"""Approved documents reach QuickBooks with the figures of the worked examples."""

from rivet.ledger.snapshots import PostingMode, SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox
from sync.models import Attempt, Call, LogLine, OutboxEntry
from tests import ledgers
from tests.books import ConnectedFirm


def approve_invoice(books: ConnectedFirm, *, mode: PostingMode) -> None:
    with tenant_transaction(books.tenant_id):
        books.connection.posting_mode = mode
        books.connection.save(update_fields=["posting_mode"])
        contract = ledgers.a_contract("12000", "72000", "36000")
        invoice = ledgers.an_application(contract, 1, ["12000", "18000", "0"], ["0", "0", "10000"])
        outbox.approve(kind=SourceKind.INVOICE, document_id=invoice.pk, actor=books.firm.owner)


def test_the_first_application_stands_as_one_invoice_with_a_negative_line(books: ConnectedFirm) -> None:
    approve_invoice(books, mode=PostingMode.NEGATIVE_LINE)
    books.drain()
    assert set(books.states().values()) == {"confirmed"}
    assert books.balances() == {"1100": "36000.00", "1150": "4000.00", "4000": "-40000.00"}


def test_the_first_application_at_net_brings_its_journal(books: ConnectedFirm) -> None:
    approve_invoice(books, mode=PostingMode.NET_PLUS_JOURNAL)
    books.drain()
    assert set(books.states().values()) == {"confirmed"}
    assert books.balances() == {"1100": "36000.00", "1150": "4000.00", "4000": "-40000.00"}
    kinds = sorted(document["entity"] for document in books.sandbox.documents(books.company))
    assert kinds == ["Invoice", "JournalEntry"]


def test_a_bill_with_retainage_payable(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        bill = ledgers.a_bill()
        outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)
    books.drain()
    assert books.balances() == {"5000": "25000.00", "2050": "-2500.00", "2000": "-22500.00"}


def test_every_wire_request_was_on_record_before_it_left(books: ConnectedFirm) -> None:
    approve_invoice(books, mode=PostingMode.NEGATIVE_LINE)
    books.drain()
    with tenant_transaction(books.tenant_id):
        calls = list(Call.objects.all())
        assert all(call.status == 200 and call.trace_id and call.finished_at for call in calls)
        attempts = Attempt.objects.count()
        assert attempts == OutboxEntry.objects.count()
        assert set(Attempt.objects.values_list("outcome", flat=True)) == {"Delivered"}
        pushed = LogLine.objects.filter(direction="push")
        assert pushed.count() == attempts
