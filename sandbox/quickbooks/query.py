"""The query language: one statement to one SELECT over the store."""

from typing import Any

from sandbox import wire
from sandbox.quickbooks import exchange_rates
from sandbox.quickbooks.company import singleton
from sandbox.quickbooks.lists.base import ListKind
from sandbox.quickbooks.query_parser import RATES, Parser, Statement
from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.work import Work, moment_key
from sandbox.wire import Body

NAME_ENTITIES = frozenset(kind.entity for kind in KINDS.values() if isinstance(kind, ListKind))
# Rates are kept in no table: their list stands for one while it is asked.
_RATES = "(SELECT key AS seq, value AS body, ? AS updated_at, ? AS created_at, key AS id FROM json_each(?))"


def run(work: Work, text: str) -> str:
    """The members of the answer's `QueryResponse`, as JSON text. Raises 4000 or 4001."""
    statement = Parser(text).parse()
    work = Work(work.sandbox, work.company, work.now, many=True)
    if statement.entity in ("CompanyInfo", "Preferences"):
        return f'{{"{statement.entity}":[{singleton(work, statement.entity)}],"maxResults":1}}'
    if statement.entity == RATES:
        return _rates(work, statement)
    kind = KINDS[statement.entity.lower()]
    where = "company=? AND entity=?" + "".join(f" AND {each}" for each in statement.where)
    values = [work.company.id, statement.entity, *statement.values]
    if statement.entity in NAME_ENTITIES and not statement.asks_active:
        where += " AND active=1"
    store = work.sandbox.store
    if statement.counting:
        return _counted(store.count(where, values))
    order = ", ".join(statement.order) or _default_order(statement.entity)
    found = store.select(where, values, order=order, limit=statement.most, offset=statement.start - 1)
    return _page(statement, [kind.present(work, record) for record in found])


def _rates(work: Work, statement: Statement) -> str:
    listed = exchange_rates.listed(work, statement.days)
    moment = moment_key(work.now)
    where = " AND ".join(["1", *statement.where])
    values: list[Any] = [moment, moment, f"[{','.join(listed)}]", *statement.values]
    order = ", ".join(statement.order) or "seq"
    rows = work.sandbox.store.db.execute(f"SELECT seq FROM {_RATES} WHERE {where} ORDER BY {order}", values)  # noqa: S608  values are bound
    found = [listed[position] for (position,) in rows]
    if statement.counting:
        return _counted(len(found))
    return _page(statement, found[statement.start - 1 :][: statement.most])


def _counted(rows: int) -> str:
    return f'{{"totalCount":{rows}}}'


def _page(statement: Statement, rows: list[str]) -> str:
    if not rows:
        return "{}"
    shown = ",".join(_project(text, statement.fields) for text in rows)
    return f'{{"{statement.entity}":[{shown}],"startPosition":{statement.start},"maxResults":{len(rows)}}}'


def _default_order(entity: str) -> str:
    if entity in NAME_ENTITIES:
        names = ("FullyQualifiedName", "DisplayName", "Name")
        return f"coalesce({', '.join(f"json_extract(body, '$.{name}')" for name in names)})"
    return "updated_at DESC, seq DESC"


def _project(text: str, fields: list[str]) -> str:
    if not fields:
        return text
    body: Body = wire.loads(text)
    kept: Body = {}
    for path in fields:
        _keep(kept, body, path.split("."))
    return wire.dumps({**kept, **{name: body[name] for name in ("domain", "sparse") if name in body}})


def _keep(kept: Body, body: Body, path: list[str]) -> None:
    """Take what lies at the end of a path over, with the objects it lies in and nothing else of them."""
    first, *rest = path
    if not rest:
        kept.update({first: body[first]} if first in body else {})
    elif isinstance(body.get(first), dict):
        inner = kept.get(first, {})
        _keep(inner, body[first], rest)
        kept.update({first: inner} if inner else {})
