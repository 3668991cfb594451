"""Telling the engine that something changed which may free what waits."""

from integrations.connections.models import Connection
from rivet import clock
from sync import outbox


def wake(books: Connection) -> None:
    """Give the connection a turn once the caller's transaction is safe; its facts are read there."""
    outbox.mark_due(books.pk, clock.now())
    outbox.ring_after_commit(books.pk)
