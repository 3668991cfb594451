"""The integration pages of a firm: the cards, and one connection with its tabs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from integrations.connections import routing
from integrations.connections.disconnect import disconnect as end
from integrations.connections.facts import note
from integrations.connections.models import Connection, FactKind, Status
from integrations.mappings import choose
from integrations.mappings.choose import MappingError
from integrations.mappings.models import AccountMapping
from integrations.ports import AccessLostError, ProviderError
from rivet import clock
from rivet.pages.connections import queries
from rivet.pages.connections.engine import wake
from rivet.pages.connections.forms import MappingForm, PreferencesForm
from rivet.pages.connections.queries import connection_or_404
from rivet.pages.connections.tabs import require, tab
from rivet.tenants import audit
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.context import tenant_transaction
from rivet.tenants.roles import Ability
from sync import items, pulls


@require_GET
@tenant_page()
def index(request: TenantRequest) -> HttpResponse:
    wanted = request.GET.get("connect", "")
    page = {
        "cards": queries.cards(),
        "offers": queries.offers(request.tenant, may_connect=request.may(Ability.CONNECT), wanted=wanted),
        "wanted": wanted,
        "may_connect": request.may(Ability.CONNECT),
        "posts_nothing": queries.plan_refusal(request.tenant),
    }
    return render(request, "connections/list.html", page)


@require_GET
@tenant_page()
def detail(request: TenantRequest, connection: UUID) -> HttpResponse:
    books = connection_or_404(connection)
    return tab(request, books, "detail", overview=queries.overview(books, request.tenant))


@require_http_methods(["GET", "POST"])
@tenant_page()
def mapping(request: TenantRequest, connection: UUID) -> HttpResponse:
    books = connection_or_404(connection)
    if request.method != "POST":
        return tab(request, books, "mapping", form=MappingForm(books))
    require(request, Ability.KEEP_BOOKS)
    form = MappingForm(books, request.POST)
    if form.is_valid() and _save_mapping(request, books, form):
        return redirect("connections:mapping", tenant=request.tenant.slug, connection=books.public_id)
    return tab(request, books, "mapping", status=422, form=form)


def _save_mapping(request: TenantRequest, books: Connection, form: MappingForm) -> bool:
    """Save every role or none; a refused account is told at its field."""
    saved: list[AccountMapping] = []
    with transaction.atomic():
        for role, external_id in form.changes().items():
            try:
                saved.append(choose.save(connection=books, role=role, external_id=external_id, actor=request.user))
            except MappingError as refused:
                form.add_error(role, refused.sentence)
        if form.errors:
            transaction.set_rollback(True)
            return False
        told = _told(books, saved, otherwise="Nothing was changed.")
    messages.success(request, told)
    return True


@require_POST
@tenant_page(Ability.KEEP_BOOKS)
def accept(request: TenantRequest, connection: UUID) -> HttpResponse:
    """Accept every suggestion Rivet is sure of."""
    books = connection_or_404(connection)
    saved = choose.save_confident(connection=books, actor=request.user)
    messages.success(request, _told(books, saved, otherwise="Nothing was left that Rivet is sure of."))
    return redirect("connections:mapping", tenant=request.tenant.slug, connection=books.public_id)


def _told(books: Connection, saved: Sequence[AccountMapping], *, otherwise: str) -> str:
    """Have the items made that are missing, also those of accounts chosen long ago, and say what came of saving."""
    entries = items.enqueue_missing(books)
    wake(books)
    said = [f"{_count(saved)} saved."] if saved else []
    if entries:
        said.append(f"{', '.join(entry.label for entry in entries)} will be made in {books.provider_name}.")
    return " ".join(said) or otherwise


def _count(saved: Sequence[AccountMapping]) -> str:
    return "One account" if len(saved) == 1 else f"{len(saved)} accounts"


@require_GET
@tenant_page()
def tags(request: TenantRequest, connection: UUID) -> HttpResponse:
    books = connection_or_404(connection)
    return tab(request, books, "tags", tags=queries.tags(books))


@require_http_methods(["GET", "POST"])
@tenant_page()
def preferences(request: TenantRequest, connection: UUID) -> HttpResponse:
    books = connection_or_404(connection)
    now = {
        "posting_mode": books.posting_mode,
        "is_default": books.is_default,
        "is_paused": books.paused_at is not None,
    }
    if request.method != "POST":
        return tab(request, books, "preferences", form=PreferencesForm(initial=now))
    require(request, Ability.CONNECT)
    form = PreferencesForm(request.POST, initial=now)
    if not form.is_valid():
        return tab(request, books, "preferences", status=422, form=form)
    _prefer(request, books, before=now, after=form.cleaned_data)
    messages.success(request, "Preferences saved.")
    return redirect("connections:preferences", tenant=request.tenant.slug, connection=books.public_id)


def _prefer(request: TenantRequest, books: Connection, *, before: dict[str, Any], after: dict[str, Any]) -> None:
    books.posting_mode = after["posting_mode"]
    if after["is_paused"] != before["is_paused"]:
        books.paused_at = clock.now() if after["is_paused"] else None
        note(books, FactKind.PAUSE_CHANGED)
    books.save(update_fields=["posting_mode", "paused_at"])
    if after["is_default"]:
        routing.make_default(books)
    wake(books)
    audit.record(
        actor=request.user,
        act="connection.preferences_saved",
        subject_kind="connection",
        subject_id=books.public_id,
        subject_label=books.company_name,
        before=before,
        after=after,
    )


@require_POST
@tenant_page(Ability.KEEP_BOOKS, calls_provider=True)
def refresh(request: TenantRequest, connection: UUID) -> HttpResponse:
    """Read their lists now."""
    with tenant_transaction(request.tenant.pk):
        books = connection_or_404(connection)
    try:
        found = pulls.read_lists(books, actor_label=request.user.email)
    except AccessLostError:
        messages.error(request, f"{books.provider_name} no longer lets Rivet in. Reconnect to go on.")
    except ProviderError:
        messages.warning(request, f"{books.provider_name} did not answer. The lists are as they were; try again.")
    else:
        with tenant_transaction(request.tenant.pk):
            wake(books)
        messages.success(request, f"{found.sentence}.")
    return redirect("connections:detail", tenant=request.tenant.slug, connection=books.public_id)


@require_http_methods(["GET", "POST"])
@tenant_page(Ability.CONNECT, calls_provider=True)
def disconnect(request: TenantRequest, connection: UUID) -> HttpResponse:
    """What stays and what stops; then, on the button, the end."""
    with tenant_transaction(request.tenant.pk):
        books = connection_or_404(connection)
        if request.method != "POST" and books.status != Status.DISCONNECTED:
            return render(request, "connections/disconnect.html", {"card": queries.card(books)})
    if books.status != Status.DISCONNECTED:
        _tell(request, books)
    return redirect("connections:list", tenant=request.tenant.slug)


def _tell(request: TenantRequest, books: Connection) -> None:
    farewell = end(connection=books, actor=request.user)
    if farewell.was_told:
        messages.success(request, f"{books.company_name} is disconnected. Its mapping and links are kept.")
        return
    messages.warning(
        request,
        f"{books.company_name} is disconnected and nothing more is sent. {books.provider_name} could not be told: if "
        f"Rivet is still among the connected apps there, remove it.",
    )
