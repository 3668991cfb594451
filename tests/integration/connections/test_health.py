from collections.abc import Callable

import pytest

from integrations.connections import health
from integrations.connections.models import Connection, Fact, FactKind, Status
from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import AuditEvent
from tests.firms import Firm

Build = Callable[..., Connection]


def facts(firm: Firm) -> list[tuple[str, str]]:
    with tenant_transaction(firm.tenant.pk):
        return list(Fact.objects.order_by("id").values_list("kind", "subject"))


def now(firm: Firm, connection: Connection) -> Connection:
    with tenant_transaction(firm.tenant.pk):
        fresh: Connection = Connection.objects.get(pk=connection.pk)
    return fresh


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("CON-01", Status.NEEDS_REAUTHORIZATION),
        ("CON-02", Status.NEEDS_REAUTHORIZATION),
        ("CON-03", Status.NEEDS_REAUTHORIZATION),
        ("CON-05", Status.ERROR),
        ("CON-06", Status.NEEDS_REAUTHORIZATION),
        ("CON-08", Status.ERROR),
        ("CON-10", Status.ERROR),
    ],
)
def test_lost_access_says_what_would_mend_it(firm: Firm, a_connection: Build, code: str, status: Status) -> None:
    connection = a_connection()

    with tenant_transaction(firm.tenant.pk):
        health.lost_access(connection.pk, code, "their words")

    after = now(firm, connection)
    assert (after.status, after.problem_code, after.problem_detail) == (status, code, "their words")


def test_the_same_loss_is_told_once(firm: Firm, a_connection: Build) -> None:
    connection = a_connection()

    for _ in range(3):
        with tenant_transaction(firm.tenant.pk):
            health.lost_access(connection.pk, "CON-01", "gone")

    assert facts(firm) == [(FactKind.ACCESS_LOST, "CON-01")]
    with tenant_transaction(firm.tenant.pk):
        assert AuditEvent.objects.filter(act="connection.access_lost").count() == 1


def test_a_disconnected_connection_loses_nothing_more(firm: Firm, a_connection: Build) -> None:
    connection = a_connection(status=Status.DISCONNECTED)

    with tenant_transaction(firm.tenant.pk):
        health.lost_access(connection.pk, "CON-01", "gone")

    assert now(firm, connection).status == Status.DISCONNECTED
    assert facts(firm) == []


def test_an_answered_call_mends_an_error_and_frees_what_waits(firm: Firm, a_connection: Build) -> None:
    connection = a_connection(status=Status.ERROR, problem_code="CON-05", problem_detail="unpaid")

    with tenant_transaction(firm.tenant.pk):
        health.worked(connection.pk)
        health.worked(connection.pk)

    after = now(firm, connection)
    assert (after.status, after.problem_code, after.problem_detail) == (Status.CONNECTED, "", "")
    assert facts(firm) == [(FactKind.RECONNECTED, "")]


def test_an_answered_call_does_not_sign_anyone_in_again(firm: Firm, a_connection: Build) -> None:
    connection = a_connection(status=Status.NEEDS_REAUTHORIZATION, problem_code="CON-01")

    with tenant_transaction(firm.tenant.pk):
        health.worked(connection.pk)

    assert now(firm, connection).status == Status.NEEDS_REAUTHORIZATION
