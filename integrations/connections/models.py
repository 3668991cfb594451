"""Grants hold tokens; connections are the companies those tokens open."""

from enum import StrEnum

from django.db import models

from integrations.registry import LISTINGS
from rivet.ledger.snapshots import PostingMode
from rivet.tenants.fields import RivetNow, TenantForeignKey, TenantModel


class Status(StrEnum):
    """The four words a connection's card shows."""

    CONNECTED = "connected"
    NEEDS_REAUTHORIZATION = "needs_reauthorization"
    DISCONNECTED = "disconnected"
    ERROR = "error"


class FactKind(StrEnum):
    """What happened down here that waiting entries may care about; ``sync`` reads the rows and releases them."""

    RECONNECTED = "reconnected"
    DISCONNECTED = "disconnected"
    ACCESS_LOST = "access_lost"
    MAPPING_SAVED = "mapping_saved"
    RECORD_REACTIVATED = "record_reactivated"
    LOCK_DATE_MOVED = "lock_date_moved"
    PARTY_LINKED = "party_linked"
    LISTS_REFRESHED = "lists_refreshed"
    PAUSE_CHANGED = "pause_changed"
    PLAN_CHANGED = "plan_changed"


def _providers() -> list[tuple[str, str]]:
    return [(listing.slug, listing.name) for listing in LISTINGS.values()]


class Grant(TenantModel):
    """What one person let Rivet do at one provider. Several connections may hang on it."""

    provider = models.CharField(max_length=20, choices=_providers)
    #: Who consented, as the provider names them.
    subject = models.CharField(max_length=80)
    #: AES-GCM over the tokens, bound to tenant and grant; see ``vault``. Empty once revoked.
    sealed_tokens = models.BinaryField(default=bytes)
    key_version = models.PositiveSmallIntegerField(default=0)
    #: Rises with every stored token pair: a refresh that started from an older one may not overwrite it.
    generation = models.PositiveIntegerField(default=0)
    access_expires_at = models.DateTimeField(null=True)
    refresh_expires_at = models.DateTimeField(null=True)
    hard_expires_at = models.DateTimeField(null=True)
    #: The nearest of the days before ``hard_expires_at`` at which people were told.
    warned_days = models.PositiveSmallIntegerField(null=True)
    scopes = models.JSONField(default=list)
    #: The refresh lock: who is refreshing since when. Stealable after a minute.
    refreshing_since = models.DateTimeField(null=True)
    refreshing_by = models.UUIDField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "provider", "subject"], name="grant_once")]

    def __str__(self) -> str:
        return f"{self.provider} grant {self.public_id}"


class Connection(TenantModel):
    """One accounting company. Links and mapping hang on it and survive disconnecting."""

    provider = models.CharField(max_length=20, choices=_providers)
    grant = TenantForeignKey(Grant, null=True, related_name="connections")
    #: Realm id or Xero tenant id.
    external_id = models.CharField(max_length=80)
    #: Xero's own id of the connection, needed to end it there.
    external_connection_id = models.CharField(max_length=80, blank=True)
    #: The API host it was made against; sending stops when the settings say another.
    host = models.CharField(max_length=200)
    company_name = models.CharField(max_length=200)
    country = models.CharField(max_length=10, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    closed_until = models.DateField(null=True)
    #: The provider's switches, as ``Company.settings``.
    settings = models.JSONField(default=dict)
    status = models.CharField(max_length=30, default=Status.CONNECTED, choices=[(s.value, s.value) for s in Status])
    #: Catalogue code and detail of what is wrong, empty when nothing is.
    problem_code = models.CharField(max_length=10, blank=True)
    problem_detail = models.TextField(blank=True)
    is_default = models.BooleanField(default=False)
    posting_mode = models.CharField(
        max_length=20, default=PostingMode.NEGATIVE_LINE, choices=[(m.value, m.value) for m in PostingMode]
    )
    connected_by = models.ForeignKey("tenants.User", on_delete=models.PROTECT, null=True, related_name="+")
    connected_at = models.DateTimeField(db_default=RivetNow())
    disconnected_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    lists_refreshed_at = models.DateTimeField(null=True)
    last_posted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "provider", "external_id"], name="connection_company_once"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_default=True), name="connection_default_once"
            ),
        ]

    def __str__(self) -> str:
        return self.company_name

    @property
    def provider_name(self) -> str:
        return LISTINGS[self.provider].name


class CompanyAddress(models.Model):
    """Which tenant a company belongs to, over all tenants: the dispatcher may read it, nobody else."""

    tenant = models.ForeignKey("tenants.Tenant", on_delete=models.PROTECT, related_name="+", db_index=False)
    connection = TenantForeignKey(Connection, related_name="+")
    provider = models.CharField(max_length=20)
    environment = models.CharField(max_length=200)
    external_id = models.CharField(max_length=80)
    #: Who consented, as ``Grant.subject``: revoking it would end the consent for every tenant that hangs on it.
    subject = models.CharField(max_length=80)

    class Meta:
        constraints = [
            # A company linked to one tenant is refused to every other.
            models.UniqueConstraint(fields=["provider", "environment", "external_id"], name="company_has_one_tenant")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.external_id}"


class ProjectConnection(TenantModel):
    """The books of one project, where they are not the tenant's default."""

    project = TenantForeignKey("ledger.Project", related_name="+")
    connection = TenantForeignKey(Connection, related_name="projects")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "project"], name="project_has_one_connection")]

    def __str__(self) -> str:
        return f"project {self.project_id} in {self.connection_id}"


class Fact(TenantModel):
    """Something that happened to a connection which may free waiting entries."""

    connection = TenantForeignKey(Connection, related_name="facts")
    kind = models.CharField(max_length=30, choices=[(kind.value, kind.value) for kind in FactKind])
    #: What exactly, e.g. a mapping role or a party; kinds document theirs where they are written.
    subject = models.CharField(max_length=120, blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "connection", "id"], condition=models.Q(read_at=None), name="fact_unread")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}".strip()
