"""When what the clock sets going is due. Pure: moments and zones come in as arguments."""

import hashlib
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

#: Lists are read between one and five o'clock, when nobody works in the books.
NIGHT_BEGINS = time(1, 0)
NIGHT_MINUTES = 240
#: After a night in which the provider was silent.
NIGHT_AGAIN = timedelta(hours=1)
#: Often enough that an access token is renewed long before a refresh token dies of idleness (Xero 60 days,
#: QuickBooks 100), and that a moved closing date frees what waits within half a working day.
HEALTH_EVERY = timedelta(hours=6)
HEALTH_AGAIN = timedelta(minutes=30)
#: Days before the end that no renewal moves at which people are told, each once.
WARNING_DAYS = (30, 14, 7, 1)


def next_night(connection: UUID, *, zone: str, after: datetime) -> datetime:
    """The next moment after ``after`` at which this connection's lists are read: the same minute every night.

    The minute follows from the connection's id, so that ten thousand firms of one zone do not ask in one second.
    """
    local = after.astimezone(ZoneInfo(zone))
    minute = int.from_bytes(hashlib.sha256(connection.bytes).digest()[:4]) % NIGHT_MINUTES
    tonight = datetime.combine(local.date(), NIGHT_BEGINS, local.tzinfo) + timedelta(minutes=minute)
    return tonight if tonight > local else tonight + timedelta(days=1)


def warning(end: datetime | None, *, now: datetime, warned: int | None) -> int | None:
    """The threshold of ``WARNING_DAYS`` to tell people about now; None when they were told or it is far away."""
    if end is None:
        return None
    left = end - now
    reached = [days for days in WARNING_DAYS if left <= timedelta(days=days)]
    return min(reached) if reached and (warned is None or min(reached) < warned) else None
