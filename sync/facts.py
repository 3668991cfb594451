"""Reading what happened below: facts about a connection set waiting entries free, or hold them."""

from collections.abc import Iterable
from datetime import datetime

from integrations.connections.models import Connection, Fact, FactKind
from integrations.ports import Problem
from rivet import clock
from rivet.tenants.models import User
from sync import issues, outbox, rota
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
    _hold_or_release(books)
    _free(books, {FactKind(fact.kind) for fact in unread})


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
    it gets a new generation, so that what was changed meanwhile reaches the bytes.
    """
    chosen = list(entries)
    sent = _sent_generations(chosen)
    now = clock.now()
    moved = sum(_put_back(one, was_sent=(one.pk, one.generation) in sent, priority=priority, now=now) for one in chosen)
    issues.resolve_of_entries([one.pk for one in chosen], resolution=resolution, actor=actor)
    for connection_id in {one.connection_id for one in chosen}:
        outbox.mark_due(connection_id, now)
        outbox.ring_after_commit(connection_id)
    return moved


def _sent_generations(entries: Iterable[OutboxEntry]) -> set[tuple[int, int]]:
    """Which of these entries' generations were ever attempted."""
    attempts = Attempt.objects.filter(entry_id__in=[entry.pk for entry in entries])
    return set(attempts.values_list("entry_id", "generation"))


def _put_back(entry: OutboxEntry, *, was_sent: bool, priority: int, now: datetime) -> int:
    """1 where it was still as it was read, else 0."""
    mine = OutboxEntry.objects.filter(pk=entry.pk, state=State.REJECTED, fence=entry.fence)
    return int(
        mine.update(
            state=State.READY,
            fence=entry.fence + 1,
            generation=entry.generation + was_sent,
            first_sent_at=None,
            tries=0,
            crashes=0,
            looks=0,
            due_at=now,
            settled_at=None,
            priority=priority,
        )
    )
