"""Lists: filters, `where`, `order`, pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero.dates import UnreadableDateError, read_moment
from sandbox.xero.desk import Desk
from sandbox.xero.errors import PreconditionError
from sandbox.xero.glimpses import LOOKS, rows_of
from sandbox.xero.ordering import order_names, sort_rows
from sandbox.xero.query_tokens import QueryParseError
from sandbox.xero.resource import Resource
from sandbox.xero.where import EVERYTHING, Filter, parse_where

SMALLEST_PAGE, USUAL_PAGE, LARGEST_PAGE = 1, 100, 1000
TOO_MANY_ROWS = 100_000
DEFAULT_ORDER = "updated_at, id"


@dataclass
class _Search:
    """Conditions the database answers, and a filter for what is left."""

    clauses: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    residue: Filter = EVERYTHING

    def demand(self, column: str, value: Any) -> None:
        # The column comes from the table of resources, never from the wire.
        self.clauses.append(f"{column}=?")
        self.values.append(value)

    def demand_one_of(self, column: str, found: list[str]) -> None:
        self.clauses.append(f"{column} IN ({','.join('?' * len(found))})")
        self.values.extend(found)

    @property
    def where(self) -> str:
        return " AND ".join(self.clauses)


@dataclass(frozen=True, slots=True)
class Page:
    number: int
    size: int


def list_records(desk: Desk, resource: Resource, query: dict[str, str], since: str | None) -> Body:
    """The rows of a list under the resource's plural. Raises QueryParseError, PreconditionError."""
    search = _search(desk, resource, query, since)
    page = _page(query, always=resource.always_paged) if resource.paged else None
    summary = query.get("summaryonly", "").lower() == "true"
    order = query.get("order", "")
    detail = not resource.lean or (page is not None and not summary)
    if search.residue is EVERYTHING and not order:
        records, count = _straight(desk, search, page)
    else:
        records, count = _sifted(desk, resource, search, order, page)
    rows = [resource.show(desk, record, detail, False) for record in records]
    if summary:
        rows = [{name: value for name, value in row.items() if name not in _SUMMARY_DROPS} for row in rows]
    return {**_pagination(page if resource.counts_pages else None, count), resource.plural: rows}


_SUMMARY_DROPS = ("LineItems", "Payments", "CreditNotes", "Prepayments", "Overpayments", "Addresses", "Phones")


def _straight(desk: Desk, search: _Search, page: Page | None) -> tuple[list[Record], int]:
    """When the columns say everything, the database cuts the page out itself."""
    count = desk.store.count(search.where, search.values)
    if page is None:
        refuse_flood(count)
        return desk.store.select(search.where, search.values, order=DEFAULT_ORDER), count
    offset = (page.number - 1) * page.size
    found = desk.store.select(search.where, search.values, order=DEFAULT_ORDER, limit=page.size, offset=offset)
    return found, count


def _sifted(desk: Desk, resource: Resource, search: _Search, order: str, page: Page | None) -> tuple[list[Record], int]:
    refuse_flood(desk.store.count(search.where, search.values))
    rows = [row for row in _candidates(desk, resource, search, order) if search.residue.matches(row)]
    rows = sort_rows(rows, order, fields=resource.fields)
    count = len(rows)
    if page is not None:
        rows = rows[(page.number - 1) * page.size : page.number * page.size]
    return _opened(desk, search, [row[resource.key] for row in rows]), count


def _candidates(desk: Desk, resource: Resource, search: _Search, order: str) -> list[Body]:
    """What the filter and the order look at of every record; in detail only where they ask for a detail."""
    wanted = search.residue.names | order_names(order, resource.fields)
    looks = LOOKS.get(resource.path, {})
    if wanted <= looks.keys():
        names = sorted({name for field in wanted for name in looks[field].names})
        found = desk.store.glimpses(search.where, search.values, names, order=DEFAULT_ORDER)
        return rows_of(looks, resource.key, wanted, found, desk)
    records = desk.store.select(search.where, search.values, order=DEFAULT_ORDER)
    detail = not wanted.isdisjoint(_DETAILS)
    return [resource.show(desk, record, detail, False) for record in records]


_DETAILS = frozenset({"Balances", "LineItems", "Options"})
_FEW = 1000


def _opened(desk: Desk, search: _Search, ids: list[str]) -> list[Record]:
    """The records of these ids, in this order. Many are read together with those that were left out."""
    if len(ids) <= _FEW:
        search.demand_one_of("id", ids)
    known = {record.id: record for record in desk.store.select(search.where, search.values)} if ids else {}
    return [known[id] for id in ids]


def refuse_flood(count: int) -> None:
    """Raise QueryParseError for a list nobody may fetch in one piece."""
    if count > TOO_MANY_ROWS:
        raise QueryParseError(
            "The request would return too many records. Use paging, or filter and order by indexed fields"
        )


def _search(desk: Desk, resource: Resource, query: dict[str, str], since: str | None) -> _Search:
    search = _Search()
    search.demand("company", desk.company)
    search.demand("entity", resource.entity)
    if query.get("where"):
        condition = parse_where(query["where"], fields=resource.fields)
        search.residue = condition
        _use_pins(search, resource, condition)
    _use_lists(search, resource, query)
    if resource.hides_inactive and not _wants_inactive(query):
        search.demand("active", 1)
    for name, (clause, change) in resource.filters.items():
        if query.get(name):
            search.clauses.append(clause)
            search.values.append(change(query[name]))
    for name, shown in resource.seeks.items():
        if query.get(name):
            _use_shown(search, shown, query[name].upper())
    if resource.names_maker and query.get("createdbymyapp", "").lower() == "true":
        search.clauses.append("json_extract(body, '$.MadeBy')=?")
        search.values.append(desk.client_id)
    if query.get("searchterm"):
        _use_term(search, resource, query["searchterm"].lower())
    if since:
        search.clauses.append("updated_at>=?")
        search.values.append(_since(since).isoformat())
    return search


def _wants_inactive(query: dict[str, str]) -> bool:
    return "ids" in query or "true" in (
        query.get("includearchived", "").lower(),
        query.get("includedeleted", "").lower(),
    )


def _use_pins(search: _Search, resource: Resource, condition: Filter) -> None:
    for name, value in condition.pinned.items():
        pin = resource.pins.get(name)
        if pin is not None and isinstance(value, str | UUID):
            search.demand(*pin(str(value)))


def _use_lists(search: _Search, resource: Resource, query: dict[str, str]) -> None:
    lists = {"ids": "id", "contactids": "party", "statuses": "status", "invoicenumbers": "number"}
    for name, column in lists.items():
        found = [part.strip() for part in query.get(name, "").split(",") if part.strip()]
        if found:
            search.demand_one_of(column, [_LIST_CASES.get(column, str)(part) for part in found])


_LIST_CASES: dict[str, Callable[[str], str]] = {"id": str.lower, "party": str.lower, "status": str.upper}


def _use_shown(search: _Search, field: str, value: str) -> None:
    before = search.residue

    def matches(row: Any) -> bool:
        return before.matches(row) and row.get(field) == value

    search.residue = Filter(matches, names=before.names | {field})


def _use_term(search: _Search, resource: Resource, term: str) -> None:
    before, texts = search.residue, _TERM_FIELDS & resource.fields

    def matches(row: Any) -> bool:
        return before.matches(row) and any(term in str(row.get(name, "")).lower() for name in texts)

    search.residue = Filter(matches, names=before.names | texts)


_TERM_FIELDS = frozenset(
    {"Name", "EmailAddress", "FirstName", "LastName", "ContactNumber", "InvoiceNumber", "Reference"}
)


def since_of(text: str | None) -> datetime | None:
    """The moment of an `If-Modified-Since`. Raises PreconditionError."""
    return _since(text) if text else None


def _since(text: str) -> datetime:
    try:
        return read_moment(text).astimezone(UTC)
    # A moment of the first or the last day that lies in no year in UTC.
    except (UnreadableDateError, OverflowError) as error:
        raise PreconditionError(text) from error


def _page(query: dict[str, str], *, always: bool) -> Page | None:
    if not always and not query.get("page") and query.get("summaryonly", "").lower() != "true":
        return None
    return Page(_whole(query.get("page"), 1, 10**9), _whole(query.get("pagesize"), USUAL_PAGE, LARGEST_PAGE))


def _whole(text: str | None, usual: int, largest: int) -> int:
    if not text:
        return usual
    try:
        return min(max(int(text), SMALLEST_PAGE), largest)
    except ValueError as error:
        raise QueryParseError(f"'{text}' is not a whole number") from error


def _pagination(page: Page | None, count: int) -> Body:
    if page is None:
        return {}
    pages = -(-count // page.size)
    return {"pagination": {"page": page.number, "pageSize": page.size, "pageCount": pages, "itemCount": count}}
