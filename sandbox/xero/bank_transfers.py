"""Money moved between two of the organisation's own bank accounts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sandbox.books import Line
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import documents, messages
from sandbox.xero.accounts import ENTITY as ACCOUNT
from sandbox.xero.accounts import account_by_code
from sandbox.xero.amounts import ZERO, cents
from sandbox.xero.bank_transactions import ENTITY as TRANSACTION
from sandbox.xero.dates import day_string, read_moment, wire_day, wire_moment
from sandbox.xero.desk import EMPTY_ID, Desk, to_cents
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields, Problems

ENTITY = "BankTransfer"
_ENDS = ("From", "To")
_PAR = Decimal("1.000000")
_TYPES = {"From": "SPEND-TRANSFER", "To": "RECEIVE-TRANSFER"}


def save_bank_transfer(desk: Desk, element: Fields, verb: str) -> Record:
    """Move money (PUT), or take a transfer back by id (POST). Raises InvalidError."""
    if verb == "POST":
        return _delete(desk, element)
    problems = element.problems
    accounts = {end: _account(desk, element, f"{end}BankAccount", problems) for end in _ENDS}
    body = _read(desk, element)
    source, target = accounts["From"], accounts["To"]
    if source is not None and target is not None and source.id == target.id:
        problems.add(messages.TRANSFER_SAME_ACCOUNT)
    if body["Amount"] <= 0:
        problems.add(messages.TRANSFER_AMOUNT)
    documents.check_locks(desk, date.fromisoformat(body["Date"]), problems)
    problems.stop(lambda: {"BankTransferID": EMPTY_ID, **element.element})
    if source is None or target is None:
        raise InvalidError(messages.BANK_ACCOUNT_INVALID)
    return _store(desk, body | {"FromAccountID": source.id, "ToAccountID": target.id})


def _account(desk: Desk, element: Fields, name: str, problems: Problems) -> Record | None:
    inner = element.inner(name)
    id, code = (inner.identifier("AccountID"), inner.stripped("Code")) if inner is not None else (None, None)
    found = desk.get(ACCOUNT, id) if id else account_by_code(desk, code) if code else None
    if found is None or not found.active or found.body["Type"] != "BANK":
        problems.add(messages.BANK_ACCOUNT_INVALID)
        return None
    return found


def _read(desk: Desk, element: Fields) -> Body:
    return {
        "Date": (element.day("Date") or desk.today).isoformat(),
        "Amount": cents(element.number("Amount") or ZERO),
        "Reference": element.stripped("Reference", limit=255) or "",
        "FromIsReconciled": element.boolean("FromIsReconciled") or False,
        "ToIsReconciled": element.boolean("ToIsReconciled") or False,
        "Status": "AUTHORISED",
    }


def _store(desk: Desk, body: Body) -> Record:
    body |= {f"{end}BankTransactionID": _transaction(desk, body, end).id for end in _ENDS}
    made = desk.insert(ENTITY, body, txn_date=body["Date"], total_cents=to_cents(body["Amount"]), status="AUTHORISED")
    amount = to_cents(body["Amount"])
    legs = [Line(body["ToAccountID"], amount, None, None), Line(body["FromAccountID"], -amount, None, None)]
    desk.books.post(desk.company, ENTITY, made.id, body["Date"], legs)
    return made


def _transaction(desk: Desk, body: Body, end: str) -> Record:
    """One side of the transfer as the list of bank transactions shows it; it is not in the books by itself."""
    amount = body["Amount"]
    side = {
        "Type": _TYPES[end],
        "BankAccountID": body[f"{end}AccountID"],
        "Reference": body["Reference"],
        "IsReconciled": body[f"{end}IsReconciled"],
        "Date": body["Date"],
        "Status": "AUTHORISED",
        "LineAmountTypes": "NoTax",
        "LineItems": [],
        "SubTotal": amount,
        "TotalTax": ZERO,
        "Total": amount,
        "CurrencyCode": desk.organisation.base_currency,
        "CurrencyRate": _PAR,
    }
    return desk.insert(TRANSACTION, side, txn_date=body["Date"], total_cents=to_cents(amount), status="AUTHORISED")


def _delete(desk: Desk, element: Fields) -> Record:
    known = desk.get(ENTITY, element.identifier("BankTransferID"))
    if known is None:
        raise InvalidError(messages.TRANSFER_MISSING)
    echo = wire_bank_transfer(desk, known)
    if element.choice("Status", ("AUTHORISED", "DELETED")) != "DELETED" or known.status == "DELETED":
        raise InvalidError(messages.TRANSFER_NOT_EDITABLE, echo=echo)
    if known.body["FromIsReconciled"] or known.body["ToIsReconciled"]:
        raise InvalidError(messages.BANK_TRANSACTION_RECONCILED, echo=echo)
    documents.check_old_date(desk, known, element.problems)
    element.problems.stop(lambda: echo)
    desk.books.unpost(desk.company, ENTITY, known.id)
    for end in _ENDS:
        side = desk.get(TRANSACTION, known.body[f"{end}BankTransactionID"])
        if side is not None:
            _gone(desk, side)
    return _gone(desk, known)


def _gone(desk: Desk, record: Record) -> Record:
    return desk.update(replace(record, body={**record.body, "Status": "DELETED"}, status="DELETED", active=False))


def wire_bank_transfer(desk: Desk, record: Record, *, fresh: bool = False) -> Body:
    body, day, made = record.body, date.fromisoformat(record.body["Date"]), read_moment(record.created_at)
    shown: Body = {"BankTransferID": record.id}
    if not fresh:
        shown |= {"CreatedDateUTC": wire_moment(made), "CreatedDateUTCString": made.strftime("%Y-%m-%dT%H:%M:%S")}
    shown |= {"DateString": day_string(day), "Date": wire_day(day), "Status": body["Status"]}
    shown |= {f"{end}BankAccount": _wire_account(desk, body[f"{end}AccountID"]) for end in _ENDS}
    shown |= {name: body[name] for name in ("Amount", "FromBankTransactionID", "ToBankTransactionID")}
    shown |= {name: body[name] for name in ("FromIsReconciled", "ToIsReconciled")}
    shown |= {"Reference": body["Reference"]} if body["Reference"] or not fresh else {}
    shown |= {"CurrencyRate": _PAR, "FromTracking": [], "ToTracking": []}
    return shown | ({"ValidationErrors": []} if fresh else {"HasAttachments": body.get("HasAttachments", False)})


def _wire_account(desk: Desk, id: str) -> Body:
    account = desk.get(ACCOUNT, id)
    if account is None:
        return {"AccountID": id}
    code = {"Code": account.body["Code"]} if account.body.get("Code") else {}
    return {"AccountID": id, **code, "Name": account.body["Name"]}
