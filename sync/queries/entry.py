"""One entry's page: what happened, every attempt, what was sent and what came back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync import calls
from sync.models import Attempt, Call, CallBody, OutboxEntry, SyncIssue
from sync.states import OVER


@dataclass(frozen=True, kw_only=True)
class Try:
    """One attempt with its call."""

    attempt: Attempt
    call: Call | None


@dataclass(frozen=True, kw_only=True)
class Story:
    entry: OutboxEntry
    issue: SyncIssue | None
    warnings: Sequence[SyncIssue]
    tries: Sequence[Try]
    #: Entries this one waits for.
    blockers: Sequence[OutboxEntry]
    marker: str


def story(public_id: str) -> Story | None:
    """Everything the page shows, in six queries; None when the tenant has no such entry."""
    entry = OutboxEntry.objects.select_related("connection", "revision").filter(public_id=public_id).first()
    if entry is None:
        return None
    open_issues = list(SyncIssue.objects.filter(entry=entry, resolved_at=None).order_by("-id"))
    attempts = list(Attempt.objects.filter(entry_id=entry.pk).order_by("-id")[:50])
    by_id = {call.id: call for call in Call.objects.filter(id__in=[attempt.call_id for attempt in attempts])}
    blockers = OutboxEntry.objects.filter(needed_by__entry=entry).exclude(state__in=OVER)
    return Story(
        entry=entry,
        issue=next((issue for issue in open_issues if issue.severity == "error"), None),
        warnings=[issue for issue in open_issues if issue.severity == "warning"],
        tries=[Try(attempt=attempt, call=by_id.get(attempt.call_id)) for attempt in attempts],
        blockers=list(blockers),
        marker=calls.marker(entry),
    )


def body(call_id: int) -> CallBody | None:
    """The bytes of a call; read only when someone unfolds them."""
    found: CallBody | None = CallBody.objects.filter(call_id=call_id).first()
    return found
