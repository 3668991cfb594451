"""What a claimed entry sends: frozen once, before the first try, or settled here when nothing need be sent.

Runs in the caller's tenant transaction and talks to nobody.
"""

from integrations.connections.models import Connection
from integrations.mappings import links, parties
from integrations.mappings.books import books_for
from integrations.mappings.models import Link as StoredLink
from integrations.ports import Intent, Link, Operation, Problem, Provider, Role
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
    frozen = {
        (row.entry_id, row.generation): row
        for row in EntryPayload.objects.filter(entry__in=[entry.pk for entry in claim.entries])
    }
    ready: dict[int, EntryPayload] = {}
    for entry in claim.entries:
        entry.connection = books
        row = frozen.get((entry.pk, entry.generation))
        if outcome := _linked_meanwhile(entry) if row else _decided(entry):
            settle.settle(claim, entry, outcome)
        elif row := row or _frozen(claim, entry, books, provider):
            ready[entry.pk] = row
    return ready


def _frozen(claim: Claim, entry: OutboxEntry, books: Connection, provider: Provider) -> EntryPayload | None:
    document = thaw(entry.revision)
    intent = Intent(
        marker=calls.marker(entry),
        role=Role(entry.role),
        operation=Operation(entry.operation),
        document=document,
        link=_link(entry),
    )
    prepared = provider.prepare(intent, books_for(books, document))
    if prepared.payload is None:
        settle.settle(claim, entry, Rejected(problems=prepared.problems))
        return None
    made: EntryPayload = EntryPayload.objects.create(
        tenant_id=current_tenant_id(),
        entry=entry,
        generation=entry.generation,
        body=prepared.payload.body,
        endpoint=prepared.payload.endpoint,
        number=prepared.payload.number,
        total=prepared.payload.total,
    )
    return made


def _linked_meanwhile(entry: OutboxEntry) -> Outcome | None:
    """A person linked it to a record of theirs while it waited, so there is nothing left to create."""
    if entry.operation != Operation.CREATE or standing(entry) is None:
        return None
    return NothingToDo(reason="Linked to a record that is in the books.")


def _decided(entry: OutboxEntry) -> Outcome | None:
    """What can be said without asking the provider, from where the record stands; None when it has to be sent."""
    if entry.crashes >= CRASH_BUDGET:
        return Rejected(problems=(facts.STOPPED_THREE_TIMES,))
    if outcome := _linked_meanwhile(entry):
        return outcome
    link = standing(entry)
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


def standing(entry: OutboxEntry) -> StoredLink | None:
    return links.link_for(entry.connection_id, SourceKind(entry.source_kind), entry.source_id, Role(entry.role))


def _link(entry: OutboxEntry) -> Link | None:
    """Where the record stands already; an entry that creates stands nowhere."""
    if entry.operation == Operation.CREATE:
        return None
    link = standing(entry)
    return Link(external_id=link.external_id, version=link.version, number=link.number) if link else None
