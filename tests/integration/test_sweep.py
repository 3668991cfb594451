"""Every address below a firm, every method, for a stranger: what is another's equals what is missing.

The addresses come from the resolver, so a new one without an entry in ``address_book`` fails. Every request first
succeeds for the owner. Charlie's sweep runs three times: as shipped, with the ORM's filter off (row-level security
alone must hold) and with row-level security off (the ORM alone must hold).
"""

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import psycopg
import pytest
from asgiref.sync import async_to_sync
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from psycopg import sql

from integrations.connections.models import Connection
from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import Membership
from rivet.tenants.roles import Role
from tests.books import point_at
from tests.firms import Firm
from tests.integration.address_book import PUBLIC, REQUESTS, Ask, Naming
from tests.integration.connections.consenting import Person, decide
from tests.integration.stage import CANARY, HOST, Stage, browser_of, set_up
from tests.sandbox.running import CALLBACK, Running, started

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: A role decides what is refused before anything is looked up, so with a net off the roles between show nothing new.
WEAKEST_AND_STRONGEST = [Role.VIEWER, Role.OWNER]
#: A consent, step by step: each request needs what the one before it brought.
CONSENT = [
    "connections:connect",
    "oauth:callback",
    "connections:choose",
    "connections:refresh",
    "connections:reconnect",
    "connections:disconnect",
]
#: What differs between two answers that are the same: tokens, and the ids and slugs that were asked for.
_VARIABLE = re.compile(rb'value="[A-Za-z0-9]{64}"|nonce="[^"]+"|"x-csrftoken": *"[^"]+|[0-9a-f-]{36}|/t/[a-z-]+/', re.I)
type Answer = tuple[int, bytes]


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    return set_up()


# The entries ------------------------------------------------------------------------------------------------------


def test_every_address_has_its_entry() -> None:
    assert {ask.name for ask in REQUESTS} == set(_names(get_resolver(), "")) - PUBLIC


def _names(resolver: URLResolver, prefix: str) -> Iterator[str]:
    """All of Rivet's own; what is below ``/accounts/`` is allauth's and knows no firms."""
    for pattern in resolver.url_patterns:
        if str(pattern.pattern).startswith("accounts/"):
            continue
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"
        else:
            yield from _names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


# The owner --------------------------------------------------------------------------------------------------------


def test_every_request_works_for_its_owner(stage: Stage) -> None:
    """A page, or a change of the firm's rows; each is taken back, so that all of them begin from one stage."""
    alice, before = browser_of(stage, owner_of="ironwood"), rows_of(stage.ironwood)
    for ask in REQUESTS:
        if not ask.provider:
            with transaction.atomic():
                browser = Client(HTTP_HOST=HOST) if ask.name == "join" else alice
                _works(browser, ask, stage, before)
                transaction.set_rollback(True)
    assert rows_of(stage.ironwood) == before


def _works(browser: Client, ask: Ask, stage: Stage, before: dict[str, str]) -> Any:
    mail.outbox.clear()
    answer = send(browser, ask, "ironwood", stage.things.__getitem__)
    sent_on = ask.method == "POST" or ask.name in {"oauth:callback", "oauth:quickbooks_reconnect"}
    assert answer.status_code == (302 if sent_on else 200), f"{told(ask)}: {answer.status_code}"
    if ask.method == "POST":
        is_away = answer.headers["Location"].startswith("http")
        assert is_away or mail.outbox or rows_of(stage.ironwood) != before, f"{told(ask)}: no effect"
    return answer


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    """A sandbox that knows Rivet's own callback addresses."""
    ours = [f"http://{HOST}/oauth/{provider}/callback/" for provider in ("quickbooks", "xero")]
    with started("--memory", SANDBOX_REDIRECT_URIS=",".join([*ours, CALLBACK])) as running:
        yield running


def test_every_request_that_reaches_a_provider_works_for_its_owner(
    stage: Stage, server: Running, settings: Any
) -> None:
    point_at(server, settings)
    person = Person(firm=stage.ironwood, sandbox=server)
    books = person.connects("quickbooks", server.company("quickbooks"))
    alice = browser_of(stage, owner_of="ironwood")
    stage.things["books"] = str(books.public_id)
    asks = sorted((ask for ask in REQUESTS if ask.provider), key=lambda ask: CONSENT.index(ask.name))
    for ask in asks:
        before = rows_of(stage.ironwood)
        answer = _works(alice, ask, stage, before)
        stage.things.update(_learned(ask, answer, server))
    with tenant_transaction(stage.ironwood.tenant.pk):
        assert Connection.objects.get(pk=books.pk).status == "disconnected"
        assert Connection.objects.get(provider="xero").status == "connected"


def _learned(ask: Ask, answer: Any, server: Running) -> dict[str, str]:
    """What the next request needs: two Xero companies are consented to, so that one is to be chosen."""
    if ask.name == "connections:connect" and ask.args["provider"] == "xero":
        companies = (server.company("xero"), server.company("xero"))
        back = decide(server, answer.headers["Location"], provider="xero", companies=companies)
        return dict(parse_qsl(urlsplit(back).query)) | {"company": companies[0]}
    if ask.name == "oauth:callback":
        return {"choice": answer.headers["Location"].rstrip("/").rpartition("/")[2]}
    return {}


def test_other_methods_are_not_allowed(stage: Stage) -> None:
    """For a stranger they are not allowed, or the address does not exist."""
    alice, charlie = browser_of(stage, owner_of="ironwood"), browser_of(stage, owner_of="lakeview")
    known = {(ask.name, ask.method) for ask in REQUESTS}
    for ask in {ask.name: ask for ask in REQUESTS}.values():
        path = ask.path("ironwood", stage.things.__getitem__)
        for method in METHODS:
            if (ask.name, method) not in known:
                assert alice.generic(method, path).status_code == 405, f"{method} {path}"
                assert charlie.generic(method, path).status_code in {404, 405}, f"{method} {path}"


# The stranger -----------------------------------------------------------------------------------------------------


def test_a_stranger_finds_nothing(stage: Stage) -> None:
    sweep(stage, roles=list(Role))


def test_row_level_security_alone_holds(stage: Stage, settings: Any) -> None:
    settings.RIVET_ORM_TENANT_FILTER = False
    sweep(stage, roles=WEAKEST_AND_STRONGEST)


def test_the_orm_alone_holds(stage: Stage, without_row_level_security: None) -> None:
    sweep(stage, roles=WEAKEST_AND_STRONGEST)


def sweep(stage: Stage, *, roles: list[Role]) -> None:
    """Charlie in these roles at Ironwood's addresses, and at his own with Ironwood's ids; and somebody unknown."""
    charlie, before = browser_of(stage, owner_of="lakeview"), rows_of(stage.ironwood)
    for role in roles:
        _become(stage.lakeview, role)
        _finds_no_firm(charlie, stage)
        _finds_no_things(charlie, stage)
    _joins_by_no_link(charlie, stage)
    _is_sent_to_sign_in(Client(HTTP_HOST=HOST), stage)
    assert rows_of(stage.ironwood) == before


def _become(firm: Firm, role: Role) -> None:
    with tenant_transaction(firm.tenant.pk):
        Membership.objects.filter(tenant=firm.tenant, user=firm.owner).update(role=role)


def _finds_no_firm(charlie: Client, stage: Stage) -> None:
    """Below Ironwood's slug everything is as below that of no firm."""
    absent = [Ask(method="GET", name="people"), Ask(method="POST", name="plan_change")]
    nowhere = {ask.method: judged(charlie, ask, "no-such-firm", stage.things.__getitem__) for ask in absent}
    assert {status for status, _ in nowhere.values()} == {404}
    for ask in REQUESTS:
        if ask.is_below_a_firm:
            assert judged(charlie, ask, "ironwood", stage.things.__getitem__) == nowhere[ask.method], told(ask)


def _finds_no_things(charlie: Client, stage: Stage) -> None:
    """The ids of Charlie's own requests, one by one and all together, become Ironwood's, and then ids of nothing."""
    for ask in REQUESTS:
        for names in _choices([name for name in ask.things if name in stage.theirs]):
            naming = [{name: known(name) for name in names} for known in (stage.theirs.__getitem__, stage.made_up)]
            theirs, nothing = (judged(charlie, ask, "lakeview", (stage.others | ids).__getitem__) for ids in naming)
            assert theirs == nothing, f"{told(ask)} with their {names}"


def _choices(names: list[str]) -> list[list[str]]:
    return [[name] for name in names] + ([names] if len(names) > 1 else [])


def _joins_by_no_link(charlie: Client, stage: Stage) -> None:
    """Whoever holds the link reads whom it is for; joining is for the invited alone, and an altered link for no one."""
    for ask in REQUESTS:
        if ask.name == "join":
            assert send(charlie, ask, "", stage.things.__getitem__).status_code == 200
            assert judged(charlie, ask, "", lambda name: stage.things[name][:-2])[0] == 410


def _is_sent_to_sign_in(nobody: Client, stage: Stage) -> None:
    for ask in REQUESTS:
        if ask.name != "join":
            answer = send(nobody, ask, "ironwood", stage.things.__getitem__)
            assert (answer.status_code, answer.content) == (302, b""), told(ask)
            assert answer.headers["Location"].startswith("/accounts/login/?next="), told(ask)


# Asking -----------------------------------------------------------------------------------------------------------


def told(ask: Ask) -> str:
    return f"{ask.method} {ask.name} {dict(ask.args)} {dict(ask.body)}"


def send(browser: Client, ask: Ask, slug: str, naming: Naming) -> Any:
    fields: dict[str, Any] = dict(ask.fields(naming))
    if ask.file:
        fields["file"] = SimpleUploadedFile("rows.csv", ask.file.encode())
    path = ask.path(slug, naming)
    return browser.get(path, fields) if ask.method == "GET" else browser.post(path, fields)


def judged(browser: Client, ask: Ask, slug: str, naming: Naming) -> Answer:
    """Status and body without what always differs; after a redirect those of the page that tells what was done."""
    answer = send(browser, ask, slug, naming)
    status, content = answer.status_code, _content(answer)
    if status == 302:
        status, content = 302, _content(browser.get(answer.headers["Location"]))
    assert CANARY.lower().encode() not in content.lower(), f"{told(ask)} below {slug}"
    return status, _VARIABLE.sub(b"", content)


def _content(answer: Any) -> bytes:
    if not answer.streaming:
        return bytes(answer.content)
    # A browser's event loop may be running in the tests' thread.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_stream, answer).result()


def _stream(answer: Any) -> bytes:
    async def read() -> bytes:
        return b"".join([piece async for piece in answer])

    try:
        return async_to_sync(read)()
    finally:
        connections.close_all()


def rows_of(firm: Firm) -> dict[str, str]:
    """Number and digest of the firm's rows by table: equal when nothing was changed."""
    with tenant_transaction(firm.tenant.pk), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'tenant_id'"
            " AND table_schema = 'public'"
        )
        tables = [str(name) for (name,) in cursor.fetchall()]
        digest = "SELECT count(*) || ':' || coalesce(sum(hashtext(t::text)), 0) FROM {} t WHERE tenant_id = {}"
        found = {}
        for table in tables:
            cursor.execute(sql.SQL(digest).format(sql.Identifier(table), sql.Literal(firm.tenant.pk)))
            found[table] = str(cursor.fetchone()[0])
        cursor.execute("SELECT tenant::text FROM tenants_tenant tenant WHERE id = %s", [firm.tenant.pk])
        return found | {"firm": str(cursor.fetchone()[0])}


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
