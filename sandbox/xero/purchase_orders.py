"""Purchase orders: numbered, never in the books, and found by number even after they were deleted."""

from datetime import date

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import documents, messages
from sandbox.xero.amounts import ZERO
from sandbox.xero.contacts import contact_for_document, wire_contact_of_document, wire_stub
from sandbox.xero.dates import day_string, wire_day
from sandbox.xero.desk import EMPTY_ID, Desk
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields, Problems
from sandbox.xero.lines import LineReader
from sandbox.xero.taxes import totals

ENTITY = "PurchaseOrder"
STATUSES = ("DRAFT", "SUBMITTED", "AUTHORISED", "BILLED", "DELETED")
MOVES: dict[str, frozenset[str]] = {
    "DRAFT": frozenset({"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"}),
    "SUBMITTED": frozenset({"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"}),
    "AUTHORISED": frozenset({"SUBMITTED", "AUTHORISED", "BILLED", "DELETED"}),
    "BILLED": frozenset({"AUTHORISED", "BILLED", "DELETED"}),
    "DELETED": frozenset(),
}
_TEXTS = {
    "PurchaseOrderNumber": 255,
    "Reference": 255,
    "DeliveryAddress": 4000,
    "AttentionTo": 255,
    "Telephone": 50,
    "DeliveryInstructions": 500,
}
_DAYS = ("Date", "DeliveryDate", "ExpectedArrivalDate")


def save_purchase_order(desk: Desk, element: Fields, verb: str) -> Record:
    """Create (PUT), or create or update by id or number (POST). Raises InvalidError."""
    known = _find(desk, element) if verb == "POST" else None
    problems = element.problems
    status = element.choice("Status", STATUSES) or (known.status if known else "DRAFT")
    body = _read(desk, element, known, status, problems)
    contact = _contact(desk, element, known, problems)
    _check(desk, body, known, status, problems, by_id="PurchaseOrderID" in element)
    problems.stop(lambda: _echo(body, known if "PurchaseOrderID" in element else None, contact))
    body["PurchaseOrderNumber"] = body.get("PurchaseOrderNumber") or _next_number(desk)
    return documents.store_unbooked(desk, ENTITY, body, "PurchaseOrderNumber", contact, known)


def _find(desk: Desk, element: Fields) -> Record | None:
    id = element.identifier("PurchaseOrderID")
    if id:
        found = desk.get(ENTITY, id)
        if found is None:
            raise InvalidError(messages.ORDER_MISSING)
        return found
    number = element.stripped("PurchaseOrderNumber")
    return next(iter(_with_number(desk, number)), None) if number else None


def _with_number(desk: Desk, number: str) -> list[Record]:
    return sorted(desk.numbered(ENTITY, number), key=lambda record: not record.active)


def _check(desk: Desk, body: Body, known: Record | None, status: str, problems: Problems, *, by_id: bool) -> None:
    number = body.get("PurchaseOrderNumber")
    if known is not None and status not in MOVES[known.status]:
        problems.add(messages.ORDER_STATUS)
        if known.status == "DELETED":
            problems.add(messages.ORDER_DELETED)
        return
    others = [found for found in _with_number(desk, number) if known is None or found.id != known.id] if number else []
    if others and (known is None or by_id):
        problems.add(messages.ORDER_NUMBER_TAKEN)


def _read(desk: Desk, element: Fields, known: Record | None, status: str, problems: Problems) -> Body:
    old = known.body if known else {}
    if known is not None and status == "DELETED":
        # Whoever deletes an order may give its number free in the same call.
        number = element.stripped("PurchaseOrderNumber", limit=_TEXTS["PurchaseOrderNumber"])
        return {**old, "Status": status, "PurchaseOrderNumber": number or old["PurchaseOrderNumber"]}
    body = documents.read_header(desk, element, old, problems) | {"Status": status}
    for name in ("DeliveryDate", "ExpectedArrivalDate"):
        day = element.day(name)
        if day is not None:
            body[name] = day.isoformat()
    for name, limit in _TEXTS.items():
        text = element.stripped(name, limit=limit)
        if text is not None:
            body[name] = text
    sent = element.boolean("SentToContact")
    body["SentToContact"] = body.get("SentToContact", False) if sent is None else sent
    body |= _lines(desk, element, old, body)
    if not body["LineItems"]:
        problems.add(messages.LINES_REQUIRED)
    documents.check_totals(element, body, problems)
    return body


def _lines(desk: Desk, element: Fields, old: Body, body: Body) -> Body:
    if "LineItems" not in element:
        kept = {"LineItems": [], "SubTotal": ZERO, "TotalTax": ZERO, "Total": ZERO}
        return {name: old.get(name, empty) for name, empty in kept.items()}
    types = body["LineAmountTypes"]
    # Orders keep four places whatever the call says.
    reader = LineReader(desk, sells=False, discounts=True, approved=False, amount_types=types, unit_places=4)
    known_ids = {line["LineItemID"] for line in old.get("LineItems", [])}
    lines = [reader.read(line, known_ids) for line in element.each("LineItems")]
    added = totals(((line.get("LineAmount", ZERO), line.get("TaxAmount", ZERO)) for line in lines), types)
    return {"LineItems": lines, "SubTotal": added.subtotal, "TotalTax": added.tax, "Total": added.total}


def _contact(desk: Desk, element: Fields, known: Record | None, problems: Problems) -> Record | None:
    if known is not None and "Contact" not in element:
        return desk.get("Contact", known.party)
    return contact_for_document(desk, element.inner("Contact"), problems)


def _next_number(desk: Desk) -> str:
    while True:
        number = f"PO-{desk.store.next_id(desk.company, 'purchase order number'):04}"
        if not _with_number(desk, number):
            return number


def wire_purchase_order(desk: Desk, record: Record, *, fresh: bool = False) -> Body:
    contact = desk.get("Contact", record.party)
    shown = _head(record.id, record.body) | {"CurrencyRate": record.body["CurrencyRate"]}
    alone, listed = {"SentToContact": record.body["SentToContact"]}, record.body.get("HasAttachments", False)
    shown |= alone if fresh else {"HasAttachments": listed}
    if contact is not None:
        shown["Contact"] = _wire_contact(desk, contact, fresh=fresh)
    return shown | _tail(record.body) | documents.wire_updated(record, text=False)


def _wire_contact(desk: Desk, contact: Record, *, fresh: bool) -> Body:
    """Orders name their contact without addresses, and of its telephones only those it has."""
    if fresh:
        full = wire_contact_of_document(desk, contact)
        return full | {"Addresses": [], "Phones": [phone for phone in full["Phones"] if phone["PhoneNumber"]]}
    status = {"ContactStatus": contact.body["ContactStatus"]}
    return wire_stub(contact) | status | documents.wire_updated(contact, text=False)


def _head(id: str, body: Body) -> Body:
    shown: Body = {"PurchaseOrderID": id, "PurchaseOrderNumber": body.get("PurchaseOrderNumber", "")}
    for name in _DAYS:
        if body.get(name):
            day = date.fromisoformat(body[name])
            shown |= {f"{name}String": day_string(day), name: wire_day(day)}
    texts = {name: body[name] for name in _TEXTS if name != "PurchaseOrderNumber" and body.get(name)}
    off = documents.discount(body)
    flags = {"HasErrors": False, "IsDiscounted": bool(off), "TotalDiscount": off, "Type": "PURCHASEORDER"}
    return shown | texts | flags | {"CurrencyCode": body["CurrencyCode"]}


def _tail(body: Body) -> Body:
    names = ("Status", "LineAmountTypes", "LineItems", "SubTotal", "TotalTax", "Total", "BrandingThemeID")
    return {name: body[name] for name in names if name in body}


def _echo(body: Body, known: Record | None, contact: Record | None) -> Body:
    """A refused order as recorded: under the empty id where its number belongs to a deleted one."""
    stub = {"Contact": wire_stub(contact)} if contact is not None else {}
    return _head(known.id if known else EMPTY_ID, body) | {"HasErrors": True} | stub | _tail(body)
