"""QuickBooks as the core sees it."""

import secrets
from datetime import timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp

from sandbox.companies import Company
from sandbox.counters import marker
from sandbox.scenarios import Scenario
from sandbox.store import Record
from sandbox.world import Sandbox


class QuickBooks:
    name = "quickbooks"

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.app: ASGIApp = Starlette(routes=[])

    def new_company_id(self) -> str:
        return f"934145{secrets.randbelow(10**10):010}"

    def settings(self, scenario: Scenario) -> dict[str, Any]:
        settings: dict[str, Any] = {
            "country": scenario.country,
            "currency": scenario.currency,
            "custom_txn_numbers": True,
            "class_mode": "line",
            "track_departments": False,
            "subscription": "active",
        }
        if scenario.closed_until_days_ago is not None:
            closed = self.sandbox.clock.now().date() - timedelta(days=scenario.closed_until_days_ago)
            settings["book_close_date"] = closed.isoformat()
        if scenario.class_limit is not None:
            settings["class_limit"] = scenario.class_limit
        return settings

    def seed(self, company: Company, scenario: Scenario) -> None:
        return None

    def document_key(self, record: Record) -> str | None:
        return record.number or record.name_key or marker(record.body.get("PrivateNote"))

    def memo(self, record: Record) -> str:
        return str(record.body.get("PrivateNote", ""))
