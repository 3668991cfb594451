"""Writing drafts: a document and its lines together, with totals, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from rivet.ledger import held
from rivet.ledger.applications import PeriodWork, calculate, contract_of, line_rows, previous_of
from rivet.ledger.errors import LedgerError
from rivet.ledger.models import Bill, BillLine, Invoice, InvoiceLine
from rivet.ledger.models.documents import EDITABLE, DocumentStatus
from rivet.ledger.rules import release
from rivet.ledger.snapshots import Purpose
from rivet.money import LARGEST, ZERO
from rivet.tenants import audit
from rivet.tenants.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class LineValues:
    """One line as entered: ``amount`` gross (work or cost), ``retainage`` withheld from it, both signed cents."""

    description: str
    amount: Decimal
    retainage: Decimal = ZERO
    tag: str = ""


def write_bill(bill: Bill, *, lines: Sequence[LineValues], actor: User | None) -> Bill:
    """Save a draft bill with these lines in place of what it had. Raises LedgerError."""
    _check_editable(bill)
    _check_lines(bill, lines)
    _set_totals(bill, gross=_sum(lines, "amount"), retainage=_sum(lines, "retainage"))
    _save(bill, taken=f"{bill.vendor.name} already has a bill {bill.number}.")
    bill.lines.all().delete()
    BillLine.objects.bulk_create(
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
    )
    _audit(bill, act="drafted", actor=actor)
    return bill


def write_invoice(invoice: Invoice, *, lines: Sequence[LineValues], actor: User | None) -> Invoice:
    """Save a draft invoice whose lines were entered one by one (no contract). Raises LedgerError."""
    _check_editable(invoice)
    _check_lines(invoice, lines)
    rows = [
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
    return _save_invoice(invoice, rows, actor=actor)


def write_application(invoice: Invoice, *, entered: dict[int, PeriodWork], actor: User | None) -> Invoice:
    """Save a draft application; ``entered`` is keyed by line of the schedule of values. Raises LedgerError."""
    _check_editable(invoice)
    computed = calculate(
        contract_of(invoice), number=invoice.application_number or 1, before=previous_of(invoice), entered=entered
    )
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
    gross, retainage = sum((row.work for row in rows), ZERO), sum((row.retainage for row in rows), ZERO)
    _set_totals(invoice, gross=gross, retainage=retainage)
    _save(invoice, taken=f"There is already an invoice {invoice.number}.")
    invoice.lines.all().delete()
    InvoiceLine.objects.bulk_create(rows)
    _audit(invoice, act="drafted", actor=actor)
    return invoice


def _check_editable(document: Invoice | Bill) -> None:
    if document.status not in EDITABLE:
        raise LedgerError(f"{document.number} is {document.status} and cannot be changed. Reopen it first.")


def _check_lines(document: Invoice | Bill, lines: Sequence[LineValues]) -> None:
    if not lines:
        raise LedgerError("There is no line. Add at least one with a description and an amount.", field="lines")
    for line in lines:
        _check_line(line, is_release=document.is_release)


def _check_line(line: LineValues, *, is_release: bool) -> None:
    if is_release:
        return
    if abs(line.retainage) > abs(line.amount) or line.retainage * line.amount < 0:
        raise LedgerError(
            f"“{line.description}” withholds {line.retainage:,.2f} from {line.amount:,.2f}. "
            "Retainage is a part of the amount: enter one between zero and the amount.",
            field="lines",
        )


def _set_totals(document: Invoice | Bill, *, gross: Decimal, retainage: Decimal) -> None:
    net = gross - retainage
    if max(abs(gross), abs(retainage), abs(net)) > LARGEST:
        raise LedgerError(
            f"The total is larger than Rivet can keep ({LARGEST:,.2f}). Check the amounts.", field="lines"
        )
    if net < 0:
        raise LedgerError(
            f"The total is {net:,.2f}. A {kind_of(document)} cannot be less than zero: "
            "check the signs, or ask for a credit instead.",
            field="lines",
        )
    document.gross, document.retainage, document.net = gross, retainage, net


def _save(document: Invoice | Bill, *, taken: str) -> None:
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError as error:
        if "_once" not in str(error):
            raise
        raise LedgerError(f"{taken} Choose another number, or open that one.", field="number") from error


def _sum(lines: Sequence[LineValues], name: str) -> Decimal:
    return sum((getattr(line, name) for line in lines), ZERO)


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
