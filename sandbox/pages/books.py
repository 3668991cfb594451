"""`/books/`: the chart, ledgers, documents, trial balance and ageing of every company."""

from datetime import date
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import wire
from sandbox.books import AccountBalance, Side
from sandbox.companies import Company
from sandbox.pages.sections import figures, sections
from sandbox.world import Sandbox

PAGE = 200
LATEST = 8
AGES = ((0, "Current"), (30, "1 to 30 days"), (60, "31 to 60 days"), (90, "61 to 90 days"))
OLDEST = "Over 90 days"


class Ageing(NamedTuple):
    """One party's open items by age in cents, in the order of the columns."""

    party: str
    buckets: list[int]
    total: int


class BooksPages:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def routes(self) -> list[Route]:
        return [
            Route("/", self.companies),
            Route("/{company}/", self.overview),
            Route("/{company}/chart/", self.chart),
            Route("/{company}/trial-balance/", self.trial_balance),
            Route("/{company}/documents/", self.documents),
            Route("/{company}/documents/{entity}/{id}/", self.document),
            Route("/{company}/accounts/{account}/", self.ledger),
            Route("/{company}/ageing/{side}/", self.ageing),
        ]

    async def companies(self, request: Request) -> Response:
        return self.sandbox.pages.render("books/companies.html", companies=self.sandbox.companies.all())

    async def overview(self, request: Request) -> Response:
        company = self._company(request)
        balances = self.sandbox.books.trial_balance(company.id)
        found = self.sandbox.store.select(
            "company=? AND txn_date IS NOT NULL", [company.id], order="seq DESC", limit=LATEST
        )
        shown = [(record, self._name(company, record.party)) for record in found]
        used = [row for row in balances if row.cents]
        return self._render(
            request, "books/overview.html", figures=figures(balances), documents=shown, **_totalled(used)
        )

    async def chart(self, request: Request) -> Response:
        balances = self.sandbox.books.trial_balance(self._company(request).id)
        return self._render(request, "books/chart.html", sections=sections(balances))

    async def trial_balance(self, request: Request) -> Response:
        until = _day(request)
        balances = self.sandbox.books.trial_balance(self._company(request).id, until=until or "9999-12-31")
        return self._render(request, "books/trial_balance.html", until=until, **_totalled(balances))

    async def ledger(self, request: Request) -> Response:
        company = self._company(request)
        chart = {row.id: row for row in self.sandbox.books.trial_balance(company.id)}
        account = chart.get(request.path_params["account"])
        if account is None:
            raise HTTPException(404)
        start = _start(request)
        lines = self.sandbox.books.account_ledger(company.id, account.id, limit=PAGE + 1, offset=start)
        shown = [(line, self._name(company, line.party)) for line in lines[:PAGE]]
        return self._render(request, "books/ledger.html", account=account, lines=shown, **_paging(start, len(lines)))

    async def documents(self, request: Request) -> Response:
        company, start = self._company(request), _start(request)
        number = request.query_params.get("number", "").strip()
        where, values = "company=? AND txn_date IS NOT NULL", [company.id]
        if number:
            where, values = f"{where} AND number=?", [company.id, number]
        found = self.sandbox.store.select(where, values, order="seq DESC", limit=PAGE + 1, offset=start)
        shown = [(record, self._name(company, record.party)) for record in found[:PAGE]]
        return self._render(
            request, "books/documents.html", documents=shown, number=number, **_paging(start, len(found))
        )

    async def document(self, request: Request) -> Response:
        company = self._company(request)
        record = self.sandbox.store.get(company.id, request.path_params["entity"], request.path_params["id"])
        if record is None:
            raise HTTPException(404)
        chart = {row.id: row for row in self.sandbox.books.trial_balance(company.id)}
        postings = self.sandbox.books.postings_of(company.id, record.entity, record.id)
        lines = [(chart[line.account], line, self._name(company, line.party)) for line in postings]
        return self._render(
            request,
            "books/document.html",
            record=record,
            party=self._name(company, record.party),
            memo=self.sandbox.providers[company.provider].memo(record),
            lines=lines,
            wire=wire.pretty(record.body),
        )

    async def ageing(self, request: Request) -> Response:
        company, side = self._company(request), request.path_params["side"]
        if side not in ("receivable", "payable"):
            raise HTTPException(404)
        rows = self._aged(company, side)
        labels = [label for _, label in AGES] + [OLDEST]
        totals = [sum(row.buckets[column] for row in rows) for column in range(len(labels))]
        return self._render(request, "books/ageing.html", side=side, labels=labels, rows=rows, totals=totals)

    def _aged(self, company: Company, side: Side) -> list[Ageing]:
        today = self.sandbox.clock.now().date()
        rows: dict[str, list[int]] = {}
        for record in self.sandbox.books.open_items(company.id, side):
            due = record.body.get("DueDate")
            day = due if isinstance(due, str) and len(due) == 10 else record.txn_date or today.isoformat()
            buckets = rows.setdefault(self._name(company, record.party), [0] * (len(AGES) + 1))
            buckets[_bucket((today - date.fromisoformat(day)).days)] += record.balance_cents
        return [Ageing(party, buckets, sum(buckets)) for party, buckets in sorted(rows.items())]

    def _company(self, request: Request) -> Company:
        company = self.sandbox.companies.get(request.path_params["company"])
        if company is None:
            raise HTTPException(404)
        return company

    def _name(self, company: Company, party: str | None) -> str:
        if not party:
            return ""
        # A party without a kind is a Xero contact: there customers and suppliers are one list.
        entity, _, id = party.rpartition(":")
        record = self.sandbox.store.get(company.id, entity or "Contact", id)
        body = record.body if record else {}
        return str(body.get("FullyQualifiedName") or body.get("DisplayName") or body.get("Name") or party)

    def _render(self, request: Request, template: str, **values: Any) -> Response:
        return self.sandbox.pages.render(template, company=self._company(request), path=request.url.path, **values)


def _totalled(balances: list[AccountBalance]) -> dict[str, Any]:
    """Accounts with the sums of their two columns."""
    debits = sum(row.cents for row in balances if row.cents > 0)
    return {"balances": balances, "debits": debits, "credits": debits - sum(row.cents for row in balances)}


def _day(request: Request) -> str:
    """The day a person asks for; nothing for what is none."""
    given = request.query_params.get("until", "")
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        return ""


def _bucket(days: int) -> int:
    return next((position for position, (limit, _) in enumerate(AGES) if days <= limit), len(AGES))


def _start(request: Request) -> int:
    given = request.query_params.get("start", "0")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _paging(start: int, found: int) -> dict[str, int | None]:
    return {"earlier": max(start - PAGE, 0) if start else None, "later": start + PAGE if found > PAGE else None}
