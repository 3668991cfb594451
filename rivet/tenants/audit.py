"""Writing the audit record: always in the transaction of the act itself."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rivet.tenants.context import current_tenant_id
from rivet.tenants.models import AuditEvent, User

#: Names the actor when no person asked for the act.
RIVET = "Rivet"


def record(
    *,
    actor: User | None,
    act: str,
    subject_kind: str,
    subject_id: UUID | None = None,
    subject_label: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Add one event for the tenant being served. ``act`` is a dotted verb such as ``bill.approved``."""
    AuditEvent.objects.create(
        tenant_id=current_tenant_id(),
        actor_id=actor.pk if actor else None,
        actor_label=actor.email if actor else RIVET,
        act=act,
        subject_kind=subject_kind,
        subject_id=subject_id,
        subject_label=subject_label[:254],
        before=dict(before or {}),
        after=dict(after or {}),
        reason=reason,
    )
