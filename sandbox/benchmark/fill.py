"""A data folder with very many documents, made from one real bill by SQL: the figures at a million of them."""

import sqlite3
from pathlib import Path

# Each copy gets an id, a number and a moment of its own; sizes and indexes are those of real documents.
_COPIES = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
INSERT INTO documents (company, entity, id, version, number, name_key, party, txn_date, total_cents, balance_cents,
                       side, active, status, created_at, updated_at, body)
SELECT d.company, d.entity, {id}, d.version, 'M-' || n.i, iif(d.name_key IS NULL, NULL, 'm-' || n.i),
       d.party, d.txn_date, d.total_cents, d.balance_cents, d.side, d.active, d.status,
       strftime('%Y-%m-%dT%H:%M:%S', 1790000000 + n.i, 'unixepoch') || '+00:00',
       strftime('%Y-%m-%dT%H:%M:%S', 1790000000 + n.i, 'unixepoch') || '+00:00',
       replace(d.body, '"B-1"', '"M-' || n.i || '"')
FROM n, documents d WHERE d.company = :company AND d.number = 'B-1' ORDER BY n.i
"""
_IDS = {
    "xero": "printf('%08x-0000-4000-8000-%012x', n.i * 2654435761 % 4294967296, n.i)",
    "quickbooks": "CAST(1000000 + n.i AS TEXT)",
}


def multiply(folder: Path, provider: str, company: str, count: int) -> None:
    """`count` copies of the company's bill B-1, numbered M-1, M-2 …; the sandbox must be down.

    Raises RuntimeError unless there is exactly one such bill.
    """
    db = sqlite3.connect(folder / "sandbox.sqlite3", isolation_level=None)
    try:
        db.execute("PRAGMA synchronous=OFF")
        db.execute("PRAGMA cache_size=-262144")
        db.execute("BEGIN")
        db.execute(_COPIES.format(id=_IDS[provider]), {"company": company, "count": count})
        made = db.execute("SELECT changes()").fetchone()[0]
        if made != count:
            raise RuntimeError(f"{made} copies of the bill B-1 instead of {count}")
        db.execute("COMMIT")
    finally:
        db.close()
