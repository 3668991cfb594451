"""The only "now" in Rivet: the database's clock, so that no worker's own clock can decide anything."""

from datetime import UTC, datetime

from django.db import connection


def now() -> datetime:
    """The current moment in UTC, from SQL's ``rivet_now()``: the server's clock plus an offset only tests may set."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rivet_now()")
        (moment,) = cursor.fetchone()
    assert isinstance(moment, datetime)  # noqa: S101 - narrows the driver's Any; the function returns timestamptz
    return moment.astimezone(UTC)
