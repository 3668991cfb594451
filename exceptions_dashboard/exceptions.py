"""The Exceptions page, a firm's home: what needs a person, by cause, with one fix each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from exceptions_dashboard import filters, live, selection
from exceptions_dashboard.causes import causes
from exceptions_dashboard.entry import after_act, opened
from exceptions_dashboard.rows import NO_REASON, reason_of, rows
from integrations.connections.models import Connection
from integrations.ports import Role
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.roles import Ability
from sync import runs
from sync.models import OutboxEntry
from sync.queries import exceptions as queries
from sync.states import LOOKS, Shown, State


@require_GET
@tenant_page()
def exception_list(request: TenantRequest) -> HttpResponse:
    return _page(request, request.GET)


@require_POST
@tenant_page(Ability.KEEP_BOOKS)
def retry(request: TenantRequest, entry: UUID) -> HttpResponse:
    """Send one entry again."""
    chosen = get_object_or_404(OutboxEntry.objects.select_related("connection"), public_id=entry)
    sent_again = runs.retry([chosen], actor=request.user)
    if sent_again or chosen.state in {State.READY, State.UNCERTAIN}:
        messages.success(request, f"{chosen.label} goes again now.")
    else:
        messages.warning(request, f"{chosen.label} has changed since this page was made; nothing was done.")
    return after_act(request, chosen) if request.POST.get("from") == "entry" else _back(request)


@require_POST
@tenant_page(Ability.KEEP_BOOKS)
def retry_all(request: TenantRequest) -> HttpResponse:
    """Send everything again that needs attention and matches the page's filters."""
    wanted = filters.of_exceptions(QueryDict(request.POST.get("query", "")))
    found = list(queries.entries(wanted).filter(state=State.REJECTED)[: queries.MOST_AT_ONCE])
    run = runs.retry_all(found, actor=request.user)
    selection.tell(request, "Queued", run.queued, changed=len(found) - run.queued)
    return _back(request)


@require_POST
@tenant_page(Ability.KEEP_BOOKS)
def act_on_chosen(request: TenantRequest) -> HttpResponse:
    """Retry or skip the rows somebody ticked, or all that match."""
    choice, act = selection.read(request.POST), request.POST.get("act", "")
    reason = reason_of(request)
    if not choice.counted:
        messages.warning(request, "Nothing was chosen. Tick the rows first.")
    elif act == "retry":
        selection.retry(request, choice)
    elif act == "skip" and not reason:
        messages.error(request, NO_REASON)
    elif act == "skip":
        selection.skip(request, choice, reason=reason)
    return _back(request)


def _back(request: TenantRequest) -> HttpResponse:
    """The list as it was filtered, nothing chosen: as a fragment for htmx, else by its own address."""
    query = QueryDict(request.POST.get("query", ""), mutable=True)
    query.pop("chosen", None)
    if request.htmx:
        return _page(request, query)
    address, kept = reverse("exceptions:list", kwargs={"tenant": request.tenant.slug}), filters.with_changes(query)
    return redirect(f"{address}?{kept}" if kept else address)


def _page(request: TenantRequest, query: QueryDict) -> HttpResponse:
    wanted, most = filters.of_exceptions(query), filters.shown(query)
    overview = queries.overview()
    found = list(queries.entries(wanted)[: most + 1])
    books = list(Connection.objects.order_by("company_name", "pk"))
    groups = queries.groups() if wanted.is_plain else []
    lines = rows(found[:most], slug=request.tenant.slug)
    context = {
        "head": selection.head(wanted, rows=len(found), has_more=len(found) > most, query=query),
        "overview": overview,
        "parts": _parts(overview),
        "rows": lines,
        "is_choosable": request.may(Ability.KEEP_BOOKS) and any(line.acts for line in lines),
        "causes": causes(groups[: queries.MOST_CAUSES], books, slug=request.tenant.slug),
        "has_more_causes": len(groups) > queries.MOST_CAUSES,
        "filters": wanted,
        "connections": books,
        "options": _options(overview, wanted),
        "roles": [(role.value, filters.ENTITIES[role.value]) for role in Role],
        "query": filters.with_changes(query),
        "opened": opened(request),
        "query_of_all": filters.with_changes(query, chosen=filters.ALL),
        "query_of_none": filters.with_changes(query, chosen=None),
        "more": filters.with_changes(query, shown=most + queries.PAGE) if len(found) > most else None,
        "errors": _errors(overview, wanted),
        "most_at_once": queries.MOST_AT_ONCE,
        "may_keep_books": request.may(Ability.KEEP_BOOKS),
    }
    return live.answer(request, "exceptions/list.html", context, partial="live", seen=_seen(context))


def _seen(context: dict[str, Any]) -> str:
    overview = context["overview"]
    return live.fingerprint(
        overview.counts,
        [(one.pk, one.status) for one in overview.troubled],
        [(row.entry.pk, row.entry.state, row.entry.fence, row.entry.tries, row.sentence) for row in context["rows"]],
    )


def _errors(overview: queries.Overview, wanted: queries.Filters) -> int:
    """How many Retry all would take: the errors that the filter shows."""
    if wanted.is_plain:
        return overview.counts[Shown.NEEDS_ATTENTION]
    if wanted.state not in {"", Shown.NEEDS_ATTENTION}:
        return 0
    return queries.entries(wanted).filter(state=State.REJECTED).count()


def _parts(overview: queries.Overview) -> list[tuple[Shown, str]]:
    """The overview sentence: zeros disappear, each part is a filter."""
    words = {
        Shown.NEEDS_ATTENTION: "{} need you",
        Shown.RETRYING: "{} retrying",
        Shown.UNCONFIRMED: "{} being looked up",
        Shown.WAITING: "{} waiting",
        Shown.SENDING: "{} on the way",
        Shown.QUEUED: "{} queued",
    }
    found = [(state, phrase.format(f"{overview.counts[state]:,}")) for state, phrase in words.items()]
    return [
        (state, phrase.replace("1 need you", "1 needs you") if overview.counts[state] == 1 else phrase)
        for state, phrase in found
        if overview.counts[state]
    ]


def _options(overview: queries.Overview, wanted: queries.Filters) -> list[tuple[str, str, bool]]:
    """The state filter: value, words with the count, whether chosen."""
    options = [(filters.ALL, "All", not wanted.state)]
    for state, look in LOOKS.items():
        count = overview.counts[state]
        options.append((state.value, f"{look.label} ({count:,})" if count else look.label, wanted.state == state))
    return options
