"""Uploaded files that wait for someone to look at the preview."""

from enum import StrEnum

from django.db import models

from rivet.ledger.models.columns import only, word
from rivet.tenants.fields import TenantModel


class ImportKind(StrEnum):
    VENDORS = "vendors"
    CUSTOMERS = "customers"
    PROJECTS = "projects"
    BILLS = "bills"
    INVOICES = "invoices"


class ImportBatch(TenantModel):
    """One uploaded file, read into rows of text. Nothing of it is in the ledger before ``confirmed_at``."""

    kind = word(ImportKind)
    file_name = models.CharField(max_length=200)
    #: ``[[line number, {column: text}], …]`` as read from the file.
    rows = models.JSONField(default=list)
    #: Lines that could not be read as rows at all: ``[[line number, reason], …]``.
    unreadable = models.JSONField(default=list)
    #: What was read differently than it stands in the file, e.g. another encoding: sentences.
    remarks = models.JSONField(default=list)
    uploaded_by = models.ForeignKey("tenants.User", on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    imported_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [only("kind", ImportKind, name="import_kind_known")]

    def __str__(self) -> str:
        return self.file_name
