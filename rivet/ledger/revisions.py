"""Frozen revisions: approval writes one, the engine sends one, nothing changes one."""

from django.db.models import Max

from rivet.ledger.models import Revision
from rivet.ledger.snapshots import Snapshot, SourceKind, from_json, to_json
from rivet.tenants.context import current_tenant_id
from rivet.tenants.models import User


def freeze(*, kind: SourceKind, source_id: int, snapshot: Snapshot, by: User | None) -> Revision:
    """Store the next revision of a source. Unchanged content returns the newest revision instead of a copy."""
    mine = Revision.objects.filter(kind=kind, source_id=source_id)
    stored = to_json(snapshot)
    newest: Revision | None = mine.order_by("-number").first()
    if newest is not None and newest.snapshot == stored:
        return newest
    number = (mine.aggregate(highest=Max("number"))["highest"] or 0) + 1
    made: Revision = Revision.objects.create(
        tenant_id=current_tenant_id(), kind=kind, source_id=source_id, number=number, snapshot=stored, frozen_by=by
    )
    return made


def thaw(revision: Revision) -> Snapshot:
    """The snapshot a revision holds."""
    return from_json(SourceKind(revision.kind), revision.snapshot)
