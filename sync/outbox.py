"""Putting work into the outbox: always in the caller's transaction, with a bell after it commits."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection as database
from django.db import transaction
from django.db.models import F

from integrations.connections.models import Connection, Status
from integrations.connections.routing import connection_for
from integrations.mappings import links
from integrations.mappings.models import AccountMapping, MirrorRecord
from integrations.ports import ListKind, Operation, Role
from rivet import clock
from rivet.ledger import approval
from rivet.ledger.models import Bill, Invoice, Revision
from rivet.ledger.revisions import freeze, thaw
from rivet.ledger.snapshots import (
    BillSnapshot,
    InvoiceSnapshot,
    ItemSnapshot,
    PartyRef,
    PostingMode,
    SourceKind,
)
from rivet.tenants.context import current_tenant_id
from rivet.tenants.models import User
from sync import bell, issues, labels
from sync.models import EntryNeed, OutboxEntry
from sync.states import Cancellation, Hold, State

#: What people wait for goes before what a list refresh or import set going.
URGENT, USUAL = 1, 5


@dataclass(frozen=True, kw_only=True)
class Approval:
    """What approving came to; ``connection`` is None while no books are connected: nothing is lost, nothing is sent."""

    revision: Revision
    connection: Connection | None
    entries: tuple[OutboxEntry, ...]


def approve(*, kind: SourceKind, document_id: int, actor: User) -> Approval:
    """Approve a document and enqueue its postings in the caller's transaction.

    Raises ``rivet.ledger.approval.ApprovalError`` with a sentence when the document is not fit to be approved.
    """
    model: type[Bill] | type[Invoice] = Bill if kind is SourceKind.BILL else Invoice
    project_id = model.objects.values_list("project_id", flat=True).get(pk=document_id)
    books = connection_for(project_id)
    mode = PostingMode(books.posting_mode) if books else PostingMode.NEGATIVE_LINE
    revision = approval.approve(kind=kind, document_id=document_id, actor=actor, default_mode=mode)
    entries = enqueue(revision, books) if books else ()
    return Approval(revision=revision, connection=books, entries=entries)


def enqueue(revision: Revision, books: Connection, *, priority: int = USUAL) -> tuple[OutboxEntry, ...]:
    """One entry per intended write of a frozen document, with what each needs first."""
    document = thaw(revision)
    if not isinstance(document, BillSnapshot | InvoiceSnapshot):
        raise TypeError(f"revision {revision} is not a document")
    _supersede(revision, books)
    needs = [*_party_entries(document, books), *_item_entries(books)]
    role = Role.BILL if isinstance(document, BillSnapshot) else Role.INVOICE
    entries = [_add(revision, books, role=role, needs=needs, priority=priority)]
    if isinstance(document, InvoiceSnapshot) and document.needs_journal:
        entries.append(
            _add(revision, books, role=Role.RETAINAGE_JOURNAL, needs=[*needs, entries[0]], priority=priority)
        )
    ring_after_commit(books.pk)
    return tuple(entries)


def enqueue_item(books: Connection, mapping: AccountMapping, *, priority: int = URGENT) -> OutboxEntry | None:
    """Have the Service item of a mapped account made in the books; None when one is known already."""
    if mapping.item_id:
        return None
    account = MirrorRecord.objects.get(connection=books, kind=ListKind.ACCOUNT, external_id=mapping.external_id)
    snapshot = ItemSnapshot(
        id=mapping.pk,
        public_id=str(mapping.public_id),
        name=account.name[:100],
        role=mapping.role,
        account_external_id=mapping.external_id,
    )
    revision = freeze(kind=SourceKind.ITEM, source_id=mapping.pk, snapshot=snapshot, by=mapping.chosen_by)
    live = _live(books, SourceKind.ITEM, mapping.pk, Role.ITEM)
    if live is not None and live.revision_id == revision.pk:
        return live
    _supersede(revision, books)
    entry = _add(revision, books, role=Role.ITEM, needs=[], priority=priority)
    ring_after_commit(books.pk)
    return entry


def _add(revision: Revision, books: Connection, *, role: Role, needs: list[OutboxEntry], priority: int) -> OutboxEntry:
    """Insert the entry; it is held while something it needs is not in the books, or the books cannot be reached."""
    kind = SourceKind(revision.kind)
    link = links.link_for(books.pk, kind, revision.source_id, role)
    document = thaw(revision)
    waiting = [need for need in needs if need.state != State.CONFIRMED]
    hold = Hold.PARENT if waiting else hold_of(books)
    entry: OutboxEntry = OutboxEntry.objects.create(
        tenant_id=current_tenant_id(),
        connection=books,
        source_kind=kind,
        source_id=revision.source_id,
        role=role,
        operation=Operation.UPDATE if link else Operation.CREATE,
        revision=revision,
        state=State.HELD if hold else State.READY,
        reason=hold or "",
        priority=priority,
        label=labels.label(document, role),
        amount=labels.amount(document, role),
        currency=labels.currency(document),
    )
    EntryNeed.objects.bulk_create(
        [EntryNeed(tenant_id=current_tenant_id(), entry=entry, needs=need) for need in waiting]
    )
    if not hold:
        mark_due(books.pk, entry.due_at or clock.now())
    return entry


def hold_of(books: Connection) -> Hold | None:
    """Why entries of this connection may not be sent now, if so."""
    if books.status != Status.CONNECTED:
        return Hold.CONNECTION
    return Hold.PAUSED if books.paused_at else None


def _party_entries(document: BillSnapshot | InvoiceSnapshot, books: Connection) -> list[OutboxEntry]:
    party = document.vendor if isinstance(document, BillSnapshot) else document.customer
    entry = _party_entry(party, books)
    return [entry] if entry else []


def _party_entry(party: PartyRef, books: Connection) -> OutboxEntry | None:
    """The live entry that puts the party into the books; None when it is linked there already."""
    role = Role(party.kind)
    if links.link_for(books.pk, party.kind, party.id, role):
        return None
    live = _live(books, party.kind, party.id, role)
    if live is not None:
        return live
    mode = PostingMode(books.posting_mode)
    revision = approval.approve(kind=party.kind, document_id=party.id, actor=None, default_mode=mode)
    stood_still: OutboxEntry | None = OutboxEntry.objects.filter(connection=books, revision=revision, role=role).first()
    if stood_still is not None:
        return stood_still
    return _add(revision, books, role=role, needs=[], priority=USUAL)


def _item_entries(books: Connection) -> list[OutboxEntry]:
    """Items of the mapped accounts that are on their way into the books."""
    return list(
        OutboxEntry.objects.filter(connection=books, role=Role.ITEM).exclude(
            state__in=[State.CONFIRMED, State.CANCELLED]
        )
    )


def _live(books: Connection, kind: SourceKind, source_id: int, role: Role) -> OutboxEntry | None:
    found: OutboxEntry | None = (
        OutboxEntry.objects.filter(connection=books, source_kind=kind, source_id=source_id, role=role)
        .exclude(state__in=[State.CONFIRMED, State.CANCELLED])
        .order_by("-id")
        .first()
    )
    return found


def _supersede(revision: Revision, books: Connection) -> None:
    """Entries of older revisions that never left are cancelled: the newest revision goes instead."""
    older = OutboxEntry.objects.filter(
        connection=books,
        source_kind=revision.kind,
        source_id=revision.source_id,
        state__in=[State.HELD, State.READY, State.REJECTED],
    ).exclude(revision=revision)
    never_posted = older.filter(last_sent_at=None) | older.filter(state=State.REJECTED)
    ids = list(never_posted.values_list("id", flat=True))
    OutboxEntry.objects.filter(id__in=ids).update(
        state=State.CANCELLED,
        reason=Cancellation.SUPERSEDED,
        fence=F("fence") + 1,
        due_at=None,
        settled_at=clock.now(),
    )
    issues.resolve_of_entries(ids, resolution="superseded", actor=None)


def belongs_to(revision: Revision, books: Connection) -> bool:
    """Whether a document's postings go to these books: its project's connection, else the default."""
    document = thaw(revision)
    if not isinstance(document, BillSnapshot | InvoiceSnapshot):
        return False
    chosen = connection_for(document.project_id)
    return chosen is not None and chosen.pk == books.pk


def mark_due(connection_id: int, at: datetime) -> None:
    """Tell the dispatcher that this connection has work at a moment; an earlier moment stays."""
    with database.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO sync_readyconnection AS ready (connection_id, tenant_id, due_at)
            VALUES (%s, %s, %s)
            ON CONFLICT (connection_id) DO UPDATE SET due_at = least(ready.due_at, excluded.due_at)
            """,
            [connection_id, current_tenant_id(), at],
        )


def ring_after_commit(connection_id: int) -> None:
    """Wake a worker once the caller's transaction is safe. A lost bell costs one tick, never a document."""
    transaction.on_commit(lambda: bell.ring(connection_id))
