"""Single writes and reads, and batches of them."""

from typing import Any

from sandbox.quickbooks import query, shapes
from sandbox.quickbooks.company import singleton
from sandbox.quickbooks.faults import MESSAGES, SUBSCRIPTION, SYSTEM, TRANSIENT, ServiceFault, missing
from sandbox.quickbooks.kinds import UNKNOWN, Kind
from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.work import Work
from sandbox.store import Record
from sandbox.wire import Body, dumps

LARGEST_BATCH = 30


def read(work: Work, entity: str, id: str) -> str:
    """The inner text of a single entity's envelope."""
    if entity in ("companyinfo", "preferences"):
        name = "CompanyInfo" if entity == "companyinfo" else "Preferences"
        return f'"{name}":{singleton(work, name)}'
    kind = KINDS[entity]
    return f'"{kind.entity}":{kind.present(work, find(work, entity, id))}'


def find(work: Work, entity: str, id: str) -> Record:
    """The stored object, by its path; raises 2030, 610."""
    record = work.find(KINDS[entity].entity, shapes.check_id(id))
    if record is None:
        raise ServiceFault("610", UNKNOWN)
    return record


def operation_of(given: Any, asked: str | None, include: frozenset[str]) -> str:
    """create, update, delete or void, or the unknown word that was asked for."""
    if asked and asked not in ("create", "update"):
        return asked[:20]
    if "void" in include:
        return "void"
    return "update" if isinstance(given, dict) and given.get("Id") not in (None, "") else "create"


def write(work: Work, kind: Kind, operation: str, given: Any) -> str:
    """Carry out one write and count it; returns the inner text. Raises ServiceFault."""
    if work.settings.get("subscription") == "lapsed":
        raise ServiceFault("6190", SUBSCRIPTION)
    if not kind.creatable:
        raise ServiceFault("500", f"Unsupported Operation : Operation {operation} is not supported.")
    record = _carry_out(work, kind, operation, given)
    key = kind.key_of(given)
    counters = work.sandbox.counters
    counters.record_save(work.company.id, operation, kind.entity, key)
    counters.record_event(
        "saved", work.company.id, operation=operation, entity=kind.entity, document=record.id, key=key
    )
    if operation == "delete":
        return f'"{kind.entity}":{{"domain":"QBO","status":"Deleted","Id":"{record.id}"}}'
    return f'"{kind.entity}":{kind.present(work, _as_left(work, kind, record))}'


def _as_left(work: Work, kind: Kind, record: Record) -> Record:
    """The record with what linked documents did to it while it was saved."""
    touched = [entry for entry in work.noticed if entry[1:] == (kind.entity, record.id)]
    return record if len(touched) < 2 else work.find(kind.entity, record.id) or record


def batch(work: Work, items: list[Any]) -> str:
    """Each item by itself, in order; the inner text of the answer."""
    answers = []
    for item in items:
        bid = dumps(str(item.get("bId", "")) if isinstance(item, dict) else "")
        try:
            with work.sandbox.store.transaction():
                inner = _item(work, item)
        except ServiceFault as fault:
            work.memory.clear()
            inner = f'"Fault":{dumps(fault.shown(nested=True))}'
        answers.append(f'{{{inner},"bId":{bid}}}')
    return f'"BatchItemResponse":[{",".join(answers)}]'


def check_batch(given: Any) -> list[Any]:
    """The items of a batch request; raises 2010, 2020, 1040."""
    items = given.get("BatchItemRequest") if isinstance(given, dict) else None
    if not isinstance(items, list):
        missing("BatchItemRequest")
    if len(items) > LARGEST_BATCH:
        raise ServiceFault("1040", f"Batch size exceeds allowed limit {LARGEST_BATCH}")
    return items


def _carry_out(work: Work, kind: Kind, operation: str, given: Any) -> Record:
    if operation == "create":
        return kind.create(work, given)
    if operation == "update":
        return kind.update(work, given)
    if operation == "delete" and kind.deletable:
        return kind.delete(work, given)
    if operation == "void" and kind.voidable:
        record = kind.void(work, kind.current(work, shapes.check(kind.entity, given)))
        work.noticed.append(("Void", kind.entity, record.id))
        return record
    raise ServiceFault("500", f"Unsupported Operation : Operation {operation} is not supported.")


def _item(work: Work, item: Any) -> str:
    if not isinstance(item, dict):
        raise ServiceFault("2010", "Property Name:failed to parse json object")
    if "Query" in item:
        work.sandbox.counters.record_request(work.company.id, "query", "batch item")
        return f'"QueryResponse":{query.run(work, str(item["Query"]))}'
    name = next((key for key in item if key.lower() in KINDS), None)
    if name is None:
        raise ServiceFault("2000", f"Invalid or unsupported object name: {', '.join(map(str, item))[:80]}")
    kind, given = KINDS[name.lower()], item[name]
    options = str(item.get("optionsData") or "")
    item_work = Work(
        work.sandbox, work.company, work.now, frozenset(filter(None, options.split(","))), False, work.memory
    )
    operation = operation_of(given, _asked(item), item_work.include)
    _count_item(work, kind, operation, given)
    act = work.sandbox.faults.decide("quickbooks", work.company.id, operation, kind.entity)
    if act is not None and act.when == "before" and act.code:
        raise coded(act.code, act.detail)
    inner = write(item_work, kind, operation, given)
    work.noticed += item_work.noticed
    return inner


def coded(code: str, detail: str | None) -> ServiceFault:
    """A fault of the accounting service by its number, as fault rules ask for it."""
    known = code if code in MESSAGES else "10000"
    text = detail or (TRANSIENT if code == "6000" else "")
    if known == "10000":
        return ServiceFault(known, text, kind=SYSTEM, status=500)
    return ServiceFault(known, text)


def _asked(item: Body) -> str | None:
    asked = item.get("operation")
    if asked not in ("create", "update", "delete", "void"):
        raise ServiceFault("500", f"Unsupported Operation : Operation {str(asked)[:40]} is not supported.")
    return str(asked)


def _count_item(work: Work, kind: Kind, operation: str, given: Any) -> None:
    key = kind.key_of(given)
    work.sandbox.counters.record_request(work.company.id, f"batch {operation}", kind.entity, key)
