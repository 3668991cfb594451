"""`GET /Journals`: the postings of every document as the general ledger tells them."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sandbox.books import Entry
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero.dates import read_moment, wire_day, wire_moment
from sandbox.xero.desk import Desk
from sandbox.xero.errors import MissingError
from sandbox.xero.query_tokens import QueryParseError
from sandbox.xero.tracking import ENTITY as CATEGORY

PAGE = 100
# Numbers beyond are none of SQLite's, and none of those that fit into the last part of an id.
_DIGITS, _NUMBERS = 19, 2**48
_CASH = ("BankTransaction", "BankTransfer", "Payment")
_SOURCES = {
    "RECEIVE": "CASHREC",
    "SPEND": "CASHPAID",
    "RECEIVE-PREPAYMENT": "ARPREPAYMENT",
    "SPEND-PREPAYMENT": "APPREPAYMENT",
    "RECEIVE-OVERPAYMENT": "AROVERPAYMENT",
    "SPEND-OVERPAYMENT": "APOVERPAYMENT",
}
_PAYMENTS = {
    "ACCREC": "ACCRECPAYMENT",
    "ACCPAY": "ACCPAYPAYMENT",
    "ACCRECCREDIT": "ARCREDITPAYMENT",
    "ACCPAYCREDIT": "APCREDITPAYMENT",
}


def listed(desk: Desk, query: dict[str, str], since: datetime | None) -> list[Body]:
    """A hundred journals after the number `offset`, oldest first. Raises QueryParseError."""
    offset, cash = query.get("offset") or "0", query.get("paymentsonly", "").lower() == "true"
    if not (offset.isascii() and offset.isdecimal() and len(offset) < _DIGITS):
        raise QueryParseError(f"'{offset}' is not a whole number")
    entries = desk.books.entries(
        desk.company,
        after=int(offset),
        limit=PAGE,
        entities=_CASH if cash else (),
        since=since.isoformat() if since else "",
    )
    return [_wire(desk, entry, desk.get(entry.entity, entry.document)) for entry in entries]


def one(desk: Desk, wanted: str) -> Body:
    """A journal by its id or its number. Raises MissingError."""
    number = _number(desk, wanted)
    entry = None if number is None else desk.books.entry(desk.company, number)
    if entry is None:
        raise MissingError(wanted)
    return _wire(desk, entry, desk.get(entry.entity, entry.document))


def _number(desk: Desk, wanted: str) -> int | None:
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < _DIGITS:
        return int(wanted)
    try:
        number = uuid.UUID(wanted).int ^ _base(desk)
    except ValueError:
        return None
    return number if number < _NUMBERS else None


def _base(desk: Desk) -> int:
    return uuid.uuid5(uuid.NAMESPACE_OID, desk.company).int


def _id(desk: Desk, entry: Entry) -> str:
    """The number, and the company around it: so an id is looked up by the number that it holds."""
    return str(uuid.UUID(int=_base(desk) ^ entry.number))


def _wire(desk: Desk, entry: Entry, record: Record | None) -> Body:
    body = record.body if record is not None else {}
    moment = read_moment(record.updated_at) if record is not None else desk.now
    source = _source(entry.entity, body)
    return {
        "JournalID": _id(desk, entry),
        "JournalDate": wire_day(date.fromisoformat(entry.date)),
        "JournalNumber": entry.number,
        "CreatedDateUTC": wire_moment(moment),
        **({"Reference": body["Reference"]} if body.get("Reference") else {}),
        **({"SourceID": entry.document, "SourceType": source} if source else {}),
        "JournalLines": _lines(desk, entry),
    }


def _source(entity: str, body: Body) -> str | None:
    if entity == "ManualJournal":
        return "MANJOURNAL"
    if entity == "BankTransfer":
        return "TRANSFER"
    if entity == "Payment":
        kind = str(body.get("DocumentType", ""))
        return _PAYMENTS.get(kind) or _SOURCES.get(kind)
    kind = str(body.get("Type", ""))
    return _SOURCES.get(kind, kind) or None


def _lines(desk: Desk, entry: Entry) -> list[Body]:
    found = []
    for index, leg in enumerate(desk.books.postings_of(desk.company, entry.entity, entry.document)):
        account = desk.get("Account", leg.account)
        body = account.body if account is not None else {}
        amount = Decimal(leg.cents).scaleb(-2)
        found.append(
            {
                "JournalLineID": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{desk.company}:{entry.number}:{index}")),
                "AccountID": leg.account,
                **({"AccountCode": body["Code"]} if body.get("Code") else {}),
                "AccountType": body.get("Type", ""),
                "AccountName": body.get("Name", ""),
                "Description": "",
                "NetAmount": amount,
                "GrossAmount": amount,
                "TaxAmount": Decimal("0.00"),
                "TrackingCategories": _tracking(desk, leg.tag),
            }
        )
    return found


def _tracking(desk: Desk, tag: str | None) -> list[Body]:
    if tag is None:
        return []
    for category in desk.every(CATEGORY):
        for option in category.body["Options"]:
            if option["Name"] == tag:
                ids = {"TrackingCategoryID": category.id, "TrackingOptionID": option["TrackingOptionID"]}
                return [{"Name": category.body["Name"], "Option": tag, **ids}]
    return []
