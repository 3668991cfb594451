"""The double-entry core under both providers. Amounts are whole cents, debits positive."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sandbox.store import Record, Store

Side = Literal["receivable", "payable"]
Key = Literal["date", "party", "tag"]


class UnbalancedError(ArithmeticError):
    """The lines of a posting do not add up to zero: a fault of the sandbox, never of a client."""


class Line(NamedTuple):
    """One leg of a posting. `party` is written as in `Record.party`; `tag` is a class or tracking option."""

    account: str
    cents: int
    party: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class AccountBalance:
    id: str
    code: str
    name: str
    type: str
    side: str | None
    cents: int


class Sum(NamedTuple):
    """`key` is the day, the party or the tag that was asked for."""

    account: str
    key: str | None
    cents: int


class LedgerLine(NamedTuple):
    entity: str
    document: str
    date: str
    cents: int
    party: str | None
    tag: str | None


class Entry(NamedTuple):
    """All postings of one document. `number` rises with the time of posting, over all companies."""

    number: int
    entity: str
    document: str
    date: str


class Chosen(NamedTuple):
    """Some documents: a SELECT of their entities and ids, made of constants, and the values for its question marks."""

    sql: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Only:
    """Which postings count: those of these parties and these tags. None stands for those that have none, and an
    empty list lets every posting pass."""

    parties: tuple[str | None, ...] = ()
    tags: tuple[str | None, ...] = ()

    def condition(self) -> tuple[str, list[str]]:
        """SQL over `postings`, and the values for its question marks."""
        found, values = "", []
        for name, wanted in (("party", self.parties), ("class", self.tags)):
            if wanted:
                # One value, however many are wanted: SQLite takes no more than 32,766.
                found += f" AND coalesce({name}, '') IN (SELECT value FROM json_each(?))"  # noqa: S608  constant names
                values.append(json.dumps([each or "" for each in wanted]))
        return found, values


EVERY_POSTING = Only()


# Whatever index may promise more: the table itself is in the order of posting. What others posted since is passed by.
_ENTRIES = """
SELECT seq, entity, document, date FROM postings p NOT INDEXED WHERE company=?1 AND seq>?2 AND seq<={last}{kinds}
AND NOT EXISTS (SELECT 1 FROM postings b WHERE b.company=?1 AND b.document=p.document AND b.entity=p.entity
                AND b.seq<p.seq)
AND (?3='' OR NOT EXISTS (SELECT 1 FROM documents d WHERE d.company=?1 AND d.entity=p.entity AND d.id=p.document
                          AND d.updated_at<?3))
ORDER BY seq LIMIT ?4
"""

_FIRST = """
SELECT seq, entity, document, date FROM postings p WHERE seq=?2 AND company=?1
AND NOT EXISTS (SELECT 1 FROM postings b WHERE b.company=?1 AND b.document=p.document AND b.entity=p.entity
                AND b.seq<p.seq)
"""

# Of few changes, begin from what changed. Allocations are parts of documents and none themselves: they are always told.
_CHANGED = """
WITH RECURSIVE names(entity) AS (
    SELECT min(entity) FROM documents WHERE company=?1
    UNION ALL SELECT (SELECT min(entity) FROM documents WHERE company=?1 AND entity>n.entity)
    FROM names n WHERE n.entity IS NOT NULL
), changed AS (
    SELECT entity, id FROM documents d INDEXED BY documents_updated
    WHERE company=?1 AND entity IN (SELECT entity FROM names) AND updated_at>=?3{kinds}
)
"""
_FEW = 10_000
_COUNT_CHANGED = "{changed} SELECT count(*) FROM (SELECT 1 FROM changed LIMIT ?4)"
_CHANGED_ENTRIES = """
{changed}
SELECT min(seq) first, entity, document, date FROM (
    SELECT seq, p.entity, document, date FROM changed c CROSS JOIN postings p INDEXED BY postings_document
    ON p.company=?1 AND p.document=c.id AND p.entity=c.entity
    UNION ALL SELECT seq, entity, document, date FROM postings INDEXED BY postings_alone
    WHERE company=?1 AND entity='Allocation'{kinds}
) GROUP BY entity, document HAVING first>?2 ORDER BY first LIMIT ?4
"""


def _kinds(entities: Sequence[str]) -> str:
    marks = ", ".join(f"?{number}" for number, _ in enumerate(entities, start=5))
    return f" AND entity IN ({marks})" if entities else ""


class Books:
    """Postings per company. The chart itself belongs to the provider, which declares each account here."""

    def __init__(self, store: Store, counts_only: Callable[[str], bool] = lambda company: False) -> None:
        """`counts_only` tells of a company whether its documents are kept, but not posted."""
        self.store = store
        self.counts_only = counts_only
        # No posting of these companies has a higher number.
        self._last: dict[str, int] = {}

    def declare(self, company: str, *, id: str, code: str, name: str, type: str, side: Side | None = None) -> None:
        """Make an account known, or rename it. `side` marks the control accounts of A/R and A/P."""
        self.store.db.execute(
            "INSERT OR REPLACE INTO accounts VALUES (?,?,?,?,?,?)", (company, id, code, name, type, side)
        )

    def post(self, company: str, entity: str, document: str, date: str, lines: Sequence[Line]) -> None:
        """Book a document. Raises UnbalancedError unless the cents add up to zero. Zero legs are left out."""
        if self.counts_only(company):
            return
        if sum([line.cents for line in lines]):
            raise UnbalancedError(f"{entity} {document} of {company}: {lines}")
        self.store.db.executemany(
            "INSERT INTO postings (company, entity, document, date, account, cents, party, class)"
            " VALUES (?,?,?,?,?,?,?,?)",
            [(company, entity, document, date, *line) for line in lines if line.cents],
        )
        if company in self._last:
            [number] = self.store.db.execute("SELECT last_insert_rowid()").fetchone()
            self._last[company] = max(self._last[company], number)

    def unpost(self, company: str, entity: str, document: str) -> None:
        """Take a document's postings out again: it is about to be voided, deleted or posted anew."""
        self.store.db.execute(
            "DELETE FROM postings WHERE company=? AND document=? AND entity=?", (company, document, entity)
        )

    def move_party(self, company: str, old: str, new: str) -> None:
        """Let the postings of one party count for another: the two were merged."""
        self.store.db.execute("UPDATE postings SET party=? WHERE company=? AND party=?", (new, company, old))

    def trial_balance(self, company: str, *, until: str = "9999-12-31") -> list[AccountBalance]:
        """Every account with the sum of its postings dated up to and including `until`."""
        rows = self.store.db.execute(
            "SELECT a.id, a.code, a.name, a.type, a.side, coalesce(p.cents, 0) FROM accounts a LEFT JOIN"
            " (SELECT account, sum(cents) cents FROM postings"
            " WHERE company=?1 AND date<=?2 GROUP BY account) p"
            " ON p.account = a.id WHERE a.company=?1 ORDER BY a.code, a.name",
            (company, until),
        )
        return [AccountBalance(*row) for row in rows]

    def sums(
        self, company: str, by: Key, *, since: str = "", until: str = "9999-12-31", only: Only = EVERY_POSTING
    ) -> list[Sum]:
        """What was posted to each account from one day to another, by day, party or tag."""
        column = {"date": "date", "party": "party", "tag": "class"}[by]
        condition, values = only.condition()
        rows = self.store.db.execute(
            f"SELECT account, {column}, sum(cents) FROM postings"  # noqa: S608  values are bound
            f" WHERE company=? AND date BETWEEN ? AND ?{condition} GROUP BY account, {column}",
            (company, since, until, *values),
        )
        return [Sum(*row) for row in rows]

    def entries(
        self,
        company: str,
        *,
        after: int = 0,
        limit: int,
        entities: Sequence[str] = (),
        since: str = "",
    ) -> list[Entry]:
        """The documents that are in the books, in the order in which they came there: of these entities only, if there
        are any, and without those last changed before `since`, a moment as in `Record.updated_at`.

        Read in the order of posting from `after` on, so that the last page costs what the first does; where little
        changed since then, only that is looked at.
        """
        kinds = _kinds(entities)
        parts = {"kinds": kinds, "changed": _CHANGED.format(kinds=kinds), "last": self._highest(company)}
        few = bool(since)
        if since:
            values = (company, after, since, _FEW + 1, *entities)
            few = self.store.db.execute(_COUNT_CHANGED.format(**parts), values).fetchone()[0] <= _FEW
        sql = (_CHANGED_ENTRIES if few else _ENTRIES).format(**parts)
        return [Entry(*row) for row in self.store.db.execute(sql, (company, after, since, limit, *entities))]

    def entry(self, company: str, number: int) -> Entry | None:
        """The document of this number, or None."""
        [found] = self.store.db.execute(_FIRST, (company, number)).fetchall() or [None]
        return Entry(*found) if found else None

    def _highest(self, company: str) -> int:
        if company not in self._last:
            sql = "SELECT coalesce(max(seq), 0) FROM postings WHERE company=?"
            self._last[company] = int(self.store.db.execute(sql, (company,)).fetchone()[0])
        return self._last[company]

    def balances(self, company: str) -> dict[str, int]:
        """Account id to cents, only accounts that were ever posted to."""
        rows = self.store.db.execute(
            "SELECT account, sum(cents) FROM postings WHERE company=? GROUP BY account", (company,)
        )
        return dict(rows)

    def balance(self, company: str, account: str) -> int:
        """One account in cents."""
        sql = "SELECT coalesce(sum(cents), 0) FROM postings WHERE company=? AND account=?"
        return int(self.store.db.execute(sql, (company, account)).fetchone()[0])

    def account_ledger(
        self,
        company: str,
        account: str,
        *,
        since: str = "",
        until: str = "9999-12-31",
        limit: int = 1000,
        offset: int = 0,
    ) -> list[LedgerLine]:
        """The postings of one account by date, of the days from `since` up to and including `until`."""
        rows = self.store.db.execute(
            "SELECT entity, document, date, cents, party, class FROM postings WHERE company=? AND account=?"
            " AND date>=? AND date<=? ORDER BY date, seq LIMIT ? OFFSET ?",
            (company, account, since, until, limit, offset),
        )
        return [LedgerLine(*row) for row in rows]

    def posted_to(self, company: str, accounts: Iterable[str], *, since: str, until: str) -> Chosen:
        """The documents of the days with postings on any of these accounts."""
        sql = (
            "SELECT entity, document FROM postings"
            " WHERE company=? AND account IN (SELECT value FROM json_each(?)) AND date BETWEEN ? AND ?"
        )
        return Chosen(sql, (company, json.dumps(list(accounts)), since, until))

    def carried(self, company: str, account: str, *, since: str, until: str, offset: int) -> int:
        """Cents on one account before `since`, and of the first `offset` postings from then on up to `until`."""
        before = self.store.db.execute(
            "SELECT coalesce(sum(cents), 0) FROM postings WHERE company=? AND account=? AND date<?",
            (company, account, since),
        )
        passed = self.store.db.execute(
            "SELECT coalesce(sum(cents), 0) FROM (SELECT cents FROM postings WHERE company=? AND account=?"
            " AND date>=? AND date<=? ORDER BY date, seq LIMIT ?)",
            (company, account, since, until, offset),
        )
        return int(before.fetchone()[0]) + int(passed.fetchone()[0])

    def count_postings(self, company: str, account: str, *, since: str, until: str) -> int:
        row = self.store.db.execute(
            "SELECT count(*) FROM postings WHERE company=? AND account=? AND date>=? AND date<=?",
            (company, account, since, until),
        )
        return int(row.fetchone()[0])

    def count_accounts(self, company: str) -> int:
        return int(self.store.db.execute("SELECT count(*) FROM accounts WHERE company=?", (company,)).fetchone()[0])

    def postings_of(self, company: str, entity: str, document: str) -> list[Line]:
        rows = self.store.db.execute(
            "SELECT account, cents, party, class FROM postings WHERE company=? AND document=? AND entity=?"
            " ORDER BY seq",
            (company, document, entity),
        )
        return [Line(*row) for row in rows]

    def legs(
        self, company: str, *, since: str, until: str, of: Chosen | None = None
    ) -> dict[tuple[str, str], list[Line]]:
        """The postings of every document of the days, by entity and id, read in one go; `of` narrows them to some."""
        only = f" AND (entity, document) IN ({of.sql})" if of else ""
        rows = self.store.db.execute(
            "SELECT entity, document, account, cents, party, class FROM postings"  # noqa: S608  values are bound
            f" WHERE company=? AND date BETWEEN ? AND ?{only} ORDER BY document, entity, seq",
            (company, since, until, *(of.values if of else ())),
        )
        found: dict[tuple[str, str], list[Line]] = {}
        for entity, document, *leg in rows:
            found.setdefault((entity, document), []).append(Line(*leg))
        return found

    def count_days(self, company: str, *, since: str, until: str) -> int:
        """How many postings the days hold, of all accounts together."""
        sql = "SELECT count(*) FROM postings WHERE company=? AND date BETWEEN ? AND ?"
        return int(self.store.db.execute(sql, (company, since, until)).fetchone()[0])

    def open_items(self, company: str, side: Side, *, party: str) -> list[Record]:
        """Documents of A/R or A/P of one party with something left to pay, or credit left to use."""
        where = "company=? AND side=? AND party=? AND balance_cents<>0"
        return self.store.select(where, (company, side, party), order="party, txn_date")

    def open_sketches(self, company: str, side: Side, names: Sequence[str]) -> Iterator[Record]:
        """Those of all parties, with these names of their bodies alone."""
        where = "company=? AND side=? AND balance_cents<>0"
        return self.store.sketches(where, (company, side), names, order="party")

    def open_by_party(self, company: str, side: str) -> dict[str, int]:
        """Party to the sum of its open balances in cents."""
        rows = self.store.db.execute(
            "SELECT party, sum(balance_cents) FROM documents WHERE company=? AND side=? AND balance_cents<>0"
            " GROUP BY party",
            (company, side),
        )
        return dict(rows)

    def open_total(self, company: str, side: Side, party: str | None = None) -> int:
        """Sum of open balances in cents, of one party or of all."""
        where = "company=? AND side=? AND balance_cents<>0" + (" AND party=?" if party else "")
        values = (company, side, party) if party else (company, side)
        sql = f"SELECT coalesce(sum(balance_cents),0) FROM documents WHERE {where}"  # noqa: S608  values are bound
        return int(self.store.db.execute(sql, values).fetchone()[0])
