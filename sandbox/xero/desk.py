"""One request at work in one organisation: its records, its books, its moment."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.books import Books
from sandbox.ids import new_guid
from sandbox.store import Record, Store
from sandbox.wire import Body
from sandbox.xero.organisation import Organisation

EMPTY_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(slots=True, kw_only=True)
class Desk:
    """`unit_places` is 2, or 4 when the call says `unitdp=4`."""

    store: Store
    books: Books
    organisation: Organisation
    now: datetime
    app_name: str = "Sandbox"
    client_id: str = ""
    public_url: str = "http://localhost:8010"
    user: str = ""
    unit_places: int = 2
    allow_backorders: bool = False
    saved: list[tuple[str, str, str]] = field(default_factory=list)
    tracking_categories: list[Record] | None = None
    """The active ones, as this request already looked them up: every line may name one."""
    shown_contacts: dict[str, tuple[Record, Body]] = field(default_factory=dict)
    """Contacts as this request already showed them: many documents name the same few."""
    shown_payments: dict[str, Body] = field(default_factory=dict)
    """Payments as the documents they settle show them: those of a document are shown with each that joins them."""
    shown_documents: Counter[str] = field(default_factory=Counter)
    """How often this request showed a document in full beside a payment of it."""

    @property
    def company(self) -> str:
        return self.organisation.id

    @property
    def today(self) -> date:
        """The organisation's own day, which a document gets that names none."""
        return self.now.astimezone(ZoneInfo(self.organisation.zone)).date()

    @property
    def accounts(self) -> dict[str, Record]:
        """Accounts already looked up by code or by role: many lines name the same few."""
        found: dict[str, Record] = self.store.memo.setdefault(("xero accounts", self.company), {})
        return found

    def get(self, entity: str, id: str | None) -> Record | None:
        return self.store.get(self.company, entity, id) if id else None

    def numbered(self, entity: str, number: str) -> list[Record]:
        return [found for found in self.store.by_number(self.company, number) if found.entity == entity]

    def named(self, entity: str, name: str) -> list[Record]:
        return [found for found in self.store.by_name(self.company, name_key(name)) if found.entity == entity]

    def every(self, entity: str) -> list[Record]:
        return self.store.select("company=? AND entity=?", (self.company, entity))

    def insert(self, entity: str, body: Body, *, id: str | None = None, **columns: Any) -> Record:
        moment = _text(self.now)
        record = Record(
            company=self.company,
            entity=entity,
            id=id or new_guid(),
            body=body,
            version=1,
            created_at=moment,
            updated_at=moment,
            **columns,
        )
        self.saved.append(("CREATE", entity, record.id))
        self._changed(entity)
        return self.store.insert(record)

    def update(self, record: Record, *, silently: bool = False) -> Record:
        """Save a changed record; `silently` leaves `UpdatedDateUTC` as it was."""
        record.version += 1
        if not silently:
            record.updated_at = _text(self.now)
            self.saved.append(("UPDATE", record.entity, record.id))
        self._changed(record.entity)
        return self.store.update(record)

    def start_over(self) -> None:
        """Forget this request's work so far: it is done again in another way."""
        self.store.start_over()
        self.saved.clear()
        self.shown_contacts.clear()
        self.shown_payments.clear()
        self.shown_documents.clear()

    def _changed(self, entity: str) -> None:
        if entity == "Account":
            self.accounts.clear()
        if entity == "TrackingCategory":
            self.tracking_categories = None


@lru_cache(maxsize=64)
def _text(moment: datetime) -> str:
    return moment.isoformat()


def name_key(name: str) -> str:
    """How names are compared: without case and without blanks around."""
    return name.strip().casefold()


def to_cents(amount: Decimal) -> int:
    return int(amount.scaleb(2).to_integral_value())
