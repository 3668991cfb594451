"""Every answer that is no 200, beside the sentences of validation: status, shape, words and headers."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from sandbox.xero import listing
from sandbox.xero.query_tokens import QueryParseError
from tests.sandbox.running import Running
from tests.sandbox.xero.browser import (
    Client,
    client_of,
    configure,
    consent,
    exchange,
    invoice,
    new_organisation,
    tokens,
)

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
GUID = r"[0-9a-f]{8}-[0-9a-f-]{27}"
NOBODY = "11111111-1111-4111-8111-111111111111"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer as it must be: JSON by the values of its keys (a text is a pattern), anything else by a pattern."""

    status: int
    media_type: str | None = JSON
    body: dict[str, Any] | str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def check(self, answer: requests.Response) -> None:
        assert (answer.status_code, answer.headers.get("Content-Type")) == (self.status, self.media_type), answer.text
        if isinstance(self.body, str):
            assert re.fullmatch(self.body, answer.text, re.DOTALL), answer.text
        else:
            assert list(answer.json()) == list(self.body)
            for name, value in self.body.items():
                assert _matches(value, answer.json()[name]), (name, answer.text)
        for name, pattern in self.headers.items():
            assert re.fullmatch(pattern, answer.headers.get(name, "absent")), answer.headers


def _matches(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, str) and isinstance(found, str):
        return bool(re.fullmatch(wanted, found))
    return bool(wanted == found)


def plain(status: int, title: str, detail: str) -> dict[str, Any]:
    """The body of a token nobody issued and of an organisation that is not connected."""
    return {"title": title, "status": status, "detail": detail, "instance": GUID}


def formal(status: int, title: str, detail: str) -> dict[str, Any]:
    """The body of an expired token and of a missing scope."""
    named = {"Title": title, "Status": status, "Detail": detail, "Instance": GUID}
    return {"Type": None, **named, "Extensions": {}}


def fault(number: int, kind: str, message: str) -> dict[str, Any]:
    return {"ErrorNumber": number, "Type": kind, "Message": message}


def keyed(message: str, status: int = 400) -> Refusal:
    return Refusal(status=status, body={**fault(10, "ValidationException", message), "Elements": []})


INVALID = {"WWW-Authenticate": "Bearer error=invalid_token"}
UNKNOWN = Refusal(status=401, body=plain(401, "Unauthorized", "AuthenticationUnsuccessful"), headers=INVALID)
EXPIRED_WORDS = r"TokenExpired: token expired at \d\d/\d\d/\d{4} \d\d:\d\d:\d\d"
EXPIRED = Refusal(status=401, body=formal(401, "Unauthorized", EXPIRED_WORDS), headers=INVALID)
WRONG_TENANT = Refusal(status=403, body=plain(403, "Forbidden", "AuthenticationUnsuccessful"))
ROLE = Refusal(status=403, body=plain(403, "Forbidden", "AuthorizationUnsuccessful"))
SCOPE_HEADER = {"WWW-Authenticate": "insufficient_scope"}
MISSING = Refusal(status=404, media_type=HTML, body="The resource you're looking for cannot be found")
NOT_IMPLEMENTED = Refusal(
    status=501,
    media_type="text/xml; charset=utf-8",
    body=r"<ApiException .*<ErrorNumber>20</ErrorNumber><Type>ApiMethodNotImplementedException</Type>.*",
)


def limited(problem: str, retry_after: str) -> Refusal:
    """As recorded: no body, no content type."""
    headers = {"X-Rate-Limit-Problem": problem, "Retry-After": retry_after}
    return Refusal(status=429, media_type=None, body="", headers=headers)


@pytest.fixture
def client(sandbox: Running) -> Client:
    return client_of(sandbox.url, scopes="accounting.reports.trialbalance.read")


def keyed_call(client: Client, key: str, body: Any) -> requests.Response:
    return client.call("PUT", "Contacts", body, headers={"Idempotency-Key": key})


def with_token(client: Client, token: str, **changes: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}", "xero-tenant-id": client.tenant, **changes}
    return requests.get(f"{client.url}/xero/api.xro/2.0/Contacts", headers=headers, timeout=10)


def expired(client: Client) -> requests.Response:
    requests.post(f"{client.url}/control/companies/{client.tenant}/expire-tokens", timeout=10)
    return client.call("GET", "Contacts")


def narrow(client: Client, path: str = "Invoices", method: str = "GET", **settings: Any) -> requests.Response:
    """A call of Bob, who granted the reading of contacts alone."""
    tenant = new_organisation(client.url, **settings)
    code = consent(client.url, [tenant], scope="accounting.contacts.read", user="bob@rivet.example")["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": "http://localhost:9/callback/"}
    token = exchange(client.url, **form).json()["access_token"]
    return Client(client.url, tenant, token).call(method, path, {"Name": "x"} if method != "GET" else None)


def elsewhere(client: Client) -> requests.Response:
    return Client(client.url, new_organisation(client.url), client.token).call("GET", "Contacts")


def disconnected(client: Client) -> requests.Response:
    requests.post(f"{client.url}/control/companies/{client.tenant}/revoke-grants", timeout=10)
    return client.call("GET", "Contacts")


def without_role(client: Client) -> requests.Response:
    configure(client.url, client.tenant, forbidden_resources=["ManualJournals"])
    assert client.call("GET", "Contacts").status_code == 200
    return client.call("GET", "ManualJournals")


def reused_key(client: Client) -> requests.Response:
    assert keyed_call(client, "k 1", {"Name": "First"}).status_code == 200
    return keyed_call(client, "k 1", {"Name": "Second"})


def struck(code: str, **act: Any) -> Callable[[Client], requests.Response]:
    """A call that meets a fault switched on, for what has no real trigger."""

    def call(client: Client) -> requests.Response:
        rule = {"provider": "xero", "company": client.tenant, "times": 1}
        made = {**rule, "act": {"kind": "code", "code": code, **act}}
        assert requests.post(f"{client.url}/control/faults", json=made, timeout=10).ok
        return client.call("PUT", "Contacts", {"Name": "Struck"})

    return call


def conditional(client: Client) -> requests.Response:
    return client.call("GET", "Contacts", headers={"If-Modified-Since": "yesterday"})


def too_large(client: Client) -> requests.Response:
    raw = b'{"Name": "' + b"x" * (10 * 1024 * 1024) + b'"}'
    return client.call("PUT", "Contacts", data=raw, headers={"Content-Type": "application/json"})


def as_a_form(client: Client) -> requests.Response:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return client.call("PUT", "Contacts", data=b"Name=x", headers=headers)


TABLE: dict[str, tuple[Callable[[Client], requests.Response], Refusal]] = {
    "no token": (lambda client: with_token(client, ""), UNKNOWN),
    "a token nobody issued": (lambda client: with_token(client, "garbage"), UNKNOWN),
    "another scheme": (lambda client: with_token(client, "", Authorization="Basic eA=="), UNKNOWN),
    "an expired token": (expired, EXPIRED),
    "no organisation named": (lambda client: with_token(client, client.token, **{"xero-tenant-id": ""}), WRONG_TENANT),
    "another organisation": (elsewhere, WRONG_TENANT),
    "a connection that was taken back": (disconnected, WRONG_TENANT),
    "a scope that is missing": (
        narrow,
        Refusal(status=401, body=formal(401, "Unauthorized", "AuthorizationUnsuccessful"), headers=SCOPE_HEADER),
    ),
    "a scope for reading alone": (
        lambda client: narrow(client, "Contacts", "PUT"),
        Refusal(status=401, body=formal(401, "Unauthorized", "AuthorizationUnsuccessful"), headers=SCOPE_HEADER),
    ),
    "a scope that is missing, the other reading": (
        lambda client: narrow(client, missing_scope_status=403),
        Refusal(status=403, body=formal(403, "Forbidden", "AuthorizationUnsuccessful"), headers=SCOPE_HEADER),
    ),
    "a role that is too low": (without_role, ROLE),
    "an unknown id": (lambda client: client.call("GET", f"Invoices/{NOBODY}"), MISSING),
    "an unknown resource": (lambda client: client.call("GET", "Nothing"), MISSING),
    "an unknown part": (lambda client: client.call("GET", "Invoices/x/Nothing"), MISSING),
    "an unknown tax rate": (lambda client: client.call("GET", "TaxRates/NOPE"), MISSING),
    "an unknown report": (lambda client: client.call("GET", "Reports/Weather"), Refusal(
        status=401, body=formal(401, "Unauthorized", "AuthorizationUnsuccessful")
    )),
    "an unknown condition": (conditional, Refusal(status=412, media_type=HTML, body="Precondition Failed")),
    "a huge body": (too_large, Refusal(status=413, media_type=HTML, body="Request Entity Too Large")),
    "a body that is a form": (as_a_form, Refusal(status=415, media_type=HTML, body="Unsupported Media Type")),
    "writing the organisation": (lambda client: client.call("POST", "Organisation", {"Name": "x"}), NOT_IMPLEMENTED),
    "deleting a contact": (
        lambda client: client.call(
            "DELETE", f"Contacts/{client.one('PUT', 'Contacts', {'Name': 'x'})['ContactID']}"
        ),
        NOT_IMPLEMENTED,
    ),
    "creating at an id": (
        lambda client: client.call(
            "PUT", f"Contacts/{client.one('PUT', 'Contacts', {'Name': 'x'})['ContactID']}", {"Name": "y"}
        ),
        NOT_IMPLEMENTED,
    ),
    "a filter that cannot be read": (
        lambda client: client.call("GET", "Invoices", params={"where": "1; DROP TABLE documents"}),
        Refusal(status=400, body=fault(16, "QueryParseException", ".+")),
    ),
    "a filter over an empty field": (
        lambda client: client.call("GET", "Contacts", params={"where": 'FirstName.Contains("a")'})
        if client.one("PUT", "Contacts", {"Name": "No first name"})
        else pytest.fail("no contact"),
        Refusal(status=400, body=fault(16, "QueryParseException", "Object reference not set .+")),
    ),
    "a body that is no JSON": (
        lambda client: client.call("PUT", "Invoices", data=b"{", headers={"Content-Type": "application/json"}),
        Refusal(status=400, body=fault(17, "PostDataInvalidException", "JSON for post data was invalid,.+")),
    ),
    "a key for another request": (reused_key, keyed("Idempotency Key: k 1 is used with a different request.")),
    "a key that is too long": (
        lambda client: keyed_call(client, "k" * 129, {"Name": "x"}),
        keyed("Idempotency Key must be 128 characters or fewer"),
    ),
    "an accident of the vendor": (
        struck("500"),
        Refusal(status=500, media_type=HTML, body="An unhandled error with the Xero API occurred.+"),
    ),
    "maintenance": (
        struck("503"),
        Refusal(
            status=503,
            media_type="text/plain; charset=utf-8",
            body="The Xero API is currently offline for maintenance",
        ),
    ),
    "an organisation that is offline": (
        struck("503-organisation"),
        Refusal(status=503, media_type=HTML, body="The organisation temporarily cannot be connected to."),
    ),
    "too many at once, on demand": (struck("concurrent", kind="rate_limit"), limited("concurrent", "absent")),
    "too many of the application": (struck("appminute", kind="rate_limit", retry_after=9), limited("appminute", "9")),
    "a precondition, on demand": (struck("412"), Refusal(status=412, media_type=HTML, body="Precondition Failed")),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_refused(client: Client, name: str) -> None:
    call, refusal = TABLE[name]
    refusal.check(call(client))


def test_a_code_of_the_table_answers_on_demand_as_by_its_trigger(client: Client) -> None:
    """Each `code` that a fault rule takes; what has a real trigger must look the same both ways."""
    same = {"401": UNKNOWN, "403": WRONG_TENANT, "403-role": ROLE, "404": MISSING}
    same["401-scope"] = TABLE["a scope that is missing"][1]
    for code, refusal in same.items():
        refusal.check(struck(code)(client))
    EXPIRED.check(struck("", kind="expired_token")(client))
    assert client.documents() == []


@pytest.mark.parametrize(
    ("settings", "calls", "refusal"),
    [
        ({}, 61, limited("minute", r"[1-5]?\d|60")),
        ({"limit_style": "rolling"}, 61, limited("minute", r"[1-5]?\d|60")),
        ({"day_limit": 3}, 4, limited("day", r"\d{1,5}")),
    ],
)
def test_limits(client: Client, settings: dict[str, Any], calls: int, refusal: Refusal) -> None:
    configure(client.url, client.tenant, **settings)
    requests.put(f"{client.url}/control/limits", json={"enabled": True}, timeout=5)
    # A fixed window may end between two of the calls: then the next one holds them all.
    for _ in range(2 * calls):
        answer = client.call("GET", "Organisation")
        if answer.status_code == 429:
            break
    refusal.check(answer)
    assert "X-MinLimit-Remaining" in answer.headers and "X-DayLimit-Remaining" in answer.headers


@pytest.mark.parametrize(("setting", "statuses"), [(None, {200}), (400, {200, 400}), (409, {200, 409})])
def test_the_same_key_while_its_first_call_runs(client: Client, setting: int | None, statuses: set[int]) -> None:
    configure(client.url, client.tenant, key_in_use_status=setting)
    requests.put(f"{client.url}/control/latency", json={"median_ms": 400, "p99_ms": 401}, timeout=5)
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: keyed_call(client, "once", {"Name": "Once"}), range(3)))
    assert {answer.status_code for answer in answers} == statuses
    for answer in answers:
        if answer.status_code != 200:
            words = "Idempotency Key: once is used by a request that has not been answered yet."
            keyed(words, answer.status_code).check(answer)
    assert keyed_call(client, "once", {"Name": "Once"}).status_code == 200


def test_a_list_of_too_many_rows_must_be_paged(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real limit is 100,000: the same refusal at three rows, inside the rule itself."""
    monkeypatch.setattr(listing, "TOO_MANY_ROWS", 3)
    listing.refuse_flood(3)
    with pytest.raises(QueryParseError, match="too many records"):
        listing.refuse_flood(4)


TOKEN_REFUSALS: list[tuple[dict[str, str], str]] = [
    ({"grant_type": "refresh_token", "refresh_token": "unknown"}, "invalid_grant"),
    ({"grant_type": "authorization_code", "code": "unknown"}, "invalid_grant"),
    ({"grant_type": "authorization_code"}, "invalid_grant"),
    ({"grant_type": "password"}, "unsupported_grant_type"),
    ({}, "unsupported_grant_type"),
    ({"grant_type": "client_credentials"}, "unauthorized_client"),
]


@pytest.mark.parametrize(("form", "error"), TOKEN_REFUSALS)
def test_the_token_endpoint_refuses_byte_for_byte(client: Client, form: dict[str, str], error: str) -> None:
    body = re.escape(f'{{"error":"{error}"}}')
    Refusal(status=400, media_type="application/json", body=body).check(exchange(client.url, **form))


@pytest.mark.parametrize(
    "options",
    [{"auth": ("rivet-sandbox", "wrong")}, {"auth": ("nobody", "x")}, {"headers": {"Authorization": "Basic !"}}, {}],
)
def test_an_unknown_client_is_refused(client: Client, options: dict[str, Any]) -> None:
    url = f"{client.url}/xero/connect/token"
    answer = requests.post(url, data={"grant_type": "refresh_token"}, timeout=5, **options)
    Refusal(status=400, media_type="application/json", body=r'\{"error":"invalid_client"\}').check(answer)


def test_a_quota_is_counted_for_replays_too(client: Client) -> None:
    """The limits are asked before the kept answers."""
    requests.put(f"{client.url}/control/limits", json={"enabled": True}, timeout=5)
    left = [int(keyed_call(client, "q", {"Name": "Q"}).headers["X-DayLimit-Remaining"]) for _ in range(2)]
    assert left[0] - left[1] == 1


def test_errors_are_kept_under_their_key_too(client: Client) -> None:
    client.good("PUT", "Invoices", invoice("A-1"))
    headers = {"Idempotency-Key": "bad"}
    first = client.call("PUT", "Invoices", invoice("A-1"), headers=headers)
    client.good("POST", "Invoices", {"InvoiceNumber": "A-1", "Status": "VOIDED"})
    again = client.call("PUT", "Invoices", invoice("A-1"), headers=headers)
    assert (first.status_code, first.content) == (400, again.content)


def test_a_token_of_the_other_provider_opens_nothing(client: Client) -> None:
    refresh = tokens(client.url, [client.tenant])["refresh_token"]
    UNKNOWN.check(with_token(client, refresh))
