"""What bills and invoices have in common."""

from enum import StrEnum

from django.db import models

from rivet.ledger.models.columns import LONGEST_MEMO, money, word
from rivet.ledger.models.contracts import Contract
from rivet.ledger.models.projects import Project
from rivet.ledger.snapshots import Purpose
from rivet.tenants.fields import TenantForeignKey, TenantModel


class DocumentStatus(StrEnum):
    """Where a document stands in Rivet; where it stands in the books is the outbox's to say."""

    DRAFT = "draft"
    APPROVED = "approved"
    #: Approved before and being changed: the next approval makes the next revision. Cannot be deleted.
    REOPENED = "reopened"
    VOID = "void"


#: May be changed and approved.
EDITABLE = (DocumentStatus.DRAFT, DocumentStatus.REOPENED)


class Document(TenantModel):
    """Totals are kept with the document so that lists need one query; approval and drafts write them with the lines."""

    project = TenantForeignKey(Project, null=True, blank=True, related_name="+")
    contract = TenantForeignKey(Contract, null=True, blank=True, related_name="+")
    number = models.CharField(max_length=100)
    purpose = word(Purpose, default=Purpose.PROGRESS)
    status = word(DocumentStatus, default=DocumentStatus.DRAFT)
    due_date = models.DateField()
    currency = models.CharField(max_length=3)
    memo = models.TextField(blank=True, max_length=LONGEST_MEMO)
    #: Gross, before retainage.
    gross = money()
    #: Withheld by this document; negative when it gives retainage back.
    retainage = money()
    #: Gross less retainage: what is owed now.
    net = money()
    paid = money()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey("tenants.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    @property
    def is_release(self) -> bool:
        return bool(self.purpose == Purpose.RELEASE)
