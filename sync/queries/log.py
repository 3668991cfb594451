"""The Sync log page: every line, newest first, by keyset."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from sync.models import LogLine, OutboxEntry, Severity

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """The last line of the page before: lines older than it come next."""

    created_at: datetime
    id: int


@dataclass(frozen=True, kw_only=True)
class Filters:
    severity: str = ""
    direction: str = ""
    entity: str = ""
    connection_id: int | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


def lines(filters: Filters, *, before: Cursor | None = None, page: int = PAGE) -> list[LogLine]:
    """One page and one more, so that the caller knows whether there is a next page."""
    found = _filtered(filters)
    if before is not None:
        found = found.filter(Q(created_at__lt=before.created_at) | Q(created_at=before.created_at, id__lt=before.id))
    return list(found.order_by("-created_at", "-id")[: page + 1])


def newer_than(filters: Filters, *, after: Cursor) -> int:
    """How many lines have come since the page was made, counted to one page at most."""
    found = _filtered(filters).filter(
        Q(created_at__gt=after.created_at) | Q(created_at=after.created_at, id__gt=after.id)
    )
    return found[:PAGE].count()


def entries_of(page: Iterable[LogLine]) -> dict[int, OutboxEntry]:
    """The entries these lines are about, by the id the lines store."""
    wanted = {line.entry_id for line in page if line.entry_id}
    found: dict[int, OutboxEntry] = OutboxEntry.objects.in_bulk(wanted)
    return found


def of_entry(entry_id: int) -> list[LogLine]:
    """An entry's own lines, newest first."""
    return list(LogLine.objects.filter(entry_id=entry_id).order_by("-created_at", "-id")[:100])


def _filtered(filters: Filters) -> QuerySet[LogLine]:
    found: QuerySet[LogLine] = LogLine.objects.all()
    if filters.severity == Severity.WARNING:
        # "Warnings and worse": the partial index is written for this very condition.
        found = found.filter(severity__in=["warning", "error"])
    elif filters.severity:
        found = found.filter(severity=filters.severity)
    exact = {
        "direction": filters.direction,
        "entity": filters.entity,
        "connection_id": filters.connection_id,
        "created_at__gte": filters.since,
        "created_at__lt": filters.until,
        "label__icontains": filters.text,
    }
    return found.filter(**{name: value for name, value in exact.items() if value})
