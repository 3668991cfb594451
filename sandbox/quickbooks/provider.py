"""QuickBooks as the core sees it."""

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import wire
from sandbox.companies import Company
from sandbox.exchange import Answer, send_answer
from sandbox.json_shapes import Schema
from sandbox.quickbooks.api import ENTITIES, OPERATIONS, Api
from sandbox.quickbooks.by_hand import act_by_hand
from sandbox.quickbooks.faults import MESSAGES, SWITCHED, ServiceFault
from sandbox.quickbooks.identity import Identity
from sandbox.quickbooks.papers.attachables import opens
from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.seed import lay_out
from sandbox.quickbooks.settings import SETTINGS
from sandbox.quickbooks.transactions.currencies import left_at_home, rate_of
from sandbox.quickbooks.webhooks import QuickBooksWebhooks
from sandbox.quickbooks.work import Work
from sandbox.scenarios import Scenario
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.world import LayoutError, Sandbox

FILES = "/files/"
PLAIN_BYTES = "application/octet-stream"
DENIED = b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code></Error>'


class QuickBooks:
    """Settings it reads: country, currency, custom_txn_numbers, warn_duplicate_numbers, duplicate_scope
    (company or party), class_mode (line, txn, none), track_departments, class_limit, plan, book_close_date,
    journal_control_lines (one, many),
    multicurrency, using_sales_tax, subscription (active, lapsed), status (maintenance, locked, wrong_cluster),
    access (removed), company_info, versions, exchange_rates, cdc_too_far_back, requestid_retention_seconds,
    refresh_grace_seconds, refresh_rotation_seconds."""

    name = "quickbooks"
    setting_shapes: Mapping[str, Schema] = SETTINGS
    fixed_settings = frozenset({"country", "currency"})
    operations = frozenset(
        {*OPERATIONS.values(), "create", "update", "delete", "void", "read", "send", "token", "refresh"}
    )
    entities = ENTITIES | {"token"}
    rate_names: tuple[str, ...] = ("ExchangeRate",)
    fault_codes = frozenset({*MESSAGES, *SWITCHED, "504", "3001"})

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        webhooks = sandbox.webhooks.rules["quickbooks"] = QuickBooksWebhooks(sandbox)
        sandbox.by_hand["quickbooks"] = self.act_by_hand
        self._webhooks = webhooks
        self._api = Api(sandbox, webhooks)
        self._identity = Identity(sandbox)
        self.app: ASGIApp = self._serve

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path.startswith(FILES):
            query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
            await send_answer(self._file(path.removeprefix(FILES), query), send)
            return
        await (self._api if path.startswith("/v3/company/") else self._identity.app)(scope, receive, send)

    def _file(self, path: str, query: dict[str, str]) -> Answer:
        """An attachment's content for whoever holds a link to it, as the vendor's file store serves it."""
        company, _, id = path.partition("/")
        if not opens(path, query, self.sandbox.clock.timestamp()):
            return Answer(status=403, body=DENIED, media_type="application/xml")
        row = self.sandbox.store.db.execute(
            "SELECT content FROM files WHERE company=? AND id=?", (company, id)
        ).fetchone()
        record = self.sandbox.store.get(company, "Attachable", id)
        if row is None or record is None:
            return Answer(status=404, body=DENIED, media_type="application/xml")
        kind = str(record.body.get("ContentType") or PLAIN_BYTES)
        # Clients may say anything of a file, a header may not.
        return Answer(body=row[0], media_type=kind if kind.isascii() and kind.isprintable() else PLAIN_BYTES)

    def new_company_id(self) -> str:
        return f"934145{secrets.randbelow(10**10):010}"

    def settings(self, scenario: Scenario) -> dict[str, Any]:
        settings: dict[str, Any] = {
            "country": scenario.country,
            "currency": scenario.currency,
            "custom_txn_numbers": True,
            "class_mode": "line",
            "track_departments": False,
            "using_sales_tax": False,
            "subscription": "active",
        }
        if scenario.closed_until_days_ago is not None:
            closed = self.sandbox.clock.now().date() - timedelta(days=scenario.closed_until_days_ago)
            settings["book_close_date"] = closed.isoformat()
        if scenario.class_limit is not None:
            settings["class_limit"] = scenario.class_limit
        return settings

    def seed(self, company: Company, scenario: Scenario) -> None:
        try:
            lay_out(self.sandbox, company, scenario)
        except ServiceFault as fault:
            raise LayoutError(fault.detail or fault.message) from fault

    def act_by_hand(self, company: Company, facts: dict[str, Any]) -> dict[str, Any]:
        """See `by_hand`; applications are told of the merger and of every document it changed."""
        work = Work(self.sandbox, company, self.sandbox.clock.now())
        entity, into, gone = act_by_hand(work, facts)
        self._webhooks.notice(company.id, [*work.noticed, ("Merge", entity, into.id)], merged=gone.id)
        return {entity.lower(): json.loads(KINDS[entity.lower()].present(work, into))}

    def document_key(self, record: Record) -> str | None:
        return KINDS[record.entity.lower()].key_of(record.body)

    def memo(self, record: Record) -> str:
        return str(record.body.get("PrivateNote", ""))

    def open_cents(self, record: Record) -> int:
        if not record.body.get("ExchangeRate"):
            return record.balance_cents
        return left_at_home(record.entity, record.total_cents, record.balance_cents, rate_of(record.body))

    def shown(self, company: Company, record: Record) -> Body:
        work = Work(self.sandbox, company, self.sandbox.clock.now())
        found: Body = wire.loads(KINDS[record.entity.lower()].present(work, record))
        return found
