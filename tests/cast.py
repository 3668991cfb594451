"""The people and firms of the tests: Alice owns, Bob keeps books, Sam supports, Charlie is a stranger."""

from django.db import connection

from rivet.tenants.context import set_local, tenant_transaction
from rivet.tenants.models import Membership, Tenant, User
from rivet.tenants.plans import Plan
from rivet.tenants.roles import Role


def a_person(name: str = "alice", *, is_staff: bool = False) -> User:
    set_local("rivet.signing_in", "on")
    person = User.objects.create_user(f"{name}@example.com", name=name.title(), is_staff=is_staff)
    set_local("rivet.signing_in", "")
    return person


def a_tenant(slug: str = "northside", *, name: str = "", plan: Plan = Plan.PRO) -> Tenant:
    """The policy asks that the tenant being served is the one that is made, so its key is taken first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('tenants_tenant', 'id'))")
        (key,) = cursor.fetchone()
    with tenant_transaction(key):
        made: Tenant = Tenant.objects.create(id=key, slug=slug, name=name or slug.title(), plan=plan.value)
    return made


def a_member(tenant: Tenant, person: User, role: Role = Role.OWNER) -> User:
    with tenant_transaction(tenant.pk):
        Membership.objects.create(tenant=tenant, user=person, role=role.value)
    return person
