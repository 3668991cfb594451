"""The cast and their firms, made the way sign-up makes them: as the application, under row-level security."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.test import Client

from rivet.tenants.context import set_local, tenant_transaction
from rivet.tenants.models import Membership, Tenant, User
from rivet.tenants.plans import Plan
from rivet.tenants.roles import Role

PASSWORD = "a long enough sentence"


@dataclass(frozen=True, kw_only=True)
class Firm:
    tenant: Tenant
    owner: User


def a_person(name: str) -> User:
    """Someone with an account and no firm: Charlie, unless a membership is added."""
    with transaction.atomic():
        set_local("rivet.signing_in", "on")
        return User.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name)


def a_firm(slug: str = "ironwood", *, owner: User | None = None, plan: Plan = Plan.PRO) -> Firm:
    """A firm with its owner: Alice unless told otherwise."""
    owner = owner or a_person("Alice")
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('tenants_tenant_id_seq')")
        (tenant_id,) = cursor.fetchone()
    with tenant_transaction(tenant_id):
        tenant = Tenant.objects.create(id=tenant_id, slug=slug, name=slug.title(), plan=plan)
        Membership.objects.create(tenant=tenant, user=owner, role=Role.OWNER)
    return Firm(tenant=tenant, owner=owner)


def join(firm: Firm, person: User, role: Role) -> None:
    with tenant_transaction(firm.tenant.pk):
        Membership.objects.create(tenant=firm.tenant, user=person, role=role)


def signed_in(person: User) -> Client:
    """A browser in which ``person`` has signed in."""
    client = Client()
    with transaction.atomic():
        set_local("rivet.user_id", str(person.pk))
        client.force_login(person, backend="rivet.tenants.authentication.EmailBackend")
    return client
