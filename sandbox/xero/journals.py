"""Manual journals: debits positive, credits negative, never on system or bank accounts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sandbox.books import Line
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import documents, messages
from sandbox.xero.accounts import CLASS_OF_TYPE, account_of_line, system_account, takes_document_lines
from sandbox.xero.amounts import ZERO, cents
from sandbox.xero.dates import read_moment, wire_day, wire_moment
from sandbox.xero.desk import EMPTY_ID, Desk, name_key, to_cents
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields, Problems
from sandbox.xero.statuses import JOURNAL_BIRTHS, JOURNAL_MOVES, may_become
from sandbox.xero.tax_rates import rates_of
from sandbox.xero.taxes import INCLUSIVE, LINE_AMOUNT_TYPES, NO_TAX, line_tax
from sandbox.xero.tracking import read_tracking

ENTITY = "ManualJournal"
STATUSES = ("DRAFT", "POSTED", "DELETED", "VOIDED", "ARCHIVED")


def save_journal(desk: Desk, element: Fields, verb: str) -> Record:
    """Create (PUT), or create or update by id (POST). Raises InvalidError."""
    problems = element.problems
    known = _find(desk, element) if verb == "POST" else None
    status = element.choice("Status", STATUSES) or (known.status if known else "DRAFT")
    if known is not None and status in ("VOIDED", "DELETED"):
        body = {**known.body, "Status": status}
    else:
        body = _read(desk, element, known.body if known else {}, status, problems)
    _check_status(desk, known, status, body, problems)
    problems.stop(lambda: _echo(body, known, problems))
    return _store(desk, body, known)


def _find(desk: Desk, element: Fields) -> Record | None:
    id = element.identifier("ManualJournalID")
    found = desk.get(ENTITY, id)
    if id and found is None:
        raise InvalidError(messages.JOURNAL_NOT_FOUND)
    return found


def _check_status(desk: Desk, known: Record | None, status: str, body: Body, problems: Problems) -> None:
    if known is None:
        if status not in JOURNAL_BIRTHS:
            problems.add(messages.DOCUMENT_STATUS_FOR_CREATION)
        return
    if not may_become(JOURNAL_MOVES, known.status, status):
        raise InvalidError(messages.DOCUMENT_STATUS_FOR_MODIFICATION, echo=_echo(body, known, problems))
    documents.check_old_date(desk, known, problems)


def _read(desk: Desk, element: Fields, old: Body, status: str, problems: Problems) -> Body:
    body = {**old, "Status": status}
    for name, limit in (("Narration", 4000), ("Url", 2048)):
        text = element.text(name, limit=limit)
        if text is not None:
            body[name] = text
    if not body.get("Narration", "").strip():
        problems.add(messages.NARRATION_REQUIRED)
    day = element.day("Date")
    body["Date"] = day.isoformat() if day else body.get("Date", desk.today.isoformat())
    body["LineAmountTypes"] = element.choice("LineAmountTypes", LINE_AMOUNT_TYPES) or body.get(
        "LineAmountTypes", NO_TAX
    )
    shown = element.boolean("ShowOnCashBasisReports")
    body["ShowOnCashBasisReports"] = body.get("ShowOnCashBasisReports", True) if shown is None else shown
    body.setdefault("JournalLines", [])
    if "JournalLines" in element:
        read = [_read_line(desk, line, body["LineAmountTypes"], problems) for line in element.each("JournalLines")]
        body["JournalLines"] = [line for line in read if line is not None]
    _check_lines(body, problems)
    documents.check_locks(desk, date.fromisoformat(body["Date"]), problems)
    return body


def _read_line(desk: Desk, line: Fields, amount_types: str, problems: Problems) -> Body | None:
    code = line.stripped("AccountCode") or ""
    account = account_of_line(desk, line)
    if account is None:
        # The vendor drops such a line and says so only in a warning.
        problems.warn(messages.account_removed(code))
        return None
    code = account.body.get("Code", code)
    if not account.active:
        problems.add(messages.account_archived(code))
    elif not takes_document_lines(account):
        problems.add(messages.account_not_for_document(code))
    amount = cents(line.number("LineAmount") or ZERO)
    tax_type, tax = _tax(desk, line, account, amount, amount_types, problems)
    return {
        "Description": line.text("Description", limit=4000) or "",
        "TaxType": tax_type,
        "TaxAmount": tax,
        "LineAmount": amount,
        "AccountCode": code,
        "Tracking": read_tracking(desk, line, problems),
        "AccountID": account.id,
        "IsBlank": False,
    }


def _tax(
    desk: Desk, line: Fields, account: Record, amount: Decimal, amount_types: str, problems: Problems
) -> tuple[str, Decimal]:
    tax_type = line.stripped("TaxType") or "NONE"
    if amount_types == NO_TAX or tax_type == "NONE":
        return "NONE", ZERO
    rate = rates_of(desk).get(tax_type.upper())
    if rate is None:
        problems.add(messages.tax_type_unknown(tax_type))
        return tax_type, ZERO
    if not rate.suits(CLASS_OF_TYPE[account.body["Type"]]):
        problems.add(messages.tax_against_account(rate.tax_type, account.body.get("Code", "")))
    return rate.tax_type, line_tax(amount, rate.percent, amount_types)


def _gross(body: Body) -> list[Decimal]:
    with_tax = body["LineAmountTypes"] != INCLUSIVE
    return [line["LineAmount"] + (line["TaxAmount"] if with_tax else ZERO) for line in body["JournalLines"]]


def _check_lines(body: Body, problems: Problems) -> None:
    amounts = _gross(body)
    debits = sum((amount for amount in amounts if amount > 0), ZERO)
    credits_ = sum((amount for amount in amounts if amount < 0), ZERO)
    if debits + credits_ != 0:
        problems.add(messages.unbalanced(debits, credits_))
    elif len(amounts) < 2:
        problems.add(messages.JOURNAL_LINES_REQUIRED)


def _store(desk: Desk, body: Body, known: Record | None) -> Record:
    columns = {
        "name_key": narration_key(body["Narration"]),
        "txn_date": body["Date"],
        "total_cents": to_cents(sum((amount for amount in _gross(body) if amount > 0), ZERO)),
        "status": body["Status"],
        "active": body["Status"] not in ("VOIDED", "DELETED"),
    }
    if known is None:
        record = desk.insert(ENTITY, body, **columns)
    else:
        desk.books.unpost(desk.company, ENTITY, known.id)
        record = desk.update(replace(known, body=body, **columns))
    if record.status == "POSTED":
        _book(desk, record)
    return record


def _book(desk: Desk, record: Record) -> None:
    legs = []
    for line in record.body["JournalLines"]:
        tag = line["Tracking"][0]["Option"] if line["Tracking"] else None
        inside = line["TaxAmount"] if record.body["LineAmountTypes"] == INCLUSIVE else ZERO
        legs.append(Line(line["AccountID"], to_cents(line["LineAmount"] - inside), None, tag))
        if line["TaxAmount"]:
            legs.append(Line(system_account(desk, "GST").id, to_cents(line["TaxAmount"]), None, None))
    desk.books.post(desk.company, ENTITY, record.id, record.body["Date"], legs)


def narration_key(narration: str) -> str:
    """Journals have no number; clients find them by narration, so its beginning is indexed."""
    return name_key(narration)[:200]


def wire_journal(record: Record, *, detail: bool = True, fresh: bool = False) -> Body:
    body = record.body
    return {
        "Date": wire_day(date.fromisoformat(body["Date"])),
        "Status": body["Status"],
        "LineAmountTypes": body["LineAmountTypes"],
        "UpdatedDateUTC": wire_moment(read_moment(record.updated_at)),
        "ManualJournalID": record.id,
        "Narration": body["Narration"],
        "JournalLines": body["JournalLines"] if detail else [],
        **({"Url": body["Url"]} if body.get("Url") else {}),
        "ShowOnCashBasisReports": body["ShowOnCashBasisReports"],
        **({} if fresh else {"HasAttachments": body.get("HasAttachments", False)}),
    }


def _echo(body: Body, known: Record | None, problems: Problems) -> Body:
    shown = {name: value for name, value in body.items() if name != "Date"}
    shown |= {"ManualJournalID": known.id if known else EMPTY_ID}
    if body.get("Date"):
        shown["Date"] = wire_day(date.fromisoformat(body["Date"]))
    if problems.warnings:
        shown["Warnings"] = [{"Message": sentence} for sentence in problems.warnings]
    return shown
