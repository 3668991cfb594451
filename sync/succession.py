"""Entries about the same record: which one stands down when a newer one comes, and which one waits for which."""

from collections.abc import Mapping

from django.db.models import F, Q, QuerySet

from integrations.connections.models import Connection
from integrations.mappings import links
from integrations.mappings.models import AccountMapping, Link
from integrations.ports import Operation, Role
from rivet import clock
from rivet.ledger.models import Bill, Invoice, Revision
from rivet.ledger.models.documents import DocumentStatus
from rivet.ledger.snapshots import SourceKind
from sync import issues
from sync.models import EntryNeed, OutboxEntry
from sync.states import Cancellation, Hold, State

#: What is approved before it is posted; customers, vendors and items go with it.
DOCUMENTS: Mapping[SourceKind, type[Bill] | type[Invoice]] = {SourceKind.BILL: Bill, SourceKind.INVOICE: Invoice}
#: It did not come to stand in the books, and nothing is being done about it.
ENDED_UNPOSTED = (State.REJECTED, State.CANCELLED)
#: These may be in the books, now or any moment: on their way, or put before a person because nobody can tell.
_UNDER_WAY = Q(state__in=(State.CLAIMED, State.SENDING, State.UNCERTAIN)) | Q(state=State.REJECTED, looks__gt=0)
#: Nothing of these is on its way: they were never sent, or what was sent is proven to have saved nothing.
_STANDING_STILL = Q(state__in=(State.HELD, State.READY)) | Q(state=State.REJECTED, looks=0)


def supersede(revision: Revision, books: Connection) -> None:
    """Entries of older revisions that are not under way are cancelled: the newest revision goes instead.

    So are those for other books, which the document's project had before.
    """
    mine = OutboxEntry.objects.filter(source_kind=revision.kind, source_id=revision.source_id)
    if SourceKind(revision.kind) not in DOCUMENTS:
        mine = mine.filter(connection=books)
    _stand_down(mine.exclude(revision=revision, connection=books), Cancellation.SUPERSEDED)


def withdraw_items(books: Connection) -> None:
    """Items of accounts that are mapped no longer are not wanted, and nothing waits for them."""
    mapped = AccountMapping.objects.filter(connection=books).values("pk")
    items = OutboxEntry.objects.filter(connection=books, role=Role.ITEM)
    _stand_down(items.exclude(source_id__in=mapped), Cancellation.SUPERSEDED)


def home(kind: SourceKind, source_id: int) -> Connection | None:
    """The books a document stands in, or may come to stand in any moment: changes go there and nowhere else."""
    linked = Link.objects.filter(source_kind=kind, source_id=source_id, ended_at=None)
    flying = OutboxEntry.objects.filter(_UNDER_WAY, source_kind=kind, source_id=source_id)
    found: Connection | None = Connection.objects.filter(
        Q(pk__in=linked.values("connection_id")) | Q(pk__in=flying.values("connection_id"))
    ).first()
    return found


def withdraw(books: Connection, kind: SourceKind, source_id: int) -> None:
    """The record was voided: what is not under way will never go."""
    _stand_down(_of_source(books, kind, source_id), Cancellation.VOIDED)


def under_way(books: Connection, kind: SourceKind, source_id: int, role: Role) -> OutboxEntry | None:
    """The entry of a record that may reach the books any moment, so that a newer one must wait for its end."""
    found: OutboxEntry | None = _of_source(books, kind, source_id).filter(_UNDER_WAY, role=role).order_by("-id").first()
    return found


def newest_of(revision: Revision, books: Connection, role: Role) -> OutboxEntry | None:
    """The newest entry that posts this very revision."""
    found: OutboxEntry | None = (
        OutboxEntry.objects.filter(connection=books, revision=revision, role=role)
        .exclude(operation=Operation.VOID)
        .order_by("-id")
        .first()
    )
    return found


def may_go_as_new(entry: OutboxEntry) -> bool:
    """Whether it was refused, surely does not stand in the books, and the ledger still wants it there."""
    is_refused = entry.state == State.REJECTED and not entry.looks and entry.operation != Operation.VOID
    return is_refused and is_wanted(SourceKind(entry.source_kind), entry.source_id)


def may_go_after_all(entry: OutboxEntry) -> bool:
    """Whether a person skipped it and nothing has come after: no newer entry, no newer revision, no void."""
    if (entry.state, entry.reason) != (State.CANCELLED, Cancellation.SKIPPED):
        return False
    kind = SourceKind(entry.source_kind)
    newer = _of_source(entry.connection, kind, entry.source_id).filter(role=entry.role, pk__gt=entry.pk)
    revised = Revision.objects.filter(kind=kind, source_id=entry.source_id, number__gt=entry.revision.number)
    return not newer.exists() and not revised.exists() and is_wanted(kind, entry.source_id)


def is_wanted(kind: SourceKind, source_id: int) -> bool:
    """Whether the ledger still says that it belongs in the books."""
    if kind not in DOCUMENTS:
        return True
    return DOCUMENTS[kind].objects.filter(pk=source_id, status=DocumentStatus.APPROVED).exists()


def supersede_entry(entry: OutboxEntry) -> None:
    """One entry stands down for another of the same revision."""
    _stand_down(OutboxEntry.objects.filter(pk=entry.pk), Cancellation.SUPERSEDED)


def inherit(entry: OutboxEntry) -> None:
    """What waited for an entry that this one replaces waits for this one now."""
    replaced = OutboxEntry.objects.filter(
        connection_id=entry.connection_id,
        source_kind=entry.source_kind,
        source_id=entry.source_id,
        role=entry.role,
        state=State.CANCELLED,
        reason=Cancellation.SUPERSEDED,
    )
    waiting = EntryNeed.objects.filter(needs__in=replaced, entry__state=State.HELD).exclude(entry=entry)
    for need in waiting.exclude(entry__needs__needs=entry):
        EntryNeed.objects.filter(pk=need.pk).update(needs=entry)


def hand_over(entry: OutboxEntry) -> list[int]:
    """An entry that came to nothing and that a newer one waits for stands down; returns the newer ones.

    Without it a person would be asked to mend a revision that nobody wants any more. What was to change a record that
    never came to stand in the books creates it instead. The caller holds the entry, so that no worker has it.
    """
    ids = let_heirs_go(entry)
    if ids:
        _cancel([entry.pk], OutboxEntry.objects.filter(pk=entry.pk), Cancellation.SUPERSEDED)
    return ids


def let_heirs_go(entry: OutboxEntry) -> list[int]:
    """Newer entries that waited for this one wait for it no longer; returns them."""
    ids = list(heirs(entry).values_list("pk", flat=True))
    if ids and standing(entry) is None:
        heirs(entry).filter(operation=Operation.UPDATE).update(operation=Operation.CREATE)
    EntryNeed.objects.filter(entry__in=ids, needs=entry).delete()
    return ids


def standing(entry: OutboxEntry) -> Link | None:
    """Where an entry's record stands in the books."""
    return links.link_for(entry.connection_id, SourceKind(entry.source_kind), entry.source_id, Role(entry.role))


def heirs(entry: OutboxEntry) -> QuerySet[OutboxEntry]:
    """Newer entries about the same record that wait for this one's end."""
    found: QuerySet[OutboxEntry] = OutboxEntry.objects.filter(
        needs__needs=entry,
        source_kind=entry.source_kind,
        source_id=entry.source_id,
        role=entry.role,
        state=State.HELD,
        reason=Hold.PARENT,
    )
    return found


def _of_source(books: Connection, kind: SourceKind, source_id: int) -> QuerySet[OutboxEntry]:
    found: QuerySet[OutboxEntry] = OutboxEntry.objects.filter(connection=books, source_kind=kind, source_id=source_id)
    return found


def _stand_down(entries: QuerySet[OutboxEntry], why: Cancellation) -> None:
    ids = list(entries.filter(_STANDING_STILL).values_list("id", flat=True))
    # The states are asked for again: what a worker claimed meanwhile is under way.
    _cancel(ids, OutboxEntry.objects.filter(_STANDING_STILL, id__in=ids), why)


def _cancel(ids: list[int], entries: QuerySet[OutboxEntry], why: Cancellation) -> None:
    entries.update(
        state=State.CANCELLED,
        reason=why,
        fence=F("fence") + 1,
        claimed_by=None,
        due_at=None,
        settled_at=clock.now(),
    )
    issues.resolve_of_entries(ids, resolution="superseded", actor=None)
