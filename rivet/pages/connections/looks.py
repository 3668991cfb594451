"""How a connection's state reads on its card: word, glyph and tone in one place."""

from collections.abc import Mapping
from dataclasses import dataclass

from integrations.connections.models import Connection, Status
from integrations.mappings.suggest import Confidence
from integrations.ports import Problem
from sync import catalogue


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
PAUSED = Look(word="Paused", glyph="‖", tone="amber")

CONFIDENCE: Mapping[Confidence, Look] = {
    Confidence.HIGH: Look(word="Sure", glyph="●", tone="green"),
    Confidence.MEDIUM: Look(word="Likely", glyph="◐", tone="blue"),
    Confidence.LOW: Look(word="Guess", glyph="○", tone="grey"),
}


def look(connection: Connection) -> Look:
    status = Status(connection.status)
    return PAUSED if status is Status.CONNECTED and connection.paused_at else STATUS[status]


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What is wrong with a connection, in the catalogue's words."""

    title: str
    sentence: str
    remedy: str
    their_words: str


def trouble(connection: Connection) -> Trouble | None:
    if not connection.problem_code:
        return None
    exhibit = catalogue.exhibit(connection.problem_code)
    facts = {"provider": connection.provider_name, "host": connection.host}
    return Trouble(
        title=exhibit.title,
        sentence=catalogue.describe(Problem(code=connection.problem_code, facts=facts)),
        remedy=exhibit.remedy,
        their_words=connection.problem_detail,
    )
