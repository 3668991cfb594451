"""The Sync status page: connections' health, and runs with their progress."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from integrations.connections.models import Connection
from sync.models import OutboxEntry, RunKind, SyncRun
from sync.queries.exceptions import CONDITIONS
from sync.states import LIVE, Shown, State

HISTORY = 20


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run is: of what it set going, how much stands in the books, failed, or is under way."""

    run: SyncRun
    done: int
    failed: int
    under_way: int

    @property
    def total(self) -> int:
        return self.done + self.failed + self.under_way

    @property
    def is_over(self) -> bool:
        return self.run.finished_at is not None and not self.under_way

    @property
    def percent(self) -> int:
        return 100 if not self.total else 100 * (self.done + self.failed) // self.total


def connections() -> QuerySet[Connection]:
    """Every connection with the numbers its card shows."""
    everyone: QuerySet[Connection] = Connection.objects.all()
    return everyone.annotate(
        waiting=Count("entries", filter=Q(entries__state__in=sorted(LIVE))),
        needs_attention=Count("entries", filter=Q(entries__state=State.REJECTED)),
        last_success_at=Max("entries__settled_at", filter=Q(entries__state=State.CONFIRMED)),
    ).order_by("company_name", "id")


def history() -> list[Progress]:
    """The latest runs, newest first. A health check that found nothing is no news."""
    news = SyncRun.objects.exclude(kind=RunKind.HEALTH, trouble="")
    return [_progress(run) for run in _counted(news.order_by("-id"))[:HISTORY]]


def progress(public_id: str) -> Progress | None:
    """One run as it stands now."""
    run = _counted(SyncRun.objects.filter(public_id=public_id)).first()
    return _progress(run) if run else None


def _counted(runs: QuerySet[SyncRun]) -> QuerySet[SyncRun]:
    unfinished = Q(entries__state__in=sorted(LIVE))
    return runs.select_related("requested_by", "connection").annotate(
        done=Count("entries", filter=Q(entries__state=State.CONFIRMED)),
        failed=Count("entries", filter=Q(entries__state=State.REJECTED)),
        under_way=Count("entries", filter=unfinished & ~Q(entries__state=State.HELD)),
    )


def _progress(run: SyncRun) -> Progress:
    numbers = {name: getattr(run, name) for name in ("done", "failed", "under_way")}
    return Progress(run=run, **numbers)


def by_state() -> dict[Shown, int]:
    """How many entries stand in each shown state."""
    counts = OutboxEntry.objects.aggregate(
        **{shown: Count("id", filter=condition) for shown, condition in CONDITIONS.items()}
    )
    return {shown: counts[shown] for shown in Shown}
