"""Which books a document goes to. No code asks for "the QuickBooks connection"."""

from django.db.models import QuerySet

from integrations.connections.models import Connection, ProjectConnection, Status
from rivet.tenants.context import current_tenant_id


def connection_for(project_id: int | None) -> Connection | None:
    """The project's connection, else the tenant's default; None while no books are connected."""
    if project_id is not None:
        own = own_of(project_id)
        if own is not None:
            return own
    default: Connection | None = Connection.objects.filter(is_default=True).first()
    return default


def choices() -> QuerySet[Connection]:
    """The companies a project may be given."""
    live: QuerySet[Connection] = Connection.objects.exclude(status=Status.DISCONNECTED).order_by("company_name", "id")
    return live


def own_of(project_id: int) -> Connection | None:
    """The books of one project, where they are not the default."""
    own = ProjectConnection.objects.select_related("connection").filter(project_id=project_id).first()
    return own.connection if own else None


def default_name() -> str:
    """What the default company is called; for people."""
    default = Connection.objects.filter(is_default=True).first()
    return default.company_name if default else "none yet"


def make_default(connection: Connection) -> None:
    """Send documents without a connection of their own here from now on."""
    Connection.objects.filter(is_default=True).exclude(pk=connection.pk).update(is_default=False)
    Connection.objects.filter(pk=connection.pk).update(is_default=True)


def assign(*, project_id: int, connection: Connection | None) -> None:
    """Give a project books of its own, or return it to the default with None."""
    if connection == own_of(project_id):
        return
    if connection is None:
        ProjectConnection.objects.filter(project_id=project_id).delete()
        return
    ProjectConnection.objects.update_or_create(
        tenant_id=current_tenant_id(), project_id=project_id, defaults={"connection": connection}
    )
