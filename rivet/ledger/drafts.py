"""Writing drafts: a document and its lines together, with totals, in the caller's transaction."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from rivet.ledger import held
from rivet.ledger.applications import PeriodWork, calculate, contract_of, line_rows, previous_of, stored_summary
from rivet.ledger.errors import LedgerError
from rivet.ledger.models import Bill, BillLine, Invoice, InvoiceLine
from rivet.ledger.models.documents import EDITABLE, DocumentStatus
from rivet.ledger.rules import release
from rivet.ledger.rules.lines import LineError, LineValues, Totals, check_line, check_totals, total
from rivet.ledger.snapshots import Purpose
from rivet.money import ZERO
from rivet.tenants import audit
from rivet.tenants.models import User


def write_bill(bill: Bill, *, lines: Sequence[LineValues], actor: User | None) -> Bill:
    """Save a draft bill with these lines in place of what it had. Raises LedgerError."""
    _check_editable(bill)
    set_totals(bill, lines)
    _save(bill, taken=f"{bill.vendor.name} already has a bill {bill.number}.")
    bill.lines.all().delete()
    BillLine.objects.bulk_create(bill_rows(bill, lines))
    _audit(bill, act="drafted", actor=actor)
    return bill


def write_invoice(invoice: Invoice, *, lines: Sequence[LineValues], actor: User | None) -> Invoice:
    """Save a draft invoice whose lines were entered one by one (no contract). Raises LedgerError."""
    _check_editable(invoice)
    set_totals(invoice, lines)
    return _save_invoice(invoice, invoice_rows(invoice, lines), actor=actor)


def write_application(invoice: Invoice, *, entered: dict[int, PeriodWork], actor: User | None) -> Invoice:
    """Save a draft application; ``entered`` is keyed by line of the schedule of values. Raises LedgerError."""
    _check_editable(invoice)
    computed = calculate(
        contract_of(invoice), number=invoice.application_number or 1, before=previous_of(invoice), entered=entered
    )
    invoice.summary = stored_summary(computed.summary)
    return _save_invoice(invoice, line_rows(invoice, computed), actor=actor)


def write_release(invoice: Invoice, *, amount: Decimal, actor: User | None) -> Invoice:
    """Save a draft invoice that asks for ``amount`` of what is held under its contract. Raises LedgerError."""
    _check_editable(invoice)
    contract = contract_of(invoice)
    balances = held.by_line(contract)
    lines = [line for line in contract.lines.order_by("position") if balances.get(line.pk)]
    try:
        release.check(amount, held=sum(balances.values(), ZERO))
        parts = release.by_line(amount, held=[balances[line.pk] for line in lines])
    except release.ReleaseError as refusal:
        raise LedgerError(str(refusal), field="amount") from refusal
    invoice.purpose = Purpose.RELEASE.value
    rows = [
        InvoiceLine(
            tenant_id=invoice.tenant_id,
            invoice=invoice,
            position=line.position,
            sov_line=line,
            description=f"Retainage, {line.description}"[:500],
            tag=line.tag,
            retainage=-part,
        )
        for line, part in zip(lines, parts, strict=True)
        if part
    ]
    return _save_invoice(invoice, rows, actor=actor)


def delete(document: Invoice | Bill, *, actor: User | None) -> None:
    """Remove a draft. What was approved once is voided instead."""
    if document.status != DocumentStatus.DRAFT:
        raise LedgerError(f"{document.number} was approved, so it cannot be deleted. Void it instead.")
    _audit(document, act="deleted", actor=actor)
    document.delete()


def kind_of(document: Invoice | Bill) -> str:
    return "invoice" if isinstance(document, Invoice) else "bill"


def _save_invoice(invoice: Invoice, rows: Sequence[InvoiceLine], *, actor: User | None) -> Invoice:
    totals = Totals(gross=sum((row.work for row in rows), ZERO), retainage=sum((row.retainage for row in rows), ZERO))
    try:
        _take(invoice, check_totals(totals, noun=_noun(invoice)))
    except LineError as error:
        raise LedgerError(str(error), field="lines") from error
    _save(invoice, taken=f"There is already an invoice {invoice.number}.")
    invoice.lines.all().delete()
    InvoiceLine.objects.bulk_create(rows)
    _audit(invoice, act="drafted", actor=actor)
    return invoice


def _check_editable(document: Invoice | Bill) -> None:
    if document.status not in EDITABLE:
        raise LedgerError(f"{document.number} is {document.status} and cannot be changed. Reopen it first.")


def set_totals(document: Invoice | Bill, lines: Sequence[LineValues]) -> None:
    """Check entered lines and give the document their totals. Raises LedgerError."""
    try:
        if not document.is_release:
            for line in lines:
                check_line(line)
        _take(document, total(lines, noun=_noun(document)))
    except LineError as error:
        raise LedgerError(str(error), field="lines") from error


def bill_rows(bill: Bill, lines: Sequence[LineValues]) -> list[BillLine]:
    return [
        BillLine(
            tenant_id=bill.tenant_id,
            bill=bill,
            position=position,
            description=line.description[:500],
            amount=line.amount,
            retainage=line.retainage,
            tag=line.tag,
        )
        for position, line in enumerate(lines, start=1)
    ]


def invoice_rows(invoice: Invoice, lines: Sequence[LineValues]) -> list[InvoiceLine]:
    return [
        InvoiceLine(
            tenant_id=invoice.tenant_id,
            invoice=invoice,
            position=position,
            description=line.description[:500],
            this_period=line.amount,
            work=line.amount,
            retainage=line.retainage,
            retainage_to_date=line.retainage,
            tag=line.tag,
        )
        for position, line in enumerate(lines, start=1)
    ]


def _take(document: Invoice | Bill, totals: Totals) -> None:
    document.gross, document.retainage, document.net = totals.gross, totals.retainage, totals.net


def _noun(document: Invoice | Bill) -> str:
    return "An invoice" if isinstance(document, Invoice) else "A bill"


def _save(document: Invoice | Bill, *, taken: str) -> None:
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError as error:
        if "_once" not in str(error):
            raise
        raise LedgerError(f"{taken} Choose another number, or open that one.", field="number") from error


def _audit(document: Invoice | Bill, *, act: str, actor: User | None) -> None:
    kind = kind_of(document)
    after: dict[str, Any] = {"gross": str(document.gross), "retainage": str(document.retainage)}
    audit.record(
        actor=actor,
        act=f"{kind}.{act}",
        subject_kind=kind,
        subject_id=document.public_id,
        subject_label=document.number,
        after=after,
    )
