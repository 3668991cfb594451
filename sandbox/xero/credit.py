"""Credit that can be set off against invoices or bills: credit notes, prepayments and overpayments alike."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sandbox.ids import new_guid
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import documents, invoices, messages
from sandbox.xero.amounts import ZERO, cents
from sandbox.xero.dates import wire_day
from sandbox.xero.desk import Desk
from sandbox.xero.documents import KINDS, Kind
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields, Problems
from sandbox.xero.settlements import book_difference

ENTITIES = ("CreditNote", "Prepayment", "Overpayment")


def remaining(body: Body) -> Decimal:
    if body["Status"] in ("VOIDED", "DELETED"):
        return ZERO
    return Decimal(body["Total"] - body["Used"] - body["Refunded"])


def balance(body: Body, kind: Kind) -> int:
    if body["Status"] != "AUTHORISED":
        return 0
    return kind.owed * documents.in_base(remaining(body), body["CurrencyRate"])


def settle(desk: Desk, record: Record, changes: Body, *, day: str) -> Record:
    """Save changed `Used`, `Refunded`, allocations or payments; the status follows."""
    body = {**record.body, **changes}
    left = body["Total"] - body["Used"] - body["Refunded"]
    body["Status"] = "PAID" if left == 0 else "AUTHORISED"
    body.pop("FullyPaidOnDate", None)
    if left == 0:
        body["FullyPaidOnDate"] = day
    kind = KINDS[body["Type"]]
    return desk.update(replace(record, body=body, status=body["Status"], balance_cents=balance(body, kind)))


def allocate(desk: Desk, note: Record, element: Fields) -> Body:
    """Set a part of the credit off against one invoice; returns the stored allocation."""
    problems = element.problems
    target = _target(desk, element)
    # Clients that speak XML still use the older name.
    amount = cents(element.number("Amount") or element.number("AppliedAmount") or ZERO)
    day = element.day("Date") or desk.today
    _check_allocation(desk, note, target, amount, problems)
    if desk.organisation.is_closed(day):
        problems.add(messages.PAYMENT_DATE_LOCKED)
    problems.stop()
    if target is None:
        raise InvalidError(messages.INVOICE_NOT_FOUND)
    entry: Body = {
        "AllocationID": new_guid(),
        "Amount": amount,
        "Date": day.isoformat(),
        "InvoiceID": target.id,
        "InvoiceNumber": target.body.get("InvoiceNumber", ""),
    }
    _apply(desk, note, target, entry, sign=1)
    return entry


def _target(desk: Desk, element: Fields) -> Record | None:
    inner = element.inner("Invoice")
    if inner is None:
        return None
    id = inner.identifier("InvoiceID")
    if id:
        return desk.get(invoices.ENTITY, id)
    number = inner.stripped("InvoiceNumber")
    return next(iter(desk.numbered(invoices.ENTITY, number)), None) if number else None


def _check_allocation(desk: Desk, note: Record, target: Record | None, amount: Decimal, problems: Problems) -> None:
    if target is None:
        problems.add(messages.INVOICE_NOT_FOUND)
        return
    if note.status != "AUTHORISED" or target.status != "AUTHORISED" or note.side != target.side:
        problems.add(messages.ALLOCATION_NEEDS_AUTHORISED)
    elif amount <= 0:
        problems.add(messages.PAYMENT_AMOUNT_POSITIVE)
    elif amount > remaining(note.body):
        problems.add(messages.ALLOCATION_ABOVE_CREDIT)
    elif amount > invoices.amount_due(target.body):
        problems.add(messages.PAYMENT_TOO_LARGE)


def deallocate(desk: Desk, note: Record, allocation_id: str) -> Body | None:
    """Take an allocation back; None if the credit note has no such one. Raises InvalidError in a locked period."""
    entry = next((e for e in note.body.get("Allocations", []) if e["AllocationID"] == allocation_id), None)
    target = desk.get(invoices.ENTITY, entry["InvoiceID"]) if entry else None
    if entry is None or target is None:
        return None
    if desk.organisation.is_closed(date.fromisoformat(entry["Date"])):
        raise InvalidError(messages.PAYMENT_DATE_LOCKED, echo=wire_allocation(entry))
    desk.books.unpost(desk.company, "Allocation", allocation_id)
    _apply(desk, note, target, entry, sign=-1)
    return dict(entry)


def _apply(desk: Desk, note: Record, target: Record, entry: Body, *, sign: int) -> None:
    others = [e for e in note.body.get("Allocations", []) if e["AllocationID"] != entry["AllocationID"]]
    kept = [*others, entry] if sign > 0 else others
    used = {"Used": note.body["Used"] + sign * entry["Amount"], "Allocations": kept}
    used_up = {
        "AllocationID": entry["AllocationID"],
        "Entity": note.entity,
        "ID": note.id,
        "Number": note.number or "",
        "Total": note.body["Total"],
        "CurrencyRate": note.body["CurrencyRate"],
        "Amount": entry["Amount"],
        "Date": entry["Date"],
    }
    old = [c for c in target.body.get("Credits", []) if c["AllocationID"] != entry["AllocationID"]]
    body = {**target.body, "Credits": [*old, used_up] if sign > 0 else old}
    before = note.balance_cents + target.balance_cents
    changed_note = settle(desk, note, used, day=entry["Date"])
    changed = invoices.settle(desk, replace(target, body=body), credited=sign * entry["Amount"], day=entry["Date"])
    if sign > 0:
        moved = changed_note.balance_cents + changed.balance_cents - before
        book_difference(desk, KINDS[target.body["Type"]], entry, moved, target.party)


# What an invoice that is only named shows of itself.
BARE_INVOICE: Body = {
    **{name: [] for name in ("Payments", "CreditNotes", "Prepayments", "Overpayments")},
    "IsDiscounted": False,
    "InvoiceAddresses": [],
    "HasErrors": False,
    "InvoicePaymentServices": [],
    "LineItems": [],
}


def wire_allocation(entry: Body) -> Body:
    return {
        "AllocationID": entry["AllocationID"],
        "Amount": entry["Amount"],
        "Date": wire_day(date.fromisoformat(entry["Date"])),
        "Invoice": {"InvoiceID": entry["InvoiceID"], "InvoiceNumber": entry["InvoiceNumber"], **BARE_INVOICE},
    }
