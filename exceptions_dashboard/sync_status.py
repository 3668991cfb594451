"""Sync status: how each connection is, Sync now with its progress, and the runs before."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from exceptions_dashboard import live
from exceptions_dashboard.places import connection_url
from integrations.connections.looks import Look, look
from integrations.connections.models import Connection, Status
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.roles import Ability
from sync import runs
from sync.models import RunKind
from sync.queries import status as queries
from sync.states import LOOKS

KINDS = {
    RunKind.SYNC_NOW: "Sync now",
    RunKind.RETRY_ALL: "Retry all",
    RunKind.REFRESH: "Nightly refresh",
    RunKind.HEALTH: "Health check",
}


@dataclass(frozen=True, kw_only=True)
class Card:
    connection: Connection
    look: Look
    url: str
    seen: tuple[object, ...]


@dataclass(frozen=True, kw_only=True)
class Run:
    progress: queries.Progress
    kind: str
    seen: tuple[object, ...]


@require_GET
@tenant_page()
def status(request: TenantRequest) -> HttpResponse:
    return _page(request)


@require_POST
@tenant_page(Ability.KEEP_BOOKS)
def sync_now(request: TenantRequest, connection: UUID | None = None) -> HttpResponse:
    """Make what waits due, and have every connected company's lists read."""
    books = get_object_or_404(Connection, public_id=connection) if connection else None
    if not Connection.objects.filter(status=Status.CONNECTED).exists():
        messages.warning(request, "No books are connected, so nothing was done. Connect them under Settings.")
    else:
        runs.sync_now(connection=books, actor=request.user)
        messages.success(request, "Sync has started: the lists are read and what waits is sent.")
    if request.htmx:
        return _page(request)
    return redirect("exceptions:status", tenant=request.tenant.slug)


def _page(request: TenantRequest) -> HttpResponse:
    slug = request.tenant.slug
    cards = [_card(books, slug) for books in queries.connections()]
    history = [_run(progress) for progress in queries.history()]
    states = [(LOOKS[state], state.value, count) for state, count in queries.by_state().items() if count]
    context: dict[str, Any] = {
        "cards": cards,
        "runs": history,
        "states": states,
        "may_keep_books": request.may(Ability.KEEP_BOOKS),
    }
    seen = live.fingerprint([card.seen for card in cards], [run.seen for run in history], states)
    return live.answer(request, "sync_status/page.html", context, partial="live", seen=seen)


def _card(books: Any, slug: str) -> Card:
    """``books`` is a connection with the counts of ``queries.connections``."""
    return Card(
        connection=books,
        look=look(books),
        url=connection_url(slug, books),
        seen=(books.pk, books.status, books.paused_at, books.waiting, books.needs_attention, books.lists_refreshed_at),
    )


def _run(progress: queries.Progress) -> Run:
    run = progress.run
    return Run(
        progress=progress,
        kind=KINDS[RunKind(run.kind)],
        seen=(run.pk, progress.done, progress.failed, progress.under_way, run.finished_at, run.pulled),
    )
