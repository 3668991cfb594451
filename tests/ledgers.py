"""Builders of ledger rows for the tenant being served."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal as D
from typing import Any

from rivet.ledger import drafts
from rivet.ledger.applications import PeriodWork
from rivet.ledger.approval import approve
from rivet.ledger.models import (
    Bill,
    Contract,
    Customer,
    Invoice,
    Project,
    RetainageTerms,
    Revision,
    SovLine,
    Vendor,
)
from rivet.ledger.models.contracts import Side
from rivet.ledger.rules.lines import LineValues
from rivet.ledger.snapshots import PostingMode, SourceKind
from rivet.tenants.context import current_tenant_id

DAY = date(2026, 10, 31)
DUE = date(2026, 11, 30)


def a_customer(name: str = "Harbor General") -> Customer:
    made: Customer = Customer.objects.create(tenant_id=current_tenant_id(), name=name)
    return made


def a_vendor(name: str = "Hanson Concrete") -> Vendor:
    made: Vendor = Vendor.objects.create(tenant_id=current_tenant_id(), name=name)
    return made


def a_project(customer: Customer | None = None, *, number: str = "J-101", name: str = "Pier 9") -> Project:
    made: Project = Project.objects.create(
        tenant_id=current_tenant_id(), customer=customer or a_customer(), number=number, name=name
    )
    return made


def a_contract(
    *values: str, project: Project | None = None, changes: Sequence[tuple[str, str]] = (), **terms: Any
) -> Contract:
    """With the customer; one line per value, one per (change order, value), 10 % unless ``terms`` say otherwise."""
    job = project or a_project()
    original = [D(each) for each in values]
    contract: Contract = Contract.objects.create(
        tenant_id=job.tenant_id,
        side=Side.RECEIVABLE.value,
        customer=job.customer,
        project=job,
        title="Electrical",
        original_sum=sum(original, D(0)),
    )
    agreed: dict[str, Any] = {"work_rate": D(10), "stored_rate": D(10)} | terms
    RetainageTerms.objects.create(tenant_id=job.tenant_id, contract=contract, **agreed)
    for value in original:
        a_sov_line(contract, value)
    for order, changed in changes:
        a_sov_line(contract, D(changed), change_order=order)
    return contract


def a_sov_line(contract: Contract, value: D, *, change_order: str = "") -> SovLine:
    position = contract.lines.count() + 1
    made: SovLine = SovLine.objects.create(
        tenant_id=contract.tenant_id,
        contract=contract,
        position=position,
        description=f"Line {position}",
        value=value,
        change_order=change_order,
    )
    return made


def an_application(contract: Contract, number: int, this_period: Sequence[str], stored: Sequence[str] = ()) -> Invoice:
    """A draft; amounts per line of the schedule of values."""
    lines = list(contract.lines.order_by("position"))
    padded = [*stored, *["0"] * (len(lines) - len(stored))]
    entered = {
        line.pk: PeriodWork(this_period=D(done), stored=D(kept))
        for line, done, kept in zip(lines, this_period, padded, strict=True)
    }
    invoice = Invoice(
        tenant_id=contract.tenant_id,
        customer=contract.customer,
        project=contract.project,
        contract=contract,
        application_number=number,
        number=f"PA{number}",
        invoice_date=DAY,
        due_date=DUE,
        currency="USD",
    )
    return drafts.write_application(invoice, entered=entered, actor=None)


def a_release(contract: Contract, amount: str, *, number: str = "PA12-RET") -> Invoice:
    invoice = Invoice(
        tenant_id=contract.tenant_id,
        customer=contract.customer,
        project=contract.project,
        contract=contract,
        number=number,
        invoice_date=DAY,
        due_date=DUE,
        currency="USD",
    )
    return drafts.write_release(invoice, amount=D(amount), actor=None)


def a_bill(
    vendor: Vendor | None = None,
    *lines: tuple[str, str],
    number: str = "INV-88",
    project: Project | None = None,
    **fields: Any,
) -> Bill:
    """A draft; lines as (amount, retainage)."""
    bill = Bill(
        tenant_id=current_tenant_id(),
        vendor=vendor or a_vendor(),
        project=project,
        number=number,
        bill_date=DAY,
        due_date=DUE,
        currency="USD",
        **fields,
    )
    values = [
        LineValues(description=f"Line {index}", amount=D(amount), retainage=D(retainage))
        for index, (amount, retainage) in enumerate(lines or [("25000.00", "2500.00")], start=1)
    ]
    return drafts.write_bill(bill, lines=values, actor=None)


def approved(document: Invoice | Bill) -> Revision:
    kind = SourceKind.INVOICE if isinstance(document, Invoice) else SourceKind.BILL
    return approve(kind=kind, document_id=document.pk, actor=None, default_mode=PostingMode.NEGATIVE_LINE)
