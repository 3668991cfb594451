"""How often: each person by the address the proxy saw, each letter box by its own."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import Invitation, Tenant, User
from tests.firms import PASSWORD, Firm, a_firm, a_person, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = "/t/ironwood/settings/people/"


@pytest.fixture
def firm() -> Firm:
    return a_firm()


@pytest.fixture
def behind_a_proxy(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def sign_in(address: str, password: str) -> Any:
    """What the proxy passes on for somebody who wrote a first address themselves."""
    return Client().post(
        "/accounts/login/",
        {"login": "alice@example.com", "password": password},
        headers={"X-Forwarded-For": f"192.0.2.99, {address}"},
    )


def sign_up(number: int, address: str = "203.0.113.1") -> Any:
    form = {
        "firm": f"Firm {number}",
        "name": "Charlie",
        "email": f"charlie{number}@example.com",
        "password": PASSWORD,
        "time_zone": "America/Chicago",
    }
    return Client().post("/sign-up/", form, headers={"X-Forwarded-For": address})


@pytest.mark.usefixtures("behind_a_proxy", "firm")
def test_five_wrong_passwords_lock_out_nobody_elsewhere() -> None:
    for _ in range(5):
        sign_in("203.0.113.1", "wrong")

    locked_out = sign_in("203.0.113.1", PASSWORD)
    assert locked_out.status_code == 429
    assert "Too many tries" in locked_out.content.decode()
    assert sign_in("203.0.113.2", PASSWORD).status_code == 302


@pytest.mark.usefixtures("behind_a_proxy", "firm")
def test_another_visitors_sign_ins_cost_nobody_theirs() -> None:
    answers = [Client().post("/accounts/login/", {}, headers={"X-Forwarded-For": "203.0.113.1"}) for _ in range(31)]

    assert answers[-1].status_code == 429
    assert "Too many tries" in answers[-1].content.decode()
    assert sign_in("203.0.113.2", PASSWORD).status_code == 302


@pytest.mark.usefixtures("behind_a_proxy")
def test_the_eleventh_sign_up_in_an_hour_waits() -> None:
    for number in range(10):
        assert sign_up(number).status_code == 302

    refused = sign_up(10)

    assert refused.status_code == 429
    assert "Wait a while, at most an hour, then try again." in refused.content.decode()
    assert not User.objects.filter(email="charlie10@example.com").exists()
    assert sign_up(11, "203.0.113.2").status_code == 302


def test_nobody_is_invited_more_than_three_times_an_hour(firm: Firm) -> None:
    web = signed_in(firm.owner)
    web.post(f"{PEOPLE}invite/", {"email": "bob@example.com", "role": "bookkeeper"})
    with tenant_transaction(firm.tenant.pk):
        asked = Invitation.objects.get()
    for _ in range(2):
        web.post(f"{PEOPLE}invitations/{asked.public_id}/send/")
    assert len(mail.outbox) == 3

    refused = web.post(f"{PEOPLE}invitations/{asked.public_id}/send/", follow=True)
    web.post(f"{PEOPLE}invitations/{asked.public_id}/withdraw/")
    anew = web.post(f"{PEOPLE}invite/", {"email": "Bob@example.com", "role": "bookkeeper"})

    assert "three an hour to one address" in refused.content.decode()
    assert anew.status_code == 422
    assert "three an hour to one address" in anew.content.decode()
    assert len(mail.outbox) == 3


def test_another_firm_shares_the_limit_of_an_address(firm: Firm) -> None:
    other = a_firm("northgate", owner=a_person("Bob"))
    for _ in range(2):
        for each in (firm.tenant, other.tenant):
            _invite(each, "charlie@example.com")

    assert len(mail.outbox) == 3


def _invite(tenant: Tenant, email: str) -> None:
    with tenant_transaction(tenant.pk):
        owner = User.objects.get(memberships__tenant=tenant)
        Invitation.objects.all().delete()
    signed_in(owner).post(f"/t/{tenant.slug}/settings/people/invite/", {"email": email, "role": "viewer"})


def test_a_firm_sends_thirty_an_hour(firm: Firm) -> None:
    web = signed_in(firm.owner)
    for number in range(31):
        web.post(f"{PEOPLE}invite/", {"email": f"person{number}@example.com", "role": "viewer"})

    assert len(mail.outbox) == 30
