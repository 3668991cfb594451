"""The Service items of mapped accounts, where invoices reach an account through one."""

from integrations.connections.models import Connection
from integrations.mappings import choose
from integrations.mappings.models import AccountMapping
from sync import outbox
from sync.models import OutboxEntry
from sync.states import OVER


def enqueue_missing(books: Connection) -> list[OutboxEntry]:
    """Have an item made for every mapped account that lacks one, in the caller's transaction; what is on its way."""
    wanted = [_enqueue(books, mapping) for mapping in choose.without_item(books)]
    return [entry for entry in wanted if entry is not None]


def _enqueue(books: Connection, mapping: AccountMapping) -> OutboxEntry | None:
    entry = outbox.enqueue_item(books, mapping)
    if entry is not None and entry.state in OVER:
        # Made before and gone from the books since: what was posted is not posted again, so it is asked for anew.
        return outbox.enqueue_item(books, choose.anew(mapping))
    return entry
