"""Who can sign in to the demo, and which firms there are."""

from dataclasses import dataclass

from django.db import connection, transaction

from rivet.pages import addresses
from rivet.tenants.context import serving, set_local
from rivet.tenants.models import Membership, Tenant, User
from rivet.tenants.plans import Plan
from rivet.tenants.roles import Role

#: Printed at every start of the demo, which runs on the machine of whoever reads it.
PASSWORD = "rivet-demo-2026"  # noqa: S105 - the demo's sign-in, meant to be known


@dataclass(frozen=True, kw_only=True)
class Person:
    name: str
    note: str
    is_staff: bool = False

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@example.com"


ALICE = Person(name="Alice", note="owns Northside Electric")
BOB = Person(name="Bob", note="keeps its books")
CHARLIE = Person(name="Charlie", note="owns Lakeview Plumbing, a stranger to Northside")
SAM = Person(name="Sam", note="is Rivet's support", is_staff=True)
PEOPLE = (ALICE, BOB, CHARLIE, SAM)


@dataclass(frozen=True, kw_only=True)
class FirmPlan:
    slug: str
    name: str
    plan: Plan
    members: tuple[tuple[Person, Role], ...]


NORTHSIDE = FirmPlan(
    slug="northside",
    name="Northside Electric",
    plan=Plan.PRO,
    members=((ALICE, Role.OWNER), (BOB, Role.BOOKKEEPER)),
)
LAKEVIEW = FirmPlan(slug="lakeview", name="Lakeview Plumbing", plan=Plan.STARTER, members=((CHARLIE, Role.OWNER),))


def person(wanted: Person) -> User:
    """The person's account, made when it is missing."""
    with transaction.atomic():
        set_local("rivet.signing_in", "on")
        found: User | None = User.objects.filter(email=wanted.email).first()
        if found is None:
            found = User.objects.create_user(wanted.email, PASSWORD, name=wanted.name, is_staff=wanted.is_staff)
            addresses.proven(found)
        return found


def firm(wanted: FirmPlan) -> tuple[Tenant, bool]:
    """The firm with its members, and whether it was made just now."""
    owner = person(wanted.members[0][0])
    with transaction.atomic():
        set_local("rivet.user_id", str(owner.pk))
        standing = Membership.objects.select_related("tenant").filter(user=owner, tenant__slug=wanted.slug).first()
        if standing:
            return standing.tenant, False
        return _open(wanted), True


def _open(wanted: FirmPlan) -> Tenant:
    """Its key is drawn first: the database wants to know whose rows are coming before it takes any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('tenants_tenant', 'id'))")
        (key,) = cursor.fetchone()
    with serving(key):
        tenant: Tenant = Tenant.objects.create(pk=key, slug=wanted.slug, name=wanted.name, plan=wanted.plan.value)
        for member, role in wanted.members:
            Membership.objects.create(tenant=tenant, user=person(member), role=role.value)
    return tenant
