"""The four words of a connection's card, and how they change. Everything here runs in the caller's transaction."""

from integrations.connections.facts import note
from integrations.connections.models import Connection, FactKind, Status
from rivet.tenants import audit

#: What signing in again mends; every other loss of access is mended elsewhere and then checked.
_MENDED_BY_SIGNING_IN = frozenset({"CON-01", "CON-02", "CON-03", "CON-06"})

#: Longer words of a provider help nobody on a card.
_DETAIL_LENGTH = 1000


def lost_access(connection_id: int, code: str, detail: str) -> None:
    """Sending stops until a person acts. Said once per change; a disconnected connection stays disconnected."""
    status = Status.NEEDS_REAUTHORIZATION if code in _MENDED_BY_SIGNING_IN else Status.ERROR
    detail = detail[:_DETAIL_LENGTH]
    live = Connection.objects.filter(pk=connection_id).exclude(status=Status.DISCONNECTED)
    changed = live.exclude(status=status, problem_code=code).update(
        status=status, problem_code=code, problem_detail=detail
    )
    if not changed:
        return
    connection = Connection.objects.get(pk=connection_id)
    note(connection, FactKind.ACCESS_LOST, subject=code)
    _record(connection, "connection.access_lost", after={"status": status, "code": code})


def worked(connection_id: int) -> None:
    """A call was answered: whatever was wrong with the connection is over. Costs one update that finds no row."""
    mended = Connection.objects.filter(pk=connection_id, status=Status.ERROR).update(
        status=Status.CONNECTED, problem_code="", problem_detail=""
    )
    if not mended:
        return
    connection = Connection.objects.get(pk=connection_id)
    note(connection, FactKind.RECONNECTED)
    _record(connection, "connection.works_again", after={"status": Status.CONNECTED})


def _record(connection: Connection, act: str, *, after: dict[str, str]) -> None:
    audit.record(
        actor=None,
        act=act,
        subject_kind="connection",
        subject_id=connection.public_id,
        subject_label=connection.company_name,
        after=after,
    )
