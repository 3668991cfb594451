"""Settling: every outcome of a call, its log lines and what it sets free, in one transaction."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, assert_never

from integrations.mappings import links
from integrations.ports import Operation, Problem, Role
from rivet import clock
from rivet.ledger.snapshots import SourceKind
from sync import backoff, claims, deliveries, issues, log, outbox, rota, succession
from sync.calls import Dispatch
from sync.catalogue import describe, exhibit
from sync.claims import Claim
from sync.models import Attempt, EntryPayload, OutboxEntry, Severity
from sync.outcomes import Delivered, NeedsPerson, NothingToDo, Outcome, Rejected, RetryAt, Unknown
from sync.states import Hold, Shown, State
from sync.timing import timing

#: The catalogue's code for "somebody changed it there since we read it".
STALE_VERSION = "CNF-02"
#: ... and for "it does not stand there any more".
GONE = "REF-05"
#: ... and for "something it refers to is inactive or gone", which QuickBooks also says when the record itself is gone.
MAY_BE_GONE = "REF-04"
#: Outcomes after which it is certain that an attempt saved nothing.
_PROVEN = (Rejected.__name__, RetryAt.__name__, NeedsPerson.__name__)


def settle(
    claim: Claim,
    entry: OutboxEntry,
    outcome: Outcome,
    *,
    attempt: Attempt | None = None,
    payload: EntryPayload | None = None,
    is_looked_up: bool = False,
) -> bool:
    """Write down what became of one entry. False when the claim is no longer ours: then nothing is written.

    ``is_looked_up`` says that the books themselves were asked, so there is nothing left to doubt. A ghost, a worker
    whose lease ran out while it slept, ends here: its fence or claim does not match.
    """
    now = clock.now()
    answered, outcome = outcome, outcome if is_looked_up else _doubted(entry, outcome)
    change = _change(entry, outcome, now)
    held = claims.mine(claim).filter(pk=entry.pk, fence=entry.fence)
    if not held.update(claimed_by=None, **change):
        return False
    for name, value in change.items():
        setattr(entry, name, value)
    _close(attempt, answered, now)
    _tell(entry, outcome, attempt, payload)
    return True


def _doubted(entry: OutboxEntry, outcome: Outcome) -> Outcome:
    """What an outcome is worth for an entry that was sent before and may already stand in the books.

    Only finding it settles the doubt. "That number is taken" may well mean: by us, an hour ago.
    """
    if isinstance(outcome, Delivered | NothingToDo | Unknown):
        return outcome
    if entry.looks and not isinstance(outcome, Rejected):
        return Unknown(problem=outcome.problem)
    if isinstance(outcome, Rejected):
        problem = outcome.problems[0]
        if entry.operation == Operation.VOID and problem.code == GONE:
            return NothingToDo(reason="It is gone from the books already.")
        if entry.looks or (problem.code.startswith("DUP-") and _may_be_ours(entry)):
            return Unknown(problem=problem)
    return outcome


def _may_be_ours(entry: OutboxEntry) -> bool:
    """Whether an earlier generation ended without anybody knowing: what it sent may have arrived after all."""
    earlier = Attempt.objects.filter(entry_id=entry.pk, generation__lt=entry.generation)
    return earlier.exclude(outcome__in=_PROVEN).exists()


def settle_all(dispatch: Dispatch, outcomes: Mapping[str, Outcome]) -> int:
    """Settle every parcel of a call; the number that was still ours."""
    plain: list[deliveries.Plain] = []
    settled = 0
    for ref, entry in dispatch.entries.items():
        outcome, attempt, payload = outcomes[ref], dispatch.attempts[ref], dispatch.payloads[ref]
        if isinstance(outcome, Delivered) and deliveries.is_plain(entry, outcome.receipt, payload):
            plain.append(deliveries.Plain(entry=entry, receipt=outcome.receipt, attempt=attempt, payload=payload))
        else:
            settled += settle(dispatch.claim, entry, outcome, attempt=attempt, payload=payload)
    return settled + deliveries.settle_plain(dispatch.claim, plain)


def _change(entry: OutboxEntry, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """The new column values of an entry for an outcome."""
    match outcome:
        case Delivered() | NothingToDo():
            return {"state": State.CONFIRMED, "reason": "", "due_at": None, "settled_at": now}
        case Rejected() if _may_heal(entry, outcome):
            return {"state": State.READY, "generation": entry.generation + 1, "due_at": now, "first_sent_at": None}
        case Rejected():
            # Looks of a rejected entry say that it may stand in the books: only looking it up again goes on from there.
            looks = max(entry.looks, 1) if outcome.may_stand else 0
            return {"state": State.REJECTED, "reason": "", "due_at": None, "settled_at": now, "looks": looks}
        case RetryAt():
            tries = entry.tries + outcome.consumes_try
            return {"state": State.READY, "due_at": now + _wait(outcome, tries), "tries": tries}
        case NeedsPerson():
            return {"state": State.HELD, "reason": Hold.CONNECTION, "due_at": None}
        case Unknown():
            looks = entry.looks + 1
            first = timing().first_look
            wait = first if looks == 1 else min(first * 2 ** min(looks, 8), timing().ghost_wait)
            return {"state": State.UNCERTAIN, "due_at": now + wait, "looks": looks}
        case _:
            assert_never(outcome)


def _may_heal(entry: OutboxEntry, outcome: Rejected) -> bool:
    """What stands there is another than we knew: read it again and send once more. The second time a person decides."""
    is_first = _wants_reading(entry, outcome.problems[0]) and entry.generation == 1
    # With a newer revision waiting nobody wants this one any more: it stands down instead.
    return is_first and not succession.heirs(entry).exists()


def _wants_reading(entry: OutboxEntry, problem: Problem) -> bool:
    """Whether the record moved on, or may be gone altogether; what creates one has nothing to read."""
    if entry.operation == Operation.CREATE:
        return False
    return problem.code in (STALE_VERSION, MAY_BE_GONE)


def _wait(outcome: RetryAt, tries: int) -> timedelta:
    if outcome.seconds is not None and tries < 2:
        return timedelta(seconds=outcome.seconds)
    floor = timedelta(seconds=outcome.seconds or 0)
    # Jitter only: nobody's secret depends on it.
    luck = random.random()  # noqa: S311
    return max(floor, backoff.pause(max(tries, 1), luck=luck, scale=timing().backoff_scale))


def _close(attempt: Attempt | None, outcome: Outcome, now: datetime) -> None:
    if attempt is None:
        return
    problem = _problem(outcome)
    Attempt.objects.filter(pk=attempt.pk).update(
        outcome=type(outcome).__name__,
        code=problem.code if problem else "",
        facts=dict(problem.facts) if problem else {},
        detail=problem.their_words if problem else "",
        external_id=outcome.receipt.external_id if isinstance(outcome, Delivered) else "",
        settled_at=now,
    )


def _problem(outcome: Outcome) -> Problem | None:
    match outcome:
        case Rejected(problems=problems):
            return problems[0]
        case RetryAt(problem=problem) | NeedsPerson(problem=problem) | Unknown(problem=problem):
            return problem
        case _:
            return None


def _tell(entry: OutboxEntry, outcome: Outcome, attempt: Attempt | None, payload: EntryPayload | None) -> None:
    """Log line, issue, link, and what the outcome sets free."""
    attempt_id = attempt.id if attempt else None
    match outcome:
        case Delivered(receipt=receipt):
            deliveries.settled(entry, receipt, payload, attempt_id)
        case NothingToDo(reason=reason):
            _idle(entry, reason, attempt_id)
        case Rejected():
            _rejected(entry, outcome, attempt_id)
        case RetryAt() | NeedsPerson() | Unknown():
            _postponed(entry, outcome, attempt_id)
        case _:
            assert_never(outcome)


def _idle(entry: OutboxEntry, reason: str, attempt_id: int | None) -> None:
    if entry.operation == Operation.VOID:
        links.end_link(entry.connection_id, SourceKind(entry.source_kind), entry.source_id, Role(entry.role))
    issues.resolve_of_entries([entry.pk], resolution="fixed", actor=None)
    log.pushed(entry, status=Shown.SYNCED, severity=Severity.INFO, detail=reason, attempt_id=attempt_id)
    deliveries.release_dependents([entry])


def _rejected(entry: OutboxEntry, outcome: Rejected, attempt_id: int | None) -> None:
    if _wants_reading(entry, outcome.problems[0]):
        links.forget_version(entry.connection_id, SourceKind(entry.source_kind), entry.source_id, Role(entry.role))
    if entry.state == State.READY:
        detail = "It changed in the books meanwhile; Rivet reads it again and sends once more."
        log.pushed(entry, status=Shown.RETRYING, severity=Severity.INFO, detail=detail, attempt_id=attempt_id)
        return
    if not outcome.may_stand and replaced(entry, attempt_id):
        return
    first = issues.named(entry, outcome.problems[0])
    issues.open_issue(entry, first, severity=Severity.ERROR)
    if attempt_id and exhibit(first.code).reads_lists:
        rota.read_soon(entry.connection, unless_since=entry.created_at)
    log.pushed(
        entry,
        status=Shown.NEEDS_ATTENTION,
        severity=Severity.ERROR,
        detail=" ".join(describe(issues.named(entry, problem)) for problem in outcome.problems),
        code=first.code,
        attempt_id=attempt_id,
    )


def replaced(entry: OutboxEntry, attempt_id: int | None = None) -> bool:
    """Whether a newer revision takes the place of an entry that came to nothing; the claim must be ours."""
    heirs = succession.hand_over(entry)
    if heirs:
        detail = "It is not in the books, and a newer revision takes its place."
        log.pushed(entry, status=Shown.SKIPPED, severity=Severity.INFO, detail=detail, attempt_id=attempt_id)
        deliveries.release(OutboxEntry.objects.filter(pk__in=heirs), entry.connection_id)
    return bool(heirs)


def _postponed(entry: OutboxEntry, outcome: RetryAt | NeedsPerson | Unknown, attempt_id: int | None) -> None:
    problem = issues.named(entry, outcome.problem)
    status = {RetryAt: Shown.RETRYING, NeedsPerson: Shown.WAITING, Unknown: Shown.UNCONFIRMED}[type(outcome)]
    log.pushed(
        entry,
        status=status,
        severity=Severity.WARNING,
        detail=describe(problem),
        code=problem.code,
        attempt_id=attempt_id,
    )
    if isinstance(outcome, NeedsPerson):
        return
    outbox.mark_due(entry.connection_id, entry.due_at or clock.now())
    if isinstance(outcome, RetryAt) and entry.tries == backoff.WARN_AFTER:
        issues.open_issue(entry, problem, severity=Severity.WARNING)
