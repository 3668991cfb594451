"""Plans, not times: whatever a sandbox holds, a number, a name or an id is looked up and never searched for."""

import pytest

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
