"""Change data capture: what changed since a moment."""

from datetime import datetime, timedelta

from sandbox.quickbooks.answers import inner_time
from sandbox.quickbooks.faults import ServiceFault, missing
from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.work import Work, in_utc, moment_key

LOOK_BACK = timedelta(days=30)
MOST = 1000
NOT_COVERED = frozenset({"taxagency", "taxcode", "taxrate", "journalcode", "customertype", "recurringtransaction"})


def changes(work: Work, asked: dict[str, str]) -> str:
    """The inner text of the answer: full objects by entity in order of change, tombstones for deletions."""
    names, since = asked.get("entities"), asked.get("changedSince")
    if not names:
        missing("entities")
    if not since:
        missing("changedSince")
    moment = _moment(work, since)
    left, parts = MOST, []
    for name in names.split(","):
        part, used = _entity(work, name.strip(), moment, left)
        left -= used
        parts.append(part)
    return f'"CDCResponse":[{{"QueryResponse":[{",".join(parts)}]}}]'


def _entity(work: Work, name: str, since: str, most: int) -> tuple[str, int]:
    kind = KINDS.get(name.lower())
    if kind is None or name.lower() in NOT_COVERED:
        raise ServiceFault("2000", f"Invalid or unsupported object name: {name[:60]}")
    store, company = work.sandbox.store, work.company.id
    found = store.select(
        "company=? AND entity=? AND updated_at>=?", (company, kind.entity, since), order="updated_at, seq", limit=most
    )
    rows = [kind.present(work, record) for record in found]
    for id, deleted_at in store.tombstones(company, kind.entity, since)[: most - len(rows)]:
        moment = inner_time(datetime.fromisoformat(deleted_at))
        rows.append(f'{{"domain":"QBO","status":"Deleted","Id":"{id}","MetaData":{{"LastUpdatedTime":"{moment}"}}}}')
    if not rows:
        return "{}", 0
    return f'{{"{kind.entity}":[{",".join(rows)}],"startPosition":1,"maxResults":{len(rows)}}}', len(rows)


def _moment(work: Work, text: str) -> str:
    try:
        # A plus sign that was not escaped arrives as a blank.
        moment = in_utc(datetime.fromisoformat(text.replace(" ", "+")))
    except (ValueError, OverflowError):
        raise ServiceFault("2060", f"changedSince should be a date and time. Supplied value:{text[:40]}") from None
    earliest = work.now - LOOK_BACK
    if moment < earliest and work.settings.get("cdc_too_far_back") == "refused":
        raise ServiceFault("2070", "changedSince must lie within the last 30 days")
    # Recorded and relied upon by clients: an earlier moment is no error.
    return moment_key(max(moment, earliest))
