"""What every tab of one connection shares: its card, its tabs, who may do what."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from integrations import registry
from integrations.connections.models import Connection
from rivet.pages.connections import queries
from rivet.tenants.access import TenantRequest
from rivet.tenants.roles import Ability


@dataclass(frozen=True, kw_only=True)
class Tab:
    url: str
    label: str
    is_current: bool
    count: int = 0


def tabs(request: TenantRequest, books: Connection, current: str) -> list[Tab]:
    """The tabs of one connection; ``current`` is the name of a view."""
    words = {
        "detail": "Overview",
        "mapping": "Mapping",
        "parties": "Customers and vendors",
        "tags": registry.LISTINGS[books.provider].tag_word,
        "preferences": "Preferences",
    }
    here = {"tenant": request.tenant.slug, "connection": books.public_id}
    made = [
        Tab(url=reverse(f"connections:{name}", kwargs=here), label=label, is_current=name == current)
        for name, label in words.items()
    ]
    log_url = f"/t/{request.tenant.slug}/sync-log/?connection={books.public_id}"
    return [*made, Tab(url=log_url, label="Sync log", is_current=False)]


def tab(request: TenantRequest, books: Connection, name: str, *, status: int = 200, **page: Any) -> HttpResponse:
    shared = {
        "card": queries.card(books),
        "tabs": tabs(request, books, name),
        "listing": registry.LISTINGS[books.provider],
        "may_connect": request.may(Ability.CONNECT),
        "may_keep_books": request.may(Ability.KEEP_BOOKS),
    }
    return render(request, f"connections/{name}.html", {**shared, **page}, status=status)


def require(request: TenantRequest, ability: Ability) -> None:
    if not request.may(ability):
        raise PermissionDenied(f"needs {ability.value}")
