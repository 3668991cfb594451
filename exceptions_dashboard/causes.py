"""Groups of exceptions that one fix mends, as the page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from exceptions_dashboard.places import Link, fix
from integrations.connections.models import Connection
from sync.queries.exceptions import Group


@dataclass(frozen=True, kw_only=True)
class Cause:
    group: Group
    connection: Connection | None
    who: str
    fix: Link | None
    #: The query string that shows its rows.
    query: str


#: Who can mend it, as the line says it.
WHO = {
    "me": "you can fix this",
    "owner": "an owner or manager can fix this",
    "accountant": "ask the accountant",
    "rivet": "it is in Rivet's error log",
    "nobody": "heals by itself",
}


def causes(groups: Iterable[Group], connections: Iterable[Connection], *, slug: str) -> list[Cause]:
    by_id = {connection.pk: connection for connection in connections}
    return [_cause(group, by_id.get(group.connection_id), slug) for group in groups]


def _cause(group: Group, connection: Connection | None, slug: str) -> Cause:
    return Cause(
        group=group,
        connection=connection,
        who=WHO.get(group.exhibit.who, ""),
        fix=fix(slug, group.exhibit, connection=connection, entry=group.entry),
        query=urlencode({"cause": group.cause_key, "connection": connection.public_id if connection else ""}),
    )
