"""Plans, not times: whatever a sandbox holds, a number, a name or an id is looked up and never searched for."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from sandbox.books import Books, Entry, Line
from sandbox.store import Record, Store

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


def test_journals_of_one_company_pass_by_those_of_others() -> None:
    store = Store(None)
    books = Books(store)
    legs = [Line("1", 100), Line("2", -100)]
    books.post("a", "Invoice", "1", "2026-10-01", legs)
    [first] = books.entries("a", limit=100)
    with store.transaction():
        for number in range(2_000):
            books.post("b", "Invoice", str(number), "2026-10-01", legs)
    steps = _steps_of(store)
    assert books.entries("a", limit=100) == [first] and steps() < 1_000
    assert books.entry("a", first.number + 1) is None and steps() < 1_000
    assert books.entry("a", first.number) == first
    books.post("a", "Invoice", "2", "2026-10-01", legs)
    assert [entry.document for entry in books.entries("a", limit=100)] == ["1", "2"]
    assert [entry.document for entry in Books(store).entries("a", limit=100)] == ["1", "2"]
    store.close()


def _posted(books: Books, number: int, entity: str) -> None:
    """A document that changed in the second of its number."""
    document = Record(company="a", entity=entity, id=str(number), body={}, updated_at=f"2026-10-01T{number:05}")
    books.store.insert(document)
    books.post("a", entity, document.id, "2026-10-01", [Line("1", 100), Line("2", -100)])


def test_journals_since_the_last_change_look_at_none_of_the_others() -> None:
    store = Store(None)
    books = Books(store)
    with store.transaction():
        for number in range(2_000):
            _posted(books, number, "Invoice" if number % 2 else "Bill")
    steps = _steps_of(store)
    assert len(books.entries("a", limit=100)) == 100
    page = steps()
    assert books.entries("a", limit=100, since="2026-10-02") == [] and steps() < page / 5
    [last] = books.entries("a", limit=100, since="2026-10-01T01999")
    assert last.document == "1999" and steps() < page / 5
    store.close()


@pytest.mark.parametrize("entities", [(), ("Bill", "Payment")], ids=["all", "some"])
def test_few_changes_and_many_tell_the_same_journals(
    entities: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(None)
    books = Books(store)
    for number in range(40):
        _posted(books, number, ("Invoice", "Bill", "Payment")[number % 3])
    books.post("a", "Allocation", "7", "2026-10-01", [Line("1", 1), Line("3", -1)])
    store.update(replace(store.select("id='5'", ())[0], updated_at="2026-10-01T00035"))
    since = "2026-10-01T00030"

    def told() -> list[Entry]:
        first = books.entries("a", limit=5, entities=entities, since=since)
        return first + books.entries("a", after=first[-1].number, limit=90, entities=entities, since=since)

    few = told()
    monkeypatch.setattr("sandbox.books._FEW", -1)
    assert few == told() and few[0].document == "5" and len(few) == (7 if entities else 12)
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


def test_what_is_passed_over_is_not_read() -> None:
    """A page far behind costs no more than its own bodies and the order of all that lie before it."""
    store = Store(None)
    with store.transaction():
        for number in range(300):
            body = {"n": number, "long": "x" * 20_000}
            store.insert(
                Record(
                    company="a", entity="Invoice", id=str(number), body=body, side="receivable", balance_cents=1,
                    txn_date="2026-10-01",
                )
            )  # fmt: skip
    where, values = "company=? AND side=? AND balance_cents<>0", ("a", "receivable")
    found = store.select(where, values, order="seq DESC", limit=2, offset=250)
    assert [record.id for record in found] == ["49", "48"] and found[0].body["n"] == 49
    steps = _plan(store, where, "seq DESC", offset=250)
    assert any("USING INTEGER PRIMARY KEY" in step for step in steps), steps
    store.close()


def test_a_sketch_has_the_names_asked_for() -> None:
    store = Store(None)
    body = {"DueDate": "2026-10-31", "Total": Decimal("1.50"), "Lines": [1, 2]}
    record = Record(company="a", entity="Bill", id="1", body=body, party="p", balance_cents=150, txn_date="2026-10-01")
    store.insert(record)
    [seen] = store.sketches("company=?", ("a",), ["Total", "Missing"], order="seq")
    assert seen.body == {"Total": Decimal("1.50")} and str(seen.body["Total"]) == "1.50"
    assert (seen.id, seen.party, seen.balance_cents, seen.txn_date) == ("1", "p", 150, "2026-10-01")
    store.close()


def _plan(store: Store, where: str, order: str, *, offset: int) -> list[str]:
    asked: list[str] = []
    store.db.set_trace_callback(asked.append)
    store.select(where, ("a", "receivable"), order=order, limit=1, offset=offset)
    store.db.set_trace_callback(None)
    return [row[3] for row in store.db.execute(f"EXPLAIN QUERY PLAN {asked[-1]}")]
