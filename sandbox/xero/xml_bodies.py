"""Bodies in XML, which the vendor takes as well as JSON and older clients still send, as the same plain values.

Numbers, dates and booleans stay texts: every reader of a request takes them as such.
"""

from typing import Any
from urllib.parse import parse_qs
from xml.etree.ElementTree import Element, ParseError, fromstring

from sandbox.wire import Body

MEDIA_TYPES = ("application/xml", "text/xml")
FORM = "application/x-www-form-urlencoded"
DEEPEST = 20
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
# Elements that hold a list, whose children's own names say nothing more.
_LISTS = frozenset(
    {
        "accounts", "addresses", "allocations", "banktransactions", "banktransfers", "batchpayments", "contactgroups",
        "contactpersons", "contacts", "creditnotes", "currencies", "historyrecords", "invoices", "items",
        "attachments", "fromtracking", "invoiceaddresses", "journallines", "lineitems", "manualjournals", "options",
        "overpayments", "payments", "phones", "prepayments", "purchaseorders", "purchasestrackingcategories", "quotes",
        "salestrackingcategories", "taxcomponents", "taxrates", "totracking", "tracking", "trackingcategories",
        "trackingoptions",
    }
)  # fmt: skip


class UnreadableXmlError(ValueError):
    """The body is not XML, or holds more than data."""


def load_xml(raw: bytes) -> Body:
    """`<Invoices><Invoice>…` as `{"Invoices": [{…}]}`, and one bare element as its object.

    Raises UnreadableXmlError, also for declarations: a few of them can name more text than there is memory.
    """
    if b"<!" in raw:
        raise UnreadableXmlError("declarations are not allowed")
    try:
        root = fromstring(raw)  # noqa: S314  without declarations there is nothing to expand
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableXmlError(str(error)) from error
    value = _value(root, DEEPEST)
    if isinstance(value, list):
        return {root.tag: value}
    return value if isinstance(value, dict) else {}


def xml_of_form(raw: bytes) -> bytes | None:
    """The XML that the oldest clients send as the field `xml` of a form; None if the form has no such field."""
    fields = parse_qs(raw.decode("utf-8", "replace"))
    return next((values[0].encode() for name, values in fields.items() if name.lower() == "xml"), None)


def _value(element: Element, depth: int) -> Any:
    if not depth:
        raise UnreadableXmlError("the elements lie too deep")
    if element.tag.lower() in _LISTS:
        return [_value(child, depth - 1) or {} for child in element]
    if len(element):
        return {child.tag: _value(child, depth - 1) for child in element}
    return None if element.get(NIL) == "true" else element.text or ""
