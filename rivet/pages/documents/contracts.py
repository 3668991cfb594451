"""Contracts with their schedule of values and retainage terms."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from rivet.ledger.contracts import write_contract
from rivet.ledger.models import Contract
from rivet.ledger.queries.contracts import contract_page, find_contract, list_contracts
from rivet.pages.documents.answers import (
    attempt,
    or_404,
    page_number,
    search_text,
    show_form,
    to,
    wants_more_rows,
)
from rivet.pages.documents.forms.contracts import BaseSov, ContractForm, Sov, TermsForm, sov_of
from rivet.pages.documents.forms.lines import with_more_rows
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.roles import Ability


@tenant_page()
@require_GET
def contract_list(request: TenantRequest) -> HttpResponse:
    text = search_text(request)
    context = {
        "page": list_contracts(text=text, page=page_number(request)),
        "text": text,
        "may_keep_books": request.may(Ability.KEEP_BOOKS),
    }
    return render(request, "contracts/list.html", context)


@tenant_page()
@require_GET
def detail(request: TenantRequest, public_id: UUID) -> HttpResponse:
    contract = or_404(find_contract(public_id))
    context = {
        "shown": contract_page(contract),
        "contract": contract,
        "may_keep_books": request.may(Ability.KEEP_BOOKS),
    }
    return render(request, "contracts/detail.html", context)


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def new(request: TenantRequest) -> HttpResponse:
    return _edit(request, Contract(tenant=request.tenant), is_new=True)


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def edit(request: TenantRequest, public_id: UUID) -> HttpResponse:
    return _edit(request, or_404(find_contract(public_id)), is_new=False)


def _edit(request: TenantRequest, contract: Contract, *, is_new: bool) -> HttpResponse:
    form, terms, sov = _forms(request, contract, is_new=is_new)
    refused = False
    if form.is_bound and wants_more_rows(request):
        form, terms = ContractForm(initial=request.POST.dict()), TermsForm(initial=request.POST.dict())
        sov = with_more_rows(sov, request.POST, prefix="sov")
    elif form.is_bound:
        saved = _save(request, contract, form, terms, sov)
        if saved:
            messages.success(request, f"{saved.title} is saved.")
            return to(request, "documents:contract", public_id=saved.public_id)
        refused = True
    context = {"form": form, "terms": terms, "sov": sov, "contract": contract, "is_new": is_new}
    return show_form(request, "contracts/form.html", context, refused=refused)


def _forms(request: TenantRequest, contract: Contract, *, is_new: bool) -> tuple[ContractForm, TermsForm, BaseSov]:
    if request.method == "POST":
        return ContractForm(request.POST), TermsForm(request.POST), cast(BaseSov, Sov(request.POST, prefix="sov"))
    newest = None if is_new else contract.terms.order_by("-effective_from").first()
    form = ContractForm() if is_new else ContractForm(initial=ContractForm.of(contract))
    return form, TermsForm(initial=TermsForm.of(newest)), sov_of(contract)


def _save(
    request: TenantRequest, contract: Contract, form: ContractForm, terms: TermsForm, sov: BaseSov
) -> Contract | None:
    # All three are asked, so that every error shows at once.
    if not all([form.is_valid(), terms.is_valid(), sov.is_valid()]):
        return None
    return attempt(
        lambda: write_contract(form.onto(contract), terms=terms.terms(), lines=sov.entered(), actor=request.user),
        form=form,
    )
