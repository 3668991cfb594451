"""What all entities share: create, full and sparse update, stale checks, delete, void."""

from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.books import Line
from sandbox.counters import marker
from sandbox.quickbooks import shapes
from sandbox.quickbooks.faults import INACTIVE, STALE, ServiceFault, missing
from sandbox.quickbooks.work import Work, moment_key, stamp
from sandbox.store import Record
from sandbox.wire import Body

STAMPED = frozenset({"domain", "sparse", "Id", "SyncToken", "MetaData", "status"})
GONE = "Object Not Found : Another user has deleted this transaction."
UNKNOWN = f"Object Not Found : {INACTIVE}"


@dataclass(slots=True)
class Draft:
    """An object on its way to being saved. Rules complete `body` and set the columns and postings."""

    body: Body
    old: Record | None = None
    number: str | None = None
    name_key: str | None = None
    party: str | None = None
    txn_date: str | None = None
    total: int = 0
    balance: int = 0
    side: str | None = None
    active: bool = True
    status: str = ""
    lines: list[Line] = field(default_factory=list)
    # Whether it only says how others are made: such a one has no number.
    is_template: bool = False

    def columns(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "name_key": self.name_key,
            "party": self.party,
            "txn_date": self.txn_date,
            "total_cents": self.total,
            "balance_cents": self.balance,
            "side": self.side,
            "active": self.active,
            "status": self.status,
        }


class Kind:
    """One entity. Subclasses say what its rules are in `compose`."""

    entity = ""
    lengths: dict[str, int] = {}
    read_only: frozenset[str] = frozenset()
    kept_on_full_update: frozenset[str] = frozenset()
    creatable = True
    deletable = False
    voidable = False
    # What even a sparse update has to say again.
    sparse_needs: tuple[str, ...] = ()
    # Whether a delete may leave the SyncToken out.
    blind_delete = False

    def compose(self, work: Work, draft: Draft) -> None:
        """Check every rule and complete the draft; raises ServiceFault."""
        raise NotImplementedError

    def saved(self, work: Work, record: Record, draft: Draft) -> None:
        """After the row is stored: postings, links, whatever depends on the id."""

    def before_delete(self, work: Work, record: Record) -> None:
        """Refuse, or loosen what hangs on the record."""

    def void(self, work: Work, record: Record) -> Record:
        """Only called when `voidable`."""
        raise NotImplementedError

    def present(self, work: Work, record: Record) -> str:
        """The object as JSON text."""
        return record.text

    def key_of(self, given: Any) -> str | None:
        """The client's own name for the document, read from a body that nobody has checked yet."""
        key = self.client_key(given) if isinstance(given, dict) else None
        # A lone surrogate could not be shown again.
        return key if key is None or key.isascii() else key.encode("utf-8", "replace").decode()

    def client_key(self, body: Body) -> str | None:
        """What `key_of` makes fit to be shown."""
        number = body.get("DocNumber") or body.get("DisplayName") or body.get("Name")
        note = body.get("PrivateNote")
        return str(number) if number else marker(note if isinstance(note, str) else None)

    def create(self, work: Work, given: Any) -> Record:
        draft = Draft(self._clean(given))
        draft.body = {name: value for name, value in draft.body.items() if value is not None and name not in STAMPED}
        self.compose(work, draft)
        id = str(work.sandbox.store.next_id(work.company.id))
        stamp(work, draft.body, id=id, version=0)
        moment = moment_key(work.now)
        record = Record(
            company=work.company.id,
            entity=self.entity,
            id=id,
            body=draft.body,
            created_at=moment,
            updated_at=moment,
            **draft.columns(),
        )
        work.sandbox.store.insert(record)
        work.noticed.append(("Create", self.entity, id))
        self.saved(work, record, draft)
        return record

    def update(self, work: Work, given: Any) -> Record:
        """Full or sparse. To make inactive what is inactive already leaves SyncToken and LastUpdatedTime alone."""
        clean = self._clean(given)
        old = self.current(work, clean)
        for name in self.sparse_needs:
            if clean.get("sparse") and not clean.get(name):
                missing(name)
        draft = Draft(self._merge(old.body, clean), old)
        self.compose(work, draft)
        if not old.active and _plain(draft.body) == _plain(old.body):
            return old
        return self.store_change(work, old, draft)

    def store_change(self, work: Work, old: Record, draft: Draft) -> Record:
        stamp(work, draft.body, id=old.id, version=old.version + 1, created=old.body["MetaData"]["CreateTime"])
        record = replace(
            old, body=draft.body, version=old.version + 1, updated_at=moment_key(work.now), **draft.columns()
        )
        work.sandbox.store.update(record)
        work.noticed.append(("Update", self.entity, record.id))
        self.saved(work, record, draft)
        return record

    def delete(self, work: Work, given: Any) -> Record:
        old = self.current(work, self._clean(given), gone=UNKNOWN, blind=self.blind_delete)
        self.before_delete(work, old)
        work.sandbox.store.delete(old, deleted_at=moment_key(work.now))
        work.noticed.append(("Delete", self.entity, old.id))
        return old

    def current(self, work: Work, clean: Body, *, gone: str = GONE, blind: bool = False) -> Record:
        """The stored record an update, delete or void means; raises 2020, 2030, 610 or 5010."""
        if not clean.get("Id"):
            missing("Id")
        record = work.find(self.entity, shapes.check_id(clean["Id"]))
        if record is None:
            raise ServiceFault("610", gone)
        token = clean.get("SyncToken")
        if token in (None, ""):
            if blind:
                return record
            missing("SyncToken")
        if str(token) != str(record.version):
            raise ServiceFault("5010", STALE)
        return record

    def gone(self, record: Record) -> str:
        """What is shown of a deleted object, as JSON text."""
        return f'{{"domain":"QBO","status":"Deleted","Id":"{record.id}"}}'

    def clean(self, given: Any) -> Body:
        """What a client sent, checked, for those who make this kind a part of theirs."""
        return self._clean(given)

    def _clean(self, given: Any) -> Body:
        clean = shapes.check(self.entity, given)
        shapes.check_lengths(clean, self.lengths)
        for name in self.read_only:
            clean.pop(name, None)
        for name in [name for name, value in clean.items() if value == {}]:
            clean[name] = None
        return clean

    def _merge(self, stored: Body, clean: Body) -> Body:
        sparse = bool(clean.get("sparse"))
        kept = stored if sparse else {n: stored[n] for n in self.kept_on_full_update if n in stored}
        merged = {**kept, **{name: value for name, value in clean.items() if name not in STAMPED}}
        return {name: value for name, value in merged.items() if value is not None and name not in STAMPED}


def _plain(body: Body) -> Body:
    return {name: value for name, value in body.items() if name not in STAMPED}
