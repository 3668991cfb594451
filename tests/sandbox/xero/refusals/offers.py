"""What quotes, transfers between bank accounts and billable expenses are refused for."""

from typing import Any

from tests.sandbox.xero.browser import line
from tests.sandbox.xero.refusals.ground import NOBODY, Case

SAVINGS = {"AccountID": "@savings"}


def quote(**more: Any) -> dict[str, Any]:
    return {"Contact": {"Name": "Summit"}, "Date": "2026-10-01", "LineItems": [line()], **more}


def transfer(**more: Any) -> dict[str, Any]:
    ends = {"FromBankAccount": {"Code": "090"}, "ToBankAccount": SAVINGS}
    return {**ends, "Amount": 5, "Date": "2026-10-01", **more}


RECONCILED = "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement."
DELETED: dict[str, Any] = {"Status": "DELETED"}

LINK = "LinkedTransactions"
NO_SOURCE = "The SourceLineItemID and SourceTransactionID do not match"
NO_TARGET = "The TargetLineItemID and TargetTransactionID do not match"


def link(**more: Any) -> dict[str, Any]:
    return {"SourceTransactionID": "@bill", "SourceLineItemID": "@bill-line", **more}


OFFERS: list[Case] = [
    ("PUT", LINK, link(SourceLineItemID=NOBODY), NO_SOURCE),
    ("PUT", LINK, {"SourceLineItemID": "@bill-line"}, NO_SOURCE),
    ("PUT", LINK, link(SourceTransactionID="@draft"), NO_SOURCE),
    ("PUT", LINK, link(ContactID=NOBODY), "The contact could not be found"),
    ("PUT", LINK, link(TargetTransactionID="@bill"), NO_TARGET),
    ("PUT", LINK, link(TargetTransactionID="@draft", TargetLineItemID=NOBODY), NO_TARGET),
    (
        "POST",
        f"{LINK}/@link",
        {"TargetTransactionID": "@draft", "ContactID": "@archived"},
        "The ContactID and the TargetTransaction ContactID do not match",
    ),
    ("POST", LINK, {"LinkedTransactionID": NOBODY}, "Linked transaction could not be found"),
    ("POST", "Quotes", quote(QuoteID=NOBODY), "Quote could not be found"),
    ("PUT", "Quotes", quote(QuoteNumber="QUOTE"), "Quote number must be unique"),
    ("PUT", "Quotes", quote(Date=None), "Date must be specified"),
    ("PUT", "Quotes", quote(LineItems=[]), "One or more line items must be specified"),
    (
        "POST",
        "Quotes/@quote",
        quote(Status="DECLINED"),
        "A quote with the status DRAFT cannot be given the status DECLINED",
    ),
    ("PUT", "BankTransfers", transfer(Amount=-5), "The amount of a transfer must be greater than 0"),
    (
        "PUT",
        "BankTransfers",
        transfer(ToBankAccount={"Code": "090"}),
        "The bank accounts of a transfer must be different",
    ),
    ("PUT", "BankTransfers", transfer(FromBankAccount={"Code": "200"}), "A valid bank account must be specified"),
    (
        "PUT",
        "BankTransfers",
        transfer(Date="2026-01-15"),
        "The document date cannot be before the period lock date, currently set at 31 January 2026",
    ),
    ("POST", "BankTransfers", {"BankTransferID": NOBODY, **DELETED}, "Bank transfer could not be found"),
    ("POST", "BankTransfers/@transfer", {"Reference": "x"}, "Bank transfers cannot be updated, only deleted"),
    ("POST", "BankTransfers/@matched", DELETED, RECONCILED),
    (
        "POST",
        "BankTransactions/@transferred",
        {"Reference": "x"},
        "This Bank Transaction is part of a transfer and cannot be edited",
    ),
]
