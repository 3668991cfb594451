"""Tenants, the people in them, and the record of what they did."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from rivet.tenants.fields import EventModel, RivetNow, TenantModel
from rivet.tenants.identity import uuid7
from rivet.tenants.plans import TERMS, Plan
from rivet.tenants.roles import LABELS, Role


class Tenant(models.Model):
    """One contractor's firm. ``slug`` is its place in every URL."""

    public_id = models.UUIDField(default=uuid7, editable=False, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    plan = models.CharField(
        max_length=20, default=Plan.STARTER, choices=[(plan.value, TERMS[plan].label) for plan in Plan]
    )
    time_zone = models.CharField(max_length=60, default="America/New_York")
    currency = models.CharField(max_length=3, default="USD")
    created_at = models.DateTimeField(db_default=RivetNow(), editable=False)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address. ``is_staff`` means Rivet's support and nothing else."""

    public_id = models.UUIDField(default=uuid7, editable=False, unique=True)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=RivetNow(), editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email


class Membership(models.Model):
    """A person's place in a tenant. Ending it is a deletion; the audit record keeps who was there when."""

    public_id = models.UUIDField(default=uuid7, editable=False, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, LABELS[role]) for role in Role])
    created_at = models.DateTimeField(db_default=RivetNow(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.tenant_id}"


class Invitation(TenantModel):
    """An e-mail asking someone to join; the link carries a signed reference, so no token is stored."""

    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=20, choices=[(role.value, LABELS[role]) for role in Role])
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "tenant",
                Lower("email"),
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_once",
            )
        ]

    def __str__(self) -> str:
        return self.email


class AuditEvent(EventModel):
    """Who did what to what, with before and after. The application may insert and read these rows, nothing else."""

    #: Null when Rivet itself acted (a task, a provider's answer).
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=254)
    act = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    subject_label = models.CharField(max_length=254, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "-created_at", "-id"], name="audit_newest")]

    def __str__(self) -> str:
        return f"{self.act} {self.subject_kind}"
