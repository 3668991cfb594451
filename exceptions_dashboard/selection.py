"""Several rows at once: the ones somebody ticked, or everything the filter shows."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import QueryDict

from exceptions_dashboard import filters
from exceptions_dashboard.rows import ACTS, acts_on
from rivet.tenants.access import TenantRequest
from sync import runs
from sync.models import OutboxEntry
from sync.queries import exceptions as queries
from sync.states import State, shown


@dataclass(frozen=True, kw_only=True)
class Head:
    """The head of the list: how many match, and what could be done with all of them."""

    #: None where counting is not worth its price: of what stands in the books already, nothing can be chosen.
    total: int | None
    #: Whether everything that matches is chosen; the rows' own boxes are then ticked and locked.
    takes_all: bool
    #: The acts of a filter's state, as a row carries them; empty where the states are mixed.
    acts: str

    @property
    def reach(self) -> int:
        """As many as one act takes."""
        return min(self.total or 0, queries.MOST_AT_ONCE)

    @property
    def is_cut(self) -> bool:
        return (self.total or 0) > queries.MOST_AT_ONCE


def head(wanted: queries.Filters, *, rows: int, has_more: bool, query: QueryDict) -> Head:
    acts = acts_on(wanted.state)
    total = rows if not has_more else queries.entries(wanted).count() if acts else None
    return Head(total=total, takes_all=bool(acts) and filters.takes_all(query), acts=acts)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a form sent: the entries as they are now, and how many its page showed as chosen."""

    entries: list[OutboxEntry]
    counted: int


def read(sent: QueryDict) -> Choice:
    if "everything" in sent:
        wanted = filters.of_exceptions(QueryDict(sent.get("query", "")))
        return Choice(
            entries=list(queries.entries(wanted)[: queries.MOST_AT_ONCE]),
            counted=min(filters.number(sent, "counted"), queries.MOST_AT_ONCE),
        )
    ids = filters.public_ids(sent, "chosen", most=queries.MOST_AT_ONCE)
    return Choice(entries=list(queries.chosen(ids)), counted=len(ids))


def retry(request: TenantRequest, choice: Choice) -> None:
    run = runs.retry_all(_possible(choice, "retry"), actor=request.user)
    tell(request, "Queued", run.queued, changed=choice.counted - run.queued)


def skip(request: TenantRequest, choice: Choice, *, reason: str) -> None:
    possible = _possible(choice, "skip")
    gone = runs.skip_all(possible, actor=request.user, reason=reason)
    skipped = sum(entry.pk in gone for entry in possible)
    tell(request, "Skipped", skipped, changed=choice.counted - skipped)


def _possible(choice: Choice, act: str) -> list[OutboxEntry]:
    """Rows that moved on since the page was made are left alone."""
    return [entry for entry in choice.entries if shown(State(entry.state), tries=entry.tries) in ACTS[act]]


def tell(request: TenantRequest, done: str, number: int, *, changed: int) -> None:
    """``Queued 212, 2 had changed since.``"""
    if not number:
        messages.warning(request, f"Nothing was {done.lower()}: it had all changed since.")
    else:
        rest = f", {changed:,} had changed since" if changed > 0 else ""
        messages.success(request, f"{done} {number:,}{rest}.")
