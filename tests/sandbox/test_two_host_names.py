"""In a container network the sandbox has another name than in the browser: each is sent where it can go."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from tests.sandbox.quickbooks import books as quickbooks
from tests.sandbox.running import Running, started
from tests.sandbox.xero import browser as xero

OUTSIDE = "http://books.example:8010"
INSIDE = "sandbox:8010"
DISCOVERY = {
    "quickbooks": "/quickbooks/.well-known/openid_sandbox_configuration/",
    "xero": "/xero/.well-known/openid-configuration",
}
CONSENT = {
    "quickbooks": ("/quickbooks/connect/oauth2", quickbooks.SCOPE),
    "xero": ("/xero/identity/connect/authorize", xero.SCOPES),
}


@pytest.fixture(scope="module")
def contained() -> Iterator[Running]:
    with started("--memory", SANDBOX_PUBLIC_URL=OUTSIDE) as running:
        yield running


@pytest.mark.parametrize("provider", DISCOVERY)
def test_browsers_and_clients_are_sent_to_the_name_they_can_reach(contained: Running, provider: str) -> None:
    answer = requests.get(f"{contained.url}{DISCOVERY[provider]}", headers={"Host": INSIDE}, timeout=10)
    found = answer.json()
    assert found["authorization_endpoint"].startswith(f"{OUTSIDE}/{provider}/")
    for name in ("token_endpoint", "revocation_endpoint", "jwks_uri"):
        assert found[name].startswith(f"http://{INSIDE}/{provider}/"), name


@pytest.mark.parametrize("provider", CONSENT)
def test_consent_pages_send_the_form_back_to_where_it_came_from(contained: Running, provider: str) -> None:
    path, scope = CONSENT[provider]
    page = requests.get(
        f"{contained.url}{path}",
        params={**quickbooks.REQUEST, "scope": scope},
        headers={"Host": urlsplit(OUTSIDE).netloc},
        timeout=10,
    )
    assert page.status_code == 200
    assert 'method="post"' in page.text
    assert 'action="http' not in page.text


def test_xero_consent_given_outside_is_redeemed_inside(contained: Running) -> None:
    organisation = xero.new_organisation(contained.url)
    code = xero.consent(contained.url, [organisation])["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": xero.REDIRECT_URI,
        "client_id": xero.CLIENT_ID,
        "client_secret": xero.CLIENT_SECRET,
    }
    host = {"Host": INSIDE}
    tokens = requests.post(f"{contained.url}/xero/connect/token", data=form, headers=host, timeout=10).json()
    listed = requests.get(
        f"{contained.url}/xero/connections",
        headers={**host, "Authorization": f"Bearer {tokens['access_token']}"},
        timeout=10,
    ).json()
    assert [row["tenantId"] for row in listed] == [organisation]
