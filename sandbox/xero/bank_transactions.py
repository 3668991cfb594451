"""Money spent and received without a bill or an invoice, and money paid too much or too early."""

from dataclasses import replace
from datetime import date

from sandbox.books import Line
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import credit, documents, invoices, messages, stock
from sandbox.xero.accounts import ENTITY as ACCOUNT
from sandbox.xero.accounts import account_by_code, system_account
from sandbox.xero.amounts import ZERO
from sandbox.xero.contacts import contact_for_document, mark_role, wire_contact_of_money, wire_stub
from sandbox.xero.dates import day_string, wire_day
from sandbox.xero.desk import EMPTY_ID, Desk, to_cents
from sandbox.xero.documents import KINDS, in_base
from sandbox.xero.errors import InvalidError, UnsupportedError
from sandbox.xero.fields import Fields, Problems
from sandbox.xero.lines import LineReader
from sandbox.xero.taxes import NO_TAX, totals

ENTITY = "BankTransaction"
PLAIN = ("RECEIVE", "SPEND")
TYPES = (*PLAIN, *(type for type in KINDS if type.startswith(PLAIN)))
STATUSES = ("AUTHORISED", "DELETED", "VOIDED")


def save_bank_transaction(desk: Desk, element: Fields, verb: str) -> Record:
    """Create (PUT), or create, change or delete by id (POST). Raises InvalidError."""
    known = _find(desk, element) if verb == "POST" else None
    problems = element.problems
    status = element.choice("Status", STATUSES) or "AUTHORISED"
    if known is not None:
        _check_change(desk, known, status)
        documents.check_old_date(desk, known, problems)
        problems.stop(lambda: _echo(desk, known.body, known))
    if known is not None and status != "AUTHORISED":
        return _delete(desk, known)
    body = _read(desk, element, known.body if known else {}, problems)
    contact = _contact(desk, element, known, problems)
    problems.stop(lambda: _echo(desk, body, known))
    return _store(desk, body, contact, known)


def _find(desk: Desk, element: Fields) -> Record | None:
    id = element.identifier("BankTransactionID")
    found = desk.get(ENTITY, id)
    if id and found is None:
        raise InvalidError(messages.BANK_TRANSACTION_MISSING)
    return found


def _check_change(desk: Desk, known: Record, status: str) -> None:
    echo = _echo(desk, known.body, known)
    if known.status != "AUTHORISED":
        raise InvalidError(messages.DOCUMENT_STATUS_FOR_MODIFICATION, echo=echo)
    if known.body["IsReconciled"]:
        raise InvalidError(messages.BANK_TRANSACTION_RECONCILED, echo=echo)
    if known.body["Type"] in PLAIN:
        return
    if known.body["Type"] not in KINDS:
        raise InvalidError(messages.BANK_TRANSACTION_TRANSFER, echo=echo)
    if status == "AUTHORISED":
        raise InvalidError(messages.DOCUMENT_STATUS_FOR_MODIFICATION, echo=echo)
    money = _credit_of(desk, known)
    if money.body["Used"] or money.body["Refunded"]:
        raise InvalidError(messages.FROZEN_BY_PAYMENT, echo=echo)


def _read(desk: Desk, element: Fields, old: Body, problems: Problems) -> Body:
    body = documents.read_header(desk, element, old, problems)
    body["Type"] = _type(element, old)
    if not body["Type"]:
        problems.add(messages.BANK_TRANSACTION_TYPE)
    overpaid = body["Type"].endswith("-OVERPAYMENT")
    if overpaid:
        body["LineAmountTypes"] = NO_TAX
    body |= {"Status": "AUTHORISED", "Reference": element.stripped("Reference", limit=255) or old.get("Reference", "")}
    body["IsReconciled"] = element.boolean("IsReconciled") or False
    body |= _lines(desk, element, old, body, overpaid=overpaid)
    if not body["LineItems"]:
        problems.add(messages.LINES_REQUIRED)
    documents.check_totals(element, body, problems)
    documents.check_locks(desk, date.fromisoformat(body["Date"]), problems)
    bank = _bank(desk, element, old, problems)
    return body | ({"BankAccountID": bank.id} if bank else {})


def _type(element: Fields, old: Body) -> str:
    """Plain money may turn from spent to received and back; what can be set off later stays what it is."""
    given = element.choice("Type", TYPES) or ""
    kept = str(old.get("Type", given))
    return given if given in PLAIN and kept in PLAIN else kept


def _lines(desk: Desk, element: Fields, old: Body, body: Body, *, overpaid: bool) -> Body:
    if "LineItems" not in element:
        return {name: old.get(name, ZERO) for name in ("SubTotal", "TotalTax", "Total")} | {
            "LineItems": old.get("LineItems", [])
        }
    reader = LineReader(
        desk,
        sells=body["Type"].startswith("RECEIVE"),
        discounts=False,
        # What is overpaid lies on the control account, whatever the line says.
        approved=not overpaid,
        any_account=overpaid,
        amount_types=body["LineAmountTypes"],
    )
    known_ids = {line["LineItemID"] for line in old.get("LineItems", [])}
    lines = [reader.read(line, known_ids) for line in element.each("LineItems")]
    added = totals(((line.get("LineAmount", ZERO), line.get("TaxAmount", ZERO)) for line in lines), reader.amount_types)
    figures = {"LineItems": lines, "SubTotal": added.subtotal, "TotalTax": added.tax, "Total": added.total}
    return figures | documents.beside_lines(desk, old, reader)


def _bank(desk: Desk, element: Fields, old: Body, problems: Problems) -> Record | None:
    inner = element.inner("BankAccount")
    if inner is None:
        found = desk.get(ACCOUNT, old.get("BankAccountID"))
    else:
        id, code = inner.identifier("AccountID"), inner.stripped("Code")
        found = desk.get(ACCOUNT, id) if id else account_by_code(desk, code) if code else None
    if found is None or not found.active or found.body["Type"] != "BANK":
        problems.add(messages.BANK_ACCOUNT_INVALID)
    return found


def _contact(desk: Desk, element: Fields, known: Record | None, problems: Problems) -> Record | None:
    if known is not None and "Contact" not in element:
        return desk.get("Contact", known.party)
    return contact_for_document(desk, element.inner("Contact"), problems)


def _store(desk: Desk, body: Body, contact: Record | None, known: Record | None) -> Record:
    columns = {
        "party": contact.id if contact else None,
        "txn_date": body["Date"],
        "total_cents": to_cents(body["Total"]),
        "status": body["Status"],
    }
    if body["Type"] in PLAIN:
        stock.move(desk, body, known, sells=body["Type"] == "RECEIVE", owed=1)
    if known is None:
        record = desk.insert(ENTITY, body, **columns)
    else:
        desk.books.unpost(desk.company, ENTITY, known.id)
        record = desk.update(replace(known, body=body, **columns))
    if body["Type"] not in PLAIN:
        record = _open_credit(desk, record)
    _book(desk, record)
    if contact is not None:
        mark_role(desk, contact, "IsCustomer" if body["Type"].startswith("RECEIVE") else "IsSupplier")
    return record


def _open_credit(desk: Desk, record: Record) -> Record:
    """The prepayment or overpayment that can be set off later."""
    kind = KINDS[record.body["Type"]]
    kept = ("Type", "Date", "LineAmountTypes", "LineItems", "SubTotal", "TotalTax", "Total", "Reference")
    body = {name: record.body[name] for name in (*kept, "CurrencyCode", "CurrencyRate")}
    body |= {"Status": "AUTHORISED", "Used": ZERO, "Refunded": ZERO, "BankTransactionID": record.id}
    made = desk.insert(
        kind.entity,
        body,
        party=record.party,
        txn_date=body["Date"],
        total_cents=to_cents(body["Total"]),
        balance_cents=credit.balance(body, kind),
        side=kind.side,
        status="AUTHORISED",
    )
    return desk.update(replace(record, body={**record.body, f"{kind.entity}ID": made.id}), silently=True)


def _credit_of(desk: Desk, record: Record) -> Record:
    entity = KINDS[record.body["Type"]].entity
    found = desk.get(entity, record.body[f"{entity}ID"])
    if found is None:
        raise InvalidError(messages.BANK_TRANSACTION_MISSING)
    return found


def _delete(desk: Desk, known: Record) -> Record:
    desk.books.unpost(desk.company, ENTITY, known.id)
    if known.body["Type"] not in PLAIN:
        money = _credit_of(desk, known)
        body = {**money.body, "Status": "VOIDED"}
        desk.update(replace(money, body=body, status="VOIDED", active=False, balance_cents=0))
    body = {**known.body, "Status": "DELETED"}
    stock.move(desk, body, known, sells=body["Type"] == "RECEIVE", owed=1)
    return desk.update(replace(known, body=body, status="DELETED", active=False))


def _book(desk: Desk, record: Record) -> None:
    """Bank against the lines and their tax; what can be set off later lies on the control account as a whole."""
    body, party = record.body, record.party
    sign, rate = (1 if body["Type"].startswith("RECEIVE") else -1), body["CurrencyRate"]
    legs = [Line(body["BankAccountID"], sign * in_base(body["Total"], rate), party, None)]
    if body["Type"] in PLAIN:
        legs += documents.line_legs(desk, body, -sign, party) + stock.legs(desk, body, party)
    else:
        control = system_account(desk, KINDS[body["Type"]].control).id
        legs.append(Line(control, -legs[0].cents, party, None))
    missing = -sum(leg.cents for leg in legs)
    if missing:
        legs.append(Line(system_account(desk, "ROUNDING").id, missing, party, None))
    desk.books.post(desk.company, ENTITY, record.id, body["Date"], legs)


def wire_bank_transaction(desk: Desk, record: Record, *, detail: bool = True, fresh: bool = False) -> Body:
    body = record.body
    contact, bank = desk.get("Contact", record.party), desk.get(ACCOUNT, body["BankAccountID"])
    shown: Body = {"BankTransactionID": record.id}
    if bank is not None:
        code = {"Code": bank.body["Code"]} if bank.body.get("Code") else {}
        shown["BankAccount"] = {"AccountID": bank.id, **code, "Name": bank.body["Name"]}
    shown |= {"Type": body["Type"], "IsReconciled": body["IsReconciled"]}
    shown |= {"Reference": body["Reference"]} if body["Reference"] or not fresh else {}
    shown |= {name: body[name] for name in ("PrepaymentID", "OverpaymentID") if name in body}
    shown |= {"CurrencyRate": body["CurrencyRate"]}
    shown |= {} if fresh else {"HasAttachments": body.get("HasAttachments", False)}
    if contact is not None:
        shown["Contact"] = wire_contact_of_money(desk, contact) if fresh else wire_stub(contact)
    return shown | _amounts(desk, body, detail=detail, fresh=fresh) | documents.wire_updated(record, text=False)


def _amounts(desk: Desk, body: Body, *, detail: bool, fresh: bool) -> Body:
    day = date.fromisoformat(body["Date"])
    return {
        "DateString": day_string(day),
        "Date": wire_day(day),
        "Status": body["Status"],
        "LineAmountTypes": body["LineAmountTypes"],
        "LineItems": documents.wire_lines(desk, body, fresh=fresh) if detail else [],
        "SubTotal": body["SubTotal"],
        "TotalTax": body["TotalTax"],
        "Total": body["Total"],
        "CurrencyCode": body["CurrencyCode"],
    }


def wire_credit(desk: Desk, record: Record, *, detail: bool = True) -> Body:
    """A prepayment or an overpayment."""
    body, contact = record.body, desk.get("Contact", record.party)
    shown: Body = {
        f"{record.entity}ID": record.id,
        "ID": record.id,
        "Type": body["Type"],
        "Reference": body["Reference"],
        "CurrencyRate": body["CurrencyRate"],
        "RemainingCredit": credit.remaining(body),
        "Allocations": [credit.wire_allocation(entry) for entry in body.get("Allocations", [])],
        "Payments": [invoices.wire_payment_of(desk, id) for id in body.get("PaymentIDs", [])],
        "HasAttachments": body.get("HasAttachments", False),
    }
    if contact is not None:
        shown["Contact"] = wire_stub(contact)
    return shown | _amounts(desk, body, detail=detail, fresh=False) | documents.wire_updated(record)


def refuse_save(desk: Desk, element: Fields, verb: str) -> Record:
    """Prepayments and overpayments are born of bank transactions and cannot be sent themselves."""
    raise UnsupportedError(verb)


def _echo(desk: Desk, body: Body, known: Record | None) -> Body:
    shown: Body = {name: body[name] for name in ("Type", "Reference") if name in body}
    amounts = _amounts(desk, body, detail=True, fresh=False) if body.get("Total") is not None else {}
    return {"BankTransactionID": known.id if known else EMPTY_ID, **shown, **amounts}
