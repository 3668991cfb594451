"""`/books/`: the chart, ledgers, documents, trial balance and ageing of every company."""

from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.books import AccountBalance, LedgerLine
from sandbox.companies import Company
from sandbox.pages.ageing import LABELS, aged
from sandbox.pages.documents import DocumentPage
from sandbox.pages.paging import PAGE, day_of, paging, start_of
from sandbox.pages.papers import State, due_of, foreign_of, home_of, state_of, title_of, word_of
from sandbox.pages.sections import direction, figures, sections
from sandbox.store import Record
from sandbox.world import Sandbox

LATEST = 8
LAST_DAY = "9999-12-31"
WAYS = (("All books", "/books/"), ("The sandbox", "/"))
# Every entity of a company that has documents, found without reading them.
ENTITIES = """
WITH RECURSIVE found(entity) AS (
    SELECT min(entity) FROM documents WHERE company=?1
    UNION ALL
    SELECT (SELECT min(entity) FROM documents WHERE company=?1 AND entity>found.entity) FROM found WHERE entity NOT NULL
)
SELECT entity FROM found WHERE entity NOT NULL
AND EXISTS (SELECT 1 FROM documents d WHERE d.company=?1 AND d.entity=found.entity AND d.txn_date IS NOT NULL)
"""


class Row(NamedTuple):
    """A document in a list."""

    record: Record
    title: str
    party: str
    due: str | None
    state: State | None
    open_cents: int
    foreign: str


class Posted(NamedTuple):
    """A line of a ledger with the balance after it; `link` is empty where no page shows what was booked."""

    line: LedgerLine
    title: str
    link: str
    party: str
    balance: int


class MissingPageError(Exception):
    """Nothing is at this address; the texts say what and why."""

    def __init__(self, what: str, why: str, *ways: tuple[str, str]) -> None:
        super().__init__(what)
        self.what, self.why, self.ways = what, why, ways


type Handler = Callable[[Request], Awaitable[Response]]


class BooksPages:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def routes(self) -> list[Route]:
        pages: dict[str, Handler] = {
            "/": self.companies,
            "/{company}/": self.overview,
            "/{company}/chart/": self.chart,
            "/{company}/trial-balance/": self.trial_balance,
            "/{company}/documents/": self.documents,
            "/{company}/documents/{entity}/{id}/": self.document,
            "/{company}/accounts/{account}/": self.ledger,
            "/{company}/ageing/{side}/": self.ageing,
            "/{rest:path}": self.nowhere,
        }
        return [Route(path, self._or_missing(page)) for path, page in pages.items()]

    def _or_missing(self, page: Handler) -> Handler:
        async def serve(request: Request) -> Response:
            try:
                return await page(request)
            except MissingPageError as error:
                return self.sandbox.pages.missing(error.what, error.why, *(error.ways or WAYS))

        return serve

    async def nowhere(self, request: Request) -> Response:
        """With a slash at its end it may be an address after all."""
        if not request.url.path.endswith("/"):
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{request.url.path}/{query}")
        raise MissingPageError("There is no such page", "The books have no page at this address.")

    async def companies(self, request: Request) -> Response:
        return self.sandbox.pages.render("books/companies.html", companies=self.sandbox.companies.all())

    async def overview(self, request: Request) -> Response:
        company = self._company(request)
        balances = self.sandbox.books.trial_balance(company.id)
        found = self.sandbox.store.select(
            "company=? AND txn_date IS NOT NULL", [company.id], order="seq DESC", limit=LATEST
        )
        used = [row for row in balances if row.cents]
        return self._render(
            request,
            "books/overview.html",
            figures=figures(balances),
            documents=self._rows(company, found),
            **_totalled(used),
        )

    async def chart(self, request: Request) -> Response:
        balances = self.sandbox.books.trial_balance(self._company(request).id)
        return self._render(request, "books/chart.html", sections=sections(balances))

    async def trial_balance(self, request: Request) -> Response:
        until = day_of(request, "until")
        balances = self.sandbox.books.trial_balance(self._company(request).id, until=until or LAST_DAY)
        return self._render(request, "books/trial_balance.html", until=until, **_totalled(balances))

    async def ledger(self, request: Request) -> Response:
        company, books = self._company(request), self.sandbox.books
        chart = {row.id: row for row in books.trial_balance(company.id)}
        account = chart.get(request.path_params["account"])
        if account is None:
            way = ("Chart of accounts", f"/books/{company.id}/chart/")
            raise MissingPageError("There is no such account", f"{company.name} has no account of this id.", way)
        since, until, start = day_of(request, "since"), day_of(request, "until"), start_of(request)
        days = {"since": since, "until": until or LAST_DAY}
        lines = books.account_ledger(company.id, account.id, **days, limit=PAGE + 1, offset=start)
        carried = books.carried(company.id, account.id, **days, offset=start)
        return self._render(
            request,
            "books/ledger.html",
            account=account,
            since=since,
            until=until,
            lines=self._posted(company, lines[:PAGE], carried),
            carried=carried,
            direction=direction(account.type),
            carried_from=bool(since or start),
            paging=paging(
                request,
                len(lines),
                total=books.count_postings(company.id, account.id, since=since, until=days["until"]),
            ),
        )

    async def documents(self, request: Request) -> Response:
        company, asked = self._company(request), request.query_params
        where, values = "company=? AND txn_date IS NOT NULL", [company.id]
        kind, number, party = (asked.get(name, "").strip() for name in ("kind", "number", "party"))
        for column, value in (("entity", kind), ("number", number), ("party", party)):
            if value:
                where, values = f"{where} AND {column}=?", [*values, value]
        if asked.get("open"):
            where += " AND balance_cents<>0"
        found = self.sandbox.store.select(where, values, order="seq DESC", limit=PAGE + 1, offset=start_of(request))
        return self._render(
            request,
            "books/documents.html",
            documents=self._rows(company, found[:PAGE]),
            kinds=[(entity, word_of(entity, {})) for entity in self._entities(company)],
            kind=kind,
            number=number,
            party=party,
            party_name=self._name(company, party),
            open=bool(asked.get("open")),
            filtered=bool(kind or number or party or asked.get("open")),
            paging=paging(request, len(found)),
        )

    async def document(self, request: Request) -> Response:
        company = self._company(request)
        entity, id = request.path_params["entity"], request.path_params["id"]
        record = self.sandbox.store.get(company.id, entity, id)
        if record is None:
            way = ("Documents", f"/books/{company.id}/documents/")
            why = f"{company.name} has no {word_of(entity[:60], {}).lower()} {id[:60]}, or it was deleted."
            raise MissingPageError("There is no such document", why, way)
        page = DocumentPage(self.sandbox, company, record, self._name(company, record.party))
        chart = {row.id: row for row in self.sandbox.books.trial_balance(company.id)}
        postings = self.sandbox.books.postings_of(company.id, record.entity, record.id)
        return self._render(
            request,
            "books/document.html",
            **page.values(),
            postings=[(chart[line.account], line, self._name(company, line.party)) for line in postings],
            debits=sum(line.cents for line in postings if line.cents > 0),
            credits=-sum(line.cents for line in postings if line.cents < 0),
        )

    async def ageing(self, request: Request) -> Response:
        company, side = self._company(request), request.path_params["side"]
        if side not in ("receivable", "payable"):
            raise MissingPageError("There is no such page", "What is open is receivable or payable.")
        vendor, today = self.sandbox.providers[company.provider], self.sandbox.clock.now().date()
        found = self.sandbox.books.open_sketches(company.id, side, ("DueDate", *vendor.rate_names))
        name = lru_cache(maxsize=None)(lambda party: self._name(company, party))
        rows = aged(((record, name(record.party), vendor.open_cents(record)) for record in found), today)
        control = [row.cents for row in self.sandbox.books.trial_balance(company.id) if row.side == side]
        return self._render(
            request,
            "books/ageing.html",
            side=side,
            today=today.isoformat(),
            labels=LABELS,
            rows=rows,
            control=sum(control) * (1 if side == "receivable" else -1),
            totals=[sum(row.buckets[column] for row in rows) for column in range(len(LABELS))],
        )

    def _entities(self, company: Company) -> list[str]:
        return [row[0] for row in self.sandbox.store.db.execute(ENTITIES, (company.id,))]

    def _rows(self, company: Company, records: Iterable[Record]) -> list[Row]:
        today = self.sandbox.clock.now().date().isoformat()
        vendor, home = self.sandbox.providers[company.provider], home_of(company)
        return [
            Row(
                record,
                title_of(record),
                self._name(company, record.party),
                due_of(record),
                state_of(record, today),
                vendor.open_cents(record),
                foreign_of(record, home),
            )
            for record in records
        ]

    def _posted(self, company: Company, lines: Iterable[LedgerLine], balance: int) -> list[Posted]:
        found = []
        for line in lines:
            balance += line.cents
            record = self.sandbox.store.get(company.id, line.entity, line.document)
            link = f"/books/{company.id}/documents/{line.entity}/{line.document}/" if record else ""
            title = title_of(record) if record else word_of(line.entity, {})
            found.append(Posted(line, title, link, self._name(company, line.party), balance))
        return found

    def _company(self, request: Request) -> Company:
        company = self.sandbox.companies.get(request.path_params["company"])
        if company is None:
            raise MissingPageError("There is no such company", "It may have gone with a reset of the sandbox.")
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
        company = self._company(request)
        return self.sandbox.pages.render(
            template, company=company, currency=home_of(company), path=request.url.path, **values
        )


def _totalled(balances: list[AccountBalance]) -> dict[str, Any]:
    """Accounts with the sums of their two columns."""
    debits = sum(row.cents for row in balances if row.cents > 0)
    return {"balances": balances, "debits": debits, "credits": debits - sum(row.cents for row in balances)}
