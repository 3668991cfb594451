"""Payments: one settles one document, and is never changed, only deleted."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import credit, documents, invoices, messages
from sandbox.xero.accounts import ENTITY as ACCOUNT
from sandbox.xero.accounts import account_by_code, takes_payments
from sandbox.xero.amounts import ZERO, cents, places
from sandbox.xero.contacts import wire_stub
from sandbox.xero.dates import wire_day
from sandbox.xero.desk import Desk, to_cents
from sandbox.xero.documents import KINDS
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields, Problems
from sandbox.xero.settlements import book_payment

ENTITY = "Payment"
# As many elements as the vendor recommends for a call. Each time an invoice shows all its payments.
_MOST_SHOWN = 50
_PAYMENT_TYPES = {
    "ACCREC": "ACCRECPAYMENT",
    "ACCPAY": "ACCPAYPAYMENT",
    "ACCRECCREDIT": "ARCREDITPAYMENT",
    "ACCPAYCREDIT": "APCREDITPAYMENT",
    "RECEIVE-PREPAYMENT": "ARPREPAYMENTPAYMENT",
    "SPEND-PREPAYMENT": "APPREPAYMENTPAYMENT",
    "RECEIVE-OVERPAYMENT": "AROVERPAYMENTPAYMENT",
    "SPEND-OVERPAYMENT": "APOVERPAYMENTPAYMENT",
}
_STATUSES = ("AUTHORISED", "DELETED")


def save_payment(desk: Desk, element: Fields, verb: str) -> Record:
    """Record a payment, or delete one: a POST that names a payment may do nothing else."""
    known = desk.get(ENTITY, element.identifier("PaymentID")) if verb == "POST" else None
    if known is not None:
        if element.choice("Status", _STATUSES) != "DELETED":
            raise InvalidError(messages.PAYMENT_NOT_EDITABLE, echo=wire_payment(desk, known))
        return delete_payment(desk, known)
    return pay(desk, element)


def pay(desk: Desk, element: Fields, *, batch: str | None = None, echo: Body | None = None) -> Record:
    """Record a payment, alone or as a part of a `batch`. Raises InvalidError with the `echo`."""
    problems = element.problems
    target, account = _target(desk, element, problems), _account(desk, element, problems)
    body = _read(desk, element, target)
    _check(desk, body, target, problems)
    problems.stop(lambda: dict(element.element) if echo is None else echo)
    if target is None or account is None:
        raise InvalidError(messages.INVOICE_NOT_FOUND)
    return _store(desk, body | ({"BatchPaymentID": batch} if batch else {}), target, account)


def delete_payment(desk: Desk, payment: Record) -> Record:
    """Take a payment back: the document is open again."""
    if payment.status == "DELETED":
        raise InvalidError(messages.PAYMENT_NOT_EDITABLE, echo=wire_payment(desk, payment))
    if payment.body.get("BatchPaymentID"):
        raise InvalidError(messages.PAYMENT_OF_BATCH, echo=wire_payment(desk, payment))
    return take_back(desk, payment)


def take_back(desk: Desk, payment: Record) -> Record:
    """Undo a payment, alone or with the batch it belongs to."""
    if payment.body.get("IsReconciled"):
        raise InvalidError(messages.PAYMENT_RECONCILED, echo=wire_payment(desk, payment))
    body = payment.body
    if desk.organisation.is_closed(date.fromisoformat(body["Date"])):
        raise InvalidError(messages.PAYMENT_DATE_LOCKED, echo=wire_payment(desk, payment))
    target = _document(desk, payment)
    desk.books.unpost(desk.company, ENTITY, payment.id)
    _settle(desk, target, payment.id, -body["Amount"], body["Date"])
    return desk.update(replace(payment, body={**body, "Status": "DELETED"}, status="DELETED", active=False))


def _document(desk: Desk, payment: Record) -> Record:
    found = desk.get(payment.body["DocumentEntity"], payment.body["DocumentID"])
    if found is None:
        raise InvalidError(messages.INVOICE_NOT_FOUND)
    return found


def _target(desk: Desk, element: Fields, problems: Problems) -> Record | None:
    found = None
    for entity, id_name, number_name in (
        (invoices.ENTITY, "InvoiceID", "InvoiceNumber"),
        ("CreditNote", "CreditNoteID", "CreditNoteNumber"),
        ("Prepayment", "PrepaymentID", ""),
        ("Overpayment", "OverpaymentID", ""),
    ):
        inner = element.inner(entity) or element
        id, number = inner.identifier(id_name), inner.stripped(number_name) if number_name else None
        if id:
            found = desk.get(entity, id)
        elif number:
            same = [record for record in desk.numbered(entity, number) if record.active]
            found = same[0] if same else None
        if id or number:
            break
    if found is None:
        problems.add(messages.INVOICE_NOT_FOUND)
    return found


def _account(desk: Desk, element: Fields, problems: Problems) -> Record | None:
    inner = element.inner("Account") or element
    id, code = inner.identifier("AccountID"), inner.stripped("Code")
    account = desk.get(ACCOUNT, id) if id else account_by_code(desk, code) if code else None
    if account is None or account.status == "DELETED":
        problems.add(messages.PAYMENT_ACCOUNT_MISSING)
    elif not account.active or not takes_payments(account):
        problems.add(messages.PAYMENT_ACCOUNT_TYPE)
    return account


def _read(desk: Desk, element: Fields, target: Record | None) -> Body:
    rate = element.number("CurrencyRate")
    if target is None or target.body["CurrencyCode"] == desk.organisation.base_currency or not rate or rate < 0:
        rate = target.body["CurrencyRate"] if target else Decimal(1)
    return {
        "Date": (element.day("Date") or desk.today).isoformat(),
        "Amount": cents(element.number("Amount") or ZERO),
        "CurrencyRate": places(rate, 6),
        "Reference": element.stripped("Reference", limit=255) or "",
        "IsReconciled": element.boolean("IsReconciled") or False,
        "Status": "AUTHORISED",
    }


def _check(desk: Desk, body: Body, target: Record | None, problems: Problems) -> None:
    if "CreateInvoicePayment" in desk.organisation.denied_actions:
        problems.add(messages.PAYMENT_NOT_ALLOWED)
    if desk.organisation.is_closed(date.fromisoformat(body["Date"])):
        problems.add(messages.PAYMENT_DATE_LOCKED)
    if body["Amount"] <= 0:
        problems.add(messages.PAYMENT_AMOUNT_POSITIVE)
    if target is None:
        return
    if target.status not in ("AUTHORISED", "PAID"):
        problems.add(messages.PAYMENT_NEEDS_AUTHORISED)
    elif body["Amount"] > _open(target):
        problems.add(messages.PAYMENT_TOO_LARGE)


def _open(target: Record) -> Decimal:
    if target.entity == invoices.ENTITY:
        return invoices.amount_due(target.body)
    return credit.remaining(target.body)


def _store(desk: Desk, body: Body, target: Record, account: Record) -> Record:
    body |= {
        "DocumentEntity": target.entity,
        "DocumentID": target.id,
        "DocumentType": target.body["Type"],
        "AccountID": account.id,
    }
    payment = desk.insert(
        ENTITY,
        body,
        party=target.party,
        txn_date=body["Date"],
        total_cents=to_cents(body["Amount"]),
        status="AUTHORISED",
    )
    changed = _settle(desk, target, payment.id, body["Amount"], body["Date"])
    book_payment(
        desk,
        KINDS[target.body["Type"]],
        payment_id=payment.id,
        body=body,
        bank=account.id,
        relief=abs(target.balance_cents - changed.balance_cents),
        party=target.party,
    )
    return payment


def _settle(desk: Desk, target: Record, payment_id: str, amount: Decimal, day: str) -> Record:
    others = [id for id in target.body.get("PaymentIDs", []) if id != payment_id]
    ids = [*others, payment_id] if amount > 0 else others
    if target.entity in credit.ENTITIES:
        changes = {"Refunded": target.body["Refunded"] + amount, "PaymentIDs": ids}
        return credit.settle(desk, target, changes, day=day)
    changed = replace(target, body={**target.body, "PaymentIDs": ids})
    return invoices.settle(desk, changed, paid=amount, day=day)


def wire_payment(desk: Desk, record: Record, *, fresh: bool = False) -> Body:
    """A payment; by itself it shows its invoice as the invoice stands now, in lists only which one it is, and so
    when one call pays an invoice more often than anybody would."""
    body = record.body
    target, account = (
        desk.get(body["DocumentEntity"], body["DocumentID"]),
        desk.get(ACCOUNT, body["AccountID"]),
    )
    shown: Body = {
        "PaymentID": record.id,
        "Date": wire_day(date.fromisoformat(body["Date"])),
        "BankAmount": body["Amount"],
        "Amount": body["Amount"],
        "Reference": body["Reference"],
        "CurrencyRate": body["CurrencyRate"],
        "PaymentType": _PAYMENT_TYPES[body["DocumentType"]],
        "Status": body["Status"],
        **documents.wire_updated(record),
        "HasAccount": account is not None,
        "IsReconciled": body["IsReconciled"],
        "HasValidationErrors": False,
    }
    if body.get("BatchPaymentID"):
        shown |= {"BatchPaymentID": body["BatchPaymentID"], "BatchPayment": _wire_batch(desk, body["BatchPaymentID"])}
    if account is not None:
        shown["Account"] = {
            "AccountID": account.id,
            "Code": account.body.get("Code", ""),
            "Name": account.body["Name"],
        }
    if target is not None:
        full = fresh and target.entity == invoices.ENTITY and desk.shown_documents[target.id] < _MOST_SHOWN
        desk.shown_documents[target.id] += full
        shown[target.entity] = invoices.wire_of_payment(desk, target) if full else _wire_target(desk, target)
    return shown


def _wire_batch(desk: Desk, id: str) -> Body:
    batch = desk.get("BatchPayment", id)
    if batch is None:
        return {"BatchPaymentID": id}
    shown: Body = {"BatchPaymentID": id, "Date": wire_day(date.fromisoformat(batch.body["Date"]))}
    shown |= {name: batch.body[name] for name in ("Type", "Status", "TotalAmount") if name in batch.body}
    return shown | documents.wire_updated(batch, text=False)


def _wire_target(desk: Desk, target: Record) -> Body:
    contact = desk.get("Contact", target.party)
    stub: Body = {
        "Type": target.body["Type"],
        f"{target.entity}ID": target.id,
        "CurrencyCode": target.body["CurrencyCode"],
    }
    if target.entity in ("Invoice", "CreditNote"):
        stub[f"{target.entity}Number"] = target.number or ""
    if contact is not None:
        stub["Contact"] = wire_stub(contact)
    if target.entity == invoices.ENTITY:
        stub |= credit.BARE_INVOICE
    return stub
