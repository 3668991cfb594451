"""What payments, credits, bank transactions and journals are refused for."""

from typing import Any

from tests.sandbox.xero.browser import invoice
from tests.sandbox.xero.refusals.ground import BANK, NOBODY, Case, money, payment
from tests.sandbox.xero.test_documents import journal


def allocation(number: str, amount: float | str) -> dict[str, Any]:
    return {"Allocations": [{"Amount": amount, "Invoice": {"InvoiceNumber": number}, "Date": "2026-10-02"}]}


def entry(code: str, amount: float, **more: Any) -> dict[str, Any]:
    return {"LineAmount": amount, "AccountCode": code, **more}


def credit(**more: Any) -> dict[str, Any]:
    return invoice(None, **{"kind": "ACCRECCREDIT", **more})


LOCKED = "The document date cannot be before the period lock date, currently set at 31 January 2026"
BOTH = ("bill", "taken")
NOT_FOR_DOCUMENT = "Account code '%s' is not a valid code for this document."

MONEY: list[Case] = [
    (
        "PUT",
        "ManualJournals",
        journal(debit="310", Date="2025-12-31"),
        "The document date cannot be before the end of year lock date, currently set at 31 December 2025",
    ),
    (
        "PUT",
        "Payments",
        payment("TAKEN", Date="2026-01-01"),
        "Organisation accounts are locked on the specified payment date",
    ),
    ("PUT", "Payments", payment("DRAFT"), "Payments can only be made against Authorised documents"),
    (
        "PUT",
        "Payments",
        payment("TAKEN", Amount=10**6),
        "Payment amount exceeds the amount outstanding on this document",
    ),
    ("PUT", "Payments", payment("PAID"), "Payment amount exceeds the amount outstanding on this document"),
    (
        "PUT",
        "Payments",
        payment("TAKEN", Account={"Code": "200"}),
        "Account type is invalid for making a payment to/from",
    ),
    ("PUT", "Payments", payment("TAKEN", Account={"Code": "nil"}), "Account could not be found."),
    (
        "PUT",
        "CreditNotes/CN-A/Allocations",
        allocation("DRAFT", 1),
        "Only AUTHORISED invoices can have allocations applied to them",
    ),
    (
        "PUT",
        "CreditNotes/CN-A/Allocations",
        allocation("TAKEN", 10**6),
        "The credit note amount is greater than the amount outstanding",
    ),
    (
        "POST",
        "CreditNotes",
        {"CreditNoteID": NOBODY},
        "An existing Credit Note with the specified CreditNoteID could not be found",
    ),
    (
        "PUT",
        "ManualJournals",
        journal(JournalLines=[entry("200", 100), entry("310", -10)]),
        "The total debits (100.00) must equal total credits (-10.00)",
    ),
    ("PUT", "ManualJournals", journal(debit="310", Narration=" "), "Narration must be specified"),
    ("PUT", "ManualJournals", journal(JournalLines=[entry("200", 0)]), "At least two journal lines must be specified"),
    ("PUT", "ManualJournals", journal(debit="310", Date="2026-01-31"), LOCKED),
    ("POST", "ManualJournals", {"ManualJournalID": NOBODY, "Narration": "x"}, "Manual journal could not be found"),
    ("PUT", "ManualJournals", journal(debit="310", Status="VOIDED"), "Document not of valid status for creation"),
    ("POST", "ManualJournals/@gone-journal", {"Status": "POSTED"}, "Document not of valid status for modification"),
    *(
        ("PUT", "ManualJournals", journal(debit=code), NOT_FOR_DOCUMENT % code)
        for code in ("610", "800", "090", "960", "877")
    ),
    (
        "PUT",
        "ManualJournals",
        journal(debit="310", LineAmountTypes="Exclusive", JournalLines=[entry("310", 0, TaxType="NONSENSE")] * 2),
        "The TaxType code 'NONSENSE' does not exist or cannot be used with this type of transaction",
    ),
    ("PUT", "Payments", payment("NOBODY"), "Invoice could not be found"),
    ("PUT", "Payments", payment("TAKEN", Amount=0), "Payment amount must be greater than 0"),
    ("PUT", "Payments", payment("VOID"), "Invoice could not be found"),
    (
        "PUT",
        "Payments",
        {**payment("x"), "Invoice": {"InvoiceID": "@void"}},
        "Payments can only be made against Authorised documents",
    ),
    ("POST", "Payments/@payment", {"Amount": 7}, "Payments cannot be updated, only deleted"),
    ("POST", "Payments/@reconciled", {"Status": "DELETED"}, "Payment cannot be deleted as it has been reconciled"),
    (
        "POST",
        "Payments/@batched",
        {"Status": "DELETED"},
        "Payment cannot be deleted as it is part of a batch payment",
    ),
    ("PUT", "CreditNotes/@note/Allocations", allocation("NOBODY", 1), "Invoice could not be found"),
    ("PUT", "CreditNotes/@note/Allocations", allocation("TAKEN", 0), "Payment amount must be greater than 0"),
    (
        "PUT",
        "CreditNotes/@note/Allocations",
        allocation("HALF", "90.01"),
        "Payment amount exceeds the amount outstanding on this document",
    ),
    (
        "PUT",
        "CreditNotes/@gone-note/Allocations",
        allocation("TAKEN", 1),
        "Only AUTHORISED invoices can have allocations applied to them",
    ),
    ("PUT", "CreditNotes", credit(CreditNoteNumber="CN-A"), "Credit note # must be unique."),
    ("PUT", "CreditNotes", credit(kind="ACCREC"), "Credit Note Type must be specified"),
    ("PUT", "CreditNotes", credit(status="PAID"), "Document not of valid status for creation"),
    ("POST", "CreditNotes/@gone-note", {"Reference": "x"}, "Document not of valid status for modification"),
    (
        "PUT",
        "CreditNotes",
        credit(LineItems=[{"Description": "x", "UnitAmount": 9, "AccountCode": "200", "DiscountRate": 5}]),
        "Discounts are only supported on accounts receivable invoices",
    ),
    ("PUT", "BankTransactions", money(BankAccount={"Code": "200"}), "A valid bank account must be specified"),
    ("PUT", "BankTransactions", {**money(), "Type": None}, "Bank transaction Type must be specified"),
    (
        "POST",
        "BankTransactions",
        money(BankTransactionID=NOBODY),
        "Bank transaction could not be found",
    ),
    (
        "POST",
        "BankTransactions/@cleared",
        {"Reference": "x"},
        "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement.",
    ),
    ("PUT", "BatchPayments", {"Account": BANK, "Payments": []}, "At least one payment must be specified"),
    (
        "PUT",
        "BatchPayments",
        {"Account": BANK, "Payments": [{"Invoice": {"InvoiceID": f"@{name}"}, "Amount": 1} for name in BOTH]},
        "A batch payment must pay either bills or invoices",
    ),
    ("POST", "BatchPayments", {"BatchPaymentID": NOBODY, "Status": "DELETED"}, "Batch payment could not be found"),
    ("POST", "BatchPayments/@batch", {"Reference": "x"}, "Batch payments cannot be updated, only deleted"),
]
