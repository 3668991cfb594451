"""Every operation of xero-python whose resource the sandbox serves, called and parsed by the library itself."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from xero_python import accounting as xero
from xero_python.accounting import AccountingApi
from xero_python.exceptions import AccountingBadRequestException, NotFoundException

from tests.sandbox.xero.sdk import Sdk
from tests.sandbox.xero.sdk_ground import Ground
from tests.sandbox.xero.sdk_operations import ABSENT, EMPTY, NO_CALLS, OPERATIONS


@pytest.fixture(scope="module")
def ground(sandbox_url: str) -> Any:
    ground = Ground(sandbox_url)
    yield ground
    ground.close()


def test_no_operation_is_forgotten() -> None:
    every = {
        name for name in vars(AccountingApi) if not name.startswith("_") and callable(getattr(AccountingApi, name))
    }
    absent = {name for name in every if ABSENT.search(name)} - EMPTY
    assert every - absent - NO_CALLS == set(OPERATIONS)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_operation(ground: Ground, name: str) -> None:
    OPERATIONS[name](ground)


def test_the_books_balance_after_all_of_it(ground: Ground) -> None:
    rows = ground.call("get_report_trial_balance").reports[0].rows
    total = next(row for row in reversed(rows) if row.cells or row.rows)
    debits, credits_ = (total.cells or total.rows[-1].cells)[3:]
    assert debits.value == credits_.value != "0.00"


QUERIES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "text": ({"where": 'InvoiceNumber=="Q 1"'}, {"Q 1"}),
    "number": ({"where": "Total>=500"}, {"Q 5", "Q 6"}),
    "date": ({"where": "Date>=DateTime(2026,10,6)"}, {"Q 6"}),
    "guid": ({"where": 'Contact.ContactID==guid("{contact}")'}, {f"Q {number}" for number in range(1, 7)}),
    "contains": ({"where": 'InvoiceNumber.Contains("q 4")'}, {"Q 4"}),
    "both": ({"where": 'Type=="ACCREC" AND (InvoiceNumber=="Q 2" OR InvoiceNumber=="Q 3")'}, {"Q 2", "Q 3"}),
    "numbers": ({"invoice_numbers": ["Q 1", "Q 6"]}, {"Q 1", "Q 6"}),
    "statuses": ({"statuses": ["DRAFT"]}, {"Q 6"}),
    "term": ({"search_term": "q 3", "page": 1}, {"Q 3"}),
    "page": ({"order": "Total DESC", "page": 2, "page_size": 2}, {"Q 3", "Q 4"}),
}


@pytest.fixture(scope="module")
def shelf(sandbox_url: str) -> Any:
    """Six invoices to be found again, the last of them a draft."""
    shelf = Ground(sandbox_url)
    for old in shelf.call("get_invoices").invoices:
        shelf.call("update_invoice", old.invoice_id, xero.Invoices(invoices=[xero.Invoice(reference="old")]))
    other = shelf.call("create_contacts", xero.Contacts(contacts=[shelf.contact()])).contacts[0].contact_id
    shelf.ids["contact"] = other
    for number in range(1, 7):
        status = "DRAFT" if number == 6 else "AUTHORISED"
        lines = [xero.LineItem(description="Work", quantity=number, unit_amount=100, account_code="200")]
        shelf.an_invoice(invoice_number=f"Q {number}", date=date(2026, 10, number), line_items=lines, status=status)
    yield shelf
    shelf.close()


@pytest.mark.parametrize("name", QUERIES)
def test_queries(shelf: Ground, name: str) -> None:
    options, wanted = QUERIES[name]
    if "where" in options:
        options = {**options, "where": options["where"].replace("{contact}", shelf.ids["contact"])}
    found = shelf.call("get_invoices", **options).invoices
    assert {invoice.invoice_number for invoice in found} == wanted


def test_lines_come_with_a_page_only(shelf: Ground) -> None:
    options = {"where": 'InvoiceNumber=="Q 1"'}
    bare, paged = shelf.call("get_invoices", **options), shelf.call("get_invoices", page=1, **options)
    assert not bare.invoices[0].line_items and bare.pagination is None
    assert paged.invoices[0].line_items[0].quantity == 1
    assert (paged.pagination.page, paged.pagination.page_size, paged.pagination.item_count) == (1, 100, 1)


def test_only_what_changed_since(shelf: Ground) -> None:
    shelf.call("create_contacts", xero.Contacts(contacts=[shelf.contact(name="Newest")]))
    now = datetime.now(UTC)
    for since, found in ((now - timedelta(minutes=5), True), (now + timedelta(minutes=5), False)):
        rows = shelf.call("get_contacts", if_modified_since=since).contacts
        assert ("Newest" in {row.name for row in rows}) is found


@pytest.mark.parametrize("summarize", [True, False])
def test_a_batch_with_one_bad_element(shelf: Ground, summarize: bool) -> None:
    number = f"B {summarize}"
    rows = [shelf.invoice(invoice_number=number), shelf.invoice(invoice_number="Q 1")]
    body = xero.Invoices(invoices=rows)
    if summarize:
        with pytest.raises(AccountingBadRequestException) as refused:
            shelf.call("create_invoices", body, summarize_errors=True)
        assert refused.value.reason == "Invoice # must be unique."
    else:
        good, bad = shelf.call("create_invoices", body, summarize_errors=False).invoices
        assert (good.status_attribute_string, bad.status_attribute_string) == ("OK", "ERROR")
        assert bad.has_errors and bad.validation_errors[0].message == "Invoice # must be unique."
    saved = shelf.call("get_invoices", invoice_numbers=[number]).invoices
    assert bool(saved) is not summarize


def test_a_connection_is_deleted(sandbox_url: str) -> None:
    sdk = Sdk(sandbox_url)
    row = next(row for row in sdk.identity.get_connections() if row.tenant_id == sdk.tenant)
    sdk.identity.delete_connection(row.id)
    assert sdk.tenant not in {row.tenant_id for row in sdk.identity.get_connections()}
    with pytest.raises(NotFoundException):
        sdk.identity.delete_connection(row.id)
    sdk.close()
