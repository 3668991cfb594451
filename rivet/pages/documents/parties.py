"""Customers and vendors."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rivet.ledger.errors import LedgerError
from rivet.ledger.models import Customer, Vendor
from rivet.ledger.parties import archive, restore, write_party
from rivet.ledger.queries.parties import PartyModel, find_party, list_parties
from rivet.pages.documents.answers import attempt, page_number, search_text, show_form, to
from rivet.pages.documents.forms.parties import PartyForm
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.roles import Ability


@tenant_page()
@require_GET
def party_list(request: TenantRequest, kind: PartyModel) -> HttpResponse:
    text, archived = search_text(request), request.GET.get("archived") == "1"
    context = {
        "page": list_parties(kind, text=text, archived=archived, page=page_number(request)),
        "noun": noun(kind),
        "text": text,
        "archived": archived,
        "may_keep_books": request.may(Ability.KEEP_BOOKS),
    }
    return render(request, "parties/list.html", context)


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def new(request: TenantRequest, kind: PartyModel) -> HttpResponse:
    return _edit(request, kind(tenant=request.tenant), is_new=True)


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def edit(request: TenantRequest, kind: PartyModel, public_id: UUID) -> HttpResponse:
    return _edit(request, _found(kind, public_id), is_new=False)


@tenant_page(Ability.KEEP_BOOKS)
@require_POST
def set_archived(request: TenantRequest, kind: PartyModel, public_id: UUID) -> HttpResponse:
    """``act`` is ``archive`` or ``restore``."""
    party = _found(kind, public_id)
    try:
        if request.POST.get("act") == "restore":
            restore(party, actor=request.user)
        else:
            archive(party, actor=request.user)
    except LedgerError as refusal:
        messages.error(request, refusal.sentence)
    return to(request, "documents:parties", kind=kind)


def noun(kind: PartyModel) -> str:
    return kind.__name__.lower()


def _found(kind: PartyModel, public_id: UUID) -> Customer | Vendor:
    found = find_party(kind, public_id)
    if found is None:
        raise Http404
    return found


def _edit(request: TenantRequest, party: Customer | Vendor, *, is_new: bool) -> HttpResponse:
    form = PartyForm(request.POST) if request.method == "POST" else PartyForm.showing(party)
    if form.is_bound and form.is_valid():
        saved = attempt(lambda: _save(request, form, party), form=form)
        if saved:
            messages.success(request, f"{saved.name} is saved.")
            return to(request, "documents:parties", kind=type(party))
    context = {"form": form, "party": party, "noun": noun(type(party)), "is_new": is_new}
    return show_form(request, "parties/form.html", context, refused=form.is_bound)


def _save(request: TenantRequest, form: PartyForm, party: Customer | Vendor) -> Customer | Vendor:
    write_party(form.onto(party), actor=request.user)
    return party
