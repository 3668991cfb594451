from collections.abc import Callable

from integrations.connections.models import Connection
from integrations.connections.routing import assign, connection_for, make_default
from rivet.ledger.models import Customer, Project
from rivet.tenants.context import tenant_transaction
from tests.firms import Firm, a_firm, a_person

Build = Callable[..., Connection]


def a_project(firm: Firm, number: str) -> int:
    """Call it in a transaction of the firm."""
    customer, _ = Customer.objects.get_or_create(tenant=firm.tenant, name="Harbor Point Builders")
    made = Project.objects.create(tenant=firm.tenant, customer=customer, number=number, name="Pier 7 Fit-out")
    return int(made.pk)


def test_without_books_a_document_goes_nowhere(firm: Firm) -> None:
    with tenant_transaction(firm.tenant.pk):
        assert connection_for(None) is None
        assert connection_for(a_project(firm, "7")) is None


def test_a_project_has_books_of_its_own_or_the_default(firm: Firm, a_connection: Build) -> None:
    default = a_connection(is_default=True)
    other = a_connection("xero", "9002")

    with tenant_transaction(firm.tenant.pk):
        own, plain = a_project(firm, "7"), a_project(firm, "8")
        assign(project_id=own, connection=other)

        assert connection_for(own) == other
        assert connection_for(plain) == default
        assert connection_for(None) == default

        assign(project_id=own, connection=None)
        assert connection_for(own) == default


def test_there_is_one_default(firm: Firm, a_connection: Build) -> None:
    first, second = a_connection(is_default=True), a_connection("quickbooks", "9002")

    with tenant_transaction(firm.tenant.pk):
        make_default(second)

        assert connection_for(None) == second
        assert list(Connection.objects.filter(is_default=True)) == [second]
        assert first in Connection.objects.all()


def test_another_firm_has_other_books(firm: Firm, a_connection: Build) -> None:
    a_connection(is_default=True)
    stranger = a_firm("charlies", owner=a_person("Charlie"))

    with tenant_transaction(stranger.tenant.pk):
        assert connection_for(None) is None
