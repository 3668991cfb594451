"""One company's desk while one request is served."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sandbox.companies import Company
from sandbox.quickbooks.answers import PACIFIC, inner_time
from sandbox.quickbooks.faults import INACTIVE, ServiceFault
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.world import Sandbox

FAMILIES = {
    "Account": "Accounts",
    "Customer": "Names",
    "Vendor": "Names",
    "Employee": "Names",
    "Item": "Items",
    "Class": "Klasses",
    "Department": "Depts",
    "Term": "Terms",
    "TaxAgency": "TaxAgencies",
    "TaxCode": "TaxCodes",
    "TaxRate": "TaxRates",
    "PaymentMethod": "PaymentMethods",
}

SMALL_PLANS = ("simple_start", "essentials")
ADDRESSES = ("BillAddr", "ShipAddr", "VendorAddr", "PrimaryAddr", "ShipFromAddr", "RemitToAddr")


@dataclass(slots=True)
class Work:
    """`include` holds the words of the query parameter of that name, such as "allowduplicatedocnum";
    `many` says that a list is being shown, so that sums are made once for all rows; `noticed` collects what was
    changed, as (Create, Update, Delete …, entity, id), and `saved` what the client wrote itself, as (operation,
    entity, id, the client's own name for it)."""

    sandbox: Sandbox
    company: Company
    now: datetime
    include: frozenset[str] = frozenset()
    many: bool = False
    memory: dict[str, Any] = field(default_factory=dict)
    noticed: list[tuple[str, str, str]] = field(default_factory=list)
    saved: list[tuple[str, str, str, str | None]] = field(default_factory=list)

    def start_over(self) -> None:
        """Forget this request's work so far: it is done again in another way."""
        self.sandbox.store.start_over()
        for held in (self.memory, self.noticed, self.saved):
            held.clear()

    @property
    def settings(self) -> Mapping[str, Any]:
        return self.company.settings

    @property
    def today(self) -> str:
        return self.now.astimezone(PACIFIC).date().isoformat()

    @property
    def class_mode(self) -> str:
        """Where the company keeps classes: line, txn or none. The small plans have neither classes nor locations."""
        return "none" if self.is_small() else str(self.settings.get("class_mode", "line"))

    @property
    def tracks_departments(self) -> bool:
        return bool(self.settings.get("track_departments")) and not self.is_small()

    def is_small(self) -> bool:
        return self.settings.get("plan") in SMALL_PLANS

    def home_currency(self) -> str:
        return str(self.settings.get("currency", "USD"))

    def is_us(self) -> bool:
        return str(self.settings.get("country", "US")) == "US"

    def find(self, entity: str, id: str) -> Record | None:
        return self.sandbox.store.get(self.company.id, entity, id)

    def resolve(self, entity: str, ref: Body, *, element: str | None = None) -> Record:
        """The active record a reference means; its name is filled in. Raises 2500 if unknown, 610 if inactive."""
        record = self.find(entity, ref["value"])
        if record is None:
            raise ServiceFault(
                "2500", f"Invalid Reference Id : {FAMILIES[entity]} element id {ref['value'][:40]} not found", element
            )
        if not record.active:
            raise ServiceFault("610", f"Object Not Found : {INACTIVE}")
        ref["name"] = shown_name(record)
        return record

    def first_account(self, kind: str, subtype: str | None = None) -> Record | None:
        """The first active account of a type, by number."""
        memo, key = self.sandbox.store.memo, (self.company.id, "account", kind, subtype)
        if key not in memo:
            found = self.sandbox.store.select("company=? AND entity='Account' AND active=1", (self.company.id,))
            fitting = [
                record
                for record in found
                if record.body["AccountType"] == kind and subtype in (None, record.body["AccountSubType"])
            ]
            fitting.sort(key=lambda record: (record.body.get("AcctNum", "~"), int(record.id)))
            memo[key] = fitting[0] if fitting else None
        account: Record | None = memo[key]
        return account


def number_addresses(work: Work, body: Body, old: Record | None) -> None:
    """Every postal address is an object with an Id of its own; one that is changed keeps it."""
    for name in ADDRESSES:
        address = body.get(name)
        if address and not address.get("Id"):
            kept = (old.body.get(name) or {}).get("Id") if old else None
            body[name] = {"Id": kept or str(work.sandbox.store.next_id(work.company.id, "address")), **address}


def shown_name(record: Record) -> str:
    """What a reference to this record prints as `name`."""
    body = record.body
    return str(body.get("FullyQualifiedName") or body.get("DisplayName") or body.get("Name") or record.number or "")


def stamp(work: Work, body: Body, *, id: str, version: int, created: str | None = None) -> None:
    """Give a body the members every object carries. `created` keeps the first moment on updates."""
    moment = inner_time(work.now)
    for name in ("domain", "sparse", "Id", "SyncToken", "MetaData"):
        body.pop(name, None)
    body.update(
        domain="QBO",
        sparse=False,
        Id=id,
        SyncToken=str(version),
        MetaData={"CreateTime": created or moment, "LastUpdatedTime": moment},
    )


def in_utc(moment: datetime) -> datetime:
    """A moment without an offset is one of UTC already. Raises OverflowError where the calendar ends: an offset may
    lead from its first or last day out of it."""
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


@lru_cache(maxsize=64)
def moment_key(moment: datetime) -> str:
    """How moments are kept for comparing: UTC, to the second, as finely as MetaData prints them."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"
