"""Alice's first day: from signing up to a reconnected company, with a messy file in between."""

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from urllib.parse import quote

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.generators.messy_bills import MessyBill, messy_bills, vendors_file
from tests.sandbox.running import Running

pytestmark = pytest.mark.journey

SEED = 20261121
CLOSED_UNTIL = date(2026, 9, 30)
#: Of 1,000.00 a tenth is held back: job cost, retainage payable, payable.
IN_XERO = {"320": Decimal("1000.00"), "815": Decimal("-100.00"), "800": Decimal("-900.00")}
#: QuickBooks takes 21 characters; longer numbers stop as exceptions.
LONGEST = 21


def test_from_sign_up_to_reconnect(page: Page, rivet: str, sandbox_of: Running) -> None:
    tenant = sign_up(page, rivet)
    choose_pro(page, tenant)
    connect_quickbooks(page, tenant)
    company = company_of(sandbox_of, "quickbooks")
    sandbox_of.control("PATCH", f"/companies/{company}", {"book_close_date": CLOSED_UNTIL.isoformat()})
    connect_xero(page, tenant)
    refresh_lists(page, tenant)
    file = messy_bills(SEED, today=date(2026, 11, 21), closed_until=CLOSED_UNTIL)
    import_file(page, tenant, "vendors", vendors_file())
    import_file(page, tenant, "bills", file.content)
    approve_everything(page, tenant)
    link_vendors_that_are_there_already(page, tenant)
    postable = [bill for bill in file.bills if len(bill.number) <= LONGEST and not bill.is_closed]
    await_exceptions(page, tenant, len(file.bills) - len(postable))
    assert balances(sandbox_of, company) == expected(postable)
    reopen_the_books(page, tenant, sandbox_of, company)
    posted = [bill for bill in file.bills if len(bill.number) <= LONGEST]
    await_exceptions(page, tenant, len(file.bills) - len(posted))
    assert balances(sandbox_of, company) == expected(posted)
    left = [bill for bill in file.bills if len(bill.number) > LONGEST]
    shorten(page, tenant, left[0])
    await_exceptions(page, tenant, len(left) - 1)
    posted.append(left.pop(0))
    retry_one_without_mending_it(page, tenant, left[0])
    retry_all_changes_nothing_yet(page, tenant, len(left))
    disconnect_and_reconnect(page, tenant)
    assert balances(sandbox_of, company) == expected(posted)
    post_a_bill_of_a_project_that_is_kept_in_xero(page, tenant)
    await_exceptions(page, tenant, len(left))
    assert balances(sandbox_of, company_of(sandbox_of, "xero")) == IN_XERO
    assert balances(sandbox_of, company) == expected(posted)


def sign_up(page: Page, rivet: str) -> str:
    page.set_default_timeout(15_000)
    page.goto(f"{rivet}/sign-up/")
    page.fill("[name=firm]", "Northside Electric")
    page.fill("[name=name]", "Alice")
    page.fill("[name=email]", "alice@example.com")
    page.fill("[name=password]", "a long enough sentence")
    page.click("main button[type=submit]")
    expect(page).to_have_url(re.compile(r"/t/northside-electric/"))
    return f"{rivet}/t/northside-electric/"


def choose_pro(page: Page, tenant: str) -> None:
    page.goto(f"{tenant}settings/integrations/")
    expect(page.get_by_role("button", name="Connect QuickBooks")).to_be_disabled()
    page.goto(f"{tenant}settings/plan/")
    page.get_by_role("button", name="Change to Pro").click()


def connect_quickbooks(page: Page, tenant: str) -> None:
    page.goto(f"{tenant}settings/integrations/")
    page.get_by_role("button", name="Connect QuickBooks").click()
    page.click("#connect")
    expect(page.locator("main")).to_contain_text("is connected")
    page.get_by_role("button", name="Accept every suggestion marked Sure").click()
    expect(page.locator("main")).to_contain_text("4 accounts saved")


def connect_xero(page: Page, tenant: str) -> None:
    page.goto(f"{tenant}settings/integrations/")
    page.get_by_role("button", name="Connect Xero").click()
    page.click("#xero-allow")
    expect(page.locator("main")).to_contain_text("is connected")
    page.get_by_role("button", name="Accept every suggestion marked Sure").click()
    expect(page.locator("main")).to_contain_text("accounts saved")


def refresh_lists(page: Page, tenant: str) -> None:
    """Rivet reads the closing date with the lists."""
    page.goto(f"{tenant}settings/integrations/")
    page.get_by_role("link", name="Open").first.click()
    page.get_by_role("button", name="Refresh lists").click()
    expect(page.locator("main")).to_contain_text("2026")


def import_file(page: Page, tenant: str, kind: str, content: bytes) -> None:
    page.goto(f"{tenant}documents/imports/")
    page.select_option("[name=kind]", kind)
    upload: FilePayload = {"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": content}
    page.set_input_files("[name=file]", files=upload)
    page.get_by_role("button", name="Look at the file").click()
    expect(page.locator("main")).to_contain_text("Nothing has been imported yet")
    page.get_by_role("button", name=re.compile("^Import")).click()
    expect(page.locator("main")).to_contain_text("Imported")


def approve_everything(page: Page, tenant: str) -> None:
    for _ in range(20):
        page.goto(f"{tenant}documents/?status=draft")
        if not page.locator("input[name=chosen]").count():
            return
        page.get_by_label("Choose every row on this page").check()
        page.get_by_role("button", name="Approve").first.click()
        expect(page.locator("main")).to_contain_text("Approved")
    pytest.fail("drafts are left")


def link_vendors_that_are_there_already(page: Page, tenant: str) -> None:
    """Some vendors are in QuickBooks under the same name: an exception each, mended once for all their bills."""
    page.goto(tenant)
    expect(page.locator("main")).to_contain_text("already used by another customer, vendor or employee")
    page.goto(f"{tenant}settings/integrations/")
    page.get_by_role("link", name="Open").first.click()
    page.goto(f"{page.url}parties/vendor/")
    page.get_by_role("button", name=re.compile("with the same name")).click()
    expect(page.locator("main")).to_contain_text("linked")


def await_exceptions(page: Page, tenant: str, count: int) -> None:
    """The page counts what needs someone, and nothing is on the way any more."""
    for _ in range(60):
        page.goto(f"{tenant}integrations/sync-status/")
        text = page.locator("main").inner_text()
        still = re.search(r"\d+ (queued|sending|retrying|unconfirmed|waiting)", text)
        if not still and re.search(rf"\b{count} needs? attention", text):
            return
        page.wait_for_timeout(500)
    pytest.fail(f"not {count} exceptions: {text}")


def reopen_the_books(page: Page, tenant: str, sandbox: Running, company: str) -> None:
    """The accountant opens the period; a refresh notices, and what waited for it goes by itself."""
    sandbox.control("PATCH", f"/companies/{company}", {"book_close_date": None})
    page.goto(f"{tenant}settings/integrations/")
    page.get_by_role("link", name="Open").first.click()
    page.get_by_role("button", name="Refresh lists").click()
    expect(page.locator("main")).to_contain_text("Open")


def shorten(page: Page, tenant: str, bill: MessyBill) -> None:
    """From the exception to its document, reopened, with a number QuickBooks takes, approved again."""
    open_exception(page, tenant, bill)
    page.get_by_role("link", name="Open in Rivet").click()
    page.get_by_role("button", name="Reopen to change").click()
    page.fill("[name=number]", bill.number[:12])
    page.get_by_role("button", name=re.compile("Save")).first.click()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("main")).to_contain_text("is approved")


def retry_one_without_mending_it(page: Page, tenant: str, bill: MessyBill) -> None:
    """The same sentence comes back, since the number is as long as before."""
    open_exception(page, tenant, bill)
    page.locator("#entry").get_by_role("button", name="Retry").click()
    open_exception(page, tenant, bill)
    expect(page.locator("#entry")).to_contain_text("characters")


def open_exception(page: Page, tenant: str, bill: MessyBill) -> None:
    page.goto(f"{tenant}?q={quote(bill.number)}")
    page.get_by_role("link", name=f"Bill {bill.number} ").first.click()
    expect(page.locator("#entry-title")).to_contain_text(bill.number)


def retry_all_changes_nothing_yet(page: Page, tenant: str, left: int) -> None:
    """Retrying without shortening the numbers brings the same exceptions back, and no call is made."""
    page.goto(tenant)
    page.locator("#retry-all").click()
    await_exceptions(page, tenant, left)


def disconnect_and_reconnect(page: Page, tenant: str) -> None:
    page.goto(f"{tenant}settings/integrations/")
    page.get_by_role("link", name="Open").first.click()
    page.get_by_role("link", name="Disconnect").click()
    page.get_by_role("button", name="Disconnect").click()
    expect(page.locator("main")).to_contain_text("Disconnected")
    page.get_by_role("button", name="Reconnect").first.click()
    page.click("#connect")
    expect(page.locator("main")).to_contain_text("Connected")


def post_a_bill_of_a_project_that_is_kept_in_xero(page: Page, tenant: str) -> None:
    fill_and_save(page, f"{tenant}documents/customers/new/", name="Harbor Point Builders")
    fill_and_save(
        page, f"{tenant}documents/projects/new/", number="J-9", name="Pier 9", customer="Harbor", books="Mechanical Pty"
    )
    dates = {"document_date": "2026-11-20", "due_date": "2026-12-20"}
    line = {"lines-0-description": "Slab", "lines-0-amount": "1000", "lines-0-retainage": "100"}
    fill_and_save(page, f"{tenant}documents/bills/new/", vendor="Ace", number="X-1", project="Pier 9", **dates, **line)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("main")).to_contain_text("is approved")


def fill_and_save(page: Page, address: str, **fields: str) -> None:
    """Fill a form as a person does: a choice by words it contains."""
    page.goto(address)
    for name, value in fields.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=field.locator("option", has_text=value).first.inner_text())
        else:
            field.fill(value)
    page.get_by_role("button", name=re.compile("Save")).first.click()
    expect(page).not_to_have_url(address)


def company_of(sandbox: Running, provider: str) -> str:
    """The company the consent page proposed first."""
    companies = sandbox.control("GET", "/companies")["companies"]
    return str(next(company["id"] for company in companies if company["provider"] == provider))


def balances(sandbox: Running, company: str) -> dict[str, Decimal]:
    return {code: amount for code, amount in sandbox.trial_balance(company).items() if amount}


def expected(bills: list[MessyBill]) -> dict[str, Decimal]:
    """From the file alone: cost to 5000, what is withheld to 2050, the rest owed on 2000."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for bill in bills:
        found["5000"] += bill.gross
        found["2050"] -= bill.retainage
        found["2000"] -= bill.gross - bill.retainage
    return {code: amount for code, amount in found.items() if amount}
