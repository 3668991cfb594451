"""What an application may ask for, and what the person may give: organisations, scopes, proofs."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from sandbox.xero.scopes import BROAD, GRANULAR
from tests.sandbox.running import CALLBACK, Running
from tests.sandbox.xero.browser import VERIFIER, Client, challenge, consent, exchange, new_organisation, tokens
from tests.sandbox.xero.test_identity import claims

TABLE: list[tuple[str, str, str, int]] = [
    # scope, method, path, expected status
    ("accounting.invoices", "PUT", "Invoices", 400),
    ("accounting.invoices", "PUT", "CreditNotes", 400),
    ("accounting.invoices", "PUT", "PurchaseOrders", 400),
    ("accounting.invoices", "PUT", "Items", 400),
    ("accounting.invoices", "PUT", "Payments", 401),
    ("accounting.invoices.read", "GET", "Invoices", 200),
    ("accounting.invoices.read", "PUT", "Invoices", 401),
    ("accounting.payments", "PUT", "Payments", 400),
    ("accounting.payments", "PUT", "BatchPayments", 400),
    ("accounting.payments.read", "GET", "Prepayments", 200),
    ("accounting.payments.read", "GET", "Overpayments", 200),
    ("accounting.payments", "GET", "Invoices", 401),
    ("accounting.banktransactions", "PUT", "BankTransactions", 400),
    ("accounting.manualjournals", "PUT", "ManualJournals", 400),
    ("accounting.contacts", "PUT", "Contacts", 400),
    ("accounting.contacts", "PUT", "ContactGroups", 400),
    ("accounting.contacts", "GET", "Accounts", 401),
    ("accounting.settings", "PUT", "Accounts", 400),
    ("accounting.settings.read", "GET", "Organisation", 200),
    ("accounting.settings.read", "GET", "TrackingCategories", 200),
    ("accounting.settings.read", "GET", "TaxRates", 200),
    ("accounting.settings.read", "PUT", "TrackingCategories", 401),
    ("accounting.attachments", "GET", "Invoices", 401),
    ("accounting.reports.trialbalance.read", "GET", "Reports/TrialBalance", 200),
    ("accounting.reports.trialbalance.read", "GET", "Reports/BalanceSheet", 401),
    ("accounting.reports.read", "GET", "Reports/BalanceSheet", 200),
    ("accounting.transactions", "PUT", "Invoices", 400),
    ("accounting.transactions", "PUT", "ManualJournals", 400),
    ("accounting.transactions", "GET", "Contacts", 401),
    ("accounting.transactions.read", "GET", "Payments", 200),
    ("accounting.transactions.read", "PUT", "Payments", 401),
]


@pytest.fixture(scope="module")
def tenant(server: Running) -> str:
    return new_organisation(server.url)


@pytest.mark.parametrize(("scope", "method", "path", "status"), TABLE, ids=[" ".join(map(str, row)) for row in TABLE])
def test_scopes_open_what_they_name(
    server: Running, tenant: str, scope: str, method: str, path: str, status: int
) -> None:
    """400 is the answer to an empty element: the scope let it in."""
    token = tokens(server.url, [tenant], scope=scope)["access_token"]
    answer = Client(server.url, tenant, token).call(method, path, {} if method == "PUT" else None)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    "tenants", [[], ["11111111-1111-4111-8111-111111111111"], [""]], ids=["none", "unknown", "empty"]
)
def test_access_to_no_organisation_is_not_given(server: Running, tenant: str, tenants: list[str]) -> None:
    form: dict[str, Any] = {
        "response_type": "code",
        "client_id": "rivet-sandbox",
        "redirect_uri": CALLBACK,
        "scope": "openid accounting.contacts",
        "state": "s1",
        "tenant": tenants,
        "user": "bob@rivet.example",
    }
    page = f"{server.url}/xero/identity/connect/authorize"
    asked = requests.post(page, data={**form, "decision": "allow"}, allow_redirects=False, timeout=5)
    assert asked.status_code == 422 and "No organisation is chosen." in asked.text
    assert re.findall('value="([^"]*)" checked', asked.text) == ["bob@rivet.example"]
    assert 'name="state" value="s1"' in asked.text and f'value="{tenant}"' in asked.text
    cancelled = requests.post(page, data={**form, "decision": "cancel"}, allow_redirects=False, timeout=5)
    assert "error=access_denied" in cancelled.headers["Location"]
    # Who somebody is can be told without an organisation.
    known = {**form, "scope": "openid profile", "decision": "allow"}
    assert "code=" in requests.post(page, data=known, allow_redirects=False, timeout=5).headers["Location"]


@pytest.mark.parametrize(("day", "asked", "listed"), [("2027-09-12", 200, 200), ("2027-09-13", 400, 401)])
def test_broad_scopes_end_on_their_day(sandbox: Running, day: str, asked: int, listed: int) -> None:
    tenant, ahead = new_organisation(sandbox.url), seconds_until(sandbox, day)
    # Asked for while they still lived, one refresh before their end.
    sandbox.control("PUT", "/clock", {"offset_seconds": ahead - 7 * 86_400})
    refresh = tokens(sandbox.url, [tenant], scope="accounting.transactions offline_access")["refresh_token"]
    sandbox.control("PUT", "/clock", {"offset_seconds": ahead})
    assert authorize(sandbox.url, scope="accounting.transactions").status_code == asked
    token = exchange(sandbox.url, grant_type="refresh_token", refresh_token=refresh).json()["access_token"]
    assert Client(sandbox.url, tenant, token).call("GET", "Invoices").status_code == listed


def seconds_until(sandbox: Running, day: str) -> float:
    now = datetime.fromisoformat(sandbox.control("GET", "/clock")["now"])
    return (datetime.fromisoformat(day).replace(hour=1, tzinfo=UTC) - now).total_seconds()


def authorize(url: str, **changes: str) -> requests.Response:
    query = {"response_type": "code", "client_id": "rivet-sandbox", "redirect_uri": CALLBACK, "scope": "openid"}
    return requests.get(f"{url}/xero/identity/connect/authorize", params={**query, **changes}, timeout=10)


def test_the_picker_opens_several_at_once_or_one_alone(server: Running) -> None:
    three = [new_organisation(server.url) for _ in range(3)]
    assert f'type="checkbox" name="tenant" id="tenant-{three[0]}"' in authorize(server.url).text
    assert (
        f'type="radio" name="tenant" id="tenant-{three[0]}"'
        in authorize(server.url, acr_values="bulk_connect:false").text
    )
    choices: list[tuple[dict[str, str], list[str]]] = [({}, three), ({"acr_values": "bulk_connect:false"}, three[:1])]
    for changes, opened in choices:
        code = consent(server.url, three, scope="openid accounting.contacts", user="bob@rivet.example", **changes)
        form = {"grant_type": "authorization_code", "code": code["code"], "redirect_uri": CALLBACK}
        token = exchange(server.url, **form).json()["access_token"]
        assert sorted(event_of(server.url, token)) == sorted(opened)


def event_of(url: str, token: str) -> list[str]:
    """The organisations that the consent behind a token opened, and no earlier one."""
    query = {"authEventId": claims(token)["authentication_event_id"]}
    headers = {"Authorization": f"Bearer {token}"}
    rows = requests.get(f"{url}/xero/connections", params=query, headers=headers, timeout=10).json()
    return [row["tenantId"] for row in rows]


def test_an_application_without_a_secret_proves_itself_by_pkce(server: Running, tenant: str) -> None:
    app = {"client_id": "phone", "secret": "", "name": "Phone", "redirect_uris": [CALLBACK]}
    server.control("POST", "/apps", app)
    asked = {"scope": "openid offline_access", "client_id": "phone"}
    assert "code challenge required" in authorize(server.url, **asked).text
    proof = {"code_challenge": challenge(), "code_challenge_method": "S256"}
    form: dict[str, Any] = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "client_id": "phone"}

    def redeem(verifier: str) -> requests.Response:
        code = consent(server.url, [tenant], **asked, **proof)["code"]
        url = f"{server.url}/xero/connect/token"
        return requests.post(url, data={**form, "code": code, "code_verifier": verifier}, timeout=10)

    found = redeem(VERIFIER)
    assert found.status_code == 200, found.text
    for wrong in ("w" * 64, "", "short"):
        assert redeem(wrong).text == '{"error":"invalid_grant"}'
    again = {"grant_type": "refresh_token", "client_id": "phone", "refresh_token": found.json()["refresh_token"]}
    assert requests.post(f"{server.url}/xero/connect/token", data=again, timeout=10).ok


def test_scopes_add_up_over_consents_but_a_token_has_those_it_was_asked_for(server: Running) -> None:
    tenant = new_organisation(server.url)
    first = tokens(server.url, [tenant], scope="accounting.contacts.read")["access_token"]
    second = tokens(server.url, [tenant], scope="accounting.settings.read")["access_token"]
    statuses = [
        [Client(server.url, tenant, token).call("GET", path).status_code for path in ("Contacts", "Organisation")]
        for token in (first, second)
    ]
    assert statuses == [[200, 401], [401, 200]]


def test_a_second_consent_updates_the_connection_and_keeps_its_id(server: Running) -> None:
    tenant = new_organisation(server.url)
    rows = []
    for _ in range(2):
        token = tokens(server.url, [tenant])["access_token"]
        listed = requests.get(
            f"{server.url}/xero/Connections", headers={"Authorization": f"Bearer {token}"}, timeout=10
        ).json()
        rows.append(next(row for row in listed if row["tenantId"] == tenant))
    assert rows[0]["id"] == rows[1]["id"] and rows[0]["createdDateUtc"] == rows[1]["createdDateUtc"]
    assert rows[1]["updatedDateUtc"] > rows[1]["createdDateUtc"]
    assert all(
        re.fullmatch(r"[\d-]{10}T[\d:]{8}\.\d{7}", rows[1][name]) for name in ("createdDateUtc", "updatedDateUtc")
    )


def test_the_vendors_scopes_are_known() -> None:
    assert {"accounting.reports.aged.read", "accounting.journals.read", "accounting.attachments.read"} <= GRANULAR
    assert not GRANULAR & BROAD
