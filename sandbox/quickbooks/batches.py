"""Batches: each item by itself, in order. A refused item leaves no trace and does not stop the others."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from sandbox.quickbooks import query
from sandbox.quickbooks.cdc import changes
from sandbox.quickbooks.faults import ServiceFault, missing
from sandbox.quickbooks.kinds import Kind
from sandbox.quickbooks.operations import coded, operation_of, write
from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.reports import report
from sandbox.quickbooks.work import Work
from sandbox.wire import Body, dumps

LARGEST_BATCH = 30


@dataclass(frozen=True, slots=True)
class _Query:
    """`make` gives the inner text of the answer."""

    make: Callable[[Work], str]


@dataclass(frozen=True, slots=True)
class _Write:
    kind: Kind
    operation: str
    given: Any
    include: frozenset[str]


# What an item wants, or why it is refused before anything is tried.
_Wish = _Query | _Write | ServiceFault


class _SpilledError(Exception):
    """An item was refused after it had written something, and no savepoint was there to take that back."""


def check_batch(given: Any) -> list[Any]:
    """The items of a batch request; raises 2010, 2020, 1040."""
    items = given.get("BatchItemRequest") if isinstance(given, dict) else None
    if not isinstance(items, list):
        missing("BatchItemRequest")
    if len(items) > LARGEST_BATCH:
        raise ServiceFault("1040", f"Batch size exceeds allowed limit {LARGEST_BATCH}")
    return items


def batch(work: Work, items: list[Any]) -> str:
    """The inner text of the answer.

    Most refusals come before anything is written, so that the first try goes without savepoints: those are paid for
    by every item, and by the page.
    """
    wishes = [(_bid(item), _wish(work, item)) for item in items]
    try:
        answers = [_answer(work, bid, wish, guarded=False) for bid, wish in wishes]
    except _SpilledError:
        work.start_over()
        answers = [_answer(work, bid, wish, guarded=True) for bid, wish in wishes]
    return f'"BatchItemResponse":[{",".join(answers)}]'


def _bid(item: Any) -> str:
    return dumps(str(item.get("bId", "")) if isinstance(item, dict) else "")


def _wish(work: Work, item: Any) -> _Wish:
    """Understand an item and count it. Fault rules have their say here: once, however often it is tried."""
    if not isinstance(item, dict):
        return ServiceFault("2010", "Property Name:failed to parse json object")
    asked = next((name for name in QUESTIONS if name in item), None)
    if asked is not None:
        work.sandbox.counters.record_request(work.company.id, "query", "batch item")
        return _Query(partial(QUESTIONS[asked], item[asked]))
    name = next((key for key in item if key.lower() in KINDS), None)
    if name is None:
        return ServiceFault("2000", f"Invalid or unsupported object name: {', '.join(map(str, item))[:80]}")
    asked = item.get("operation")
    if asked not in ("create", "update", "delete", "void"):
        return ServiceFault("500", f"Unsupported Operation : Operation {str(asked)[:40]} is not supported.")
    return _counted(work, KINDS[name.lower()], asked, item[name], item)


def _counted(work: Work, kind: Kind, asked: str, given: Any, item: Body) -> _Wish:
    include = frozenset(filter(None, str(item.get("optionsData") or "").split(",")))
    operation = operation_of(given, asked, include)
    work.sandbox.counters.record_request(work.company.id, f"batch {operation}", kind.entity, kind.key_of(given))
    act = work.sandbox.faults.decide("quickbooks", work.company.id, operation, kind.entity)
    if act is not None and act.when == "before" and act.code:
        return coded(act.code, act.detail)
    return _Write(kind, operation, given, include)


def _answer(work: Work, bid: str, wish: _Wish, *, guarded: bool) -> str:
    store = work.sandbox.store
    before, drawn = store.changes, len(store.drawn)
    try:
        with store.transaction() if guarded else contextlib.nullcontext():
            inner = _granted(work, wish)
    except ServiceFault as fault:
        if not guarded and store.changes != before:
            raise _SpilledError from fault
        if not guarded:
            store.put_back(drawn)
        work.memory.clear()
        inner = f'"Fault":{dumps(fault.shown(nested=True))}'
    return f'{{{inner},"bId":{bid}}}'


def _granted(work: Work, wish: _Wish) -> str:
    if isinstance(wish, ServiceFault):
        raise wish
    if isinstance(wish, _Query):
        return wish.make(work)
    own = Work(work.sandbox, work.company, work.now, wish.include, False, work.memory)
    inner = write(own, wish.kind, wish.operation, wish.given)
    work.noticed += own.noticed
    work.saved += own.saved
    return inner


def _queried(asked: Any, work: Work) -> str:
    # Half a surrogate pair cannot be looked for.
    text = str(asked).encode("utf-8", "replace").decode()
    return f'"QueryResponse":{query.run(work, text)}'


def _changed(asked: Any, work: Work) -> str:
    """One feed of changes, where the same by itself is a list of one."""
    given = asked if isinstance(asked, dict) else {}
    names = {"entities": given.get("Entities"), "changedSince": given.get("ChangedSince")}
    found = changes(work, {name: str(value) for name, value in names.items() if value})
    return '"CDCResponse":' + found.removeprefix('"CDCResponse":[').removesuffix("]")


def _reported(asked: Any, work: Work) -> str:
    """A report by its name, with its parameters behind a question mark."""
    name, _, parameters = str(asked).partition("?")
    found = report(work, name.strip("/"), dict(parse_qsl(parameters)))
    if found is None:
        raise ServiceFault("500", f"Unsupported Operation : Operation {name[:40]} is not supported.")
    return f'"Report":{dumps(found)}'


# What an item can ask instead of writing something.
QUESTIONS: dict[str, Callable[[Any, Work], str]] = {
    "Query": _queried,
    "CDCQuery": _changed,
    "ReportQuery": _reported,
}
