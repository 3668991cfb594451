"""The companies (QuickBooks) and organisations (Xero) that exist, and their settings."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.clock import Clock
from sandbox.store import Store

ProviderName = Literal["quickbooks", "xero"]


@dataclass(slots=True)
class Company:
    """`settings` is a free dictionary, shown and changed by `/control/companies/{id}`; each provider says
    in its documentation which names it reads. Change it through `Companies.configure`."""

    id: str
    provider: str
    name: str
    scenario: str
    created_at: str
    settings: dict[str, Any] = field(default_factory=dict)


class Companies:
    """Kept in memory, written through to the store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self._known: dict[str, Company] = {}
        self.reload()

    def reload(self) -> None:
        rows = self.store.db.execute(
            "SELECT id, provider, name, scenario, created_at, settings FROM companies ORDER BY created_at, id"
        )
        self._known = {row[0]: Company(row[0], row[1], row[2], row[3], row[4], json.loads(row[5])) for row in rows}

    def get(self, id: str) -> Company | None:
        return self._known.get(id)

    def all(self, provider: str | None = None) -> list[Company]:
        return [company for company in self._known.values() if provider in (None, company.provider)]

    def add(self, *, id: str, provider: str, name: str, scenario: str, settings: dict[str, Any]) -> Company:
        company = Company(id, provider, name, scenario, self.clock.now().isoformat(), settings)
        self._known[id] = company
        self._save(company)
        return company

    def configure(self, company: Company, changes: dict[str, Any]) -> None:
        """Merge `changes` into the settings; a value of None takes a setting away."""
        merged = {**company.settings, **changes}
        company.settings = {name: value for name, value in merged.items() if value is not None}
        self._save(company)

    def forget(self, company: Company) -> None:
        """Take back a company whose making failed; the transaction around it takes back the rest."""
        del self._known[company.id]

    def counts_only(self, id: str) -> bool:
        """Whether the company has the setting `counting`: its documents are kept and counted, but not posted."""
        company = self._known.get(id)
        return company is not None and company.settings.get("counting") is True

    def remove_all(self) -> None:
        self.store.db.execute("DELETE FROM companies")
        self._known.clear()

    def _save(self, company: Company) -> None:
        self.store.db.execute(
            "INSERT OR REPLACE INTO companies VALUES (?,?,?,?,?,?)",
            (
                company.id,
                company.provider,
                company.name,
                company.scenario,
                json.dumps(company.settings),
                company.created_at,
            ),
        )
