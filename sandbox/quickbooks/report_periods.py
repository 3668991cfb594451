"""The days a report covers, from the dates or the macro of the query, and how they are cut into months and so on."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sandbox.quickbooks.faults import ServiceFault
from sandbox.quickbooks.shapes import EARLIEST, LATEST

_MACRO = re.compile(
    r"(?P<which>this|last|next) (?:fiscal |calendar )?(?P<unit>week|month|quarter|year)(?P<short>-to-date)?"
)
_FOUR_WEEKS = timedelta(weeks=4)


class Days(NamedTuple):
    """From one day to another, both included."""

    since: date
    until: date


class Part(NamedTuple):
    title: str
    days: Days


def _days(day: date) -> date:
    return day


def _week(day: date) -> date:
    return day - timedelta(days=(day.weekday() + 1) % 7)


def _month(day: date) -> date:
    return day.replace(day=1)


def _quarter(day: date) -> date:
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def _year(day: date) -> date:
    return day.replace(month=1, day=1)


# Weeks begin on Sunday, years in January.
_BEGIN: dict[str, Callable[[date], date]] = {
    "days": _days,
    "week": _week,
    "month": _month,
    "quarter": _quarter,
    "year": _year,
}
_LONGEST = {"days": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
TIMES = frozenset(_BEGIN)


def begin(unit: str, day: date, *, later: int = 0) -> date:
    """The first day of the week, month … that holds `day`, or of one `later` units after it."""
    first = _BEGIN[unit](day)
    for _ in range(later):
        first = _BEGIN[unit](first + timedelta(days=_LONGEST[unit]))
    for _ in range(-later):
        first = _BEGIN[unit](first - timedelta(days=1))
    return first


def covered(asked: dict[str, str], today: date) -> Days:
    """The days the query means: this year until today unless it says otherwise. Raises 2060, 2170, 2190."""
    usual = _of_macro(asked["date_macro"], today) if asked.get("date_macro") else Days(begin("year", today), today)
    until = _day(asked, "end_date") or usual.until
    since = _day(asked, "start_date") or (begin("year", until) if asked.get("end_date") else usual.since)
    if since > until:
        raise ServiceFault("2190", "Invalid Date Range : start_date lies after end_date", "start_date")
    return Days(since, until)


def as_of(asked: dict[str, str], today: date) -> date:
    """The day of a report that tells how things stand; raises 2060."""
    return _day(asked, "report_date") or today


def parts(unit: str, days: Days) -> Iterator[Part]:
    """The days cut where weeks, months … begin, each part with the vendor's title."""
    since = days.since
    while since <= days.until:
        until = min(begin(unit, since, later=1) - timedelta(days=1), days.until)
        yield Part(_title(unit, Days(since, until)), Days(since, until))
        since = until + timedelta(days=1)


def _of_macro(text: str, today: date) -> Days:
    words = text.casefold().strip()
    if words in ("today", "yesterday"):
        day = today - timedelta(days=words == "yesterday")
        return Days(day, day)
    if words == "next 4 weeks":
        return Days(begin("week", today, later=1), begin("week", today, later=1) + _FOUR_WEEKS - timedelta(days=1))
    found = _MACRO.fullmatch(words)
    if found is None or (found["which"] == "next" and found["short"]):
        raise ServiceFault("2170", f"Invalid Enumeration : {text[:60]}", "date_macro")
    later = {"this": 0, "last": -1, "next": 1}[found["which"]]
    since = begin(found["unit"], today, later=later)
    until = begin(found["unit"], since, later=1) - timedelta(days=1)
    if found["short"]:
        until = min(until, since + (today - begin(found["unit"], today)))
    return Days(since, until)


def _day(asked: dict[str, str], name: str) -> date | None:
    text = asked.get(name)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        detail = f"{name} should be in the format yyyy-MM-dd. Supplied value:{text[:40]}"
        raise ServiceFault("2060", detail, name) from None
    if not EARLIEST <= day.year <= LATEST:
        raise ServiceFault("2190", f"{name} is out of range. Supplied value:{text[:40]}", name)
    return day


def _title(unit: str, days: Days) -> str:
    """ "Jan 2026" for a whole month, "Jan - Mar, 2026" for a quarter, "Jan 15 - 31, 2026" for what was cut."""
    since, until = days
    if since == until:
        return f"{since:%b} {since.day}, {since.year}"
    whole = since == begin(unit, since) and until == begin(unit, since, later=1) - timedelta(days=1)
    if whole and unit == "month":
        return f"{since:%b %Y}"
    if whole and unit == "year":
        return f"{since:%b} - {until:%b %Y}"
    if whole and unit == "quarter":
        return f"{since:%b} - {until:%b}, {until.year}"
    if (since.year, since.month) == (until.year, until.month):
        return f"{since:%b} {since.day} - {until.day}, {until.year}"
    return f"{since:%b} {since.day} - {until:%b} {until.day}, {until.year}"
