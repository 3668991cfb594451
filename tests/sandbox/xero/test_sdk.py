"""The vendor's own client library, as shipped but for a transport that does not repeat itself."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from xero_python.accounting import (
    Account,
    Allocation,
    Allocations,
    Contact,
    Contacts,
    CreditNote,
    CreditNotes,
    HistoryRecord,
    HistoryRecords,
    Invoice,
    Invoices,
    Item,
    Items,
    LineItem,
    ManualJournal,
    ManualJournalLine,
    ManualJournals,
    Payment,
    PaymentDelete,
    Payments,
    TrackingCategory,
    TrackingOption,
)
from xero_python.api_client.oauth2 import TokenApi
from xero_python.exceptions import AccountingBadRequestException, HTTPStatusException, NotFoundException

from tests.sandbox.xero.browser import CLIENT_ID, CLIENT_SECRET, tokens
from tests.sandbox.xero.sdk import Sdk


@pytest.fixture(scope="module")
def sdk(sandbox_url: str) -> Any:
    sdk = Sdk(sandbox_url)
    yield sdk
    sdk.close()


def an_invoice(number: str, **more: Any) -> Invoice:
    lines = [LineItem(description="Work", quantity=2, unit_amount=Decimal("10.50"), account_code="200")]
    return Invoice(
        type="ACCREC",
        invoice_number=number,
        contact=Contact(name="Harbor Point Builders"),
        date=date(2026, 10, 1),
        due_date=date(2026, 10, 31),
        line_items=lines,
        status="AUTHORISED",
        **more,
    )


def test_lists_are_read(sdk: Sdk) -> None:
    organisation = sdk.call("get_organisations").organisations[0]
    assert organisation.organisation_id == sdk.tenant and organisation.base_currency.value == "USD"
    assert sdk.call("get_organisation_actions").actions[0].status in ("ALLOWED", "NOT-ALLOWED")
    accounts = sdk.call("get_accounts", where='Status=="ACTIVE"', order="Code DESC").accounts
    assert {account.system_account for account in accounts} >= {"DEBTORS", "CREDITORS", "GST"}
    assert sdk.call("get_tax_rates").tax_rates and sdk.call("get_currencies").currencies
    assert sdk.call("get_branding_themes").branding_themes
    assert sdk.call("get_tracking_categories").tracking_categories[0].options


def test_connections_are_listed(sdk: Sdk) -> None:
    rows = sdk.identity.get_connections()
    assert sdk.tenant in {row.tenant_id for row in rows}


def test_contacts(sdk: Sdk) -> None:
    contacts = Contacts(contacts=[Contact(name="Dove Tile", email_address="a@dove.example")])
    made = sdk.call("create_contacts", contacts).contacts[0]
    found = sdk.call("get_contact", made.contact_id).contacts[0]
    assert found.name == "Dove Tile" and len(found.phones) == 4
    changed = Contacts(contacts=[Contact(contact_id=made.contact_id, account_number="77")])
    assert sdk.call("update_or_create_contacts", changed).contacts[0].account_number == "77"
    page = sdk.call("get_contacts", page=1, where='Name=="dove tile"')
    assert page.pagination.item_count == 1
    archived = Contacts(contacts=[Contact(contact_id=made.contact_id, contact_status="ARCHIVED")])
    assert sdk.call("update_contact", made.contact_id, archived).contacts[0].contact_status == "ARCHIVED"
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.call("update_or_create_contacts", archived)
    assert "archived contact" in refused.value.reason


def test_an_invoice_lives_and_dies(sdk: Sdk) -> None:
    made = sdk.call("create_invoices", Invoices(invoices=[an_invoice("S-1")]), summarize_errors=False).invoices[0]
    assert (made.total, made.status) == (Decimal(21), "AUTHORISED")
    account = sdk.call("get_accounts", where='Type=="BANK"').accounts[0]
    payment = Payment(
        invoice=Invoice(invoice_id=made.invoice_id),
        account=Account(account_id=account.account_id),
        amount=Decimal("21.00"),
        date=date(2026, 10, 2),
    )
    paid = sdk.call("create_payments", Payments(payments=[payment])).payments[0]
    assert sdk.call("get_invoice", made.invoice_id).invoices[0].status == "PAID"
    assert sdk.call("get_payments", page=1).payments
    sdk.call("delete_payment", paid.payment_id, PaymentDelete(status="DELETED"))
    void = Invoices(invoices=[Invoice(invoice_id=made.invoice_id, status="VOIDED")])
    assert sdk.call("update_invoice", made.invoice_id, void).invoices[0].status == "VOIDED"
    record = HistoryRecords(history_records=[HistoryRecord(details="Voided by Rivet")])
    sdk.call("create_invoice_history", made.invoice_id, record)
    assert sdk.call("get_invoice_history", made.invoice_id).history_records
    sdk.call("create_invoice_attachment_by_file_name", made.invoice_id, "a b.txt", b"hello")
    assert sdk.call("get_invoice_attachments", made.invoice_id).attachments[0].file_name == "a b.txt"


def test_credit_notes_and_allocations(sdk: Sdk) -> None:
    made = sdk.call("create_invoices", Invoices(invoices=[an_invoice("S-2")])).invoices[0]
    note = CreditNote(
        type="ACCRECCREDIT",
        contact=Contact(contact_id=made.contact.contact_id),
        date=date(2026, 10, 3),
        status="AUTHORISED",
        line_items=[LineItem(description="Retention", quantity=1, unit_amount=5, account_code="615")],
    )
    credit = sdk.call("create_credit_notes", CreditNotes(credit_notes=[note])).credit_notes[0]
    allocation = Allocation(amount=5, date=date(2026, 10, 3), invoice=Invoice(invoice_id=made.invoice_id))
    allocations = Allocations(allocations=[allocation])
    row = sdk.call("create_credit_note_allocation", credit.credit_note_id, allocations).allocations[0]
    assert sdk.call("get_invoice", made.invoice_id).invoices[0].amount_due == Decimal(16)
    sdk.call("delete_credit_note_allocations", credit.credit_note_id, row.allocation_id)
    assert sdk.call("get_credit_note", credit.credit_note_id).credit_notes[0].remaining_credit == Decimal(5)


def test_journals_items_and_tracking(sdk: Sdk) -> None:
    lines = [
        ManualJournalLine(line_amount=9, account_code="615"),
        ManualJournalLine(line_amount=-9, account_code="200"),
    ]
    journal = ManualJournal(narration="sdk", date=date(2026, 10, 1), journal_lines=lines, status="POSTED")
    made = sdk.call("create_manual_journals", ManualJournals(manual_journals=[journal])).manual_journals[0]
    found = sdk.call("get_manual_journals", where='Narration=="sdk"', page=1).manual_journals
    assert [row.manual_journal_id for row in found] == [made.manual_journal_id]
    item = sdk.call("create_items", Items(items=[Item(code="SDK", name="Sdk")])).items[0]
    assert sdk.call("get_item", "SDK").items[0].item_id == item.item_id
    sdk.call("delete_item", item.item_id)
    category = sdk.call("get_tracking_categories").tracking_categories[0]
    option = TrackingOption(name="Night shift")
    sdk.call("create_tracking_options", category.tracking_category_id, option)
    with pytest.raises(AccountingBadRequestException):
        sdk.call("create_tracking_category", TrackingCategory(name="Third"))


def test_refusals_arrive_as_the_library_knows_them(sdk: Sdk) -> None:
    sdk.call("create_invoices", Invoices(invoices=[an_invoice("S-3")]))
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.call("create_invoices", Invoices(invoices=[an_invoice("S-3")]))
    assert refused.value.reason == "Invoice # must be unique."
    with pytest.raises(NotFoundException):
        sdk.call("get_invoice", "11111111-1111-4111-8111-111111111111")


def test_raw_answers_and_keys(sdk: Sdk) -> None:
    body = Invoices(invoices=[an_invoice("S-4")])
    options = {"idempotency_key": "sdk-1", "_preload_content": False, "_return_http_data_only": True}
    first = sdk.call("create_invoices", body, **options)
    second = sdk.call("create_invoices", body, **options)
    assert json.loads(first.data) == json.loads(second.data)


def test_refresh_and_revoke(sdk: Sdk, sandbox_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TokenApi, "refresh_token_url", f"{sandbox_url}/xero/connect/token")
    monkeypatch.setattr(TokenApi, "revoke_token_url", f"{sandbox_url}/xero/connect/revocation")
    api = TokenApi(sdk.client, CLIENT_ID, CLIENT_SECRET)
    fresh = tokens(sandbox_url, [sdk.tenant])
    renewed = api.refresh_token(fresh["refresh_token"], fresh["scope"].split())
    assert renewed["access_token"] and renewed["refresh_token"] != fresh["refresh_token"]
    api.revoke_token(renewed["refresh_token"])
    with pytest.raises(HTTPStatusException) as refused:
        api.refresh_token(renewed["refresh_token"], fresh["scope"].split())
    assert refused.value.status == 400 and refused.value.body == b'{"error":"invalid_grant"}'
