"""Connecting, refreshing and disconnecting, as a client sees it."""

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.sandbox.quickbooks.books import REQUEST, SCOPE, Books, callback, consent, token, tokens
from tests.sandbox.running import CALLBACK, CLIENT, Running, started

DAY = 86_400


def test_discovery_sends_the_browser_to_the_public_address() -> None:
    with started("--memory", SANDBOX_PUBLIC_URL="http://sandbox.example:8010") as sandbox:
        for name in ("openid_sandbox_configuration", "openid_configuration"):
            found = sandbox.http.get(f"{sandbox.url}/quickbooks/.well-known/{name}/", timeout=10).json()
            assert found["authorization_endpoint"] == "http://sandbox.example:8010/quickbooks/connect/oauth2"
            assert found["token_endpoint"] == f"{sandbox.url}/quickbooks/oauth2/v1/tokens/bearer"
            assert found["revocation_endpoint"].startswith(f"{sandbox.url}/quickbooks/")


def test_the_consent_page_offers_every_company(sandbox: Running) -> None:
    page = sandbox.http.get(f"{sandbox.url}/quickbooks/connect/oauth2", params=REQUEST, timeout=10)
    assert page.status_code == 200
    assert 'id="connect"' in page.text
    assert 'id="deny"' in page.text
    assert "Ironwood Mechanical" in page.text


def test_connecting_gives_code_state_and_realm(sandbox: Running) -> None:
    company = sandbox.company("quickbooks")
    answer = callback(consent(sandbox, company))
    assert answer["state"] == "s-1"
    assert answer["realmId"] == company


def test_denying_gives_access_denied(sandbox: Running) -> None:
    answer = callback(consent(sandbox, sandbox.company("quickbooks"), decision="deny"))
    assert answer == {"error": "access_denied", "state": "s-1"}


def test_a_plain_user_is_refused_on_the_page(sandbox: Running) -> None:
    answer = consent(sandbox, sandbox.company("quickbooks"), user="bob@example.com")
    assert answer.status_code == 422
    assert "Only an admin" in answer.text


@pytest.mark.parametrize("changes", [{"redirect_uri": CALLBACK + "x"}, {"client_id": "stranger"}])
def test_an_unknown_client_or_redirect_uri_is_never_redirected(sandbox: Running, changes: dict[str, str]) -> None:
    answer = consent(sandbox, sandbox.company("quickbooks"), **changes)
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_an_unknown_scope_comes_back_as_an_error(sandbox: Running) -> None:
    url = f"{sandbox.url}/quickbooks/connect/oauth2"
    answer = sandbox.http.get(url, params={**REQUEST, "scope": "everything"}, allow_redirects=False, timeout=10)
    assert callback(answer)["error"] == "invalid_scope"


def test_a_redirect_uri_may_not_be_an_ip_address(sandbox: Running) -> None:
    answer = sandbox.http.post(
        f"{sandbox.url}/control/apps", json={"redirect_uris": ["http://127.0.0.1:8000/cb/"]}, timeout=10
    )
    assert answer.status_code == 400
    assert "IP address" in answer.json()["error"]


def test_a_code_works_once(sandbox: Running) -> None:
    code = callback(consent(sandbox, sandbox.company("quickbooks")))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    assert token(sandbox, **form).status_code == 200
    again = token(sandbox, **form)
    assert again.status_code == 400
    assert again.json()["error"] == "invalid_grant"


def test_a_wrong_secret_is_an_invalid_client(sandbox: Running) -> None:
    url = f"{sandbox.url}/quickbooks/oauth2/v1/tokens/bearer"
    answer = sandbox.http.post(url, data={"grant_type": "refresh_token"}, auth=(CLIENT[0], "wrong"), timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_refresh_token_changes_after_a_day_and_the_old_one_has_a_day_of_grace(sandbox: Running) -> None:
    company = sandbox.company("quickbooks")
    first = tokens(sandbox, company)["refresh_token"]
    assert _refresh(sandbox, first)["refresh_token"] == first
    sandbox.control("PUT", "/clock", {"offset_seconds": DAY + 60})
    second = _refresh(sandbox, first)["refresh_token"]
    assert second != first
    assert _refresh(sandbox, first)["refresh_token"] == second
    sandbox.control("PUT", "/clock", {"offset_seconds": 2 * DAY + 120})
    assert token(sandbox, grant_type="refresh_token", refresh_token=first).json()["error"] == "invalid_grant"
    assert _refresh(sandbox, second)["refresh_token"] != second


def test_without_grace_the_old_refresh_token_is_dead_at_once(sandbox: Running) -> None:
    company = sandbox.company("quickbooks", refresh_grace_seconds=0)
    first = tokens(sandbox, company)["refresh_token"]
    sandbox.control("PUT", "/clock", {"offset_seconds": DAY + 60})
    _refresh(sandbox, first)
    assert token(sandbox, grant_type="refresh_token", refresh_token=first).status_code == 400


def test_the_hard_expiry_is_told_when_asked_for(sandbox: Running) -> None:
    held = tokens(sandbox, sandbox.company("quickbooks"))["refresh_token"]
    answer = sandbox.http.post(
        f"{sandbox.url}/quickbooks/oauth2/v1/tokens/bearer",
        data={"grant_type": "refresh_token", "refresh_token": held},
        headers={"x-include-refresh-token-hard-expires-in": "true"},
        auth=CLIENT,
        timeout=10,
    )
    assert 157_679_000 < answer.json()["x_refresh_token_hard_expires_in"] <= 157_680_000


@pytest.mark.parametrize(("seconds", "status"), [(3599, 200), (3601, 401)])
def test_an_access_token_lives_an_hour(sandbox: Running, seconds: int, status: int) -> None:
    books = Books(sandbox)
    sandbox.control("PUT", "/clock", {"offset_seconds": seconds})
    assert books.request("GET", "preferences").status_code == status


@pytest.mark.parametrize(("seconds", "status"), [(290, 200), (301, 400)])
def test_a_code_lives_five_minutes(sandbox: Running, seconds: int, status: int) -> None:
    code = callback(consent(sandbox, sandbox.company("quickbooks")))["code"]
    sandbox.control("PUT", "/clock", {"offset_seconds": seconds})
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    assert token(sandbox, **form).status_code == status


def test_a_refresh_token_rolls_on_but_not_beyond_five_years(sandbox: Running) -> None:
    held = tokens(sandbox, sandbox.company("quickbooks"))["refresh_token"]
    for days in range(95, 5 * 365, 95):
        sandbox.control("PUT", "/clock", {"offset_seconds": days * DAY})
        held = _refresh(sandbox, held)["refresh_token"]
    sandbox.control("PUT", "/clock", {"offset_seconds": 5 * 365 * DAY + 60})
    assert token(sandbox, grant_type="refresh_token", refresh_token=held).json()["error"] == "invalid_grant"


def test_a_refresh_token_left_alone_dies(sandbox: Running) -> None:
    held = tokens(sandbox, sandbox.company("quickbooks"))["refresh_token"]
    sandbox.control("PUT", "/clock", {"offset_seconds": 102 * DAY})
    assert token(sandbox, grant_type="refresh_token", refresh_token=held).status_code == 400


def test_an_expired_token_gets_the_gateway_fault(sandbox: Running) -> None:
    books = Books(sandbox)
    sandbox.control("POST", f"/companies/{books.company}/expire-tokens")
    answer = books.request("GET", "preferences")
    error = answer.json()["fault"]["error"][0]
    assert answer.status_code == 401
    assert error["code"] == "3200"
    assert error["message"] == "message=AuthenticationFailed; errorCode=003200; statusCode=401"
    assert "invalid_token" in answer.headers["WWW-Authenticate"]
    assert answer.headers["intuit_tid"].startswith("1-")


def test_a_token_of_another_company_is_forbidden(sandbox: Running) -> None:
    books = Books(sandbox)
    books.company = sandbox.company("quickbooks")
    answer = books.request("GET", "preferences")
    assert (answer.status_code, answer.json()["fault"]["error"][0]["code"]) == (403, "3100")


@pytest.mark.parametrize("as_json", [True, False])
def test_revoking_either_token_kills_the_pair(sandbox: Running, as_json: bool) -> None:
    books = Books(sandbox)
    url, body = f"{sandbox.url}/quickbooks/v2/oauth2/tokens/revoke", {"token": books.token}
    answer = sandbox.http.post(
        url, json=body if as_json else None, data=None if as_json else body, auth=CLIENT, timeout=10
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert books.request("GET", "preferences").status_code == 401


def test_a_user_who_left_the_company_cannot_refresh(sandbox: Running) -> None:
    company = sandbox.company("quickbooks")
    held = tokens(sandbox, company)["refresh_token"]
    sandbox.control("PATCH", f"/companies/{company}", {"access": "removed"})
    answer = token(sandbox, grant_type="refresh_token", refresh_token=held)
    assert answer.json()["x_error_reason"] == "user_not_in_realm"


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        ("openid", {"sub"}),
        ("openid email", {"sub", "email", "emailVerified"}),
        ("openid profile", {"sub", "givenName", "familyName"}),
        (f"{SCOPE} phone address", {"sub", "phoneNumber", "phoneNumberVerified", "address"}),
    ],
)
def test_userinfo_tells_what_the_person_agreed_to(sandbox: Running, scope: str, told: set[str]) -> None:
    found = _userinfo(sandbox, scope).json()
    assert set(found) == told
    assert found.get("email", "alice@example.com") == "alice@example.com"


def test_userinfo_needs_the_scope_of_sign_in(sandbox: Running) -> None:
    assert _userinfo(sandbox, "com.intuit.quickbooks.accounting").status_code == 403


def _userinfo(sandbox: Running, scope: str) -> requests.Response:
    code = callback(consent(sandbox, sandbox.company("quickbooks"), scope=scope))["code"]
    access = token(sandbox, grant_type="authorization_code", code=code, redirect_uri=CALLBACK).json()["access_token"]
    url = f"{sandbox.url}/quickbooks/v1/openid_connect/userinfo"
    return sandbox.http.get(url, headers={"Authorization": f"Bearer {access}"}, timeout=10)


@pytest.mark.parametrize("form", [{"grant_type": "authorization_code"}, {"grant_type": "refresh_token"}, {}])
def test_a_form_without_its_credential_is_malformed(sandbox: Running, form: dict[str, str]) -> None:
    answer = token(sandbox, redirect_uri=CALLBACK, **form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_lifetimes_are_told_as_the_vendor_prints_them(sandbox: Running) -> None:
    found = tokens(sandbox, sandbox.company("quickbooks"))
    assert (found["expires_in"], found["x_refresh_token_expires_in"]) == (3600, 8_726_400)


def _refresh(sandbox: Running, value: str) -> dict[str, str]:
    answer = token(sandbox, grant_type="refresh_token", refresh_token=value)
    assert answer.status_code == 200, answer.text
    body: dict[str, str] = answer.json()
    return body


def test_the_id_token_is_signed_with_the_published_key(sandbox: Running) -> None:
    company = sandbox.company("quickbooks")
    token_text = tokens(sandbox, company)["id_token"]
    keys = sandbox.http.get(f"{sandbox.url}/quickbooks/op/v1/jwks", timeout=10).json()
    claims = jwt.decode(token_text, KeySet.import_key_set(keys), algorithms=["RS256"]).claims
    assert (claims["aud"], claims["realmid"]) == ([CLIENT[0]], company)
