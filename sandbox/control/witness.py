"""What really happened: counters, documents, the trial balance, the event feed."""

from collections import Counter
from typing import Any

from starlette.requests import Request

from sandbox.control.companies import find_company
from sandbox.control.routing import Endpoint, JsonBody
from sandbox.json_shapes import COUNT, DAY, MOMENT, TEXT, Schema, or_null, rows, shape
from sandbox.store import Record
from sandbox.world import Sandbox

EVENTS_AT_ONCE = 1000


_AMOUNT: Schema = {"type": "string", "pattern": r"^-?\d+\.\d\d$"}
_OWNER: Schema = {"type": "string"}
_TALLY = shape({"company": _OWNER, "operation": _OWNER, "entity": _OWNER, "count": COUNT}, title="Tally")
COUNTERS = shape(
    {
        "requests": rows(_TALLY),
        "saves": rows(_TALLY),
        "statuses": rows(shape({"company": _OWNER, "status": COUNT, "count": COUNT})),
        "documents": rows(shape({"company": _OWNER, "entity": TEXT, "key": TEXT, "requests": COUNT, "saves": COUNT})),
    },
    title="Counters",
)
ACCOUNT = shape(
    {"id": TEXT, "code": {"type": "string"}, "name": TEXT, "type": TEXT, "balance": _AMOUNT}, title="AccountBalance"
)
DOCUMENT = shape(
    {
        "entity": TEXT,
        "id": TEXT,
        "number": or_null({"type": "string"}),
        "party": or_null({"type": "string"}),
        "date": or_null(DAY),
        "total": _AMOUNT,
        "balance": _AMOUNT,
        "status": {"type": "string"},
        "memo": {"type": "string"},
        "key": or_null({"type": "string"}),
        "saves": COUNT,
        "requests": COUNT,
    },
    title="Document",
)
EVENT: Schema = {
    "title": "Event",
    "type": "object",
    "description": "Beside these, what the kind of event has to tell",
    "properties": {"id": COUNT, "at": MOMENT, "kind": TEXT, "company": or_null(TEXT)},
    "required": ["id", "at", "kind", "company"],
}


def witness_endpoints(sandbox: Sandbox) -> list[Endpoint]:
    witness = Witness(sandbox)
    trial = shape({"accounts": rows(ACCOUNT), "total": _AMOUNT})
    return [
        Endpoint(
            "GET",
            "/counters",
            "Wire requests and real saves; ?company= narrows",
            witness.counters,
            COUNTERS,
            asks={"company": {"type": "string"}},
        ),
        Endpoint(
            "GET",
            "/companies/{id}/documents",
            "Every live document; ?entity= narrows",
            witness.documents,
            shape({"documents": rows(DOCUMENT)}),
            asks={"entity": TEXT},
        ),
        Endpoint(
            "GET",
            "/companies/{id}/trial-balance",
            "Balance of every account; ?until= a day",
            witness.trial_balance,
            trial,
            asks={"until": DAY},
        ),
        Endpoint(
            "GET",
            "/events",
            "The event feed after ?after=<id>, up to 1,000 at once",
            witness.events,
            shape({"events": rows(EVENT)}),
            asks={"after": COUNT},
        ),
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
        after = int(request.query_params.get("after", "0"))
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
