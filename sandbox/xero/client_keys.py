"""The name by which a client knows its document, read from what was sent and from what was saved alike."""

from typing import Any

from sandbox.counters import marker
from sandbox.store import Record
from sandbox.wire import Body

_NAMES = {
    "Account": "Name",
    "BankTransaction": "Reference",
    "BankTransfer": "Reference",
    "Contact": "Name",
    "ContactGroup": "Name",
    "CreditNote": "CreditNoteNumber",
    "Invoice": "InvoiceNumber",
    "Item": "Code",
    "ManualJournal": "Narration",
    "Payment": "Reference",
    "PurchaseOrder": "PurchaseOrderNumber",
    "Quote": "QuoteNumber",
    "TrackingCategory": "Name",
}


def element_key(entity: str, element: Body) -> str | None:
    """The key of an element of a request: its number, name or mark."""
    contact = _in_any_case(element, "Contact")
    party = _in_any_case(contact, "ContactID") if isinstance(contact, dict) else None
    sent = {name: _in_any_case(element, name) for name in (_NAMES.get(entity, ""), "Type")}
    return _key(entity, sent, str(party or "").lower())


def record_key(record: Record) -> str | None:
    """The key of a saved record."""
    return _key(record.entity, record.body, (record.party or "").lower())


def _key(entity: str, body: Body, party: str) -> str | None:
    name = _text(body.get(_NAMES.get(entity, "")))
    if entity == "Invoice":
        # A bill's number is the supplier's: only together with the supplier does it mean one document.
        return f"{party}:{name}" if name and body.get("Type") == "ACCPAY" else name
    return marker(name) if entity == "ManualJournal" else name


def _in_any_case(element: Body, name: str) -> Any:
    if name in element:
        return element[name]
    low = name.lower()
    return next((value for key, value in element.items() if str(key).lower() == low), None)


def _text(value: object) -> str | None:
    return str(value).strip() or None if isinstance(value, str | int) else None
