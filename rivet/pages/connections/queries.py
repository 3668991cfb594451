"""What the integration pages show, each page in a handful of queries."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404

from integrations import registry
from integrations.connections.looks import Look, look
from integrations.connections.models import Connection, Status
from integrations.mappings.models import AccountMapping, MirrorRecord
from integrations.ports import ListKind, MappingRole
from rivet.pages.connections.looks import Trouble, trouble
from rivet.tenants.models import Tenant
from rivet.tenants.plans import TERMS, Plan
from sync.models import OutboxEntry
from sync.states import State

_UNDER_WAY = [State.READY, State.HELD, State.CLAIMED, State.SENDING, State.UNCERTAIN]


@dataclass(frozen=True, kw_only=True)
class Card:
    connection: Connection
    look: Look
    trouble: Trouble | None
    waiting: int
    rejected: int
    missing_roles: int


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A provider one can connect, and why not if one cannot."""

    listing: registry.Listing
    locked_because: str
    is_wanted: bool


def connection_or_404(public_id: UUID) -> Connection:
    found: Connection | None = Connection.objects.select_related("connected_by").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def cards() -> list[Card]:
    """Every connection of the firm: live ones first, then by name."""
    connections = list(Connection.objects.select_related("connected_by"))
    entries = {
        row["connection"]: row
        for row in OutboxEntry.objects.values("connection").annotate(
            waiting=Count("pk", filter=Q(state__in=_UNDER_WAY)), rejected=Count("pk", filter=Q(state=State.REJECTED))
        )
    }
    mapped = dict(AccountMapping.objects.values_list("connection").annotate(Count("pk")).order_by())
    made = [_card(each, entries.get(each.pk, {}), mapped.get(each.pk, 0)) for each in connections]
    return sorted(
        made,
        key=lambda card: (card.connection.status == Status.DISCONNECTED, card.connection.company_name.casefold()),
    )


def card(connection: Connection) -> Card:
    entries = OutboxEntry.objects.filter(connection=connection).aggregate(
        waiting=Count("pk", filter=Q(state__in=_UNDER_WAY)), rejected=Count("pk", filter=Q(state=State.REJECTED))
    )
    return _card(connection, entries, AccountMapping.objects.filter(connection=connection).count())


def _card(connection: Connection, entries: dict[str, int], mapped: int) -> Card:
    return Card(
        connection=connection,
        look=look(connection),
        trouble=trouble(connection),
        waiting=entries.get("waiting", 0),
        rejected=entries.get("rejected", 0),
        missing_roles=len(MappingRole) - mapped,
    )


def plan_refusal(tenant: Tenant) -> str:
    """Why the firm's plan posts nothing; empty when it posts."""
    terms = TERMS[Plan(tenant.plan)]
    if terms.may_connect:
        return ""
    return f"The {terms.label} plan keeps documents and posts none. Pro and Scale post them."


def offers(tenant: Tenant, *, may_connect: bool, wanted: str) -> list[Offer]:
    """``wanted`` is the provider whose button was pressed before the browser was moved here."""
    because = plan_refusal(tenant)
    if not because and not may_connect:
        because = "An owner or manager of your firm can connect it."
    return [
        Offer(listing=listing, locked_because=because, is_wanted=slug == wanted)
        for slug, listing in registry.LISTINGS.items()
    ]


@dataclass(frozen=True, kw_only=True)
class Overview:
    counts: dict[str, int]
    missing: list[str]
    currency_differs: bool


def overview(connection: Connection, tenant: Tenant) -> Overview:
    mapped = set(AccountMapping.objects.filter(connection=connection).values_list("role", flat=True))
    live = MirrorRecord.objects.filter(connection=connection, is_active=True)
    return Overview(
        counts=dict(live.values_list("kind").annotate(Count("pk")).order_by("kind")),
        missing=[terms.label for role, terms in registry.roles(connection.provider).items() if role not in mapped],
        currency_differs=bool(connection.currency) and connection.currency != tenant.currency,
    )


def tags(connection: Connection) -> list[MirrorRecord]:
    """Classes or tracking options, grouped by their category."""
    rows = MirrorRecord.objects.filter(connection=connection, kind=ListKind.TAG)
    return list(rows.order_by("parent_name", "-is_active", "name"))
