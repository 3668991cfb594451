"""Upload, look, confirm."""

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rivet.ledger.errors import LedgerError
from rivet.ledger.imports import batches
from rivet.ledger.imports.exports import rejected, template
from rivet.ledger.imports.sheets import LARGEST_FILE
from rivet.ledger.models import ImportBatch
from rivet.ledger.models.imports import ImportKind
from rivet.pages.documents.answers import attempt, or_404, show_form, to
from rivet.pages.documents.forms.imports import UploadForm
from rivet.pages.documents.home import as_file
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.roles import Ability

#: Rows shown of each half of the preview; the counts are always of all.
SHOWN = 200


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def upload(request: TenantRequest) -> HttpResponse:
    initial = {"kind": request.GET.get("kind", "")}
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm(initial=initial)
    if form.is_bound and form.is_valid():
        batch = attempt(lambda: _take(request, form), form=form)
        if batch:
            return to(request, "documents:import", public_id=batch.public_id)
    context = {"form": form, "kinds": list(ImportKind)}
    return show_form(request, "imports/upload.html", context, refused=form.is_bound)


@tenant_page(Ability.KEEP_BOOKS)
@require_GET
def preview(request: TenantRequest, public_id: UUID) -> HttpResponse:
    batch = or_404(_find(public_id))
    return render(request, "imports/preview.html", _preview(batch))


@tenant_page(Ability.KEEP_BOOKS)
@require_POST
def confirm(request: TenantRequest, public_id: UUID) -> HttpResponse:
    batch = or_404(_find(public_id))
    try:
        with transaction.atomic():
            count = batches.confirm(batch_id=batch.pk, tenant=request.tenant, by=request.user)
    except LedgerError as refusal:
        messages.error(request, refusal.sentence)
        return to(request, "documents:import", public_id=public_id)
    messages.success(request, f"Imported {count} {batch.kind if count != 1 else batch.kind.removesuffix('s')}.")
    return _to_list(request, ImportKind(batch.kind))


@tenant_page(Ability.KEEP_BOOKS)
@require_POST
def add_parties(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """Make the vendors or customers that the file names and Rivet does not know."""
    batch = or_404(_find(public_id))
    try:
        with transaction.atomic():
            count = batches.add_missing_parties(batch, tenant=request.tenant, by=request.user)
    except LedgerError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"Added {count}. The rows below are judged anew.")
    return to(request, "documents:import", public_id=public_id)


@tenant_page()
@require_GET
def template_file(request: TenantRequest, kind: ImportKind) -> HttpResponse:
    return as_file(template(batches.LAYOUTS[kind]), name=f"{kind.value}-template.csv")


@tenant_page(Ability.KEEP_BOOKS)
@require_GET
def rejected_file(request: TenantRequest, public_id: UUID) -> HttpResponse:
    batch = or_404(_find(public_id))
    bad = [(row.cells, row.reasons) for row in batches.plan(batch).bad]
    return as_file(rejected(batches.LAYOUTS[ImportKind(batch.kind)], bad), name=f"{batch.kind}-to-correct.csv")


def _take(request: TenantRequest, form: UploadForm) -> ImportBatch:
    file: UploadedFile[bytes] = form.cleaned_data["file"]
    return batches.upload(
        kind=ImportKind(form.cleaned_data["kind"]),
        file_name=file.name or "file.csv",
        # One byte more than is allowed tells the reader that there is more.
        data=file.read(LARGEST_FILE + 1),
        tenant=request.tenant,
        by=request.user,
    )


def _find(public_id: UUID) -> ImportBatch | None:
    found: ImportBatch | None = ImportBatch.objects.filter(public_id=public_id).first()
    return found


def _preview(batch: ImportBatch) -> dict[str, object]:
    if batch.confirmed_at:
        return {"batch": batch, "is_done": True}
    plan = batches.plan(batch)
    layout = batches.LAYOUTS[ImportKind(batch.kind)]
    bad = [
        (row.line, [(column, row.cells.get(column, "")) for column in layout.required], row.reasons) for row in plan.bad
    ]
    unreadable: list[tuple[int, list[tuple[str, str]], tuple[str, ...]]] = [
        (line, [], (reason,)) for line, reason in batch.unreadable
    ]
    left_out = sorted([*bad, *unreadable], key=lambda row: row[0])
    return {
        "batch": batch,
        "good": plan.good[:SHOWN],
        "good_count": len(plan.good),
        "bad": left_out[:SHOWN],
        "bad_count": len(left_out),
        "columns": layout.required,
        "missing": batches.missing_parties(batch),
        "missing_noun": "vendor" if batch.kind == ImportKind.BILLS else "customer",
        "is_documents": batch.kind in (ImportKind.BILLS, ImportKind.INVOICES),
        "shown": SHOWN,
    }


def _to_list(request: TenantRequest, kind: ImportKind) -> HttpResponse:
    if kind in (ImportKind.VENDORS, ImportKind.CUSTOMERS):
        return to(request, "documents:parties", kind=kind.value)
    return to(request, "documents:projects" if kind is ImportKind.PROJECTS else "documents:home")
