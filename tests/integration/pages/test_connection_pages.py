import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from integrations.connections.models import Connection, Fact, FactKind, Status
from integrations.mappings.models import AccountMapping, Link, MirrorRecord
from rivet.ledger.models import Vendor
from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import Tenant
from rivet.tenants.plans import Plan
from rivet.tenants.roles import Role
from sync.models import LogLine, OutboxEntry
from tests.firms import Firm, a_firm, a_person, join
from tests.integration.connections.consenting import decide
from tests.integration.pages.conftest import SignIn
from tests.sandbox.running import Running, started

LIST = "/t/ironwood/settings/integrations/"
CALLBACK = "http://localhost:8000/oauth/quickbooks/callback/"


@pytest.fixture(scope="module")
def server() -> Any:
    """A sandbox that knows Rivet's own callback addresses, as the demo's does."""
    with started("--memory", SANDBOX_REDIRECT_URIS=f"{CALLBACK},http://localhost:9/callback/") as running:
        yield running


@pytest.fixture
def web(firm: Firm, sign_in: SignIn) -> Client:
    return sign_in(firm.owner)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def plain(response: Any) -> str:
    """The page without what differs each time it is shown: nonces and form tokens."""
    return re.sub(r'(nonce=|X-CSRFToken": |csrfmiddlewaretoken" value=)"[^"]*"', "", response.content.decode())


def here(connection: Connection, rest: str = "") -> str:
    return f"{LIST}{connection.public_id}/{rest}"


def walk(web: Client, sandbox: Running, company: str, *, allow: bool = True) -> Any:
    """Press Connect, answer the consent page, come back, and see the page one lands on."""
    away = web.post(f"{LIST}connect/quickbooks/")
    assert away.status_code == 302, text(away)
    back = decide(sandbox, away["Location"], provider="quickbooks", companies=(company,), allow=allow)
    assert back.startswith(CALLBACK)
    return web.get(back.removeprefix("http://localhost:8000"), follow=True)


def test_the_whole_way_of_connecting_and_mapping(web: Client, firm: Firm, vendors: Running) -> None:
    landed = walk(web, vendors, vendors.company("quickbooks"))

    assert landed.status_code == 200
    page = text(landed)
    assert "is connected. Nothing is posted before you map its accounts." in page
    assert "It says “retainage” and is a current asset account" in page
    with tenant_transaction(firm.tenant.pk):
        books = Connection.objects.get()
        assert MirrorRecord.objects.filter(connection=books, kind="account").count() > 10

    accepted = web.post(here(books, "mapping/accept/"), follow=True)

    assert "4 accounts saved." in text(accepted)
    with tenant_transaction(firm.tenant.pk):
        assert AccountMapping.objects.filter(connection=books).count() == 4
        wanting = AccountMapping.objects.filter(
            connection=books, item_id="", role__in=["revenue", "retainage_receivable"]
        )
        assert OutboxEntry.objects.filter(connection=books, role="item").count() == wanting.count()
    assert "Connected" in text(web.get(LIST))


def test_a_declined_consent_comes_back_with_a_sentence(web: Client, firm: Firm, vendors: Running) -> None:
    landed = walk(web, vendors, vendors.company("quickbooks"), allow=False)

    assert "declined on QuickBooks&#x27;s page" in text(landed)
    with tenant_transaction(firm.tenant.pk):
        assert not Connection.objects.exists()


def test_a_callback_nobody_waits_for_is_explained(web: Client) -> None:
    landed = web.get("/oauth/quickbooks/callback/?state=made-up&code=x&realmId=1")

    assert landed.status_code == 400
    assert "leads nowhere" in text(landed)


def test_a_callback_in_a_browser_without_session_asks_to_sign_in() -> None:
    landed = Client().get("/oauth/quickbooks/callback/?state=made-up&code=x")

    assert landed.status_code == 302
    assert landed["Location"].startswith("/accounts/login/")


def test_connect_moves_the_browser_to_the_registered_address(firm: Firm, sign_in: SignIn) -> None:
    elsewhere = sign_in(firm.owner)
    elsewhere.defaults["HTTP_HOST"] = "127.0.0.1:8000"

    moved = elsewhere.post(f"{LIST}connect/quickbooks/")

    assert moved["Location"] == f"http://localhost:8000{LIST}?connect=quickbooks"
    assert "Press Connect once more" in text(sign_in(firm.owner).get(f"{LIST}?connect=quickbooks"))


def test_starter_sees_the_cards_locked_with_the_reason(web: Client, firm: Firm) -> None:
    with tenant_transaction(firm.tenant.pk):
        Tenant.objects.filter(pk=firm.tenant.pk).update(plan=Plan.STARTER)

    page = text(web.get(LIST))
    forced = web.post(f"{LIST}connect/quickbooks/", follow=True)

    assert "The Starter plan keeps documents and posts none." in page
    assert f'action="{LIST}connect/quickbooks/"' not in page
    assert "The Starter plan does not post" in text(forced)


def test_a_silent_provider_is_no_broken_page(web: Client, settings: Any) -> None:
    settings.QUICKBOOKS_DISCOVERY_URL = "http://localhost:1/nobody"

    landed = web.post(f"{LIST}connect/quickbooks/", follow=True)

    assert "QuickBooks did not answer, so nothing was connected." in text(landed)


def test_each_tab_opens(web: Client, books: Connection) -> None:
    assert web.post(here(books, "refresh/"), follow=True).status_code == 200
    for rest, words in (
        ("", "Books closed until"),
        ("mapping/", "Retainage receivable"),
        ("parties/", "Nothing is merged without you"),
        ("parties/customer/", "Customers"),
        ("classes/", "Commercial"),
        ("preferences/", "How retainage is posted"),
        ("disconnect/", "What stays"),
    ):
        opened = web.get(here(books, rest))
        assert opened.status_code == 200, rest
        assert words in text(opened), rest
        assert "<script>" not in text(opened)
        assert " style=" not in text(opened)


def test_refreshing_writes_a_line_into_the_log(web: Client, firm: Firm, books: Connection) -> None:
    done = web.post(here(books, "refresh/"), follow=True)

    assert "records read" in text(done)
    with tenant_transaction(firm.tenant.pk):
        line = LogLine.objects.get(connection_id=books.pk, direction="pull")
    assert line.actor_label == "alice@example.com"
    assert "records read" in line.detail


def test_refreshing_a_revoked_connection_asks_to_reconnect(web: Client, books: Connection, vendors: Running) -> None:
    vendors.control("POST", f"/companies/{books.external_id}/revoke-grants")
    vendors.control("POST", f"/companies/{books.external_id}/expire-tokens")

    page = text(web.post(here(books, "refresh/"), follow=True))

    assert "no longer lets Rivet in" in page
    assert "Needs reauthorization" in page
    assert "Reconnect" in page


def test_reconnect_leads_back_to_the_same_company(web: Client, firm: Firm, books: Connection, vendors: Running) -> None:
    with tenant_transaction(firm.tenant.pk):
        Connection.objects.filter(pk=books.pk).update(status=Status.NEEDS_REAUTHORIZATION, problem_code="CON-01")

    away = web.post(here(books, "reconnect/"))
    other = decide(vendors, away["Location"], provider="quickbooks", companies=(vendors.company("quickbooks"),))
    refused = web.get(other.removeprefix("http://localhost:8000"), follow=True)
    assert f"belongs to {books.company_name}" in text(refused)

    away = web.post(here(books, "reconnect/"))
    same = decide(vendors, away["Location"], provider="quickbooks", companies=(books.external_id,))
    landed = web.get(same.removeprefix("http://localhost:8000"), follow=True)
    assert "is connected" in text(landed)
    with tenant_transaction(firm.tenant.pk):
        assert Connection.objects.get(pk=books.pk).status == Status.CONNECTED


def test_an_unfit_account_is_told_at_its_field(web: Client, firm: Firm, books: Connection) -> None:
    web.post(here(books, "refresh/"))
    with tenant_transaction(firm.tenant.pk):
        bank = MirrorRecord.objects.get(connection=books, kind="account", name="Checking")

    refused = web.post(here(books, "mapping/"), {"revenue": bank.external_id})

    assert refused.status_code == 422
    assert "Choose an income account from the list" in text(refused)
    with tenant_transaction(firm.tenant.pk):
        assert not AccountMapping.objects.exists()


def test_a_chosen_account_is_saved(web: Client, firm: Firm, books: Connection) -> None:
    web.post(here(books, "refresh/"))
    with tenant_transaction(firm.tenant.pk):
        payable = MirrorRecord.objects.get(connection=books, kind="account", name="Retainage Payable")

    saved = web.post(here(books, "mapping/"), {"retainage_payable": payable.external_id}, follow=True)

    assert "One account saved." in text(saved)
    with tenant_transaction(firm.tenant.pk):
        assert AccountMapping.objects.get().external_id == payable.external_id


def test_preferences_pause_and_move_the_default(
    web: Client, firm: Firm, a_connection: Callable[..., Connection]
) -> None:
    first, second = a_connection(is_default=True), a_connection("xero", "9002")

    web.post(here(second, "preferences/"), {"posting_mode": "net_plus_journal", "is_default": "on", "is_paused": "on"})

    with tenant_transaction(firm.tenant.pk):
        first.refresh_from_db()
        second.refresh_from_db()
        kinds = set(Fact.objects.values_list("kind", flat=True))
    assert (first.is_default, second.is_default) == (False, True)
    assert second.posting_mode == "net_plus_journal"
    assert second.paused_at is not None
    assert FactKind.PAUSE_CHANGED in kinds
    assert "Paused" in text(web.get(LIST))


def test_parties_are_linked_and_unlinked(web: Client, firm: Firm, books: Connection) -> None:
    web.post(here(books, "refresh/"))
    with tenant_transaction(firm.tenant.pk):
        made = Vendor.objects.create(tenant=firm.tenant, name="Valley Concrete")
        other = Vendor.objects.create(tenant=firm.tenant, name="Somebody New")
        theirs = MirrorRecord.objects.get(connection=books, kind="vendor", name="Redwood Crane Rental")
    page = here(books, "parties/vendor/")

    assert "Link all 1 with the same name" in text(web.get(page))
    assert "1 linked." in text(web.post(f"{page}link/", {"exact": "1"}, follow=True))
    assert "Redwood Crane Rental" in text(web.get(f"{page}?party={other.public_id}"))
    web.post(f"{page}link/", {"party": other.public_id, "theirs": theirs.external_id})
    with tenant_transaction(firm.tenant.pk):
        assert set(Link.objects.values_list("source_id", flat=True)) == {made.pk, other.pk}

    web.post(f"{page}link/", {"party": made.public_id, "theirs": ""})
    with tenant_transaction(firm.tenant.pk):
        assert set(Link.objects.filter(ended_at=None).values_list("source_id", flat=True)) == {other.pk}


def test_disconnecting_says_first_what_it_does(web: Client, firm: Firm, books: Connection) -> None:
    asked = web.get(here(books, "disconnect/"))
    assert "Reconnecting the same company later brings everything back." in text(asked)
    with tenant_transaction(firm.tenant.pk):
        assert Connection.objects.get().status == Status.CONNECTED

    done = web.post(here(books, "disconnect/"), follow=True)

    assert "is disconnected. Its mapping and links are kept." in text(done)
    with tenant_transaction(firm.tenant.pk):
        assert Connection.objects.get().status == Status.DISCONNECTED


def test_intuits_own_links_lead_to_the_connection(web: Client, books: Connection) -> None:
    led = web.get(f"/oauth/quickbooks/reconnect/?realmId={books.external_id}")
    assert led["Location"] == here(books)

    lost = text(web.get("/oauth/quickbooks/reconnect/?realmId=none"))
    assert "press Reconnect" in lost
    assert "Ironwood" in lost
    assert "was disconnected in QuickBooks" in text(web.get("/oauth/quickbooks/disconnected/"))


PATHS = (
    ("GET", ""),
    ("GET", "mapping/"),
    ("POST", "mapping/"),
    ("POST", "mapping/accept/"),
    ("GET", "parties/"),
    ("GET", "parties/vendor/"),
    ("POST", "parties/vendor/link/"),
    ("GET", "classes/"),
    ("GET", "preferences/"),
    ("POST", "preferences/"),
    ("POST", "refresh/"),
    ("POST", "reconnect/"),
    ("GET", "disconnect/"),
    ("POST", "disconnect/"),
)


@pytest.mark.parametrize(("method", "rest"), PATHS)
def test_charlie_finds_nothing_anywhere(
    method: str, rest: str, a_connection: Callable[..., Connection], sign_in: SignIn
) -> None:
    connection = a_connection()
    charlie = a_firm("charlies", owner=a_person("Charlie"))
    browser = sign_in(charlie.owner)

    theirs = browser.generic(method, here(connection, rest))
    own_firm = browser.generic(method, f"/t/charlies/settings/integrations/{connection.public_id}/{rest}")
    missing = browser.generic(method, f"/t/charlies/settings/integrations/{uuid4()}/{rest}")

    assert theirs.status_code == own_firm.status_code == missing.status_code == 404
    assert plain(own_firm) == plain(missing)


@pytest.mark.parametrize(
    ("role", "rest", "status"),
    [
        (Role.VIEWER, "mapping/", 403),
        (Role.VIEWER, "mapping/accept/", 403),
        (Role.VIEWER, "parties/vendor/link/", 403),
        (Role.VIEWER, "refresh/", 403),
        (Role.BOOKKEEPER, "mapping/", 302),
        (Role.BOOKKEEPER, "preferences/", 403),
        (Role.BOOKKEEPER, "reconnect/", 403),
        (Role.BOOKKEEPER, "disconnect/", 403),
    ],
)
def test_roles_are_held_to_what_they_may(
    role: Role, rest: str, status: int, firm: Firm, a_connection: Callable[..., Connection], sign_in: SignIn
) -> None:
    connection = a_connection()
    bob = a_person("Bob")
    join(firm, bob, role)
    browser = sign_in(bob)

    assert browser.get(here(connection)).status_code == 200
    assert browser.post(here(connection, rest)).status_code == status
    assert browser.post(f"{LIST}connect/quickbooks/").status_code == 403
