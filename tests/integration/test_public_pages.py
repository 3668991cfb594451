import re

import pytest
from django import forms
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/help/", "/sign-up/", "/accounts/login/", "/accounts/password/reset/"])
def test_public_page_opens_without_inline_script_or_style(client: Client, path: str) -> None:
    response = client.get(path)
    page = response.content.decode()
    assert response.status_code == 200
    assert "<style" not in page
    assert " style=" not in page
    assert "hx-on" not in page
    assert "<script>" not in page


def test_probes_answer(client: Client) -> None:
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").content == b"ready\n"


def test_missing_page_says_so_in_words(client: Client) -> None:
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert b"There is nothing here" in response.content


def test_gallery_shows_every_component() -> None:
    from django.test import RequestFactory

    from rivet.pages.gallery import gallery

    page = gallery(RequestFactory().get("/debug/components/")).content.decode()
    for word in (
        "Needs attention",
        "$12,480.00",
        "\N{MINUS SIGN}$310.50",
        "CHF 12,480.00",
        "Nov 20, 2026",
        "All clear",
    ):
        assert word in page


SIGN_UP = {
    "firm": "Hanson Drywall & Sons",
    "name": "Alice",
    "email": "Alice@Example.com ",
    "password": "plaster over lath",
    "time_zone": "America/Chicago",
}


def test_sign_up_opens_a_firm_and_signs_its_owner_in(client: Client) -> None:
    response = client.post("/sign-up/", SIGN_UP)
    assert response.status_code == 302
    assert response["Location"] == "/t/hanson-drywall-sons/"
    firms = client.get("/firms/").content.decode()
    assert "Hanson Drywall &amp; Sons" in firms
    assert "Owner" in firms


@pytest.mark.django_db(transaction=True)
def test_sign_up_asks_to_confirm_the_address(client: Client) -> None:
    client.post("/sign-up/", SIGN_UP)
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", str(mail.outbox[-1].body))
    assert link
    assert client.post(link[1]).status_code == 302
    again = client.get("/accounts/2fa/totp/activate/")["Location"]
    page = client.post(again, {"password": SIGN_UP["password"]}, follow=True)
    assert "secret" in page.content.decode()


def test_second_firm_of_the_same_name_gets_another_slug(client: Client) -> None:
    client.post("/sign-up/", SIGN_UP)
    second = Client().post("/sign-up/", SIGN_UP | {"email": "bob@example.com"})
    assert second.status_code == 302
    assert second["Location"].startswith("/t/hanson-drywall-sons-")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "short"}, "at least 12 characters"),
        ({"email": "nobody"}, "Enter a valid email address"),
        ({"firm": "  "}, "This field is required"),
        ({"firm": "Han\x00son"}, "Null characters are not allowed"),
    ],
)
def test_refused_sign_up_says_why_and_keeps_nothing(client: Client, change: dict[str, str], sentence: str) -> None:
    response = client.post("/sign-up/", SIGN_UP | change)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "sessionid" not in client.cookies
    assert client.get("/firms/").status_code == 302


def test_taken_address_is_refused_with_the_way_on(client: Client) -> None:
    client.post("/sign-up/", SIGN_UP)
    response = Client().post("/sign-up/", SIGN_UP)
    assert response.status_code == 422
    assert "Sign in instead" in response.content.decode()


def test_sign_in_with_password(client: Client) -> None:
    client.post("/sign-up/", SIGN_UP)
    visitor = Client()
    response = visitor.post("/accounts/login/", {"login": "alice@example.com", "password": SIGN_UP["password"]})
    assert response.status_code == 302, response.content.decode()
    assert visitor.get("/")["Location"] == "/t/hanson-drywall-sons/"
    assert visitor.post("/accounts/logout/").status_code == 302
    assert b"Sign in" in visitor.get("/").content


def test_two_step_pages_open_for_the_signed_in(client: Client) -> None:
    client.post("/sign-up/", SIGN_UP)
    for path in ("/accounts/2fa/", "/accounts/password/change/", "/accounts/email/"):
        assert client.get(path).status_code == 200, path


class Labelled(forms.Form):
    name = forms.CharField(help_text="Less than <b>ten</b> letters")
    sure = forms.BooleanField(help_text="Only <b>once</b>")
    one = forms.ChoiceField(help_text="Not <b>both</b>", widget=forms.RadioSelect)


def test_help_beside_a_field_is_text() -> None:
    shown = "".join(render_to_string("components/_field.html", {"field": field}) for field in Labelled())

    assert shown.count("&lt;b&gt;") == 3
    assert "<b>" not in shown


def test_what_makes_a_good_password_is_a_list(client: Client) -> None:
    """allauth's help is markup, and says so itself."""
    client.post("/sign-up/", SIGN_UP)
    page = client.get("/accounts/password/change/").content.decode()

    assert "<li>Your password must contain at least 12 characters.</li>" in page
