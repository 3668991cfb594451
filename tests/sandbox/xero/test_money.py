"""Money without a bill or an invoice: bank transactions, prepayments, overpayments, payments in batches."""

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, invoice, line

BANK = {"Code": "090"}


@pytest.fixture
def client(sandbox: Running) -> Client:
    return client_of(sandbox.url, scopes="accounting.banktransactions")


def money(kind: str, amount: Any = "100.00", account: str = "429", **more: Any) -> dict[str, Any]:
    body = {"Type": kind, "Contact": {"Name": "Harbor Point"}, "BankAccount": BANK, "Date": "2026-10-01"}
    return {**body, "LineItems": [line(amount, account)], **more}


def test_money_spent_is_booked_changed_and_deleted(client: Client) -> None:
    made = client.one("PUT", "BankTransactions", money("SPEND"))
    assert (made["Total"], made["BankAccount"]["Code"], made["Status"]) == (100.0, "090", "AUTHORISED")
    assert client.balances() == {"090": Decimal(-100), "429": Decimal(100)}
    path = f"BankTransactions/{made['BankTransactionID']}"
    client.good("POST", path, {"LineItems": [line(70, "433")], "Reference": "Changed"})
    assert client.balances() == {"090": Decimal(-70), "433": Decimal(70)}
    where = {"where": 'Type=="SPEND" AND BankAccount.Code=="090"', "page": 1}
    assert client.one("GET", "BankTransactions", params=where)["Reference"] == "Changed"
    client.good("POST", path, {"Status": "DELETED"})
    assert client.balances() == {}
    refused = client.sentences("POST", path, {"Reference": "Again"})
    assert refused == ["Document not of valid status for modification"]


def test_money_received_is_reconciled_and_then_fixed(client: Client) -> None:
    made = client.one("PUT", "BankTransactions", money("RECEIVE", account="200", IsReconciled=True))
    assert client.balances() == {"090": Decimal(100), "200": Decimal(-100)}
    again = {"BankTransactionID": made["BankTransactionID"], "Status": "DELETED"}
    assert "has been reconciled" in client.sentences("POST", "BankTransactions", again)[0]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (money("SPEND", BankAccount={"Code": "200"}), "A valid bank account must be specified"),
        (money("SPEND", BankAccount={}), "A valid bank account must be specified"),
        (money("SPEND", LineItems=[]), "One or more line items must be specified"),
        (money("SPEND", account="610"), "Account code '610' is not a valid code for this document."),
        ({**money("SPEND"), "Type": None}, "Bank transaction Type must be specified"),
        (money("SPEND", Contact=None), "A Contact must be specified for this type of transaction"),
    ],
)
def test_bank_transactions_that_are_refused(client: Client, body: dict[str, Any], sentence: str) -> None:
    assert client.sentences("PUT", "BankTransactions", body) == [sentence]
    assert client.balances() == {}


@pytest.mark.parametrize(("kind", "plural"), [("PREPAYMENT", "Prepayments"), ("OVERPAYMENT", "Overpayments")])
def test_money_in_advance_is_set_off_and_refunded(client: Client, kind: str, plural: str) -> None:
    owed = client.one("PUT", "Invoices", invoice("A-1"))
    account = "200" if kind == "PREPAYMENT" else "610"
    made = client.one("PUT", "BankTransactions", money(f"RECEIVE-{kind}", "60.00", account))
    id = made[f"{plural[:-1]}ID"]
    assert client.balances() == {"090": Decimal(60), "610": Decimal(40), "200": Decimal(-100)}
    allocation = {"Amount": 25, "Date": "2026-10-02", "Invoice": {"InvoiceID": owed["InvoiceID"]}}
    row = client.one("PUT", f"{plural}/{id}/Allocations", {"Allocations": [allocation]})
    after = client.one("GET", f"Invoices/{owed['InvoiceID']}")
    assert (after["AmountDue"], after[plural][0]["AppliedAmount"]) == (75.0, 25.0)
    refused = client.sentences("POST", f"BankTransactions/{made['BankTransactionID']}", {"Status": "DELETED"})
    assert refused == ["This document cannot be edited as it has a payment or credit note allocated to it."]
    client.good("DELETE", f"{plural}/{id}/Allocations/{row['AllocationID']}")
    refund = {plural[:-1]: {f"{plural[:-1]}ID": id}, "Account": BANK, "Amount": 60, "Date": "2026-10-03"}
    paid = client.one("PUT", "Payments", refund)
    assert paid["PaymentType"] == f"AR{kind}PAYMENT"
    assert client.one("GET", f"{plural}/{id}")["Status"] == "PAID"
    assert client.balances() == {"610": Decimal(100), "200": Decimal(-100)}
    client.good("POST", f"Payments/{paid['PaymentID']}", {"Status": "DELETED"})
    client.good("POST", f"BankTransactions/{made['BankTransactionID']}", {"Status": "DELETED"})
    assert client.one("GET", plural, params={"page": 1})["Status"] == "VOIDED"
    assert client.call("PUT", plural, {"Type": f"RECEIVE-{kind}"}).status_code == 501


def test_several_bills_are_paid_at_once_or_not_at_all(client: Client) -> None:
    bills = [client.one("PUT", "Invoices", invoice(f"S-{n}", kind="ACCPAY"))["InvoiceID"] for n in (1, 2)]
    rows = [{"Invoice": {"InvoiceID": id}, "Amount": 40} for id in bills]
    body = {"Account": BANK, "Date": "2026-10-05", "Reference": "Run 7", "Payments": rows}
    too_much = {**body, "Payments": [rows[0], {**rows[1], "Amount": 101}]}
    sentence = "Payment amount exceeds the amount outstanding on this document"
    assert client.sentences("PUT", "BatchPayments", too_much) == [sentence]
    assert client.balances() == {"800": Decimal(-200), "320": Decimal(200)}
    made = client.one("PUT", "BatchPayments", body)
    assert (made["Type"], made["TotalAmount"], len(made["Payments"])) == ("PAYBATCH", 80.0, 2)
    assert client.balances() == {"800": Decimal(-120), "320": Decimal(200), "090": Decimal(-80)}
    payment = client.one("GET", f"Payments/{made['Payments'][0]['PaymentID']}")
    assert payment["BatchPayment"]["BatchPaymentID"] == made["BatchPaymentID"]
    refused = client.sentences("POST", f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    assert refused == ["Payment cannot be deleted as it is part of a batch payment"]
    client.good("POST", f"BatchPayments/{made['BatchPaymentID']}", {"Status": "DELETED"})
    assert client.balances() == {"800": Decimal(-200), "320": Decimal(200)}
    assert client.one("GET", "BatchPayments")["Status"] == "DELETED"


def test_a_batch_pays_bills_or_invoices_and_not_both(client: Client) -> None:
    made = [client.one("PUT", "Invoices", invoice(f"M-{kind}", kind=kind)) for kind in ("ACCREC", "ACCPAY")]
    rows = [{"Invoice": {"InvoiceID": one["InvoiceID"]}, "Amount": 1} for one in made]
    body = {"Account": BANK, "Date": "2026-10-05", "Payments": rows}
    assert client.sentences("PUT", "BatchPayments", body) == ["A batch payment must pay either bills or invoices"]
    empty = client.sentences("PUT", "BatchPayments", {**body, "Payments": []})
    assert empty == ["At least one payment must be specified"]


def test_a_contact_says_what_is_open(client: Client) -> None:
    owed: dict[str, Any] = {"Contact": {"Name": "Both ways"}, "Date": "2026-01-01"}
    late = client.one("PUT", "Invoices", invoice(None, **owed, DueDate="2026-01-31", LineItems=[line(100)]))
    client.one("PUT", "Invoices", invoice(None, **owed, DueDate="2999-01-31", LineItems=[line(40)]))
    client.one(
        "PUT", "Invoices", invoice("B-1", kind="ACCPAY", **owed, DueDate="2999-01-31", LineItems=[line(7, "400")])
    )
    note = {"Type": "ACCRECCREDIT", "Status": "AUTHORISED", "LineItems": [line(5)], **owed}
    client.one("PUT", "CreditNotes", note)
    id = late["Contact"]["ContactID"]
    expected = {
        "AccountsReceivable": {"Outstanding": 135.0, "Overdue": 100.0},
        "AccountsPayable": {"Outstanding": 7.0, "Overdue": 0.0},
    }
    assert client.one("GET", f"Contacts/{id}")["Balances"] == expected
    assert client.one("GET", "Contacts", params={"IDs": id, "page": 1})["Balances"] == expected
    assert "Balances" not in client.one("GET", "Contacts", params={"IDs": id})
    stranger = client.one("PUT", "Contacts", {"Name": "Never traded"})
    assert "Balances" not in client.one("GET", f"Contacts/{stranger['ContactID']}")
