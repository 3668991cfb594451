import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import AuditEvent, Invitation, Membership, User
from rivet.tenants.roles import Role
from tests.firms import PASSWORD, Firm, a_firm, a_person, join, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def firm() -> Firm:
    return a_firm()


def acts(firm: Firm) -> list[str]:
    with tenant_transaction(firm.tenant.pk):
        return list(AuditEvent.objects.order_by("created_at", "id").values_list("act", flat=True))


def membership(firm: Firm, user: User) -> Membership | None:
    with tenant_transaction(firm.tenant.pk):
        return Membership.objects.filter(user=user, tenant=firm.tenant).first()


def invited_link(client: Client, email: str = "bob@example.com", role: str = "bookkeeper") -> str:
    response = client.post("/t/ironwood/settings/people/invite/", {"email": email, "role": role})
    assert response.status_code == 302
    found = re.search(r"http\S+(/invitations/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_invited_newcomer_chooses_a_password_and_is_a_member(firm: Firm) -> None:
    link = invited_link(signed_in(firm.owner))
    bob = Client()
    assert "bob@example.com" in bob.get(link).content.decode()
    response = bob.post(link, {"name": "Bob", "password": PASSWORD})
    assert response["Location"] == "/t/ironwood/"
    people = bob.get("/t/ironwood/settings/people/").content.decode()
    assert "Bookkeeper" in people
    assert "Invite somebody" not in people
    assert acts(firm)[-2:] == ["invitation.sent", "invitation.accepted"]
    again = bob.get("/accounts/2fa/totp/activate/")["Location"]
    assert "secret" in bob.post(again, {"password": PASSWORD}, follow=True).content.decode()


def test_link_works_once(firm: Firm) -> None:
    link = invited_link(signed_in(firm.owner))
    Client().post(link, {"name": "Bob", "password": PASSWORD})
    again = Client().post(link, {"name": "Mallory", "password": PASSWORD})
    assert again.status_code == 410
    assert "used or withdrawn" in again.content.decode()


def test_altered_link_is_refused(firm: Firm) -> None:
    link = invited_link(signed_in(firm.owner))
    assert Client().get(link[:-3] + "x/").status_code == 410


def test_withdrawn_invitation_is_closed(firm: Firm) -> None:
    client = signed_in(firm.owner)
    link = invited_link(client)
    with tenant_transaction(firm.tenant.pk):
        asked = Invitation.objects.get()
    client.post(f"/t/ironwood/settings/people/invitations/{asked.public_id}/withdraw/")
    assert Client().get(link).status_code == 410
    assert acts(firm)[-1] == "invitation.withdrawn"


def test_somebody_with_an_account_signs_in_and_joins(firm: Firm) -> None:
    bob = a_person("Bob")
    link = invited_link(signed_in(firm.owner))
    visitor = Client()
    assert "has an account already" in visitor.get(link).content.decode()
    assert visitor.post(link, {"name": "Bob", "password": PASSWORD}).status_code == 200
    assert membership(firm, bob) is None
    client = signed_in(bob)
    assert client.post(link)["Location"] == "/t/ironwood/"
    joined = membership(firm, bob)
    assert joined is not None
    assert joined.role == Role.BOOKKEEPER


def test_invitation_of_another_person_cannot_be_taken(firm: Firm) -> None:
    a_person("Bob")
    charlie = a_person("Charlie")
    link = invited_link(signed_in(firm.owner))
    response = signed_in(charlie).post(link)
    assert "signed in as charlie@example.com" in response.content.decode()
    assert membership(firm, charlie) is None


@pytest.mark.parametrize(
    ("email", "sentence"),
    [("alice@example.com", "is a member already"), ("no address", "Enter a valid email address")],
)
def test_invitation_that_makes_no_sense_is_refused_with_the_reason(firm: Firm, email: str, sentence: str) -> None:
    client = signed_in(firm.owner)
    response = client.post("/t/ironwood/settings/people/invite/", {"email": email, "role": "viewer"})
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_second_invitation_to_one_address_is_refused(firm: Firm) -> None:
    client = signed_in(firm.owner)
    invited_link(client)
    response = client.post("/t/ironwood/settings/people/invite/", {"email": "BOB@example.com", "role": "viewer"})
    assert response.status_code == 422
    assert "invited already" in response.content.decode()


def test_mail_server_that_refuses_leaves_the_invitation(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr("rivet.pages.invitation_mail.send_mail", refuse)
    client = signed_in(firm.owner)
    data = {"email": "bob@example.com", "role": "viewer"}
    page = client.post("/t/ironwood/settings/people/invite/", data, follow=True).content.decode()
    assert "did not take the mail" in page
    assert "Send again" in page


def test_last_owner_can_neither_leave_nor_step_down(firm: Firm) -> None:
    client = signed_in(firm.owner)
    own = membership(firm, firm.owner)
    assert own is not None
    for path, data in (("remove", {}), ("role", {"role": "viewer"})):
        page = client.post(f"/t/ironwood/settings/people/{own.public_id}/{path}/", data, follow=True)
        assert "A firm needs an owner" in page.content.decode()
    kept = membership(firm, firm.owner)
    assert kept is not None
    assert kept.role == Role.OWNER


def test_manager_cannot_make_or_unmake_owners(firm: Firm) -> None:
    bob = a_person("Bob")
    join(firm, bob, Role.MANAGER)
    client = signed_in(bob)
    alice, own = membership(firm, firm.owner), membership(firm, bob)
    assert alice is not None
    assert own is not None
    client.post(f"/t/ironwood/settings/people/{own.public_id}/role/", {"role": "owner"})
    client.post(f"/t/ironwood/settings/people/{alice.public_id}/role/", {"role": "viewer"})
    client.post(f"/t/ironwood/settings/people/{alice.public_id}/remove/")
    invited = client.post("/t/ironwood/settings/people/invite/", {"email": "eve@example.com", "role": "owner"})
    assert invited.status_code == 422
    after = [membership(firm, person) for person in (firm.owner, bob)]
    assert [each.role for each in after if each] == [Role.OWNER, Role.MANAGER]


def test_owner_changes_a_role_and_removes_the_member(firm: Firm) -> None:
    bob = a_person("Bob")
    join(firm, bob, Role.VIEWER)
    client, place = signed_in(firm.owner), membership(firm, bob)
    assert place is not None
    client.post(f"/t/ironwood/settings/people/{place.public_id}/role/", {"role": "bookkeeper"})
    changed = membership(firm, bob)
    assert changed is not None
    assert changed.role == Role.BOOKKEEPER
    client.post(f"/t/ironwood/settings/people/{place.public_id}/remove/")
    assert membership(firm, bob) is None
    assert acts(firm)[-2:] == ["member.role_changed", "member.removed"]
    assert signed_in(bob).get("/t/ironwood/settings/people/").status_code == 404


def test_bookkeeper_reads_people_and_plan_and_changes_neither(firm: Firm) -> None:
    bob = a_person("Bob")
    join(firm, bob, Role.BOOKKEEPER)
    client, alice = signed_in(bob), membership(firm, firm.owner)
    assert alice is not None
    assert client.get("/t/ironwood/settings/people/").status_code == 200
    assert client.get("/t/ironwood/settings/plan/").status_code == 200
    for path, data in (
        ("people/invite/", {"email": "eve@example.com", "role": "viewer"}),
        (f"people/{alice.public_id}/role/", {"role": "viewer"}),
        (f"people/{alice.public_id}/remove/", {}),
        ("plan/change/", {"plan": "scale"}),
    ):
        assert client.post(f"/t/ironwood/settings/{path}", data).status_code == 403, path


def test_plan_changes_and_is_recorded(firm: Firm) -> None:
    client = signed_in(firm.owner)
    page = client.post("/t/ironwood/settings/plan/change/", {"plan": "scale"}, follow=True).content.decode()
    assert "is on Scale now" in page
    assert acts(firm)[-1] == "plan.changed"
    refused = client.post("/t/ironwood/settings/plan/change/", {"plan": "gold"}, follow=True).content.decode()
    assert "Choose one of the plans" in refused


@pytest.mark.parametrize("path", ["settings/people/", "settings/plan/"])
def test_stranger_sees_what_a_missing_firm_shows(firm: Firm, path: str) -> None:
    charlie = signed_in(a_person("Charlie"))
    there, nowhere = charlie.get(f"/t/ironwood/{path}"), charlie.get(f"/t/nowhere-at-all/{path}")
    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content
    assert Client().get(f"/t/ironwood/{path}").status_code == 302
