"""The retainage sub-ledger: every movement, never changed."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from rivet.ledger.models.bills import Bill
from rivet.ledger.models.columns import money, only, word
from rivet.ledger.models.contracts import Contract, Side, SovLine
from rivet.ledger.models.invoices import Invoice
from rivet.ledger.models.parties import Customer, Vendor
from rivet.ledger.models.projects import Project
from rivet.tenants.fields import TenantForeignKey, TenantModel


class EntryKind(StrEnum):
    WITHHELD = "withheld"
    RELEASED = "released"
    #: Given back inside an application because the rate was reduced on everything to date.
    RATE_CHANGE = "rate_change"
    #: The cents between line by line and the rounded total.
    ROUNDING = "rounding"
    #: Undoes the entries of a voided or re-approved document.
    REVERSAL = "reversal"


class RetainageEntry(TenantModel):
    """A signed movement: positive is withheld, negative given back. The application may insert and read only."""

    side = word(Side)
    kind = word(EntryKind)
    customer = TenantForeignKey(Customer, null=True, related_name="+")
    vendor = TenantForeignKey(Vendor, null=True, related_name="+")
    project = TenantForeignKey(Project, null=True, related_name="+")
    contract = TenantForeignKey(Contract, null=True, related_name="retainage_entries")
    sov_line = TenantForeignKey(SovLine, null=True, related_name="+")
    invoice = TenantForeignKey(Invoice, null=True, related_name="retainage_entries")
    bill = TenantForeignKey(Bill, null=True, related_name="retainage_entries")
    amount = money()
    effective_date = models.DateField()

    class Meta:
        verbose_name_plural = "retainage entries"
        constraints = [
            only("side", Side, name="retainage_side_known"),
            only("kind", EntryKind, name="retainage_kind_known"),
            models.CheckConstraint(
                condition=Q(side=Side.RECEIVABLE.value, customer__isnull=False, vendor__isnull=True, bill__isnull=True)
                | Q(side=Side.PAYABLE.value, customer__isnull=True, vendor__isnull=False, invoice__isnull=True),
                name="retainage_side_has_its_party",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "contract"], name="retainage_by_contract"),
            models.Index(fields=["tenant", "customer", "project"], name="retainage_by_customer"),
            models.Index(fields=["tenant", "vendor", "project"], name="retainage_by_vendor"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
