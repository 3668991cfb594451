"""Reports from the real ledger: trial balance, balance sheet, profit and loss, banks, and what is owed by contact."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sandbox.books import AccountBalance, Side
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero.accounts import CLASS_OF_TYPE
from sandbox.xero.dates import UnreadableDateError, read_day, wire_moment
from sandbox.xero.desk import Desk
from sandbox.xero.errors import InvalidError, MissingError

_TITLES = {
    "ASSET": "Assets",
    "LIABILITY": "Liabilities",
    "EQUITY": "Equity",
    "REVENUE": "Revenue",
    "EXPENSE": "Expenses",
}
_BUCKETS = ("Current", "< 1 Month", "1 Month", "2 Months", "Older")


def report(desk: Desk, name: str | None, query: dict[str, str]) -> Body:
    """One report under its name in the address, in any case; raises MissingError and InvalidError."""
    for title, (type, build) in _REPORTS.items():
        if name and name.lower() == type.lower():
            period, rows = build(desk, query)
            return _report(desk, title, type, period, rows)
    raise MissingError(str(name))


def _report(desk: Desk, title: str, type: str, period: str, rows: list[Body]) -> Body:
    today = desk.today
    return {
        "ReportID": type,
        "ReportName": title,
        "ReportType": type,
        "ReportTitles": [title, desk.organisation.name, period],
        "ReportDate": _long(today),
        "UpdatedDateUTC": wire_moment(desk.now, offset=False),
        "Fields": [],
        "Rows": rows,
    }


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _day(desk: Desk, query: dict[str, str], name: str) -> date:
    if not query.get(name):
        return desk.today
    try:
        return read_day(query[name])
    except UnreadableDateError as error:
        raise InvalidError(f"The {name} '{query[name]}' is not a date", echo={}) from error


def _cell(value: str, account: str | None = None, kind: str = "account") -> Body:
    return {"Value": value, **({"Attributes": [{"Value": account, "Id": kind}]} if account else {})}


def _row(label: str, values: Sequence[str], account: str | None = None, kind: str = "account") -> Body:
    return {
        "RowType": "Row",
        "Cells": [_cell(label, account, kind), *(_cell(value, account, kind) for value in values)],
    }


def _summary(label: str, values: Sequence[str]) -> Body:
    return {"RowType": "SummaryRow", "Cells": [_cell(label), *(_cell(value) for value in values)]}


def _header(*labels: str) -> Body:
    return {"RowType": "Header", "Cells": [_cell(label) for label in labels]}


def _section(title: str, rows: list[Body]) -> Body:
    return {"RowType": "Section", "Title": title, "Rows": rows}


def _money(cents: int) -> str:
    return f"{Decimal(cents).scaleb(-2):.2f}"


def _class(row: AccountBalance) -> str:
    return CLASS_OF_TYPE[row.type]


def _of_class(rows: Sequence[AccountBalance], name: str) -> list[AccountBalance]:
    return [row for row in rows if _class(row) == name and row.cents]


def _label(row: AccountBalance) -> str:
    return f"{row.name} ({row.code})" if row.code else row.name


def _trial_balance(desk: Desk, query: dict[str, str]) -> tuple[str, list[Body]]:
    day = _day(desk, query, "date")
    until = desk.books.trial_balance(desk.company, until=day.isoformat())
    before = desk.books.trial_balance(desk.company, until=_day_before(day.replace(day=1)))
    earlier = {row.id: row.cents for row in before}
    rows = [_header("Account", "Debit", "Credit", "YTD Debit", "YTD Credit")]
    month_total, year_total = [0, 0], [0, 0]
    for name, title in _TITLES.items():
        found = []
        for row in _of_class(until, name):
            # Balances of assets and debts stand; income and costs are those of the month.
            month = row.cents - (earlier.get(row.id, 0) if name in ("REVENUE", "EXPENSE") else 0)
            month_total[month < 0] += abs(month)
            year_total[row.cents < 0] += abs(row.cents)
            found.append(_row(_label(row), [*_sides(month), *_sides(row.cents)], row.id))
        rows.append(_section(title, found))
    totals = [_money(cents) for cents in (*month_total, *year_total)]
    return f"As at {_long(day)}", [*rows, _section("", [_summary("Total", totals)])]


def _sides(cents: int) -> tuple[str, str]:
    return (_money(cents), "") if cents >= 0 else ("", _money(-cents))


def _day_before(day: date) -> str:
    """As the books compare days; before the first of all there is none."""
    return date.fromordinal(day.toordinal() - 1).isoformat() if day > date.min else ""


def _balance_sheet(desk: Desk, query: dict[str, str]) -> tuple[str, list[Body]]:
    day = _day(desk, query, "date")
    balances = desk.books.trial_balance(desk.company, until=day.isoformat())
    rows = [_header("", f"{day.day} {day:%b %Y}")]
    sums = {}
    for name, sign in (("ASSET", 1), ("LIABILITY", -1)):
        found = [_row(row.name, [_money(sign * row.cents)], row.id) for row in _of_class(balances, name)]
        sums[name] = sum(sign * row.cents for row in _of_class(balances, name))
        rows.append(_section(_TITLES[name], [*found, _summary(f"Total {_TITLES[name]}", [_money(sums[name])])]))
    rows.append(_section("", [_row("Net Assets", [_money(sums["ASSET"] - sums["LIABILITY"])])]))
    equity = [_row(row.name, [_money(-row.cents)], row.id) for row in _of_class(balances, "EQUITY")]
    earned = -sum(row.cents for name in ("REVENUE", "EXPENSE") for row in _of_class(balances, name))
    total = earned - sum(row.cents for row in _of_class(balances, "EQUITY"))
    equity.append(_row("Current Year Earnings", [_money(earned)]))
    return f"As at {_long(day)}", [*rows, _section("Equity", [*equity, _summary("Total Equity", [_money(total)])])]


def _profit_and_loss(desk: Desk, query: dict[str, str]) -> tuple[str, list[Body]]:
    until = _day(desk, query, "todate")
    since = _day(desk, query, "fromdate") if query.get("fromdate") else until.replace(day=1)
    earlier = {row.id: row.cents for row in desk.books.trial_balance(desk.company, until=_day_before(since))}
    moved = {
        row: row.cents - earlier.get(row.id, 0)
        for row in desk.books.trial_balance(desk.company, until=until.isoformat())
    }
    rows = [_header("", f"{until.day} {until:%b %y}")]
    profit = 0
    for name, title, sign in (("REVENUE", "Income", -1), ("EXPENSE", "Less Operating Expenses", 1)):
        found = {row: sign * cents for row, cents in moved.items() if _class(row) == name and cents}
        profit -= sign * sum(found.values())
        lines = [_row(row.name, [_money(cents)], row.id) for row, cents in found.items()]
        label = "Total Income" if name == "REVENUE" else "Total Operating Expenses"
        rows.append(_section(title, [*lines, _summary(label, [_money(sum(found.values()))])]))
    return f"{_long(since)} to {_long(until)}", [*rows, _section("", [_row("Net Profit", [_money(profit)])])]


def _bank_summary(desk: Desk, query: dict[str, str]) -> tuple[str, list[Body]]:
    until = _day(desk, query, "todate")
    since = _day(desk, query, "fromdate") if query.get("fromdate") else until.replace(day=1)
    opening = {row.id: row.cents for row in desk.books.trial_balance(desk.company, until=_day_before(since))}
    rows = []
    for row in desk.books.trial_balance(desk.company, until=until.isoformat()):
        if row.type != "BANK":
            continue
        lines = desk.books.account_ledger(
            desk.company, row.id, since=since.isoformat(), until=until.isoformat(), limit=-1
        )
        inside = [line.cents for line in lines]
        received, spent = sum(c for c in inside if c > 0), -sum(c for c in inside if c < 0)
        figures = [_money(cents) for cents in (opening.get(row.id, 0), received, spent, row.cents)]
        rows.append(_row(row.name, figures, row.id, "accountID"))
    header = _header("Bank Accounts", "Opening Balance", "Cash Received", "Cash Spent", "Closing Balance")
    return f"From {_long(since)} to {_long(until)}", [header, _section("", rows)]


def _aged(side: Side) -> Callable[[Desk, dict[str, str]], tuple[str, list[Body]]]:
    def build(desk: Desk, query: dict[str, str]) -> tuple[str, list[Body]]:
        day, contact = _day(desk, query, "date"), _contact(desk, query)
        header = _header("Date", "Number", "Due Date", "", *_BUCKETS, "Total")
        rows, sums = [], [0] * len(_BUCKETS)
        for record in desk.books.open_items(desk.company, side, party=contact.id):
            if (record.txn_date or "") > day.isoformat():
                continue
            bucket = _bucket(record, day)
            sums[bucket] += record.balance_cents
            figures = [_money(record.balance_cents) if at == bucket else "" for at in range(len(_BUCKETS))]
            texts = [record.number or "", record.body.get("DueDate", ""), ""]
            rows.append(
                _row(record.txn_date or "", [*texts, *figures, _money(record.balance_cents)], record.id, "invoiceID")
            )
        total = _summary("Total", ["", "", "", *(_money(cents) for cents in sums), _money(sum(sums))])
        return f"{contact.body['Name']}, as at {_long(day)}", [header, _section("", [*rows, total])]

    return build


def _contact(desk: Desk, query: dict[str, str]) -> Record:
    try:
        found = desk.get("Contact", str(UUID(query.get("contactid", ""))))
    except ValueError as error:
        raise InvalidError("A valid contactID must be specified", echo={}) from error
    if found is None:
        raise MissingError(query["contactid"])
    return found


def _bucket(record: Record, day: date) -> int:
    due = date.fromisoformat(record.body.get("DueDate") or record.txn_date or day.isoformat())
    overdue = (day - due).days
    return 0 if overdue <= 0 else min(1 + overdue // 30, len(_BUCKETS) - 1)


_REPORTS: dict[str, tuple[str, Callable[[Desk, dict[str, str]], tuple[str, list[Body]]]]] = {
    "Trial Balance": ("TrialBalance", _trial_balance),
    "Balance Sheet": ("BalanceSheet", _balance_sheet),
    "Profit and Loss": ("ProfitAndLoss", _profit_and_loss),
    "Bank Summary": ("BankSummary", _bank_summary),
    "Aged Receivables By Contact": ("AgedReceivablesByContact", _aged("receivable")),
    "Aged Payables By Contact": ("AgedPayablesByContact", _aged("payable")),
}
