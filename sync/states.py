"""The one table of states: what is stored, what is shown, who acts next.

Chips, filters, tests, docs and the database constraint all read it. Pure.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What an outbox entry is, as stored."""

    HELD = "held"
    READY = "ready"
    CLAIMED = "claimed"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class Hold(StrEnum):
    """Why an entry is held: each ends by itself when its reason does."""

    #: Another entry has to be in the books first: the vendor before the bill, the invoice before its journal.
    PARENT = "parent"
    #: The connection is disconnected, needs reauthorization or is in error.
    CONNECTION = "connection"
    PAUSED = "paused"
    #: The firm's plan keeps documents and posts none.
    PLAN = "plan"


class Cancellation(StrEnum):
    SUPERSEDED = "superseded"
    SKIPPED = "skipped"
    VOIDED = "voided"


class Shown(StrEnum):
    """What people read."""

    WAITING = "waiting"
    QUEUED = "queued"
    SENDING = "sending"
    RETRYING = "retrying"
    UNCONFIRMED = "unconfirmed"
    SYNCED = "synced"
    NEEDS_ATTENTION = "needs_attention"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a shown state looks and reads; ``actor`` is who acts next."""

    label: str
    glyph: str
    tone: str
    actor: str
    meaning: str


LOOKS: dict[Shown, Look] = {
    Shown.WAITING: Look(
        label="Waiting", glyph="‖", tone="grey", actor="Rivet", meaning="Goes on by itself when its reason ends."
    ),
    Shown.QUEUED: Look(label="Queued", glyph="○", tone="grey", actor="Rivet", meaning="Will be sent in its turn."),
    Shown.SENDING: Look(label="Sending", glyph="◐", tone="blue", actor="Rivet", meaning="On its way right now."),
    Shown.RETRYING: Look(
        label="Retrying", glyph="↻", tone="amber", actor="Rivet", meaning="A passing fault; Rivet tries again."
    ),
    Shown.UNCONFIRMED: Look(
        label="Unconfirmed",
        glyph="?",
        tone="violet",
        actor="Rivet",
        meaning="It may have arrived; Rivet looks it up before anything is sent again.",
    ),
    Shown.SYNCED: Look(label="Synced", glyph="✓", tone="green", actor="nobody", meaning="It stands in the books."),
    Shown.NEEDS_ATTENTION: Look(
        label="Needs attention", glyph="!", tone="red", actor="you", meaning="Something has to be decided or mended."
    ),
    Shown.SKIPPED: Look(
        label="Skipped", glyph="⊘", tone="grey", actor="nobody", meaning="Someone decided not to post it."
    ),
}

#: The engine still has something to do for these.
LIVE = frozenset({State.HELD, State.READY, State.CLAIMED, State.SENDING, State.UNCERTAIN})
#: Nothing more happens to these by itself, and nothing waits for them: they are in the books, or will not be.
OVER = frozenset({State.CONFIRMED, State.CANCELLED})
#: The engine looks at these when ``due_at`` comes.
TIMED = frozenset({State.READY, State.CLAIMED, State.SENDING, State.UNCERTAIN})

_PLAIN = {
    State.HELD: Shown.WAITING,
    State.CLAIMED: Shown.SENDING,
    State.SENDING: Shown.SENDING,
    State.UNCERTAIN: Shown.UNCONFIRMED,
    State.CONFIRMED: Shown.SYNCED,
    State.REJECTED: Shown.NEEDS_ATTENTION,
    State.CANCELLED: Shown.SKIPPED,
}

HOLD_WORDS = {
    Hold.PARENT: "waits for another record to be in the books first",
    Hold.CONNECTION: "waits for the connection",
    Hold.PAUSED: "waits because the connection is paused",
    Hold.PLAN: "waits because the firm's plan does not post",
}


def shown(state: State, *, tries: int) -> Shown:
    """The word for an entry: a ready entry that was tried before is retrying."""
    if state is State.READY:
        return Shown.RETRYING if tries else Shown.QUEUED
    return _PLAIN[state]
