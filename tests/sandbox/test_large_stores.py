"""Plans, not times: whatever a sandbox holds, a number, a name or an id is looked up and never searched for."""

from collections.abc import Callable

import pytest

from sandbox.books import Books, Line
from sandbox.store import Store

LOOKUPS = [
    ("company=? AND entity=? AND number IN (?)", "updated_at, id", "documents_number"),
    ("company=? AND entity=? AND number=?", "updated_at, id", "documents_number"),
    ("company=? AND entity=? AND name_key=?", "updated_at, id", "documents_name"),
    ("company=? AND entity=? AND id IN (?)", "updated_at, id", "documents_id"),
    ("company=? AND number=?", "seq", "documents_number"),
    ("company=? AND entity=?", "updated_at, id", "documents_updated"),
]


@pytest.mark.parametrize(("where", "order", "index"), LOOKUPS, ids=[where for where, _, _ in LOOKUPS])
def test_lookups_use_their_index(where: str, order: str, index: str) -> None:
    store = Store(None)
    sql = f"EXPLAIN QUERY PLAN SELECT body FROM documents WHERE {where} ORDER BY {order}"  # noqa: S608  constants
    values = ["x"] * where.count("?")
    [first, *_] = [row[3] for row in store.db.execute(sql, values)]
    store.close()
    assert f"USING INDEX {index} " in first


def test_the_last_page_of_journals_costs_what_the_first_does() -> None:
    store = Store(None)
    books = Books(store)
    legs = [Line("1", 100), Line("2", -100)]
    with store.transaction():
        for number in range(2_000):
            books.post("a" if number % 2 else "b", "Invoice", str(number), "2026-10-01", legs)
    steps = _steps_of(store)
    pages, costs, after = 0, [], 0
    while found := books.entries("a", after=after, limit=100):
        costs.append(steps())
        pages, after = pages + 1, found[-1].number
    assert pages == 10 and max(costs) < 1.5 * min(costs)
    last = books.entries("a", after=0, limit=1_000)[-1]
    steps()
    assert books.entry("a", last.number) == last and steps() < min(costs) / 10
    assert [books.entry("a", number) for number in (0, 1, last.number + 1)] == [None] * 3
    store.close()


def _steps_of(store: Store) -> Callable[[], int]:
    """How many steps the database took since it was last asked."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    def asked() -> int:
        nonlocal count
        found, count = count, 0
        return found

    store.db.set_progress_handler(step, 1)
    return asked
