"""Reports on what customers owe and vendors are owed: in sums, by age, and document by document."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple

from sandbox.quickbooks.faults import ServiceFault
from sandbox.quickbooks.report_figures import Asked, add_up
from sandbox.quickbooks.report_rows import Built, Row, column, data, moneys, section, some_moneys, summary, titled
from sandbox.quickbooks.transactions.base import spaced
from sandbox.quickbooks.work import Work, shown_name
from sandbox.store import Record

Side = Literal["receivable", "payable"]
TITLES = {"receivable": ("Customer", "cust_name"), "payable": ("Vendor", "vend_name")}
MOST_PERIODS = 12


class Open(NamedTuple):
    """A document with something left on it. `days` counts from its due day to that of the report."""

    record: Record
    name: str
    days: int

    @property
    def due(self) -> str:
        return str(self.record.body.get("DueDate") or self.record.txn_date or "")

    @property
    def party(self) -> tuple[str, str]:
        return self.name, (self.record.party or ":").split(":")[1]

    @property
    def figures(self) -> list[int]:
        """What the document came to, and what is left of it; credits are negative."""
        left = self.record.balance_cents
        return [self.record.total_cents if left >= 0 else -abs(self.record.total_cents), left]


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


def _open(work: Work, asked: Asked, side: Side) -> list[Open]:
    """Open documents up to the day of the report, by the names they belong to."""
    wanted = asked.customers if side == "receivable" else asked.vendors
    until = asked.report_date
    found = []
    for record in work.sandbox.books.open_items(work.company.id, side):
        entity, _, id = (record.party or "").partition(":")
        party = work.find(entity, id) if id else None
        if (record.txn_date or "") <= until.isoformat() and (not wanted or id in wanted):
            due = date.fromisoformat(str(record.body.get("DueDate") or record.txn_date))
            found.append(Open(record, shown_name(party) if party else "Not Specified", (until - due).days))
    return sorted(found, key=lambda each: (each.name.casefold(), each.record.txn_date or "", int(each.record.id)))


def _by_party(items: Iterable[Open]) -> dict[tuple[str, str], list[Open]]:
    found: dict[tuple[str, str], list[Open]] = {}
    for item in items:
        found.setdefault(item.party, []).append(item)
    return found


def _summed(work: Work, asked: Asked, side: Side, titles: Sequence[str], place: Callable[[int], int]) -> Built:
    """A row for each name, a column for each title and one for all; `place` says by the days past due which one."""
    items = _open(work, asked, side)
    width = len(titles) + 1
    sums: dict[tuple[str, str], list[int]] = {}
    for item in items:
        row = sums.setdefault(item.party, [0] * width)
        for counted in {place(item.days), width - 1}:
            row[counted] += item.record.balance_cents
    rows = [data(party, *some_moneys(row)) for party, row in sums.items() if any(row)]
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
            item.record.txn_date or "",
            (spaced(item.record.entity), item.record.id),
            item.record.number or "",
            *([item.party] if names else []),
            item.due,
            *([str(max(item.days, 0))] if past else []),
            *moneys(item.figures),
        )
        for item in items
    ]


def aged_detail(side: Side, work: Work, asked: Asked) -> Built:
    """The oldest first."""
    ages, items = Ages(asked), _open(work, asked, side)
    past = side == "payable"
    keys = ["tx_date", "txn_type", "doc_num", TITLES[side][1], "due_date", *(["past_due"] if past else [])]
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
    items = _open(work, asked, side)
    rows = []
    for party, held in _by_party(items).items():
        end = summary("", f"Total for {party[0]}", "", "", "", *moneys(add_up((item.figures for item in held), 2)))
        rows.append(section("", party, _lines(held, names=False, past=False), end=end))
    total = moneys(add_up((item.figures for item in items), 2))
    return columns, [*rows, summary("GrandTotal", "TOTAL", "", "", "", *total)] if rows else []
