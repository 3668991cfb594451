"""Linking customers and vendors to theirs, one page per kind."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from integrations.connections.looks import Look
from integrations.connections.models import Connection
from integrations.mappings import parties as linking
from integrations.mappings.choose import MappingError
from integrations.mappings.models import MirrorRecord
from integrations.mappings.parties import KINDS, Match, Pairing
from rivet.ledger.models import Customer, Vendor
from rivet.ledger.snapshots import SourceKind
from rivet.pages.connections.engine import wake
from rivet.pages.connections.queries import connection_or_404
from rivet.pages.connections.tabs import Tab, tab
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.roles import Ability

ROWS = 50
WORDS = {SourceKind.CUSTOMER: "Customers", SourceKind.VENDOR: "Vendors"}
LOOKS = {
    Match.LINKED: Look(word="Linked", glyph="✓", tone="green"),
    Match.EXACT: Look(word="Same name", glyph="●", tone="blue"),
    Match.LIKELY: Look(word="Likely", glyph="◐", tone="amber"),
    Match.NONE: Look(word="New to the books", glyph="○", tone="grey"),
}


@require_GET
@tenant_page()
def parties(request: TenantRequest, connection: UUID, kind: str = "vendor") -> HttpResponse:
    """Every customer or vendor beside the record of theirs it is, or may be."""
    books, source = connection_or_404(connection), _kind(kind)
    found = linking.pairings(books, source)
    wanted = request.GET.get("match", "")
    rows = [each for each in found if wanted not in LOOKS or each.match == wanted]
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return tab(
        request,
        books,
        "parties",
        kind=source.value,
        kind_word=WORDS[source],
        kinds=_kinds(request, books, source),
        rows=[{"pairing": each, "look": LOOKS[each.match]} for each in page.object_list],
        page=page,
        wanted=wanted,
        filters=_filters(found, wanted),
        chosen=_chosen(books, source, request.GET.get("party", "")),
        exact=sum(each.match is Match.EXACT for each in found),
    )


@require_POST
@tenant_page(Ability.KEEP_BOOKS)
def link(request: TenantRequest, connection: UUID, kind: str) -> HttpResponse:
    """Link one ``party`` to ``theirs``, unlink it when that is empty, or link every ``exact`` match."""
    books, source = connection_or_404(connection), _kind(kind)
    if "exact" in request.POST:
        count = linking.link_exact(connection=books, kind=source, actor=request.user)
        messages.success(request, f"{count} linked." if count else "Nothing with the same name was left to link.")
    else:
        _link_one(request, books, source)
    wake(books)
    return redirect("connections:parties_of", tenant=request.tenant.slug, connection=books.public_id, kind=kind)


def _link_one(request: TenantRequest, books: Connection, kind: SourceKind) -> None:
    party = _party_or_404(kind, request.POST.get("party", ""))
    theirs = request.POST.get("theirs", "")
    if not theirs:
        linking.unlink(connection=books, kind=kind, party_id=party.pk, actor=request.user)
        messages.success(request, f"{party.name} is no longer linked. Its next document decides anew.")
        return
    try:
        linking.link(connection=books, kind=kind, party_id=party.pk, external_id=theirs, actor=request.user)
    except MappingError as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"{party.name} is linked.")


def _kind(word: str) -> SourceKind:
    kind = next((kind for kind in KINDS if kind == word), None)
    if kind is None:
        raise Http404
    return kind


def _party_or_404(kind: SourceKind, public_id: str) -> Customer | Vendor:
    try:
        wanted = UUID(public_id)
    except ValueError as error:
        raise Http404 from error
    found: Customer | Vendor | None = KINDS[kind].model.objects.filter(public_id=wanted).first()
    if found is None:
        raise Http404
    return found


def _chosen(books: Connection, kind: SourceKind, public_id: str) -> dict[str, Any] | None:
    """One party to be linked by hand, with all of their active records; a long list is sent for one row only."""
    if not public_id:
        return None
    live = MirrorRecord.objects.filter(connection=books, kind=KINDS[kind].listed, is_active=True, parent_id="")
    return {
        "party": _party_or_404(kind, public_id),
        "theirs": live.order_by("name").values_list("external_id", "name"),
    }


def _kinds(request: TenantRequest, books: Connection, current: SourceKind) -> list[Tab]:
    here = {"tenant": request.tenant.slug, "connection": books.public_id}
    return [
        Tab(
            url=reverse("connections:parties_of", kwargs={**here, "kind": kind.value}),
            label=word,
            is_current=kind is current,
        )
        for kind, word in WORDS.items()
    ]


def _filters(found: list[Pairing], wanted: str) -> list[dict[str, Any]]:
    return [
        {
            "value": match.value,
            "word": LOOKS[match].word,
            "count": sum(each.match is match for each in found),
            "is_current": wanted == match,
        }
        for match in Match
    ]
