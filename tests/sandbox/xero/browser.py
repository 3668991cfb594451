"""What a client application and its user do against the sandbox, over real HTTP."""

import base64
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.sandbox.running import CALLBACK, CLIENT
from tests.sandbox.xero.conformance import verify

REDIRECT_URI = CALLBACK
CLIENT_ID, CLIENT_SECRET = CLIENT
SCOPES = (
    "openid profile email offline_access accounting.invoices accounting.payments accounting.manualjournals "
    "accounting.contacts accounting.settings accounting.attachments"
)
VERIFIER = "v" * 64


def challenge() -> str:
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def new_organisation(url: str, scenario: str = "empty", **settings: Any) -> str:
    """The tenant id of a fresh organisation."""
    born = {name: settings.pop(name) for name in ("version", "base_currency") if name in settings}
    body = {"provider": "xero", "scenario": scenario, "settings": born}
    company = requests.post(f"{url}/control/companies", json=body, timeout=10).json()
    if settings:
        configure(url, company["id"], **settings)
    return str(company["id"])


def configure(url: str, tenant: str, **settings: Any) -> None:
    answer = requests.patch(f"{url}/control/companies/{tenant}", json=settings, timeout=10)
    assert answer.ok, answer.text


def consent(url: str, tenants: list[str], *, scope: str = SCOPES, **changes: str) -> dict[str, str]:
    """Allow access as Alice; the parameters of the callback."""
    form: dict[str, Any] = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "scope": scope,
        "state": "s1",
        "decision": "allow",
        "user": "alice@rivet.example",
        "tenant": tenants,
        **changes,
    }
    answer = requests.post(f"{url}/xero/identity/connect/authorize", data=form, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(REDIRECT_URI)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def exchange(url: str, **form: str) -> requests.Response:
    """A call of the token endpoint."""
    return requests.post(f"{url}/xero/connect/token", data=form, auth=(CLIENT_ID, CLIENT_SECRET), timeout=10)


def tokens(url: str, tenants: list[str], *, scope: str = SCOPES) -> dict[str, Any]:
    code = consent(url, tenants, scope=scope)["code"]
    answer = exchange(url, grant_type="authorization_code", code=code, redirect_uri=REDIRECT_URI)
    assert answer.ok, answer.text
    found: dict[str, Any] = answer.json()
    return found


@dataclass
class Client:
    """Calls of one organisation; every answer must fit the published schema unless `published=False` is said."""

    url: str
    tenant: str
    token: str

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "xero-tenant-id": self.tenant,
            "Accept": "application/json",
            **options.pop("headers", {}),
        }
        published = options.pop("published", True)
        answer = requests.request(
            method, f"{self.url}/xero/api.xro/2.0/{path}", json=body, headers=headers, timeout=30, **options
        )
        if published:
            sent = answer.request.body or b""
            raw = sent if isinstance(sent, bytes) else sent.encode()
            media_type = answer.headers.get("Content-Type", "")
            verify(method, str(answer.request.url), raw, answer.status_code, media_type, answer.content)
        return answer

    def good(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        answer = self.call(method, path, body, **options)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return answer.json()

    def sentences(self, method: str, path: str, body: Any = None, **options: Any) -> list[str]:
        """The validation messages of a refused call, in order."""
        answer = self.call(method, path, body, **options)
        assert answer.status_code == 400, (answer.status_code, answer.text)
        found = answer.json()
        assert found["Type"] == "ValidationException" and found["ErrorNumber"] == 10, found
        return [error["Message"] for row in found["Elements"] for error in row["ValidationErrors"]]

    def one(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The single element of an answer."""
        found = self.good(method, path, body, **options)
        rows = next(value for value in found.values() if isinstance(value, list))
        return rows[0]

    def balances(self) -> dict[str, Decimal]:
        """Account code to balance, debits positive; the whole must be zero."""
        found = requests.get(f"{self.url}/control/companies/{self.tenant}/trial-balance", timeout=10).json()
        assert Decimal(str(found["total"])) == 0
        rows = {row["code"]: Decimal(str(row["balance"])) for row in found["accounts"]}
        return {code: balance for code, balance in rows.items() if balance}

    def documents(self) -> list[dict[str, Any]]:
        """What is really saved."""
        answer = requests.get(f"{self.url}/control/companies/{self.tenant}/documents", timeout=10)
        found: list[dict[str, Any]] = answer.json()["documents"]
        return found


def client_of(url: str, scenario: str = "empty", *, scopes: str = "", **settings: Any) -> Client:
    """A client of a fresh organisation, with the limits off; `scopes` are added to the usual ones."""
    requests.put(f"{url}/control/limits", json={"enabled": False}, timeout=10)
    tenant = new_organisation(url, scenario, **settings)
    return Client(url, tenant, tokens(url, [tenant], scope=f"{SCOPES} {scopes}".strip())["access_token"])


def line(amount: str | float = "100.00", account: str = "200", **more: Any) -> dict[str, Any]:
    return {"Description": "Work", "Quantity": 1, "UnitAmount": amount, "AccountCode": account, **more}


def invoice(number: str | None, *, kind: str = "ACCREC", status: str = "AUTHORISED", **more: Any) -> dict[str, Any]:
    """An invoice body; `Contact` by name unless given."""
    body: dict[str, Any] = {
        "Type": kind,
        "Contact": {"Name": "Harbor Point"},
        "Date": "2026-10-01",
        "DueDate": "2026-10-31",
        "Status": status,
        "LineItems": [line(account="200" if kind == "ACCREC" else "320")],
        **more,
    }
    return body | ({"InvoiceNumber": number} if number else {})
