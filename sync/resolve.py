"""Unknown outcomes: looked up, or sent again with the same key and the same bytes; never blindly.

The order matters. A lookup that finds the record ends the matter. One that does not find it proves nothing while the
request may still be on its way inside the provider: until the ghost wait is over only the *same* call may go again,
which the provider recognises by its key. After it, absent means absent, and a new generation starts.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from integrations.mappings import links
from integrations.ports import (
    Absent,
    Access,
    CallKind,
    Finding,
    Operation,
    Problem,
    Provider,
    Receipt,
    Role,
    Several,
    Wanted,
)
from rivet import clock
from rivet.ledger.revisions import thaw
from rivet.ledger.snapshots import BillSnapshot, InvoiceSnapshot, ItemSnapshot, PartyRef, PartySnapshot
from sync import calls, outbox, settle, succession
from sync import limits as permits
from sync.calls import Dispatch
from sync.claims import Claim, mine
from sync.models import Attempt, Call, EntryPayload, OutboxEntry
from sync.outcomes import Delivered, Rejected, Unknown
from sync.states import State
from sync.timing import timing

#: Kept between the last moment a key is trusted and the moment the provider forgets it.
KEY_MARGIN = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the provider is asked about one entry: where is it, or, for a void, is it gone?"""

    wanted: Wanted
    #: The record a void was to end; None when the entry was to write one.
    ending: str | None


def question(entry: OutboxEntry) -> Question:
    ending = None
    if entry.operation == Operation.VOID:
        link = succession.standing(entry)
        ending = link.external_id if link else ""
    return Question(wanted=wanted(entry), ending=ending)


def ask(provider: Provider, access: Access, questions: Sequence[Question]) -> Mapping[str, Finding]:
    """Findings by ref. A record that is gone is what a void wanted; one that stands means it did not arrive."""
    searched = [each.wanted for each in questions if each.ending is None]
    findings: dict[str, Finding] = dict(provider.find(access, searched)) if searched else {}
    for each in questions:
        if each.ending is not None:
            standing = provider.fetch(access, each.wanted.role, each.ending) if each.ending else None
            is_gone = standing is None or not standing.is_live
            findings[each.wanted.ref] = Receipt(external_id=each.ending, version="") if is_gone else Absent()
    return findings


def wanted(entry: OutboxEntry) -> Wanted:
    """What the provider is asked for: everything that names this entry there."""
    document = thaw(entry.revision)
    payload = EntryPayload.objects.filter(entry=entry, generation=entry.generation).first()
    party_id = name = ""
    day: date | None = None
    match document:
        case BillSnapshot():
            party_id = _party_id(entry, document.vendor)
            day = document.bill_date
        case InvoiceSnapshot():
            party_id = _party_id(entry, document.customer)
            day = document.invoice_date
        case PartySnapshot() | ItemSnapshot():
            name = document.name
    return Wanted(
        ref=calls.ref(entry),
        role=Role(entry.role),
        marker=calls.marker(entry),
        number=payload.number if payload else "",
        name=name,
        party_id=party_id,
        day=day,
        total=payload.total if payload else None,
    )


def _party_id(entry: OutboxEntry, party: PartyRef) -> str:
    link = links.link_for(entry.connection_id, party.kind, party.id, Role(party.kind))
    return link.external_id if link else ""


def conclude(
    claim: Claim, findings: Mapping[str, Finding], provider: Provider, *, asked_at: datetime
) -> list[Dispatch]:
    """Act on what a lookup found; the calls to send again, if that is what is left to do.

    ``asked_at`` is when the looking began: what was absent then may have arrived since.
    """
    groups: dict[int | None, list[OutboxEntry]] = defaultdict(list)
    for entry in claim.entries:
        if not _settled(claim, entry, findings[calls.ref(entry)]):
            groups[_call_to_repeat(entry)].append(entry)
    again = [_send_again(claim, absent, call_id, provider, asked_at) for call_id, absent in groups.items()]
    return [dispatch for dispatch in again if dispatch is not None]


def _call_to_repeat(entry: OutboxEntry) -> int | None:
    """The last call of an entry, if sending it again could tell more: a refusal would only be repeated."""
    last = _last_attempt(entry)
    return last.call_id if last and last.outcome != Rejected.__name__ else None


def _last_attempt(entry: OutboxEntry) -> Attempt | None:
    last: Attempt | None = Attempt.objects.filter(entry_id=entry.pk).order_by("-id").first()
    return last


def _settled(claim: Claim, entry: OutboxEntry, finding: Finding) -> bool:
    match finding:
        case Receipt():
            payload = EntryPayload.objects.filter(entry=entry, generation=entry.generation).first()
            settle.settle(claim, entry, Delivered(receipt=finding), attempt=_last_attempt(entry), payload=payload)
            return True
        case Several():
            numbers = ", ".join(candidate.number or candidate.external_id for candidate in finding.candidates)
            problem = Problem(code="UNC-02", facts={"candidates": numbers})
            settle.settle(claim, entry, Rejected(problems=(problem,), may_stand=True), is_looked_up=True)
            return True
        case Absent():
            return False


def _send_again(
    claim: Claim, absent: list[OutboxEntry], call_id: int | None, provider: Provider, asked_at: datetime
) -> Dispatch | None:
    """The same call again while its key protects it; what follows from absence once that is proven; else wait."""
    now = clock.now()
    call = Call.objects.filter(id=call_id).first()
    if call is not None and _is_protected(absent, call, provider, now):
        kind = CallKind.BATCH if call.documents > 1 else CallKind.SINGLE
        if not permits.take(connection_id=claim.connection_id, limits=provider.limits, kind=kind, now=now):
            return calls.write_again(claim, absent, call, provider)
    for entry in absent:
        if not _is_proven_absent(entry, asked_at):
            _look_later(claim, entry)
        elif refusal := _refusal(entry):
            settle.settle(claim, entry, refusal, is_looked_up=True)
        else:
            start_generation(claim, entry)
    return None


def _refusal(entry: OutboxEntry) -> Rejected | None:
    """Their last answer, if it was a no. That number is not ours, then: sending again would only be refused again."""
    last = _last_attempt(entry)
    if last is None or last.outcome != Rejected.__name__:
        return None
    return Rejected(problems=(Problem(code=last.code, facts=last.facts, their_words=last.detail),))


def _is_protected(absent: list[OutboxEntry], call: Call, provider: Provider, now: datetime) -> bool:
    """Whether sending the very same call is safe: all of its documents are absent and the key is remembered."""
    lifetime = timedelta(seconds=provider.limits.key_lifetime_seconds)
    margin = min(KEY_MARGIN, lifetime / 4)
    first_sent = min(entry.first_sent_at or now for entry in absent)
    return len(absent) == call.documents and now < first_sent + lifetime - margin


def _is_proven_absent(entry: OutboxEntry, asked_at: datetime) -> bool:
    return entry.last_sent_at is None or asked_at >= entry.last_sent_at + timing().ghost_wait


def start_generation(claim: Claim, entry: OutboxEntry) -> None:
    """It is not there and cannot arrive any more: new key, new bytes, back into the line."""
    now = clock.now()
    held = mine(claim).filter(pk=entry.pk, fence=entry.fence)
    if not held.select_for_update(of=("self",)).exists() or settle.replaced(entry):
        return
    held.update(
        state=State.READY,
        generation=entry.generation + 1,
        looks=0,
        first_sent_at=None,
        due_at=now,
        claimed_by=None,
    )
    outbox.mark_due(entry.connection_id, now)


def _look_later(claim: Claim, entry: OutboxEntry) -> None:
    settle.settle(claim, entry, Unknown(problem=Problem(code="UNC-01", facts={"why": "It is not there yet."})))
