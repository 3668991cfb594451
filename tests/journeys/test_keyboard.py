"""Everything on the lists by keyboard alone, and silence where somebody types."""

import re

import pytest
from playwright.sync_api import Page, expect

from rivet.tenants.context import tenant_transaction
from tests.firms import Firm
from tests.outboxes import a_connection, a_line, a_refused

pytestmark = pytest.mark.journey


@pytest.fixture
def page(page_of_alice: Page, firm: Firm) -> Page:
    """Three exceptions; the newest, Bill 3, is the first row."""
    with tenant_transaction(firm.tenant.pk):
        books = a_connection()
        for number in range(1, 4):
            a_line(a_refused(books, f"Bill {number}"), detail=f"Line of {number}")
    page_of_alice.reload()
    return page_of_alice


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def test_sheet_names_every_key_the_page_hears(page: Page) -> None:
    press(page, "?")
    sheet = page.get_by_role("dialog", name="Keyboard")
    named = [re.sub(r"\s+", " ", each).strip() for each in sheet.locator("dt").all_inner_texts()]
    assert named == ["j", "k", "x", "Enter", "r", "e", "Esc", "/", "g e", "g l", "g s", "g d", "?"]
    press(page, "j")
    expect(page.locator("[data-row]:focus-within")).to_have_count(0)
    press(page, "Escape")
    expect(sheet).to_be_hidden()
    page.locator("details.menu > summary").first.click()
    page.get_by_role("button", name="Keyboard").click()
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()


def test_rows_are_walked_chosen_opened_and_retried(page: Page) -> None:
    here = page.locator("[data-row]:focus-within")
    press(page, "j j j j k")
    expect(here).to_contain_text("Bill 2")
    press(page, "x")
    expect(page.get_by_text("1 selected")).to_be_visible()
    press(page, "x Enter")
    drawer = page.get_by_role("dialog", name="Bill 2")
    expect(drawer).to_be_visible()
    press(page, "Escape")
    expect(drawer).to_be_hidden()
    expect(here).to_contain_text("Bill 2")
    press(page, "r")
    expect(page.get_by_role("status")).to_contain_text("Bill 2 goes again now.")
    expect(here).to_contain_text("Bill 1")


def test_retry_reaches_the_open_entry_and_never_a_row_nobody_pointed_at(page: Page) -> None:
    press(page, "r e x")
    page.wait_for_timeout(300)
    expect(page.get_by_role("status")).to_have_count(0)
    press(page, "j Enter")
    drawer = page.get_by_role("dialog", name="Bill 3")
    expect(drawer).to_be_visible()
    press(page, "j r")
    expect(drawer.get_by_role("status")).to_contain_text("Bill 3 goes again now.")


@pytest.mark.long
def test_resolve_goes_where_it_is_fixed_and_escape_back_to_the_list(page: Page) -> None:
    home = page.url
    press(page, "j e")
    page.wait_for_url("**/mapping/")
    page.goto(home)
    page.goto(page.get_by_role("link", name="Bill 1", exact=True).evaluate("link => link.href"))
    press(page, "Escape")
    page.wait_for_url(home)


def test_places_are_two_keys_away(page: Page) -> None:
    for keys, place in [("g s", "sync-status/"), ("g d", "documents/"), ("g e", "ironwood/"), ("g l", "sync-log/")]:
        press(page, keys)
        page.wait_for_url(re.compile(f"{place}$"))
    press(page, "j Enter")
    expect(page.get_by_role("dialog", name="Bill 3")).to_be_visible()


def test_fields_and_modifiers_are_left_alone(page: Page) -> None:
    press(page, "/")
    page.keyboard.type("jr? g l")
    search = page.get_by_label("Number or name")
    expect(search).to_have_value("jr? g l")
    expect(page.get_by_role("dialog")).to_have_count(0)
    search.blur()
    press(page, "Control+k Alt+j Meta+j")
    expect(page.locator("[data-row]:focus-within")).to_have_count(0)
