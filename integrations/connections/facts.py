"""Telling the layers above what happened, without calling them: they read the rows when they are ready."""

from integrations.connections.models import Connection, Fact, FactKind
from rivet.tenants.context import current_tenant_id


def note(connection: Connection, kind: FactKind, *, subject: str = "") -> None:
    """Write one fact in the caller's transaction."""
    Fact.objects.create(tenant_id=current_tenant_id(), connection=connection, kind=kind, subject=subject[:120])
