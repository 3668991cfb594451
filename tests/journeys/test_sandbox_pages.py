"""The sandbox's own pages in a browser without JavaScript: readable on any screen, in light and dark, by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.access import violations
from tests.sandbox.quickbooks.books import Books, a_bill, a_payment, an_invoice
from tests.sandbox.running import CALLBACK, Running, started

pytestmark = pytest.mark.journey

ASKED = f"client_id=rivet-sandbox&response_type=code&state=1&redirect_uri={CALLBACK}&scope=openid"
PAGES = (
    "/",
    "/books/",
    "/books/{company}/",
    "/books/{company}/chart/",
    "/books/{company}/documents/",
    "/books/{company}/documents/Invoice/{invoice}/",
    "/books/{company}/accounts/{account}/",
    "/books/{company}/ageing/receivable/",
    "/books/{company}/trial-balance/",
    "/books/nobody/",
    f"/quickbooks/connect/oauth2?{ASKED}",
    "/quickbooks/connect/oauth2?client_id=nobody",
    f"/xero/identity/connect/authorize?{ASKED}",
    "/xero/identity/connect/authorize?client_id=nobody",
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with started("--memory") as running:
        running.control("PUT", "/limits", {"enabled": False})
        yield running


@pytest.fixture(scope="module")
def addresses(sandbox: Running) -> list[str]:
    books = Books(sandbox, "messy")
    made = books.post("invoice", an_invoice(books, 1_234_567.89, DocNumber="W-1", PrivateNote="Level two " * 30))
    books.post("payment", a_payment(books, 200, ("Invoice", made["Id"], 200)))
    books.post("bill", a_bill(books, 99_999.99))
    names = {"company": books.company, "invoice": made["Id"], "account": books.id("Account", "1100")}
    return [f"{sandbox.url}{path.format(**names)}" for path in PAGES]


def hurdles(page: Page) -> list[str]:
    """What a page does that somebody would stumble over."""
    body = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    found = violations(page)
    return [*found, *([f"wider than the screen: {body}"] if body[0] > body[1] else [])]


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), pytest.param("dark", 1280, marks=pytest.mark.long)])
def test_no_page_puts_anybody_off(browser: Browser, addresses: list[str], scheme: str, width: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})  # type: ignore[arg-type]  # one of the words
    page = context.new_page()
    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = hurdles(page)
    context.close()
    assert {address: what for address, what in found.items() if what} == {}


def test_the_books_are_walked_by_keyboard_and_without_scripts(browser: Browser, addresses: list[str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(addresses[2])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_role("link", name="Documents", exact=True).press("Enter")
    page.get_by_label("Number").fill("w-1")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Invoice W-1").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Invoice W-1")
    page.get_by_role("link", name="1100 Accounts Receivable (A/R)").press("Enter")
    expect(page.get_by_role("table", name="Postings by date, with the balance after each")).to_contain_text("W-1")
    context.close()
