"""Frozen documents: what approval fixes and the engine sends. Pure values; the stored form is JSON.

A snapshot never changes. Editing an approved document makes revision n+1 with a snapshot of its own. Amounts are
Decimal dollars-and-cents of the document's currency; dates are calendar dates and are never converted.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from rivet.money import ZERO


class SourceKind(StrEnum):
    """What in Rivet a posting comes from."""

    CUSTOMER = "customer"
    VENDOR = "vendor"
    BILL = "bill"
    INVOICE = "invoice"
    #: The Service item that QuickBooks needs for a mapped revenue or retainage account.
    ITEM = "item"


class PostingMode(StrEnum):
    """How retainage on a progress invoice reaches the books (``docs/discussions/posting-modes.md``)."""

    #: M1: one invoice, gross lines and one negative line to the retainage account.
    NEGATIVE_LINE = "negative_line"
    #: M2: an invoice at net, and a journal that moves the withheld part to the retainage account.
    NET_PLUS_JOURNAL = "net_plus_journal"


class Purpose(StrEnum):
    #: Bills work; retainage is withheld (or, after a rate reduction, given back) line by line.
    PROGRESS = "progress"
    #: Asks for, or pays out, retainage that was withheld before.
    RELEASE = "release"


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyRef:
    """A customer or vendor as a document names it; ``id`` is Rivet's key, for finding its link to the books."""

    kind: SourceKind
    id: int
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PartySnapshot:
    kind: SourceKind
    id: int
    public_id: str
    name: str
    email: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemSnapshot:
    """A Service item to be found or created in the books for one mapped account."""

    id: int
    public_id: str
    name: str
    #: The mapping role it serves, e.g. ``revenue``.
    role: str
    account_external_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class InvoiceLine:
    """One schedule-of-values line of one application: ``work`` is billed gross, ``retainage`` is withheld from it.

    Both are signed: a deductive change order has negative work; a release or a rate reduction negative retainage.
    """

    description: str
    work: Decimal
    retainage: Decimal
    #: External id of a class (QuickBooks) or tracking option (Xero), or empty.
    tag: str = ""

    @property
    def net(self) -> Decimal:
        return self.work - self.retainage


@dataclass(frozen=True, kw_only=True, slots=True)
class InvoiceSnapshot:
    id: int
    public_id: str
    number: str
    customer: PartyRef
    project: str
    project_id: int | None
    invoice_date: date
    due_date: date
    currency: str
    memo: str
    purpose: Purpose
    posting_mode: PostingMode
    lines: tuple[InvoiceLine, ...]

    @property
    def work(self) -> Decimal:
        return sum((line.work for line in self.lines), ZERO)

    @property
    def retainage(self) -> Decimal:
        """Withheld by this document; negative when it gives retainage back."""
        return sum((line.retainage for line in self.lines), ZERO)

    @property
    def net(self) -> Decimal:
        """What the customer is asked to pay now: the invoice total in the books."""
        return self.work - self.retainage

    @property
    def needs_journal(self) -> bool:
        """M2 moves the withheld part by journal; a release is an invoice in every mode."""
        return (
            self.posting_mode is PostingMode.NET_PLUS_JOURNAL
            and self.purpose is Purpose.PROGRESS
            and self.retainage != ZERO
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class BillLine:
    """One cost line: ``amount`` gross (a back-charge is negative), ``retainage`` withheld from the subcontractor."""

    description: str
    amount: Decimal
    retainage: Decimal = ZERO
    tag: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class BillSnapshot:
    id: int
    public_id: str
    #: The vendor's own number; not unique across vendors.
    number: str
    vendor: PartyRef
    project: str
    project_id: int | None
    bill_date: date
    due_date: date
    currency: str
    memo: str
    purpose: Purpose
    lines: tuple[BillLine, ...]
    #: The customer of the project, so that job costs reach the job; None when the bill has no project.
    customer: PartyRef | None = None

    @property
    def cost(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def retainage(self) -> Decimal:
        """Withheld by this bill; negative when it pays retainage out."""
        return sum((line.retainage for line in self.lines), ZERO)

    @property
    def net(self) -> Decimal:
        """What we owe now: the bill total in the books."""
        return self.cost - self.retainage


Snapshot = PartySnapshot | ItemSnapshot | InvoiceSnapshot | BillSnapshot

_CLASSES: Mapping[SourceKind, type[Snapshot]] = {
    SourceKind.CUSTOMER: PartySnapshot,
    SourceKind.VENDOR: PartySnapshot,
    SourceKind.ITEM: ItemSnapshot,
    SourceKind.INVOICE: InvoiceSnapshot,
    SourceKind.BILL: BillSnapshot,
}


def to_json(snapshot: Snapshot) -> dict[str, Any]:
    """The stored form: amounts as strings, dates as ISO strings."""
    return {name: _plain(value) for name, value in asdict(snapshot).items()}


def from_json(kind: SourceKind, stored: Mapping[str, Any]) -> Snapshot:
    """The snapshot of a stored revision. Raises KeyError or ValueError when the row is not of this kind."""
    made = _build(_CLASSES[kind], stored)
    if not isinstance(made, Snapshot):
        raise TypeError(f"{kind} is not a snapshot")
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal | date):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value


def _build[T](cls: type[T], stored: Mapping[str, Any]) -> T:
    hints = get_type_hints(cls)
    return cls(**{name: _value(hint, stored[name]) for name, hint in hints.items() if name in stored})


def _value(hint: Any, stored: Any) -> Any:
    options = get_args(hint)
    if options and type(None) in options:
        return None if stored is None else _value(next(o for o in options if o is not type(None)), stored)
    if options:
        return tuple(_value(options[0], part) for part in stored)
    if hint is date:
        return date.fromisoformat(stored)
    if isinstance(stored, Mapping):
        return _build(hint, stored)
    return hint(stored)
