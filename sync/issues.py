"""Opening and closing issues: what a person should know or mend about an entry or a connection."""

from collections.abc import Iterable

import structlog

from integrations.ports import Problem, Role
from integrations.registry import LISTINGS
from rivet import clock
from rivet.tenants.context import current_tenant_id
from rivet.tenants.models import User
from sync.catalogue import cause_key, exhibit
from sync.models import OutboxEntry, Severity, SyncIssue

log = structlog.get_logger(__name__)

#: The catalogue's word for those who run Rivet.
_OURS = "rivet"


def open_issue(entry: OutboxEntry, problem: Problem, *, severity: Severity) -> None:
    """One open error per entry at most: a new one replaces the one before it."""
    if severity is Severity.ERROR:
        resolve_of_entries([entry.pk], resolution="replaced", actor=None)
    _tell_our_own(problem, connection=entry.connection_id, entry=str(entry.public_id))
    SyncIssue.objects.create(
        tenant_id=current_tenant_id(),
        connection_id=entry.connection_id,
        entry=entry,
        code=problem.code,
        cause_key=cause_key(problem),
        facts=dict(problem.facts),
        their_words=problem.their_words,
        severity=severity,
    )


def _tell_our_own(problem: Problem, **where: object) -> None:
    """Where those who run Rivet see what the catalogue says; without the provider's words, which hold figures."""
    if exhibit(problem.code).who == _OURS:
        log.error("something only Rivet can mend", code=problem.code, **where)


def resolve_of_entries(entry_ids: Iterable[int], *, resolution: str, actor: User | None) -> None:
    """Close the open issues of these entries."""
    SyncIssue.objects.filter(entry_id__in=list(entry_ids), resolved_at=None).update(
        resolved_at=clock.now(), resolution=resolution, resolved_by=actor
    )


def open_connection_issue(connection_id: int, problem: Problem) -> None:
    """Raise a connection's issue once; the same cause again changes nothing."""
    mine = SyncIssue.objects.filter(connection_id=connection_id, entry=None, resolved_at=None)
    if mine.filter(code=problem.code).exists():
        return
    _tell_our_own(problem, connection=connection_id)
    SyncIssue.objects.create(
        tenant_id=current_tenant_id(),
        connection_id=connection_id,
        code=problem.code,
        cause_key=cause_key(problem),
        facts=dict(problem.facts),
        their_words=problem.their_words,
        severity=Severity.ERROR,
    )


def resolve_of_connection(connection_id: int, *, resolution: str) -> None:
    """Close the connection's own issues: it works again."""
    SyncIssue.objects.filter(connection_id=connection_id, entry=None, resolved_at=None).update(
        resolved_at=clock.now(), resolution=resolution
    )


def named(entry: OutboxEntry, problem: Problem) -> Problem:
    """The problem with what its sentence may name and the provider did not say: itself, and the party it refused."""
    known = {"provider": LISTINGS[entry.connection.provider].name}
    if entry.role in {Role.CUSTOMER, Role.VENDOR}:
        known["party"] = entry.label.partition(" ")[2]
    return Problem(code=problem.code, facts={**known, **problem.facts}, their_words=problem.their_words)
