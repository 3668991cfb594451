"""The Sync log as a file: every line its filters leave, newest first."""

from collections.abc import AsyncIterator, Iterable, Iterator
from zoneinfo import ZoneInfo

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse
from django.views.decorators.http import require_GET

from exceptions_dashboard import filters
from exceptions_dashboard.sync_log import DIRECTIONS, cursor_of
from integrations.connections.models import Connection
from rivet.ledger.imports import exports
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import Tenant
from sync.models import Direction, LogLine
from sync.queries import log as queries
from sync.states import LOOKS, Shown

COLUMNS = ("level", "direction", "kind", "record", "company", "books", "status", "details", "code", "who")
#: Lines read in one go; a year of a busy firm is a few hundred of these.
_PIECE = 1000


@require_GET
@tenant_page()
def export(request: TenantRequest) -> StreamingHttpResponse:
    books = {one.pk: one for one in Connection.objects.all()}
    wanted = filters.of_log(request.GET, connections={str(one.public_id): one.pk for one in books.values()})
    pieces = _pieces(request.tenant, wanted, books)
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="sync-log.csv"'
    return response


async def _pieces(tenant: Tenant, wanted: queries.Filters, books: dict[int, Connection]) -> AsyncIterator[str]:
    """The file as it is sent. Each piece is read in a transaction of its own, so a slow download holds none open."""
    zone = ZoneInfo(tenant.time_zone)
    yield exports.written([f"when ({zone.key})", *COLUMNS], [])
    before: queries.Cursor | None = None
    while found := await sync_to_async(_read)(tenant, wanted, before):
        yield exports.lines(_rows(found, books, zone))
        before = cursor_of(found[-1])


def _read(tenant: Tenant, wanted: queries.Filters, before: queries.Cursor | None) -> list[LogLine]:
    with tenant_transaction(tenant.pk):
        return queries.lines(wanted, before=before, page=_PIECE)


def _rows(lines: Iterable[LogLine], books: dict[int, Connection], zone: ZoneInfo) -> Iterator[tuple[object, ...]]:
    for line in lines:
        connection = books.get(line.connection_id or 0)
        yield (
            f"{line.created_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            line.severity,
            DIRECTIONS[Direction(line.direction)][1],
            filters.ENTITIES.get(line.entity, line.entity),
            line.label,
            connection.company_name if connection else "",
            connection.provider_name if connection else "",
            LOOKS[Shown(line.status)].label if line.status in set(Shown) else line.status,
            line.detail,
            line.code,
            line.actor_label,
        )
