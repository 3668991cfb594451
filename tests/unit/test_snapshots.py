"""A frozen document comes back from its stored form exactly as it went in."""

import json
from datetime import date
from decimal import Decimal

from rivet.ledger.snapshots import (
    BillLine,
    BillSnapshot,
    InvoiceLine,
    InvoiceSnapshot,
    PartyRef,
    PostingMode,
    Purpose,
    SourceKind,
    from_json,
    to_json,
)

CUSTOMER = PartyRef(kind=SourceKind.CUSTOMER, id=7, name="Harbor General")


def an_invoice(
    *, mode: PostingMode = PostingMode.NEGATIVE_LINE, purpose: Purpose = Purpose.PROGRESS
) -> InvoiceSnapshot:
    return InvoiceSnapshot(
        id=1,
        public_id="0190",
        number="PA1",
        customer=CUSTOMER,
        project="Pier 9",
        project_id=3,
        invoice_date=date(2026, 10, 31),
        due_date=date(2026, 11, 30),
        currency="USD",
        memo="",
        purpose=purpose,
        posting_mode=mode,
        lines=(
            InvoiceLine(description="Mobilization", work=Decimal("12000.00"), retainage=Decimal("1200.00")),
            InvoiceLine(description="CO-02", work=Decimal("-4000.00"), retainage=Decimal("-400.00"), tag="55"),
        ),
    )


def test_an_invoice_survives_storage() -> None:
    invoice = an_invoice()
    assert from_json(SourceKind.INVOICE, json.loads(json.dumps(to_json(invoice)))) == invoice


def test_a_bill_survives_storage_with_and_without_a_project() -> None:
    bill = BillSnapshot(
        id=2,
        public_id="0191",
        number="INV-88",
        vendor=PartyRef(kind=SourceKind.VENDOR, id=4, name="Hanson Concrete"),
        project="",
        project_id=None,
        bill_date=date(2026, 10, 3),
        due_date=date(2026, 11, 2),
        currency="USD",
        memo="Ω \N{BUILDING CONSTRUCTION}",
        purpose=Purpose.PROGRESS,
        lines=(BillLine(description="Slab", amount=Decimal("25000.00"), retainage=Decimal("2500.00")),),
    )
    assert from_json(SourceKind.BILL, json.loads(json.dumps(to_json(bill)))) == bill
    assert bill.net == Decimal("22500.00")


def test_only_a_progress_invoice_at_net_needs_a_journal() -> None:
    net = PostingMode.NET_PLUS_JOURNAL
    assert an_invoice(mode=net).needs_journal
    assert not an_invoice(mode=net, purpose=Purpose.RELEASE).needs_journal
    assert not an_invoice().needs_journal
