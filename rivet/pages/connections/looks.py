"""How sure a suggestion is, and what is wrong with a connection, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from integrations.connections.looks import Look
from integrations.connections.models import Connection
from integrations.mappings.suggest import Confidence
from integrations.ports import Problem
from sync import catalogue

CONFIDENCE: Mapping[Confidence, Look] = {
    Confidence.HIGH: Look(word="Sure", glyph="●", tone="green"),
    Confidence.MEDIUM: Look(word="Likely", glyph="◐", tone="blue"),
    Confidence.LOW: Look(word="Guess", glyph="○", tone="grey"),
}


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
