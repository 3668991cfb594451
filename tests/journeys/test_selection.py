"""Choosing several rows in the browser, and acting on them at once, with and without JavaScript."""

import pytest
from playwright.sync_api import Locator, Page, expect

from rivet.tenants.context import tenant_transaction
from sync.models import OutboxEntry
from sync.queries import exceptions as queries
from sync.states import State
from tests.firms import Firm
from tests.ledgers import a_bill, a_vendor
from tests.outboxes import a_connection, a_refused, an_entry

pytestmark = pytest.mark.journey


@pytest.fixture
def six(firm: Firm) -> list[OutboxEntry]:
    """What needs attention; the newest, Bill 6, is the first row."""
    with tenant_transaction(firm.tenant.pk):
        books = a_connection()
        return [a_refused(books, f"Bill {number}") for number in range(1, 7)]


def box(page: Page, label: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Choose {label}", exact=True)


def states(firm: Firm, entries: list[OutboxEntry]) -> list[str]:
    with tenant_transaction(firm.tenant.pk):
        return list(
            OutboxEntry.objects.filter(pk__in=[entry.pk for entry in entries])
            .order_by("pk")
            .values_list("state", flat=True)
        )


def test_a_range_is_chosen_and_retried(page_of_alice: Page, firm: Firm, six: list[OutboxEntry]) -> None:
    page = page_of_alice
    page.reload()
    expect(page.get_by_role("button", name="Retry selected")).to_be_hidden()
    box(page, "Bill 5").click()
    box(page, "Bill 2").click(modifiers=["Shift"])
    expect(page.get_by_text("4 selected")).to_be_visible()
    expect(page.get_by_role("button", name="Retry all 6 errors")).to_be_hidden()
    box(page, "Bill 3").click()
    page.get_by_role("button", name="Retry selected").click()
    expect(page.get_by_role("status")).to_contain_text("Queued 3.")
    expect(page.get_by_role("button", name="Retry all 3 errors")).to_be_visible()
    assert states(firm, six) == [State.REJECTED, State.READY, State.REJECTED, State.READY, State.READY, State.REJECTED]


def test_skipping_wants_a_reason_first(page_of_alice: Page, firm: Firm, six: list[OutboxEntry]) -> None:
    page = page_of_alice
    page.reload()
    page.get_by_role("checkbox", name="Choose every row on this page").click()
    box(page, "Bill 1").click()
    expect(page.get_by_role("link", name="that match")).to_be_hidden()
    page.get_by_text("Skip…").click()
    page.get_by_role("button", name="Skip selected").click()
    expect(page.get_by_text("5 selected")).to_be_visible()
    page.get_by_label("Why are they not posted?").fill("Entered by hand")
    page.get_by_role("button", name="Skip selected").click()
    expect(page.get_by_role("status")).to_contain_text("Skipped 5.")
    assert states(firm, six) == [State.REJECTED, *[State.CANCELLED] * 5]


@pytest.mark.long
def test_only_what_is_possible_for_all_of_them_is_offered(page_of_alice: Page, firm: Firm) -> None:
    page = page_of_alice
    with tenant_transaction(firm.tenant.pk):
        books = a_connection()
        a_refused(books, "Refused")
        an_entry(books, "Held", state=State.HELD)
        an_entry(books, "Tried", tries=1)
    page.goto(f"{page.url}?state=all")
    retry, skip = page.get_by_role("button", name="Retry selected"), page.get_by_text("Skip…")
    for label, is_retry, is_skip in [("Refused", True, True), ("Held", False, True), ("Tried", False, False)]:
        box(page, label).click()
        expect(retry).to_be_visible(visible=is_retry)
        expect(skip).to_be_visible(visible=is_skip)
    expect(page.get_by_text("Nothing can be done with all of these at once")).to_be_visible()


def test_what_is_new_waits_while_rows_are_chosen(page_of_alice: Page, firm: Firm, six: list[OutboxEntry]) -> None:
    page = page_of_alice
    page.reload()
    box(page, "Bill 4").click()
    with tenant_transaction(firm.tenant.pk):
        a_refused(six[0].connection, "Bill 7")
    show = page.get_by_role("button", name="Show what is new")
    expect(show).to_be_visible(timeout=8_000)
    expect(box(page, "Bill 7")).to_have_count(0)
    show.click()
    expect(box(page, "Bill 7")).to_be_visible()
    expect(box(page, "Bill 4")).to_be_checked()
    expect(page.get_by_text("1 selected")).to_be_visible()
    expect(show).to_be_hidden()


def test_rows_are_chosen_without_javascript(
    plain_page: Page, firm: Firm, six: list[OutboxEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = plain_page
    page.reload()
    box(page, "Bill 1").check()
    box(page, "Bill 6").check()
    page.get_by_role("button", name="Retry selected").click()
    expect(page.get_by_role("status")).to_contain_text("Queued 2.")
    assert states(firm, six) == [State.READY, *[State.REJECTED] * 4, State.READY]
    monkeypatch.setattr(queries, "PAGE", 3)
    page.reload()
    box(page, "Bill 4").check()
    page.get_by_role("link", name="Select all 4 that match").click()
    page.get_by_role("button", name="Retry 4", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Queued 4.")


@pytest.mark.long
def test_documents_are_chosen_by_the_same_bar(page_of_alice: Page, firm: Firm) -> None:
    page = page_of_alice
    with tenant_transaction(firm.tenant.pk):
        vendor = a_vendor()
        for number in range(1, 5):
            a_bill(vendor, number=f"B{number}")
    page.goto(f"{page.url}documents/")
    box(page, "bill B4").click()
    box(page, "bill B2").click(modifiers=["Shift"])
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("Approved 3 documents.")
