"""Where a document of the ledger stands in the books."""

from dataclasses import dataclass

from integrations.ports import Role
from rivet.ledger.snapshots import SourceKind
from sync.models import OutboxEntry
from sync.states import LOOKS, Look, State, shown


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One write to one company and what became of it."""

    entry: OutboxEntry
    look: Look

    @property
    def is_journal(self) -> bool:
        return bool(self.entry.role == Role.RETAINAGE_JOURNAL)


def postings(kind: SourceKind, source_id: int) -> list[Posting]:
    """The newest write per company and role; one query."""
    rows = OutboxEntry.objects.filter(source_kind=kind, source_id=source_id).select_related("connection")
    newest = rows.order_by("connection_id", "role", "-id").distinct("connection_id", "role")
    return [Posting(entry=entry, look=LOOKS[shown(State(entry.state), tries=entry.tries)]) for entry in newest]
