"""Money that came in for an invoice or went out for a bill."""

from django.db import models
from django.db.models import Q

from rivet.ledger.models.bills import Bill
from rivet.ledger.models.columns import money
from rivet.ledger.models.invoices import Invoice
from rivet.tenants.fields import TenantForeignKey, TenantModel


class Payment(TenantModel):
    invoice = TenantForeignKey(Invoice, null=True, blank=True, related_name="payments")
    bill = TenantForeignKey(Bill, null=True, blank=True, related_name="payments")
    amount = money()
    paid_date = models.DateField()
    #: Check number or bank reference, as the person wrote it.
    reference = models.CharField(max_length=100, blank=True)
    recorded_by = models.ForeignKey("tenants.User", on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(invoice__isnull=False, bill__isnull=True) | Q(invoice__isnull=True, bill__isnull=False),
                name="payment_of_one_document",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
        ]
        indexes = [models.Index(fields=["tenant", "-paid_date", "-id"], name="payment_newest")]

    def __str__(self) -> str:
        return f"{self.amount} on {self.paid_date}"
