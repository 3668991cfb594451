"""Permits: how fast one company may be called. Kept in PostgreSQL, so a lost cache never hands out a second quota.

Each rate is a GCRA bucket: one moment per limit that moves ahead by one interval per call. A small burst is taken
off the rate, so the provider's own window, fixed or sliding, never sees more than it allows.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from integrations.ports import CallKind, Limits, RateLimit
from rivet.tenants.context import current_tenant_id
from sync.models import OutboxEntry, Permit
from sync.states import State
from sync.timing import timing

#: Three per cent of a window may come at once; at least one call always can.
BURST_SHARE = 0.03


@dataclass(frozen=True, kw_only=True)
class Pace:
    """A rate limit as GCRA needs it."""

    interval: timedelta
    tolerance: timedelta


def pace(rate: RateLimit, *, scale: float) -> Pace:
    """``burst`` calls at once and the rest evenly, together never more than ``rate.calls`` in any window."""
    calls = rate.calls * scale
    burst = max(1.0, calls * BURST_SHARE)
    interval = timedelta(seconds=rate.seconds / max(1.0, calls - burst))
    return Pace(interval=interval, tolerance=interval * (burst - 1))


def take(*, connection_id: int, limits: Limits, kind: CallKind, now: datetime) -> timedelta:
    """Take one permit of every rate that counts ``kind``; zero when granted, else how long to wait.

    Runs in the caller's transaction and holds the rows until it ends: keep it short.
    """
    rates = [rate for rate in limits.rates if kind in rate.counts]
    rows = _locked(connection_id, [rate.name for rate in rates], now)
    paces = {rate.name: pace(rate, scale=timing().limit_scale) for rate in rates}
    wait = max((row.arrival_at - paces[row.name].tolerance - now for row in rows), default=timedelta())
    if wait > timedelta():
        return wait
    for row in rows:
        row.arrival_at = max(row.arrival_at, now) + paces[row.name].interval
    Permit.objects.bulk_update(rows, ["arrival_at"])
    return timedelta()


def _locked(connection_id: int, names: list[str], now: datetime) -> list[Permit]:
    mine = Permit.objects.filter(connection_id=connection_id, name__in=names).order_by("name")
    rows = list(mine.select_for_update())
    missing = set(names) - {row.name for row in rows}
    if not missing:
        return rows
    Permit.objects.bulk_create(
        [
            Permit(tenant_id=current_tenant_id(), connection_id=connection_id, name=name, arrival_at=now)
            for name in sorted(missing)
        ],
        ignore_conflicts=True,
    )
    return list(mine.select_for_update())


def in_flight(*, connection_id: int, now: datetime) -> int:
    """Calls of this connection that are on the wire: sending entries whose lease still runs, by claim."""
    claims = (
        OutboxEntry.objects.filter(connection_id=connection_id, state=State.SENDING, due_at__gt=now)
        .values("claimed_by")
        .annotate(entries=Count("id"))
    )
    return len(claims)


def has_slot(*, connection_id: int, limits: Limits, now: datetime) -> bool:
    """Whether one more call may be in flight."""
    return in_flight(connection_id=connection_id, now=now) < limits.concurrency
