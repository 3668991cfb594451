"""Entries as the lists show them: two lines, a chip, one fix."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from exceptions_dashboard.places import Link, document_url, entry_url, fix
from sync.catalogue import exhibit
from sync.models import OutboxEntry
from sync.queries.exceptions import sentence
from sync.states import HOLD_WORDS, LOOKS, Hold, Look, Shown, State, shown

#: What a person may send again: what needs them, and what would go by itself later.
RETRYABLE = frozenset({Shown.NEEDS_ATTENTION, Shown.RETRYING, Shown.UNCONFIRMED})
SKIPPABLE = frozenset({Shown.NEEDS_ATTENTION, Shown.WAITING})
#: What can be done with several rows at once, and the states of which each makes sense.
ACTS = {"retry": RETRYABLE, "skip": SKIPPABLE}


NO_REASON = "Say why it is not posted: whoever looks at this later will want to know."
_LONGEST_REASON = 500


def reason_of(request: HttpRequest) -> str:
    """Why something is skipped, as somebody wrote it; empty where nobody did."""
    return request.POST.get("reason", "").replace("\x00", "").strip()[:_LONGEST_REASON]


def acts_on(state: str) -> str:
    """The acts that make sense for a state, as the page's checkboxes carry them: words with spaces between."""
    return " ".join(act for act, states in ACTS.items() if state in states)


@dataclass(frozen=True, kw_only=True)
class Row:
    entry: OutboxEntry
    state: Shown
    look: Look
    #: What the chip adds, such as "try 3".
    detail: str
    sentence: str
    url: str
    document_url: str | None
    fix: Link | None
    next_at: datetime | None

    @property
    def may_retry(self) -> bool:
        return self.state in RETRYABLE

    @property
    def acts(self) -> str:
        return acts_on(self.state)


def rows(entries: Iterable[OutboxEntry], *, slug: str) -> list[Row]:
    return [row(entry, slug=slug) for entry in entries]


def row(entry: OutboxEntry, *, slug: str) -> Row:
    """``entry`` as ``queries.exceptions.entries`` reads it, with its open issue beside it."""
    state = shown(State(entry.state), tries=entry.tries)
    code = getattr(entry, "issue_code", None)
    return Row(
        entry=entry,
        state=state,
        look=LOOKS[state],
        detail=f"try {entry.tries + 1}" if state is Shown.RETRYING else "",
        sentence=sentence(code, getattr(entry, "issue_facts", None)) if code else plain_sentence(entry, state),
        url=entry_url(slug, entry),
        document_url=document_url(slug, entry),
        fix=fix(slug, exhibit(code), connection=entry.connection, entry=entry) if code else None,
        next_at=entry.due_at if state in {Shown.RETRYING, Shown.UNCONFIRMED} else None,
    )


def plain_sentence(entry: OutboxEntry, state: Shown) -> str:
    """What there is to say where nothing is wrong."""
    if state is Shown.WAITING and entry.reason in set(Hold):
        words = HOLD_WORDS[Hold(entry.reason)]
        return f"{words[0].upper()}{words[1:]}."
    return LOOKS[state].meaning
