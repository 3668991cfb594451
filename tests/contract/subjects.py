"""An adapter under test with a company of the sandbox behind it."""

import contextlib
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from integrations import registry
from integrations.consent import Consenter, TokenSet
from integrations.ports import (
    Access,
    Account,
    Answer,
    Books,
    Intent,
    Link,
    ListKind,
    ListRecord,
    MappingRole,
    Parcel,
    Prepared,
    Provider,
    ProviderError,
    Receipt,
    Role,
    Wanted,
    WireCall,
)
from rivet.ledger.snapshots import BillSnapshot, InvoiceSnapshot, ItemSnapshot, PartySnapshot
from sync.outcomes import Delivered, Outcome, judge_error, judge_result
from tests.books import CHARTS, consent
from tests.contract.manners import MANNERS, Manners
from tests.frozen import CUSTOMER, VENDOR, a_party, an_intent, an_item
from tests.sandbox.running import CALLBACK, Running

_keys = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One adapter, one company of the sandbox, and the permission to talk to it."""

    slug: str
    sandbox: Running
    access: Access
    tokens: TokenSet

    @property
    def adapter(self) -> Provider:
        return registry.provider(self.slug)

    @property
    def consenter(self) -> Consenter:
        return registry.consenter(self.slug)

    @property
    def manners(self) -> Manners:
        return MANNERS[self.slug]

    @property
    def company(self) -> str:
        return self.access.company_id

    def know_books(self) -> None:
        """Read the books now, so that no test's own requests are among these."""
        _ = self.books

    # What goes out -----------------------------------------------------------------------------------------------

    @cached_property
    def books(self) -> Books:
        """The sandbox's contractor as Rivet would know it: accounts mapped, items found, two parties linked."""
        rows = list(self.adapter.lists(self.access))
        accounts = {row.code: row for row in rows if row.kind is ListKind.ACCOUNT}
        items = {row.detail: row.external_id for row in rows if row.kind is ListKind.ITEM}
        chosen = {role: accounts[code] for role, code in CHARTS[self.slug].items()}
        about = self.adapter.company(self.access)
        bare = Books(
            company_name=about.name,
            currency=about.currency,
            country=about.country,
            closed_until=about.closed_until,
            accounts={role: _account(row, items) for role, row in chosen.items()},
            parties={},
            tags={row.external_id: (row.parent_name, row.name) for row in rows if row.kind is ListKind.TAG},
            settings=about.settings,
        )
        return self._with_parties(self._with_items(bare))

    def _with_items(self, bare: Books) -> Books:
        """Items for the sold accounts that have none, where the provider needs them."""
        if not registry.LISTINGS[self.slug].needs_items:
            return bare
        accounts = dict(bare.accounts)
        for role in (MappingRole.REVENUE, MappingRole.RETAINAGE_RECEIVABLE):
            if not accounts[role].item_id:
                item = an_item(accounts[role].name, account=accounts[role].external_id, role=role.value)
                accounts[role] = replace(accounts[role], item_id=self.create(an_intent(item), bare).external_id)
        return replace(bare, accounts=accounts)

    def _with_parties(self, bare: Books) -> Books:
        parties = {
            (ref.kind.value, ref.id): Link(
                external_id=self.create(an_intent(a_party(ref.kind, name=ref.name)), bare).external_id
            )
            for ref in (CUSTOMER, VENDOR)
        }
        return replace(bare, parties=parties)

    def prepared(self, intent: Intent, books: Books | None = None) -> Prepared:
        return self.adapter.prepare(intent, books or self.books)

    def parcel(self, intent: Intent, books: Books | None = None, *, ref: str = "1") -> Parcel:
        prepared = self.prepared(intent, books)
        assert prepared.payload is not None, prepared.problems
        return Parcel(ref=ref, payload=prepared.payload)

    def call(self, *intents: Intent, books: Books | None = None, key: str = "") -> WireCall:
        parcels = [self.parcel(intent, books, ref=str(place)) for place, intent in enumerate(intents, 1)]
        return self.adapter.pack(parcels, key=key or f"{next(_keys):032}")

    # Sending -----------------------------------------------------------------------------------------------------

    def send(self, call: WireCall, access: Access | None = None) -> Answer:
        """Send, and hold the adapter to exactly one wire request whatever comes back."""
        with self.requests(1):
            return self.adapter.send(access or self.access, call)

    def deliver(self, call: WireCall, access: Access | None = None) -> list[Outcome]:
        """The outcomes of one call in the order of its documents."""
        try:
            answer = self.send(call, access)
        except ProviderError as error:
            return [judge_error(error) for _ in call.refs]
        assert set(answer.results) == set(call.refs)
        return [judge_result(answer.results[ref]) for ref in call.refs]

    def create(self, intent: Intent, books: Books | None = None) -> Receipt:
        (outcome,) = self.deliver(self.call(intent, books=books))
        assert isinstance(outcome, Delivered), outcome
        return outcome.receipt

    @contextlib.contextmanager
    def requests(self, expected: int) -> Iterator[None]:
        """What is done inside costs so many wire requests, as the sandbox counts them."""
        before = self.wire_requests()
        try:
            yield
        finally:
            assert self.wire_requests() - before == expected

    # The sandbox as a witness ------------------------------------------------------------------------------------

    def wire_requests(self) -> int:
        """The sandbox also counts each document inside a call, as ``create element`` or ``batch create``."""
        rows = self.sandbox.control("GET", f"/counters?company={self.company}")["requests"]
        return sum(row["count"] for row in rows if " " not in row["operation"])

    def saved(self, call: WireCall) -> int:
        """How many live documents of the company stem from the call, by the numbers in its bytes."""
        body = json.loads(call.body)
        wanted = set(_numbers_in(body))
        return sum(document["number"] in wanted for document in self.sandbox.documents(self.company))

    def break_once(self, act: dict[str, Any], *, role: Role = Role.BILL, batch: bool = False) -> None:
        """Strike the next call that writes this kind of document."""
        rule: dict[str, Any] = {"company": self.company, "times": 1, "act": act}
        rule["operation"] = self.manners.batch_operation if batch else "create"
        entity = self.manners.batch_entity(role) if batch else self.manners.entities[role]
        if entity is not None:
            rule["entity"] = entity
        self.sandbox.control("POST", "/faults", rule)

    def control(self, path: str) -> None:
        self.sandbox.control("POST", f"/companies/{self.company}{path}")

    def set(self, **settings: Any) -> None:
        self.sandbox.control("PATCH", f"/companies/{self.company}", settings)


def connect(slug: str, sandbox: Running, **chosen: str) -> Subject:
    """A new company of the sandbox and the tokens a person's consent gives."""
    company = sandbox.company(slug)
    consenter = registry.consenter(slug)
    departure = consenter.depart(redirect_uri=CALLBACK, state="1")
    params = consent(sandbox, slug, departure.url, company, **chosen)
    granted = consenter.arrive(params=params, redirect_uri=CALLBACK, verifier=departure.verifier, now=datetime.now(UTC))
    access = Access(api_root=registry.host(slug), company_id=company, access_token=granted.tokens.access_token)
    return Subject(slug=slug, sandbox=sandbox, access=access, tokens=granted.tokens)


def wanted(intent: Intent, subject: Subject, **fields: Any) -> Wanted:
    """The question the engine would ask about an intent nobody knows the outcome of."""
    document = intent.document
    payload = subject.parcel(intent).payload
    day, party_id, name = None, "", ""
    match document:
        case BillSnapshot():
            day, party_id = document.bill_date, subject.books.parties["vendor", VENDOR.id].external_id
        case InvoiceSnapshot():
            day, party_id = document.invoice_date, subject.books.parties["customer", CUSTOMER.id].external_id
        case PartySnapshot() | ItemSnapshot():
            name = document.name
    values: dict[str, Any] = {
        "ref": "1",
        "role": intent.role,
        "marker": intent.marker,
        "number": payload.number,
        "name": name,
        "party_id": party_id,
        "day": day,
        "total": payload.total,
        **fields,
    }
    return Wanted(**values)


def _account(row: ListRecord, items: Mapping[str, str]) -> Account:
    assert row.use is not None
    return Account(
        external_id=row.external_id,
        name=row.name,
        code=row.code,
        use=row.use,
        is_active=row.is_active,
        item_id=items.get(row.external_id, ""),
    )


def _numbers_in(body: Any) -> Iterator[str]:
    if isinstance(body, list):
        for each in body:
            yield from _numbers_in(each)
    elif isinstance(body, dict):
        for name, value in body.items():
            if name in {"DocNumber", "InvoiceNumber"}:
                yield value
            else:
                yield from _numbers_in(value)
