"""Jobs."""

from enum import StrEnum

from django.db import models
from django.db.models.functions import Lower

from rivet.ledger.models.columns import only, word
from rivet.ledger.models.parties import Customer
from rivet.tenants.fields import TenantForeignKey, TenantModel


class ProjectStatus(StrEnum):
    ACTIVE = "active"
    COMPLETE = "complete"
    CLOSED = "closed"


class Project(TenantModel):
    """One job for one customer. ``number`` is how the firm names it on paper."""

    customer = TenantForeignKey(Customer, related_name="projects")
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    status = word(ProjectStatus, default=ProjectStatus.ACTIVE)

    class Meta:
        constraints = [
            models.UniqueConstraint("tenant", Lower("number"), name="project_number_once"),
            only("status", ProjectStatus, name="project_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
