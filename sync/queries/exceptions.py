"""The Exceptions page: what needs a person, grouped by cause."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum

from integrations.connections.models import Connection, Status
from integrations.ports import Problem
from sync.catalogue import Exhibit, describe, exhibit
from sync.models import OutboxEntry, Severity, SyncIssue
from sync.states import OVER, Shown, State

#: As many rows as one page shows before "show more".
PAGE = 50
#: Causes shown above the list; the list holds them all.
MOST_CAUSES = 12
#: As many as one act takes, chosen or all that match; the page says so.
MOST_AT_ONCE = 3000

#: What each shown state means as a condition over stored columns.
CONDITIONS: dict[Shown, Q] = {
    Shown.WAITING: Q(state=State.HELD),
    Shown.QUEUED: Q(state=State.READY, tries=0),
    Shown.RETRYING: Q(state=State.READY, tries__gt=0),
    Shown.SENDING: Q(state__in=[State.CLAIMED, State.SENDING]),
    Shown.UNCONFIRMED: Q(state=State.UNCERTAIN),
    Shown.SYNCED: Q(state=State.CONFIRMED),
    Shown.NEEDS_ATTENTION: Q(state=State.REJECTED),
    Shown.SKIPPED: Q(state=State.CANCELLED),
}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """The page's filters as its URL carries them; empty means all."""

    state: str = Shown.NEEDS_ATTENTION
    connection: str = ""
    role: str = ""
    code: str = ""
    cause: str = ""
    text: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether nothing narrows the page: *Clear* has nothing to clear."""
        return self == Filters()


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The sentence at the top: numbers whose zeros disappear."""

    counts: dict[Shown, int]
    troubled: Sequence[Connection]
    last_success_at: datetime | None

    @property
    def is_all_clear(self) -> bool:
        quiet = (Shown.SYNCED, Shown.SKIPPED)
        return not self.troubled and not any(n for state, n in self.counts.items() if state not in quiet)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Entries that one fix mends."""

    cause_key: str
    exhibit: Exhibit
    sentence: str
    connection_id: int
    entries: int
    #: The only one, where there is no other.
    entry: OutboxEntry | None
    amount: Decimal | None
    oldest_at: datetime


def overview() -> Overview:
    """Counts of what is not finished, and connections that need someone."""
    unfinished = OutboxEntry.objects.exclude(state__in=OVER)
    counts = unfinished.aggregate(
        **{shown: Count("id", filter=condition) for shown, condition in CONDITIONS.items()},
    )
    troubled = Connection.objects.filter(status__in=[Status.NEEDS_REAUTHORIZATION, Status.ERROR])
    last = OutboxEntry.objects.filter(state=State.CONFIRMED).aggregate(last=Max("settled_at"))["last"]
    return Overview(counts={shown: counts[shown] for shown in Shown}, troubled=list(troubled), last_success_at=last)


def entries(filters: Filters) -> QuerySet[OutboxEntry]:
    """The entries a filter shows, newest first, each with its open issue's code and facts beside it."""
    issue = SyncIssue.objects.filter(entry=OuterRef("pk"), resolved_at=None, severity=Severity.ERROR).order_by("-id")
    found: QuerySet[OutboxEntry] = OutboxEntry.objects.select_related("connection", "revision").annotate(
        issue_code=Subquery(issue.values("code")[:1]),
        issue_facts=Subquery(issue.values("facts")[:1]),
        issue_words=Subquery(issue.values("their_words")[:1]),
        issue_cause=Subquery(issue.values("cause_key")[:1]),
    )
    if filters.state:
        found = found.filter(CONDITIONS[Shown(filters.state)])
    if filters.connection:
        found = found.filter(connection__public_id=filters.connection)
    if filters.role:
        found = found.filter(role=filters.role)
    if filters.code:
        found = found.filter(issues__code=filters.code, issues__resolved_at=None)
    if filters.cause:
        found = found.filter(issues__cause_key=filters.cause, issues__resolved_at=None, issues__severity=Severity.ERROR)
    if filters.text:
        found = found.filter(label__icontains=filters.text)
    return found.order_by("-id")


def chosen(public_ids: Iterable[str]) -> QuerySet[OutboxEntry]:
    """The entries somebody ticked; ids of other firms name nothing here."""
    found: QuerySet[OutboxEntry] = OutboxEntry.objects.select_related("connection").filter(public_id__in=public_ids)
    return found.order_by("-id")


def groups() -> list[Group]:
    """Causes of what needs attention, the largest first, at most ``MOST_CAUSES`` and one more."""
    open_errors = SyncIssue.objects.filter(resolved_at=None, severity=Severity.ERROR, entry__state=State.REJECTED)
    rows = list(
        open_errors.values("cause_key", "code", "connection_id")
        .annotate(
            entries=Count("id"),
            kinds=Count("facts", distinct=True),
            amount=Sum("entry__amount"),
            oldest_at=Min("created_at"),
            sample=Min("id"),
        )
        .order_by("-entries", "cause_key")[: MOST_CAUSES + 1]
    )
    samples = SyncIssue.objects.select_related("entry__revision").in_bulk([row["sample"] for row in rows])
    return [_group(row, samples[row["sample"]]) for row in rows]


def _group(row: Mapping[str, Any], sample: SyncIssue) -> Group:
    kind = exhibit(sample.code)
    return Group(
        cause_key=row["cause_key"],
        exhibit=kind,
        sentence=f"{kind.title}." if row["kinds"] > 1 else sentence(sample.code, sample.facts),
        connection_id=row["connection_id"],
        entries=row["entries"],
        entry=sample.entry if row["entries"] == 1 else None,
        amount=row["amount"],
        oldest_at=row["oldest_at"],
    )


def sentence(code: str, facts: dict[str, str] | None) -> str:
    """The catalogue's sentence for a stored issue."""
    return describe(Problem(code=code, facts=facts or {}))
