"""Frozen content."""

from django.db import models

from rivet.ledger.snapshots import SourceKind
from rivet.tenants.fields import TenantModel


class Revision(TenantModel):
    """The frozen content of one source at one approval; ``snapshot`` is ``snapshots.to_json``."""

    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in SourceKind])
    source_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    snapshot = models.JSONField()
    frozen_by = models.ForeignKey("tenants.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "source_id", "number"], name="revision_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id} revision {self.number}"
