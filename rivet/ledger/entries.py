"""Writing the retainage sub-ledger."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rivet.ledger.models import Bill, Invoice, InvoiceLine, RetainageEntry
from rivet.ledger.models.contracts import Side
from rivet.ledger.models.retainage import EntryKind
from rivet.money import ZERO


@dataclass(frozen=True, kw_only=True, slots=True)
class Movement:
    kind: EntryKind
    amount: Decimal
    #: The line of the schedule of values, or none.
    line_id: int | None = None


def enter(document: Invoice | Bill) -> None:
    """Enter what a document withholds or gives back; a changed document first undoes what it had entered before."""
    wanted = list(_movements(document))
    before = _standing(document)
    if before == _by_line(wanted):
        return
    undone = [Movement(kind=EntryKind.REVERSAL, amount=-amount, line_id=line) for line, amount in before.items()]
    _write(document, [*undone, *wanted], effective_date=_date(document))


def undo(document: Invoice | Bill, *, effective_date: date) -> None:
    """Reverse everything a document entered."""
    undone = [
        Movement(kind=EntryKind.REVERSAL, amount=-amount, line_id=line) for line, amount in _standing(document).items()
    ]
    _write(document, undone, effective_date=effective_date)


def _movements(document: Invoice | Bill) -> Iterator[Movement]:
    if isinstance(document, Bill):
        kind = EntryKind.RELEASED if document.is_release else EntryKind.WITHHELD
        yield Movement(kind=kind, amount=document.retainage)
        return
    for line in document.lines.order_by("position"):
        yield from _of_line(line, is_release=document.is_release)


def _of_line(line: InvoiceLine, *, is_release: bool) -> Iterator[Movement]:
    if is_release:
        yield Movement(kind=EntryKind.RELEASED, amount=line.retainage, line_id=line.sov_line_id)
        return
    withheld = line.retainage - line.rate_change - line.rounding
    yield Movement(kind=EntryKind.WITHHELD, amount=withheld, line_id=line.sov_line_id)
    yield Movement(kind=EntryKind.RATE_CHANGE, amount=line.rate_change, line_id=line.sov_line_id)
    yield Movement(kind=EntryKind.ROUNDING, amount=line.rounding, line_id=line.sov_line_id)


def _standing(document: Invoice | Bill) -> dict[int | None, Decimal]:
    entries = document.retainage_entries.all()
    return _by_line([Movement(kind=EntryKind(row.kind), amount=row.amount, line_id=row.sov_line_id) for row in entries])


def _by_line(movements: Sequence[Movement]) -> dict[int | None, Decimal]:
    sums: defaultdict[int | None, Decimal] = defaultdict(lambda: ZERO)
    for movement in movements:
        sums[movement.line_id] += movement.amount
    return {line: amount for line, amount in sums.items() if amount}


def _write(document: Invoice | Bill, movements: Sequence[Movement], *, effective_date: date) -> None:
    about = _about(document)
    RetainageEntry.objects.bulk_create(
        RetainageEntry(
            kind=movement.kind.value,
            amount=movement.amount,
            sov_line_id=movement.line_id,
            effective_date=effective_date,
            **about,
        )
        for movement in movements
        if movement.amount
    )


def _about(document: Invoice | Bill) -> dict[str, Any]:
    shared: dict[str, Any] = {
        "tenant_id": document.tenant_id,
        "project_id": document.project_id,
        "contract_id": document.contract_id,
    }
    if isinstance(document, Invoice):
        own = {"side": Side.RECEIVABLE.value, "customer_id": document.customer_id, "invoice": document}
    else:
        own = {"side": Side.PAYABLE.value, "vendor_id": document.vendor_id, "bill": document}
    return shared | own


def _date(document: Invoice | Bill) -> date:
    return document.invoice_date if isinstance(document, Invoice) else document.bill_date
