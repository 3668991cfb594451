from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from integrations import registry
from integrations.connections import grants, health
from integrations.connections.connect import ConnectRefusedError
from integrations.connections.disconnect import disconnect
from integrations.connections.models import CompanyAddress, Connection, Fact, FactKind, Grant, Status
from integrations.mappings.models import AccountMapping, Link
from integrations.ports import AccessLostError, GrantLostError
from rivet import clock
from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import AuditEvent, Tenant
from rivet.tenants.plans import Plan
from tests.firms import Firm, a_firm, a_person
from tests.integration.connections.consenting import Person, decide, query_of
from tests.sandbox.running import Running

CONNECTED = Status.CONNECTED


def fresh(connection: Connection) -> Connection:
    with tenant_transaction(connection.tenant_id):
        found: Connection = Connection.objects.get(pk=connection.pk)
    return found


def events(firm: Firm) -> list[str]:
    with tenant_transaction(firm.tenant.pk):
        return list(AuditEvent.objects.order_by("id").values_list("act", flat=True))


def facts(firm: Firm) -> list[str]:
    with tenant_transaction(firm.tenant.pk):
        return list(Fact.objects.order_by("id").values_list("kind", flat=True))


def put_on(firm: Firm, plan: Plan) -> None:
    with tenant_transaction(firm.tenant.pk):
        Tenant.objects.filter(pk=firm.tenant.pk).update(plan=plan)
    firm.tenant.plan = plan


def test_a_consent_makes_a_connection(alice: Person, firm: Firm, vendors: Running) -> None:
    company = vendors.company("quickbooks")

    made = alice.connects("quickbooks", company)

    assert (made.provider, made.external_id, made.status, made.is_default) == ("quickbooks", company, CONNECTED, True)
    assert made.connected_by == firm.owner
    assert made.host == f"{vendors.url}/quickbooks"
    assert made.company_name
    assert events(firm) == ["connection.connected"]
    assert facts(firm) == [FactKind.RECONNECTED]


def test_any_number_of_companies_and_one_default(alice: Person, vendors: Running) -> None:
    first = alice.connects("quickbooks", vendors.company("quickbooks"))
    second = alice.connects("quickbooks", vendors.company("quickbooks"))

    assert first.pk != second.pk
    assert (fresh(first).is_default, fresh(second).is_default) == (True, False)


def test_nothing_that_opens_anything_is_kept_in_the_session(alice: Person, vendors: Running) -> None:
    made = alice.connects("quickbooks", vendors.company("quickbooks"))
    tokens = grants.tokens_of(made)

    kept = repr(dict(alice.session.items()))

    assert tokens.access_token not in kept
    assert tokens.refresh_token not in kept


def test_a_state_is_used_once(alice: Person, vendors: Running) -> None:
    address = alice.departs("quickbooks")
    way_back = decide(vendors, address, provider="quickbooks", companies=(vendors.company("quickbooks"),))
    alice.returns(way_back)

    with pytest.raises(ConnectRefusedError, match="used before"):
        alice.returns(way_back)


def test_a_state_of_another_session_leads_nowhere(alice: Person, firm: Firm, vendors: Running) -> None:
    address = alice.departs("quickbooks")
    way_back = decide(vendors, address, provider="quickbooks", companies=(vendors.company("quickbooks"),))

    with pytest.raises(ConnectRefusedError, match="used before"):
        Person(firm=firm, sandbox=vendors).returns(way_back)


def test_a_state_belongs_to_its_person_and_firm(alice: Person, firm: Firm, vendors: Running) -> None:
    charlie = a_firm("charlies", owner=a_person("Charlie"))
    for thief in (
        Firm(tenant=charlie.tenant, owner=firm.owner),
        Firm(tenant=firm.tenant, owner=charlie.owner),
    ):
        address = alice.departs("quickbooks")
        way_back = decide(vendors, address, provider="quickbooks", companies=(vendors.company("quickbooks"),))
        with pytest.raises(ConnectRefusedError, match="used before"):
            Person(firm=thief, sandbox=vendors, session=alice.session).returns(way_back)
    assert events(firm) == []


def test_a_consent_page_left_open_too_long_leads_nowhere(alice: Person, vendors: Running) -> None:
    address = alice.departs("quickbooks")
    way_back = decide(vendors, address, provider="quickbooks", companies=(vendors.company("quickbooks"),))
    for pending in alice.session["consents"].values():
        pending["begun_at"] = (clock.now() - timedelta(minutes=11)).isoformat()

    with pytest.raises(ConnectRefusedError, match="more than ten minutes"):
        alice.returns(way_back)


def test_a_declined_consent_says_so(alice: Person, firm: Firm, vendors: Running) -> None:
    address = alice.departs("quickbooks")
    way_back = decide(vendors, address, provider="quickbooks", companies=(vendors.company("quickbooks"),), allow=False)

    with pytest.raises(ConnectRefusedError, match="declined on QuickBooks's page"):
        alice.returns(way_back)
    assert events(firm) == []


def test_a_code_that_was_used_elsewhere_is_refused(alice: Person, vendors: Running) -> None:
    company = vendors.company("quickbooks")
    first = decide(vendors, alice.departs("quickbooks"), provider="quickbooks", companies=(company,))
    alice.returns(first)
    second = query_of(decide(vendors, alice.departs("quickbooks"), provider="quickbooks", companies=(company,)))
    stolen = first.replace(query_of(first)["state"], second["state"])

    with pytest.raises(ConnectRefusedError, match="no longer accepts this consent") as refused:
        alice.returns(stolen)
    assert isinstance(refused.value.__cause__, GrantLostError)


def test_starter_connects_nothing(alice: Person, firm: Firm, vendors: Running) -> None:
    address = alice.departs("quickbooks")
    way_back = decide(vendors, address, provider="quickbooks", companies=(vendors.company("quickbooks"),))
    put_on(firm, Plan.STARTER)

    with pytest.raises(ConnectRefusedError, match="Starter plan does not post"):
        alice.departs("quickbooks")
    with pytest.raises(ConnectRefusedError, match="Starter plan does not post"):
        alice.returns(way_back)
    with tenant_transaction(firm.tenant.pk):
        assert not Connection.objects.exists()


def test_a_company_of_another_firm_is_refused_and_nothing_is_kept(alice: Person, vendors: Running) -> None:
    company = vendors.company("quickbooks")
    alice.connects("quickbooks", company)
    other = a_firm("charlies", owner=a_person("Charlie"))

    with pytest.raises(ConnectRefusedError, match="already connected to another firm"):
        Person(firm=other, sandbox=vendors).connects("quickbooks", company)

    with tenant_transaction(other.tenant.pk):
        assert not Connection.objects.exists()
        assert not Grant.objects.exists()
    with tenant_transaction(alice.firm.tenant.pk):
        assert CompanyAddress.objects.filter(tenant=alice.firm.tenant).count() == 1


def test_reconnecting_to_another_company_is_refused_and_recorded(
    alice: Person, firm: Firm, books: Connection, vendors: Running
) -> None:
    with pytest.raises(ConnectRefusedError, match=f"belongs to {books.company_name}") as refused:
        alice.consents("quickbooks", vendors.company("quickbooks"), reconnect=books)

    assert refused.value.code == "CON-04"
    assert events(firm)[-1] == "connection.other_company_refused"
    with tenant_transaction(firm.tenant.pk):
        assert Connection.objects.count() == 1


def test_reconnecting_mends_a_lost_connection(alice: Person, books: Connection, vendors: Running) -> None:
    vendors.control("POST", f"/companies/{books.external_id}/revoke-grants")
    vendors.control("POST", f"/companies/{books.external_id}/expire-tokens")
    with pytest.raises(AccessLostError):
        grants.renew(books, refused=grants.access(books))
    assert fresh(books).status == Status.NEEDS_REAUTHORIZATION

    again = alice.connects("quickbooks", books.external_id, reconnect=books)

    assert again.pk == books.pk
    after = fresh(books)
    assert (after.status, after.problem_code, after.problem_detail) == (CONNECTED, "", "")
    assert facts(alice.firm)[-1] == FactKind.RECONNECTED
    assert grants.access(books).access_token


def test_disconnecting_stops_forgets_and_tells_the_provider(
    alice: Person, firm: Firm, books: Connection, vendors: Running
) -> None:
    tokens = grants.tokens_of(books)

    farewell = disconnect(connection=books, actor=firm.owner)

    assert farewell.was_told
    after = fresh(books)
    assert after.status == Status.DISCONNECTED
    assert after.disconnected_at is not None
    with tenant_transaction(firm.tenant.pk):
        assert bytes(Grant.objects.get(pk=books.grant_id).sealed_tokens) == b""
    with pytest.raises(AccessLostError):
        grants.access(books)
    with pytest.raises(GrantLostError):
        registry.consenter("quickbooks").refresh(tokens, now=clock.now())
    assert events(firm)[-1] == "connection.disconnected"
    assert facts(firm)[-1] == FactKind.DISCONNECTED


def test_disconnecting_twice_is_once(firm: Firm, books: Connection) -> None:
    disconnect(connection=books, actor=firm.owner)
    disconnect(connection=books, actor=firm.owner)

    assert events(firm).count("connection.disconnected") == 1


def test_a_card_that_asks_to_sign_in_again_still_gives_the_access_back(firm: Firm, books: Connection) -> None:
    tokens = grants.tokens_of(books)
    with tenant_transaction(firm.tenant.pk):
        health.lost_access(books.pk, "CON-02", "user not in realm")

    assert disconnect(connection=books, actor=firm.owner).was_told

    with pytest.raises(GrantLostError):
        registry.consenter("quickbooks").refresh(tokens, now=clock.now())


def test_disconnecting_from_a_silent_provider_stops_all_the_same(firm: Firm, books: Connection, settings: Any) -> None:
    settings.QUICKBOOKS_DISCOVERY_URL = "http://localhost:1/nobody"

    farewell = disconnect(connection=books, actor=firm.owner)

    assert not farewell.was_told
    assert fresh(books).status == Status.DISCONNECTED


def test_a_return_finds_mapping_and_links(alice: Person, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        AccountMapping.objects.create(tenant=firm.tenant, connection=books, role="revenue", external_id="1")
        Link.objects.create(
            tenant=firm.tenant, connection=books, source_kind="vendor", source_id=1, role="vendor", external_id="2"
        )
    disconnect(connection=books, actor=firm.owner)

    again = alice.connects("quickbooks", books.external_id)

    assert again.pk == books.pk
    with tenant_transaction(firm.tenant.pk):
        assert AccountMapping.objects.filter(connection=again).count() == 1
        assert Link.objects.filter(connection=again, ended_at=None).count() == 1
    assert events(firm)[-1] == "connection.reconnected"
    assert grants.access(again).access_token


def test_a_disconnected_company_may_go_to_another_firm(
    firm: Firm, books: Connection, vendors: Running, a_connection: Callable[..., Connection]
) -> None:
    disconnect(connection=books, actor=firm.owner)
    other = a_firm("charlies", owner=a_person("Charlie"))

    made = Person(firm=other, sandbox=vendors).connects("quickbooks", books.external_id)

    assert made.tenant_id == other.tenant.pk
