"""What the engine may see of an accounting provider, and the only words an adapter may answer with.

    ProviderError
    |-- NotSentError          nothing left this machine: name lookup, connect or TLS failed
    |-- ThrottledError        the provider refused to read it: send the same again later
    |-- TokenRefusedError     401, received whole: refresh once, then send the same again
    |-- AccessLostError       a person must act on the connection: reconnect, renew, grant
    |-- GrantLostError        the refresh token is worth nothing any more: a person must connect again
    |-- UnavailableError      a read failed: 5xx, time-out, an answer nobody can parse
    '-- NoAnswerError         a write left and no whole answer came back: it may be saved

An adapter is six verbs and a packer: ``prepare`` and ``pack`` are pure; ``send``, ``find``, ``fetch``, ``changes`` and
``lists`` each talk to the provider. ``send`` makes exactly one wire request and never repeats it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Protocol

from rivet.ledger.snapshots import Snapshot


class Role(StrEnum):
    """What a written record is for in the books."""

    CUSTOMER = "customer"
    VENDOR = "vendor"
    ITEM = "item"
    BILL = "bill"
    INVOICE = "invoice"
    RETAINAGE_JOURNAL = "retainage_journal"


class Operation(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    VOID = "void"


class MappingRole(StrEnum):
    """What one of their accounts is used for."""

    REVENUE = "revenue"
    RETAINAGE_RECEIVABLE = "retainage_receivable"
    RETAINAGE_PAYABLE = "retainage_payable"
    DEFAULT_EXPENSE = "default_expense"


class ListKind(StrEnum):
    """The lists of theirs that Rivet mirrors."""

    ACCOUNT = "account"
    #: A QuickBooks class, or an option of a Xero tracking category (``parent_id`` is the category).
    TAG = "tag"
    TAX_CODE = "tax_code"
    ITEM = "item"
    CUSTOMER = "customer"
    VENDOR = "vendor"


class AccountUse(StrEnum):
    """What kind an account is, in words both providers' types translate to."""

    RECEIVABLE = "receivable"
    PAYABLE = "payable"
    BANK = "bank"
    CURRENT_ASSET = "current_asset"
    OTHER_ASSET = "other_asset"
    CURRENT_LIABILITY = "current_liability"
    OTHER_LIABILITY = "other_liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"
    SYSTEM = "system"


# Errors ----------------------------------------------------------------------------------------------------------


class ProviderError(Exception):
    """Something about talking to a provider. ``trace_id`` is the provider's own reference when it gave one."""

    def __init__(self, detail: str = "", *, trace_id: str = "", status: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.trace_id = trace_id
        self.status = status


class NotSentError(ProviderError):
    """Nothing left this machine: the name, the connection or TLS failed before the request was written."""


class ThrottledError(ProviderError):
    """The provider refused to read the request. ``seconds`` is its wish or our default; nothing was saved."""

    def __init__(self, detail: str = "", *, seconds: float, daily: bool = False, trace_id: str = "") -> None:
        super().__init__(detail, trace_id=trace_id, status=429)
        self.seconds = seconds
        #: The allowance of the day (or month) is used up, not the minute's.
        self.daily = daily


class TokenRefusedError(ProviderError):
    """401, received whole. One refresh, then the same request with the same key."""


class AccessLostError(ProviderError):
    """Sending stops until a person acts. ``code`` is a catalogue code such as ``CON-01``."""

    def __init__(self, detail: str = "", *, code: str, trace_id: str = "", status: int | None = None) -> None:
        super().__init__(detail, trace_id=trace_id, status=status)
        self.code = code


class GrantLostError(ProviderError):
    """``invalid_grant``: the refresh token is expired, revoked or rotated away. ``code`` is a catalogue code."""

    def __init__(self, detail: str = "", *, code: str = "CON-01") -> None:
        super().__init__(detail, status=400)
        self.code = code


class UnavailableError(ProviderError):
    """A read failed for a reason that passes: 5xx, time-out, an answer that is not theirs."""


class NoAnswerError(ProviderError):
    """A write left and no whole, parsable answer came back. It may be saved. ``body`` is what did arrive."""

    def __init__(self, detail: str = "", *, body: bytes = b"", trace_id: str = "", status: int | None = None) -> None:
        super().__init__(detail, trace_id=trace_id, status=status)
        self.body = body


# Values that go in -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Access:
    """Permission to talk to one company, for the length of one task. Never stored, never logged."""

    #: Host root of the API, e.g. https://quickbooks.api.intuit.com
    api_root: str
    #: Realm id (QuickBooks) or tenant id (Xero).
    company_id: str
    access_token: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Account:
    """One of their accounts as the mirror knows it."""

    external_id: str
    name: str
    #: Account number (QuickBooks, may be empty) or code (Xero, empty for some bank accounts).
    code: str
    use: AccountUse
    is_active: bool
    #: The Service item that posts to this account; QuickBooks only.
    item_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    """Where a record of ours stands in the books."""

    external_id: str
    version: str = ""
    number: str = ""
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class Books:
    """What Rivet knows about the company before it sends anything: the mirror, the mapping, the links."""

    company_name: str
    currency: str
    country: str
    #: Documents dated on or before it are refused by the provider; None when the books are open.
    closed_until: date | None
    accounts: Mapping[MappingRole, Account]
    #: Links of the parties this document names, by (``customer``/``vendor``, Rivet's id).
    parties: Mapping[tuple[str, int], Link]
    #: Active tags by external id, with their category for Xero: {option id: (category name, option name)}.
    tags: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    #: Provider's own switches, e.g. QuickBooks ``custom_txn_numbers``, ``class_mode``; Xero ``tax_exempt``.
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Intent:
    """One write the engine wants: this role of this frozen document."""

    #: Short and stable for the entry and round, shown in memos and found again: ``RVT-`` and ten letters or digits.
    marker: str
    role: Role
    operation: Operation
    document: Snapshot
    #: Where it stands already, for update and void.
    link: Link | None = None


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why something cannot be posted, as a catalogue code with the facts its sentence needs."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)
    #: The provider's own words, secrets stripped; empty when Rivet found it.
    their_words: str = ""


@dataclass(frozen=True, kw_only=True)
class Payload:
    """The exact bytes of one document for one generation of one entry."""

    role: Role
    operation: Operation
    body: bytes
    #: The total the books must show for it; None for parties, items and journals.
    total: Decimal | None
    #: The number it will carry there, for finding it again.
    number: str = ""
    #: Tells the packer which call it belongs to, e.g. a void cannot share a batch with creates.
    endpoint: str = ""


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One payload on its way: ``ref`` (at most ten characters) names it inside the call."""

    ref: str
    payload: Payload


@dataclass(frozen=True, kw_only=True)
class WireCall:
    """One wire request, frozen before it is sent; everything but the access token."""

    method: str
    #: Path and query below the company, e.g. ``/bill?requestid=…``.
    path: str
    body: bytes
    headers: Mapping[str, str]
    #: The refs in the order of the body: Xero answers by position, QuickBooks by bId.
    refs: tuple[str, ...]
    key: str
    #: The documents' roles and operation, so that ``send`` knows how to read the answer.
    roles: tuple[Role, ...]


# Values that come out --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A payload, or the problems that stop it; never both."""

    payload: Payload | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """It stands in the books."""

    external_id: str
    version: str
    number: str = ""
    total: Decimal | None = None
    line_ids: tuple[str, ...] = ()
    #: The provider said so while removing or changing something: treated as a warning on the entry.
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """The provider answered no. ``is_proven`` means code and text are on the adapter's list: nothing was saved."""

    problems: tuple[Problem, ...]
    is_proven: bool


@dataclass(frozen=True, kw_only=True)
class Missing:
    """The answer came but says nothing about this parcel: it may be saved."""


Result = Receipt | Refusal | Missing


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A whole, parsed answer to one call."""

    status: int
    trace_id: str
    results: Mapping[str, Result]
    #: As received, secrets stripped, for the attempt's page.
    body: bytes
    #: Calls left as the provider counts them, by limit name; empty when it does not say.
    remaining: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to look for when nobody knows whether it was saved. Compared with marker, number, party, date and total."""

    ref: str
    role: Role
    marker: str
    number: str
    #: Name of a party or item, empty for documents.
    name: str
    party_id: str
    day: date | None
    total: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Absent:
    """It was looked for in every way there is and is not there."""


@dataclass(frozen=True, kw_only=True)
class Several:
    """More than one record could be it; a person decides."""

    candidates: tuple[Receipt, ...]


Finding = Receipt | Absent | Several


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A record as it stands now; ``document`` is the provider's own JSON."""

    receipt: Receipt
    is_live: bool
    document: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class ListRecord:
    """One row of one of their lists."""

    kind: ListKind
    external_id: str
    name: str
    code: str = ""
    is_active: bool = True
    parent_id: str = ""
    parent_name: str = ""
    #: Accounts only.
    use: AccountUse | None = None
    #: Their own type words, e.g. ``Other Current Asset / Retainage``.
    their_type: str = ""
    #: Items: the account they post to. Customers and vendors: the e-mail address.
    detail: str = ""
    version: str = ""


@dataclass(frozen=True, kw_only=True)
class Company:
    """The company file as the provider describes it."""

    external_id: str
    name: str
    country: str
    currency: str
    closed_until: date | None
    settings: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Change:
    """A record of theirs that changed since a moment; ``is_gone`` when deleted or voided."""

    role: Role
    external_id: str
    version: str
    changed_at: datetime
    is_gone: bool


# Limits, as data -------------------------------------------------------------------------------------------------


class CallKind(StrEnum):
    SINGLE = "single"
    BATCH = "batch"
    READ = "read"


@dataclass(frozen=True, kw_only=True)
class RateLimit:
    """``calls`` per ``seconds`` for one company, counting the given kinds of call."""

    name: str
    calls: int
    seconds: int
    counts: frozenset[CallKind]


@dataclass(frozen=True, kw_only=True)
class Limits:
    rates: tuple[RateLimit, ...]
    #: Requests in flight for one company.
    concurrency: int
    #: Documents in one call by role; roles not named go one by one.
    batch: Mapping[Role, int]
    #: How long the provider remembers a key, counted from the first send; a re-send after it is not protected.
    key_lifetime_seconds: int
    #: As many bytes as one request may carry.
    body_bytes: int
    connect_seconds: float
    read_seconds: float


# The port --------------------------------------------------------------------------------------------------------


class Provider(Protocol):
    """An adapter. Stateless: everything it needs comes in as arguments."""

    slug: ClassVar[str]
    name: ClassVar[str]
    limits: ClassVar[Limits]

    def prepare(self, intent: Intent, books: Books) -> Prepared:
        """Map, preflight and translate one intent. Pure; no problem found here ever costs a call."""
        ...

    def pack(self, parcels: Sequence[Parcel], *, key: str) -> WireCall:
        """The one wire request that carries these parcels. Pure; same parcels and key give the same bytes."""
        ...

    def send(self, access: Access, call: WireCall) -> Answer:
        """Send exactly once. Raises every ProviderError but UnavailableError."""
        ...

    def find(self, access: Access, wanted: Sequence[Wanted]) -> Mapping[str, Finding]:
        """Look for records that may or may not have been saved, by ref. Raises all but NoAnswerError."""
        ...

    def fetch(self, access: Access, role: Role, external_id: str) -> Fetched | None:
        """One record as it stands now; None when the provider does not know it."""
        ...

    def changes(self, access: Access, *, since: datetime) -> Iterator[Change]:
        """What changed in their books since ``since`` (at most 30 days back)."""
        ...

    def company(self, access: Access) -> Company:
        """The company's own data and switches; part of ``lists`` that Connect needs alone."""
        ...

    def lists(self, access: Access) -> Iterator[ListRecord]:
        """Every row of the lists Rivet mirrors, active and inactive."""
        ...

    def record_url(self, role: Role, external_id: str) -> str:
        """Where a person opens the record at the provider; empty when there is no such page."""
        ...
