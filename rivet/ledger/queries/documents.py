"""The list of bills and invoices, and one of them with what its page shows."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Value

from rivet.ledger.models import Bill, Invoice
from rivet.ledger.models.documents import EDITABLE, DocumentStatus
from rivet.ledger.queries.pages import Page, page_of
from rivet.ledger.snapshots import SourceKind

_COLUMNS = (
    "id",
    "public_id",
    "number",
    "purpose",
    "status",
    "currency",
    "gross",
    "retainage",
    "net",
    "paid",
    "due_date",
)


@dataclass(frozen=True, kw_only=True)
class DocumentFilter:
    """What the address bar asks for; unknown words are treated as not given."""

    kind: SourceKind | None = None
    status: DocumentStatus | None = None
    text: str = ""
    page: int = 1

    @property
    def is_set(self) -> bool:
        return bool(self.kind or self.status or self.text)


def list_documents(wanted: DocumentFilter) -> Page[dict[str, Any]]:
    """One page of what matches; one query."""
    return page_of(matching(wanted), wanted.page)


def matching(wanted: DocumentFilter) -> "QuerySet[Any, dict[str, Any]]":
    """Bills and invoices together, newest first, whatever page was asked for."""
    parts = [_rows(kind, wanted) for kind in _kinds(wanted)]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return rows.order_by("-document_date", "-id")


def count_by_status() -> dict[str, int]:
    """How many documents stand where; one query. ``approvable`` are drafts and reopened ones."""
    bills, invoices = (
        model.objects.values("status").annotate(number_of=Count("id")).values_list("status", "number_of")
        for model in (Bill, Invoice)
    )
    counts = {status.value: 0 for status in DocumentStatus}
    for status, number_of in bills.union(invoices, all=True):
        counts[status] += number_of
    counts["approvable"] = sum(counts[status.value] for status in EDITABLE)
    return counts


def find(kind: SourceKind, public_id: UUID) -> Bill | Invoice | None:
    """One document with its party, project and contract."""
    model: type[Bill] | type[Invoice] = Bill if kind is SourceKind.BILL else Invoice
    party = "vendor" if kind is SourceKind.BILL else "customer"
    rows = model.objects.select_related(party, "project", "contract", "approved_by")
    found: Bill | Invoice | None = rows.filter(public_id=public_id).first()
    return found


def keys(kind: SourceKind, public_ids: list[UUID]) -> dict[UUID, tuple[int, str]]:
    """Key and number of each of these documents; those of other tenants are not among them."""
    model: type[Bill] | type[Invoice] = Bill if kind is SourceKind.BILL else Invoice
    rows = model.objects.filter(public_id__in=public_ids).values_list("public_id", "id", "number")
    return {public_id: (pk, number) for public_id, pk, number in rows}


def _kinds(wanted: DocumentFilter) -> list[SourceKind]:
    return [wanted.kind] if wanted.kind else [SourceKind.BILL, SourceKind.INVOICE]


def _rows(kind: SourceKind, wanted: DocumentFilter) -> "QuerySet[Any, dict[str, Any]]":
    model: type[Bill] | type[Invoice] = Bill if kind is SourceKind.BILL else Invoice
    party = "vendor" if kind is SourceKind.BILL else "customer"
    rows = model.objects.all()
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.text:
        rows = rows.filter(
            Q(number__icontains=wanted.text)
            | Q(**{f"{party}__name__icontains": wanted.text})
            | Q(project__name__icontains=wanted.text)
        )
    return rows.values(
        *_COLUMNS,
        kind=Value(kind.value),
        party_name=F(f"{party}__name"),
        project_name=F("project__name"),
        document_date=F("bill_date" if kind is SourceKind.BILL else "invoice_date"),
    )
