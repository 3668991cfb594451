"""The list of bills and invoices, approving several of them, and the list as a file."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from rivet.ledger.errors import LedgerError
from rivet.ledger.imports.exports import written
from rivet.ledger.models.documents import EDITABLE, DocumentStatus
from rivet.ledger.queries.documents import DocumentFilter, count_by_status, keys, list_documents, matching
from rivet.ledger.snapshots import SourceKind
from rivet.pages.documents.answers import page_number, search_text
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.roles import Ability
from sync import outbox
from sync.queries.documents import standing

#: One page's worth: each is frozen and enqueued by itself within one transaction.
MOST_AT_ONCE = 200
#: Sentences shown after approving several; the rest is summed up.
MOST_REFUSALS_SHOWN = 5

#: The exported file's columns and what each shows.
COLUMNS = {
    "kind": "kind",
    "number": "number",
    "party": "party_name",
    "project": "project_name",
    "date": "document_date",
    "due date": "due_date",
    "gross": "gross",
    "retainage": "retainage",
    "net": "net",
    "paid": "paid",
    "status": "status",
}


@tenant_page()
@require_GET
def home(request: TenantRequest) -> HttpResponse:
    wanted = _filter(request)
    page = list_documents(wanted)
    context = {
        "page": replace(page, rows=_with_standing(page.rows)),
        "filter": wanted,
        "counts": count_by_status(),
        "statuses": list(DocumentStatus),
        "query": urlencode({name: value for name, value in request.GET.items() if name != "page"}),
        "may_keep_books": request.may(Ability.KEEP_BOOKS),
        "may_choose": request.may(Ability.KEEP_BOOKS) and any(row["status"] in EDITABLE for row in page.rows),
        "actions": [("approve", "Approve")],
    }
    return render(request, "documents/home.html", context)


def _with_standing(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a page, each with how it stands in the books; None where nothing was enqueued."""
    ids: defaultdict[SourceKind, set[int]] = defaultdict(set)
    for row in rows:
        ids[SourceKind(row["kind"])].add(row["id"])
    looks = {kind: standing(kind, wanted) for kind, wanted in ids.items()}
    return [{**row, "in_books": looks[SourceKind(row["kind"])].get(row["id"])} for row in rows]


@tenant_page()
@require_GET
def export(request: TenantRequest) -> HttpResponse:
    """Everything that matches, not the page alone."""
    rows = ([row[name] for name in COLUMNS.values()] for row in matching(_filter(request)))
    return as_file(written(list(COLUMNS), rows), name="documents.csv")


@tenant_page(Ability.KEEP_BOOKS)
@require_POST
def approve_several(request: TenantRequest) -> HttpResponse:
    chosen = _chosen(request.POST.getlist("chosen")[:MOST_AT_ONCE])
    approved = 0
    refusals: list[str] = []
    for kind, public_ids in chosen.items():
        for document_id, _number in keys(kind, public_ids).values():
            refusal = approve_one(request, kind, document_id)
            if refusal:
                refusals.append(refusal)
            else:
                approved += 1
    _tell(request, approved, refusals)
    return redirect(_back(request))


def approve_one(request: TenantRequest, kind: SourceKind, document_id: int) -> str:
    """Approve one document; the sentence when it is refused, else nothing. A refusal undoes only its own writes."""
    try:
        with transaction.atomic():
            outbox.approve(kind=kind, document_id=document_id, actor=request.user)
    except LedgerError as refusal:
        return refusal.sentence
    return ""


def as_file(content: str, *, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _filter(request: TenantRequest) -> DocumentFilter:
    kind, status = request.GET.get("kind", ""), request.GET.get("status", "")
    return DocumentFilter(
        kind=SourceKind(kind) if kind in (SourceKind.BILL, SourceKind.INVOICE) else None,
        status=DocumentStatus(status) if status in list(DocumentStatus) else None,
        text=search_text(request),
        page=page_number(request),
    )


def _chosen(values: Iterable[str]) -> dict[SourceKind, list[UUID]]:
    """``bill:<public id>`` and ``invoice:<public id>`` by kind; anything else is not a choice."""
    found: defaultdict[SourceKind, list[UUID]] = defaultdict(list)
    for value in values:
        kind, _, public_id = value.partition(":")
        if kind not in (SourceKind.BILL, SourceKind.INVOICE):
            continue
        try:
            found[SourceKind(kind)].append(UUID(public_id))
        except ValueError:
            continue
    return found


def _tell(request: TenantRequest, approved: int, refusals: list[str]) -> None:
    if approved:
        messages.success(request, f"Approved {approved} document{'' if approved == 1 else 's'}.")
    for refusal in refusals[:MOST_REFUSALS_SHOWN]:
        messages.error(request, refusal)
    if len(refusals) > MOST_REFUSALS_SHOWN:
        messages.error(
            request, f"{len(refusals) - MOST_REFUSALS_SHOWN} more could not be approved; open them to see why."
        )
    if not approved and not refusals:
        messages.warning(request, "Nothing was chosen. Tick the documents to approve first.")


def _back(request: TenantRequest) -> str:
    """The same filtered list."""
    home_url = reverse("documents:home", kwargs={"tenant": request.tenant.slug})
    wanted = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(home_url)
    return wanted if is_ours else home_url
