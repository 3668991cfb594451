"""Single writes and reads."""

from typing import Any

from sandbox.quickbooks import shapes
from sandbox.quickbooks.company import singleton
from sandbox.quickbooks.faults import MESSAGES, SUBSCRIPTION, SYSTEM, TRANSIENT, ServiceFault
from sandbox.quickbooks.kinds import UNKNOWN, Kind
from sandbox.quickbooks.lists.taxes import PSEUDO_CODES
from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.work import Work
from sandbox.store import Record


def read(work: Work, entity: str, id: str) -> str:
    """The inner text of a single entity's envelope."""
    if entity in ("companyinfo", "preferences"):
        name = "CompanyInfo" if entity == "companyinfo" else "Preferences"
        return f'"{name}":{singleton(work, name)}'
    kind = KINDS[entity]
    return f'"{kind.entity}":{kind.present(work, find(work, entity, id))}'


def find(work: Work, entity: str, id: str) -> Record:
    """The stored object, by its path; raises 2030, 610."""
    named = entity == "taxcode" and id in PSEUDO_CODES
    record = work.find(KINDS[entity].entity, id if named else shapes.check_id(id))
    if record is None:
        raise ServiceFault("610", UNKNOWN)
    return record


def operation_of(given: Any, asked: str | None, include: frozenset[str]) -> str:
    """create, update, delete or void, or the unknown word that was asked for."""
    if asked and asked not in ("create", "update"):
        return asked[:20]
    if "void" in include:
        return "void"
    if isinstance(given, dict) and len(given) == 1:
        # A template lies in an object of its own.
        [inner] = given.values()
        given = inner if isinstance(inner, dict) and "RecurringInfo" in inner else given
    return "update" if isinstance(given, dict) and given.get("Id") not in (None, "") else "create"


def write(work: Work, kind: Kind, operation: str, given: Any) -> str:
    """Carry out one write; returns the inner text. Raises ServiceFault."""
    if work.settings.get("subscription") == "lapsed":
        raise ServiceFault("6190", SUBSCRIPTION)
    if not kind.creatable:
        raise ServiceFault("500", f"Unsupported Operation : Operation {operation} is not supported.")
    record = _carry_out(work, kind, operation, given)
    work.saved.append((operation, kind.entity, record.id, kind.key_of(given)))
    if operation == "delete":
        return f'"{kind.entity}":{kind.gone(record)}'
    return f'"{kind.entity}":{kind.present(work, _as_left(work, kind, record))}'


def count(work: Work) -> None:
    """Tell the counters what this request saved; called once, when nothing can be taken back any more."""
    counters = work.sandbox.counters
    for operation, entity, id, key in work.saved:
        counters.record_save(work.company.id, operation, entity, key)
        counters.record_event("saved", work.company.id, operation=operation, entity=entity, document=id, key=key)


def _as_left(work: Work, kind: Kind, record: Record) -> Record:
    """The record with what linked documents did to it while it was saved."""
    touched = [entry for entry in work.noticed if entry[1:] == (kind.entity, record.id)]
    return record if len(touched) < 2 else work.find(kind.entity, record.id) or record


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


def coded(code: str, detail: str | None) -> ServiceFault:
    """A fault of the accounting service by its number, as fault rules ask for it."""
    known = code if code in MESSAGES else "10000"
    text = detail or (TRANSIENT if code == "6000" else "")
    if known == "10000":
        return ServiceFault(known, text, kind=SYSTEM, status=500)
    return ServiceFault(known, text)
