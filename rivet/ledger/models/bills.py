"""Bills of suppliers and subcontractors, and bills that pay retainage out."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from rivet.ledger.models.columns import money, only
from rivet.ledger.models.documents import Document, DocumentStatus
from rivet.ledger.models.parties import Vendor
from rivet.ledger.snapshots import Purpose
from rivet.tenants.fields import TenantForeignKey, TenantModel


class Bill(Document):
    """``number`` is the vendor's own; two vendors may use the same one."""

    vendor = TenantForeignKey(Vendor, related_name="bills")
    bill_date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "tenant",
                "vendor",
                Lower("number"),
                condition=~Q(status=DocumentStatus.VOID.value),
                name="bill_number_once",
            ),
            models.CheckConstraint(
                condition=Q(net=models.F("gross") - models.F("retainage")), name="bill_net_is_gross_less_retainage"
            ),
            only("status", DocumentStatus, name="bill_status_known"),
            only("purpose", Purpose, name="bill_purpose_known"),
        ]
        indexes = [models.Index(fields=["tenant", "-bill_date", "-id"], name="bill_newest")]

    def __str__(self) -> str:
        return self.number


class BillLine(TenantModel):
    """A cost and what is withheld from it. A back-charge is a negative amount, a release a negative retainage."""

    bill = TenantForeignKey(Bill, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    description = models.CharField(max_length=500)
    amount = money()
    retainage = money()
    tag = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "bill", "position"], name="bill_line_position_once")]

    def __str__(self) -> str:
        return self.description
