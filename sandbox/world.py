"""Everything the sandbox consists of, in one value that is passed around."""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from starlette.types import ASGIApp

from sandbox import scenarios
from sandbox.books import Books
from sandbox.clock import Clock
from sandbox.companies import Companies, Company
from sandbox.counters import Counters
from sandbox.faults import Faults
from sandbox.grants import Grants
from sandbox.json_shapes import Schema
from sandbox.latency import Latency
from sandbox.limits import Limits
from sandbox.oauth_apps import ClientApp, ClientApps
from sandbox.pages import Pages
from sandbox.scenarios import Scenario
from sandbox.settings import Settings
from sandbox.store import Record, Store
from sandbox.webhooks import Webhooks
from sandbox.wire import Body


class Provider(Protocol):
    """What the core asks of QuickBooks and of Xero."""

    name: str
    app: ASGIApp
    """Served below `/{name}`; `scope["path"]` is the full path, `scope["root_path"]` ends with `/{name}`."""
    setting_shapes: Mapping[str, Schema]
    """The settings it reads of a company, and what each may be."""
    fixed_settings: frozenset[str]
    """Those that what is laid out follows, so that they cannot change afterwards."""
    operations: frozenset[str]
    """What it calls its operations in fault rules and counters."""
    entities: frozenset[str]
    """What it calls its entities there."""
    fault_codes: frozenset[str]
    """What a fault rule of the kind `code` may ask of it."""

    def new_company_id(self) -> str:
        """A fresh realm id or tenant id."""

    def settings(self, scenario: Scenario) -> dict[str, Any]:
        """The settings a company of this scenario starts with."""

    def seed(self, company: Company, scenario: Scenario) -> None:
        """Fill an empty company. Runs inside a transaction; raises LayoutError."""

    def document_key(self, record: Record) -> str | None:
        """The key under which `counters` know this document, as given to record_request and record_save."""

    def memo(self, record: Record) -> str:
        """The document's note for people: PrivateNote, Narration, Reference."""

    def shown(self, company: Company, record: Record) -> Body:
        """The document as the API answers it."""

    rate_names: tuple[str, ...]
    """What of a document's body `open_cents` looks at."""

    def open_cents(self, record: Record) -> int:
        """What is open of a document in cents of the home currency, signed like `Record.balance_cents`."""


class ByHandError(ValueError):
    """Nobody can do this by hand; the text says why."""


class LayoutError(ValueError):
    """A company's settings forbid what its scenario holds; the text is the vendor's."""


class Sandbox:
    """The parts, and the few acts that concern several of them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = Clock()
        self.store = Store(None if settings.data is None else _file(settings.data))
        self.companies = Companies(self.store, self.clock)
        self.books = Books(self.store, self.companies.counts_only)
        self.apps = ClientApps(self.store)
        self.grants = Grants(self.store, self.clock)
        self.faults = Faults()
        self.limits = Limits(self.clock)
        self.latency = Latency()
        self.counters = Counters(self.clock)
        self.webhooks = Webhooks(self.clock, self.counters)
        self.pages = Pages()
        self.providers: dict[str, Provider] = {}
        # By provider: what a person does in the vendor's own pages and no API can do.
        self.by_hand: dict[str, Callable[[Company, dict[str, Any]], dict[str, Any]]] = {}

    def add_provider(self, provider: Provider) -> None:
        self.providers[provider.name] = provider
        self.faults.learn(
            provider.name, operations=provider.operations, entities=provider.entities, codes=provider.fault_codes
        )

    def prepare(self) -> None:
        """Register the default application, and on a new data folder create the first companies."""
        own = self.settings
        self.apps.register(ClientApp(own.client_id, own.client_secret, "Rivet", own.redirect_uris))
        bare = [name for name in self.providers if not self.companies.all(name)]
        for provider, name in scenarios.FIRST_COMPANIES:
            if provider in bare:
                self.create_company(provider, own.default_scenario, name)

    def create_company(
        self, provider: str, scenario: str, name: str | None = None, settings: dict[str, Any] | None = None
    ) -> Company:
        """A company laid out as the scenario says, with `settings` over the scenario's own: chart and tax rates
        follow them. Raises KeyError for unknown names, LayoutError where the settings forbid what is laid out."""
        vendor, plan = self.providers[provider], scenarios.SCENARIOS[scenario]
        with self.store.transaction():
            company = self.companies.add(
                id=vendor.new_company_id(),
                provider=provider,
                name=name or f"{plan.name.title()} {secrets.token_hex(3)}",
                scenario=scenario,
                settings={**vendor.settings(plan), **(settings or {})},
            )
            try:
                vendor.seed(company, plan)
            except LayoutError:
                self.companies.forget(company)
                raise
        self.counters.record_event("company created", company.id, scenario=scenario, name=company.name)
        return company

    def reset_company(self, company: Company) -> None:
        """Empty the company and lay it out anew; its id, name, grants and fixed settings stay."""
        vendor, plan = self.providers[company.provider], scenarios.SCENARIOS[company.scenario]
        kept = {name: value for name, value in company.settings.items() if name in vendor.fixed_settings}
        with self.store.transaction():
            self.store.clear(company.id)
            company.settings = {}
            self.companies.configure(company, {**vendor.settings(plan), **kept})
            vendor.seed(company, plan)
        self.counters.record_event("company reset", company.id)

    def clone_company(self, company: Company, name: str | None = None) -> Company:
        """A second company with the same contents and ids, not yet connected to any application."""
        with self.store.transaction():
            copy = self.companies.add(
                id=self.providers[company.provider].new_company_id(),
                provider=company.provider,
                name=name or f"{company.name} (copy)",
                scenario=company.scenario,
                settings=dict(company.settings),
            )
            self.store.copy(company.id, copy.id)
        self.counters.record_event("company cloned", copy.id, source=company.id)
        return copy

    def reset(self) -> None:
        """Back to a new data folder: companies, grants, faults, limits, latency, webhooks, clock, counters."""
        self.clock.offset_seconds = 0.0
        self.faults.clear()
        self.limits.reset()
        self.latency.set(None, None)
        self.webhooks.reset()
        with self.store.transaction():
            for company in self.companies.all():
                self.store.clear(company.id)
            self.companies.remove_all()
            for table in ("apps", "grants", "tokens"):
                self.store.db.execute(f"DELETE FROM {table}")  # noqa: S608  a constant list of tables
        self.apps.reload()
        self.grants.forget()
        self.counters.reset()
        self.prepare()


def _file(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "sandbox.sqlite3"
