"""Writes: one or many elements in a call, and what becomes of the good ones when another is bad."""

import contextlib
from dataclasses import dataclass, field, replace

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero.desk import EMPTY_ID, Desk
from sandbox.xero.errors import InvalidError, PostDataError, TooLargeError
from sandbox.xero.fields import UNREADABLE, Fields, Problems
from sandbox.xero.resource import Resource

# A hundred times what the vendor recommends: its own bound is only that of the body, which holds millions of nothings.
MOST_ELEMENTS = 5_000
# Each writes down anew the document it belongs to, with all that belong to it already.
MOST_SETTLED = 1_000
_SETTLING = ("Payments", "Allocations")
_NESTED = {"BatchPayments": "Payments"}
# Which elements carry a flag beside their errors; the others carry the errors alone.
_FLAGS = {
    "Contact": "HasValidationErrors",
    "CreditNote": "HasErrors",
    "Invoice": "HasErrors",
    "Payment": "HasValidationErrors",
    "PurchaseOrder": "HasErrors",
}


@dataclass(slots=True)
class Batch:
    """What became of each element, in order. `refused` holds the elements of a 400."""

    rows: list[Body] = field(default_factory=list)
    refused: list[Body] = field(default_factory=list)
    created: list[Record] = field(default_factory=list)


class _SpilledError(Exception):
    """An element was refused after it had written something, and no savepoint was there to take that back."""


class RefusedBatchError(Exception):
    """At least one element is bad and the caller wants all or nothing."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(len(batch.refused))
        self.batch = batch


def elements_of(body: object, plural: str) -> list[Body]:
    """The elements of a request: `{"Invoices": [...]}` in any case, or one bare object. Raises PostDataError, and
    TooLargeError for more than may be in one call."""
    if not isinstance(body, dict):
        raise PostDataError(f"{UNREADABLE},the body is not an object")
    for key, value in body.items():
        if str(key).lower() == plural.lower():
            found = value if isinstance(value, list) else [value]
            break
    else:
        found = [body]
    if len(found) > (MOST_SETTLED if plural in _SETTLING else MOST_ELEMENTS):
        raise TooLargeError(len(found))
    if plural in _NESTED:
        _refuse_nested(found, _NESTED[plural])
    if not found or not all(isinstance(element, dict) for element in found):
        raise PostDataError(f"{UNREADABLE},{plural} must hold at least one object")
    return found


def _refuse_nested(elements: list[object], plural: str) -> None:
    lists = [_value(element, plural) for element in elements if isinstance(element, dict)]
    count = sum(len(inner) for inner in lists if isinstance(inner, list))
    if count > MOST_SETTLED:
        raise TooLargeError(count)


def _value(element: Body, name: str) -> object:
    return next((value for key, value in element.items() if str(key).lower() == name.lower()), None)


def write_all(desk: Desk, resource: Resource, elements: list[Body], verb: str, *, summarize: bool) -> Batch:
    """Save every element. With `summarize`, raises RefusedBatchError if one is bad: nothing may stay saved."""
    work = Work(desk, resource, verb, summarize)
    try:
        batch = _written(work, elements)
    except _SpilledError:
        desk.start_over()
        batch = _written(replace(work, guarded=True), elements)
    if batch.refused and summarize:
        raise RefusedBatchError(batch)
    return batch


@dataclass(frozen=True, slots=True)
class Work:
    """How elements are written. `guarded` puts a savepoint around each: most refusals come before anything is
    written, so that the first try goes without."""

    desk: Desk
    resource: Resource
    verb: str
    summarize: bool
    guarded: bool = False


def _written(work: Work, elements: list[Body]) -> Batch:
    batch = Batch()
    for element in elements:
        _write_one(work, element, batch)
    return batch


def _write_one(work: Work, element: Body, batch: Batch) -> None:
    desk, resource, summarize = work.desk, work.resource, work.summarize
    problems, before, told = Problems(), desk.store.changes, len(desk.saved)
    try:
        with desk.store.transaction() if work.guarded else contextlib.nullcontext():
            record = resource.save(desk, Fields(element, problems), work.verb)
    except InvalidError as error:
        if not work.guarded and desk.store.changes != before:
            raise _SpilledError from error
        del desk.saved[told:]
        row = _refused(resource, element, error)
        batch.refused.append(row)
        batch.rows.append(row if summarize else {**row, "StatusAttributeString": "ERROR"})
        return
    if record.version == 1:
        batch.created.append(record)
    row = resource.show(desk, record, True, True)
    if problems.warnings:
        row["Warnings"] = [{"Message": sentence} for sentence in problems.warnings]
    if not summarize:
        row["StatusAttributeString"] = "WARNING" if problems.warnings else "OK"
    batch.rows.append(row)


def _refused(resource: Resource, element: Body, error: InvalidError) -> Body:
    echo = error.echo if error.echo is not None else {resource.key: EMPTY_ID, **element}
    flag = _FLAGS.get(resource.entity, "")
    row: Body = {**echo, **({flag: True} if flag else {})}
    row["ValidationErrors"] = [{"Message": sentence} for sentence in error.sentences]
    return row
