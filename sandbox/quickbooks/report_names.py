"""Reports on what customers owe and vendors are owed: in sums, by age, and document by document."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from sandbox import wire
from sandbox.quickbooks.faults import ServiceFault
from sandbox.quickbooks.report_figures import Asked, add_up, refuse_too_many
from sandbox.quickbooks.report_rows import Built, Row, column, data, moneys, section, some_moneys, summary, titled
from sandbox.quickbooks.transactions.base import spaced
from sandbox.quickbooks.transactions.currencies import left_at_home, worth
from sandbox.quickbooks.work import Work, shown_name

Side = Literal["receivable", "payable"]
TITLES = {"receivable": ("Customer", "cust_name"), "payable": ("Vendor", "vend_name")}
MOST_PERIODS = 12


class Open(NamedTuple):
    """A document with something left on it, in cents of the home currency; credits are negative. `days` counts from its
    due day to that of the report."""

    entity: str
    id: str
    number: str
    date: str
    due: str
    party: tuple[str, str]
    total: int
    left: int
    days: int

    @property
    def figures(self) -> list[int]:
        """What the document came to, and what is left of it."""
        return [self.total, self.left]


class Ages:
    """Periods of days past due: what is not due yet, so many periods of a length, and all that is older."""

    def __init__(self, asked: Asked) -> None:
        self.length = _count(asked, "aging_period", 30, most=365)
        self.number = _count(asked, "num_periods", 4, most=MOST_PERIODS)

    @property
    def titles(self) -> list[str]:
        ends = range(self.length, self.length * self.number, self.length)
        spans = [f"{end - self.length + 1} - {end}" for end in ends]
        return ["Current", *spans, f"{self.length * (self.number - 1) + 1} and over"]

    def place(self, days: int) -> int:
        """Which of the titles a document so many days past due belongs under."""
        return 0 if days <= 0 else min((days - 1) // self.length + 1, self.number)


def _count(asked: Asked, name: str, usual: int, *, most: int) -> int:
    text = asked.query.get(name) or str(usual)
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and 1 <= int(text) <= most):
        raise ServiceFault("2240", f"Number out of range. Min:1 Max:{most}. Supplied value:{text[:40]}", name)
    return int(text)


_DUE = "coalesce(nullif(body ->> '$.DueDate', ''), txn_date)"


def _where(asked: Asked, company: str, side: Side) -> tuple[str, list[str]]:
    """The condition for open documents up to the day of the report, and its values."""
    where = "company=? AND side=? AND balance_cents<>0 AND txn_date<=?"
    values = [company, side, asked.report_date.isoformat()]
    wanted = asked.customers if side == "receivable" else asked.vendors
    if not wanted:
        return where, values
    parties = wire.dumps([f"{TITLES[side][0]}:{id}" for id in sorted(wanted)])
    return f"{where} AND party IN (SELECT value FROM json_each(?))", [*values, parties]  # noqa: S608  values are bound


def _open(work: Work, asked: Asked, side: Side) -> Iterator[Open]:
    """Open documents up to the day of the report, in no order."""
    names: dict[str, tuple[str, str]] = {}
    passed: dict[str, int] = {}
    where, values = _where(asked, work.company.id, side)
    rows = work.sandbox.store.db.execute(
        f"SELECT entity, id, coalesce(number, ''), txn_date, {_DUE}, coalesce(party, ''), total_cents, balance_cents,"  # noqa: S608  values are bound
        f" body -> '$.ExchangeRate' FROM documents WHERE {where}",
        values,
    )
    for entity, id, number, day, due, party, total, balance, rate in rows:
        if party not in names:
            names[party] = _party(work, party)
        if due not in passed:
            passed[due] = (asked.report_date - date.fromisoformat(due)).days
        if rate is not None:
            balance = left_at_home(entity, total, balance, Decimal(rate))
            total = worth(total, Decimal(rate))
        whole = total if balance >= 0 else -abs(total)
        yield Open(entity, id, number, day, due, names[party], whole, balance, passed[due])


def _party(work: Work, party: str) -> tuple[str, str]:
    """Name and id of whom a document belongs to."""
    entity, _, id = party.partition(":")
    record = work.find(entity, id) if id else None
    return shown_name(record) if record else "Not Specified", id


def _listed(work: Work, asked: Asked, side: Side, *, columns: int) -> list[Open]:
    """The same by name and day. Raises 6000 for more than a report can hold."""
    refuse_too_many(work.sandbox.store.count(*_where(asked, work.company.id, side)) * columns)
    return sorted(_open(work, asked, side), key=lambda each: (each.party[0].casefold(), each.date, int(each.id)))


def _by_party(items: Iterable[Open]) -> dict[tuple[str, str], list[Open]]:
    found: dict[tuple[str, str], list[Open]] = {}
    for item in items:
        found.setdefault(item.party, []).append(item)
    return found


def _summed(work: Work, asked: Asked, side: Side, titles: Sequence[str], place: Callable[[int], int]) -> Built:
    """A row for each name, a column for each title and one for all; `place` says by the days past due which one."""
    width = len(titles) + 1
    sums: dict[tuple[str, str], list[int]] = {}
    for item in _open(work, asked, side):
        row = sums.setdefault(item.party, [0] * width)
        for counted in {place(item.days), width - 1}:
            row[counted] += item.left
    by_name = sorted(sums, key=lambda party: (party[0].casefold(), party[1]))
    rows = [data(party, *some_moneys(sums[party])) for party in by_name if any(sums[party])]
    totals = add_up(sums.values(), width)
    columns = [column(title, "Money", str(number) if number else "current") for number, title in enumerate(titles)]
    head = column("", TITLES[side][0], TITLES[side][1])
    end = [summary("GrandTotal", "TOTAL", *moneys(totals))] if rows else []
    return [head, *columns, column("Total", "Money", "total")], [*rows, *end]


def aged(side: Side, work: Work, asked: Asked) -> Built:
    ages = Ages(asked)
    return _summed(work, asked, side, ages.titles, ages.place)


def balances(side: Side, work: Work, asked: Asked) -> Built:
    return _summed(work, asked, side, [], lambda days: 0)


def _lines(items: Sequence[Open], *, names: bool, past: bool) -> list[Row]:
    return [
        data(
            item.date,
            (spaced(item.entity), item.id),
            item.number,
            *([item.party] if names else []),
            item.due,
            *([str(max(item.days, 0))] if past else []),
            *moneys(item.figures),
        )
        for item in items
    ]


def aged_detail(side: Side, work: Work, asked: Asked) -> Built:
    """The oldest first."""
    ages = Ages(asked)
    past = side == "payable"
    keys = ["tx_date", "txn_type", "doc_num", TITLES[side][1], "due_date", *(["past_due"] if past else [])]
    items = _listed(work, asked, side, columns=len(keys) + 2)
    blank = [""] * (len(keys) - 1)
    rows: list[Row] = []
    for place in reversed(range(ages.number + 1)):
        here = [item for item in items if ages.place(item.days) == place]
        if here:
            title = ages.titles[place].replace("and over", "or more")
            title += " days past due" if place else ""
            total = moneys(add_up((item.figures for item in here), 2))
            end = summary("", f"Total for {title}", *blank, *total)
            rows.append(section("", title, _lines(here, names=True, past=past), end=end))
    total = moneys(add_up((item.figures for item in items), 2))
    both = [*titled(*keys), *titled("subt_neg_amount", "subt_neg_open_bal")]
    return both, [*rows, summary("", "TOTAL", *blank, *total)] if rows else []


def balance_detail(side: Side, work: Work, asked: Asked) -> Built:
    columns = titled("tx_date", "txn_type", "doc_num", "due_date", "subt_neg_amount", "subt_neg_open_bal")
    items = _listed(work, asked, side, columns=len(columns))
    rows = []
    for party, held in _by_party(items).items():
        end = summary("", f"Total for {party[0]}", "", "", "", *moneys(add_up((item.figures for item in held), 2)))
        rows.append(section("", party, _lines(held, names=False, past=False), end=end))
    total = moneys(add_up((item.figures for item in items), 2))
    return columns, [*rows, summary("GrandTotal", "TOTAL", "", "", "", *total)] if rows else []
