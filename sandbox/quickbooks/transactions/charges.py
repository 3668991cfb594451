"""Costs that were marked billable, taken onto an invoice."""

from typing import Any

from sandbox.quickbooks.faults import ServiceFault
from sandbox.quickbooks.transactions import links
from sandbox.quickbooks.work import Work
from sandbox.store import Record
from sandbox.wire import Body

CHARGE = "ReimburseCharge"
COSTS = ("Bill", "Purchase")


def check(work: Work, body: Body, customer: str, old: Record | None) -> None:
    """Raise 620 for a charge that is not this customer's, or was billed before."""
    before = _ids(old.body) if old else set()
    for id in _ids(body) - before:
        record = _cost(work, id)
        if record is None or not any(_is_open(detail, customer) for detail in _details(record.body)):
            raise ServiceFault("620", f"Txn ID Cannot Be Linked: there is no charge {id[:20]} to be billed")


def move(work: Work, invoice: Record, before: Body, after: Body) -> None:
    """Mark what was billed with the invoice, and set free what no longer is."""
    for id in sorted(_ids(before) - _ids(after)):
        _turn(work, id, invoice, billed=False)
    for id in sorted(_ids(after) - _ids(before)):
        _turn(work, id, invoice, billed=True)


def is_billed(body: Body) -> bool:
    return any(entry.get("TxnType") == CHARGE for entry in body.get("LinkedTxn") or [])


def _turn(work: Work, id: str, invoice: Record, *, billed: bool) -> None:
    record = _cost(work, id)
    if record is None or (not billed and invoice.id not in _ids(record.body)):
        return
    was, becomes = ("Billable", "HasBeenBilled") if billed else ("HasBeenBilled", "Billable")
    customer = invoice.body["CustomerRef"]["value"]
    lines = [_turned(line, customer, was, becomes) for line in record.body["Line"]]
    kept = [entry for entry in record.body.get("LinkedTxn") or [] if entry["TxnId"] != invoice.id]
    marks = [_mark(invoice.id)] if billed else []
    links.relink(work, record, [*kept, *marks], Line=lines)


def _turned(line: Body, customer: str, was: str, becomes: str) -> Body:
    name = str(line.get("DetailType"))
    detail = line.get(name) or {}
    fits = detail.get("BillableStatus") == was and (detail.get("CustomerRef") or {}).get("value") == customer
    return {**line, name: {**detail, "BillableStatus": becomes}} if fits else line


def _is_open(detail: Body, customer: str) -> bool:
    return detail.get("BillableStatus") == "Billable" and (detail.get("CustomerRef") or {}).get("value") == customer


def _details(body: Body) -> list[dict[str, Any]]:
    return [line.get(str(line.get("DetailType"))) or {} for line in body.get("Line") or []]


def _cost(work: Work, id: str) -> Record | None:
    return next((found for entity in COSTS if (found := work.find(entity, id))), None)


def _ids(body: Body) -> set[str]:
    return {str(entry.get("TxnId") or "") for entry in body.get("LinkedTxn") or [] if entry.get("TxnType") == CHARGE}


def _mark(id: str) -> Body:
    return {"TxnId": id, "TxnType": CHARGE}
