"""Writing the sync log: always in the transaction of what it reports."""

from collections.abc import Sequence

from rivet.tenants.context import current_tenant_id
from sync.models import Direction, LogLine, OutboxEntry, Severity
from sync.states import Shown


def pushed(
    entry: OutboxEntry,
    *,
    status: Shown,
    severity: Severity,
    detail: str,
    code: str = "",
    attempt_id: int | None = None,
    actor_label: str = "",
) -> None:
    """One line about an entry."""
    LogLine.objects.create(
        tenant_id=current_tenant_id(),
        connection_id=entry.connection_id,
        direction=Direction.PUSH,
        severity=severity,
        entity=entry.role,
        label=entry.label,
        status=status,
        code=code,
        detail=detail,
        entry_id=entry.pk,
        attempt_id=attempt_id,
        run_id=entry.run_id,
        actor_label=actor_label,
    )


def delivered(lines: Sequence[tuple[OutboxEntry, str, int]]) -> None:
    """A line for each (entry, what happened, attempt) that went as it should."""
    tenant_id = current_tenant_id()
    LogLine.objects.bulk_create(
        LogLine(
            tenant_id=tenant_id,
            connection_id=entry.connection_id,
            direction=Direction.PUSH,
            severity=Severity.INFO,
            entity=entry.role,
            label=entry.label,
            status=Shown.SYNCED,
            detail=detail,
            entry_id=entry.pk,
            attempt_id=attempt_id,
            run_id=entry.run_id,
        )
        for entry, detail, attempt_id in lines
    )


def pulled(
    *,
    connection_id: int,
    entity: str,
    status: Shown,
    severity: Severity,
    detail: str,
    code: str = "",
    run_id: int | None = None,
    actor_label: str = "",
) -> None:
    """One line about something read from their books."""
    LogLine.objects.create(
        tenant_id=current_tenant_id(),
        connection_id=connection_id,
        direction=Direction.PULL,
        severity=severity,
        entity=entity,
        status=status,
        code=code,
        detail=detail,
        run_id=run_id,
        actor_label=actor_label,
    )
