"""Reading what happened below: facts about a connection set waiting entries free, or hold them."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import F

from integrations.connections.models import Connection, Fact, FactKind
from integrations.ports import Problem
from rivet import clock
from rivet.tenants.models import User
from sync import issues, outbox, rota, succession
from sync.catalogue import exhibits
from sync.models import Attempt, OutboxEntry
from sync.states import Hold, State

STOPPED_THREE_TIMES = Problem(code="SYS-02")


def may_send(books: Connection) -> bool:
    """Whether the connection may be sent to now."""
    return outbox.hold_of(books) is None


def absorb(connection_id: int) -> None:
    """Read the connection's unread facts and act on them. Runs in the caller's tenant transaction."""
    unread = list(Fact.objects.select_for_update(skip_locked=True).filter(connection_id=connection_id, read_at=None))
    if not unread:
        return
    Fact.objects.filter(pk__in=[fact.pk for fact in unread]).update(read_at=clock.now())
    books = Connection.objects.get(pk=connection_id)
    rota.plan(books)
    kinds = {FactKind(fact.kind) for fact in unread}
    if FactKind.MAPPING_SAVED in kinds:
        succession.withdraw_items(books)
    _hold_or_release(books)
    _free(books, kinds)


def hold(books: Connection) -> None:
    """Ready entries wait while the connection is off, and say why."""
    OutboxEntry.objects.filter(connection=books, state=State.READY).update(
        state=State.HELD, reason=outbox.hold_of(books) or "", due_at=None
    )


def _hold_or_release(books: Connection) -> None:
    """Ready entries wait while the connection is off; they go on when it is back."""
    if not may_send(books):
        hold(books)
        return
    mine = OutboxEntry.objects.filter(connection=books)
    now = clock.now()
    issues.resolve_of_connection(books.pk, resolution="fixed")
    resumed = mine.filter(state=State.HELD).exclude(reason=Hold.PARENT)
    if resumed.update(state=State.READY, reason="", due_at=now):
        outbox.mark_due(books.pk, now)
    if mine.filter(state=State.UNCERTAIN).exists():
        outbox.mark_due(books.pk, now)


def _free(books: Connection, kinds: set[FactKind]) -> None:
    """Rejected entries whose cause may have ended are tried again by themselves."""
    codes = [code for code, kind in exhibits().items() if kind.freed_by & kinds]
    rejected = OutboxEntry.objects.filter(
        connection=books, state=State.REJECTED, issues__resolved_at=None, issues__code__in=codes
    )
    requeue(list(rejected), actor=None, resolution="cause ended")


def requeue(
    entries: Iterable[OutboxEntry], *, actor: User | None, resolution: str, priority: int = outbox.USUAL
) -> int:
    """Put rejected entries back into the line; the number that went.

    A rejected entry was either never sent, or its last attempt was proven to have saved nothing: in the second case
    it gets a new generation, so that what was changed meanwhile reaches the bytes. One that may stand in the books all
    the same is looked up again first.
    """
    fences = {entry.pk: entry.fence for entry in entries}
    rejected = OutboxEntry.objects.filter(pk__in=fences, state=State.REJECTED).select_for_update(of=("self",))
    ours = [entry for entry in rejected if entry.fence == fences[entry.pk]]
    doubtful = {entry.pk for entry in ours if entry.looks}
    sent = _sent(ours) - doubtful
    unsent = {entry.pk for entry in ours} - doubtful - sent
    _put_back(doubtful, priority, state=State.UNCERTAIN, looks=1)
    _put_back(unsent, priority, state=State.READY, first_sent_at=None)
    _put_back(sent, priority, state=State.READY, first_sent_at=None, generation=F("generation") + 1)
    issues.resolve_of_entries([entry.pk for entry in ours], resolution=resolution, actor=actor)
    # Last, since a worker that settles something waits for this row.
    for connection_id in sorted({entry.connection_id for entry in ours}):
        outbox.mark_due(connection_id, clock.now())
        outbox.ring_after_commit(connection_id)
    return len(ours)


def _put_back(entry_ids: Collection[int], priority: int, **change: Any) -> None:
    if entry_ids:
        OutboxEntry.objects.filter(pk__in=entry_ids).update(
            fence=F("fence") + 1, tries=0, crashes=0, due_at=clock.now(), settled_at=None, priority=priority, **change
        )


def _sent(entries: Iterable[OutboxEntry]) -> set[int]:
    """Those whose present generation was in a call."""
    generations = {entry.pk: entry.generation for entry in entries}
    attempts = Attempt.objects.filter(entry_id__in=generations).values_list("entry_id", "generation").distinct()
    return {entry_id for entry_id, generation in attempts if generation == generations[entry_id]}
