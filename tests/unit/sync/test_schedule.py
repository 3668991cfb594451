from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.schedule import WARNING_DAYS, next_night, warning

BOOKS = UUID(int=7)
NOON = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
ZONES = st.sampled_from(["America/New_York", "Pacific/Auckland", "Europe/Berlin", "America/Phoenix"])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))


@settings(max_examples=200)
@given(books=st.uuids(), zone=ZONES, after=MOMENTS)
def test_lists_are_read_in_the_firm_s_own_night(books: UUID, zone: str, after: datetime) -> None:
    due = next_night(books, zone=zone, after=after)
    assert after < due <= after + timedelta(hours=25)
    local = due.astimezone(ZoneInfo(zone))
    # In the one night when the clocks change an hour may be added or lost.
    assert 0 <= local.hour < 6
    assert next_night(books, zone=zone, after=due) > due


def test_firms_of_one_zone_are_spread_over_the_night() -> None:
    minutes = {next_night(UUID(int=each), zone="America/New_York", after=NOON) for each in range(200)}
    assert len(minutes) > 100


def test_people_are_told_once_for_each_threshold() -> None:
    end, warned, told = NOON + timedelta(days=40), None, []
    for day in range(42):
        days = warning(end, now=NOON + timedelta(days=day), warned=warned)
        if days is not None:
            told.append((day, days))
            warned = days
    assert told == [(10, 30), (26, 14), (33, 7), (39, 1)]
    assert [days for _, days in told] == list(WARNING_DAYS)


def test_a_sign_in_that_never_ends_warns_nobody() -> None:
    assert warning(None, now=NOON, warned=None) is None
