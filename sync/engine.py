"""One connection's turn: take back, look up, claim, send, settle. Knows no provider by name.

A turn makes at most one lookup, repeats the calls it leaves to repeat, and makes one new one. No transaction is open
while a provider is talked to.
"""

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import structlog
from django.db import connection as database

from integrations import registry
from integrations.connections import grants, health
from integrations.connections.models import Connection
from integrations.mappings.models import Link as StoredLink
from integrations.ports import (
    Access,
    AccessLostError,
    GrantLostError,
    NoAnswerError,
    NotSentError,
    Operation,
    Provider,
    ProviderError,
    Role,
    TokenRefusedError,
    UnavailableError,
)
from rivet import clock
from rivet.tenants.context import tenant_transaction
from sync import calls, chores, claims, deliveries, facts, leases, preparing, resolve, settle, succession
from sync.calls import Dispatch
from sync.claims import Claim
from sync.crashpoints import crashpoint
from sync.models import Call, CallBody, EntryPayload, OutboxEntry
from sync.outcomes import NeedsPerson, Outcome, Rejected, judge_error, judge_result
from sync.timing import timing

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What a turn did, for the dispatcher and tests."""

    delivered: int = 0
    looked_up: int = 0


def take_turn(*, tenant_id: int, connection_id: int) -> Turn:
    """Give one connection its turn. Safe to run any number of times, in any number of workers."""
    with tenant_transaction(tenant_id):
        facts.absorb(connection_id)
        claims.recover(connection_id)
        books = Connection.objects.select_related("grant").get(pk=connection_id)
        may_send = facts.may_send(books)
        if not may_send:
            facts.hold(books)
    looked_up = delivered = 0
    if may_send:
        provider = registry.provider(books.provider)
        access = _access(books, tenant_id)
        if access is not None:
            looked_up = _look_up(books, provider, access, tenant_id)
            delivered = _send_next(books, provider, access, tenant_id)
    chores.do_next(tenant_id=tenant_id, connection_id=connection_id)
    with tenant_transaction(tenant_id):
        deliveries.release_overlooked(connection_id, may_send=may_send)
        claims.reschedule(connection_id, may_send=may_send)
    return Turn(delivered=delivered, looked_up=looked_up)


def _access(books: Connection, tenant_id: int) -> Access | None:
    """A valid access token, or None after the trouble was written down."""
    try:
        return grants.access(books)
    except ProviderError as error:
        _no_access(books, error, tenant_id)
        return None


def _renew(books: Connection, refused: Access, tenant_id: int) -> None:
    """The token was refused: renew it once for everyone, so that the same call can go again."""
    try:
        grants.renew(books, refused=refused)
    except ProviderError as error:
        _no_access(books, error, tenant_id)


def _no_access(books: Connection, error: ProviderError, tenant_id: int) -> None:
    outcome = judge_error(error)
    with tenant_transaction(tenant_id):
        if isinstance(outcome, NeedsPerson):
            health.lost_access(books.pk, code=outcome.problem.code, detail=error.detail)
            facts.absorb(books.pk)
        else:
            claims.rest(books.pk, until=clock.now() + timing().renewal)


# Looking up ------------------------------------------------------------------------------------------------------


def _look_up(books: Connection, provider: Provider, access: Access, tenant_id: int) -> int:
    with tenant_transaction(tenant_id):
        claim = claims.claim_uncertain(books.pk, provider_limits=provider.limits)
        if claim is None:
            return 0
        claim = _within_budget(claim)
        questions = [resolve.question(entry) for entry in _with_relations(claim)]
        asked_at = clock.now()
    if not questions:
        return 0
    try:
        with leases.kept(claim, tenant_id=tenant_id):
            findings = resolve.ask(provider, access, questions)
    except ProviderError as error:
        _trouble(books, access, error, tenant_id)
        _settle_claim(claim, judge_error(error), tenant_id)
        return 0
    with tenant_transaction(tenant_id):
        if not claims.still_held(claim):
            return 0
        again = resolve.conclude(claim, findings, provider, asked_at=asked_at)
    for dispatch in again:
        _deliver(books, provider, access, dispatch, tenant_id)
    return len(claim.entries)


def _within_budget(claim: Claim) -> Claim:
    """The claim without entries whose lookup or call ended worker after worker: a person looks at those."""
    broken = [entry for entry in claim.entries if entry.crashes >= preparing.CRASH_BUDGET]
    for entry in _with_relations(replace(claim, entries=tuple(broken))):
        stopped = Rejected(problems=(facts.STOPPED_THREE_TIMES,), may_stand=True)
        settle.settle(claim, entry, stopped, is_looked_up=True)
    return replace(claim, entries=tuple(entry for entry in claim.entries if entry not in broken))


def _settle_claim(claim: Claim, outcome: Outcome, tenant_id: int) -> None:
    with tenant_transaction(tenant_id):
        for entry in claim.entries:
            settle.settle(claim, entry, outcome)


def _with_relations(claim: Claim) -> list[OutboxEntry]:
    rows = OutboxEntry.objects.select_related("revision", "connection")
    return list(rows.filter(pk__in=[entry.pk for entry in claim.entries]))


# Sending ---------------------------------------------------------------------------------------------------------


def _send_next(books: Connection, provider: Provider, access: Access, tenant_id: int) -> int:
    with tenant_transaction(tenant_id):
        claim = claims.claim_ready(books.pk, provider_limits=provider.limits)
    return send_claim(claim, books, provider, access, tenant_id) if claim else 0


def send_claim(claim: Claim, books: Connection, provider: Provider, access: Access, tenant_id: int) -> int:
    """Put one call for the claim's entries on record and send it; the number settled, 0 when the claim was lost."""
    crashpoint("after_claim")
    if not _freshened(claim, books, provider, access, tenant_id):
        return 0
    with tenant_transaction(tenant_id):
        if not claims.still_held(claim):
            return 0
        payloads = _fitting(claim, preparing.payloads(claim, books, provider), provider)
        dispatch = calls.write(claim, payloads, provider) if payloads else None
    if dispatch is None:
        return 0
    crashpoint("after_write_ahead")
    return _deliver(books, provider, access, dispatch, tenant_id)


def _fitting(claim: Claim, payloads: dict[int, EntryPayload], provider: Provider) -> dict[int, EntryPayload]:
    """As many payloads as one request may carry, at least one; the others wait for the next."""
    sizes = accumulate(len(row.body) for row in payloads.values())
    fitting = max(1, sum(size <= provider.limits.body_bytes for size in sizes))
    kept = dict(list(payloads.items())[:fitting])
    if left := [entry for entry in claim.entries if entry.pk in payloads.keys() - kept.keys()]:
        claims.put_back(claim, left)
    return kept


def _freshened(claim: Claim, books: Connection, provider: Provider, access: Access, tenant_id: int) -> bool:
    """Read anew what is to be changed and moved on in the books. False when that failed; the claim is settled then."""
    changing = [entry for entry in claim.entries if entry.operation != Operation.CREATE]
    if not changing:
        return True
    with tenant_transaction(tenant_id):
        found = [succession.standing(entry) for entry in changing]
        stale = [link for link in found if link is not None and not link.version]
    try:
        with leases.kept(claim, tenant_id=tenant_id):
            standing = {link.pk: provider.fetch(access, Role(link.role), link.external_id) for link in stale}
    except ProviderError as error:
        _trouble(books, access, error, tenant_id)
        _settle_claim(claim, judge_error(error), tenant_id)
        return False
    with tenant_transaction(tenant_id):
        for pk, fetched in standing.items():
            if fetched is not None and fetched.is_live:
                StoredLink.objects.filter(pk=pk).update(version=fetched.receipt.version)
    return True


def _deliver(books: Connection, provider: Provider, access: Access, dispatch: Dispatch, tenant_id: int) -> int:
    """Send one call that is on record and settle all it carried."""
    if database.in_atomic_block:
        raise RuntimeError("a provider may not be called while a transaction is open")
    for entry in dispatch.entries.values():
        entry.connection = books
    with tenant_transaction(tenant_id):
        if not claims.renew_for(dispatch.claim, dispatch.entries.values()):
            return 0
    outcomes: dict[str, Outcome]
    closing: dict[str, Any]
    is_answered = False
    try:
        with leases.kept(dispatch.claim, tenant_id=tenant_id):
            answer = provider.send(access, dispatch.wire)
    except ProviderError as error:
        crashpoint("after_send")
        _trouble(books, access, error, tenant_id)
        outcomes = dict.fromkeys(dispatch.entries, judge_error(error))
        closing = {"status": error.status, "trace_id": error.trace_id, "trouble": error.detail[:500]}
        received = error.body if isinstance(error, NoAnswerError) else b""
    else:
        crashpoint("after_send")
        outcomes = {ref: judge_result(answer.results[ref]) for ref in dispatch.entries}
        closing = {"status": answer.status, "trace_id": answer.trace_id}
        received, is_answered = answer.body, True
    with tenant_transaction(tenant_id):
        Call.objects.filter(pk=dispatch.call.pk).update(finished_at=clock.now(), **closing)
        CallBody.objects.filter(call_id=dispatch.call.id).update(answer=received)
        settled = settle.settle_all(dispatch, outcomes)
        if is_answered:
            health.worked(books.pk)
        crashpoint("before_settle_commit")
    crashpoint("after_settle")
    return settled


def _trouble(books: Connection, access: Access, error: ProviderError, tenant_id: int) -> None:
    """What an error means for the whole connection, beside what it means for the documents."""
    match error:
        case TokenRefusedError():
            _renew(books, access, tenant_id)
        case AccessLostError() | GrantLostError():
            with tenant_transaction(tenant_id):
                health.lost_access(books.pk, code=error.code, detail=error.detail)
                facts.absorb(books.pk)
        case NotSentError() | UnavailableError():
            with tenant_transaction(tenant_id):
                claims.rest(books.pk, until=clock.now() + timing().renewal)
        case _:
            seconds = getattr(error, "seconds", None)
            if seconds is not None:
                with tenant_transaction(tenant_id):
                    claims.rest(books.pk, until=clock.now() + timing().tick * max(1, seconds))
