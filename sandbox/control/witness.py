"""What really happened: counters, documents, the trial balance, the event feed."""

from collections import Counter
from typing import Any

from starlette.requests import Request

from sandbox.control.companies import find_company
from sandbox.control.routing import ControlError, Endpoint, JsonBody
from sandbox.store import Record
from sandbox.world import Sandbox

EVENTS_AT_ONCE = 1000


def witness_endpoints(sandbox: Sandbox) -> list[Endpoint]:
    witness = Witness(sandbox)
    return [
        Endpoint("GET", "/counters", "Wire requests and real saves; ?company= narrows", witness.counters),
        Endpoint("GET", "/companies/{id}/documents", "Every live document; ?entity= narrows", witness.documents),
        Endpoint("GET", "/companies/{id}/trial-balance", "Balance of every account", witness.trial_balance),
        Endpoint("GET", "/events", "The event feed after ?after=<id>", witness.events),
    ]


class Witness:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def counters(self, request: Request, body: JsonBody) -> JsonBody:
        company = request.query_params.get("company")
        counters = self.sandbox.counters
        return {
            "requests": _rows(counters.requests, company),
            "saves": _rows(counters.saves, company),
            "statuses": [
                {"company": owner, "status": status, "count": count}
                for (owner, status), count in sorted(counters.statuses.items())
                if company in (None, owner)
            ],
            "documents": [
                {
                    "company": owner,
                    "entity": entity,
                    "key": key,
                    "requests": seen.requests,
                    "saves": seen.saves,
                }
                for (owner, entity, key), seen in counters.documents.items()
                if company in (None, owner)
            ],
        }

    def documents(self, request: Request, body: JsonBody) -> JsonBody:
        company = find_company(self.sandbox, request)
        entity = request.query_params.get("entity")
        where = "company=? AND txn_date IS NOT NULL" + (" AND entity=?" if entity else "")
        found = self.sandbox.store.select(where, (company.id, entity) if entity else (company.id,))
        return {"documents": [self._document(company.provider, record) for record in found]}

    def trial_balance(self, request: Request, body: JsonBody) -> JsonBody:
        company = find_company(self.sandbox, request)
        until = request.query_params.get("until", "9999-12-31")
        balances = self.sandbox.books.trial_balance(company.id, until=until)
        return {
            "accounts": [
                {
                    "id": row.id,
                    "code": row.code,
                    "name": row.name,
                    "type": row.type,
                    "balance": money(row.cents),
                }
                for row in balances
            ],
            "total": money(sum(row.cents for row in balances)),
        }

    def events(self, request: Request, body: JsonBody) -> JsonBody:
        try:
            after = int(request.query_params.get("after", "0"))
        except ValueError as error:
            raise ControlError(400, "after is the id of an event.") from error
        found = [event for event in self.sandbox.counters.events if event["id"] > after]
        return {"events": found[:EVENTS_AT_ONCE]}

    def _document(self, provider: str, record: Record) -> dict[str, Any]:
        vendor = self.sandbox.providers[provider]
        key = vendor.document_key(record)
        seen = self.sandbox.counters.of_document(record.company, record.entity, key)
        return {
            "entity": record.entity,
            "id": record.id,
            "number": record.number,
            "party": record.party,
            "date": record.txn_date,
            "total": money(record.total_cents),
            "balance": money(record.balance_cents),
            "status": record.status,
            "memo": vendor.memo(record),
            "key": key,
            "saves": seen.saves,
            "requests": seen.requests,
        }


def _rows(counts: Counter[tuple[str, str, str]], company: str | None) -> list[dict[str, Any]]:
    return [
        {"company": owner, "operation": operation, "entity": entity, "count": count}
        for (owner, operation, entity), count in sorted(counts.items())
        if company in (None, owner)
    ]


def money(cents: int) -> str:
    """-1234 as "-12.34"."""
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"{sign}{whole}.{part:02}"
