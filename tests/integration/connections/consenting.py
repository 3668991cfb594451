"""People walking through the providers' consent pages by their real forms."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib.sessions.backends.db import SessionStore

from integrations.connections import connect
from integrations.connections.connect import Choice
from integrations.connections.models import Connection
from tests.firms import Firm
from tests.sandbox.running import CALLBACK, Running


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def decide(
    sandbox: Running,
    address: str,
    *,
    provider: str,
    companies: tuple[str, ...],
    allow: bool = True,
    user: str = "alice",
) -> str:
    """Answer the consent page at ``address``; the URL it sends the browser back to."""
    asked: dict[str, Any] = query_of(address)
    if provider == "quickbooks":
        url = f"{sandbox.url}/quickbooks/connect/oauth2"
        said: dict[str, Any] = {
            "company": companies[0],
            "user": f"{user}@example.com",
            "decision": "connect" if allow else "deny",
        }
    else:
        url = f"{sandbox.url}/xero/identity/connect/authorize"
        said = {"tenant": companies, "user": f"{user}@rivet.example", "decision": "allow" if allow else "cancel"}
    answer = sandbox.http.post(url, data={**asked, **said}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"])


@dataclass
class Person:
    """Someone of a firm with a browser session."""

    firm: Firm
    sandbox: Running
    session: SessionStore = field(default_factory=SessionStore)

    def departs(self, provider: str, *, reconnect: Connection | None = None) -> str:
        return connect.begin(
            session=self.session,
            tenant=self.firm.tenant,
            user=self.firm.owner,
            provider=provider,
            redirect_uri=CALLBACK,
            reconnect=reconnect,
        )

    def returns(self, url: str) -> Connection | Choice:
        params = query_of(url)
        return connect.finish(
            session=self.session,
            tenant=self.firm.tenant,
            user=self.firm.owner,
            state=params["state"],
            params=params,
            redirect_uri=CALLBACK,
        )

    def consents(self, provider: str, *companies: str, reconnect: Connection | None = None) -> Connection | Choice:
        address = self.departs(provider, reconnect=reconnect)
        return self.returns(decide(self.sandbox, address, provider=provider, companies=companies))

    def connects(self, provider: str, company: str, *, reconnect: Connection | None = None) -> Connection:
        made = self.consents(provider, company, reconnect=reconnect)
        assert isinstance(made, Connection)
        return made
