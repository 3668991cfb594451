"""One payment of several bills, or one receipt for several invoices: all of them, or none."""

from dataclasses import replace
from datetime import date

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import credit, documents, messages, payments
from sandbox.xero.accounts import ENTITY as ACCOUNT
from sandbox.xero.amounts import ZERO
from sandbox.xero.dates import day_string, wire_day
from sandbox.xero.desk import Desk, to_cents
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields, Problems

ENTITY = "BatchPayment"
_TYPES = {"ACCPAY": "PAYBATCH", "ACCREC": "RECBATCH"}
_TEXTS = {"Reference": 255, "Particulars": 12, "Code": 12, "Details": 18, "Narrative": 18}


def save_batch_payment(desk: Desk, element: Fields, verb: str) -> Record:
    """Pay (PUT), or delete by id (POST). Raises InvalidError."""
    if verb == "POST":
        return _delete(desk, element)
    problems = element.problems
    rows = list(element.each("Payments"))
    if not rows:
        problems.add(messages.BATCH_EMPTY)
    body: Body = {name: element.stripped(name, limit=limit) or "" for name, limit in _TEXTS.items()}
    body |= {"Date": (element.day("Date") or desk.today).isoformat(), "Status": "AUTHORISED", "TotalAmount": ZERO}
    problems.stop(lambda: dict(element.element))
    batch = desk.insert(ENTITY, body, txn_date=body["Date"], status="AUTHORISED")
    made = [_pay(desk, element, row, batch, problems) for row in rows]
    kinds = {payment.body["DocumentType"] for payment in made}
    if len(kinds) != 1 or not kinds <= set(_TYPES):
        raise InvalidError(messages.BATCH_MIXED, echo=dict(element.element))
    total = sum((payment.body["Amount"] for payment in made), ZERO)
    body |= {"PaymentIDs": [payment.id for payment in made], "TotalAmount": total, "Type": _TYPES[kinds.pop()]}
    body["AccountID"] = made[0].body["AccountID"]
    return desk.update(replace(batch, body=body, total_cents=to_cents(total), version=0))


def _pay(desk: Desk, element: Fields, row: Fields, batch: Record, problems: Problems) -> Record:
    shared = {name: element.raw(name) for name in ("Account", "Date", "Reference") if name in element}
    fields = Fields({**shared, **row.element}, problems)
    return payments.pay(desk, fields, batch=batch.id, echo=dict(element.element))


def _delete(desk: Desk, element: Fields) -> Record:
    batch = desk.get(ENTITY, element.identifier("BatchPaymentID"))
    if batch is None:
        raise InvalidError(messages.BATCH_MISSING)
    if element.choice("Status", ("AUTHORISED", "DELETED")) != "DELETED" or batch.status == "DELETED":
        raise InvalidError(messages.BATCH_NOT_EDITABLE, echo={"BatchPaymentID": batch.id})
    for id in batch.body["PaymentIDs"]:
        payment = desk.get(payments.ENTITY, id)
        if payment is not None and payment.status != "DELETED":
            payments.take_back(desk, payment)
    body = {**batch.body, "Status": "DELETED"}
    return desk.update(replace(batch, body=body, status="DELETED", active=False))


def wire_batch_payment(desk: Desk, record: Record) -> Body:
    body, day = record.body, date.fromisoformat(record.body["Date"])
    account = desk.get(ACCOUNT, body.get("AccountID"))
    return {
        **({"Account": {"AccountID": account.id, "CurrencyCode": desk.organisation.base_currency}} if account else {}),
        **{name: body[name] for name in _TEXTS if body.get(name) or name == "Reference"},
        "BatchPaymentID": record.id,
        "DateString": day_string(day),
        "Date": wire_day(day),
        "Payments": [_wire_payment(desk, id) for id in body.get("PaymentIDs", [])],
        "Type": body.get("Type", "PAYBATCH"),
        "Status": body["Status"],
        "TotalAmount": body["TotalAmount"],
        **documents.wire_updated(record, text=False),
        "IsReconciled": False,
    }


def _wire_payment(desk: Desk, id: str) -> Body:
    payment = desk.get(payments.ENTITY, id)
    if payment is None:
        return {"PaymentID": id}
    amount, currency = payment.body["Amount"], desk.organisation.base_currency
    invoice = {"InvoiceID": payment.body["DocumentID"], "CurrencyCode": currency, **credit.BARE_INVOICE}
    reference = {"Reference": payment.body["Reference"]} if payment.body["Reference"] else {}
    return {"Invoice": invoice, "PaymentID": id, "BankAmount": amount, "Amount": amount, **reference}
