"""Sales invoices (ACCREC) and bills (ACCPAY)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import documents, messages, stock
from sandbox.xero.amounts import ZERO
from sandbox.xero.branding import THEME_ID
from sandbox.xero.contacts import BARE_CONTACT, contact_for_document, mark_role, wire_contact_of_document, wire_stub
from sandbox.xero.dates import day_string, wire_day
from sandbox.xero.desk import EMPTY_ID, Desk, to_cents
from sandbox.xero.documents import KINDS, Kind
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields, Problems, is_web_address
from sandbox.xero.statuses import INVOICE_BIRTHS, INVOICE_MOVES, may_become

ENTITY = "Invoice"
TYPES = ("ACCREC", "ACCPAY")
_TYPES_READ = (*KINDS, "APOVERPAYMENT", "APPREPAYMENT", "AROVERPAYMENT", "ARPREPAYMENT")
# What may still change on a document that has a payment or a credit; which items its lines name has no figures.
_SOFT = (
    "Reference",
    "DueDate",
    "InvoiceNumber",
    "BrandingThemeID",
    "Url",
    "PlannedPaymentDate",
    "ExpectedPaymentDate",
    "ItemIDs",
)
_ECHOED = ("Status", "LineAmountTypes", "LineItems", "SubTotal", "TotalTax", "Total", "CurrencyCode")
_FIGURES = ("Quantity", "UnitAmount", "LineAmount", "TaxType", "TaxAmount")


def save_invoice(desk: Desk, element: Fields, verb: str) -> Record:
    """Create (PUT), or create or update by id or sales number (POST). Raises InvalidError."""
    # Read for every verb: a word or an id of the wrong form is refused even where it decides nothing.
    given, _ = element.choice("Type", _TYPES_READ), element.identifier("InvoiceID")
    known = find_invoice(desk, element) if verb == "POST" else None
    problems = element.problems
    if known is not None:
        return _change(desk, element, known, problems)
    kind = _kind(given, problems)
    status = element.choice("Status", documents.STATUSES) or "DRAFT"
    # In the order the vendor names what is wrong.
    body = _read(desk, element, {}, kind, status, problems)
    if status not in INVOICE_BIRTHS:
        problems.add(messages.INVOICE_STATUS_FOR_CREATION)
    contact = contact_for_document(desk, element.inner("Contact"), problems)
    _check_number(desk, body, kind, None, problems)
    problems.stop(lambda: _echo(element, body, None, kind, contact))
    if not body.get("InvoiceNumber") and kind.sells:
        body["InvoiceNumber"] = _next_number(desk)
    return _store(desk, body, kind, contact, None)


def find_invoice(desk: Desk, element: Fields) -> Record | None:
    """The invoice an element means: by id, else by sales number."""
    id = element.identifier("InvoiceID")
    if id:
        found = desk.get(ENTITY, id)
        if found is None:
            raise InvalidError(messages.INVOICE_NOT_FOUND)
        return found
    number = element.stripped("InvoiceNumber")
    if number and element.stripped("Type") != "ACCPAY":
        return next(iter(_with_number(desk, number)), None)
    return None


def _kind(given: str | None, problems: Problems) -> Kind:
    if given not in TYPES:
        problems.add(messages.TYPE_REQUIRED)
    return KINDS[given if given in TYPES else "ACCREC"]


def _change(desk: Desk, element: Fields, known: Record, problems: Problems) -> Record:
    kind = KINDS[known.body["Type"]]
    status = element.choice("Status", documents.STATUSES) or known.status
    contact = known_contact(desk, known)
    if status in ("VOIDED", "DELETED"):
        # Taking a document back changes nothing else about it, whatever else is sent.
        body = {**known.body, "Status": status}
    else:
        body = _read(desk, element, known.body, kind, status, problems)
        if "Contact" in element and may_become(INVOICE_MOVES, known.status, status):
            contact = contact_for_document(desk, element.inner("Contact"), problems) or contact
    _check_move(element, body, known, status)
    documents.check_old_date(desk, known, problems)
    _check_number(desk, body, kind, known, problems)
    problems.stop(lambda: _echo(element, body, known, kind, contact))
    return _store(desk, body, kind, contact, known)


def _check_move(element: Fields, body: Body, known: Record, status: str) -> None:
    if not may_become(INVOICE_MOVES, known.status, status):
        if _is_settled(known.body) and known.status in ("AUTHORISED", "PAID"):
            raise InvalidError(messages.status_frozen(status), echo=_echo(element, body, known))
        raise InvalidError(messages.INVOICE_STATUS_FOR_MODIFICATION, echo=_echo(element, body, known))
    if not _is_settled(known.body):
        return
    if status == "VOIDED":
        raise InvalidError(messages.status_frozen(status), echo=_echo(element, body, known))
    if body["Date"] != known.body["Date"]:
        raise InvalidError(messages.DATE_FROZEN_BY_PAYMENT, echo=_echo(element, body, known))
    if not _is_soft(body, known.body):
        raise InvalidError(messages.FROZEN_BY_PAYMENT, echo=_echo(element, body, known))


def _is_settled(body: Body) -> bool:
    return bool(body["AmountPaid"] or body["AmountCredited"])


def _is_soft(new: Body, old: Body) -> bool:
    if len(new["LineItems"]) != len(old["LineItems"]):
        return False
    same_figures = all(
        one.get(name) == other.get(name)
        for one, other in zip(new["LineItems"], old["LineItems"], strict=True)
        for name in _FIGURES
    )
    names = set(new) | set(old)
    header = {name for name in names if name not in (*_SOFT, "LineItems", "Status")}
    return same_figures and all(new.get(name) == old.get(name) for name in header)


def _read(desk: Desk, element: Fields, old: Body, kind: Kind, status: str, problems: Problems) -> Body:
    body = documents.read_header(desk, element, old, problems)
    body |= {"Type": kind.type, "Status": status}
    if kind.sells:
        body.setdefault("BrandingThemeID", THEME_ID)
    for name, limit in (("InvoiceNumber", 255), ("Reference", 255), ("Url", 2048)):
        text = element.stripped(name, limit=limit)
        if text is not None:
            body[name] = text
    _check_url(body, problems)
    approved = status in ("AUTHORISED", "SUBMITTED")
    body |= {"LineItems": [], "SubTotal": ZERO, "TotalTax": ZERO, "Total": ZERO}
    body |= documents.read_lines(desk, element, old, kind, body, approved=approved)
    body.setdefault("AmountPaid", ZERO)
    body.setdefault("AmountCredited", ZERO)
    if not body["LineItems"]:
        problems.add(messages.LINES_REQUIRED)
    _read_sent(element, body, status, problems)
    if approved and not body.get("DueDate"):
        problems.add(messages.DUE_DATE_REQUIRED)
    if approved and body["LineItems"] and not documents.has_figures(body):
        problems.add(messages.LINES_REQUIRED)
    if approved and kind.sells:
        stock.check(desk, body, old, problems)
    documents.check_totals(element, body, problems)
    documents.check_locks(desk, date.fromisoformat(body["Date"]), problems)
    if status == "AUTHORISED" and old.get("Status") != "AUTHORISED":
        _check_plan(desk, body, kind, problems)
    return body


def _read_sent(element: Fields, body: Body, status: str, problems: Problems) -> None:
    sent = element.boolean("SentToContact")
    if sent and status not in ("AUTHORISED", "PAID"):
        problems.warn(messages.SENT_TO_CONTACT_IGNORED)
    elif sent is not None:
        body["SentToContact"] = sent


def _check_url(body: Body, problems: Problems) -> None:
    if not body.get("Url"):
        return
    if not is_web_address(body["Url"]) or "xero" in body["Url"].lower():
        problems.add(messages.URL_INVALID)


def _check_plan(desk: Desk, body: Body, kind: Kind, problems: Problems) -> None:
    """Small plans approve a handful of documents a month, counted by the document's own date."""
    limit = desk.organisation.sales_limit if kind.sells else desk.organisation.bill_limit
    action = "CreateApprovedInvoice" if kind.sells else "CreateApprovedBill"
    if action in desk.organisation.denied_actions:
        problems.add(messages.APPROVAL_LIMIT)
    if limit is None:
        return
    month = body["Date"][:7]
    count = desk.store.count(
        "company=? AND entity=? AND side=? AND txn_date BETWEEN ? AND ? AND status IN ('AUTHORISED','PAID')",
        (desk.company, ENTITY, kind.side, f"{month}-01", f"{month}-31"),
    )
    if count >= limit:
        problems.add(messages.APPROVAL_LIMIT)


def _with_number(desk: Desk, number: str) -> list[Record]:
    same = desk.numbered(ENTITY, number)
    return [record for record in same if record.body["Type"] == "ACCREC" and record.status != "DELETED"]


def _check_number(desk: Desk, body: Body, kind: Kind, known: Record | None, problems: Problems) -> None:
    number = body.get("InvoiceNumber")
    if not number or not kind.sells:
        return
    if any(known is None or record.id != known.id for record in _with_number(desk, number)):
        problems.add(messages.INVOICE_NUMBER_TAKEN)


def _next_number(desk: Desk) -> str:
    while True:
        number = f"INV-{desk.store.next_id(desk.company, 'invoice number'):04}"
        if not _with_number(desk, number):
            return number


def known_contact(desk: Desk, record: Record) -> Record | None:
    return desk.get("Contact", record.party)


def _store(desk: Desk, body: Body, kind: Kind, contact: Record | None, known: Record | None) -> Record:
    if body["Status"] == "AUTHORISED" and body["Total"] == 0:
        # Nothing is owed, so approving it pays it.
        body |= {"Status": "PAID", "FullyPaidOnDate": body["Date"]}
    stock.move(desk, body, known, sells=kind.sells, owed=kind.owed)
    record = _saved(desk, body, kind, contact, known)
    if known is not None and known.status in ("AUTHORISED", "PAID"):
        desk.books.unpost(desk.company, ENTITY, known.id)
    if record.status in ("AUTHORISED", "PAID"):
        documents.book(desk, record, kind)
        if contact is not None:
            mark_role(desk, contact, kind.role)
    return record


def _saved(desk: Desk, body: Body, kind: Kind, contact: Record | None, known: Record | None) -> Record:
    columns = {
        "number": body.get("InvoiceNumber") or None,
        "party": contact.id if contact else None,
        "txn_date": body["Date"],
        "total_cents": to_cents(body["Total"]),
        "balance_cents": balance(body, kind),
        "side": kind.side,
        "status": body["Status"],
        "active": body["Status"] not in ("VOIDED", "DELETED"),
    }
    if known is None:
        if desk.client_id:
            body["MadeBy"] = desk.client_id
        return desk.insert(ENTITY, body, **columns)
    return desk.update(replace(known, body=body, **columns))


def amount_due(body: Body) -> Decimal:
    if body["Status"] in ("VOIDED", "DELETED"):
        return ZERO
    return Decimal(body["Total"] - body["AmountPaid"] - body["AmountCredited"])


def balance(body: Body, kind: Kind) -> int:
    """Cents of the base currency still open in the books."""
    if body["Status"] != "AUTHORISED":
        return 0
    return kind.owed * documents.in_base(amount_due(body), body["CurrencyRate"])


def settle(desk: Desk, record: Record, *, paid: Decimal = ZERO, credited: Decimal = ZERO, day: str) -> Record:
    """Add to what is paid or credited (negative takes it back); the status follows."""
    body = dict(record.body)
    body["AmountPaid"] += paid
    body["AmountCredited"] += credited
    due = body["Total"] - body["AmountPaid"] - body["AmountCredited"]
    body["Status"] = "PAID" if due == 0 else "AUTHORISED"
    body.pop("FullyPaidOnDate", None)
    if due == 0:
        body["FullyPaidOnDate"] = day
    kind = KINDS[body["Type"]]
    return desk.update(replace(record, body=body, status=body["Status"], balance_cents=balance(body, kind)))


def wire_invoice(desk: Desk, record: Record, *, detail: bool = True, fresh: bool = False) -> Body:
    """An invoice; `detail` shows lines, `fresh` is the answer of the write that made it."""
    body = record.body
    contact = known_contact(desk, record)
    shown: Body = {"Type": body["Type"], "InvoiceID": record.id, "InvoiceNumber": body.get("InvoiceNumber", "")}
    for name in ("Reference", "Url"):
        if name in body or (name == "Reference" and not fresh):
            shown[name] = body.get(name, "")
    shown |= {
        **_wire_settled(desk, body, fresh=fresh),
        "CurrencyRate": body["CurrencyRate"],
        **wire_discount(body),
        "HasErrors": False,
        "InvoicePaymentServices": [],
    }
    if body["Type"] == "ACCREC" or "SentToContact" in body:
        shown["SentToContact"] = body.get("SentToContact", False)
    if not fresh:
        shown |= {"HasAttachments": body.get("HasAttachments", False), "InvoiceAddresses": []}
    if contact is not None:
        shown["Contact"] = wire_contact_of_document(desk, contact) if fresh else wire_stub(contact)
    shown |= documents.wire_dates(body)
    if "BrandingThemeID" in body:
        shown["BrandingThemeID"] = body["BrandingThemeID"]
    return shown | {
        "Status": body["Status"],
        "LineAmountTypes": body["LineAmountTypes"],
        "LineItems": documents.wire_lines(desk, body, fresh=fresh) if detail else [],
        "SubTotal": body["SubTotal"],
        "TotalTax": body["TotalTax"],
        "Total": body["Total"],
        **documents.wire_updated(record),
        "CurrencyCode": body["CurrencyCode"],
    }


def wire_of_payment(desk: Desk, record: Record) -> Body:
    """An invoice as its payment shows it: in full, but for the contact."""
    shown, contact = wire_invoice(desk, record, fresh=True), known_contact(desk, record)
    return shown | ({"Contact": wire_stub(contact)} if contact is not None else {})


def _wire_settled(desk: Desk, body: Body, *, fresh: bool) -> Body:
    """What was paid and credited. A document by itself leaves out what it has none of; in a list nothing is missing."""
    payments = [wire_payment_of(desk, id) for id in body.get("PaymentIDs", [])]
    credits_ = _wire_credits(body.get("Credits", []), fresh=fresh)
    shown: Body = {"Payments": payments} if payments or not fresh else {}
    shown |= {name: rows for name, rows in credits_.items() if rows or not fresh or name != "CreditNotes"}
    # The answer to voiding still names the sum that was open.
    due = body["Total"] - body["AmountPaid"] - body["AmountCredited"] if fresh else amount_due(body)
    shown |= {"AmountDue": due, "AmountPaid": body["AmountPaid"]}
    return shown | ({"AmountCredited": body["AmountCredited"]} if body["AmountCredited"] or not fresh else {})


def wire_discount(body: Body) -> Body:
    for line in body["LineItems"]:
        if "DiscountRate" in line or "DiscountAmount" in line:
            return {"IsDiscounted": True, "TotalDiscount": documents.discount(body)}
    return {"IsDiscounted": False}


def wire_payment_of(desk: Desk, id: str) -> Body:
    """A payment as the document it settles shows it, made once per request."""
    known = desk.shown_payments.get(id)
    if known is None:
        known = desk.shown_payments[id] = _wire_payment(desk, id)
    return known


def _wire_payment(desk: Desk, id: str) -> Body:
    payment = desk.get("Payment", id)
    if payment is None:
        return {"PaymentID": id}
    return {
        "PaymentID": id,
        **({"BatchPaymentID": payment.body["BatchPaymentID"]} if "BatchPaymentID" in payment.body else {}),
        "Date": wire_day(date.fromisoformat(payment.body["Date"])),
        "Amount": payment.body["Amount"],
        "Reference": payment.body.get("Reference", ""),
        "CurrencyRate": payment.body["CurrencyRate"],
        "HasAccount": False,
        "HasValidationErrors": False,
    }


def _wire_credits(entries: list[Body], *, fresh: bool) -> Body:
    shown: Body = {"CreditNotes": [], "Prepayments": [], "Overpayments": []}
    for entry in entries:
        entity, day = entry["Entity"], date.fromisoformat(entry["Date"])
        row: Body = {f"{entity}ID": entry["ID"], "AppliedAmount": entry["Amount"]}
        if entity == "CreditNote":
            row |= {"CreditNoteNumber": entry["Number"], "ID": entry["ID"], "HasErrors": False, "InvoiceAddresses": []}
            row |= {"DateString": day_string(day), "LineItems": [], "Total": entry.get("Total", entry["Amount"])}
            row |= {"CurrencyRate": entry.get("CurrencyRate", Decimal(1))} if fresh else {}
        shown[f"{entity}s"].append(row | {"Date": wire_day(day)})
    return shown


def _echo(
    element: Fields, body: Body, known: Record | None, kind: Kind | None = None, contact: Record | None = None
) -> Body:
    """A refused invoice as the answer repeats it: texts as sent, totals as computed, status as asked for."""
    texts: Body = {name: element.raw(name) for name in ("InvoiceNumber", "Reference", "Url") if name in element}
    shown: Body = {
        "Type": kind.type if kind else body.get("Type", ""),
        "InvoiceID": known.id if known else EMPTY_ID,
        **texts,
        "Payments": [],
        "CreditNotes": [],
        "Prepayments": [],
        "Overpayments": [],
        "IsDiscounted": False,
        "InvoiceAddresses": [],
        "HasErrors": True,
        "InvoicePaymentServices": [],
    }
    party = contact.id if contact else known.party if known else None
    sent = element.inner("Contact")
    if sent is not None and party:
        name = {"Name": sent.raw("Name")} if "Name" in sent else {}
        shown["Contact"] = {"ContactID": party, **name, **BARE_CONTACT, "ValidationErrors": []}
    return shown | {
        **documents.wire_dates(body),
        **{name: body[name] for name in _ECHOED if name in body},
    }
