"""One bill or invoice: its page, and what can be done with it."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rivet.ledger import applications, approval, drafts, payments
from rivet.ledger.errors import LedgerError
from rivet.ledger.models import Bill, Invoice
from rivet.ledger.queries.documents import find
from rivet.ledger.queries.payments import find_payment, list_payments
from rivet.ledger.snapshots import SourceKind
from rivet.pages.documents.answers import attempt, or_404, page_number, show_form, to
from rivet.pages.documents.forms.documents import PaymentForm, ReasonForm
from rivet.pages.documents.home import approve_one
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.roles import Ability
from sync import outbox
from sync.queries.documents import postings


@tenant_page()
@require_GET
def detail(request: TenantRequest, kind: SourceKind, public_id: UUID) -> HttpResponse:
    document = _found(kind, public_id)
    context = {
        "document": document,
        "kind": kind,
        "party": document.vendor if isinstance(document, Bill) else document.customer,
        "lines": document.lines.select_related("sov_line") if isinstance(document, Invoice) else document.lines.all(),
        "summary": applications.summary_of(document) if isinstance(document, Invoice) else None,
        "payments": document.payments.order_by("paid_date", "id"),
        "postings": postings(kind, document.pk),
        "left": document.net - document.paid,
        "may_keep_books": request.may(Ability.KEEP_BOOKS),
    }
    return render(request, f"{kind.value}s/detail.html", context)


@tenant_page(Ability.KEEP_BOOKS)
@require_POST
def approve(request: TenantRequest, kind: SourceKind, public_id: UUID) -> HttpResponse:
    document = _found(kind, public_id)
    refusal = approve_one(request, kind, document.pk)
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, f"{document.number} is approved.")
    return _to_detail(request, kind, public_id)


@tenant_page(Ability.KEEP_BOOKS)
@require_POST
def reopen(request: TenantRequest, kind: SourceKind, public_id: UUID) -> HttpResponse:
    document = _found(kind, public_id)
    try:
        with transaction.atomic():
            approval.reopen(kind=kind, document_id=document.pk, actor=request.user)
    except LedgerError as refusal:
        messages.error(request, refusal.sentence)
        return _to_detail(request, kind, public_id)
    return to(request, f"documents:{kind.value}_edit", public_id=public_id)


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def void(request: TenantRequest, kind: SourceKind, public_id: UUID) -> HttpResponse:
    document = _found(kind, public_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        voided = attempt(
            lambda: outbox.void(kind=kind, document_id=document.pk, actor=request.user, reason=reason), form=form
        )
        if voided:
            messages.success(request, f"{voided.number} is void. What was posted of it is taken back out of the books.")
            return _to_detail(request, kind, public_id)
    context = {"form": form, "document": document, "kind": kind}
    return show_form(request, "documents/void.html", context, refused=form.is_bound)


@tenant_page(Ability.KEEP_BOOKS)
@require_POST
def delete(request: TenantRequest, kind: SourceKind, public_id: UUID) -> HttpResponse:
    document = _found(kind, public_id)
    try:
        drafts.delete(document, actor=request.user)
    except LedgerError as refusal:
        messages.error(request, refusal.sentence)
        return _to_detail(request, kind, public_id)
    messages.success(request, f"The draft {document.number} is deleted.")
    return to(request, "documents:home")


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def pay(request: TenantRequest, kind: SourceKind, public_id: UUID) -> HttpResponse:
    document = _found(kind, public_id)
    left = document.net - document.paid
    form = PaymentForm(request.POST if request.method == "POST" else None, initial={"amount": left})
    if form.is_bound and form.is_valid():
        entered = form.cleaned_data
        payment = attempt(
            lambda: payments.record(kind=kind, document_id=document.pk, actor=request.user, **entered), form=form
        )
        if payment:
            messages.success(request, f"{payment.amount:,.2f} is recorded on {document.number}.")
            return _to_detail(request, kind, public_id)
    context = {"form": form, "document": document, "kind": kind, "left": left}
    return show_form(request, "payments/form.html", context, refused=form.is_bound)


@tenant_page()
@require_GET
def payment_list(request: TenantRequest) -> HttpResponse:
    context = {"page": list_payments(page=page_number(request)), "may_keep_books": request.may(Ability.KEEP_BOOKS)}
    return render(request, "payments/list.html", context)


@tenant_page(Ability.KEEP_BOOKS)
@require_POST
def void_payment(request: TenantRequest, public_id: UUID) -> HttpResponse:
    payment = or_404(find_payment(public_id))
    try:
        with transaction.atomic():
            payments.void(payment, actor=request.user)
    except LedgerError as refusal:
        messages.error(request, refusal.sentence)
    return to(request, "documents:payments")


def _found(kind: SourceKind, public_id: UUID) -> Bill | Invoice:
    found = find(kind, public_id)
    if found is None:
        raise Http404
    return found


def _to_detail(request: TenantRequest, kind: SourceKind, public_id: UUID) -> HttpResponse:
    return to(request, "documents:detail", kind=kind, public_id=public_id)
