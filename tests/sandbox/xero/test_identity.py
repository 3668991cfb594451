import base64
import json
from typing import Any

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.sandbox.xero.browser import (
    CLIENT_ID,
    CLIENT_SECRET,
    REDIRECT_URI,
    VERIFIER,
    Client,
    challenge,
    configure,
    consent,
    exchange,
    new_organisation,
    tokens,
)
from tests.sandbox.xero.conformance import verify_identity


@pytest.fixture
def tenant(sandbox_url: str) -> str:
    return new_organisation(sandbox_url)


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def connections(url: str, token: str, **query: str) -> list[dict[str, str]]:
    answer = requests.get(
        f"{url}/xero/Connections", params=query, headers={"Authorization": f"Bearer {token}"}, timeout=10
    )
    assert answer.ok and "X-MinLimit-Remaining" not in answer.headers
    found: list[dict[str, str]] = answer.json()
    for row in found:
        verify_identity("Connection", row)
    return found


def test_the_consent_page_offers_the_organisations(sandbox_url: str, tenant: str) -> None:
    query = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "scope": "openid accounting.contacts",
        "state": "<script>",
    }
    page = requests.get(f"{sandbox_url}/xero/identity/connect/authorize", params=query, timeout=10)
    assert page.ok
    assert f'id="tenant-{tenant}"' in page.text and 'id="xero-allow"' in page.text
    assert "Allow access" in page.text and "Cancel" in page.text
    assert "<script>" not in page.text


def test_cancel_goes_back_with_access_denied(sandbox_url: str, tenant: str) -> None:
    assert consent(sandbox_url, [tenant], decision="cancel") == {"error": "access_denied", "state": "s1"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"redirect_uri": "http://127.0.0.1:8000/oauth/xero/callback/"}, "IP address"),
        ({"redirect_uri": f"{REDIRECT_URI}x"}, "Invalid redirect_uri"),
        ({"client_id": "nobody"}, "unauthorized_client"),
        ({"scope": "accounting.everything"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "x", "code_challenge_method": "plain"}, "Transform algorithm"),
    ],
)
def test_a_wrong_request_gets_an_error_page(sandbox_url: str, changes: dict[str, str], words: str) -> None:
    query = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "scope": "openid",
        **changes,
    }
    page = requests.get(f"{sandbox_url}/xero/identity/connect/authorize", params=query, timeout=10)
    assert page.status_code == 400 and words in page.text


def test_the_token_answer_and_its_claims(sandbox_url: str, tenant: str) -> None:
    found = tokens(sandbox_url, [tenant])
    assert list(found) == ["id_token", "access_token", "expires_in", "token_type", "refresh_token", "scope"]
    verify_identity("AccessToken", found)
    assert found["expires_in"] == 1800 and found["token_type"] == "Bearer"
    access = claims(found["access_token"])
    assert access["client_id"] == CLIENT_ID and "offline_access" in access["scope"]
    assert access["xero_userid"] and access["exp"] - access["nbf"] == 1800
    assert "authentication_event_id" not in claims(found["id_token"])
    rows = connections(sandbox_url, found["access_token"], authEventId=access["authentication_event_id"])
    assert [row["tenantId"] for row in rows] == [tenant]
    assert rows[0]["id"] != tenant and rows[0]["tenantType"] == "ORGANISATION"


def test_both_tokens_are_signed_with_the_published_key(sandbox_url: str, tenant: str) -> None:
    found = requests.get(f"{sandbox_url}/xero/.well-known/openid-configuration", timeout=10).json()
    keys = KeySet.import_key_set(requests.get(found["jwks_uri"], timeout=10).json())
    given = tokens(sandbox_url, [tenant])
    signed = [jwt.decode(given[name], keys, algorithms=["RS256"]).claims for name in ("id_token", "access_token")]
    assert {claims["iss"] for claims in signed} == {found["issuer"]}
    assert signed[0]["aud"] == CLIENT_ID and signed[0]["xero_userid"] == signed[1]["xero_userid"]
    assert "RS256" in found["id_token_signing_alg_values_supported"] and "openid" in found["scopes_supported"]


@pytest.mark.parametrize(
    ("scope", "told"),
    [("openid", set()), ("openid email", {"email"}), ("openid profile", {"name", "given_name", "family_name"})],
)
def test_an_id_token_tells_what_the_scopes_allow(sandbox_url: str, tenant: str, scope: str, told: set[str]) -> None:
    found = claims(tokens(sandbox_url, [tenant], scope=scope)["id_token"])
    assert {"email", "name", "given_name", "family_name"} & set(found) == told


def test_no_refresh_token_without_offline_access(sandbox_url: str, tenant: str) -> None:
    assert "refresh_token" not in tokens(sandbox_url, [tenant], scope="openid accounting.contacts")


def test_a_code_serves_once_and_for_its_address_only(sandbox_url: str, tenant: str) -> None:
    code = consent(sandbox_url, [tenant])["code"]
    form = {"grant_type": "authorization_code", "code": code}
    assert exchange(sandbox_url, **form, redirect_uri="http://localhost/").text == '{"error":"invalid_grant"}'
    assert exchange(sandbox_url, **form, redirect_uri=REDIRECT_URI).ok
    again = exchange(sandbox_url, **form, redirect_uri=REDIRECT_URI)
    assert (again.status_code, again.text) == (400, '{"error":"invalid_grant"}')


def test_pkce_is_verified(sandbox_url: str, tenant: str) -> None:
    changes = {"code_challenge": challenge(), "code_challenge_method": "S256"}
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT_URI}
    code = consent(sandbox_url, [tenant], **changes)["code"]
    assert not exchange(sandbox_url, **form, code=code, code_verifier="w" * 64).ok
    assert exchange(sandbox_url, **form, code=code, code_verifier=VERIFIER).ok


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "unknown"}, "invalid_grant"),
        ({"grant_type": "authorization_code", "code": "unknown"}, "invalid_grant"),
    ],
)
def test_the_token_endpoint_refuses(sandbox_url: str, form: dict[str, str], error: str) -> None:
    answer = exchange(sandbox_url, **form)
    assert (answer.status_code, answer.text) == (400, f'{{"error":"{error}"}}')


def test_client_credentials_are_taken_from_the_body_too(sandbox_url: str, tenant: str) -> None:
    refresh = tokens(sandbox_url, [tenant])["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh, "client_id": CLIENT_ID}
    url = f"{sandbox_url}/xero/connect/token"
    assert requests.post(url, data={**form, "client_secret": CLIENT_SECRET}, timeout=10).ok
    wrong = requests.post(url, data={**form, "client_secret": "wrong"}, timeout=10)
    assert wrong.text == '{"error":"invalid_client"}'


def test_refresh_rotates_and_forgives_for_half_an_hour(sandbox_url: str, tenant: str) -> None:
    first = tokens(sandbox_url, [tenant])["refresh_token"]

    def refresh() -> requests.Response:
        return exchange(sandbox_url, grant_type="refresh_token", refresh_token=first)

    second = refresh().json()["refresh_token"]
    assert second != first
    assert refresh().ok
    try:
        requests.put(f"{sandbox_url}/control/clock", json={"offset_seconds": 1900}, timeout=10)
        assert refresh().text == '{"error":"invalid_grant"}'
        assert exchange(sandbox_url, grant_type="refresh_token", refresh_token=second).ok
    finally:
        requests.put(f"{sandbox_url}/control/clock", json={"offset_seconds": 0}, timeout=10)


def test_an_expired_token_says_when(sandbox_url: str, tenant: str) -> None:
    client = Client(sandbox_url, tenant, tokens(sandbox_url, [tenant])["access_token"])
    requests.post(f"{sandbox_url}/control/companies/{tenant}/expire-tokens", timeout=10)
    answer = client.call("GET", "Organisation")
    assert answer.status_code == 401
    assert answer.json()["Detail"].startswith("TokenExpired: token expired at ")


def test_three_refusals_with_three_bodies(sandbox_url: str, tenant: str) -> None:
    token = tokens(sandbox_url, [tenant], scope="accounting.contacts.read")["access_token"]
    unknown = Client(sandbox_url, tenant, "garbage").call("GET", "Contacts")
    assert (unknown.status_code, unknown.json()["detail"]) == (401, "AuthenticationUnsuccessful")
    assert unknown.headers["WWW-Authenticate"] == "Bearer error=invalid_token"
    elsewhere = Client(sandbox_url, new_organisation(sandbox_url), token).call("GET", "Contacts")
    assert (elsewhere.status_code, elsewhere.json()["detail"]) == (403, "AuthenticationUnsuccessful")


def test_a_missing_scope_is_its_own_answer(sandbox_url: str) -> None:
    tenant = new_organisation(sandbox_url)
    scope = "accounting.reports.aged.read"
    form = {"user": "bob@rivet.example"}
    code = consent(sandbox_url, [tenant], scope=scope, **form)["code"]
    answer = exchange(sandbox_url, grant_type="authorization_code", code=code, redirect_uri=REDIRECT_URI)
    refused = Client(sandbox_url, tenant, answer.json()["access_token"]).call("GET", "Invoices")
    assert (refused.status_code, refused.json()["Detail"]) == (401, "AuthorizationUnsuccessful")
    assert "insufficient_scope" in refused.headers["WWW-Authenticate"]


def test_disconnecting_one_organisation_leaves_the_other(sandbox_url: str, tenant: str) -> None:
    other = new_organisation(sandbox_url)
    token = tokens(sandbox_url, [tenant, other])["access_token"]
    row = next(row for row in connections(sandbox_url, token) if row["tenantId"] == tenant)
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{sandbox_url}/xero/connections/{row['id']}"
    assert requests.delete(url, headers=headers, timeout=10).status_code == 204
    assert requests.delete(url, headers=headers, timeout=10).status_code == 404
    assert Client(sandbox_url, tenant, token).call("GET", "Organisation").status_code == 403
    assert Client(sandbox_url, other, token).call("GET", "Organisation").status_code == 200


def test_revocation_ends_everything(sandbox_url: str, tenant: str) -> None:
    found = tokens(sandbox_url, [tenant])
    answer = requests.post(
        f"{sandbox_url}/xero/connect/revocation",
        data={"token": found["refresh_token"]},
        auth=(CLIENT_ID, CLIENT_SECRET),
        timeout=10,
    )
    assert (answer.status_code, answer.content) == (200, b"")
    refused = exchange(sandbox_url, grant_type="refresh_token", refresh_token=found["refresh_token"])
    assert refused.text == '{"error":"invalid_grant"}'
    assert connections(sandbox_url, found["access_token"]) == []
    assert Client(sandbox_url, tenant, found["access_token"]).call("GET", "Organisation").status_code == 403


def test_who_was_disconnected_sees_it_in_the_connections(sandbox_url: str, tenant: str) -> None:
    token = tokens(sandbox_url, [tenant])["access_token"]
    requests.post(f"{sandbox_url}/control/companies/{tenant}/revoke-grants", timeout=10)
    assert tenant not in [row["tenantId"] for row in connections(sandbox_url, token)]
    assert Client(sandbox_url, tenant, token).call("GET", "Organisation").status_code == 403


def test_scopes_of_the_vendors_other_apis_can_be_asked_for(sandbox_url: str, tenant: str) -> None:
    asked = "openid offline_access accounting.contacts files payroll.employees projects assets accounting.budgets.read"
    assert tokens(sandbox_url, [tenant], scope=asked)["scope"] == asked
    page = f"{sandbox_url}/xero/identity/connect/authorize"
    form = {"response_type": "code", "client_id": CLIENT_ID, "redirect_uri": REDIRECT_URI}
    refused = requests.get(page, params={**form, "scope": "finance.statements.read"}, timeout=10)
    assert refused.status_code == 400 and "invalid_scope" in refused.text


def test_userinfo_tells_what_the_scopes_allow(sandbox_url: str, tenant: str) -> None:
    def ask(scope: str) -> requests.Response:
        token = tokens(sandbox_url, [tenant], scope=scope)["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{sandbox_url}/xero/connect/userinfo", headers=headers, timeout=10)

    assert ask("openid email").json().keys() == {"sub", "xero_userid", "email"}
    assert ask("openid profile").json()["given_name"] == "Alice"
    assert ask("accounting.contacts").status_code == 403


def test_a_custom_connection_signs_in_as_itself(sandbox_url: str) -> None:
    own = new_organisation(sandbox_url, custom_connection=CLIENT_ID)
    try:
        answer = exchange(sandbox_url, grant_type="client_credentials", scope="accounting.contacts").json()
        assert answer.keys() == {"access_token", "expires_in", "token_type", "scope"}
        headers = {"Authorization": f"Bearer {answer['access_token']}", "Accept": "application/json"}
        api = f"{sandbox_url}/xero/api.xro/2.0"
        made = requests.put(f"{api}/Contacts", json={"Name": "Acme"}, headers=headers, timeout=10)
        assert made.status_code == 200, made.text
        assert Client(sandbox_url, own, answer["access_token"]).one("GET", "Contacts")["Name"] == "Acme"
        assert requests.get(f"{api}/Invoices", headers=headers, timeout=10).status_code == 401
        assert [row["tenantId"] for row in connections(sandbox_url, answer["access_token"])] == [own]
        refused = exchange(sandbox_url, grant_type="client_credentials", scope="offline_access")
        assert refused.text == '{"error":"invalid_scope"}'
    finally:
        configure(sandbox_url, own, custom_connection=None)
    elsewhere = new_organisation(sandbox_url, version="GLOBAL", custom_connection=CLIENT_ID)
    try:
        assert exchange(sandbox_url, grant_type="client_credentials").text == '{"error":"unauthorized_client"}'
    finally:
        configure(sandbox_url, elsewhere, custom_connection=None)
    assert exchange(sandbox_url, grant_type="client_credentials").text == '{"error":"unauthorized_client"}'
