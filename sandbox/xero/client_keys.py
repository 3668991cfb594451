"""The name by which a client knows its document, read from what was sent and from what was saved alike."""

from sandbox.counters import marker
from sandbox.store import Record
from sandbox.wire import Body

_NAMES = {
    "Account": "name",
    "BankTransaction": "reference",
    "Contact": "name",
    "ContactGroup": "name",
    "CreditNote": "creditnotenumber",
    "Item": "code",
    "Payment": "reference",
    "PurchaseOrder": "purchaseordernumber",
    "TrackingCategory": "name",
}


def element_key(entity: str, element: Body) -> str | None:
    """The key of an element of a request: its number, name or mark."""
    folded = {str(name).lower(): value for name, value in element.items()}
    contact = folded.get("contact")
    party = {str(name).lower(): value for name, value in contact.items()} if isinstance(contact, dict) else {}
    return _key(entity, folded, str(party.get("contactid", "")).lower())


def record_key(record: Record) -> str | None:
    """The key of a saved record."""
    folded = {name.lower(): value for name, value in record.body.items()}
    return _key(record.entity, folded, (record.party or "").lower())


def _key(entity: str, folded: Body, party: str) -> str | None:
    if entity == "Invoice":
        number = _text(folded.get("invoicenumber"))
        # A bill's number is the supplier's: only together with the supplier does it mean one document.
        return f"{party}:{number}" if number and folded.get("type") == "ACCPAY" else number
    if entity == "ManualJournal":
        return marker(_text(folded.get("narration")))
    return _text(folded.get(_NAMES.get(entity, "")))


def _text(value: object) -> str | None:
    return str(value).strip() or None if isinstance(value, str | int) else None
