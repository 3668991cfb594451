"""Approved documents reach either provider with the literal figures of the worked examples."""

from decimal import Decimal
from typing import Any

import pytest

from rivet.ledger.models import Bill, Invoice
from rivet.ledger.snapshots import PostingMode, SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox
from sync.models import Attempt, Call, LogLine, OutboxEntry
from tests import ledgers
from tests.books import CHARTS, ConnectedFirm, connected, point_at
from tests.firms import Firm
from tests.sandbox.running import Running

RECEIVABLE = {"quickbooks": "1100", "xero": "610"}
PAYABLE = {"quickbooks": "2000", "xero": "800"}

BOTH_MODES = pytest.mark.parametrize("mode", list(PostingMode))


def approve(books: ConnectedFirm, document: Invoice | Bill, *, mode: PostingMode = PostingMode.NEGATIVE_LINE) -> None:
    books.connection.posting_mode = mode
    books.connection.save(update_fields=["posting_mode"])
    kind = SourceKind.INVOICE if isinstance(document, Invoice) else SourceKind.BILL
    outbox.approve(kind=kind, document_id=document.pk, actor=books.firm.owner)


def expect(books: ConnectedFirm, **amounts: str) -> None:
    """Compare the books' own trial balance, debits positive, with amounts by what the account is for."""
    provider = books.connection.provider
    chart = {role.value: code for role, code in CHARTS[provider].items()}
    codes = {**chart, "receivable": RECEIVABLE[provider], "payable": PAYABLE[provider]}
    assert set(books.states().values()) == {"confirmed"}
    assert books.balances() == {codes[name]: str(Decimal(amount)) for name, amount in amounts.items()}


@BOTH_MODES
def test_e0_first_application(books: ConnectedFirm, mode: PostingMode) -> None:
    with tenant_transaction(books.tenant_id):
        contract = ledgers.a_contract("12000", "72000", "36000")
        invoice = ledgers.an_application(contract, 1, ["12000", "18000", "0"], ["0", "0", "10000"])
        approve(books, invoice, mode=mode)
    books.drain()
    expect(books, receivable="36000.00", retainage_receivable="4000.00", revenue="-40000.00")


@BOTH_MODES
def test_e1_partial_release_then_final(books: ConnectedFirm, mode: PostingMode) -> None:
    with tenant_transaction(books.tenant_id):
        contract = ledgers.a_contract("120000")
        approve(books, ledgers.an_application(contract, 1, ["120000"]), mode=mode)
        approve(books, ledgers.a_release(contract, "10200.00"), mode=mode)
    books.drain()
    expect(books, receivable="118200.00", retainage_receivable="1800.00", revenue="-120000.00")
    with tenant_transaction(books.tenant_id):
        approve(books, ledgers.a_release(contract, "1800.00", number="PA13-RET"), mode=mode)
    books.drain()
    expect(books, receivable="120000.00", revenue="-120000.00")


@BOTH_MODES
def test_e3_change_orders(books: ConnectedFirm, mode: PostingMode) -> None:
    with tenant_transaction(books.tenant_id):
        contract = ledgers.a_contract("120000", changes=[("CO-01", "15000"), ("CO-02", "-4000")])
        approve(books, ledgers.an_application(contract, 1, ["90000", "0", "0"]), mode=mode)
    books.drain()
    expect(books, receivable="81000.00", retainage_receivable="9000.00", revenue="-90000.00")
    with tenant_transaction(books.tenant_id):
        approve(books, ledgers.an_application(contract, 2, ["20000", "9000", "-4000"]), mode=mode)
    books.drain()
    expect(books, receivable="103500.00", retainage_receivable="11500.00", revenue="-115000.00")


def test_a_company_that_keeps_several_currencies(firm: Firm, sandbox: Running, settings: Any) -> None:
    """QuickBooks refuses whatever does not name its currency there."""
    settings.RIVET_PROFILE = "fast"
    point_at(sandbox, settings)
    books = connected(firm, sandbox, multicurrency=True)
    with tenant_transaction(books.tenant_id):
        contract = ledgers.a_contract("12000")
        approve(books, ledgers.an_application(contract, 1, ["12000"]), mode=PostingMode.NET_PLUS_JOURNAL)
        approve(books, ledgers.a_bill(ledgers.a_vendor(), ("100", "10")), mode=PostingMode.NET_PLUS_JOURNAL)
    books.drain()
    invoiced = {"receivable": "10800.00", "retainage_receivable": "1200.00", "revenue": "-12000.00"}
    expect(books, **invoiced, default_expense="100.00", retainage_payable="-10.00", payable="-90.00")


def test_e5_bill_with_retainage_payable_then_release_with_back_charge(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        vendor = ledgers.a_vendor()
        approve(books, ledgers.a_bill(vendor))
    books.drain()
    expect(books, default_expense="25000.00", retainage_payable="-2500.00", payable="-22500.00")
    with tenant_transaction(books.tenant_id):
        release = ledgers.a_bill(vendor, ("0", "-2500"), ("-300", "0"), number="INV-88-RET", purpose="release")
        approve(books, release)
    books.drain()
    expect(books, default_expense="24700.00", payable="-24700.00")


@BOTH_MODES
def test_e6_rounding(books: ConnectedFirm, mode: PostingMode) -> None:
    work = ["1234.50", "2345.70", "3456.90"]
    with tenant_transaction(books.tenant_id):
        contract = ledgers.a_contract("9999", "9999", "9999", work_rate=Decimal(5))
        approve(books, ledgers.an_application(contract, 1, work), mode=mode)
    books.drain()
    expect(books, receivable="6685.23", retainage_receivable="351.87", revenue="-7037.10")
    with tenant_transaction(books.tenant_id):
        approve(books, ledgers.an_application(contract, 2, work), mode=mode)
    books.drain()
    expect(books, receivable="13370.49", retainage_receivable="703.71", revenue="-14074.20")


def test_every_wire_request_was_on_record_before_it_left(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        approve(books, ledgers.a_bill())
    books.drain()
    with tenant_transaction(books.tenant_id):
        calls = list(Call.objects.all())
        assert calls and all(call.status == 200 and call.trace_id and call.finished_at for call in calls)
        attempts = Attempt.objects.count()
        assert attempts == OutboxEntry.objects.count()
        assert set(Attempt.objects.values_list("outcome", flat=True)) == {"Delivered"}
        assert LogLine.objects.filter(direction="push").count() == attempts
