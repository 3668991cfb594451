"""python-quickbooks, as shipped, on a plain session."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from quickbooks.batch import batch_create, batch_delete
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import QuickbooksException, ValidationException
from quickbooks.objects.account import Account
from quickbooks.objects.base import LinkedTxn, Ref
from quickbooks.objects.bill import Bill
from quickbooks.objects.company_info import CompanyInfo
from quickbooks.objects.customer import Customer
from quickbooks.objects.detailline import (
    AccountBasedExpenseLine,
    AccountBasedExpenseLineDetail,
    SalesItemLine,
    SalesItemLineDetail,
)
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.item import Item
from quickbooks.objects.journalentry import JournalEntry, JournalEntryLine, JournalEntryLineDetail
from quickbooks.objects.payment import Payment, PaymentLine
from quickbooks.objects.preferences import Preferences
from quickbooks.objects.trackingclass import Class
from quickbooks.objects.vendor import Vendor

from tests.sandbox.quickbooks.books import Books
from tests.sandbox.quickbooks.sdk import sdk_of
from tests.sandbox.running import Running


@pytest.fixture
def books(sandbox: Running) -> Books:
    return Books(sandbox)


@pytest.fixture
def sdk(books: Books) -> Iterator[Any]:
    with sdk_of(books) as client:
        yield client


def _ref(value: Any) -> Any:
    ref = Ref()
    ref.value = value
    return ref


def _invoice(sdk: Any, amount: Decimal = Decimal("100.10")) -> Any:
    detail = SalesItemLineDetail()
    detail.ItemRef = _ref(Item.filter(Name="Progress Billing", qb=sdk)[0].Id)
    line = SalesItemLine()
    line.Amount, line.SalesItemLineDetail = amount, detail
    invoice = Invoice()
    invoice.CustomerRef = _ref(Customer.filter(DisplayName="Harbor Point Builders", qb=sdk)[0].Id)
    invoice.Line.append(line)
    return invoice


def test_company_and_preferences(sdk: Any, books: Books) -> None:
    assert CompanyInfo.get(books.company, qb=sdk).Country == "US"
    assert Preferences.get(qb=sdk).SalesFormsPrefs.CustomTxnNumbers is True


def test_an_invoice_from_birth_to_void(sdk: Any, books: Books) -> None:
    invoice = _invoice(sdk)
    invoice.DocNumber = "SDK-1"
    invoice.save(qb=sdk, request_id="sdk-1")
    found = Invoice.get(invoice.Id, qb=sdk)
    assert (found.DocNumber, found.TotalAmt) == ("SDK-1", 100.1)
    found.PrivateNote = "seen"
    found.save(qb=sdk)
    again = Invoice.get(invoice.Id, qb=sdk)
    assert (again.PrivateNote, again.SyncToken) == ("seen", "1")
    again.void(qb=sdk)
    assert Invoice.get(invoice.Id, qb=sdk).TotalAmt == 0
    assert books.balance("1100") == "0.00"


def test_a_bill_is_created_and_deleted(sdk: Any, books: Books) -> None:
    detail = AccountBasedExpenseLineDetail()
    detail.AccountRef = _ref(books.id("Account", "5000"))
    line = AccountBasedExpenseLine()
    line.Amount, line.AccountBasedExpenseLineDetail = Decimal("55.55"), detail
    bill = Bill()
    bill.VendorRef = _ref(books.id("Vendor", "Blue Ridge Drywall"))
    bill.Line.append(line)
    bill.save(qb=sdk)
    assert books.balance("5000") == "55.55"
    Bill.get(bill.Id, qb=sdk).delete(qb=sdk)
    assert books.balance("5000") == "0.00"


def test_a_journal_and_a_payment(sdk: Any, books: Books) -> None:
    journal = JournalEntry()
    for side, account in (("Debit", "1150"), ("Credit", "4000")):
        line = JournalEntryLine()
        line.Amount, line.JournalEntryLineDetail = Decimal(10), JournalEntryLineDetail()
        line.JournalEntryLineDetail.PostingType = side
        line.JournalEntryLineDetail.AccountRef = _ref(books.id("Account", account))
        journal.Line.append(line)
    journal.save(qb=sdk)
    invoice = _invoice(sdk)
    invoice.save(qb=sdk)
    link = LinkedTxn()
    link.TxnId, link.TxnType = invoice.Id, "Invoice"
    line = PaymentLine()
    line.Amount = Decimal("100.10")
    line.LinkedTxn.append(link)
    payment = Payment()
    payment.CustomerRef, payment.TotalAmt = invoice.CustomerRef, Decimal("100.10")
    payment.Line.append(line)
    payment.save(qb=sdk)
    assert Invoice.get(invoice.Id, qb=sdk).Balance == 0
    assert books.balance("1150") == "10.00"


def test_lists_are_created_updated_and_paged(sdk: Any) -> None:
    vendor = Vendor()
    vendor.DisplayName = "SDK Vendor"
    vendor.save(qb=sdk)
    kind = Class()
    kind.Name = "SDK Class"
    kind.save(qb=sdk)
    account = Account()
    account.Name, account.AccountSubType = "SDK Retainage", "Retainage"
    account.save(qb=sdk)
    assert Account.get(account.Id, qb=sdk).AccountType == "Other Current Asset"
    assert len(Account.all(max_results=5, start_position="6", qb=sdk)) == 5
    assert Vendor.count("DisplayName like 'SDK%'", qb=sdk) == 1
    assert Vendor.where("Active = True", order_by="DisplayName", qb=sdk)


def test_a_duplicate_name_raises_6240(sdk: Any) -> None:
    vendor = Vendor()
    vendor.DisplayName = "Harbor Point Builders"
    with pytest.raises(QuickbooksException) as caught:
        vendor.save(qb=sdk)
    assert caught.value.error_code == 6240


def test_a_missing_line_raises_a_validation_error(sdk: Any) -> None:
    invoice = _invoice(sdk)
    invoice.Line = []
    with pytest.raises(ValidationException) as caught:
        invoice.save(qb=sdk)
    assert caught.value.error_code == 2020


def test_batches_and_changes(sdk: Any) -> None:
    invoices = [_invoice(sdk, Decimal(number)) for number in range(1, 35)]
    results = batch_create(invoices, qb=sdk)
    assert len(results.successes) == 34
    assert not results.faults
    changed = change_data_capture([Invoice], "2026-11-01", qb=sdk)
    assert len(changed.Invoice) == 34
    assert len(batch_delete(results.successes[:2], qb=sdk).successes) == 2
