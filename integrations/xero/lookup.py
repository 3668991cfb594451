"""Looking records up: after an unknown outcome, one by one, and by what changed."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations import exact_json
from integrations.ports import Absent, Access, Change, Fetched, Finding, Receipt, Role, Several, Wanted
from integrations.xero import errors
from integrations.xero.client import pages, quoted, read
from integrations.xero.resources import RESOURCES, TYPES, clean_name
from rivet.money import cents

#: Conditions joined by OR; longer filters come close to the limit of an address.
_CHUNK = 20
_MILLISECONDS = re.compile(r"/Date\((-?\d+)")
_GONE = frozenset({"VOIDED", "DELETED"})


def receipt_of(role: Role, record: Mapping[str, Any]) -> Receipt:
    """The receipt of a saved record as Xero echoes it. A warning means something was changed or dropped."""
    resource = RESOURCES[role]
    total = exact_json.amount(record.get("Total")) if role in TYPES else None
    lines = exact_json.objects(record.get("LineItems"))
    warned = errors.messages(record, "Warnings")
    return Receipt(
        external_id=str(record[resource.id_field]),
        version=str(record.get("UpdatedDateUTC", "")),
        number=str(record.get(resource.number_field) or "") if role in TYPES else "",
        total=None if total is None else cents(total),
        line_ids=tuple(str(line["LineItemID"]) for line in lines if "LineItemID" in line),
        warnings=errors.refusal(warned, role).problems if warned else (),
    )


def find(access: Access, wanted: Sequence[Wanted]) -> Mapping[str, Finding]:
    """Contacts by name, invoices by number, bills by contact and date, journals by narration."""
    by_role: dict[Role, list[Wanted]] = defaultdict(list)
    for one in wanted:
        by_role[one.role].append(one)
    found: dict[str, Finding] = {}
    for role, group in by_role.items():
        for start in range(0, len(group), _CHUNK):
            found |= _FINDERS[role](access, group[start : start + _CHUNK])
    return found


def fetch(access: Access, role: Role, external_id: str) -> Fetched | None:
    """The record as it stands; None when Xero does not know it."""
    name = RESOURCES[role].name
    rows = read(access, f"/{name}/{external_id}", holding=name, is_record=True)[name]
    if not rows:
        return None
    state = rows[0].get("Status") or rows[0].get("ContactStatus")
    is_live = state not in {*_GONE, "ARCHIVED"}
    return Fetched(receipt=receipt_of(role, rows[0]), is_live=is_live, document=rows[0])


def changes(access: Access, *, since: datetime) -> Iterator[Change]:
    """Contacts, invoices, bills and journals modified since a moment. Xero's lists name no deletions but states."""
    stamp = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    for record in pages(access, "Contacts", params={"includeArchived": "true"}, since=stamp):
        # A contact may be both at once, and is neither before its first document.
        yield _change(Role.CUSTOMER, record)
        yield _change(Role.VENDOR, record)
    for record in pages(access, "Invoices", params={}, since=stamp):
        yield _change(Role.INVOICE if record["Type"] == TYPES[Role.INVOICE] else Role.BILL, record)
    for record in pages(access, "ManualJournals", params={}, since=stamp):
        yield _change(Role.RETAINAGE_JOURNAL, record)


def _change(role: Role, record: Mapping[str, Any]) -> Change:
    updated = str(record.get("UpdatedDateUTC", ""))
    return Change(
        role=role,
        external_id=str(record[RESOURCES[role].id_field]),
        version=updated,
        changed_at=_moment(updated),
        is_gone=record.get("Status") in _GONE,
    )


def _moment(text: str) -> datetime:
    found = _MILLISECONDS.search(text)
    milliseconds = int(found.group(1)) if found else 0
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _contacts(access: Access, chunk: list[Wanted]) -> dict[str, Finding]:
    where = " OR ".join(f"Name=={quoted(clean_name(one.name))}" for one in chunk)
    rows = list(pages(access, "Contacts", params={"where": where, "includeArchived": "true"}))
    return {one.ref: _one(one.role, [row for row in rows if _is_named(row, clean_name(one.name))]) for one in chunk}


def _is_named(row: Mapping[str, Any], name: str) -> bool:
    return str(row["Name"]).casefold() == name.casefold()


def _invoices(access: Access, chunk: list[Wanted]) -> dict[str, Finding]:
    where = 'Type=="ACCREC" AND (' + " OR ".join(f"InvoiceNumber=={quoted(one.number)}" for one in chunk) + ")"
    rows = _live(pages(access, "Invoices", params={"where": where}))
    return {one.ref: _one(one.role, _marked(rows, one.marker)) for one in chunk}


def _bills(access: Access, chunk: list[Wanted]) -> dict[str, Finding]:
    """Bill numbers are free text at Xero, so a bill is asked for by contact and date."""
    found: dict[str, Finding] = {}
    for one in chunk:
        assert one.day is not None  # noqa: S101 - every bill has a date; narrows the type
        day = f"DateTime({one.day.year},{one.day.month:02},{one.day.day:02})"
        of_party = f'Contact.ContactID==Guid("{one.party_id}") AND ' if one.party_id else ""
        where = f'Type=="ACCPAY" AND {of_party}Date=={day}'
        rows = _live(pages(access, "Invoices", params={"where": where}))
        found[one.ref] = _one(one.role, _marked(rows, one.marker))
    return found


def _journals(access: Access, chunk: list[Wanted]) -> dict[str, Finding]:
    where = " OR ".join(f"Narration=={quoted(one.number)}" for one in chunk)
    rows = _live(pages(access, "ManualJournals", params={"where": where}))
    return {one.ref: _one(one.role, [row for row in rows if one.marker in row["Narration"]]) for one in chunk}


def _live(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row.get("Status") not in _GONE]


def _marked(rows: list[dict[str, Any]], marker: str) -> list[dict[str, Any]]:
    return [row for row in rows if str(row.get("Url", "")).endswith(f"={marker}")]


def _one(role: Role, rows: list[dict[str, Any]]) -> Finding:
    if not rows:
        return Absent()
    receipts = tuple(receipt_of(role, row) for row in rows)
    return receipts[0] if len(receipts) == 1 else Several(candidates=receipts)


_FINDERS: Mapping[Role, Callable[[Access, list[Wanted]], dict[str, Finding]]] = {
    Role.CUSTOMER: _contacts,
    Role.VENDOR: _contacts,
    Role.INVOICE: _invoices,
    Role.BILL: _bills,
    Role.RETAINAGE_JOURNAL: _journals,
}
