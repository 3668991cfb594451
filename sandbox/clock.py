"""The only "now" of the sandbox; `/control/clock` moves it."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time plus an offset. Limits, token expiry and document times all ask here."""

    def __init__(self) -> None:
        self.offset_seconds: float = 0.0

    def now(self) -> datetime:
        """The sandbox's moment, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.offset_seconds)

    def timestamp(self) -> float:
        """The same moment as seconds since 1970."""
        return self.now().timestamp()
