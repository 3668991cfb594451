"""Receipts, purchases, deposits, transfers, and the papers that post nothing."""

import pytest

from tests.sandbox.quickbooks.books import (
    Books,
    a_bill,
    a_deposit,
    a_payment,
    a_purchase,
    a_receipt,
    a_timesheet,
    an_invoice,
)
from tests.sandbox.running import Running


@pytest.fixture
def books(sandbox: Running) -> Books:
    return Books(sandbox)


def test_a_sales_receipt_waits_in_undeposited_funds(books: Books) -> None:
    receipt = books.post("salesreceipt", a_receipt(books, 80))
    assert (receipt["TotalAmt"], receipt["Balance"]) == (80, 0)
    assert [books.balance(code) for code in ("1100", "1200", "4000")] == ["0.00", "80.00", "-80.00"]
    gone = {"Id": receipt["Id"], "SyncToken": "0", "sparse": True}
    voided = books.post("salesreceipt?operation=update&include=void", gone)
    assert (voided["TotalAmt"], voided["PrivateNote"]) == (0, "Voided")
    assert books.balance("1200") == "0.00"


def test_a_refund_leaves_the_bank(books: Books) -> None:
    bank = {"value": books.id("Account", "1000")}
    books.post("refundreceipt", a_receipt(books, 30, DepositToAccountRef=bank))
    assert [books.balance(code) for code in ("1000", "4000")] == ["-30.00", "30.00"]


def test_a_deposit_takes_payments_and_receipts_to_the_bank(books: Books) -> None:
    payment = books.post("payment", a_payment(books, 100))
    receipt = books.post("salesreceipt", a_receipt(books, 80))
    deposit = books.post("deposit", a_deposit(books, ("Payment", payment["Id"]), ("SalesReceipt", receipt["Id"])))
    assert deposit["TotalAmt"] == 180
    assert [books.balance(code) for code in ("1000", "1200")] == ["180.00", "0.00"]
    frozen = books.get(f"payment/{payment['Id']}")
    assert (frozen["SyncToken"], frozen["LinkedTxn"]) == ("1", [{"TxnId": deposit["Id"], "TxnType": "Deposit"}])
    books.post("deposit?operation=delete", {"Id": deposit["Id"], "SyncToken": "0"})
    assert books.get(f"payment/{payment['Id']}")["LinkedTxn"] == []
    assert [books.balance(code) for code in ("1000", "1200")] == ["0.00", "180.00"]


def test_a_deposit_can_let_a_payment_go(books: Books) -> None:
    first, second = (books.post("payment", a_payment(books, amount))["Id"] for amount in (10, 20))
    deposit = books.post("deposit", a_deposit(books, ("Payment", first), ("Payment", second)))
    change = {**a_deposit(books, ("Payment", first)), "Id": deposit["Id"], "SyncToken": "0"}
    assert books.post("deposit", change)["TotalAmt"] == 10
    assert books.get(f"payment/{second}")["LinkedTxn"] == []
    assert books.get(f"payment/{first}")["SyncToken"] == "1"


def test_a_deposit_of_other_money_with_cash_back(books: Books) -> None:
    customer = {"value": books.id("Customer", "Harbor Point Builders"), "type": "CUSTOMER"}
    detail = {"AccountRef": {"value": books.id("Account", "3000")}, "Entity": customer}
    line = {"Amount": 500, "DetailType": "DepositLineDetail", "DepositLineDetail": detail}
    back = {"AccountRef": {"value": books.id("Account", "1300")}, "Amount": 50}
    assert books.post("deposit", a_deposit(books, Line=[line], CashBack=back))["TotalAmt"] == 450
    assert [books.balance(code) for code in ("1000", "1300", "3000")] == ["450.00", "50.00", "-500.00"]


def test_purchases_of_every_kind(books: Books) -> None:
    vendor = {"value": books.id("Vendor", "Blue Ridge Drywall"), "type": "Vendor"}
    books.post("purchase", a_purchase(books, 60, PaymentType="Check", EntityRef=vendor))
    card = {"AccountRef": {"value": books.id("Account", "2100")}, "PaymentType": "CreditCard"}
    saved = books.post("purchase", a_purchase(books, 40, **card))
    books.post("purchase", a_purchase(books, 15, Credit=True, **card))
    assert [books.balance(code) for code in ("1000", "2100", "5000")] == ["-60.00", "-25.00", "85.00"]
    books.post("purchase?operation=delete", {"Id": saved["Id"], "SyncToken": "0"})
    assert books.balance("2100") == "15.00"


def test_a_transfer_moves_money(books: Books) -> None:
    ends = {
        "FromAccountRef": {"value": books.id("Account", "1000")},
        "ToAccountRef": {"value": books.id("Account", "1300")},
    }
    books.post("transfer", {**ends, "Amount": "12.50", "TxnDate": "2026-11-04"})
    assert [books.balance(code) for code in ("1000", "1300")] == ["-12.50", "12.50"]


def test_papers_post_nothing(books: Books) -> None:
    estimate = books.post("estimate", an_invoice(books, 900))
    order = books.post("purchaseorder", a_bill(books, 300))
    sheet = books.post("timeactivity", a_timesheet(books))
    assert (estimate["TxnStatus"], estimate["TotalAmt"]) == ("Pending", 900)
    assert (order["POStatus"], order["TotalAmt"]) == ("Open", 300)
    assert (sheet["Hours"], sheet["BillableStatus"]) == (2, "NotBillable")
    assert set(sandbox_balances(books)) == {"0.00"}


def sandbox_balances(books: Books) -> list[str]:
    return [str(balance) for balance in books.sandbox.trial_balance(books.company).values()]


def test_an_opening_balance_is_booked(books: Books) -> None:
    opening = {"OpeningBalance": 250, "OpeningBalanceDate": "2026-01-01"}
    books.post("account", {"Name": "Savings", "AccountType": "Bank", "AcctNum": "1010", **opening})
    assert [books.balance(code) for code in ("1010", "3000")] == ["250.00", "-250.00"]
