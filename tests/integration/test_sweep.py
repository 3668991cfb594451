"""Every address below a firm, every method, for a stranger: what is another's equals what is missing.

The addresses come from the resolver, so a new one without an entry in ``OBJECTS`` fails. The sweep runs three times:
as shipped, with the ORM's filter off (row-level security alone must hold) and with row-level security off (the ORM
alone must hold).
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from psycopg import sql

from rivet.ledger.imports import batches
from rivet.ledger.models.imports import ImportKind
from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import Invitation, Membership
from rivet.tenants.roles import Role
from sync.states import State
from tests import ledgers, outboxes
from tests.firms import Firm, a_firm, a_person, join, signed_in

CANARY = "Canary-7f3k"
MISSING = UUID("018f0000-0000-7000-8000-000000000000")

#: Names of addresses below ``/t/{tenant}/`` and the arguments that make them name an object: name of the object in
#: ``things``, or a fixed word. Addresses without objects have an empty entry.
_NOTHING: list[dict[str, str]] = [{}]
OBJECTS: dict[str, list[dict[str, str]]] = dict.fromkeys(
    [
        "plan",
        "plan_change",
        "people",
        "invite",
        "exceptions:list",
        "exceptions:retry_all",
        "exceptions:act_on_chosen",
        "exceptions:log",
        "exceptions:log_export",
        "exceptions:status",
        "exceptions:sync_now",
        "connections:list",
        "documents:home",
        "documents:export",
        "documents:approve_several",
        "documents:bill_new",
        "documents:bill_release_new",
        "documents:invoice_new",
        "documents:payments",
        "documents:projects",
        "documents:project_new",
        "documents:contracts",
        "documents:contract_new",
        "documents:imports",
    ],
    _NOTHING,
) | {
    "member_role": [{"member": "member"}],
    "member_remove": [{"member": "member"}],
    "invite_again": [{"invitation": "invitation"}],
    "invitation_withdraw": [{"invitation": "invitation"}],
    "exceptions:entry": [{"entry": "entry"}],
    "exceptions:retry": [{"entry": "entry"}],
    "exceptions:skip": [{"entry": "entry"}],
    "exceptions:post_again": [{"entry": "entry"}],
    "exceptions:call": [{"entry": "entry", "call": "call"}],
    "exceptions:sync_one_now": [{"connection": "connection"}],
    "connections:connect": [{"provider": "=quickbooks"}],
    "connections:choose": [{"reference": "=" + str(MISSING)}],
    **{
        f"connections:{name}": [{"connection": "connection"}]
        for name in [
            "detail",
            "reconnect",
            "mapping",
            "accept",
            "parties",
            "tags",
            "preferences",
            "refresh",
            "disconnect",
        ]
    },
    "connections:parties_of": [{"connection": "connection", "kind": "=vendor"}],
    "connections:link": [{"connection": "connection", "kind": "=vendor"}],
    **{
        f"documents:{name}": [{"kind": "=bill", "public_id": "bill"}, {"kind": "=invoice", "public_id": "invoice"}]
        for name in ["detail", "approve", "reopen", "void", "delete", "pay"]
    },
    "documents:bill_edit": [{"public_id": "bill"}],
    "documents:invoice_edit": [{"public_id": "invoice"}],
    "documents:payment_void": [{"public_id": "payment"}],
    "documents:parties": [{"kind": "=customers"}, {"kind": "=vendors"}],
    "documents:party_new": [{"kind": "=customers"}, {"kind": "=vendors"}],
    "documents:party_edit": [{"kind": "=vendors", "public_id": "vendor"}],
    "documents:party_archive": [{"kind": "=vendors", "public_id": "vendor"}],
    "documents:project_edit": [{"public_id": "project"}],
    **{
        f"documents:{name}": [{"public_id": "contract"}]
        for name in ["contract", "contract_edit", "application_new", "release_new"]
    },
    "documents:import_template": [{"kind": "=vendors"}],
    **{
        f"documents:{name}": [{"public_id": "batch"}]
        for name in ["import", "import_confirm", "import_parties", "import_rejected"]
    },
}

#: What differs between two answers that are the same: tokens and the ids that were asked for.
_VARIABLE = re.compile(rb'value="[A-Za-z0-9]{64}"|nonce="[^"]+"|"x-csrftoken": *"[^"]+"|[0-9a-f-]{36}|/t/[a-z-]+/')


@dataclass(frozen=True, kw_only=True)
class Stage:
    ironwood: Firm
    lakeview: Firm
    things: dict[str, Any]


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    """Ironwood with one of everything, a canary in its texts; Lakeview belongs to Charlie."""
    ironwood = a_firm("ironwood")
    lakeview = a_firm("lakeview", owner=a_person("Charlie"))
    bob = a_person("Bob")
    join(ironwood, bob, Role.BOOKKEEPER)
    with tenant_transaction(ironwood.tenant.pk):
        things = _one_of_everything(ironwood)
        things["member"] = Membership.objects.get(tenant=ironwood.tenant, user=bob)
    return Stage(ironwood=ironwood, lakeview=lakeview, things=things)


def _one_of_everything(firm: Firm) -> dict[str, Any]:
    connection = outboxes.a_connection(CANARY)
    entry = outboxes.an_entry(connection, f"Bill {CANARY}", state=State.REJECTED)
    contract = ledgers.a_contract("1000", project=ledgers.a_project(ledgers.a_customer(CANARY), name=CANARY))
    invoice = ledgers.an_application(contract, 1, ["500"])
    vendor = ledgers.a_vendor(f"Vendor {CANARY}")
    bill = ledgers.a_bill(vendor, number=CANARY, memo=CANARY)
    batch = batches.upload(
        kind=ImportKind.VENDORS, file_name=f"{CANARY}.csv", data=b"name\nX\n", tenant=firm.tenant, by=firm.owner
    )
    invitation = Invitation.objects.create(
        tenant=firm.tenant, email=f"{CANARY}@example.com", role=Role.VIEWER, invited_by=firm.owner
    )
    call = outboxes.an_attempt(entry, outcome="Rejected", detail=CANARY)
    found = locals()
    names = ["connection", "entry", "contract", "invoice", "vendor", "bill", "batch", "invitation", "call"]
    # No payment is recorded: its address is asked for with an id that exists nowhere.
    return {name: found[name] for name in names} | {"project": contract.project, "payment": None}


def tenant_names() -> Iterator[str]:
    """Every name below ``/t/{tenant}/``, with its namespace."""
    tenant = next(p for p in get_resolver().url_patterns if str(p.pattern) == "t/<slug:tenant>/")
    assert isinstance(tenant, URLResolver)
    yield from _names(tenant, "")


def _names(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"
        else:
            yield from _names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


def addresses(slug: str, things: dict[str, Any], *, missing: bool = False) -> list[str]:
    return [
        reverse(name, kwargs={"tenant": slug, **{k: _value(k, v, things, missing) for k, v in kwargs.items()}})
        for name, variants in OBJECTS.items()
        for kwargs in variants
    ]


def _value(key: str, wanted: str, things: dict[str, Any], missing: bool) -> Any:
    if wanted.startswith("="):
        return wanted[1:]
    if wanted == "call":
        return 999_999_999 if missing else things["call"].id
    thing = things[wanted]
    return MISSING if missing or thing is None else thing.public_id


def ask(browser: Client, method: str, url: str) -> tuple[int, bytes]:
    response = browser.get(url) if method == "GET" else browser.post(url)
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    assert CANARY.encode() not in content, f"{method} {url}"
    return response.status_code, _VARIABLE.sub(b"", content)


def test_every_address_has_its_entry() -> None:
    assert set(tenant_names()) == set(OBJECTS)


def test_every_address_opens_for_its_owner(stage: Stage) -> None:
    browser = signed_in(stage.ironwood.owner)
    for url in addresses("ironwood", stage.things):
        if str(MISSING) not in url:
            assert browser.get(url).status_code in {200, 302, 405}, url


def sweep(stage: Stage) -> None:
    """Charlie at Ironwood's addresses, and at his own with Ironwood's ids."""
    charlie = signed_in(stage.lakeview.owner)
    for method in ("GET", "POST"):
        for url in addresses("ironwood", stage.things):
            nowhere = url.replace("/t/ironwood/", "/t/no-such-firm/")
            assert ask(charlie, method, url) == ask(charlie, method, nowhere), f"{method} {url}"
        theirs = addresses("lakeview", stage.things)
        none = addresses("lakeview", stage.things, missing=True)
        for url, absent in zip(theirs, none, strict=True):
            if url != absent:
                assert ask(charlie, method, url) == ask(charlie, method, absent), f"{method} {url}"


def test_a_stranger_finds_nothing(stage: Stage) -> None:
    sweep(stage)


def test_row_level_security_alone_holds(stage: Stage, settings: Any) -> None:
    settings.RIVET_ORM_TENANT_FILTER = False
    sweep(stage)


def test_the_orm_alone_holds(stage: Stage, without_row_level_security: None) -> None:
    sweep(stage)


@pytest.fixture
def without_row_level_security(transactional_db: None) -> Iterator[None]:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        protected = owner.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        tables = [name for (name,) in protected]
        for table in tables:
            owner.execute(sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(sql.Identifier(table)))
        yield
        for table in tables:
            owner.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(sql.Identifier(table)))
