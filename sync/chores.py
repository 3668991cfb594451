"""What has to be read from the books, by a person's wish or by the clock: rows with a due moment, like entries.

A worker that gives a connection its turn does what is due. Nothing here needs a message, so Redis may be away; a worker
that dies in the middle leaves a lease that ends, and the next one reads again, which does no harm.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from integrations.connections.models import Connection, Status
from integrations.ports import AccessLostError, ProviderError, ThrottledError
from rivet import clock
from rivet.tenants.context import current_tenant_id, tenant_transaction
from sync import chore_claims, claims, expiry, leases, outbox, pulls, rota, schedule
from sync.models import Chore, ChoreKind, RunKind, SyncRun
from sync.timing import timing

#: What a run says whose worker was never heard of again.
BROKEN_OFF = "The worker stopped in the middle; another one has begun again."


def ask_for_lists(books: Connection, run: SyncRun) -> None:
    """Have a worker read the lists for a run. In the caller's transaction; the caller rings the bell."""
    Chore.objects.get_or_create(
        tenant_id=run.tenant_id, connection=books, run=run, defaults={"kind": ChoreKind.LISTS, "due_at": clock.now()}
    )
    outbox.mark_due(books.pk, clock.now())


def do_next(*, tenant_id: int, connection_id: int) -> bool:
    """Do the connection's next chore, if one is due; whether there was one. Call it outside any transaction."""
    with tenant_transaction(tenant_id):
        chore = chore_claims.claim(connection_id)
    if chore is None:
        return False
    with leases.kept_by(partial(chore_claims.renew, chore), tenant_id=tenant_id):
        _DUTIES[ChoreKind(chore.kind)](chore)
    return True


# The duties ------------------------------------------------------------------------------------------------------


def _lists(chore: Chore) -> None:
    """Somebody pressed Sync now: read and say how it went. Pressing again is simple enough to need no retry."""
    books, trouble = chore.connection, ""
    try:
        if books.status == Status.CONNECTED:
            pulls.read_lists(books, run_id=chore.run_id)
    except ThrottledError as error:
        _wait(chore, error)
        return
    except ProviderError as error:
        trouble = _words(books, error)
    with tenant_transaction(books.tenant_id):
        done, _ = chore_claims.mine(chore).delete()
        if not done:
            return
        run = SyncRun.objects.select_for_update().get(pk=chore.run_id)
        run.trouble = " ".join(part for part in (run.trouble, trouble) if part)
        if not Chore.objects.filter(run=run).exists():
            run.finished_at = clock.now()
        run.save(update_fields=["trouble", "finished_at"])


def _wait(chore: Chore, asked: ThrottledError) -> None:
    """Their limit is no answer to the person who pressed: the run stays open, and the lists are read when it ends."""
    with tenant_transaction(chore.tenant_id):
        until = clock.now() + timing().tick * max(1, asked.seconds)
        claims.rest(chore.connection_id, until=until)
        chore_claims.mine(chore).update(due_at=until, claimed_by=None)


def _nightly(chore: Chore) -> None:
    books, again = chore.connection, None
    if books.status == Status.CONNECTED and not books.paused_at:
        fine = _run(RunKind.REFRESH, books, lambda run_id: pulls.read_lists(books, run_id=run_id))
        again = None if fine else schedule.NIGHT_AGAIN
    _plan_again(chore, again)


def _health(chore: Chore) -> None:
    books, again = chore.connection, None
    if books.status in {Status.CONNECTED, Status.ERROR}:
        fine = _run(RunKind.HEALTH, books, lambda run_id: pulls.check_health(books, run_id=run_id))
        again = None if fine else schedule.HEALTH_AGAIN
    expiry.warn(books)
    _plan_again(chore, again)


_DUTIES: Mapping[ChoreKind, Callable[[Chore], None]] = {
    ChoreKind.LISTS: _lists,
    ChoreKind.NIGHTLY: _nightly,
    ChoreKind.HEALTH: _health,
}


def _run(kind: RunKind, books: Connection, act: Callable[[int], object]) -> bool:
    """Do something as a run of its own; whether it went well."""
    with tenant_transaction(books.tenant_id):
        # One chore at a time: a run of this kind that is still open belongs to a worker that died over it.
        SyncRun.objects.filter(kind=kind, connection=books, finished_at=None).update(
            finished_at=clock.now(), trouble=BROKEN_OFF
        )
        run: SyncRun = SyncRun.objects.create(tenant_id=current_tenant_id(), kind=kind, connection=books)
    trouble = ""
    try:
        act(run.pk)
    except ProviderError as error:
        trouble = _words(books, error)
    with tenant_transaction(books.tenant_id):
        SyncRun.objects.filter(pk=run.pk).update(finished_at=clock.now(), trouble=trouble)
    return not trouble


def _words(books: Connection, error: ProviderError) -> str:
    """What went wrong, in a sentence."""
    match error:
        case AccessLostError():
            happened = "no longer lets Rivet in"
        case ThrottledError():
            happened = "takes no more calls at the moment"
        case _:
            happened = "did not answer"
    return f"{books.company_name}: {books.provider_name} {happened}."


def _plan_again(chore: Chore, again: timedelta | None) -> None:
    books = chore.connection
    with tenant_transaction(books.tenant_id):
        now = clock.now()
        due = now + again if again else rota.next_due(books, ChoreKind(chore.kind), now)
        chore_claims.mine(chore).update(due_at=due, claimed_by=None)
