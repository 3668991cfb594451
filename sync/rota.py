"""What the clock does for each connection, and when it is next."""

from datetime import datetime

from integrations.connections.models import Connection
from rivet import clock
from rivet.tenants.context import current_tenant_id
from sync import outbox, schedule
from sync.models import Chore, ChoreKind

_BY_THE_CLOCK = (ChoreKind.NIGHTLY, ChoreKind.HEALTH)


def plan(books: Connection) -> None:
    """Have the clock look after a connection; what is planned stays. In the caller's transaction."""
    now = clock.now()
    due = {kind: next_due(books, kind, now) for kind in _BY_THE_CLOCK}
    tenant_id = current_tenant_id()
    rows = [Chore(tenant_id=tenant_id, connection=books, kind=kind, due_at=moment) for kind, moment in due.items()]
    Chore.objects.bulk_create(rows, ignore_conflicts=True)
    outbox.mark_due(books.pk, min(due.values()))


def read_soon(books: Connection, *, unless_since: datetime) -> None:
    """Read the lists now instead of tonight, unless they were read since that moment. In the caller's transaction.

    One reading answers for all that was asked before it, so a hundred refused documents cost one.
    """
    if books.lists_refreshed_at is not None and books.lists_refreshed_at >= unless_since:
        return
    now = clock.now()
    later = Chore.objects.filter(connection=books, kind=ChoreKind.NIGHTLY, due_at__gt=now, claimed_by=None)
    if later.update(due_at=now):
        outbox.mark_due(books.pk, now)


def next_due(books: Connection, kind: ChoreKind, now: datetime) -> datetime:
    if kind is ChoreKind.HEALTH:
        return now + schedule.HEALTH_EVERY
    return schedule.next_night(books.public_id, zone=books.tenant.time_zone, after=now)
