"""Clearing exceptions in the browser: retry without a reload, live rows, and all of it without JavaScript too."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from integrations.connections.models import Status
from rivet.tenants.context import tenant_transaction
from sync.models import OutboxEntry, Severity
from sync.states import State
from tests.firms import PASSWORD, Firm
from tests.journeys.access import violations
from tests.outboxes import a_connection, a_line, a_refused, an_attempt, an_entry

pytestmark = pytest.mark.journey
FIRM_PAGES = ["", "sync-log/", "integrations/sync-status/", "settings/people/", "settings/plan/"]


@pytest.fixture
def entry(firm: Firm) -> OutboxEntry:
    with tenant_transaction(firm.tenant.pk):
        books = a_connection()
        a_connection("Harbor", provider="xero", status=Status.NEEDS_REAUTHORIZATION)
        entry = a_refused(books, "Bill 1043 · Hanson Concrete")
        a_refused(books, "Bill 1044 · Rexel")
        an_attempt(entry, outcome="Rejected", detail="Account missing")
        a_line(an_entry(books, tries=2), severity=Severity.WARNING)
    return entry


def test_signing_in_leads_home(page: Page, live_server: LiveServer, entry: OutboxEntry) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Email").fill("alice@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/t/ironwood/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Exceptions")


def test_retry_moves_the_row_without_leaving_the_page(page_of_alice: Page, entry: OutboxEntry) -> None:
    page = page_of_alice
    page.reload()
    page.evaluate("window.stayed = true")
    page.get_by_role("button", name="Retry Bill 1043 · Hanson Concrete").click()
    expect(page.get_by_role("status")).to_contain_text("Bill 1043 · Hanson Concrete goes again now.")
    expect(page.get_by_role("link", name="Bill 1043 · Hanson Concrete", exact=True)).to_have_count(0)
    assert page.evaluate("window.stayed")
    page.get_by_role("button", name="Retry all 1 error").click()
    expect(page.get_by_text("Nothing needs you")).to_be_visible()


def test_open_page_follows_what_happens(page_of_alice: Page, firm: Firm, entry: OutboxEntry) -> None:
    page = page_of_alice
    page.reload()
    with tenant_transaction(firm.tenant.pk):
        OutboxEntry.objects.filter(pk=entry.pk).update(state=State.CONFIRMED, label="Bill 1043")
        a_refused(entry.connection, "Bill 2000 · Newcomer")
    expect(page.get_by_role("link", name="Bill 2000 · Newcomer", exact=True)).to_be_visible(timeout=8_000)


def test_request_and_answer_unfold_in_place(page_of_alice: Page, entry: OutboxEntry) -> None:
    page = page_of_alice
    page.goto(page.url + f"exceptions/{entry.public_id}/")
    page.get_by_text("Request and answer").click()
    expect(page.get_by_label("What was answered")).to_contain_text('"TotalAmt": 1.10')


@pytest.mark.parametrize("width", [1280, 390])
def test_theme_is_chosen_and_kept(page_of_alice: Page, width: int) -> None:
    page = page_of_alice
    page.set_viewport_size({"width": width, "height": 844})
    page.locator("details.menu summary").click()
    for button in (page.get_by_role("button", name="Keyboard"), page.get_by_role("button", name="Sign out")):
        expect(button).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Dark").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"


def test_everything_works_without_javascript(plain_page: Page, live_server: LiveServer, entry: OutboxEntry) -> None:
    page = plain_page
    page.reload()
    page.get_by_role("button", name="Retry Bill 1043 · Hanson Concrete").click()
    expect(page.get_by_role("status")).to_contain_text("goes again now")
    page.get_by_label("State").select_option("queued")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name="Bill 1043 · Hanson Concrete", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bill 1043 · Hanson Concrete")
    page.goto(f"{live_server.url}/t/ironwood/integrations/sync-status/")
    page.get_by_role("button", name="Sync now").click()
    expect(page.get_by_role("status")).to_contain_text("Sync has started")


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.long)])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_are_accessible_and_fit(
    page_of_alice: Page, live_server: LiveServer, entry: OutboxEntry, theme: str, width: int, complaints: list[str]
) -> None:
    page = page_of_alice
    page.set_viewport_size({"width": width, "height": 844})
    page.evaluate("theme => localStorage.setItem('theme', theme)", theme)
    firm_pages = [f"/t/ironwood/{path}" for path in [*FIRM_PAGES, f"exceptions/{entry.public_id}/"]]
    for path in [*firm_pages, "/firms/", "/help/", "/accounts/2fa/", "/accounts/password/change/"]:
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert complaints == []
        assert violations(page) == [], path
        complaints.clear()  # axe writes styles of its own, which our policy blocks and the console tells


def test_entrance_pages_are_accessible(page: Page, live_server: LiveServer, transactional_db: None) -> None:
    for path in ["/", "/sign-up/", "/accounts/login/", "/accounts/password/reset/", "/nothing/"]:
        page.goto(live_server.url + path)
        assert violations(page) == [], path
