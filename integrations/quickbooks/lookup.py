"""Looking records up: after an unknown outcome, one by one, and by what changed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from integrations import exact_json
from integrations.ports import (
    Absent,
    Access,
    Change,
    Fetched,
    Finding,
    Receipt,
    Role,
    Several,
    UnavailableError,
    Wanted,
)
from integrations.quickbooks.client import any_of, query, quoted, read
from integrations.quickbooks.entities import ENTITIES, EVERYONE, NAMED, PARTY_FIELDS, item_name
from rivet.money import cents

#: Names and numbers in one IN list; longer statements come close to the gateway's limit.
_CHUNK = 30
#: More changed records than these are not in one answer.
_CDC_MOST = 1000
_WATCHED = {Role.BILL, Role.INVOICE, Role.RETAINAGE_JOURNAL, Role.CUSTOMER, Role.VENDOR, Role.ITEM}


def receipt_of(record: Mapping[str, Any]) -> Receipt:
    """The receipt of a saved record as QuickBooks echoes it."""
    lines = [line for line in exact_json.objects(record.get("Line")) if "Id" in line]
    total = exact_json.amount(record.get("TotalAmt")) if "CustomerRef" in record or "VendorRef" in record else None
    return Receipt(
        external_id=str(record["Id"]),
        version=str(record.get("SyncToken", "")),
        number=str(record.get("DocNumber") or ""),
        total=None if total is None else cents(total),
        line_ids=tuple(str(line["Id"]) for line in lines),
    )


def find(access: Access, wanted: Sequence[Wanted]) -> Mapping[str, Finding]:
    """By name, or by number and then by party and date; documents are ours only if they carry our marker."""
    by_role: dict[Role, list[Wanted]] = defaultdict(list)
    for one in wanted:
        by_role[one.role].append(one)
    found: dict[str, Finding] = {}
    for role, group in by_role.items():
        for start in range(0, len(group), _CHUNK):
            chunk = group[start : start + _CHUNK]
            found |= _named(access, role, chunk) if role in NAMED else _documents(access, role, chunk)
    return found


def fetch(access: Access, role: Role, external_id: str) -> Fetched | None:
    """The record as it stands; None when QuickBooks no longer has it."""
    # Inactive names are there and must not pass for unknown; documents have no such switch.
    everyone = f" and {EVERYONE}" if role in NAMED else ""
    rows = list(query(access, ENTITIES[role], f"Id = {quoted(external_id)}{everyone}"))
    if not rows:
        return None
    record = rows[0]
    is_live = bool(record.get("Active", True)) and not _is_voided(role, record)
    return Fetched(receipt=receipt_of(record), is_live=is_live, document=record)


def changes(access: Access, *, since: datetime) -> Iterator[Change]:
    """Change data capture, at most thirty days back. Raises UnavailableError when an answer cannot be complete."""
    names = {ENTITIES[role]: role for role in sorted(_WATCHED)}
    found = _captured(access, names, since)
    if len(found) < _CDC_MOST:
        yield from found
        return
    for entity, role in names.items():
        alone = _captured(access, {entity: role}, since)
        if len(alone) >= _CDC_MOST:
            raise UnavailableError(f"more changes of {entity} than one answer of QuickBooks holds")
        yield from alone


def _captured(access: Access, names: Mapping[str, Role], since: datetime) -> list[Change]:
    params = {"entities": ",".join(names), "changedSince": since.isoformat(timespec="seconds")}
    parts = read(access, "/cdc", holding="CDCResponse", params=params)
    return [
        _change(role, record)
        for part in parts
        for response in part.get("QueryResponse", [])
        for entity, role in names.items()
        for record in response.get(entity, [])
    ]


def _change(role: Role, record: Mapping[str, Any]) -> Change:
    return Change(
        role=role,
        external_id=str(record["Id"]),
        version=str(record.get("SyncToken", "")),
        changed_at=datetime.fromisoformat(record["MetaData"]["LastUpdatedTime"]),
        is_gone=record.get("status") == "Deleted" or _is_voided(role, record),
    )


def _is_voided(role: Role, record: Mapping[str, Any]) -> bool:
    """QuickBooks says so in words only: the note begins with it, and every amount is gone. Invoices alone know it."""
    if role is not Role.INVOICE or not str(record.get("PrivateNote", "")).startswith("Voided"):
        return False
    return not record.get("TotalAmt")


def _named(access: Access, role: Role, chunk: list[Wanted]) -> dict[str, Finding]:
    field = NAMED[role]
    names = {one.ref: item_name(one.name) if role is Role.ITEM else one.name for one in chunk}
    condition = f"{any_of(field, sorted(set(names.values())))} and {EVERYONE}"
    rows: dict[str, list[Receipt]] = defaultdict(list)
    for record in query(access, ENTITIES[role], condition):
        rows[str(record[field]).casefold()].append(receipt_of(record))
    return {ref: _one(rows[name.casefold()]) for ref, name in names.items()}


def _documents(access: Access, role: Role, chunk: list[Wanted]) -> dict[str, Finding]:
    numbers = [one.number for one in chunk if one.number]
    rows = list(query(access, ENTITIES[role], any_of("DocNumber", numbers))) if numbers else []
    found: dict[str, Finding] = {}
    for one in chunk:
        found[one.ref] = _one(_marked(rows, one.marker))
        if isinstance(found[one.ref], Absent) and (condition := _by_day(role, one)):
            # The company may number for itself, so the number we asked for proves nothing.
            found[one.ref] = _one(_marked(query(access, ENTITIES[role], condition), one.marker))
    return found


def _by_day(role: Role, one: Wanted) -> str:
    if one.day is None:
        return ""
    day = f"TxnDate = {quoted(one.day.isoformat())}"
    field = PARTY_FIELDS.get(role)
    return f"{field} = {quoted(one.party_id)} and {day}" if field and one.party_id else day


def _marked(rows: Iterator[dict[str, Any]] | list[dict[str, Any]], marker: str) -> list[Receipt]:
    return [receipt_of(row) for row in rows if f"[{marker}]" in str(row.get("PrivateNote", ""))]


def _one(receipts: list[Receipt]) -> Finding:
    if not receipts:
        return Absent()
    return receipts[0] if len(receipts) == 1 else Several(candidates=tuple(receipts))
