"""One document as a page: its facts, lines and links, and the requests that made it."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sandbox import wire
from sandbox.companies import Company
from sandbox.pages import cents
from sandbox.pages.papers import due_of, foreign_of, home_of, lines_of, links_of, money, state_of, title_of, word_of
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.world import Sandbox


class Linked(NamedTuple):
    record: Record
    title: str


@dataclass(frozen=True, slots=True)
class DocumentPage:
    sandbox: Sandbox
    company: Company
    record: Record
    party: str

    def values(self) -> dict[str, Any]:
        """What the template shows."""
        record, today = self.record, self.sandbox.clock.now().date().isoformat()
        vendor = self.sandbox.providers[self.company.provider]
        shown = vendor.shown(self.company, record)
        return {
            "record": record,
            "word": word_of(record.entity, record.body),
            "title": title_of(record),
            "state": state_of(record, today),
            "facts": [(label, value) for label, value in self._facts(shown, vendor.memo(record)) if value],
            "lines": lines_of(shown),
            "links": self._links(shown),
            "seen": self.sandbox.counters.of_document(self.company.id, record.entity, vendor.document_key(record)),
            "history": self._history(),
            "wire": wire.pretty(shown),
        }

    def _facts(self, shown: Body, memo: str) -> list[tuple[str, str | None]]:
        record = self.record
        tax = shown.get("TotalTax") or (shown.get("TxnTaxDetail") or {}).get("TotalTax")
        home = home_of(self.company)
        foreign = foreign_of(record, home)
        left = cents(self.sandbox.providers[self.company.provider].open_cents(record))
        return [
            ("Name", self.party),
            ("Date", record.txn_date),
            ("Due", due_of(record)),
            ("Tax", money(tax) if tax else ""),
            ("Total", f"{cents(record.total_cents)} {foreign or home}"),
            ("Open", (f"{left} {home}" if foreign else left) if record.side else ""),
            ("Id", record.id),
            ("Memo", memo),
        ]

    def _links(self, shown: Body) -> list[Linked]:
        found: dict[tuple[str, str], Linked] = {}
        for entities, id in links_of(shown):
            records = (self.sandbox.store.get(self.company.id, entity, id) for entity in entities)
            record = next((each for each in records if each), None)
            if record is not None and (record.entity, record.id) != (self.record.entity, self.record.id):
                found[(record.entity, record.id)] = Linked(record, title_of(record))
        return list(found.values())

    def _history(self) -> list[dict[str, Any]]:
        """What clients did to it, as far back as the event feed goes."""
        own = ("saved", self.company.id, self.record.entity, self.record.id)
        return [
            event
            for event in self.sandbox.counters.events
            if (event["kind"], event["company"], event.get("entity"), event.get("document")) == own
        ]
