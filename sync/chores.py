"""What has to be read from the books, by a person's wish or by the clock: rows with a due moment, like entries.

A worker that gives a connection its turn does what is due. Nothing here needs a message, so Redis may be away; a worker
that dies in the middle leaves a row that is due again when its time is up. Reading twice does no harm.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from integrations.connections.models import Connection, Status
from integrations.ports import AccessLostError, ProviderError
from rivet import clock
from rivet.tenants.context import current_tenant_id, tenant_transaction
from sync import expiry, outbox, pulls, rota, schedule
from sync.models import Chore, ChoreKind, RunKind, SyncRun
from sync.timing import timing


def ask_for_lists(books: Connection, run: SyncRun) -> None:
    """Have a worker read the lists for a run. In the caller's transaction; the caller rings the bell."""
    Chore.objects.get_or_create(
        tenant_id=run.tenant_id, connection=books, run=run, defaults={"kind": ChoreKind.LISTS, "due_at": clock.now()}
    )
    outbox.mark_due(books.pk, clock.now())


def do_next(*, tenant_id: int, connection_id: int) -> bool:
    """Do the connection's next chore, if one is due; whether there was one. Call it outside any transaction."""
    with tenant_transaction(tenant_id):
        chore = _claim(connection_id)
    if chore is not None:
        _DUTIES[ChoreKind(chore.kind)](chore)
    return chore is not None


def _claim(connection_id: int) -> Chore | None:
    now = clock.now()
    due = Chore.objects.filter(connection_id=connection_id, due_at__lte=now).order_by("due_at", "id")
    chore: Chore | None = due.select_for_update(of=("self",), skip_locked=True).first()
    if chore is not None:
        chore = Chore.objects.select_related("connection__grant", "connection__tenant").get(pk=chore.pk)
        chore.due_at = now + timing().ghost_wait
        chore.save(update_fields=["due_at"])
    return chore


# The duties ------------------------------------------------------------------------------------------------------


def _lists(chore: Chore) -> None:
    """Somebody pressed Sync now: read once and say how it went. Pressing again is simple enough to need no retry."""
    books = chore.connection
    trouble = _read(books, chore.run_id) if books.status == Status.CONNECTED else ""
    with tenant_transaction(books.tenant_id):
        Chore.objects.filter(pk=chore.pk).delete()
        run = SyncRun.objects.select_for_update().get(pk=chore.run_id)
        run.trouble = " ".join(part for part in (run.trouble, trouble) if part)
        if not Chore.objects.filter(run=run).exists():
            run.finished_at = clock.now()
        run.save(update_fields=["trouble", "finished_at"])


def _nightly(chore: Chore) -> None:
    books, again = chore.connection, None
    if books.status == Status.CONNECTED and not books.paused_at:
        run_id = _open(RunKind.REFRESH, books)
        trouble = _read(books, run_id)
        again = schedule.NIGHT_AGAIN if trouble else None
        _close(run_id, books, trouble)
    _plan_again(chore, again)


def _health(chore: Chore) -> None:
    books, again = chore.connection, None
    if books.status in {Status.CONNECTED, Status.ERROR}:
        run_id = _open(RunKind.HEALTH, books)
        trouble = _trouble(books, lambda: pulls.check_health(books))
        again = schedule.HEALTH_AGAIN if trouble else None
        _close(run_id, books, trouble)
    expiry.warn(books)
    _plan_again(chore, again)


_DUTIES: Mapping[ChoreKind, Callable[[Chore], None]] = {
    ChoreKind.LISTS: _lists,
    ChoreKind.NIGHTLY: _nightly,
    ChoreKind.HEALTH: _health,
}


def _read(books: Connection, run_id: int | None) -> str:
    return _trouble(books, lambda: pulls.read_lists(books, run_id=run_id))


def _trouble(books: Connection, act: Callable[[], object]) -> str:
    """What went wrong, in a sentence; empty when nothing did."""
    try:
        act()
    except AccessLostError:
        return f"{books.company_name}: {books.provider_name} no longer lets Rivet in."
    except ProviderError:
        return f"{books.company_name}: {books.provider_name} did not answer."
    return ""


def _open(kind: RunKind, books: Connection) -> int:
    with tenant_transaction(books.tenant_id):
        run: SyncRun = SyncRun.objects.create(tenant_id=current_tenant_id(), kind=kind, connection=books)
    return int(run.pk)


def _close(run_id: int, books: Connection, trouble: str) -> None:
    with tenant_transaction(books.tenant_id):
        SyncRun.objects.filter(pk=run_id).update(finished_at=clock.now(), trouble=trouble)


def _plan_again(chore: Chore, again: timedelta | None) -> None:
    books = chore.connection
    with tenant_transaction(books.tenant_id):
        now = clock.now()
        due = now + again if again else rota.next_due(books, ChoreKind(chore.kind), now)
        Chore.objects.filter(pk=chore.pk).update(due_at=due)
