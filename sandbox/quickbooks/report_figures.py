"""What the columns of a report show of each account: everything at once, a column per month, or one per customer."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import accumulate, islice
from typing import NamedTuple

from sandbox.books import AccountBalance, Only, Sum
from sandbox.quickbooks.faults import ServiceFault, business
from sandbox.quickbooks.lists.account_types import TYPES
from sandbox.quickbooks.lists.accounts import CREDIT_SIDE
from sandbox.quickbooks.report_periods import TIMES, Days, Part, as_of, begin, covered, parts
from sandbox.quickbooks.report_rows import Row, column
from sandbox.quickbooks.work import Work, shown_name

RETAINED = "RetainedEarnings"
ACCRUAL = "accrual"
TOTAL = column("Total", "Money", "total")
LARGEST = 400_000
"""Cells of a report."""
NAMES = {"customers": ("Customers", "Customer"), "classes": ("Classes", "Class")}
NOT_SPECIFIED = "Not Specified"


class Asked:
    """What the query asks for: which days, cut how, and whose postings. Raises 2060, 2170, 2190, or 5030 for what
    the books cannot tell."""

    def __init__(self, work: Work, query: dict[str, str], *, narrowing: frozenset[str], can_be_cut: bool) -> None:
        """`narrowing` names what this report, unlike others, can be narrowed to."""
        self.query = query
        self.customers, self.vendors = (_ids(query, name) for name in ("customer", "vendor"))
        self.report_date = as_of(query, date.fromisoformat(work.today))
        self.days = covered(query, date.fromisoformat(work.today))
        dated = any(query.get(name) for name in ("date_macro", "start_date", "end_date"))
        self.macro = query.get("date_macro", "") if dated else "this calendar year-to-date"
        # Whom the report is narrowed to, as the header says it.
        self.narrowed = {name.title(): query[name] for name in ("customer", "vendor", "class") if query.get(name)}
        self.by = query.get("summarize_column_by", "Total").casefold()
        self.accounts = frozenset(filter(None, query.get("account", "").split(",")))
        customers = tuple(f"Customer:{id}" for id in query.get("customer", "").split(",") if id)
        self.only = Only(customers, tuple(filter(None, query.get("class", "").split(","))))
        if query.get("accounting_method", ACCRUAL).casefold() != ACCRUAL:
            raise _unsupported("Reports are on the accrual basis only.")
        if self.by != "total" and not (can_be_cut and (self.by in TIMES or self.by in NAMES)):
            raise _unsupported(f"Columns cannot be summarized by {query['summarize_column_by'][:40]} here.")
        for name in ("customer", "class", "vendor", "item", "department", "employee"):
            if query.get(name) and name not in narrowing:
                raise _unsupported(f"Reports cannot be narrowed to a {name} here.")

    @property
    def summarized_by(self) -> str:
        """As the header of a report says it."""
        return NAMES[self.by][0] if self.by in NAMES else self.by.title()


def _ids(query: dict[str, str], name: str) -> frozenset[str]:
    return frozenset(filter(None, query.get(name, "").split(",")))


class Figures(NamedTuple):
    """One account and its cents in every column, debits positive."""

    account: AccountBalance
    cents: list[int]

    @property
    def is_profit(self) -> bool:
        return is_profit(self.account)

    @property
    def shown(self) -> list[int]:
        """Debits positive for what is owned or spent, credits positive for the rest."""
        sign = -1 if TYPES[self.account.type].classification in CREDIT_SIDE else 1
        return [sign * cents for cents in self.cents]


class Table(NamedTuple):
    columns: list[Row]
    rows: list[Figures]


def is_profit(row: AccountBalance) -> bool:
    return TYPES[row.type].classification in ("Revenue", "Expense")


def moved(work: Work, asked: Asked) -> Table:
    """What was posted within the days, in the columns asked for and in one for all of them."""
    if asked.by in NAMES:
        return _by_name(work, asked)
    history = _History(work, asked.only)
    if asked.by == "total":
        return _table(work, [TOTAL], lambda account: [history.moved(account.id, asked.days)])
    cut = _cut(work, asked)

    def figures(account: AccountBalance) -> list[int]:
        found = [history.moved(account.id, part.days) for part in cut]
        return [*found, sum(found)]

    return _table(work, [*(_column(part) for part in cut), TOTAL], figures)


def closed(work: Work, asked: Asked) -> Table:
    """Balances at the end of the days, or of each part of them, with the profits of earlier years already in
    Retained Earnings."""
    if asked.by in NAMES:
        raise _unsupported("A balance sheet has no columns for names here.")
    history = _History(work, asked.only)
    retained = work.first_account("Equity", RETAINED)
    profits = [row.id for row in work.sandbox.books.trial_balance(work.company.id) if is_profit(row)]
    cut = [] if asked.by == "total" else _cut(work, asked)

    def balance(account: AccountBalance, until: date) -> int:
        year = begin("year", until)
        if is_profit(account):
            return history.moved(account.id, Days(year, until))
        earlier = profits if retained is not None and account.id == retained.id else []
        return history.until(account.id, until) + sum(history.before(id, year) for id in earlier)

    ends = [part.days.until for part in cut] or [asked.days.until]
    columns = [_column(part) for part in cut] or [TOTAL]
    return _table(work, columns, lambda account: [balance(account, until) for until in ends])


class _History:
    """The postings of every account, day by day."""

    def __init__(self, work: Work, only: Only) -> None:
        days: dict[str, list[Sum]] = {}
        for row in work.sandbox.books.sums(work.company.id, "date", only=only):
            days.setdefault(row.account, []).append(row)
        self._days = {account: [str(row.key) for row in rows] for account, rows in days.items()}
        self._sums = {account: [0, *accumulate(row.cents for row in rows)] for account, rows in days.items()}

    def until(self, account: str, day: date) -> int:
        """The balance at the end of a day."""
        return self._sums[account][bisect_right(self._days[account], day.isoformat())] if account in self._days else 0

    def before(self, account: str, day: date) -> int:
        """The balance in the morning of a day."""
        return self._sums[account][bisect_left(self._days[account], day.isoformat())] if account in self._days else 0

    def moved(self, account: str, days: Days) -> int:
        return self.until(account, days.until) - self.before(account, days.since)


def _by_name(work: Work, asked: Asked) -> Table:
    """A column for each customer or class that anything was posted to, one for the rest, one for all."""
    entity = NAMES[asked.by][1]
    by: dict[str, dict[str, int]] = {}
    sums = work.sandbox.books.sums(
        work.company.id,
        "party" if entity == "Customer" else "tag",
        since=asked.days.since.isoformat(),
        until=asked.days.until.isoformat(),
        only=asked.only,
    )
    profits = {row.id for row in work.sandbox.books.trial_balance(work.company.id) if is_profit(row)}
    for account, key, cents in sums:
        if account in profits:
            held = by.setdefault(_id(entity, key), {})
            held[account] = held.get(account, 0) + cents
    refuse_too_many((len(by) + 1) * work.sandbox.books.count_accounts(work.company.id))
    names = {id: _name(work, entity, id) for id in by}
    ids = sorted(by, key=lambda id: (not id, names[id].casefold()))

    def figures(account: AccountBalance) -> list[int]:
        found = [by[id].get(account.id, 0) for id in ids]
        return [*found, sum(found)]

    return _table(work, [*(column(names[id], "Money", id or "not_specified") for id in ids), TOTAL], figures)


def _id(entity: str, key: str | None) -> str:
    """The id of the customer or class, empty where a posting names none."""
    if entity == "Class":
        return key or ""
    kind, _, id = (key or "").partition(":")
    return id if kind == entity else ""


def _name(work: Work, entity: str, id: str) -> str:
    record = work.find(entity, id) if id else None
    return shown_name(record) if record else NOT_SPECIFIED


def _cut(work: Work, asked: Asked) -> list[Part]:
    """Raises 6000 for more cells than a report can hold."""
    accounts = work.sandbox.books.count_accounts(work.company.id)
    cut = list(islice(parts(asked.by, asked.days), LARGEST // max(accounts, 1) + 1))
    refuse_too_many(len(cut) * accounts)
    return cut


def refuse_too_many(cells: int) -> None:
    """Raise 6000 for more cells than a report can hold."""
    if cells > LARGEST:
        business("Unable to display more data. Please reduce the date range.")


def _column(part: Part) -> Row:
    days = {"StartDate": part.days.since.isoformat(), "EndDate": part.days.until.isoformat()}
    return column(part.title, "Money", part.title, **days)


def _table(work: Work, columns: list[Row], figures: Callable[[AccountBalance], list[int]]) -> Table:
    chart = work.sandbox.books.trial_balance(work.company.id)
    return Table(columns, [Figures(account, figures(account)) for account in chart])


def add_up(rows: Iterable[Sequence[int]], width: int) -> list[int]:
    """The sum of each column."""
    found = [0] * width
    for row in rows:
        found = [one + other for one, other in zip(found, row, strict=True)]
    return found


def _unsupported(why: str) -> ServiceFault:
    return ServiceFault("5030", f"Feature Not Supported Error : {why}")
