"""Credit notes, and setting them off against invoices or bills of the same contact."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import credit, documents, invoices, messages, stock
from sandbox.xero.amounts import ZERO
from sandbox.xero.branding import THEME_ID
from sandbox.xero.contacts import contact_for_document, wire_contact_of_money, wire_stub
from sandbox.xero.desk import EMPTY_ID, Desk, to_cents
from sandbox.xero.documents import KINDS, Kind
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields, Problems
from sandbox.xero.statuses import INVOICE_BIRTHS, INVOICE_MOVES, may_become

ENTITY = "CreditNote"
TYPES = ("ACCRECCREDIT", "ACCPAYCREDIT")


def save_credit_note(desk: Desk, element: Fields, verb: str) -> Record:
    """Create (PUT), or create or update by id or sales number (POST). Raises InvalidError."""
    known = _find(desk, element) if verb == "POST" else None
    problems = element.problems
    kind = KINDS[known.body["Type"]] if known else _kind(element, problems)
    status = element.choice("Status", documents.STATUSES) or (known.status if known else "DRAFT")
    contact = _contact(desk, element, known, problems)
    body = _read(desk, element, known, kind, status, problems)

    def echo() -> Body:
        return _echo(body, known, kind, contact)

    _check_status(known, status, echo, problems)
    documents.check_old_date(desk, known, problems)
    _check_number(desk, body, kind, known, problems)
    problems.stop(echo)
    if not body.get("CreditNoteNumber") and kind.sells:
        body["CreditNoteNumber"] = _next_number(desk)
    return _store(desk, body, kind, contact, known)


def _find(desk: Desk, element: Fields) -> Record | None:
    id = element.identifier("CreditNoteID")
    if id:
        found = desk.get(ENTITY, id)
        if found is None:
            raise InvalidError(messages.CREDIT_NOTE_MISSING)
        return found
    number = element.stripped("CreditNoteNumber")
    return next(iter(_with_number(desk, number)), None) if number else None


def _kind(element: Fields, problems: Problems) -> Kind:
    given = element.choice("Type", tuple(KINDS))
    if given not in TYPES:
        problems.add(messages.CREDIT_NOTE_TYPE_REQUIRED)
        return KINDS["ACCRECCREDIT"]
    return KINDS[given]


def _contact(desk: Desk, element: Fields, known: Record | None, problems: Problems) -> Record | None:
    if known is not None and "Contact" not in element:
        return desk.get("Contact", known.party)
    return contact_for_document(desk, element.inner("Contact"), problems)


def _read(desk: Desk, element: Fields, known: Record | None, kind: Kind, status: str, problems: Problems) -> Body:
    old = known.body if known else {}
    if known is not None and status in ("VOIDED", "DELETED"):
        return {**old, "Status": status}
    body = documents.read_header(desk, element, old, problems)
    body |= {"Type": kind.type, "Status": status}
    if kind.sells:
        body.setdefault("BrandingThemeID", THEME_ID)
    for name in ("CreditNoteNumber", "Reference"):
        text = element.stripped(name, limit=255)
        if text is not None:
            body[name] = text
    body |= {"LineItems": [], "SubTotal": ZERO, "TotalTax": ZERO, "Total": ZERO}
    approved = status in ("AUTHORISED", "SUBMITTED")
    body |= documents.read_lines(desk, element, old, kind, body, approved=approved)
    if not body["LineItems"]:
        problems.add(messages.LINES_REQUIRED)
    for name in ("Used", "Refunded"):
        body.setdefault(name, ZERO)
    documents.check_totals(element, body, problems)
    documents.check_locks(desk, date.fromisoformat(body["Date"]), problems)
    return body


def _check_status(known: Record | None, status: str, echo: Callable[[], Body], problems: Problems) -> None:
    if known is None:
        if status not in INVOICE_BIRTHS:
            problems.add(messages.DOCUMENT_STATUS_FOR_CREATION)
        return
    if not may_become(INVOICE_MOVES, known.status, status) or known.status == "PAID":
        raise InvalidError(messages.DOCUMENT_STATUS_FOR_MODIFICATION, echo=echo())
    if known.body["Used"] or known.body["Refunded"]:
        raise InvalidError(messages.FROZEN_BY_PAYMENT, echo=echo())


def _with_number(desk: Desk, number: str) -> list[Record]:
    same = desk.numbered(ENTITY, number)
    return [record for record in same if record.body["Type"] == "ACCRECCREDIT" and record.status != "DELETED"]


def _check_number(desk: Desk, body: Body, kind: Kind, known: Record | None, problems: Problems) -> None:
    number = body.get("CreditNoteNumber")
    if not number or not kind.sells:
        return
    if any(known is None or record.id != known.id for record in _with_number(desk, number)):
        problems.add(messages.CREDIT_NOTE_NUMBER_TAKEN)


def _next_number(desk: Desk) -> str:
    while True:
        number = f"CN-{desk.store.next_id(desk.company, 'credit note number'):04}"
        if not _with_number(desk, number):
            return number


def _store(desk: Desk, body: Body, kind: Kind, contact: Record | None, known: Record | None) -> Record:
    columns = {
        "number": body.get("CreditNoteNumber") or None,
        "party": contact.id if contact else None,
        "txn_date": body["Date"],
        "total_cents": to_cents(body["Total"]),
        "balance_cents": credit.balance(body, kind),
        "side": kind.side,
        "status": body["Status"],
        "active": body["Status"] not in ("VOIDED", "DELETED"),
    }
    stock.move(desk, body, known, sells=kind.sells, owed=kind.owed)
    if known is None:
        record = desk.insert(ENTITY, body, **columns)
    else:
        if known.status == "AUTHORISED":
            desk.books.unpost(desk.company, ENTITY, known.id)
        record = desk.update(replace(known, body=body, **columns))
    if record.status == "AUTHORISED":
        documents.book(desk, record, kind)
    return record


def wire_credit_note(desk: Desk, record: Record, *, detail: bool = True, fresh: bool = False) -> Body:
    body = record.body
    contact = desk.get("Contact", record.party)
    shown: Body = {
        "CreditNoteID": record.id,
        "CreditNoteNumber": body.get("CreditNoteNumber", ""),
        "Payments": [invoices.wire_payment_of(desk, id) for id in body.get("PaymentIDs", [])],
        "ID": record.id,
        "HasErrors": False,
        "CurrencyRate": body["CurrencyRate"],
        "Type": body["Type"],
        "Reference": body.get("Reference", ""),
        "RemainingCredit": credit.remaining(body),
        "Allocations": [credit.wire_allocation(entry) for entry in body.get("Allocations", [])],
        "InvoiceAddresses": [],
        **({} if fresh else {"HasAttachments": body.get("HasAttachments", False)}),
        **{name: body[name] for name in ("SentToContact", "BrandingThemeID") if body.get(name)},
    }
    if contact is not None:
        shown["Contact"] = wire_contact_of_money(desk, contact) if fresh else wire_stub(contact)
    return shown | {
        **documents.wire_dates(body),
        "Status": body["Status"],
        "LineAmountTypes": body["LineAmountTypes"],
        "LineItems": documents.wire_lines(desk, body, fresh=fresh) if detail else [],
        "SubTotal": body["SubTotal"],
        "TotalTax": body["TotalTax"],
        "Total": body["Total"],
        **documents.wire_updated(record),
        "CurrencyCode": body["CurrencyCode"],
    }


def _echo(body: Body, known: Record | None, kind: Kind, contact: Record | None) -> Body:
    names = ("CreditNoteNumber", "Reference", "Status", "LineAmountTypes", "LineItems")
    amounts = ("SubTotal", "TotalTax", "Total", "CurrencyCode")
    return {
        "CreditNoteID": known.id if known else EMPTY_ID,
        "ID": known.id if known else EMPTY_ID,
        "Type": kind.type,
        "HasErrors": True,
        **({"Contact": wire_stub(contact)} if contact else {}),
        **documents.wire_dates(body),
        **{name: body[name] for name in (*names, *amounts) if name in body},
    }
