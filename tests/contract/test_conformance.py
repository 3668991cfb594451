"""Every request the adapters make is one the vendors have published."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal as D
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations import exact_json, registry
from integrations.ports import Books, Intent, Link, MappingRole, Operation, Parcel, Role, WireCall
from rivet.ledger.snapshots import BillLine, InvoiceLine, PostingMode, Purpose, SourceKind
from tests.contract.published import (
    needs_quickbooks,
    needs_xero,
    quickbooks_faults,
    quickbooks_properties,
    xero_faults,
    xero_parameters,
    xero_request,
)
from tests.frozen import CUSTOMER, a_bill, a_party, an_intent, an_invoice, an_item, the_books

UUID = "9b2c0b3e-6f0e-4a51-9e0f-1f5ab3a7c001"
IDS = {"quickbooks": "130", "xero": UUID}
ENTITIES = {
    Role.CUSTOMER: "Customer",
    Role.VENDOR: "Vendor",
    Role.ITEM: "Item",
    Role.BILL: "Bill",
    Role.INVOICE: "Invoice",
    Role.RETAINAGE_JOURNAL: "JournalEntry",
}


def books_of(slug: str) -> Books:
    books = the_books()
    parties = {party: Link(external_id=IDS[slug]) for party in books.parties}
    return replace(books, parties=parties)


TAGGED = (
    InvoiceLine(description="Mobilization", work=D("12000.00"), retainage=D("1200.00"), tag="5"),
    InvoiceLine(description="CO-02", work=D("-4000.00"), retainage=D("-400.00"), tag="5"),
)
AT_NET = an_invoice(lines=TAGGED, posting_mode=PostingMode.NET_PLUS_JOURNAL)
PARTY = a_party(
    SourceKind.CUSTOMER,
    email="ap@example.com",
    phone="503 555 0100",
    street="1 Main Street",
    city="Portland",
    state="OR",
    postal_code="97201",
    country="US",
)
BILL_LINES = (BillLine(description="Slab", amount=D("25000.00"), retainage=D("2500.00"), tag="5"),)

DOCUMENTS: dict[str, Callable[[], Intent]] = {
    "bill": lambda: an_intent(a_bill(lines=BILL_LINES, customer=CUSTOMER)),
    "invoice": lambda: an_intent(an_invoice(lines=TAGGED)),
    "invoice at net": lambda: an_intent(AT_NET),
    "journal": lambda: an_intent(AT_NET, role=Role.RETAINAGE_JOURNAL),
    "release": lambda: an_intent(
        an_invoice(purpose=Purpose.RELEASE, lines=(InvoiceLine(description="", work=D(0), retainage=D("-9.00")),))
    ),
    "customer": lambda: an_intent(PARTY),
    "vendor": lambda: an_intent(replace(PARTY, kind=SourceKind.VENDOR)),
}
ENDABLE = ["bill", "invoice", "journal"]


def call_of(slug: str, *intents: Intent) -> WireCall:
    adapter = registry.provider(slug)
    parcels = []
    for place, intent in enumerate(intents):
        prepared = adapter.prepare(intent, books_of(slug))
        assert prepared.payload is not None, prepared.problems
        parcels.append(Parcel(ref=str(place), payload=prepared.payload))
    return adapter.pack(parcels, key="0" * 32)


def standing(slug: str, intent: Intent, operation: Operation) -> Intent:
    return replace(intent, operation=operation, link=Link(external_id=IDS[slug], version="3"))


def intents_of(slug: str, kind: str) -> list[Intent]:
    made = DOCUMENTS[kind]()
    ended = [standing(slug, made, Operation.VOID)] if kind in ENDABLE else []
    return [made, standing(slug, made, Operation.UPDATE), *ended]


# Xero ----------------------------------------------------------------------------------------------------------------


def published_by_xero(call: WireCall) -> list[str]:
    parts = urlsplit(call.path)
    operation = xero_request(call.method, parts.path)
    asked = {name for name, _ in parse_qsl(parts.query)} | (set(call.headers) - {"Content-Type"})
    unknown = [f"{name} is no parameter" for name in asked - xero_parameters(operation)]
    rule = operation["requestBody"]["content"]["application/json"]["schema"]
    return unknown + xero_faults(exact_json.loads(call.body), rule)


@needs_xero
@pytest.mark.parametrize("kind", sorted(DOCUMENTS))
def test_requests_to_xero_are_published(kind: str) -> None:
    assert [published_by_xero(call_of("xero", intent)) for intent in intents_of("xero", kind)] == [
        [] for _ in intents_of("xero", kind)
    ]


@needs_xero
def test_many_documents_in_one_request_to_xero_are_published() -> None:
    assert published_by_xero(call_of("xero", *(DOCUMENTS["bill"]() for _ in range(3)))) == []


# QuickBooks ----------------------------------------------------------------------------------------------------------

#: What the interface's pages name beside the entity, and the schema does not.
PARAMETERS = {"requestid", "minorversion", "operation"}


def published_by_quickbooks(call: WireCall) -> list[str]:
    parts = urlsplit(call.path)
    unknown = [f"{name} is no parameter" for name, _ in parse_qsl(parts.query) if name not in PARAMETERS]
    body = exact_json.loads(call.body)
    if parts.path == "/batch":
        return unknown + [fault for item in body["BatchItemRequest"] for fault in batch_item_faults(item)]
    entity = ENTITIES[call.roles[0]]
    assert parts.path == f"/{entity.lower()}"
    return unknown + quickbooks_faults(body, entity, entity)


def batch_item_faults(item: dict[str, Any]) -> list[str]:
    known = quickbooks_properties("BatchItemRequest")
    (entity,) = set(item) & set(ENTITIES.values())
    assert {name for name in item if name != entity} <= set(known)
    return quickbooks_faults(item["operation"], known["operation"].type, "operation") + quickbooks_faults(
        item[entity], entity, entity
    )


@needs_quickbooks
@pytest.mark.parametrize("kind", [*sorted(DOCUMENTS), "item"])
def test_requests_to_quickbooks_are_published(kind: str) -> None:
    made = [an_intent(an_item())] if kind == "item" else intents_of("quickbooks", kind)
    assert [published_by_quickbooks(call_of("quickbooks", intent)) for intent in made] == [[] for _ in made]


@needs_quickbooks
def test_many_documents_in_one_request_to_quickbooks_are_published() -> None:
    bills = [DOCUMENTS["bill"]() for _ in range(3)]
    assert published_by_quickbooks(call_of("quickbooks", *bills)) == []
    changed = [standing("quickbooks", each, Operation.UPDATE) for each in bills]
    assert published_by_quickbooks(call_of("quickbooks", *changed)) == []


# Whatever a firm may write -------------------------------------------------------------------------------------------

AMOUNTS = st.decimals("-99999.99", "999999.99", places=2)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)


@st.composite
def invoices(draw: st.DrawFn) -> Any:
    lines = draw(
        st.lists(
            st.builds(
                InvoiceLine, description=WORDS, work=AMOUNTS, retainage=AMOUNTS, tag=st.sampled_from(["", "5", "9"])
            ),
            min_size=1,
            max_size=4,
        )
    )
    mode = draw(st.sampled_from(PostingMode))
    return an_invoice(number=draw(st.text("AB-9 ", min_size=1, max_size=21)), lines=tuple(lines), posting_mode=mode)


@needs_xero
@needs_quickbooks
@given(invoices(), WORDS)
def test_whatever_a_firm_writes_is_published_or_stopped(invoice: Any, memo: str) -> None:
    intent = an_intent(replace(invoice, memo=memo))
    for slug, published in (("xero", published_by_xero), ("quickbooks", published_by_quickbooks)):
        prepared = registry.provider(slug).prepare(intent, books_of(slug))
        assert bool(prepared.payload) != bool(prepared.problems)
        if prepared.payload is not None:
            call = registry.provider(slug).pack([Parcel(ref="1", payload=prepared.payload)], key="0" * 32)
            assert published(call) == []


#: As long as the ledger lets them be.
LONGEST = {"email": 254, "phone": 40, "street": 200, "city": 100, "state": 60, "postal_code": 20, "country": 60}


@needs_xero
@needs_quickbooks
@pytest.mark.parametrize("field", sorted(LONGEST))
def test_the_longest_of_the_ledger_is_published_or_stopped(field: str) -> None:
    longest: dict[str, Any] = {field: "9" * LONGEST[field]}
    intent = an_intent(a_party(**longest))
    for slug, published in (("xero", published_by_xero), ("quickbooks", published_by_quickbooks)):
        if registry.provider(slug).prepare(intent, books_of(slug)).payload is not None:
            assert published(call_of(slug, intent)) == []


# The check can fail --------------------------------------------------------------------------------------------------


@needs_xero
@pytest.mark.parametrize(
    "body",
    [
        {"Invoices": [{"Type": "accpay"}]},
        {"Invoices": [{"Colour": "red"}]},
        {"Invoices": [{"Total": 5}]},
        {"Invoices": [{"InvoiceID": "130"}]},
        {"Invoices": [{"Date": "31.10.2026"}]},
        {"Invoices": [{"LineItems": {"Quantity": 1}}]},
        {"Invoices": [{"LineItems": [{"Quantity": "1"}]}]},
        {"Invoices": [{"InvoiceNumber": "9" * 256}]},
    ],
)
def test_what_xero_has_not_published_is_noticed(body: dict[str, Any]) -> None:
    good = call_of("xero", DOCUMENTS["invoice"]())
    assert published_by_xero(good) == []
    assert published_by_xero(replace(good, body=exact_json.dumps(body))) != []


@needs_quickbooks
@pytest.mark.parametrize(
    "body",
    [
        {"Colour": "red"},
        {"Id": 130},
        {"CustomerRef": "58"},
        {"CustomerRef": {"value": 58}},
        {"TxnDate": "31.10.2026"},
        {"sparse": "true"},
        {"Line": {"Amount": 1}},
        {"Line": [{"Amount": "1"}]},
        {"Line": [{"DetailType": "SalesLine"}]},
        {"Line": [{"SalesItemLineDetail": {"AccountRef": {"value": "1"}}}]},
    ],
)
def test_what_quickbooks_has_not_published_is_noticed(body: dict[str, Any]) -> None:
    good = call_of("quickbooks", DOCUMENTS["invoice"]())
    assert published_by_quickbooks(replace(good, body=exact_json.dumps(body))) != []


def test_every_role_and_account_is_covered() -> None:
    assert set(ENTITIES) == set(Role)
    assert set(books_of("xero").accounts) == set(MappingRole)
