from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.xero.dates import (
    UnreadableDateError,
    day_string,
    moment_string,
    read_day,
    read_moment,
    wire_day,
    wire_moment,
)


def test_a_document_date_is_midnight_utc_with_offset() -> None:
    assert wire_day(date(2018, 2, 15)) == "/Date(1518652800000+0000)/"
    assert day_string(date(2018, 2, 15)) == "2018-02-15T00:00:00"


def test_moments_come_with_and_without_offset() -> None:
    moment = datetime(2026, 9, 14, 9, 29, 59, 160_999, tzinfo=UTC)
    assert wire_moment(moment) == "/Date(1789378199160+0000)/"
    assert wire_moment(moment, offset=False) == "/Date(1789378199160)/"
    assert moment_string(moment) == "2026-09-14T09:29:59Z"


@given(st.dates())
def test_every_day_survives_the_round_trip(day: date) -> None:
    assert read_day(wire_day(day)) == day
    assert read_day(day.isoformat()) == day
    assert read_day(day_string(day)) == day


@pytest.mark.parametrize(
    "rubbish",
    ["", "tomorrow", "2026-13-01", "2026-02-30", "/Date()/", "/Date(999999999999999)/", 20260101, None, []],
)
def test_rubbish_is_no_day(rubbish: object) -> None:
    with pytest.raises(UnreadableDateError):
        read_day(rubbish)


@pytest.mark.parametrize(
    "text",
    ["2026-11-20T10:00:00", "2026-11-20T10:00:00Z", "2026-11-20T12:00:00+02:00", "/Date(1795168800000)/"],
)
def test_moments_are_read_as_utc(text: str) -> None:
    assert read_moment(text) == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert read_moment(text).utcoffset() in (timedelta(0), timedelta(hours=2))


def test_a_http_date_is_a_moment_too() -> None:
    assert read_moment("Fri, 20 Nov 2026 10:00:00 GMT") == datetime(2026, 11, 20, 10, tzinfo=UTC)
    with pytest.raises(UnreadableDateError):
        read_moment("yesterday")
