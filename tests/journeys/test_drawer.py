"""An entry opened over its list: the address, the focus and the ways back; and the same without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from rivet.tenants.context import tenant_transaction
from sync.models import OutboxEntry
from tests.firms import Firm
from tests.journeys.access import violations
from tests.outboxes import a_connection, a_refused, an_attempt

pytestmark = pytest.mark.journey
OPENED = re.compile(r"[?&]open=")


@pytest.fixture
def entry(firm: Firm) -> OutboxEntry:
    with tenant_transaction(firm.tenant.pk):
        books = a_connection()
        entry = a_refused(books, "Bill 1043 · Hanson Concrete")
        a_refused(books, "Bill 1044 · Rexel")
        an_attempt(entry, outcome="Rejected", detail="Account missing")
    return entry


def test_row_opens_over_its_list_and_closes_back_to_it(
    page_of_alice: Page, live_server: LiveServer, entry: OutboxEntry
) -> None:
    page = page_of_alice
    row = page.get_by_role("link", name=entry.label, exact=True)
    drawer = page.get_by_role("dialog", name=entry.label)
    for place in ("?q=1043", "sync-log/"):
        address = f"{live_server.url}/t/ironwood/{place}"
        page.goto(address)
        row.click()
        expect(drawer.get_by_role("heading", level=1)).to_be_focused()
        expect(page).to_have_url(OPENED)
        page.keyboard.press("Escape")
        expect(drawer).to_be_hidden()
        expect(page).to_have_url(address)
        expect(row).to_be_focused()


def test_address_is_all_a_reload_and_a_second_tab_need(page_of_alice: Page, entry: OutboxEntry) -> None:
    page = page_of_alice
    page.reload()
    page.get_by_role("link", name=entry.label, exact=True).click()
    drawer = page.get_by_role("dialog", name=entry.label)
    expect(drawer).to_be_visible()
    second = page.context.new_page()
    second.goto(page.url)
    expect(second.get_by_role("dialog").get_by_role("heading", level=1)).to_be_focused()
    second.get_by_role("link", name="Close").click()
    expect(second.get_by_role("dialog")).to_be_hidden()
    expect(second).not_to_have_url(OPENED)
    second.close()
    page.reload()
    expect(drawer).to_be_visible()
    page.go_back()
    expect(drawer).to_be_hidden()
    page.go_forward()
    expect(drawer).to_be_visible()
    expect(page).to_have_url(OPENED)


def test_retrying_in_the_drawer_stays_there_and_the_list_follows(page_of_alice: Page, entry: OutboxEntry) -> None:
    page = page_of_alice
    page.reload()
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name=entry.label, exact=True).click()
    drawer = page.get_by_role("dialog", name=entry.label)
    drawer.get_by_role("button", name="Retry").click()
    expect(drawer.get_by_role("status")).to_contain_text("goes again now.")
    expect(drawer.get_by_text("Queued")).to_be_visible()
    drawer.get_by_role("link", name="Close").click()
    expect(page.get_by_role("button", name="Retry all 1 error")).to_be_visible()
    assert page.evaluate("window.stayed")


@pytest.mark.long
def test_skipping_in_the_drawer_says_so_there(page_of_alice: Page, entry: OutboxEntry) -> None:
    page = page_of_alice
    page.reload()
    page.get_by_role("link", name=entry.label, exact=True).click()
    drawer = page.get_by_role("dialog", name=entry.label)
    drawer.get_by_text("Do not post it").click()
    drawer.get_by_label("Why").fill("Paid in cash")
    drawer.get_by_role("button", name="Skip it").click()
    expect(drawer.get_by_role("status")).to_contain_text("will not be posted.")
    expect(drawer.get_by_text("Skipped: Paid in cash")).to_be_visible()


@pytest.mark.long
def test_open_drawer_is_accessible_and_fits(page_of_alice: Page, entry: OutboxEntry, complaints: list[str]) -> None:
    page = page_of_alice
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"{page.url.partition('?')[0]}?open={entry.public_id}")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert page.evaluate("document.getElementById('drawer').scrollWidth <= innerWidth")
        assert complaints == []
        assert violations(page) == []
        complaints.clear()  # axe writes styles of its own, which our policy blocks and the console tells


def test_without_javascript_the_row_leads_to_the_page(plain_page: Page, entry: OutboxEntry) -> None:
    page = plain_page
    page.reload()
    home = page.url
    page.get_by_role("link", name=entry.label, exact=True).click()
    expect(page).to_have_url(f"{home}exceptions/{entry.public_id}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(entry.label)
    page.goto(f"{home}?q=1043&open={entry.public_id}")
    expect(page.get_by_role("dialog").get_by_role("heading", level=1)).to_have_text(entry.label)
    page.get_by_role("link", name="Close").click()
    expect(page).to_have_url(f"{home}?q=1043")
    expect(page.get_by_role("dialog")).to_be_hidden()
