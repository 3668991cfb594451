"""xero-python as shipped, but for a transport that does not repeat itself and that checks what passes through it."""

from typing import Any

import requests
import urllib3
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.identity import IdentityApi

from tests.sandbox.xero.browser import CLIENT_ID, CLIENT_SECRET, SCOPES, new_organisation, tokens
from tests.sandbox.xero.conformance import verify

TIMEOUT = (5, 30)
MORE_SCOPES = (
    "accounting.banktransactions accounting.transactions accounting.reports.read accounting.budgets.read "
    "accounting.journals.read paymentservices"
)


class Checked(urllib3.PoolManager):
    """Holds what the library sends, and what it gets, against the published schema."""

    def urlopen(self, method: str, url: str, redirect: bool = True, **options: Any) -> urllib3.BaseHTTPResponse:  # type: ignore[override]  # the library's own signature is as loose
        answer = super().urlopen(method, url, redirect=redirect, **options)
        sent = options.get("body") or b""
        raw = sent if isinstance(sent, bytes) else str(sent).encode()
        verify(method, url, raw, answer.status, answer.headers.get("Content-Type", ""), answer.data)
        return answer


class Sdk:
    """One organisation through xero-python, parsing included."""

    def __init__(self, url: str) -> None:
        requests.put(f"{url}/control/limits", json={"enabled": False}, timeout=5)
        self.tenant = new_organisation(url, "contractor")
        self.token = tokens(url, [self.tenant], scope=f"{SCOPES} {MORE_SCOPES}")
        configuration = Configuration()
        configuration.oauth2_token = OAuth2Token(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
        self.client = ApiClient(configuration)
        self.client.rest_client.pool_manager = Checked(num_pools=2, maxsize=2, retries=False)
        self.client.oauth2_token_getter(self._token)
        self.client.oauth2_token_saver(lambda token: None)
        self.accounting = AccountingApi(self.client, base_url=f"{url}/xero/api.xro/2.0")
        self.identity = IdentityApi(self.client, base_url=f"{url}/xero")

    def _token(self) -> dict[str, Any]:
        return {**self.token, "scope": self.token["scope"].split(), "expires_at": 4_000_000_000}

    def call(self, name: str, *arguments: Any, **options: Any) -> Any:
        method = getattr(self.accounting, name)
        return method(self.tenant, *arguments, _request_timeout=TIMEOUT, **options)

    def close(self) -> None:
        self.client.rest_client.pool_manager.clear()
