"""The mirror of their lists: read over HTTP without a transaction, written in one.

Preflight looks here instead of asking the provider, so what a refresh finds changed is written down as facts: a record
that came back or a lock date that moved may free what waits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection as database

from integrations import registry
from integrations.connections import grants, health
from integrations.connections.facts import note
from integrations.connections.models import Connection, FactKind
from integrations.mappings.choose import find_item, item_stands, needs_item
from integrations.mappings.models import AccountMapping, MirrorRecord
from integrations.ports import Access, Company, ListRecord, MappingRole
from rivet import clock
from rivet.tenants.context import tenant_transaction

_COLUMNS = ("name", "code", "is_active", "parent_id", "parent_name", "use", "their_type", "detail", "version")
_BATCH = 1000

Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Refreshed:
    """What a refresh found, for its line in the sync log."""

    seen: int
    added: int
    changed: int
    gone: int
    reactivated: int
    lock_date_moved: bool

    @property
    def sentence(self) -> str:
        """``214 records read: 2 new, 1 changed`` with the zeros left out."""
        counts = ((self.added, "new"), (self.changed, "changed"), (self.gone, "gone"), (self.reactivated, "back"))
        parts = [f"{count} {word}" for count, word in counts if count]
        if self.lock_date_moved:
            parts.append("the closing date moved")
        return f"{self.seen} records read: {', '.join(parts) or 'nothing changed'}"


def refresh(connection: Connection) -> Refreshed:
    """Read a company and its lists and bring the mirror up to date. Call it outside any transaction.

    Raises AccessLostError (the connection's status says so by then), ThrottledError, NotSentError, UnavailableError.
    """
    if database.in_atomic_block:
        raise RuntimeError("their lists are read over HTTP: leave the transaction first")
    company, records = grants.using(connection, lambda access: _read(connection, access))
    with tenant_transaction(connection.tenant_id):
        return write(connection, company, records.values())


def check(connection: Connection) -> None:
    """Read the company alone: whether Rivet is let in, and whether its closing date or switches moved.

    Call it outside any transaction. Raises like ``refresh``.
    """
    if database.in_atomic_block:
        raise RuntimeError("the company is read over HTTP: leave the transaction first")
    company = grants.using(connection, lambda access: registry.provider(connection.provider).company(access))
    with tenant_transaction(connection.tenant_id):
        live = Connection.objects.select_for_update().get(pk=connection.pk)
        _write_company(live, company)
        health.worked(live.pk)


def _read(connection: Connection, access: Access) -> tuple[Company, dict[Key, ListRecord]]:
    adapter = registry.provider(connection.provider)
    company = adapter.company(access)
    # A page that moved while the next was read may show a record twice.
    return company, {(record.kind, record.external_id): record for record in adapter.lists(access)}


def write(connection: Connection, company: Company, records: Iterable[ListRecord]) -> Refreshed:
    """Make the mirror equal to what was read, in the caller's transaction. What is missing becomes inactive."""
    live = Connection.objects.select_for_update().get(pk=connection.pk)
    moved = _write_company(live, company)
    before = {(row.kind, row.external_id): row for row in MirrorRecord.objects.filter(connection=live)}
    wanted = {(record.kind.value, record.external_id): _row(live, record) for record in records}
    new = [row for key, row in wanted.items() if key not in before]
    changed = [row for key, row in wanted.items() if key in before and _differs(before[key], row)]
    back = [row for row in changed if row.is_active and not before[(row.kind, row.external_id)].is_active]
    gone = [row for key, row in before.items() if row.is_active and key not in wanted]
    _save([*new, *changed])
    MirrorRecord.objects.filter(pk__in=[row.pk for row in gone]).update(is_active=False)
    for row in back:
        note(live, FactKind.RECORD_REACTIVATED, subject=f"{row.kind}:{row.external_id}")
    _find_items(live)
    live.lists_refreshed_at = clock.now()
    live.save(update_fields=["lists_refreshed_at"])
    note(live, FactKind.LISTS_REFRESHED)
    health.worked(live.pk)
    return Refreshed(
        seen=len(wanted),
        added=len(new),
        changed=len(changed) - len(back),
        gone=len(gone),
        reactivated=len(back),
        lock_date_moved=moved,
    )


def _write_company(live: Connection, company: Company) -> bool:
    """The company's own data; says whether its closing date moved."""
    moved = _moves(live, company.closed_until)
    live.company_name, live.country, live.currency = company.name, company.country, company.currency
    live.closed_until, live.settings = company.closed_until, dict(company.settings)
    live.save(update_fields=["company_name", "country", "currency", "closed_until", "settings"])
    if moved:
        note(live, FactKind.LOCK_DATE_MOVED, subject=str(company.closed_until or "open"))
    return moved


def _moves(live: Connection, closed_until: date | None) -> bool:
    """The first refresh only learns the date; nothing has waited for it yet."""
    return live.lists_refreshed_at is not None and live.closed_until != closed_until


def _row(live: Connection, record: ListRecord) -> MirrorRecord:
    return MirrorRecord(
        tenant_id=live.tenant_id,
        connection=live,
        kind=record.kind,
        external_id=record.external_id,
        name=record.name[:500],
        code=record.code[:50],
        is_active=record.is_active,
        parent_id=record.parent_id,
        parent_name=record.parent_name[:500],
        use=record.use or "",
        their_type=record.their_type[:120],
        detail=record.detail[:500],
        version=record.version,
    )


def _differs(old: MirrorRecord, new: MirrorRecord) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in _COLUMNS)


def _save(rows: Iterable[MirrorRecord]) -> None:
    """Insert or update, by the record's place in its list."""
    MirrorRecord.objects.bulk_create(
        list(rows),
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["tenant", "connection", "kind", "external_id"],
        update_fields=[*_COLUMNS, "seen_at"],
    )


def _find_items(live: Connection) -> None:
    """Mappings that wait for an item take one that has appeared, and drop one that has gone."""
    for mapping in AccountMapping.objects.filter(connection=live):
        if not needs_item(live, MappingRole(mapping.role)) or item_stands(live, mapping):
            continue
        item_id = find_item(live, mapping.external_id)
        AccountMapping.objects.filter(pk=mapping.pk, item_id=mapping.item_id).update(item_id=item_id)
        if item_id:
            note(live, FactKind.MAPPING_SAVED, subject=mapping.role)
