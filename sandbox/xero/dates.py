"""Xero's ways of writing a day and a moment, and of reading them."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = date(1970, 1, 1)
MILLISECOND = timedelta(milliseconds=1)

_WIRE = re.compile(r"^/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/$")
_ISO_DAY = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")


class UnreadableDateError(ValueError):
    """The text is neither `YYYY-MM-DD` nor `/Date(ms)/`."""


@lru_cache(maxsize=4096)
def wire_day(day: date) -> str:
    """A document date: midnight UTC in milliseconds, with the zero offset Xero prints."""
    return f"/Date({(day - EPOCH_DAY).days * 86_400_000}+0000)/"


@lru_cache(maxsize=4096)
def wire_moment(moment: datetime, *, offset: bool = True) -> str:
    """A moment: `UpdatedDateUTC` carries the offset, `DateTimeUTC` and `CreatedDateUTC` do not."""
    milliseconds = (moment - EPOCH) // MILLISECOND
    return f"/Date({milliseconds}{'+0000' if offset else ''})/"


def day_string(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


@lru_cache(maxsize=4096)
def moment_string(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_day(value: object) -> date:
    """Read a date as requests carry it: `YYYY-MM-DD` with or without a time, or `/Date(ms)/`."""
    if not isinstance(value, str):
        raise UnreadableDateError(repr(value))
    return _day_of(value)


@lru_cache(maxsize=4096)
def _day_of(value: str) -> date:
    if match := _WIRE.match(value):
        return _from_milliseconds(int(match[1])).date()
    if match := _ISO_DAY.match(value):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError as error:
            raise UnreadableDateError(value) from error
    raise UnreadableDateError(value)


@lru_cache(maxsize=4096)
def read_moment(value: str) -> datetime:
    """Read a moment in UTC, as `If-Modified-Since` and stored records carry it."""
    if match := _WIRE.match(value):
        return _from_milliseconds(int(match[1]))
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(value.strip())
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    raise UnreadableDateError(value)


def _from_milliseconds(milliseconds: int) -> datetime:
    try:
        return EPOCH + milliseconds * MILLISECOND
    except OverflowError as error:
        raise UnreadableDateError(str(milliseconds)) from error
