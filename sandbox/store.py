"""Documents of every company in one SQLite file, each as the text that goes over the wire."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sandbox import wire
from sandbox.schema import SCHEMA, STATISTICS
from sandbox.wire import Body

COLUMNS = (
    "company, entity, id, version, number, name_key, party, txn_date, total_cents, balance_cents, side, "
    "active, status, created_at, updated_at, body"
)
INSERT = f"INSERT INTO documents ({COLUMNS}) VALUES ({', '.join('?' * 16)})"  # noqa: S608  constants only
CACHE_LIMIT = 50_000
_NOWHERE = "$.nowhere"
# A lost sandbox is set up again in a second: durability is traded for speed. Documents are long, so that pages of the
# usual 4 KiB hold two of them; of a file that exists already the size of its pages stays.
PRAGMAS = ("page_size=16384", "journal_mode=WAL", "synchronous=OFF", "cache_size=-65536", "temp_store=MEMORY")


@dataclass(slots=True, kw_only=True)
class Record:
    """One document or list entry of one company.

    `number` and `name_key` are what uniqueness rules look at; `party` is "Customer:12" or a contact id.
    `balance_cents` is signed: on side "receivable" positive means they owe us, on "payable" that we owe.
    `body` is the provider's own object: treat a fetched one as read-only and save a changed copy.
    """

    company: str
    entity: str
    id: str
    body: Body
    version: int = 0
    number: str | None = None
    name_key: str | None = None
    party: str | None = None
    txn_date: str | None = None
    total_cents: int = 0
    balance_cents: int = 0
    side: str | None = None
    active: bool = True
    status: str = ""
    created_at: str = ""
    updated_at: str = ""
    text: str = field(default="", compare=False)


class Glimpse(NamedTuple):
    """What a record tells without its whole body: `held` are the names asked for, None where there is nothing."""

    id: str
    party: str | None
    updated_at: str
    held: Body


class _Transaction:
    __slots__ = ("nested", "store")

    def __init__(self, store: "Store") -> None:
        self.store = store
        self.nested = store.db.in_transaction

    def __enter__(self) -> None:
        if self.nested:
            self.store.write_sequences()
        self.store.db.execute("SAVEPOINT part" if self.nested else "BEGIN")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        db = self.store.db
        if kind is None:
            self.store.write_sequences()
            db.execute("RELEASE part" if self.nested else "COMMIT")
            if not self.nested:
                self.store.drawn.clear()
            return
        db.execute("ROLLBACK TO part" if self.nested else "ROLLBACK")
        if self.nested:
            db.execute("RELEASE part")
        self.store.forget()


class Store:
    """A single connection used by the event loop's thread alone: no locks, one transaction per request."""

    def __init__(self, path: Path | None) -> None:
        self.db = sqlite3.connect(":memory:" if path is None else str(path), isolation_level=None)
        for pragma in PRAGMAS:
            self.db.execute(f"PRAGMA {pragma}")
        self.db.executescript(SCHEMA)
        self.db.executescript(STATISTICS)
        self._lists: dict[tuple[str, str, str], Record] = {}
        self._sequences: dict[tuple[str, str], int] = {}
        # Those that went on since they were written down.
        self._advanced: set[tuple[str, str]] = set()
        # The sequence of every number drawn within this transaction, in their order.
        self.drawn: list[tuple[str, str]] = []
        # What providers worked out from lists; forgotten with everything else after a rollback.
        self.memo: dict[Any, Any] = {}

    def close(self) -> None:
        self.db.close()

    def transaction(self) -> "_Transaction":
        """Everything inside is saved together, or not at all if it raises. Nests as a savepoint."""
        return _Transaction(self)

    @property
    def changes(self) -> int:
        """How many rows were ever written: the same number before and after means that nothing was."""
        return self.db.total_changes

    def start_over(self) -> None:
        """Take back what the outermost transaction did so far and go on in a new one.

        Cheaper than a savepoint around whatever might fail: those are paid for by everything that does not.
        """
        self.db.execute("ROLLBACK")
        self.db.execute("BEGIN")
        self.forget()

    def forget(self) -> None:
        """Drop what is remembered in memory, after a rollback or a reset."""
        self._lists.clear()
        self._sequences.clear()
        self._advanced.clear()
        self.drawn.clear()
        self.memo.clear()

    def next_id(self, company: str, name: str = "id") -> int:
        """1, 2, 3 … for this company and sequence. Written down when the transaction ends."""
        key = (company, name)
        value = self._sequences.get(key)
        if value is None:
            row = self.db.execute("SELECT value FROM sequences WHERE company=? AND name=?", key).fetchone()
            value = row[0] if row else 0
        value += 1
        self._sequences[key] = value
        self._advanced.add(key)
        if self.db.in_transaction:
            self.drawn.append(key)
        else:
            self.write_sequences()
        return value

    def put_back(self, drawn: int) -> None:
        """Put back the numbers that were drawn after the first `drawn` of this transaction: whatever they were for
        was refused before it was written."""
        for key in self.drawn[drawn:]:
            self._sequences[key] -= 1
            self._advanced.add(key)
        del self.drawn[drawn:]

    def write_sequences(self) -> None:
        """Write down how far the sequences went."""
        for key in self._advanced:
            self.db.execute("INSERT OR REPLACE INTO sequences VALUES (?,?,?)", (*key, self._sequences[key]))
        self._advanced.clear()

    def insert(self, record: Record) -> Record:
        """Save a new record; raises sqlite3.IntegrityError when the id exists."""
        record.text = wire.dumps(record.body)
        self.db.execute(INSERT, _row(record))
        self._remember(record)
        return record

    def update(self, record: Record) -> Record:
        """Replace the stored record that has the same company, entity and id."""
        record.text = wire.dumps(record.body)
        self.db.execute(
            "UPDATE documents SET version=?, number=?, name_key=?, party=?, txn_date=?, total_cents=?,"
            " balance_cents=?, side=?, active=?, status=?, created_at=?, updated_at=?, body=?"
            " WHERE company=? AND entity=? AND id=?",
            (*_row(record)[3:], record.company, record.entity, record.id),
        )
        self._remember(record)
        return record

    def reword(self, company: str, mark: str, reworded: Callable[[str], str]) -> None:
        """Put another text in the place of every body of the company that holds `mark`. Reads them all once."""
        rows = self.db.execute("SELECT seq, body FROM documents WHERE company=? AND instr(body, ?)", (company, mark))
        changed = [(new, seq) for seq, old in rows if (new := reworded(old)) != old]
        self.db.executemany("UPDATE documents SET body=? WHERE seq=?", changed)
        self._lists.clear()
        self.memo.clear()

    def delete(self, record: Record, *, deleted_at: str) -> None:
        """Remove the record and leave a tombstone for change feeds."""
        key = (record.company, record.entity, record.id)
        self.db.execute("DELETE FROM documents WHERE company=? AND entity=? AND id=?", key)
        self.db.execute("INSERT OR REPLACE INTO tombstones VALUES (?,?,?,?)", (*key, deleted_at))
        self._lists.pop(key, None)

    def get(self, company: str, entity: str, id: str) -> Record | None:
        """The record, or None. List entries (no date) come from memory after the first time."""
        key = (company, entity, id)
        known = self._lists.get(key)
        if known is not None:
            return known
        rows = self.select("company=? AND entity=? AND id=?", key)
        if not rows:
            return None
        self._remember(rows[0])
        return rows[0]

    def by_number(self, company: str, number: str) -> list[Record]:
        """Records of any entity with this number, exactly as written."""
        found = self.select("company=? AND number=?", (company, number))
        return [record for record in found if record.number == number]

    def by_name(self, company: str, name_key: str) -> list[Record]:
        """Records of any entity with this name key, active or not."""
        return self.select("company=? AND name_key=?", (company, name_key))

    def select(
        self, where: str, values: Sequence[Any], *, order: str = "seq", limit: int = -1, offset: int = 0
    ) -> list[Record]:
        """Records by a condition over the columns of `documents`.

        `where` and `order` must be made of constants: every value that came over the wire goes in `values`.
        """
        sql = f"SELECT {COLUMNS} FROM documents WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: S608  values are bound
        if offset:
            # What is passed over is sorted without its bodies.
            chosen = f"SELECT seq FROM documents WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: S608  values are bound
            sql = f"SELECT {COLUMNS} FROM documents WHERE seq IN ({chosen}) ORDER BY {order}"  # noqa: S608  as above
        return [_record(row) for row in self.db.execute(sql, (*values, limit, offset))]

    def glimpses(self, where: str, values: Sequence[Any], names: Sequence[str], *, order: str) -> Iterator[Glimpse]:
        """The same records as `select` gives, each with these names of its body alone."""
        held, paths = _held(names)
        sql = f"SELECT id, party, updated_at, {held} FROM documents WHERE {where} ORDER BY {order}"  # noqa: S608  values are bound
        for id, party, updated_at, found in self.db.execute(sql, (*paths, *values)):
            yield Glimpse(id, party, updated_at, dict(zip(names, wire.loads(found), strict=False)))

    def sketches(self, where: str, values: Sequence[Any], names: Sequence[str], *, order: str) -> Iterator[Record]:
        """The same records with these names of their bodies alone: to look at, and never to be saved."""
        held, paths = _held(names)
        columns = COLUMNS.removesuffix("body")
        sql = f"SELECT {columns} {held} FROM documents WHERE {where} ORDER BY {order}"  # noqa: S608  values are bound
        for row in self.db.execute(sql, (*paths, *values)):
            named = zip(names, wire.loads(row[-1]), strict=False)
            yield _record(row, {name: value for name, value in named if value is not None})

    def count(self, where: str, values: Sequence[Any]) -> int:
        row = self.db.execute(f"SELECT count(*) FROM documents WHERE {where}", tuple(values)).fetchone()  # noqa: S608  values are bound
        return int(row[0])

    def tombstones(self, company: str, entity: str, since: str) -> list[tuple[str, str]]:
        """(id, deleted_at) of what was deleted at or after a moment, oldest first."""
        rows = self.db.execute(
            "SELECT id, deleted_at FROM tombstones WHERE company=? AND entity=? AND deleted_at>=? ORDER BY deleted_at",
            (company, entity, since),
        )
        return [(row[0], row[1]) for row in rows]

    def clear(self, company: str) -> None:
        """Forget everything one company holds; the company itself stays."""
        for table in ("documents", "postings", "accounts", "tombstones", "sequences", "replies", "files"):
            self.db.execute(f"DELETE FROM {table} WHERE company=?", (company,))  # noqa: S608  a constant list of tables
        self.forget()

    def copy(self, source: str, target: str) -> None:
        """Give `target` everything `source` holds, with the same ids."""
        self.write_sequences()
        for table in ("documents", "postings", "accounts", "tombstones", "sequences", "files"):
            names = [row[1] for row in self.db.execute(f"PRAGMA table_info({table})")]
            kept = ", ".join(name for name in names if name not in ("company", "seq"))
            self.db.execute(
                f"INSERT INTO {table} (company, {kept}) SELECT ?, {kept} FROM {table} WHERE company=?",  # noqa: S608  constant names
                (target, source),
            )

    def _remember(self, record: Record) -> None:
        if record.txn_date is None:
            if len(self._lists) >= CACHE_LIMIT:
                self._lists.clear()
            self._lists[(record.company, record.entity, record.id)] = record


def _row(record: Record) -> tuple[Any, ...]:
    return (
        record.company,
        record.entity,
        record.id,
        record.version,
        record.number,
        record.name_key,
        record.party,
        record.txn_date,
        record.total_cents,
        record.balance_cents,
        record.side,
        int(record.active),
        record.status,
        record.created_at,
        record.updated_at,
        record.text,
    )


def _held(names: Sequence[str]) -> tuple[str, list[str]]:
    """SQL that makes one JSON list of what bodies hold under these names, and the values for its question marks."""
    # Of a single path SQLite would give the value itself, and a number no longer as it was written.
    paths = [f"$.{name}" for name in names] + [_NOWHERE] * (2 - len(names))
    return f"json_extract(body, {', '.join('?' * len(paths))})", paths


def _record(row: Sequence[Any], body: Body | None = None) -> Record:
    return Record(
        company=row[0],
        entity=row[1],
        id=row[2],
        version=row[3],
        number=row[4],
        name_key=row[5],
        party=row[6],
        txn_date=row[7],
        total_cents=row[8],
        balance_cents=row[9],
        side=row[10],
        active=bool(row[11]),
        status=row[12],
        created_at=row[13],
        updated_at=row[14],
        body=wire.loads(row[15]) if body is None else body,
        text=row[15] if body is None else "",
    )
