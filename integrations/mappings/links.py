"""Where our records stand in the books: written when a posting is settled, read before the next one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from integrations.connections.facts import note
from integrations.connections.models import FactKind
from integrations.mappings.models import AccountMapping, Link
from integrations.ports import Receipt, Role
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import current_tenant_id
from rivet.tenants.fields import RivetNow


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A document of ours that has just come to stand in the books."""

    source_kind: SourceKind
    source_id: int
    role: Role
    receipt: Receipt
    #: What we sent, to compare with what they made of it.
    our_total: Decimal | None


def link_for(connection_id: int, source_kind: SourceKind, source_id: int, role: Role) -> Link | None:
    """The live link of one record of ours for one role."""
    found: Link | None = Link.objects.filter(
        connection_id=connection_id, source_kind=source_kind, source_id=source_id, role=role, ended_at=None
    ).first()
    return found


def links_for(connection_id: int, wanted: Sequence[tuple[SourceKind, int, Role]]) -> dict[tuple[str, int, str], Link]:
    """The live links of many records in one query, by (source kind, source id, role)."""
    if not wanted:
        return {}
    ids: defaultdict[tuple[SourceKind, Role], set[int]] = defaultdict(set)
    for source_kind, source_id, role in wanted:
        ids[source_kind, role].add(source_id)
    any_of = Q()
    for (source_kind, role), source_ids in ids.items():
        any_of |= Q(source_kind=source_kind, role=role, source_id__in=source_ids)
    found = Link.objects.filter(any_of, connection_id=connection_id, ended_at=None)
    return {(link.source_kind, link.source_id, link.role): link for link in found}


def save_link(
    connection_id: int,
    source_kind: SourceKind,
    source_id: int,
    role: Role,
    *,
    receipt: Receipt,
    sent_hash: str = "",
    our_total: Decimal | None = None,
) -> Link:
    """Record what stands in the books now; the live link of the record is brought up to date."""
    link: Link = Link.objects.update_or_create(
        tenant_id=current_tenant_id(),
        connection_id=connection_id,
        source_kind=source_kind,
        source_id=source_id,
        role=role,
        ended_at=None,
        defaults={**_theirs(receipt), "sent_hash": sent_hash, "our_total": our_total},
    )[0]
    if role is Role.ITEM:
        _serve(connection_id, source_id, receipt.external_id)
    return link


def _serve(connection_id: int, mapping_id: int, item_id: str) -> None:
    """The item's source is the mapping it was made for; invoices that were refused for want of it may go."""
    mapping = AccountMapping.objects.select_related("connection").filter(pk=mapping_id, connection_id=connection_id)
    for each in mapping:
        each.item_id = item_id
        each.save(update_fields=["item_id"])
        note(each.connection, FactKind.MAPPING_SAVED, subject=each.role)


def save_new_links(connection_id: int, posted: Sequence[Posted]) -> None:
    """Record documents that were posted for the first time, in one statement."""
    tenant_id = current_tenant_id()
    new = [
        Link(
            tenant_id=tenant_id,
            connection_id=connection_id,
            source_kind=each.source_kind,
            source_id=each.source_id,
            role=each.role,
            our_total=each.our_total,
            **_theirs(each.receipt),
        )
        for each in posted
    ]
    try:
        with transaction.atomic():
            Link.objects.bulk_create(new)
    except IntegrityError:
        # One of them is linked already, which only the long way can bring up to date.
        for each in posted:
            save_link(
                connection_id,
                each.source_kind,
                each.source_id,
                each.role,
                receipt=each.receipt,
                our_total=each.our_total,
            )


def _theirs(receipt: Receipt) -> dict[str, Any]:
    return {
        "external_id": receipt.external_id,
        "version": receipt.version,
        "number": receipt.number,
        "line_ids": list(receipt.line_ids),
        "their_total": receipt.total,
    }


def forget_version(connection_id: int, source_kind: SourceKind, source_id: int, role: Role) -> None:
    """The record changed in the books: its version must be read anew before it is written again."""
    Link.objects.filter(
        connection_id=connection_id, source_kind=source_kind, source_id=source_id, role=role, ended_at=None
    ).update(version="")


def end_link(connection_id: int, source_kind: SourceKind, source_id: int, role: Role) -> bool:
    """The record was voided or is gone from the books; says whether it stood there."""
    live = Link.objects.filter(
        connection_id=connection_id, source_kind=source_kind, source_id=source_id, role=role, ended_at=None
    )
    return bool(live.update(ended_at=RivetNow()))
