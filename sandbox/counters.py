"""What arrived on the wire and what was really saved: the sandbox as a witness."""

import re
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock

EVENTS_KEPT = 20_000
# Bounded, because a note may be megabytes long and anybody may send one.
_MARKER = re.compile(r"\b[A-Za-z][\w.-]{0,40}[:/#=][\w./:-]{4,200}")
SEARCHED = 10_000
# No key of a client is longer: what is, is counted by its beginning.
LONGEST_KEY = 500


def marker(text: str | None) -> str | None:
    """The client's own mark in a note: its first word like `name:value`, else the whole note."""
    if not text:
        return None
    found = _MARKER.search(text, 0, SEARCHED)
    return found.group() if found else text.strip()[:200] or None


@dataclass(slots=True)
class ClientDocument:
    """One document as the client means it: how often it was sent and how often it was really saved."""

    requests: int = 0
    saves: int = 0


class Counters:
    """Counts since the sandbox started or was reset; kept in memory."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.reset()

    def reset(self) -> None:
        self.requests: Counter[tuple[str, str, str]] = Counter()
        self.saves: Counter[tuple[str, str, str]] = Counter()
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.documents: dict[tuple[str, str, str], ClientDocument] = {}
        self.events: deque[dict[str, Any]] = deque(maxlen=EVENTS_KEPT)
        self._last_event = 0

    def record_request(self, company: str, operation: str, entity: str, key: str | None = None) -> None:
        """A request arrived. `operation` is a word such as "create", "query", "batch".

        `key` names the client's document: its number (with the party where numbers are not unique), its
        name, or its marker.
        """
        self.requests[(company, operation, entity)] += 1
        if key:
            self._document(company, entity, key).requests += 1

    def record_save(self, company: str, operation: str, entity: str, key: str | None = None) -> None:
        """A write took effect; a replayed answer is no save. Only creates count for the client's document."""
        self.saves[(company, operation, entity)] += 1
        if key and operation == "create":
            self._document(company, entity, key).saves += 1

    def record_answer(self, company: str, status: int) -> None:
        """An answer left with this status; 0 stands for a dropped connection."""
        self.statuses[(company, status)] += 1

    def record_event(self, kind: str, company: str | None = None, **facts: Any) -> None:
        """Add a line to the event feed. Facts cannot take the place of its number, moment, kind and company."""
        self._last_event += 1
        self.events.append(
            {
                **facts,
                "id": self._last_event,
                "at": self.clock.now().isoformat(),
                "kind": kind,
                "company": company,
            }
        )

    def of_document(self, company: str, entity: str, key: str | None) -> ClientDocument:
        return self.documents.get((company, entity, (key or "")[:LONGEST_KEY]), ClientDocument())

    def _document(self, company: str, entity: str, key: str) -> ClientDocument:
        return self.documents.setdefault((company, entity, key[:LONGEST_KEY]), ClientDocument())
