"""Entering invoices: applications under a contract, releases, and invoices without contract."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from rivet.ledger import applications, drafts, held
from rivet.ledger.models import Contract, Invoice
from rivet.ledger.models.contracts import Side
from rivet.ledger.queries.contracts import find_contract
from rivet.ledger.queries.documents import find
from rivet.ledger.rules.lines import LineValues
from rivet.ledger.snapshots import Purpose, SourceKind
from rivet.pages.documents.answers import attempt, or_404, show_form, to, wants_more_rows
from rivet.pages.documents.forms.documents import ApplicationForm, InvoiceForm, ReleaseForm
from rivet.pages.documents.forms.lines import BaseLines, Lines, showing, with_more_rows
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.roles import Ability


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def new(request: TenantRequest) -> HttpResponse:
    invoice = Invoice(tenant=request.tenant, currency=request.tenant.currency)
    return _plain(request, invoice, is_new=True)


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def new_application(request: TenantRequest, public_id: UUID) -> HttpResponse:
    contract = _receivable(public_id)
    number = applications.next_number(contract)
    invoice = _under(request, contract, application_number=number, number=f"PA{number}-{contract.project.number}")
    return _application(request, contract, invoice, is_new=True)


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def new_release(request: TenantRequest, public_id: UUID) -> HttpResponse:
    contract = _receivable(public_id)
    invoice = _under(request, contract, purpose=Purpose.RELEASE.value)
    return _release(request, contract, invoice, is_new=True)


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def edit(request: TenantRequest, public_id: UUID) -> HttpResponse:
    invoice = cast(Invoice, or_404(find(SourceKind.INVOICE, public_id)))
    if not invoice.is_editable:
        return _to_detail(request, invoice)
    if invoice.contract is None:
        return _plain(request, invoice, is_new=False)
    if invoice.is_release:
        return _release(request, invoice.contract, invoice, is_new=False)
    return _application(request, invoice.contract, invoice, is_new=False)


def _receivable(public_id: UUID) -> Contract:
    contract = or_404(find_contract(public_id))
    if contract.side != Side.RECEIVABLE:
        raise Http404
    return contract


def _under(request: TenantRequest, contract: Contract, **fields: object) -> Invoice:
    return Invoice(
        tenant=request.tenant,
        currency=request.tenant.currency,
        contract=contract,
        customer=contract.customer,
        project=contract.project,
        **fields,
    )


def _application(request: TenantRequest, contract: Contract, invoice: Invoice, *, is_new: bool) -> HttpResponse:
    before = applications.previous_of(invoice)
    lines = list(contract.lines.order_by("position"))
    initial = {"number": invoice.number} if is_new else ApplicationForm.of(invoice)
    form = ApplicationForm(
        request.POST if request.method == "POST" else None,
        sov=lines,
        before=applications.standings_after(before),
        initial=initial,
    )
    if form.is_bound and form.is_valid():
        saved = attempt(
            lambda: drafts.write_application(form.onto(invoice), entered=form.entered(), actor=request.user), form=form
        )
        if saved:
            return _to_detail(request, saved)
    context = {"form": form, "document": invoice, "contract": contract, "is_new": is_new, "before": before}
    return show_form(request, "invoices/application_form.html", context, refused=form.is_bound)


def _release(request: TenantRequest, contract: Contract, invoice: Invoice, *, is_new: bool) -> HttpResponse:
    balance = held.under_contract(contract)
    initial = {"amount": balance} if is_new else ReleaseForm.head_of(invoice) | {"amount": -invoice.retainage}
    form = ReleaseForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        amount = form.cleaned_data["amount"]
        saved = attempt(lambda: drafts.write_release(form.onto(invoice), amount=amount, actor=request.user), form=form)
        if saved:
            return _to_detail(request, saved)
    context = {"form": form, "document": invoice, "contract": contract, "is_new": is_new, "held": balance}
    return show_form(request, "invoices/release_form.html", context, refused=form.is_bound)


def _plain(request: TenantRequest, invoice: Invoice, *, is_new: bool) -> HttpResponse:
    if request.method == "POST":
        return _entered(request, invoice, is_new=is_new)
    form = InvoiceForm() if is_new else InvoiceForm(initial=InvoiceForm.head_of(invoice))
    return _show(request, invoice, form, showing([] if is_new else _lines_of(invoice)), is_new=is_new)


def _entered(request: TenantRequest, invoice: Invoice, *, is_new: bool) -> HttpResponse:
    form, lines = InvoiceForm(request.POST), cast(BaseLines, Lines(request.POST, prefix="lines"))
    if wants_more_rows(request):
        more = with_more_rows(lines, request.POST, prefix="lines")
        return _show(request, invoice, InvoiceForm(initial=request.POST.dict()), more, is_new=is_new)
    # Both are asked, so that every error shows at once.
    if all([form.is_valid(), lines.is_valid()]):
        saved = attempt(
            lambda: drafts.write_invoice(form.onto(invoice), lines=lines.entered(), actor=request.user), form=form
        )
        if saved:
            return _to_detail(request, saved)
    return _show(request, invoice, form, lines, is_new=is_new, refused=True)


def _lines_of(invoice: Invoice) -> list[LineValues]:
    return [
        LineValues(description=line.description, amount=line.work, retainage=line.retainage, tag=line.tag)
        for line in invoice.lines.order_by("position")
    ]


def _to_detail(request: TenantRequest, invoice: Invoice) -> HttpResponse:
    return to(request, "documents:detail", kind=SourceKind.INVOICE, public_id=invoice.public_id)


def _show(
    request: TenantRequest,
    invoice: Invoice,
    form: InvoiceForm,
    lines: BaseLines,
    *,
    is_new: bool,
    refused: bool = False,
) -> HttpResponse:
    context = {"form": form, "lines": lines, "document": invoice, "is_new": is_new, "noun": "invoice"}
    return show_form(request, "documents/form.html", context, refused=refused)
