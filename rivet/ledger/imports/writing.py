"""Making rows of what a plan found good; a few statements whatever the number."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rivet.ledger import drafts
from rivet.ledger.imports.plans import DocumentDraft, Draft, PartyDraft, ProjectDraft
from rivet.ledger.models import Bill, BillLine, Customer, Invoice, InvoiceLine, Project, Vendor
from rivet.ledger.models.imports import ImportKind
from rivet.tenants.models import Tenant


def write(kind: ImportKind, good: Sequence[Draft], tenant: Tenant) -> None:
    """Insert everything; names and numbers taken meanwhile raise IntegrityError."""
    _WRITERS[kind](good, tenant)


def _write_parties(model: type[Customer] | type[Vendor], good: Sequence[Draft], tenant: Tenant) -> None:
    model.objects.bulk_create(
        model(
            tenant=tenant,
            name=draft.name,
            **{column.replace(" ", "_"): cell for column, cell in draft.contact.items()},
        )
        for draft in good
        if isinstance(draft, PartyDraft)
    )


def _write_vendors(good: Sequence[Draft], tenant: Tenant) -> None:
    _write_parties(Vendor, good, tenant)


def _write_customers(good: Sequence[Draft], tenant: Tenant) -> None:
    _write_parties(Customer, good, tenant)


def _write_projects(good: Sequence[Draft], tenant: Tenant) -> None:
    Project.objects.bulk_create(
        Project(
            tenant=tenant,
            number=draft.number,
            name=draft.name,
            customer_id=draft.customer_id,
            status=draft.status,
        )
        for draft in good
        if isinstance(draft, ProjectDraft)
    )


def _write_bills(good: Sequence[Draft], tenant: Tenant) -> None:
    pairs = [(_bill(draft, tenant), draft) for draft in good if isinstance(draft, DocumentDraft)]
    for bill, draft in pairs:
        drafts.set_totals(bill, draft.lines)
    Bill.objects.bulk_create([bill for bill, _ in pairs])
    BillLine.objects.bulk_create([row for bill, draft in pairs for row in drafts.bill_rows(bill, draft.lines)])


def _write_invoices(good: Sequence[Draft], tenant: Tenant) -> None:
    pairs = [(_invoice(draft, tenant), draft) for draft in good if isinstance(draft, DocumentDraft)]
    for invoice, draft in pairs:
        drafts.set_totals(invoice, draft.lines)
    Invoice.objects.bulk_create([invoice for invoice, _ in pairs])
    InvoiceLine.objects.bulk_create(
        [row for invoice, draft in pairs for row in drafts.invoice_rows(invoice, draft.lines)]
    )


def _bill(draft: DocumentDraft, tenant: Tenant) -> Bill:
    return Bill(vendor_id=draft.party_id, bill_date=draft.document_date, **_heading(draft, tenant))


def _invoice(draft: DocumentDraft, tenant: Tenant) -> Invoice:
    return Invoice(customer_id=draft.party_id, invoice_date=draft.document_date, **_heading(draft, tenant))


def _heading(draft: DocumentDraft, tenant: Tenant) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "number": draft.number,
        "project_id": draft.project_id,
        "due_date": draft.due_date,
        "memo": draft.memo,
        "currency": tenant.currency,
    }


_WRITERS: Mapping[ImportKind, Callable[[Sequence[Draft], Tenant], None]] = {
    ImportKind.VENDORS: _write_vendors,
    ImportKind.CUSTOMERS: _write_customers,
    ImportKind.PROJECTS: _write_projects,
    ImportKind.BILLS: _write_bills,
    ImportKind.INVOICES: _write_invoices,
}
