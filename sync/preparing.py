"""What a claimed entry sends: frozen once, before the first try, or settled here when nothing need be sent.

Runs in the caller's tenant transaction and talks to nobody.
"""

from collections.abc import Mapping, Sequence

from django.db.models import prefetch_related_objects

from integrations.connections.models import Connection
from integrations.mappings import links, parties
from integrations.mappings.books import books_for
from integrations.mappings.models import Link as StoredLink
from integrations.ports import Intent, Link, Operation, Payload, Problem, Provider, Role
from rivet.ledger.revisions import thaw
from rivet.ledger.snapshots import PartySnapshot, SourceKind
from rivet.tenants.context import current_tenant_id
from sync import calls, facts, settle
from sync.claims import Claim
from sync.models import EntryPayload, OutboxEntry
from sync.outcomes import NothingToDo, Outcome, Rejected

#: Both providers would refuse the name, and it is most likely the same firm: a person links it.
NAME_TAKEN = Problem(code="DUP-04")
#: Leases that may end without a word before an entry is put aside for people.
CRASH_BUDGET = 3


def payloads(claim: Claim, books: Connection, provider: Provider) -> dict[int, EntryPayload]:
    """Frozen bytes by entry; entries that cannot be prepared are settled here and cost no call."""
    frozen = _frozen(claim.entries)
    links_by_entry = _links(books.pk, claim.entries)
    prefetch_related_objects(claim.entries, "revision")
    ready: dict[int, EntryPayload] = {}
    unwritten: list[OutboxEntry] = []
    for entry in claim.entries:
        entry.connection = books
        link, row = links_by_entry.get(entry.pk), frozen.get(entry.pk)
        if outcome := _over_budget(entry) or (_linked_meanwhile(entry, link) if row else _decided(entry, link)):
            settle.settle(claim, entry, outcome)
        elif row:
            ready[entry.pk] = row
        else:
            unwritten.append(entry)
    return ready | _freeze(claim, unwritten, links_by_entry, books, provider)


def _frozen(entries: Sequence[OutboxEntry]) -> dict[int, EntryPayload]:
    """What was frozen before for the generation that goes now."""
    generations = {entry.pk: entry.generation for entry in entries}
    rows = EntryPayload.objects.filter(entry__in=list(generations))
    return {row.entry_id: row for row in rows if row.generation == generations[row.entry_id]}


def _links(connection_id: int, entries: Sequence[OutboxEntry]) -> dict[int, StoredLink]:
    keys = {entry.pk: (SourceKind(entry.source_kind), entry.source_id, Role(entry.role)) for entry in entries}
    found = links.links_for(connection_id, list(keys.values()))
    return {pk: found[key] for pk, key in keys.items() if key in found}


def _freeze(
    claim: Claim,
    entries: Sequence[OutboxEntry],
    links_by_entry: Mapping[int, StoredLink],
    books: Connection,
    provider: Provider,
) -> dict[int, EntryPayload]:
    """Translate what goes for the first time; what the provider is known to refuse is settled here."""
    documents = [thaw(entry.revision) for entry in entries]
    rows = []
    for entry, document, seen in zip(entries, documents, books_for(books, documents), strict=True):
        intent = Intent(
            marker=calls.marker(entry),
            role=Role(entry.role),
            operation=Operation(entry.operation),
            document=document,
            link=_standing(entry, links_by_entry.get(entry.pk)),
        )
        prepared = provider.prepare(intent, seen)
        if prepared.payload is None:
            settle.settle(claim, entry, Rejected(problems=prepared.problems))
        else:
            rows.append(_row(entry, prepared.payload))
    return {row.entry_id: row for row in EntryPayload.objects.bulk_create(rows)}


def _row(entry: OutboxEntry, payload: Payload) -> EntryPayload:
    return EntryPayload(
        tenant_id=current_tenant_id(),
        entry=entry,
        generation=entry.generation,
        body=payload.body,
        endpoint=payload.endpoint,
        number=payload.number,
        total=payload.total,
    )


def _over_budget(entry: OutboxEntry) -> Outcome | None:
    return Rejected(problems=(facts.STOPPED_THREE_TIMES,)) if entry.crashes >= CRASH_BUDGET else None


def _linked_meanwhile(entry: OutboxEntry, link: StoredLink | None) -> Outcome | None:
    """A person linked it to a record of theirs while it waited, so there is nothing left to create."""
    if entry.operation != Operation.CREATE or link is None:
        return None
    return NothingToDo(reason="Linked to a record that is in the books.")


def _decided(entry: OutboxEntry, link: StoredLink | None) -> Outcome | None:
    """What can be said without asking the provider, from where the record stands; None when it has to be sent."""
    if outcome := _linked_meanwhile(entry, link):
        return outcome
    # Its version was forgotten, and reading it anew found nothing that could be changed.
    is_gone = link is not None and not link.version
    match Operation(entry.operation):
        case Operation.VOID if link is None or is_gone:
            return NothingToDo(reason="It does not stand in the books, so there is nothing to void.")
        case Operation.UPDATE if is_gone:
            return Rejected(problems=(Problem(code="REF-05"),))
        case Operation.CREATE if _is_name_taken(entry):
            return Rejected(problems=(NAME_TAKEN,))
        case _:
            return None


def _is_name_taken(entry: OutboxEntry) -> bool:
    kind = SourceKind(entry.source_kind)
    if kind not in parties.KINDS:
        return False
    document = thaw(entry.revision)
    return isinstance(document, PartySnapshot) and parties.namesake(entry.connection, kind, document.name) is not None


def _standing(entry: OutboxEntry, link: StoredLink | None) -> Link | None:
    """Where the record stands, for the adapter; an entry that creates stands nowhere."""
    if link is None or entry.operation == Operation.CREATE:
        return None
    return Link(external_id=link.external_id, version=link.version, number=link.number)
