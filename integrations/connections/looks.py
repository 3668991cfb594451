"""How a connection's state looks: word, glyph and tone, for every page that shows one."""

from collections.abc import Mapping
from dataclasses import dataclass

from integrations.connections.models import Connection, Status


@dataclass(frozen=True, kw_only=True)
class Look:
    word: str
    glyph: str
    tone: str


STATUS: Mapping[Status, Look] = {
    Status.CONNECTED: Look(word="Connected", glyph="✓", tone="green"),
    Status.NEEDS_REAUTHORIZATION: Look(word="Needs reauthorization", glyph="!", tone="red"),
    Status.DISCONNECTED: Look(word="Disconnected", glyph="⊘", tone="grey"),
    Status.ERROR: Look(word="Error", glyph="!", tone="red"),
}
PAUSED = Look(word="Paused", glyph="‖", tone="grey")


def look(connection: Connection) -> Look:
    """Paused shows only while it works otherwise: a broken connection matters more than somebody's pause."""
    status = Status(connection.status)
    return PAUSED if status is Status.CONNECTED and connection.paused_at else STATUS[status]
