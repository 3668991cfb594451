"""Putting work into the outbox: always in the caller's transaction, with a bell after it commits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection as database
from django.db import transaction

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
from rivet.tenants import audit
from rivet.tenants.context import current_tenant_id
from rivet.tenants.models import User
from rivet.tenants.plans import TERMS, Plan
from sync import bell, labels, succession
from sync.models import EntryNeed, OutboxEntry
from sync.states import OVER, Hold, State

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
    project_id = succession.DOCUMENTS[kind].objects.values_list("project_id", flat=True).get(pk=document_id)
    books = succession.home(kind, document_id) or connection_for(project_id)
    mode = PostingMode(books.posting_mode) if books else PostingMode.NEGATIVE_LINE
    revision = approval.approve(kind=kind, document_id=document_id, actor=actor, default_mode=mode)
    entries = enqueue(revision, books) if books else ()
    return Approval(revision=revision, connection=books, entries=entries)


def enqueue(revision: Revision, books: Connection, *, priority: int = USUAL) -> tuple[OutboxEntry, ...]:
    """One entry per intended write of a frozen document, with what each needs first."""
    document = thaw(revision)
    if not isinstance(document, BillSnapshot | InvoiceSnapshot):
        raise TypeError(f"revision {revision} is not a document")
    succession.supersede(revision, books)
    needs = _party_entries(document, books)
    role = Role.BILL if isinstance(document, BillSnapshot) else Role.INVOICE
    if role is Role.INVOICE:
        needs += _item_entries(books)
    entries = [_add(revision, books, role=role, needs=needs, priority=priority)]
    if isinstance(document, InvoiceSnapshot):
        entries += _journal_entries(document, revision, books, needs=[*needs, entries[0]], priority=priority)
    ring_after_commit(books.pk)
    return tuple(entries)


def _journal_entries(
    document: InvoiceSnapshot, revision: Revision, books: Connection, *, needs: list[OutboxEntry], priority: int
) -> list[OutboxEntry]:
    """The journal beside an invoice, or the end of the one an earlier revision had and this one has not."""
    role = Role.RETAINAGE_JOURNAL
    if document.needs_journal:
        return [_add(revision, books, role=role, needs=needs, priority=priority)]
    if not _may_stand(books, SourceKind.INVOICE, revision.source_id, role):
        return []
    return [_add(revision, books, role=role, needs=needs, priority=priority, operation=Operation.VOID)]


def void(*, kind: SourceKind, document_id: int, actor: User, reason: str) -> Bill | Invoice:
    """Void a document and take what was posted of it back out of the books, in the caller's transaction.

    What was never sent is cancelled. A chain is taken back from its end: the journal first, then the invoice. Raises
    ``rivet.ledger.errors.LedgerError`` with a sentence when the document cannot be voided.
    """
    document = approval.void(kind=kind, document_id=document_id, actor=actor, reason=reason)
    posted = OutboxEntry.objects.filter(source_kind=kind, source_id=document.pk)
    for books in Connection.objects.filter(pk__in=posted.values("connection_id")):
        _withdraw(books, kind, document.pk)
    return document


def post_again(entry: OutboxEntry, *, actor: User) -> OutboxEntry:
    """Post a refused record as a new one, or one that was skipped after all, in the caller's transaction.

    What stood in the books of a refused record is gone from there. Raises ``ValueError`` for any other entry.
    """
    locked = OutboxEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    books, role = locked.connection, Role(locked.role)
    if succession.may_go_as_new(locked):
        links.end_link(books.pk, SourceKind(locked.source_kind), locked.source_id, role)
        made = _add(locked.revision, books, role=role, needs=[], priority=URGENT)
    elif succession.may_go_after_all(locked):
        made = _after_all(locked.revision, books, role)
    else:
        raise ValueError(f"{entry.label} is {locked.state}")
    audit.record(
        actor=actor,
        act="entry.posted_again",
        subject_kind="entry",
        subject_id=made.public_id,
        subject_label=made.label,
        after={"round": str(made.round)},
    )
    ring_after_commit(books.pk)
    return made


def _after_all(revision: Revision, books: Connection, role: Role) -> OutboxEntry:
    """What was skipped, and of a document everything else that was skipped with it."""
    if SourceKind(revision.kind) not in succession.DOCUMENTS:
        return _add(revision, books, role=role, needs=[], priority=URGENT)
    return next(entry for entry in enqueue(revision, books, priority=URGENT) if entry.role == role)


def _withdraw(books: Connection, kind: SourceKind, document_id: int) -> None:
    succession.withdraw(books, kind, document_id)
    newest = Revision.objects.filter(kind=kind, source_id=document_id).order_by("-number")[0]
    chain = [Role.BILL] if kind is SourceKind.BILL else [Role.RETAINAGE_JOURNAL, Role.INVOICE]
    ended: list[OutboxEntry] = []
    for role in chain:
        if _may_stand(books, kind, document_id, role):
            needs = list(ended)
            ended.append(_add(newest, books, role=role, needs=needs, priority=USUAL, operation=Operation.VOID))
    ring_after_commit(books.pk)


def _may_stand(books: Connection, kind: SourceKind, source_id: int, role: Role) -> bool:
    """Whether a record of ours is in the books, or may be any moment."""
    return bool(links.link_for(books.pk, kind, source_id, role) or succession.under_way(books, kind, source_id, role))


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
    succession.supersede(revision, books)
    entry = _add(revision, books, role=Role.ITEM, needs=[], priority=priority)
    ring_after_commit(books.pk)
    return entry


def _add(
    revision: Revision,
    books: Connection,
    *,
    role: Role,
    needs: list[OutboxEntry],
    priority: int,
    operation: Operation | None = None,
) -> OutboxEntry:
    """Insert the entry; it is held while something it needs is not in the books, or the books cannot be reached.

    Unless ``operation`` is given, what stands there already is updated and anything else is created. While an earlier
    entry for the same record is under way nobody knows which, so this one waits for its end.
    """
    before = succession.newest_of(revision, books, role) if operation is None else None
    if before is not None:
        if not _came_to_nothing(before):
            # Reopened and approved without a change: what is there, on its way, or may be there, is what is wanted.
            return before
        succession.supersede_entry(before)
    flying = succession.under_way(books, SourceKind(revision.kind), revision.source_id, role)
    waiting = [need for need in [*needs, *([flying] if flying else [])] if need.state not in OVER]
    hold = Hold.PARENT if waiting else hold_of(books)
    entry: OutboxEntry = OutboxEntry.objects.create(
        **_subject(revision, books, role),
        operation=operation or (Operation.UPDATE if flying or _stands(revision, books, role) else Operation.CREATE),
        round=before.round + 1 if before else 1,
        state=State.HELD if hold else State.READY,
        reason=hold or "",
        priority=priority,
    )
    tenant_id = current_tenant_id()
    EntryNeed.objects.bulk_create([EntryNeed(tenant_id=tenant_id, entry=entry, needs=need) for need in waiting])
    succession.inherit(entry)
    # Held or not: what it waits for may have been settled since it was read here.
    mark_due(books.pk, clock.now())
    return entry


def _came_to_nothing(entry: OutboxEntry) -> bool:
    return entry.state in succession.ENDED_UNPOSTED and not (entry.state == State.REJECTED and entry.looks)


def _stands(revision: Revision, books: Connection, role: Role) -> bool:
    return links.link_for(books.pk, SourceKind(revision.kind), revision.source_id, role) is not None


def _subject(revision: Revision, books: Connection, role: Role) -> dict[str, Any]:
    """What an entry is about, and what people call it."""
    document = thaw(revision)
    return {
        "tenant_id": current_tenant_id(),
        "connection": books,
        "source_kind": revision.kind,
        "source_id": revision.source_id,
        "role": role,
        "revision": revision,
        "label": labels.label(document, role),
        "amount": labels.amount(document, role),
        "currency": labels.currency(document),
    }


def hold_of(books: Connection) -> Hold | None:
    """Why entries of this connection may not be sent now, if so."""
    if books.status != Status.CONNECTED:
        return Hold.CONNECTION
    if not TERMS[Plan(books.tenant.plan)].may_connect:
        return Hold.PLAN
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
    stood_still = succession.newest_of(revision, books, role)
    if stood_still is not None:
        return stood_still
    return _add(revision, books, role=role, needs=[], priority=USUAL)


def _item_entries(books: Connection) -> list[OutboxEntry]:
    """Items of the mapped accounts that are on their way into the books."""
    mapped = AccountMapping.objects.filter(connection=books).values("pk")
    items = OutboxEntry.objects.filter(connection=books, role=Role.ITEM, source_id__in=mapped)
    return list(items.exclude(state__in=OVER))


def _live(books: Connection, kind: SourceKind, source_id: int, role: Role) -> OutboxEntry | None:
    found: OutboxEntry | None = (
        OutboxEntry.objects.filter(connection=books, source_kind=kind, source_id=source_id, role=role)
        .exclude(state__in=OVER)
        .order_by("-id")
        .first()
    )
    return found


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
