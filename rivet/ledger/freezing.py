"""From live rows to snapshots."""

from rivet.ledger.models import Bill, Customer, Invoice, Project, Vendor
from rivet.ledger.snapshots import (
    BillLine,
    BillSnapshot,
    InvoiceLine,
    InvoiceSnapshot,
    PartyRef,
    PartySnapshot,
    PostingMode,
    Purpose,
    SourceKind,
)


def snapshot_party(party: Customer | Vendor) -> PartySnapshot:
    return PartySnapshot(
        kind=_kind(party),
        id=party.pk,
        public_id=str(party.public_id),
        name=party.name,
        email=party.email,
        phone=party.phone,
        street=party.street,
        city=party.city,
        state=party.state,
        postal_code=party.postal_code,
        country=party.country,
    )


def snapshot_invoice(invoice: Invoice, *, default_mode: PostingMode) -> InvoiceSnapshot:
    """Lines on which nothing happened in the period are left out; the continuation sheet keeps them."""
    chosen = invoice.contract.posting_mode if invoice.contract else ""
    return InvoiceSnapshot(
        id=invoice.pk,
        public_id=str(invoice.public_id),
        number=invoice.number,
        customer=_ref(invoice.customer),
        project=_name(invoice.project),
        project_id=invoice.project_id,
        invoice_date=invoice.invoice_date,
        due_date=invoice.due_date,
        currency=invoice.currency,
        memo=invoice.memo,
        purpose=Purpose(invoice.purpose),
        posting_mode=PostingMode(chosen) if chosen else default_mode,
        lines=tuple(
            InvoiceLine(description=line.description, work=line.work, retainage=line.retainage, tag=line.tag)
            for line in invoice.lines.order_by("position")
            if line.work or line.retainage
        ),
    )


def snapshot_bill(bill: Bill) -> BillSnapshot:
    project: Project | None = bill.project
    return BillSnapshot(
        id=bill.pk,
        public_id=str(bill.public_id),
        number=bill.number,
        vendor=_ref(bill.vendor),
        project=_name(project),
        project_id=bill.project_id,
        bill_date=bill.bill_date,
        due_date=bill.due_date,
        currency=bill.currency,
        memo=bill.memo,
        purpose=Purpose(bill.purpose),
        lines=tuple(
            BillLine(description=line.description, amount=line.amount, retainage=line.retainage, tag=line.tag)
            for line in bill.lines.order_by("position")
            if line.amount or line.retainage
        ),
        customer=_ref(project.customer) if project else None,
    )


def _kind(party: Customer | Vendor) -> SourceKind:
    return SourceKind.CUSTOMER if isinstance(party, Customer) else SourceKind.VENDOR


def _ref(party: Customer | Vendor) -> PartyRef:
    return PartyRef(kind=_kind(party), id=party.pk, name=party.name)


def _name(project: Project | None) -> str:
    return str(project) if project else ""
