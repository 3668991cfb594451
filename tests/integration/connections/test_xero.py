"""What is different where one consent serves many companies: Xero's."""

import itertools
import re
from typing import Any

import pytest

from integrations import registry
from integrations.connections import connect, grants, health
from integrations.connections.connect import Choice, ConnectRefusedError
from integrations.connections.disconnect import disconnect
from integrations.connections.models import Connection, Grant, Status
from integrations.ports import AccessLostError, GrantLostError
from rivet import clock
from rivet.tenants.context import tenant_transaction
from tests.firms import Firm, a_firm, a_person
from tests.integration.connections.conftest import at_once, expire, refreshes
from tests.integration.connections.consenting import Person, decide
from tests.sandbox.running import Running


def fresh(connection: Connection) -> Connection:
    with tenant_transaction(connection.tenant_id):
        found: Connection = Connection.objects.get(pk=connection.pk)
    return found


def company_name(connection: Connection) -> str:
    return grants.using(connection, lambda access: registry.provider("xero").company(access).name)


@pytest.fixture
def pair(alice: Person, vendors: Running) -> tuple[Connection, Connection]:
    """Two organisations that Alice connected one after the other."""
    first, second = (alice.connects("xero", vendors.company("xero")) for _ in range(2))
    return first, second


def test_two_organisations_hang_on_one_grant(pair: tuple[Connection, Connection], firm: Firm) -> None:
    first, second = pair

    assert first.grant_id == second.grant_id
    with tenant_transaction(firm.tenant.pk):
        assert Grant.objects.count() == 1
    assert company_name(first)
    assert company_name(second)


def test_one_expiry_of_two_connections_is_one_request(pair: tuple[Connection, Connection], vendors: Running) -> None:
    first, second = pair
    expire(first)
    before = refreshes(vendors)

    tokens = {grants.access(first).access_token, grants.access(second).access_token}

    assert len(tokens) == 1
    assert refreshes(vendors) == before + 1


def test_a_storm_over_both_connections_costs_one_token_request(
    pair: tuple[Connection, Connection], vendors: Running
) -> None:
    expire(pair[0])
    before = refreshes(vendors)
    turns = itertools.cycle(pair)

    tokens = at_once(40, lambda: grants.access(next(turns)).access_token)

    assert refreshes(vendors) == before + 1
    assert len(set(tokens)) == 1


def test_a_rotated_token_whose_answer_was_lost_is_used_again(
    pair: tuple[Connection, Connection], vendors: Running
) -> None:
    expire(pair[0])
    registry.consenter("xero").refresh(grants.tokens_of(pair[0]), now=clock.now())

    assert company_name(pair[0])
    assert fresh(pair[0]).status == Status.CONNECTED


def test_a_consent_for_several_asks_which(alice: Person, vendors: Running) -> None:
    here, there = vendors.company("xero"), vendors.company("xero")

    asked = alice.consents("xero", here, there)

    assert isinstance(asked, Choice)
    assert {each.external_id for each in asked.companies} == {here, there}
    tenant = alice.firm.tenant
    kept = connect.choice(alice.session, tenant=tenant, reference=asked.reference)
    assert kept == asked
    with pytest.raises(ConnectRefusedError, match="one of the companies listed"):
        connect.choose(session=alice.session, tenant=tenant, user=alice.firm.owner, picked=asked, external_id="another")
    made = connect.choose(session=alice.session, tenant=tenant, user=alice.firm.owner, picked=asked, external_id=there)
    assert made.external_id == there
    assert company_name(made)
    # The question is answered: the page is gone.
    assert connect.choice(alice.session, tenant=tenant, reference=asked.reference) is None


def test_a_choice_is_nobody_elses(alice: Person, vendors: Running) -> None:
    asked = alice.consents("xero", vendors.company("xero"), vendors.company("xero"))
    assert isinstance(asked, Choice)
    charlie = a_firm("charlies", owner=a_person("Charlie"))

    assert connect.choice(alice.session, tenant=charlie.tenant, reference=asked.reference) is None
    assert connect.choice(Person(firm=charlie, sandbox=vendors).session, tenant=charlie.tenant, reference="x") is None


def test_a_consent_without_an_organisation_connects_nothing(alice: Person, vendors: Running) -> None:
    # The page insists on one, but not where only the person is asked for.
    address = re.sub(r"(?:%20|\+)accounting[.\w]+", "", alice.departs("xero"))
    way_back = decide(vendors, address, provider="xero", companies=())

    with pytest.raises(ConnectRefusedError, match="No organisation was chosen"):
        alice.returns(way_back)


def test_disconnecting_one_leaves_the_other(pair: tuple[Connection, Connection], firm: Firm) -> None:
    first, second = pair

    assert disconnect(connection=first, actor=firm.owner).was_told

    assert fresh(first).status == Status.DISCONNECTED
    assert company_name(second)
    expire(second)
    assert company_name(second)


def test_the_last_one_revokes_the_grant(pair: tuple[Connection, Connection], firm: Firm) -> None:
    tokens = grants.tokens_of(pair[0])

    for connection in pair:
        disconnect(connection=connection, actor=firm.owner)

    with pytest.raises(GrantLostError):
        registry.consenter("xero").refresh(tokens, now=clock.now())


@pytest.mark.parametrize("code", ["CON-02", "CON-06"])
def test_a_card_that_asks_to_sign_in_again_still_says_goodbye(alice: Person, vendors: Running, code: str) -> None:
    """A person who lacks one permission still holds tokens that work, and Xero would list Rivet for ever."""
    books = alice.connects("xero", vendors.company("xero"))
    tokens = grants.tokens_of(books)
    expire(books)
    with tenant_transaction(books.tenant_id):
        health.lost_access(books.pk, code, "no permission")

    assert disconnect(connection=books, actor=alice.firm.owner).was_told

    with pytest.raises(GrantLostError):
        registry.consenter("xero").refresh(tokens, now=clock.now())


def test_one_of_two_that_asks_to_sign_in_again_is_closed_at_xero(
    pair: tuple[Connection, Connection], firm: Firm, vendors: Running
) -> None:
    first, second = pair
    expire(first)
    with tenant_transaction(firm.tenant.pk):
        health.lost_access(first.pk, "CON-06", "no permission")

    assert disconnect(connection=first, actor=firm.owner).was_told

    # What was renewed for the goodbye is kept for the connection that stays.
    bearer = {"Authorization": f"Bearer {grants.access(second).access_token}"}
    listed = vendors.http.get(f"{vendors.url}/xero/connections", headers=bearer, timeout=10).json()
    assert [row["tenantId"] for row in listed] == [second.external_id]


def test_a_goodbye_that_xero_did_not_hear_is_not_called_told(alice: Person, vendors: Running) -> None:
    books = alice.connects("xero", vendors.company("xero"))
    registry.consenter("xero").revoke(grants.tokens_of(books))
    expire(books)
    with tenant_transaction(books.tenant_id):
        health.lost_access(books.pk, "CON-01", "expired")

    assert not disconnect(connection=books, actor=alice.firm.owner).was_told


def test_another_environments_tokens_are_not_shown_to_this_one(alice: Person, vendors: Running, settings: Any) -> None:
    books = alice.connects("xero", vendors.company("xero"))
    settings.XERO_API_URL = "http://localhost:1/elsewhere"

    farewell = disconnect(connection=books, actor=alice.firm.owner)

    assert not farewell.was_told
    assert fresh(books).status == Status.DISCONNECTED


def test_the_last_one_here_does_not_end_another_firms_connection(
    pair: tuple[Connection, Connection], firm: Firm, vendors: Running
) -> None:
    """The same person keeps the books of two firms: at Xero, revoking ends every connection of that person."""
    other = a_firm("northgate", owner=a_person("Bob"))
    theirs = Person(firm=other, sandbox=vendors).connects("xero", vendors.company("xero"))

    for connection in pair:
        assert disconnect(connection=connection, actor=firm.owner).was_told

    expire(theirs)
    assert company_name(theirs)
    with tenant_transaction(firm.tenant.pk):
        assert bytes(Grant.objects.get().sealed_tokens) == b""


def test_a_lost_grant_stops_all_and_one_reconnect_brings_all_back(
    pair: tuple[Connection, Connection], alice: Person, vendors: Running
) -> None:
    first, second = pair
    registry.consenter("xero").revoke(grants.tokens_of(first))
    expire(first)
    with pytest.raises(AccessLostError):
        grants.access(first)
    assert {fresh(each).status for each in pair} == {Status.NEEDS_REAUTHORIZATION}

    address = alice.departs("xero", reconnect=first)
    both = (first.external_id, second.external_id)
    alice.returns(decide(vendors, address, provider="xero", companies=both))

    assert {fresh(each).status for each in pair} == {Status.CONNECTED}
    assert company_name(first)
    assert company_name(second)


def test_another_person_of_the_firm_may_reconnect(
    pair: tuple[Connection, Connection], alice: Person, vendors: Running
) -> None:
    first, second = pair
    address = alice.departs("xero", reconnect=first)
    alice.returns(decide(vendors, address, provider="xero", companies=(first.external_id,), user="bob"))

    assert fresh(first).grant_id != fresh(second).grant_id
    assert company_name(first)
    assert company_name(second)


def test_a_declined_consent_says_so(alice: Person, vendors: Running) -> None:
    company: Any = vendors.company("xero")
    way_back = decide(vendors, alice.departs("xero"), provider="xero", companies=(company,), allow=False)

    with pytest.raises(ConnectRefusedError, match="declined on Xero's page"):
        alice.returns(way_back)
