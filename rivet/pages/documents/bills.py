"""Entering bills, and bills that pay retainage out."""

from typing import cast
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from rivet.ledger import drafts
from rivet.ledger.models import Bill
from rivet.ledger.queries.documents import find
from rivet.ledger.rules.lines import LineValues
from rivet.ledger.snapshots import Purpose, SourceKind
from rivet.pages.documents.answers import attempt, or_404, show_form, to, wants_more_rows
from rivet.pages.documents.forms.documents import BillForm, BillReleaseForm, usual_rate
from rivet.pages.documents.forms.lines import BaseLines, Lines, showing, with_more_rows
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.roles import Ability


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def new(request: TenantRequest) -> HttpResponse:
    bill = Bill(tenant=request.tenant, currency=request.tenant.currency)
    if request.method == "POST":
        return _entered(request, bill, is_new=True)
    return _show(request, bill, BillForm(), showing([]), is_new=True)


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def new_release(request: TenantRequest) -> HttpResponse:
    bill = Bill(tenant=request.tenant, currency=request.tenant.currency, purpose=Purpose.RELEASE.value)
    return _release(request, bill, is_new=True)


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def edit(request: TenantRequest, public_id: UUID) -> HttpResponse:
    bill = cast(Bill, or_404(find(SourceKind.BILL, public_id)))
    if not bill.is_editable:
        return to(request, "documents:detail", kind=SourceKind.BILL, public_id=public_id)
    if bill.is_release:
        return _release(request, bill, is_new=False)
    if request.method == "POST":
        return _entered(request, bill, is_new=False)
    return _show(request, bill, BillForm(initial=BillForm.head_of(bill)), showing(_lines_of(bill)), is_new=False)


def _entered(request: TenantRequest, bill: Bill, *, is_new: bool) -> HttpResponse:
    form, lines = BillForm(request.POST), cast(BaseLines, Lines(request.POST, prefix="lines"))
    if wants_more_rows(request):
        more = with_more_rows(lines, request.POST, prefix="lines")
        return _show(request, bill, BillForm(initial=request.POST.dict()), more, is_new=is_new)
    # Both are asked, so that every error shows at once.
    if all([form.is_valid(), lines.is_valid()]):
        saved = attempt(lambda: _save(request, bill, form, lines), form=form)
        if saved:
            return to(request, "documents:detail", kind=SourceKind.BILL, public_id=saved.public_id)
    return _show(request, bill, form, lines, is_new=is_new, refused=True)


def _save(request: TenantRequest, bill: Bill, form: BillForm, lines: BaseLines) -> Bill:
    entered = lines.entered(usual_rate=usual_rate(form.cleaned_data["contract"]))
    return drafts.write_bill(form.onto(bill), lines=entered, actor=request.user)


def _release(request: TenantRequest, bill: Bill, *, is_new: bool) -> HttpResponse:
    initial = None if is_new else BillReleaseForm.of(bill)
    form = BillReleaseForm(request.POST) if request.method == "POST" else BillReleaseForm(initial=initial)
    if form.is_bound and form.is_valid():
        saved = attempt(lambda: drafts.write_bill(form.onto(bill), lines=form.lines(), actor=request.user), form=form)
        if saved:
            return to(request, "documents:detail", kind=SourceKind.BILL, public_id=saved.public_id)
    context = {"form": form, "document": bill, "is_new": is_new, "noun": "bill"}
    return show_form(request, "bills/release_form.html", context, refused=form.is_bound)


def _lines_of(bill: Bill) -> list[LineValues]:
    return [
        LineValues(description=line.description, amount=line.amount, retainage=line.retainage, tag=line.tag)
        for line in bill.lines.order_by("position")
    ]


def _show(
    request: TenantRequest, bill: Bill, form: BillForm, lines: BaseLines, *, is_new: bool, refused: bool = False
) -> HttpResponse:
    context = {"form": form, "lines": lines, "document": bill, "is_new": is_new, "noun": "bill"}
    return show_form(request, "documents/form.html", context, refused=refused)
