"""Claiming: which entries go into the next call, and who holds them until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from integrations.connections.models import Fact
from integrations.ports import CallKind, Limits, Operation, Role
from rivet import clock
from sync import chore_claims
from sync import limits as permits
from sync.models import OutboxEntry, ReadyConnection
from sync.states import TIMED, State
from sync.timing import timing

#: How long a connection with all its slots in use is left alone: short, since a call may end any moment.
SLOT_WAIT = timedelta(milliseconds=50)
#: As many unknown outcomes as one lookup handles.
LOOKUP_SIZE = 30


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Entries one worker holds for one call. ``id`` and each entry's fence guard every later write."""

    id: UUID
    connection_id: int
    entries: tuple[OutboxEntry, ...]


def claim_ready(connection_id: int, *, provider_limits: Limits) -> Claim | None:
    """Claim the next entries of a connection, as many as one call takes; None when nothing may go now.

    Runs in the caller's tenant transaction. Without a permit nothing is claimed and the connection rests.
    """
    now = clock.now()
    if not permits.has_slot(connection_id=connection_id, limits=provider_limits, now=now):
        rest(connection_id, until=now + SLOT_WAIT)
        return None
    entries = _next(connection_id, now, provider_limits)
    if not entries:
        return None
    kind = CallKind.BATCH if len(entries) > 1 else CallKind.SINGLE
    wait = permits.take(connection_id=connection_id, limits=provider_limits, kind=kind, now=now)
    if wait > timedelta():
        rest(connection_id, until=now + wait)
        return None
    return _hold(connection_id, entries, state=State.CLAIMED, now=now)


def claim_uncertain(connection_id: int, *, provider_limits: Limits) -> Claim | None:
    """Hold entries whose outcome is unknown and whose time to be looked up has come."""
    now = clock.now()
    due = _due(connection_id, State.UNCERTAIN, now).order_by("due_at", "id")
    entries = list(due.select_for_update(of=("self",), skip_locked=True)[:LOOKUP_SIZE])
    if not entries:
        return None
    wait = permits.take(connection_id=connection_id, limits=provider_limits, kind=CallKind.READ, now=now)
    if wait > timedelta():
        rest(connection_id, until=now + wait)
        return None
    return _hold(connection_id, entries, state=State.UNCERTAIN, now=now)


def recover(connection_id: int) -> int:
    """Take back entries whose worker went silent, and say how many.

    Claimed: its call was never written, so it was never sent. Sending: it may have arrived, so it is looked up. Being
    looked up: that goes on, but counts, since a lookup may be what ends the workers.
    """
    now = clock.now()
    silent = {"fence": F("fence") + 1, "crashes": F("crashes") + 1, "due_at": now, "claimed_by": None}
    back = _due(connection_id, State.CLAIMED, now).update(state=State.READY, **silent)
    doubtful = _due(connection_id, State.SENDING, now).update(state=State.UNCERTAIN, looks=F("looks") + 1, **silent)
    looked_up = _due(connection_id, State.UNCERTAIN, now).exclude(claimed_by=None).update(**silent)
    return back + doubtful + looked_up


def put_back(claim: Claim, entries: Iterable[OutboxEntry]) -> None:
    """Let go of entries that were not sent: they go with a later call."""
    back = mine(claim).filter(pk__in=[entry.pk for entry in entries])
    back.update(state=State.READY, claimed_by=None, due_at=clock.now())


def renew(claim: Claim) -> bool:
    """Push the lease out while the call runs; False when somebody else has taken the entries over."""
    return bool(mine(claim).update(due_at=clock.now() + timing().lease))


def renew_for(claim: Claim, entries: Iterable[OutboxEntry]) -> bool:
    """Push the lease out for some of a claim's entries just before they are sent; False unless all are still its own.

    Between the record and the socket a process may have slept for hours.
    """
    wanted = [entry.pk for entry in entries]
    return mine(claim).filter(pk__in=wanted).update(due_at=clock.now() + timing().lease) == len(wanted)


def still_held(claim: Claim) -> bool:
    """Lock the claim's entries, and say whether all are still its own.

    A worker that slept past its lease must not send: somebody else may have taken its entries and sent them meanwhile.
    """
    return len(mine(claim).select_for_update(of=("self",)).values_list("pk")) == len(claim.entries)


def mine(claim: Claim) -> QuerySet[OutboxEntry]:
    """The entries of a claim that are still its own."""
    held: QuerySet[OutboxEntry] = OutboxEntry.objects.filter(
        pk__in=[entry.pk for entry in claim.entries], claimed_by=claim.id
    )
    return held


def rest(connection_id: int, *, until: datetime) -> None:
    """Send nothing for this connection before a moment; a longer pause that somebody asked for stays."""
    resting = ReadyConnection.objects.filter(connection_id=connection_id)
    resting.update(not_before=Greatest(F("not_before"), until))


def reschedule(connection_id: int, *, may_send: bool) -> None:
    """Set when the connection is due next, from what is really waiting.

    The row is locked first, so what is enqueued or happens meanwhile either is seen by the queries, or waits and lowers
    the moment again. While nothing may be sent, nothing is looked up either: the fact that ends it brings the turn.
    """
    row = ReadyConnection.objects.select_for_update().filter(connection_id=connection_id).first()
    if row is None:
        return
    states = TIMED if may_send else TIMED - {State.UNCERTAIN}
    entries = OutboxEntry.objects.filter(connection_id=connection_id, state__in=sorted(states))
    moments = [
        entries.order_by("due_at").values_list("due_at", flat=True).first(),
        chore_claims.earliest(connection_id),
        clock.now() if Fact.objects.filter(connection_id=connection_id, read_at=None).exists() else None,
    ]
    earliest = min((moment for moment in moments if moment is not None), default=None)
    if row.due_at != earliest:
        row.due_at = earliest
        row.save(update_fields=["due_at"])


def _due(connection_id: int, state: State, now: datetime) -> QuerySet[OutboxEntry]:
    due: QuerySet[OutboxEntry] = OutboxEntry.objects.filter(connection_id=connection_id, state=state, due_at__lte=now)
    return due


def _next(connection_id: int, now: datetime, provider_limits: Limits) -> list[OutboxEntry]:
    """The head of the line and what may share its call: same role, same operation."""
    line = _due(connection_id, State.READY, now).order_by("priority", "due_at", "id")
    head = line.first()
    if head is None:
        return []
    # What crashed before goes alone: if it is poison it must not take its neighbours with it. Voids are rare and not
    # every provider takes them in a batch.
    alone = head.crashes or head.operation == Operation.VOID
    room = 1 if alone else provider_limits.batch.get(Role(head.role), 1)
    alike = line.filter(role=head.role, operation=head.operation, crashes=head.crashes)
    return list(alike.select_for_update(of=("self",), skip_locked=True)[:room])


def _hold(connection_id: int, entries: list[OutboxEntry], *, state: State, now: datetime) -> Claim:
    claim_id = uuid4()
    lease_ends = now + timing().lease
    OutboxEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
        state=state, fence=F("fence") + 1, claimed_by=claim_id, due_at=lease_ends
    )
    for entry in entries:
        entry.state, entry.claimed_by, entry.due_at = state, claim_id, lease_ends
        entry.fence += 1
    return Claim(id=claim_id, connection_id=connection_id, entries=tuple(entries))
