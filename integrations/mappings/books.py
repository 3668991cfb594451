"""What preflight and translation need to know of a company, for many documents in a handful of queries."""

from collections.abc import Mapping, Sequence

from integrations.connections.models import Connection
from integrations.mappings.links import links_for
from integrations.mappings.models import AccountMapping, Link, MirrorRecord
from integrations.ports import Account, AccountUse, Books, ListKind, MappingRole, Role
from integrations.ports import Link as Standing
from rivet.ledger.snapshots import (
    BillSnapshot,
    InvoiceSnapshot,
    ItemSnapshot,
    PartyRef,
    PartySnapshot,
    Snapshot,
    SourceKind,
)

Party = tuple[str, int]


def books_for(connection: Connection, snapshots: Sequence[Snapshot]) -> list[Books]:
    """The books as each of these documents needs to see them, in order; five queries however many there are.

    Run it in a transaction of the tenant.
    """
    named = [_parties(snapshot) for snapshot in snapshots]
    accounts = _accounts(connection)
    standing = _standing(connection, {party for parties in named for party in parties})
    tags = _tags(connection, {tag for snapshot in snapshots for tag in _tags_of(snapshot)})
    return [
        Books(
            company_name=connection.company_name,
            currency=connection.currency,
            country=connection.country,
            closed_until=connection.closed_until,
            accounts=accounts,
            parties={party: standing[party] for party in parties if party in standing},
            tags=tags,
            settings=connection.settings,
        )
        for parties in named
    ]


def _accounts(connection: Connection) -> Mapping[MappingRole, Account]:
    """The mapped accounts as the mirror has them; one that has left the mirror counts as inactive."""
    mappings = list(AccountMapping.objects.filter(connection=connection))
    seen = _seen(connection, ListKind.ACCOUNT, {mapping.external_id for mapping in mappings})
    return {MappingRole(each.role): _account(each, seen.get(each.external_id)) for each in mappings}


def _account(mapping: AccountMapping, row: MirrorRecord | None) -> Account:
    return Account(
        external_id=mapping.external_id,
        name=row.name if row else mapping.external_id,
        code=row.code if row else "",
        use=AccountUse(row.use) if row and row.use else AccountUse.SYSTEM,
        is_active=bool(row and row.is_active),
        item_id=mapping.item_id,
    )


def _standing(connection: Connection, parties: set[Party]) -> dict[Party, Standing]:
    """Where each linked party stands. A record made a moment ago is not in the mirror yet, and is active."""
    links = links_for(connection.pk, [(SourceKind(kind), id, Role(kind)) for kind, id in parties])
    inactive = set(
        MirrorRecord.objects.filter(
            connection=connection,
            kind__in=[ListKind.CUSTOMER, ListKind.VENDOR],
            external_id__in={link.external_id for link in links.values()},
            is_active=False,
        ).values_list("kind", "external_id")
    )
    return {
        (kind, id): _stand(link, is_active=(role, link.external_id) not in inactive)
        for (kind, id, role), link in links.items()
    }


def _stand(link: Link, *, is_active: bool) -> Standing:
    return Standing(external_id=link.external_id, version=link.version, number=link.number, is_active=is_active)


def _tags(connection: Connection, wanted: set[str]) -> dict[str, tuple[str, str]]:
    rows = _seen(connection, ListKind.TAG, wanted).values()
    return {row.external_id: (row.parent_name, row.name) for row in rows if row.is_active}


def _seen(connection: Connection, kind: ListKind, ids: set[str]) -> dict[str, MirrorRecord]:
    if not ids:
        return {}
    rows = MirrorRecord.objects.filter(connection=connection, kind=kind, external_id__in=ids)
    return {row.external_id: row for row in rows}


def _parties(snapshot: Snapshot) -> list[Party]:
    match snapshot:
        case BillSnapshot(vendor=vendor, customer=customer):
            return [_key(vendor), *([_key(customer)] if customer else [])]
        case InvoiceSnapshot(customer=customer):
            return [_key(customer)]
        case PartySnapshot(kind=kind, id=id):
            return [(kind, id)]
        case ItemSnapshot():
            return []


def _key(party: PartyRef) -> Party:
    return (party.kind, party.id)


def _tags_of(snapshot: Snapshot) -> set[str]:
    if isinstance(snapshot, BillSnapshot | InvoiceSnapshot):
        return {line.tag for line in snapshot.lines if line.tag}
    return set()
