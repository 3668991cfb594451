"""What only a person can do, in the vendor's own pages: the API does not merge two customers or two vendors."""

from dataclasses import replace
from typing import Any

from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.transactions.base import TransactionKind
from sandbox.quickbooks.work import Work, moment_key, shown_name, stamp
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.world import ByHandError

ACTS = {"merge customer": "Customer", "merge vendor": "Vendor"}
# References that can mean the party beside the one of its own name; they say which list they mean.
TYPED = ("EntityRef", "Entity")


def act_by_hand(work: Work, facts: dict[str, Any]) -> tuple[str, Record, Record]:
    """Carry out `facts["act"]` on the name with the id `facts["id"]`, which goes, and `facts["into"]`, which stays.
    Returns the entity, who stayed and who went. Raises ByHandError."""
    entity = ACTS.get(str(facts.get("act")))
    if entity is None:
        raise ByHandError(f"act is one of {', '.join(ACTS)}.")
    gone, into = (_name(work, entity, facts.get(which)) for which in ("id", "into"))
    if gone.id == into.id:
        raise ByHandError(f"A {entity.lower()} cannot be merged into itself.")
    if gone.body["CurrencyRef"]["value"] != into.body["CurrencyRef"]["value"]:
        raise ByHandError("Only names of one currency can be merged.")
    if work.sandbox.store.count("company=? AND entity=? AND party=?", (work.company.id, entity, f"{entity}:{gone.id}")):
        raise ByHandError("Move its jobs first.")
    _take_over(work, entity, gone, into)
    work.sandbox.books.move_party(work.company.id, f"{entity}:{gone.id}", f"{entity}:{into.id}")
    work.sandbox.store.delete(gone, deleted_at=moment_key(work.now))
    return entity, into, gone


def _name(work: Work, entity: str, id: object) -> Record:
    found = work.find(entity, str(id))
    if found is None:
        raise ByHandError(f"There is no {entity.lower()} {id}.")
    return found


def _take_over(work: Work, entity: str, gone: Record, into: Record) -> None:
    """Every document that names who goes names who stays, and has changed."""
    store = work.sandbox.store
    names = [kind.entity for kind in KINDS.values() if isinstance(kind, TransactionKind)] + [
        "TimeActivity",
        "Attachable",
    ]
    marks = ",".join("?" * len(names))
    where, mark = f"company=? AND entity IN ({marks}) AND instr(body, ?)", f'"value":"{gone.id}"'
    for record in store.select(where, (work.company.id, *names, mark)):
        body = _renamed(record.body, f"{entity}Ref", entity, gone.id, {"value": into.id, "name": shown_name(into)})
        if body == record.body:
            continue
        stamp(work, body, id=record.id, version=record.version + 1, created=record.body["MetaData"]["CreateTime"])
        party = f"{entity}:{into.id}" if record.party == f"{entity}:{gone.id}" else record.party
        changed = replace(record, body=body, party=party, version=record.version + 1, updated_at=moment_key(work.now))
        store.update(changed)
        work.noticed.append(("Update", record.entity, record.id))


def _renamed(value: Any, key: str, entity: str, old: str, new: Body) -> Any:
    if isinstance(value, list):
        return [_renamed(each, key, entity, old, new) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: _renamed(held, key, entity, old, new) for name, held in value.items()}
    if _means(found.get(key), old):
        found[key] = {**found[key], **new}
    for name in TYPED:
        held = found.get(name)
        if isinstance(held, dict) and _means(held, old):
            said = str(held.get("type") or found.get("Type") or "")
            found[name] = {**held, **new} if said.casefold() == entity.casefold() else held
    return found


def _means(ref: Any, id: str) -> bool:
    return isinstance(ref, dict) and ref.get("value") == id
