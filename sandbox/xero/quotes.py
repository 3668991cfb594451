"""Quotes: what work would cost. They are numbered, never in the books, and speak a dialect of their own: days without
an offset, line amount types in capitals, no tax unless a line names one, and whatever an update leaves out is cleared,
except the lines.
"""

from datetime import date

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import documents, messages
from sandbox.xero.amounts import ZERO
from sandbox.xero.branding import THEME_ID
from sandbox.xero.contacts import contact_for_document
from sandbox.xero.dates import EPOCH, day_string, read_moment, wire_moment
from sandbox.xero.desk import EMPTY_ID, Desk
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields
from sandbox.xero.lines import LineReader
from sandbox.xero.taxes import totals

ENTITY = "Quote"
PLURAL = "Quotes"
STATUSES = ("DRAFT", "SENT", "DECLINED", "ACCEPTED", "INVOICED", "DELETED")
# Only what a customer has seen can be declined, and what was accepted is no longer.
_REFUSED = frozenset({("DRAFT", "DECLINED"), ("ACCEPTED", "DECLINED")})
_TEXTS = {"Reference": 4000, "Terms": 4000, "Title": 100, "Summary": 3000}
_SHOWN_EMPTY = ("Terms",)


def save_quote(desk: Desk, element: Fields, verb: str) -> Record:
    """Create (PUT), or create or update by id or number (POST). Raises InvalidError."""
    known = _find(desk, element) if verb == "POST" else None
    problems = element.problems
    status = element.choice("Status", STATUSES) or (known.status if known else "DRAFT")
    contact = contact_for_document(desk, element.inner("Contact"), problems)
    body = _read(desk, element, known.body if known else {}, status)
    _check(desk, element, body, known, status)
    problems.stop(lambda: _echo(body, known))
    body["QuoteNumber"] = body.get("QuoteNumber") or _next_number(desk)
    return documents.store_unbooked(desk, ENTITY, body, "QuoteNumber", contact, known)


def _find(desk: Desk, element: Fields) -> Record | None:
    id, number = element.identifier("QuoteID"), element.stripped("QuoteNumber")
    if id:
        found = desk.get(ENTITY, id)
        if found is None:
            raise InvalidError(messages.QUOTE_MISSING)
        return found
    return next(iter(_with_number(desk, number)), None) if number else None


def _with_number(desk: Desk, number: str) -> list[Record]:
    return [record for record in desk.numbered(ENTITY, number) if record.active]


def _read(desk: Desk, element: Fields, old: Body, status: str) -> Body:
    kept = {name: old[name] for name in ("QuoteNumber", "BrandingThemeID", "CurrencyCode", "CurrencyRate", *_LINES)
            if name in old}  # fmt: skip
    body = documents.read_header(desk, element, kept, element.problems)
    body.setdefault("BrandingThemeID", THEME_ID)
    body["Status"] = status
    if (expiry := element.day("ExpiryDate")) is not None:
        body["ExpiryDate"] = expiry.isoformat()
    for name, limit in {"QuoteNumber": 255, **_TEXTS}.items():
        if text := element.stripped(name, limit=limit):
            body[name] = text
    return body | _lines(desk, element, body)


_LINES = ("LineItems", "SubTotal", "TotalTax", "Total")


def _lines(desk: Desk, element: Fields, old: Body) -> Body:
    if "LineItems" not in element:
        return {name: old.get(name, ZERO if name != "LineItems" else []) for name in _LINES}
    types = old["LineAmountTypes"]
    reader = LineReader(desk, sells=True, discounts=True, approved=False, amount_types=types)
    known_ids = {line["LineItemID"] for line in old.get("LineItems", [])}
    lines = [_line(reader, line, known_ids) for line in element.each("LineItems")]
    added = totals(((line.get("LineAmount", ZERO), line.get("TaxAmount", ZERO)) for line in lines), types)
    return {"LineItems": lines, "SubTotal": added.subtotal, "TotalTax": added.tax, "Total": added.total}


def _line(reader: LineReader, line: Fields, known_ids: set[str]) -> Body:
    body = reader.read(line, known_ids)
    if "TaxAmount" in body and not line.stripped("TaxType"):
        return {name: value for name, value in body.items() if name != "TaxType"} | {"TaxAmount": ZERO}
    return body


def _check(desk: Desk, element: Fields, body: Body, known: Record | None, status: str) -> None:
    problems, number = element.problems, body.get("QuoteNumber")
    if "Date" not in element:
        problems.add(messages.QUOTE_DATE_REQUIRED)
    if not body["LineItems"]:
        problems.add(messages.LINES_REQUIRED)
    documents.check_totals(element, body, problems)
    if known is not None and (known.status == "DELETED" or (known.status, status) in _REFUSED):
        raise InvalidError(messages.quote_status(known.status, status), echo=_echo(body, known))
    others = _with_number(desk, number) if number else []
    if any(known is None or found.id != known.id for found in others):
        problems.add(messages.QUOTE_NUMBER_TAKEN)


def _next_number(desk: Desk) -> str:
    while True:
        number = f"QU-{desk.store.next_id(desk.company, 'quote number'):04}"
        if not desk.numbered(ENTITY, number):
            return number


def wire_quote(desk: Desk, record: Record, *, fresh: bool = False) -> Body:
    """A quote; by itself (`fresh`) it shows some fields it has nothing in, in a list discounts of nothing."""
    body, contact = record.body, desk.get("Contact", record.party)
    shown: Body = {"QuoteID": record.id, "QuoteNumber": body["QuoteNumber"]}
    shown |= {name: body[name] for name in _TEXTS if name in body}
    if contact is not None:
        names = ("FirstName", "LastName")
        told = {name: contact.body[name] for name in names if contact.body.get(name)}
        email = contact.body.get("EmailAddress", "")
        shown["Contact"] = {"ContactID": contact.id, "Name": contact.body["Name"], "EmailAddress": email, **told}
    shown |= _amounts(body, fresh=fresh)
    return shown | {"UpdatedDateUTC": wire_moment(read_moment(record.updated_at), offset=False)}


def _amounts(body: Body, *, fresh: bool) -> Body:
    shown: Body = {name: "" for name in _SHOWN_EMPTY if fresh and name not in body}
    for name in ("Date", "ExpiryDate"):
        if body.get(name):
            day = date.fromisoformat(body[name])
            moment = EPOCH.replace(year=day.year, month=day.month, day=day.day)
            shown |= {name: wire_moment(moment, offset=False), f"{name}String": day_string(day)}
    empty = {"ItemCode": ""} if fresh else {"DiscountAmount": ZERO}
    off = documents.discount(body)
    return shown | {
        "LineItems": [_wire_line(line, empty) for line in body["LineItems"]],
        "Status": body["Status"],
        "CurrencyRate": body["CurrencyRate"],
        "CurrencyCode": body["CurrencyCode"],
        "SubTotal": body["SubTotal"],
        "TotalTax": body["TotalTax"],
        "Total": body["Total"],
        **({"TotalDiscount": off} if off or not fresh else {}),
        "BrandingThemeID": body["BrandingThemeID"],
        "LineAmountTypes": body["LineAmountTypes"].upper(),
    }


def _wire_line(line: Body, empty: Body) -> Body:
    shown = {name: value for name, value in line.items() if name != "AccountID"}
    return {**empty, **shown} if "LineAmount" in line else shown


def _echo(body: Body, known: Record | None) -> Body:
    texts = {name: body[name] for name in ("QuoteNumber", *_TEXTS) if name in body}
    return {"QuoteID": known.id if known else EMPTY_ID, **texts, **_amounts(body, fresh=True)}
