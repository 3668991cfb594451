"""Runs: what a person or the clock sets going for many records at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from integrations.connections.models import Connection, Status
from rivet import clock
from rivet.ledger.models import Revision
from rivet.ledger.snapshots import SourceKind
from rivet.tenants import audit
from rivet.tenants.context import current_tenant_id
from rivet.tenants.models import User
from sync import chores, deliveries, facts, issues, log, outbox, succession
from sync.models import Chore, EntryNeed, OutboxEntry, RunKind, Severity, SyncRun
from sync.states import Cancellation, Shown, State


def start(kind: RunKind, *, connection: Connection | None, actor: User | None) -> SyncRun:
    """Open a run; its progress is read from the entries that carry it."""
    run: SyncRun = SyncRun.objects.create(
        tenant_id=current_tenant_id(), kind=kind, connection=connection, requested_by=actor
    )
    return run


def sync_now(*, connection: Connection | None, actor: User) -> SyncRun:
    """Make held and retrying entries due, enqueue approved documents that have no posting yet, ask for their lists.

    Overrides no limit and no person's decision: paused and disconnected connections and rejected entries stay.
    The lists are read by a worker (``chores``), since that calls the provider. Pressed twice, it is one run.
    """
    run = _running(connection) or start(RunKind.SYNC_NOW, connection=connection, actor=actor)
    chosen = Connection.objects.filter(status=Status.CONNECTED, paused_at=None)
    reached = list(chosen.filter(pk=connection.pk) if connection else chosen)
    for books in reached:
        facts.absorb(books.pk)
        run.queued += _make_due(books, run) + _enqueue_forgotten(books)
        chores.ask_for_lists(books, run)
        outbox.ring_after_commit(books.pk)
    if not reached:
        run.finished_at = clock.now()
    run.save(update_fields=["queued", "finished_at"])
    audit.record(actor=actor, act="sync.now", subject_kind="run", subject_id=run.public_id)
    return run


def _running(connection: Connection | None) -> SyncRun | None:
    """The same wish that no worker has begun to fulfil: what one reads already may be older than this wish."""
    mine = SyncRun.objects.filter(kind=RunKind.SYNC_NOW, connection=connection, finished_at=None)
    begun = Chore.objects.exclude(claimed_by=None).values("run_id")
    found: SyncRun | None = (
        mine.exclude(pk__in=begun.exclude(run=None)).select_for_update(of=("self",)).order_by("-id").first()
    )
    return found


def _make_due(books: Connection, run: SyncRun) -> int:
    # What a worker is looking up just now stays with it: its lease is no waiting.
    waiting = OutboxEntry.objects.filter(connection=books, state__in=[State.READY, State.UNCERTAIN], claimed_by=None)
    return int(waiting.update(due_at=clock.now(), priority=outbox.URGENT, run=run))


def _enqueue_forgotten(books: Connection) -> int:
    """Documents approved while no books were connected: approved still, and without an entry anywhere."""
    any_entry = OutboxEntry.objects.filter(source_kind=OuterRef("kind"), source_id=OuterRef("source_id"))
    forgotten = Revision.objects.filter(~Exists(any_entry), kind__in=list(succession.DOCUMENTS))
    newest = forgotten.order_by("kind", "source_id", "-number").distinct("kind", "source_id")
    wanted = [each for each in newest if succession.is_wanted(SourceKind(each.kind), each.source_id)]
    mine = [revision for revision in wanted if outbox.belongs_to(revision, books)]
    for revision in mine:
        outbox.enqueue(revision, books)
    return len(mine)


def retry(entries: Iterable[OutboxEntry], *, actor: User) -> int:
    """Put these entries back into the line ahead of the backlog; the number that could go."""
    chosen = list(entries)
    moved = facts.requeue(chosen, actor=actor, resolution="retried", priority=outbox.URGENT)
    _hasten(chosen)
    for entry in chosen:
        audit.record(
            actor=actor,
            act="entry.retried",
            subject_kind="entry",
            subject_id=entry.public_id,
            subject_label=entry.label,
        )
    return max(moved, 0)


def _hasten(entries: Iterable[OutboxEntry]) -> int:
    """Entries that were tried before go now rather than when their time comes; the number of them."""
    chosen = {entry.pk: entry.connection_id for entry in entries}
    was_tried = Q(state=State.READY, tries__gt=0) | Q(state=State.UNCERTAIN, claimed_by=None)
    hastened = OutboxEntry.objects.filter(was_tried, pk__in=chosen).update(due_at=clock.now(), priority=outbox.URGENT)
    for connection_id in set(chosen.values()):
        outbox.mark_due(connection_id, clock.now())
        outbox.ring_after_commit(connection_id)
    return int(hastened)


def retry_all(entries: Iterable[OutboxEntry], *, actor: User) -> SyncRun:
    """Retry what a filter shows or a person chose, as one run whose progress can be watched.

    Counts what was refused and goes again, and what would have waited for its next try.
    """
    run = start(RunKind.RETRY_ALL, connection=None, actor=actor)
    found = list(entries)
    chosen = [entry for entry in found if entry.state == State.REJECTED]
    waiting = [entry for entry in found if entry.state != State.REJECTED]
    OutboxEntry.objects.filter(pk__in=[entry.pk for entry in chosen]).update(run=run)
    run.queued = facts.requeue(chosen, actor=actor, resolution="retried", priority=outbox.URGENT) + _hasten(waiting)
    run.finished_at = clock.now()
    run.save(update_fields=["queued", "finished_at"])
    audit.record(
        actor=actor, act="entries.retried", subject_kind="run", subject_id=run.public_id, after={"queued": run.queued}
    )
    return run


def skip(entry: OutboxEntry, *, actor: User, reason: str) -> bool:
    """A person decides not to post it. Only what needs attention or waits can be skipped, with a reason."""
    return entry.pk in skip_all([entry], actor=actor, reason=reason)


def skip_all(entries: Iterable[OutboxEntry], *, actor: User, reason: str) -> set[int]:
    """Skip several at once; the keys of what was skipped, the rest of their documents among them."""
    now = clock.now()
    skipped = [entry for entry in entries if _cancel(entry, now=now)]
    issues.resolve_of_entries([entry.pk for entry in skipped], resolution="skipped", actor=actor)
    for entry in skipped:
        _tell_skipped(entry, actor=actor, reason=reason)
    parts = _let_go(skipped, actor=actor, reason=reason) if skipped else set()
    for connection_id in {entry.connection_id for entry in skipped}:
        outbox.ring_after_commit(connection_id)
    return {entry.pk for entry in skipped} | parts


def _cancel(entry: OutboxEntry, *, now: datetime) -> bool:
    """Whether it was still as it was read."""
    mine = OutboxEntry.objects.filter(pk=entry.pk, state__in=[State.REJECTED, State.HELD], fence=entry.fence)
    return bool(
        mine.update(
            state=State.CANCELLED,
            reason=Cancellation.SKIPPED,
            fence=entry.fence + 1,
            due_at=None,
            settled_at=now,
        )
    )


def _tell_skipped(entry: OutboxEntry, *, actor: User, reason: str) -> None:
    log.pushed(
        entry,
        status=Shown.SKIPPED,
        severity=Severity.INFO,
        detail=f"Skipped: {reason}",
        actor_label=actor.email,
    )
    audit.record(
        actor=actor,
        act="entry.skipped",
        subject_kind="entry",
        subject_id=entry.public_id,
        subject_label=entry.label,
        reason=reason,
    )


def _let_go(skipped: list[OutboxEntry], *, actor: User, reason: str) -> set[int]:
    """What waits for skipped entries: a newer revision takes the place, the rest of the same document is skipped with
    it, and anything else goes on.

    A bill whose vendor was skipped is then stopped with a sentence if it cannot do without.
    """
    needed = set(EntryNeed.objects.filter(needs__in=skipped).values_list("needs_id", flat=True))
    for entry in skipped:
        if entry.pk in needed and (heirs := succession.let_heirs_go(entry)):
            deliveries.release(OutboxEntry.objects.filter(pk__in=heirs), entry.connection_id)
    parts = OutboxEntry.objects.filter(
        state=State.HELD,
        needs__needs__in=needed,
        needs__needs__source_kind=F("source_kind"),
        needs__needs__source_id=F("source_id"),
    )
    gone = skip_all(parts.distinct(), actor=actor, reason=reason) if needed else set()
    for entry in skipped:
        if entry.pk in needed:
            deliveries.release_dependents([entry])
    return gone
