"""Xero as the core sees it, and what is served below `/xero`."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import wire
from sandbox.companies import Company
from sandbox.exchange import LARGEST_FORM, Answer, Call, carry_out, read_call, send_answer
from sandbox.ids import new_guid
from sandbox.json_shapes import Schema
from sandbox.scenarios import Scenario
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.world import LayoutError, Sandbox
from sandbox.xero import answers
from sandbox.xero.api import ENTITIES, AccountingApi
from sandbox.xero.by_hand import act_by_hand
from sandbox.xero.client_keys import record_key
from sandbox.xero.consent import Consent
from sandbox.xero.desk import Desk
from sandbox.xero.errors import XeroError
from sandbox.xero.identity import Identity
from sandbox.xero.organisation import organisation_of
from sandbox.xero.paths import PREFIX
from sandbox.xero.resources import RESOURCES
from sandbox.xero.seed import seed
from sandbox.xero.settings import SETTINGS
from sandbox.xero.voice import CODES, XeroVoice
from sandbox.xero.webhooks import XeroWebhooks


class Xero:
    name = "xero"
    setting_shapes: Mapping[str, Schema] = SETTINGS
    fixed_settings = frozenset({"version", "base_currency"})
    operations = frozenset(
        {"create", "update", "delete", "read", "query", "token", "revoke", "connections", "userinfo"}
    )
    entities = ENTITIES | {"token"}
    rate_names: tuple[str, ...] = ()
    fault_codes = frozenset(CODES)

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.voice = XeroVoice(sandbox)
        self.identity = Identity(sandbox)
        self.consent = Consent(sandbox)
        self.identity_calls = {
            ("POST", "/connect/token"): ("token", self.identity.token),
            ("GET", "/connect/userinfo"): ("userinfo", self.identity.userinfo),
            ("POST", "/connect/userinfo"): ("userinfo", self.identity.userinfo),
            ("POST", "/connect/revocation"): ("revoke", self.identity.revocation),
        }
        self.webhooks = sandbox.webhooks.rules["xero"] = XeroWebhooks(sandbox)
        self.accounting = AccountingApi(sandbox, self.voice, self.webhooks)
        self.app: ASGIApp = self._serve
        sandbox.by_hand["xero"] = self.act_by_hand

    def new_company_id(self) -> str:
        return new_guid()

    def settings(self, scenario: Scenario) -> dict[str, Any]:
        version = {"GB": "UK"}.get(scenario.country, scenario.country)
        settings: dict[str, Any] = {"version": version, "base_currency": scenario.currency, "class": "DEMO"}
        if scenario.closed_until_days_ago is not None:
            closed = self.sandbox.clock.now().date() - timedelta(days=scenario.closed_until_days_ago)
            settings["period_lock_date"] = closed.isoformat()
        return settings

    def seed(self, company: Company, scenario: Scenario) -> None:
        try:
            seed(self._desk(company), scenario)
        except XeroError as error:
            raise LayoutError("; ".join(str(part) for part in error.args)) from error

    def act_by_hand(self, company: Company, facts: dict[str, Any]) -> dict[str, Any]:
        """See `by_hand`; applications are told by webhook as of any change."""
        desk = self._desk(company)
        shown = act_by_hand(desk, facts)
        self.webhooks.notice(company.id, desk.saved)
        return {"contact": shown}

    def _desk(self, company: Company) -> Desk:
        return Desk(
            store=self.sandbox.store,
            books=self.sandbox.books,
            organisation=organisation_of(company),
            now=self.sandbox.clock.now(),
        )

    def document_key(self, record: Record) -> str | None:
        return record_key(record)

    def memo(self, record: Record) -> str:
        return str(record.body.get("Narration") or record.body.get("Reference") or "")

    def open_cents(self, record: Record) -> int:
        return record.balance_cents

    def shown(self, company: Company, record: Record) -> Body:
        resource = next((one for one in RESOURCES.values() if one.entity == record.entity), None)
        if resource is None:
            return record.body
        found: Body = wire.loads(wire.dumps(resource.show(self._desk(company), record, True, False)))
        return found

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route by path in any case: the vendor's own clients disagree about capitals."""
        if scope["type"] != "http":
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        low = path.lower().rstrip("/")
        if low.startswith(PREFIX):
            await self.accounting(scope, receive, send, path)
        elif low == "/identity/connect/authorize" and scope["method"] in ("GET", "POST"):
            response = await self.consent.page(Request(scope, receive))
            await response(scope, receive, send)
        elif low == "/connections" or low.startswith("/connections/"):
            id = path.rstrip("/")[len("/connections/") :] or None
            await self._carry("connections", lambda call: self.identity.connections(call, id), scope, receive, send)
        elif known := self.identity_calls.get((scope["method"], low)):
            await self._carry(*known, scope, receive, send)
        elif low == "/.well-known/openid-configuration":
            asked = Request(scope).url
            await send_answer(self.identity.discovery(origin=f"{asked.scheme}://{asked.netloc}"), send)
        elif low == "/.well-known/openid-configuration/jwks":
            await send_answer(self.identity.jwks(), send)
        else:
            await send_answer(answers.not_found(), send)

    async def _carry(
        self, operation: str, handle: Callable[[Call], Answer], scope: Scope, receive: Receive, send: Send
    ) -> None:
        call = await read_call(
            scope, receive, most=LARGEST_FORM, provider="xero", company=None, operation=operation, entity="token"
        )
        call.query = {name.lower(): value for name, value in call.query.items()}
        await carry_out(self.sandbox, call, handle, self.voice, scope, receive, send)
