"""What follows from a delivery: the link, the end of its issues, the line in the log, and what waited for it.

Most deliveries are plain, and those of one call are settled together: thirty bills cost a dozen statements.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection as database
from django.db.models import Exists, OuterRef, QuerySet

from integrations.connections.facts import note
from integrations.connections.models import FactKind
from integrations.mappings import links
from integrations.ports import Operation, Problem, Receipt, Role
from rivet import clock
from rivet.ledger.snapshots import SourceKind
from sync import claims, issues, log, outbox
from sync.catalogue import describe
from sync.claims import Claim
from sync.models import Attempt, EntryNeed, EntryPayload, OutboxEntry, Severity
from sync.outcomes import Delivered
from sync.states import OVER, Hold, Shown, State

_PARTIES = frozenset({Role.CUSTOMER, Role.VENDOR})
#: Nothing but the usual follows when one of these was created.
_PLAIN_ROLES = frozenset({Role.BILL, Role.INVOICE, Role.RETAINAGE_JOURNAL})


@dataclass(frozen=True, kw_only=True)
class Plain:
    """One delivery among several of a call."""

    entry: OutboxEntry
    receipt: Receipt
    attempt: Attempt
    payload: EntryPayload


def is_plain(entry: OutboxEntry, receipt: Receipt, payload: EntryPayload) -> bool:
    """Whether a document was created as it was sent, and they had nothing to add."""
    is_new = entry.operation == Operation.CREATE and entry.role in _PLAIN_ROLES
    return is_new and not receipt.warnings and not _mismatch(entry, receipt, payload)


def settle_plain(claim: Claim, delivered: Sequence[Plain]) -> int:
    """Settle plain deliveries of one call, in the caller's transaction; the number whose claim was still ours."""
    held = claims.mine(claim).filter(pk__in=[each.entry.pk for each in delivered]).select_for_update(of=("self",))
    fences = dict(held.values_list("pk", "fence"))
    ours = [each for each in delivered if fences.get(each.entry.pk) == each.entry.fence]
    if ours:
        _confirm(ours)
        _link(ours, claim.connection_id)
        issues.resolve_of_entries([each.entry.pk for each in ours], resolution="fixed", actor=None)
        log.delivered([(each.entry, _where(each.receipt), each.attempt.id) for each in ours])
        release_dependents([each.entry for each in ours])
    return len(ours)


def _confirm(ours: Sequence[Plain]) -> None:
    now = clock.now()
    OutboxEntry.objects.filter(pk__in=[each.entry.pk for each in ours]).update(
        state=State.CONFIRMED, reason="", due_at=None, settled_at=now, claimed_by=None
    )
    for each in ours:
        each.entry.state = State.CONFIRMED
    with database.cursor() as cursor:
        cursor.execute(
            """
            UPDATE sync_attempt AS attempt
               SET outcome = %s, external_id = settled.external_id, settled_at = %s
              FROM unnest(%s::timestamptz[], %s::bigint[], %s::text[]) AS settled (created_at, id, external_id)
             WHERE attempt.created_at = settled.created_at AND attempt.id = settled.id
            """,
            [
                Delivered.__name__,
                now,
                [each.attempt.created_at for each in ours],
                [each.attempt.id for each in ours],
                [each.receipt.external_id for each in ours],
            ],
        )


def _link(ours: Sequence[Plain], connection_id: int) -> None:
    links.save_new_links(
        connection_id,
        [
            links.Posted(
                source_kind=SourceKind(each.entry.source_kind),
                source_id=each.entry.source_id,
                role=Role(each.entry.role),
                receipt=each.receipt,
                our_total=each.payload.total,
            )
            for each in ours
        ],
    )


def settled(entry: OutboxEntry, receipt: Receipt, payload: EntryPayload | None, attempt_id: int | None) -> None:
    """What follows from one delivery, once its entry says that it is in the books."""
    if entry.operation == Operation.VOID:
        _taken_back(entry, attempt_id)
        return
    warnings = [issues.named(entry, warning) for warning in receipt.warnings] + _mismatch(entry, receipt, payload)
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
    detail = " ".join(describe(warning) for warning in warnings) or _where(receipt)
    log.pushed(
        entry,
        status=Shown.SYNCED,
        severity=Severity.WARNING if warnings else Severity.INFO,
        detail=detail,
        code=warnings[0].code if warnings else "",
        attempt_id=attempt_id,
    )
    release_dependents([entry])


def _where(receipt: Receipt) -> str:
    return f"Stands in the books as {receipt.number}." if receipt.number else "Stands in the books."


def _taken_back(entry: OutboxEntry, attempt_id: int | None) -> None:
    links.end_link(entry.connection_id, SourceKind(entry.source_kind), entry.source_id, Role(entry.role))
    issues.resolve_of_entries([entry.pk], resolution="fixed", actor=None)
    detail = "Taken back out of the books."
    log.pushed(entry, status=Shown.SYNCED, severity=Severity.INFO, detail=detail, attempt_id=attempt_id)
    release_dependents([entry])


def _mismatch(entry: OutboxEntry, receipt: Receipt, payload: EntryPayload | None) -> list[Problem]:
    if payload is None or payload.total is None or receipt.total is None or payload.total == receipt.total:
        return []
    return [Problem(code="VAL-04", facts={"ours": f"{payload.total:,.2f}", "theirs": f"{receipt.total:,.2f}"})]


def release_dependents(entries: Sequence[OutboxEntry]) -> None:
    """What waited for these, all of one connection, and for nothing else becomes ready."""
    release(OutboxEntry.objects.filter(needs__needs__in=entries), entries[0].connection_id)


def release(candidates: QuerySet[OutboxEntry], connection_id: int) -> None:
    waiting = candidates.filter(state=State.HELD, reason=Hold.PARENT)
    still = EntryNeed.objects.filter(entry__in=waiting).exclude(needs__state__in=OVER).values("entry_id")
    free = list(waiting.exclude(pk__in=still).values_list("pk", flat=True))
    if free:
        _make_ready(free, connection_id)


def release_overlooked(connection_id: int, *, may_send: bool) -> None:
    """Held entries whose reason has ended although nobody told them, in the caller's transaction.

    What was settled while they were being enqueued, or at the same moment as something else they needed, could not
    see them.
    """
    held = OutboxEntry.objects.filter(connection_id=connection_id, state=State.HELD)
    unfinished = EntryNeed.objects.filter(entry=OuterRef("pk")).exclude(needs__state__in=OVER)
    free = list(held.filter(~Exists(unfinished), reason=Hold.PARENT).values_list("pk", flat=True))
    if may_send:
        free += held.exclude(reason=Hold.PARENT).values_list("pk", flat=True)
    if free:
        _make_ready(free, connection_id)


def _make_ready(entry_ids: list[int], connection_id: int) -> None:
    """Held entries whose reason has ended go into the line now."""
    now = clock.now()
    OutboxEntry.objects.filter(pk__in=entry_ids, state=State.HELD).update(state=State.READY, reason="", due_at=now)
    outbox.mark_due(connection_id, now)
