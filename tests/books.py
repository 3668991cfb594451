"""Firms whose books are connected to the sandbox the way a person connects them: through the consent page."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.backends.db import SessionStore

from integrations.connections import connect, grants
from integrations.connections.models import Connection
from integrations.mappings import choose, mirror
from integrations.ports import MappingRole
from rivet.tenants.context import tenant_transaction
from sync import outbox
from sync.engine import take_turn
from sync.models import OutboxEntry
from sync.states import LIVE
from tests.firms import Firm
from tests.sandbox.running import CALLBACK, Running

#: Account numbers of the sandbox's ``contractor`` scenario by provider and mapping role.
CHARTS = {
    "quickbooks": {
        MappingRole.REVENUE: "4000",
        MappingRole.RETAINAGE_RECEIVABLE: "1150",
        MappingRole.RETAINAGE_PAYABLE: "2050",
        MappingRole.DEFAULT_EXPENSE: "5000",
    },
    "xero": {
        MappingRole.REVENUE: "200",
        MappingRole.RETAINAGE_RECEIVABLE: "615",
        MappingRole.RETAINAGE_PAYABLE: "815",
        MappingRole.DEFAULT_EXPENSE: "320",
    },
}

#: What pressing the consent page's button sends, beside what the page was asked with.
_BUTTONS = {
    "quickbooks": {"path": "/quickbooks/connect/oauth2", "user": "alice@example.com", "decision": "connect"},
    "xero": {"path": "/xero/identity/connect/authorize", "user": "alice@rivet.example", "decision": "allow"},
}


def addresses(sandbox: Running) -> dict[str, str]:
    """Rivet's settings for this sandbox, wherever its port is."""
    return {
        "QUICKBOOKS_DISCOVERY_URL": f"{sandbox.url}/quickbooks/.well-known/openid_sandbox_configuration/",
        "QUICKBOOKS_API_URL": f"{sandbox.url}/quickbooks",
        "XERO_AUTHORIZE_URL": f"{sandbox.url}/xero/identity/connect/authorize",
        "XERO_TOKEN_URL": f"{sandbox.url}/xero/connect/token",
        "XERO_REVOKE_URL": f"{sandbox.url}/xero/connect/revocation",
        "XERO_API_URL": f"{sandbox.url}/xero",
        "SANDBOX_PUBLIC_URL": sandbox.url,
    }


def point_at(sandbox: Running, settings: Any) -> None:
    for name, value in addresses(sandbox).items():
        setattr(settings, name, value)


@dataclass(frozen=True, kw_only=True)
class ConnectedFirm:
    """A firm, its connection and the sandbox company behind it."""

    firm: Firm
    connection: Connection
    company: str
    sandbox: Running

    @property
    def tenant_id(self) -> int:
        return self.firm.tenant.pk

    def turn(self) -> None:
        take_turn(tenant_id=self.tenant_id, connection_id=self.connection.pk)

    def drain(self, *, turns: int = 40) -> None:
        """Turns until nothing is left that a turn could move."""
        for _ in range(turns):
            self.turn()
            with tenant_transaction(self.tenant_id):
                if not OutboxEntry.objects.filter(state__in=sorted(LIVE)).exclude(state="held").exists():
                    return
        pytest.fail(f"still not settled after {turns} turns: {self.states()}")

    def states(self) -> dict[str, str]:
        with tenant_transaction(self.tenant_id):
            return dict(OutboxEntry.objects.order_by("id").values_list("label", "state"))

    def theirs(self, method: str, path: str, body: Any = None) -> Any:
        """What somebody does in the books by hand; ``path`` is below the company, the answer is theirs."""
        access = grants.access(self.connection)
        below = {"quickbooks": f"/v3/company/{access.company_id}", "xero": "/api.xro/2.0"}[self.connection.provider]
        headers = {
            "Authorization": f"Bearer {access.access_token}",
            "Accept": "application/json",
            "xero-tenant-id": access.company_id,
        }
        url = f"{access.api_root}{below}{path}"
        answer = self.sandbox.http.request(method, url, json=body, headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def balances(self) -> dict[str, str]:
        """Non-zero balances by account number, debits positive."""
        found = self.sandbox.trial_balance(self.company)
        return {code: str(balance) for code, balance in found.items() if balance}


def connected(
    firm: Firm, sandbox: Running, *, provider: str = "quickbooks", scenario: str = "contractor", **switches: Any
) -> ConnectedFirm:
    """A company connected, its lists mirrored, its accounts mapped, items on their way where they are needed."""
    company = sandbox.company(provider, scenario, **switches)
    session = SessionStore()
    address = connect.begin(
        session=session, tenant=firm.tenant, user=firm.owner, provider=provider, redirect_uri=CALLBACK
    )
    params = consent(sandbox, provider, address, company)
    made = connect.finish(
        session=session,
        tenant=firm.tenant,
        user=firm.owner,
        state=params["state"],
        params=params,
        redirect_uri=CALLBACK,
    )
    assert isinstance(made, Connection)
    mirror.refresh(made)
    _map(firm, made)
    return ConnectedFirm(firm=firm, connection=made, company=company, sandbox=sandbox)


def consent(sandbox: Running, provider: str, address: str, company: str, **chosen: str) -> dict[str, str]:
    """What the callback gets after a person pressed the consent page's button for this company."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    button = dict(_BUTTONS[provider])
    path = button.pop("path")
    form = {**asked, **button, "company": company, "tenant": company, **chosen}
    answer = sandbox.http.post(f"{sandbox.url}{path}", data=form, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def _map(firm: Firm, made: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        accounts = dict(made.mirror.filter(kind="account").values_list("code", "external_id"))
        for role, code in CHARTS[made.provider].items():
            mapping = choose.save(connection=made, role=role, external_id=accounts[code], actor=firm.owner)
            if choose.wants_item(made, mapping):
                outbox.enqueue_item(made, mapping)
