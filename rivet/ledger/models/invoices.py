"""Progress invoices (applications for payment) and invoices that ask for retainage back."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from rivet.ledger.models.columns import money, only, optional_percent
from rivet.ledger.models.contracts import SovLine
from rivet.ledger.models.documents import Document, DocumentStatus
from rivet.ledger.models.parties import Customer
from rivet.ledger.snapshots import Purpose
from rivet.tenants.fields import TenantForeignKey, TenantModel


class Invoice(Document):
    customer = TenantForeignKey(Customer, related_name="invoices")
    #: Set for applications under a contract: 1, 2, 3 …
    application_number = models.PositiveIntegerField(null=True, blank=True)
    period_end_date = models.DateField(null=True, blank=True)
    invoice_date = models.DateField()
    #: Lines 1 to 9 of the payment form as they were when the application was last computed.
    summary = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "tenant", Lower("number"), condition=~Q(status=DocumentStatus.VOID.value), name="invoice_number_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "contract", "application_number"],
                condition=~Q(status=DocumentStatus.VOID.value),
                name="application_once",
            ),
            models.CheckConstraint(
                condition=Q(net=models.F("gross") - models.F("retainage")), name="invoice_net_is_gross_less_retainage"
            ),
            only("status", DocumentStatus, name="invoice_status_known"),
            only("purpose", Purpose, name="invoice_purpose_known"),
        ]
        indexes = [models.Index(fields=["tenant", "-invoice_date", "-id"], name="invoice_newest")]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(TenantModel):
    """One line. Under a contract ``work`` and ``retainage`` are computed from the columns of the continuation sheet."""

    invoice = TenantForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    sov_line = TenantForeignKey(SovLine, null=True, blank=True, related_name="+")
    description = models.CharField(max_length=500)
    tag = models.CharField(max_length=80, blank=True)
    #: Column D: completed in previous applications.
    previous = money()
    #: Column E: completed this period.
    this_period = money()
    #: Column F: materials presently stored.
    stored = money()
    work = money()
    #: R of the period; the sum of withheld, rate change and rounding.
    retainage = money()
    rate_change = money()
    rounding = money()
    #: Standing after this application, from which the next one starts (``rules.application.Standing``).
    retainage_to_date = money()
    rounding_to_date = money()
    anchor_completed = money()
    anchor_stored = money()
    anchor_retainage = money()
    work_rate = optional_percent()
    stored_rate = optional_percent()
    is_reduced = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "invoice", "position"], name="invoice_line_position_once")
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def gross_to_date(self) -> Decimal:
        """Column G: completed and stored to date."""
        return self.previous + self.this_period + self.stored
