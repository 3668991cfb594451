"""Billable expenses: lines of purchases that a customer is to pay, and where they were charged on."""

from dataclasses import replace

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import messages
from sandbox.xero.bank_transactions import ENTITY as TRANSACTION
from sandbox.xero.contacts import ENTITY as CONTACT
from sandbox.xero.dates import read_moment, wire_moment
from sandbox.xero.desk import EMPTY_ID, Desk
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields
from sandbox.xero.invoices import ENTITY as INVOICE

ENTITY = "LinkedTransaction"
_IDS = ("SourceTransactionID", "SourceLineItemID", "ContactID", "TargetTransactionID", "TargetLineItemID")
_GONE = ("VOIDED", "DELETED")


def save_linked_transaction(desk: Desk, element: Fields, verb: str) -> Record:
    """Make a link, or give one its customer or its sales invoice. Raises InvalidError."""
    id = element.identifier("LinkedTransactionID")
    known = desk.get(ENTITY, id)
    if id and known is None:
        raise InvalidError(messages.LINK_MISSING)
    body = {name: element.identifier(name) or (known.body.get(name) if known else None) for name in _IDS}
    source, target = _source(desk, body), _target(desk, body)
    problems = element.problems
    if source is None or not _has_line(source, body["SourceLineItemID"]):
        problems.add(messages.LINK_SOURCE)
    if body["ContactID"] and desk.get(CONTACT, body["ContactID"]) is None:
        problems.add(messages.CONTACT_MISSING)
    if body["TargetTransactionID"] or body["TargetLineItemID"]:
        _check_target(body, target, element)
    problems.stop(lambda: _echo(desk, known, element))
    if source is not None:
        body["SourceTransactionTypeCode"] = source.body["Type"]
    if target is not None:
        body["ContactID"] = target.party
    if known is None:
        return desk.insert(ENTITY, body)
    return desk.update(replace(known, body=body))


def _source(desk: Desk, body: Body) -> Record | None:
    id = body["SourceTransactionID"]
    found = desk.get(INVOICE, id) or desk.get(TRANSACTION, id)
    return found if found is not None and found.body["Type"] in ("ACCPAY", "SPEND") else None


def _target(desk: Desk, body: Body) -> Record | None:
    found = desk.get(INVOICE, body["TargetTransactionID"])
    return found if found is not None and found.body["Type"] == "ACCREC" else None


def _has_line(record: Record, id: str | None) -> bool:
    return any(line["LineItemID"] == id for line in record.body["LineItems"])


def _check_target(body: Body, target: Record | None, element: Fields) -> None:
    """The sales invoice must be the customer's; the line on it may be left open."""
    line = body["TargetLineItemID"]
    if target is None or (line and not _has_line(target, line)):
        element.problems.add(messages.LINK_TARGET)
    elif body["ContactID"] and body["ContactID"] != target.party:
        element.problems.add(messages.LINK_CONTACT)


def _echo(desk: Desk, known: Record | None, element: Fields) -> Body:
    before = wire_linked_transaction(desk, known) if known else {"LinkedTransactionID": EMPTY_ID}
    return before | element.element


def delete_linked_transaction(desk: Desk, record: Record) -> Body:
    desk.store.delete(record, deleted_at=desk.now.isoformat())
    return {}


def wire_linked_transaction(desk: Desk, record: Record) -> Body:
    named = {name: record.body[name] for name in _IDS if record.body[name]}
    return {
        "LinkedTransactionID": record.id,
        **named,
        "Status": _status(desk, record),
        "Type": "BILLABLEEXPENSE",
        "UpdatedDateUTC": wire_moment(read_moment(record.updated_at)),
        "SourceTransactionTypeCode": record.body["SourceTransactionTypeCode"],
    }


def _status(desk: Desk, record: Record) -> str:
    """What the purchase and the sale say: nobody sets it."""
    source, target = _source(desk, record.body), _target(desk, record.body)
    states = [found.status for found in (source, target) if found is not None]
    if source is None or any(status in _GONE for status in states):
        return "VOIDED"
    if target is not None:
        return "BILLED" if target.status in ("AUTHORISED", "PAID") else "ONDRAFT"
    return "APPROVED" if source.status in ("AUTHORISED", "PAID") else "DRAFT"
