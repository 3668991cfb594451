"""Theirs beside ours: the mirror of their lists, the accounts chosen, and where our records stand."""

from django.db import models

from integrations.connections.models import Connection
from integrations.ports import AccountUse, ListKind, MappingRole, Role
from rivet.tenants.fields import RivetNow, TenantForeignKey, TenantModel


class MirrorRecord(TenantModel):
    """One row of one of their lists as last seen."""

    connection = TenantForeignKey(Connection, related_name="mirror")
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in ListKind])
    external_id = models.CharField(max_length=80)
    name = models.CharField(max_length=500)
    code = models.CharField(max_length=50, blank=True)
    is_active = models.BooleanField(default=True)
    parent_id = models.CharField(max_length=80, blank=True)
    parent_name = models.CharField(max_length=500, blank=True)
    use = models.CharField(max_length=30, blank=True, choices=[(use.value, use.value) for use in AccountUse])
    their_type = models.CharField(max_length=120, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    version = models.CharField(max_length=60, blank=True)
    seen_at = models.DateTimeField(db_default=RivetNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "connection", "kind", "external_id"], name="mirror_record_once")
        ]

    def __str__(self) -> str:
        return self.name


class AccountMapping(TenantModel):
    """The account of theirs that serves one role, confirmed by a person."""

    connection = TenantForeignKey(Connection, related_name="account_mappings")
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in MappingRole])
    external_id = models.CharField(max_length=80)
    #: QuickBooks: the Service item that posts to the account; empty until the item is in the books.
    item_id = models.CharField(max_length=80, blank=True)
    chosen_by = models.ForeignKey("tenants.User", on_delete=models.PROTECT, null=True, related_name="+")
    chosen_at = models.DateTimeField(db_default=RivetNow())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "connection", "role"], name="account_mapping_once")]

    def __str__(self) -> str:
        return self.role


class Link(TenantModel):
    """A record of ours and the record of theirs it stands as."""

    connection = TenantForeignKey(Connection, related_name="links")
    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])
    external_id = models.CharField(max_length=80)
    version = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=100, blank=True)
    line_ids = models.JSONField(default=list)
    sent_hash = models.CharField(max_length=64, blank=True)
    our_total = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    their_total = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    #: Voided by us or gone from the books.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "connection", "source_kind", "source_id", "role"],
                condition=models.Q(ended_at=None),
                name="link_live_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.external_id}"
