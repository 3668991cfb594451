"""The name by which a client knows its document, read from what was sent and from what was saved alike."""

from collections.abc import Callable
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


def element_key(entity: str, element: Body, contact_named: Callable[[str], str | None]) -> str | None:
    """The key of an element of a request: its number, name or mark. `contact_named` finds the id of the contact that
    an element knows by name alone."""
    sent = {name: _in_any_case(element, name) for name in (_NAMES.get(entity, ""), "Type")}
    party = _party(_in_any_case(element, "Contact"), contact_named) if _is_bill(entity, sent) else ""
    return _key(entity, sent, party)


def _is_bill(entity: str, body: Body) -> bool:
    return entity == "Invoice" and body.get("Type") == "ACCPAY"


def _party(contact: object, contact_named: Callable[[str], str | None]) -> str:
    if not isinstance(contact, dict):
        return ""
    id, name = _in_any_case(contact, "ContactID"), _in_any_case(contact, "Name")
    if not id and isinstance(name, str):
        id = contact_named(name)
    return str(id or "").lower()


def record_key(record: Record) -> str | None:
    """The key of a saved record."""
    return _key(record.entity, record.body, (record.party or "").lower())


def _key(entity: str, body: Body, party: str) -> str | None:
    name = _text(body.get(_NAMES.get(entity, "")))
    if entity == "Invoice":
        # A bill's number is the supplier's: only together with the supplier does it mean one document.
        return f"{party}:{name}" if name and _is_bill(entity, body) else name
    return marker(name) if entity == "ManualJournal" else name


def _in_any_case(element: Body, name: str) -> Any:
    if name in element:
        return element[name]
    low = name.lower()
    return next((value for key, value in element.items() if str(key).lower() == low), None)


def _text(value: object) -> str | None:
    return str(value).strip() or None if isinstance(value, str | int) else None
