"""Calls: one row per wire request, written and committed before the socket opens."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from integrations.ports import Operation, Parcel, Payload, Provider, Role, WireCall
from rivet import clock
from rivet.tenants.context import current_tenant_id
from sync.claims import Claim, mine
from sync.models import Attempt, Call, CallBody, EntryPayload, OutboxEntry
from sync.states import State
from sync.timing import timing


@dataclass(frozen=True, kw_only=True)
class Dispatch:
    """A call that is on record and may now be sent: its row, its bytes, and which entry each ref stands for."""

    claim: Claim
    call: Call
    wire: WireCall
    attempts: dict[str, Attempt]
    entries: dict[str, OutboxEntry]
    payloads: dict[str, EntryPayload]


def marker(entry: OutboxEntry) -> str:
    """The mark people and lookups find in the books: stable for an entry, 50 bits of its public id's hash."""
    digest = hashlib.sha256(f"{entry.public_id}:{entry.round}".encode()).digest()
    return "RVT-" + base64.b32encode(digest)[:10].decode()


def key(entry: OutboxEntry) -> str:
    """The idempotency key of an entry's generation: at most 36 characters, as a batch at QuickBooks allows."""
    text = f"{entry.public_id}:{entry.round}:{entry.generation}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def shared_key(entries: Sequence[OutboxEntry]) -> str:
    """One entry's own key, or one over all keys of a batch in their order."""
    if len(entries) == 1:
        return key(entries[0])
    return hashlib.sha256("".join(key(entry) for entry in entries).encode()).hexdigest()[:32]


def ref(entry: OutboxEntry) -> str:
    """Names an entry inside a call: at most ten characters."""
    return f"{entry.pk % 10**10}"


def payload_of(row: EntryPayload, entry: OutboxEntry) -> Payload:
    return Payload(
        role=Role(entry.role),
        operation=Operation(entry.operation),
        body=bytes(row.body),
        total=row.total,
        number=row.number,
        endpoint=row.endpoint,
    )


def write(claim: Claim, payloads: dict[int, EntryPayload], provider: Provider) -> Dispatch:
    """Pack the payloads of a claim into one call and put it on record."""
    entries = [entry for entry in claim.entries if entry.pk in payloads]
    parcels = [Parcel(ref=ref(entry), payload=payload_of(payloads[entry.pk], entry)) for entry in entries]
    return _record(claim, entries, payloads, provider.pack(parcels, key=shared_key(entries)), provider)


def write_again(claim: Claim, entries: list[OutboxEntry], before: Call, provider: Provider) -> Dispatch:
    """Put the same key and the same bytes on record once more: a new request, the same wish."""
    body = CallBody.objects.get(call_id=before.id)
    rows = EntryPayload.objects.filter(entry__in=entries)
    payloads = {
        row.entry_id: row
        for row in rows
        if any(e.pk == row.entry_id and e.generation == row.generation for e in entries)
    }
    wire = WireCall(
        method=before.method,
        path=before.path,
        body=bytes(body.request),
        headers=before.wire["headers"],
        refs=tuple(before.wire["refs"]),
        key=before.key,
        roles=tuple(Role(role) for role in before.wire["roles"]),
    )
    return _record(claim, entries, payloads, wire, provider)


def _record(
    claim: Claim,
    entries: list[OutboxEntry],
    payloads: dict[int, EntryPayload],
    wire: WireCall,
    provider: Provider,
) -> Dispatch:
    call: Call = Call.objects.create(
        tenant_id=current_tenant_id(),
        connection_id=claim.connection_id,
        key=wire.key,
        method=wire.method,
        path=wire.path,
        wire=_wire_json(wire),
        documents=len(entries),
        connect_seconds=provider.limits.connect_seconds,
        read_seconds=provider.limits.read_seconds,
    )
    CallBody.objects.create(tenant_id=current_tenant_id(), call_id=call.id, request=wire.body)
    attempts = Attempt.objects.bulk_create([_attempt(entry, call) for entry in entries])
    _mark_sending(claim, entries)
    return Dispatch(
        claim=claim,
        call=call,
        wire=wire,
        attempts={attempt.ref: attempt for attempt in attempts},
        entries={ref(entry): entry for entry in entries},
        payloads={ref(entry): payloads[entry.pk] for entry in entries},
    )


def _attempt(entry: OutboxEntry, call: Call) -> Attempt:
    return Attempt(
        tenant_id=current_tenant_id(),
        entry_id=entry.pk,
        call_id=call.id,
        ref=ref(entry),
        generation=entry.generation,
        fence=entry.fence,
    )


def _mark_sending(claim: Claim, entries: list[OutboxEntry]) -> None:
    now = clock.now()
    for entry in entries:
        entry.state, entry.last_sent_at = State.SENDING, now
        entry.first_sent_at = entry.first_sent_at or now
    chosen = mine(claim).filter(pk__in=[entry.pk for entry in entries])
    chosen.update(state=State.SENDING, last_sent_at=now, due_at=now + timing().lease)
    chosen.filter(first_sent_at=None).update(first_sent_at=now)


def _wire_json(wire: WireCall) -> dict[str, Any]:
    return {
        "headers": dict(wire.headers),
        "refs": list(wire.refs),
        "roles": [role.value for role in wire.roles],
    }
