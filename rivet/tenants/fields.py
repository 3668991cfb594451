"""Model parts every tenant-owned table is made of."""

from typing import Any, TypeVar

from django.conf import settings
from django.db import models

from rivet.tenants.context import current_tenant_id
from rivet.tenants.identity import uuid7

M = TypeVar("M", bound=models.Model, covariant=True)


class RivetNow(models.Func):
    """``rivet_now()`` as an expression: column defaults and queries use the database's clock."""

    function = "rivet_now"
    arity = 0
    output_field = models.DateTimeField()


class NextEventId(models.Func):
    """The next number of the sequence that all partitioned tables share."""

    template = "nextval('rivet_event_id')"
    arity = 0
    output_field = models.BigIntegerField()


class TenantManager(models.Manager[M]):
    """Rows of the tenant being served, and of no other; raises NoTenantError outside ``tenant_transaction``."""

    def get_queryset(self) -> models.QuerySet[M]:
        rows = super().get_queryset()
        # Only the isolation tests switch this off, to prove that row-level security alone holds.
        if not settings.RIVET_ORM_TENANT_FILTER:
            return rows
        return rows.filter(tenant_id=current_tenant_id())


class TenantForeignKey(models.ForeignKey[Any, Any]):
    """A reference inside one tenant; ``ProtectTenantTable`` gives it a constraint over (tenant, id)."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs.setdefault("db_constraint", False)
        super().__init__(to, on_delete, **kwargs)


class TenantModel(models.Model):
    """A table with a tenant. Its migration must run ``ProtectTenantTable`` on it; a test looks."""

    tenant = models.ForeignKey("tenants.Tenant", on_delete=models.PROTECT, related_name="+", db_index=False)
    public_id = models.UUIDField(default=uuid7, editable=False, unique=True)
    created_at = models.DateTimeField(db_default=RivetNow(), editable=False)

    objects: TenantManager[Any] = TenantManager()

    class Meta:
        abstract = True


class EventModel(models.Model):
    """A row of a monthly partitioned, append-mostly table: key (created_at, id), no foreign key points at it."""

    pk = models.CompositePrimaryKey("created_at", "id")
    id = models.BigIntegerField(db_default=NextEventId(), editable=False)
    created_at = models.DateTimeField(db_default=RivetNow(), editable=False)
    tenant = models.ForeignKey("tenants.Tenant", on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: TenantManager[Any] = TenantManager()

    class Meta:
        abstract = True
