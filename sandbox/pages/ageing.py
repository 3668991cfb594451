"""What is open, by name and by how long it is overdue."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sandbox.pages.papers import due_of
from sandbox.store import Record

AGES = ((0, "Current"), (30, "1 to 30 days"), (60, "31 to 60 days"), (90, "61 to 90 days"))
LABELS = (*(label for _, label in AGES), "Over 90 days")


class Ageing(NamedTuple):
    """One party's open items by age in cents, in the order of LABELS; `id` as in `Record.party`."""

    id: str
    party: str
    buckets: list[int]
    total: int


def aged(items: Iterable[tuple[Record, str, int]], today: date) -> list[Ageing]:
    """Rows by name from open records, each with the name of its party and its open cents in the home currency."""
    rows: dict[tuple[str, str], list[int]] = {}
    for record, name, cents in items:
        day = due_of(record) or record.txn_date or today.isoformat()
        buckets = rows.setdefault((name, record.party or ""), [0] * len(LABELS))
        buckets[_bucket((today - date.fromisoformat(day)).days)] += cents
    return [Ageing(id, name, buckets, sum(buckets)) for (name, id), buckets in sorted(rows.items())]


def _bucket(days: int) -> int:
    return next((position for position, (limit, _) in enumerate(AGES) if days <= limit), len(AGES))
