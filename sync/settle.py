"""Settling: every outcome of a call, its log lines and what it sets free, in one transaction."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, assert_never

from django.db.models import QuerySet

from integrations.connections.facts import note
from integrations.connections.models import FactKind
from integrations.mappings import links
from integrations.ports import Operation, Problem, Receipt, Role
from integrations.registry import LISTINGS
from rivet import clock
from rivet.ledger.snapshots import SourceKind
from sync import backoff, claims, issues, log, outbox, rota, succession
from sync.calls import Dispatch
from sync.catalogue import describe, exhibit
from sync.claims import Claim
from sync.models import Attempt, EntryNeed, EntryPayload, OutboxEntry, Severity
from sync.outcomes import Delivered, NeedsPerson, NothingToDo, Outcome, Rejected, RetryAt, Unknown
from sync.states import OVER, Hold, Shown, State
from sync.timing import timing

#: The catalogue's code for "somebody changed it there since we read it".
STALE_VERSION = "CNF-02"
_PARTIES = frozenset({Role.CUSTOMER, Role.VENDOR})


def settle(
    claim: Claim,
    entry: OutboxEntry,
    outcome: Outcome,
    *,
    attempt: Attempt | None = None,
    payload: EntryPayload | None = None,
) -> bool:
    """Write down what became of one entry. False when the claim is no longer ours: then nothing is written.

    A ghost, a worker whose lease ran out while it slept, ends here: its fence or claim does not match.
    """
    now = clock.now()
    answered, outcome = outcome, _doubted(entry, outcome)
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
        was_sent_before = entry.generation > 1 and problem.code.startswith("DUP-")
        if entry.looks or was_sent_before:
            return Unknown(problem=problem)
    return outcome


def settle_all(dispatch: Dispatch, outcomes: Mapping[str, Outcome]) -> int:
    """Settle every parcel of a call; the number that was still ours."""
    return sum(
        settle(
            dispatch.claim,
            entry,
            outcomes[ref],
            attempt=dispatch.attempts[ref],
            payload=dispatch.payloads[ref],
        )
        for ref, entry in dispatch.entries.items()
    )


def _change(entry: OutboxEntry, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """The new column values of an entry for an outcome."""
    match outcome:
        case Delivered() | NothingToDo():
            return {"state": State.CONFIRMED, "reason": "", "due_at": None, "settled_at": now}
        case Rejected() if _may_heal(entry, outcome):
            return {"state": State.READY, "generation": entry.generation + 1, "due_at": now, "first_sent_at": None}
        case Rejected():
            return {"state": State.REJECTED, "reason": "", "due_at": None, "settled_at": now}
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
    """Their version moved on: read it again and send once more. The second time a person decides."""
    return outcome.problems[0].code == STALE_VERSION and entry.generation == 1


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
    Attempt.objects.filter(id=attempt.id).update(
        outcome=type(outcome).__name__,
        code=problem.code if problem else "",
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


def named(entry: OutboxEntry, problem: Problem) -> Problem:
    """The problem with what its sentence may name and the provider did not say: itself, and the party it refused."""
    known = {"provider": LISTINGS[entry.connection.provider].name}
    if entry.role in _PARTIES:
        known["party"] = entry.label.partition(" ")[2]
    return Problem(code=problem.code, facts={**known, **problem.facts}, their_words=problem.their_words)


def _tell(entry: OutboxEntry, outcome: Outcome, attempt: Attempt | None, payload: EntryPayload | None) -> None:
    """Log line, issue, link, and what the outcome sets free."""
    attempt_id = attempt.id if attempt else None
    match outcome:
        case Delivered(receipt=receipt):
            _delivered(entry, receipt, payload, attempt_id)
        case NothingToDo(reason=reason):
            issues.resolve_of_entries([entry.pk], resolution="fixed", actor=None)
            log.pushed(entry, status=Shown.SYNCED, severity=Severity.INFO, detail=reason, attempt_id=attempt_id)
            release_dependents(entry)
        case Rejected(problems=problems):
            if problems[0].code == STALE_VERSION:
                links.forget_version(
                    entry.connection_id, SourceKind(entry.source_kind), entry.source_id, Role(entry.role)
                )
            if entry.state == State.READY:
                detail = "It changed in the books meanwhile; Rivet reads it again and sends once more."
                log.pushed(entry, status=Shown.RETRYING, severity=Severity.INFO, detail=detail, attempt_id=attempt_id)
                return
            if replaced(entry, attempt_id):
                return
            first = named(entry, problems[0])
            issues.open_issue(entry, first, severity=Severity.ERROR)
            if attempt_id and exhibit(first.code).reads_lists:
                rota.read_soon(entry.connection, unless_since=entry.created_at)
            detail = " ".join(describe(named(entry, problem)) for problem in problems)
            log.pushed(
                entry,
                status=Shown.NEEDS_ATTENTION,
                severity=Severity.ERROR,
                detail=detail,
                code=first.code,
                attempt_id=attempt_id,
            )
        case RetryAt() | NeedsPerson() | Unknown():
            _postponed(entry, outcome, attempt_id)
        case _:
            assert_never(outcome)


def replaced(entry: OutboxEntry, attempt_id: int | None = None) -> bool:
    """Whether a newer revision takes the place of an entry that came to nothing; the claim must be ours."""
    heirs = succession.hand_over(entry)
    if heirs:
        detail = "It is not in the books, and a newer revision takes its place."
        log.pushed(entry, status=Shown.SKIPPED, severity=Severity.INFO, detail=detail, attempt_id=attempt_id)
        _release(OutboxEntry.objects.filter(pk__in=heirs), entry.connection_id)
    return bool(heirs)


def _postponed(entry: OutboxEntry, outcome: RetryAt | NeedsPerson | Unknown, attempt_id: int | None) -> None:
    problem = named(entry, outcome.problem)
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


def _delivered(entry: OutboxEntry, receipt: Receipt, payload: EntryPayload | None, attempt_id: int | None) -> None:
    if entry.operation == Operation.VOID:
        _taken_back(entry, attempt_id)
        return
    warnings = [named(entry, warning) for warning in receipt.warnings] + _mismatch(entry, receipt, payload)
    links.save_link(
        entry.connection_id,
        SourceKind(entry.source_kind),
        entry.source_id,
        Role(entry.role),
        receipt=receipt,
        our_total=payload.total if payload else None,
    )
    issues.resolve_of_entries([entry.pk], resolution="fixed", actor=None)
    for warning in warnings:
        issues.open_issue(entry, warning, severity=Severity.WARNING)
    if warnings:
        OutboxEntry.objects.filter(pk=entry.pk).update(has_warning=True)
    if entry.role in _PARTIES and entry.round > 1:
        # It was skipped before, and documents were stopped for want of it.
        note(entry.connection, FactKind.PARTY_LINKED, subject=f"{entry.source_kind}:{entry.source_id}")
    where = f" as {receipt.number}" if receipt.number else ""
    detail = " ".join(describe(warning) for warning in warnings) or f"Stands in the books{where}."
    log.pushed(
        entry,
        status=Shown.SYNCED,
        severity=Severity.WARNING if warnings else Severity.INFO,
        detail=detail,
        code=warnings[0].code if warnings else "",
        attempt_id=attempt_id,
    )
    release_dependents(entry)


def _taken_back(entry: OutboxEntry, attempt_id: int | None) -> None:
    links.end_link(entry.connection_id, SourceKind(entry.source_kind), entry.source_id, Role(entry.role))
    issues.resolve_of_entries([entry.pk], resolution="fixed", actor=None)
    detail = "Taken back out of the books."
    log.pushed(entry, status=Shown.SYNCED, severity=Severity.INFO, detail=detail, attempt_id=attempt_id)
    release_dependents(entry)


def _mismatch(entry: OutboxEntry, receipt: Receipt, payload: EntryPayload | None) -> list[Problem]:
    if payload is None or payload.total is None or receipt.total is None or payload.total == receipt.total:
        return []
    return [Problem(code="VAL-04", facts={"ours": f"{payload.total:,.2f}", "theirs": f"{receipt.total:,.2f}"})]


def release_dependents(entry: OutboxEntry) -> None:
    """Entries that waited for this one and for nothing else become ready."""
    _release(OutboxEntry.objects.filter(needs__needs=entry), entry.connection_id)


def _release(candidates: QuerySet[OutboxEntry], connection_id: int) -> None:
    waiting = candidates.filter(state=State.HELD, reason=Hold.PARENT)
    still = EntryNeed.objects.filter(entry__in=waiting).exclude(needs__state__in=OVER).values("entry_id")
    free = list(waiting.exclude(pk__in=still).values_list("pk", flat=True))
    if free:
        make_ready(free, connection_id)


def make_ready(entry_ids: list[int], connection_id: int) -> None:
    """Held entries whose reason has ended go into the line now."""
    now = clock.now()
    OutboxEntry.objects.filter(pk__in=entry_ids, state=State.HELD).update(state=State.READY, reason="", due_at=now)
    outbox.mark_due(connection_id, now)
