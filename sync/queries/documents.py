"""Where a document of the ledger stands in the books."""

from collections.abc import Collection
from dataclasses import dataclass

from integrations.ports import Role
from rivet.ledger.snapshots import SourceKind
from sync.models import OutboxEntry
from sync.states import LOOKS, Look, Shown, State, shown

#: Of several writes of one document the list shows the one that says most: what is wrong before what is well.
_MOST_TELLING = (
    Shown.NEEDS_ATTENTION,
    Shown.UNCONFIRMED,
    Shown.RETRYING,
    Shown.WAITING,
    Shown.SENDING,
    Shown.QUEUED,
    Shown.SKIPPED,
    Shown.SYNCED,
)


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


def standing(kind: SourceKind, source_ids: Collection[int]) -> dict[int, Look]:
    """How many documents at once stand in the books; what was never enqueued is missing. One query."""
    rows = OutboxEntry.objects.filter(source_kind=kind, source_id__in=source_ids)
    newest = rows.order_by("source_id", "connection_id", "role", "-id").distinct("source_id", "connection_id", "role")
    found: dict[int, Shown] = {}
    for source_id, state, tries in newest.values_list("source_id", "state", "tries"):
        word = shown(State(state), tries=tries)
        found[source_id] = min(found.get(source_id, word), word, key=_MOST_TELLING.index)
    return {source_id: LOOKS[word] for source_id, word in found.items()}
