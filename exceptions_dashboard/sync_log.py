"""The Sync log: every line, newest first, filtered by its address."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from exceptions_dashboard import filters
from exceptions_dashboard.entry import opened
from exceptions_dashboard.places import entry_url
from integrations.connections.models import Connection
from rivet.tenants.access import TenantRequest, tenant_page
from sync.models import Direction, LogLine, OutboxEntry, Severity
from sync.queries import log as queries
from sync.states import LOOKS, Look, Shown

TONES = {Severity.ERROR: "red", Severity.WARNING: "amber", Severity.INFO: ""}
DIRECTIONS = {Direction.PUSH: ("↑", "To the books"), Direction.PULL: ("↓", "From the books")}
FILTERS = ("severity", "direction", "entity", "connection", "q", "period")
SEVERITIES = {"": "Everything", Severity.WARNING.value: "Warnings and errors", Severity.ERROR.value: "Errors"}


@dataclass(frozen=True, kw_only=True)
class Line:
    line: LogLine
    tone: str
    arrow: str
    direction: str
    entity: str
    look: Look | None
    connection: Connection | None
    entry: OutboxEntry | None
    entry_url: str | None


@require_GET
@tenant_page()
def log(request: TenantRequest) -> HttpResponse:
    books = list(Connection.objects.order_by("company_name", "pk"))
    wanted = filters.of_log(request.GET, connections={str(one.public_id): one.pk for one in books})
    after = filters.cursor(request.GET, "after")
    if request.htmx and after:
        return _newer(request, wanted, after)
    before = filters.cursor(request.GET, "before")
    found = queries.lines(wanted, before=before)
    page = found[: queries.PAGE]
    by_id = {one.pk: one for one in books}
    query = filters.with_changes(request.GET, before=None)
    context = {
        **_form(request, wanted, books),
        "lines": _lines(page, by_id, slug=request.tenant.slug),
        "query": query,
        "opened": opened(request),
        "newest": filters.cursor_text(cursor_of(page[0])) if page and not before else None,
        "newer_url": f"?{query}" if before else None,
        "older_url": f"?{filters.with_changes(request.GET, before=filters.cursor_text(cursor_of(page[-1])))}"
        if len(found) > queries.PAGE
        else None,
    }
    return render(request, "sync_log/list.html", context)


def _form(request: TenantRequest, wanted: queries.Filters, books: list[Connection]) -> dict[str, Any]:
    """The filters: what can be chosen, and what is."""
    return {
        "filters": wanted,
        "period": filters.one_of(request.GET, "period", filters.PERIODS, filters.USUAL_PERIOD),
        "periods": filters.PERIODS,
        "severities": SEVERITIES,
        "directions": {"": "Both ways", **{each.value: words for each, (_, words) in DIRECTIONS.items()}},
        "entities": filters.ENTITIES,
        "connections": books,
        "chosen_connection": filters.public_id(request.GET, "connection"),
        "is_filtered": any(request.GET.get(name) for name in FILTERS),
    }


def _newer(request: TenantRequest, wanted: queries.Filters, after: queries.Cursor) -> HttpResponse:
    count = queries.newer_than(wanted, after=after)
    if not count:
        return HttpResponse(status=204)
    words = f"{queries.PAGE} or more" if count >= queries.PAGE else str(count)
    context = {"count": count, "words": words, "query": filters.with_changes(request.GET, before=None)}
    return render(request, "sync_log/list.html#newer", context)


def cursor_of(line: LogLine) -> queries.Cursor:
    return queries.Cursor(created_at=line.created_at, id=line.id)


def _lines(page: list[LogLine], books: dict[int, Connection], *, slug: str) -> list[Line]:
    entries = queries.entries_of(page)
    return [_line(line, books, entries.get(line.entry_id or 0), slug=slug) for line in page]


def _line(line: LogLine, books: dict[int, Connection], entry: OutboxEntry | None, *, slug: str) -> Line:
    arrow, words = DIRECTIONS[Direction(line.direction)]
    return Line(
        line=line,
        tone=TONES[Severity(line.severity)],
        arrow=arrow,
        direction=words,
        entity=filters.ENTITIES.get(line.entity, line.entity),
        look=LOOKS[Shown(line.status)] if line.status in set(Shown) else None,
        connection=books.get(line.connection_id or 0),
        entry=entry,
        entry_url=entry_url(slug, entry) if entry else None,
    )
