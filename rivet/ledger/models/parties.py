"""Who owes us and whom we owe."""

from django.db import models
from django.db.models.functions import Lower

from rivet.tenants.fields import TenantModel


class Party(TenantModel):
    """A firm and how to reach it. Archived instead of deleted: documents name it for ever."""

    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=60, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=60, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Customer(Party):
    """A general contractor or owner who pays us."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "tenant", Lower("name"), condition=models.Q(archived_at=None), name="customer_name_once"
            )
        ]


class Vendor(Party):
    """A supplier or subcontractor whom we pay."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "tenant", Lower("name"), condition=models.Q(archived_at=None), name="vendor_name_once"
            )
        ]
