"""Organisations with something of everything that can be in the way, and the bodies that run into it.

In a case's path and body `@name` stands for the id of what the ground holds under that name.
"""

import json
from typing import Any

from tests.sandbox.xero.browser import Client, client_of, configure, invoice, line
from tests.sandbox.xero.test_documents import journal

type Case = tuple[str, str, dict[str, Any], str]
"""Method, path, body, and the sentence of the answer; several sentences are parted by a line's end."""

NOBODY = "11111111-1111-4111-8111-111111111111"
BANK = {"Code": "090"}


class Ground:
    """A client and the ids of what it laid out."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.ids: dict[str, str] = {}

    def keep(self, name: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Create something and remember its id under a name."""
        made: dict[str, Any] = self.client.one("PUT", path, body)
        self.ids[name] = next(value for key, value in made.items() if key.startswith(path[:4]) and key.endswith("ID"))
        return made

    def change(self, name: str, path: str, body: dict[str, Any]) -> None:
        self.client.good("POST", f"{path}/{self.ids[name]}", body)

    def filled(self, path: str, body: dict[str, Any]) -> tuple[str, Any]:
        text = json.dumps([path, body], default=str)
        for name in sorted(self.ids, key=len, reverse=True):
            text = text.replace(f"@{name}", self.ids[name])
        found = json.loads(text)
        return found[0], found[1]


def payment(number: str, **more: Any) -> dict[str, Any]:
    return {"Invoice": {"InvoiceNumber": number}, "Account": BANK, "Amount": 5, "Date": "2026-10-02", **more}


def money(**more: Any) -> dict[str, Any]:
    line = {"Description": "Fuel", "UnitAmount": 9, "AccountCode": "449"}
    body = {"Type": "SPEND", "Contact": {"Name": "Harbor Point"}, "BankAccount": BANK, "Date": "2026-10-01"}
    return {**body, "LineItems": [line], **more}


def messy(url: str) -> Ground:
    """Years of neglect, then one of everything."""
    ground = Ground(client_of(url, "messy", scopes="accounting.banktransactions"))
    configure(url, ground.client.tenant, currencies=["EUR"])
    _contacts(ground)
    _invoices(ground)
    _money(ground)
    _offers(ground)
    locks = {"period_lock_date": "2026-01-31", "end_of_year_lock_date": "2025-12-31"}
    configure(url, ground.client.tenant, **locks)
    return ground


def _contacts(ground: Ground) -> None:
    ground.keep("taken", "Contacts", {"Name": "Taken", "ContactNumber": "C-1", "AccountNumber": "A-1"})
    ground.keep("archived", "Contacts", {"Name": "Archived", "ContactNumber": "C-9"})
    ground.change("archived", "Contacts", {"ContactStatus": "ARCHIVED"})
    ground.keep("item", "Items", {"Code": "WALL", "Name": "Wall"})
    ground.keep("group", "ContactGroups", {"Name": "Crews"})
    rows = ground.client.good("GET", "Accounts")["Accounts"]
    ground.ids |= {f"account-{row['Code']}": row["AccountID"] for row in rows}
    categories = ground.client.good("GET", "TrackingCategories")["TrackingCategories"]
    ground.ids |= {row["Name"].lower(): row["TrackingCategoryID"] for row in categories}
    ground.ids |= {row["Name"].lower(): row["TrackingOptionID"] for one in categories for row in one["Options"]}


def _invoices(ground: Ground) -> None:
    for number in ("TAKEN", "PAID", "HALF", "VOID"):
        ground.keep(number.lower(), "Invoices", invoice(number))
    ground.keep("draft", "Invoices", invoice("DRAFT", status="DRAFT"))
    ground.change("void", "Invoices", {"Status": "VOIDED"})
    tracked = line(Tracking=[{"Name": "Department", "Option": "Commercial"}])
    ground.keep("tracked", "Invoices", invoice("TRACKED", LineItems=[tracked]))
    ground.keep("bill", "Invoices", invoice("BILL", kind="ACCPAY"))
    ground.keep("note", "CreditNotes", invoice(None, kind="ACCRECCREDIT", CreditNoteNumber="CN-A"))
    ground.keep("gone-note", "CreditNotes", invoice(None, kind="ACCRECCREDIT"))
    ground.change("gone-note", "CreditNotes", {"Status": "VOIDED"})
    order = {"Contact": {"Name": "Summit"}, "LineItems": [{"Description": "Bolts", "UnitAmount": 2}]}
    for name in ("order", "gone-order"):
        ground.keep(name, "PurchaseOrders", {**order, "PurchaseOrderNumber": name.upper()})
    ground.change("gone-order", "PurchaseOrders", {"Status": "DELETED"})


def _money(ground: Ground) -> None:
    ground.keep("payment", "Payments", payment("HALF", Amount=10))
    ground.keep("reconciled", "Payments", payment("PAID", Amount=100, IsReconciled=True))
    ground.keep("journal", "ManualJournals", journal(debit="310"))
    ground.keep("gone-journal", "ManualJournals", journal(debit="310"))
    ground.change("gone-journal", "ManualJournals", {"Status": "VOIDED"})
    ground.keep("spent", "BankTransactions", money())
    ground.keep("cleared", "BankTransactions", money(IsReconciled=True))
    rows = [{"Invoice": {"InvoiceID": ground.ids["bill"]}, "Amount": 1}]
    made = ground.keep("batch", "BatchPayments", {"Account": BANK, "Date": "2026-10-03", "Payments": rows})
    ground.ids["batched"] = made["Payments"][0]["PaymentID"]


def _offers(ground: Ground) -> None:
    savings = {"Code": "091", "Name": "Savings", "Type": "BANK", "BankAccountNumber": "12-34"}
    ground.keep("savings", "Accounts", savings)
    ends = {"FromBankAccount": BANK, "ToBankAccount": {"Code": "091"}, "Amount": 7, "Date": "2026-10-01"}
    made = ground.keep("transfer", "BankTransfers", ends)
    ground.ids["transferred"] = made["ToBankTransactionID"]
    ground.keep("matched", "BankTransfers", {**ends, "ToIsReconciled": True})
    quote = {"Contact": {"Name": "Summit"}, "Date": "2026-10-01", "QuoteNumber": "QUOTE", "LineItems": [line()]}
    ground.keep("quote", "Quotes", quote)
    bought = ground.client.one("GET", f"Invoices/{ground.ids['bill']}")
    ground.ids["bill-line"] = bought["LineItems"][0]["LineItemID"]
    source = {"SourceTransactionID": ground.ids["bill"], "SourceLineItemID": ground.ids["bill-line"]}
    ground.keep("link", "LinkedTransactions", source)


def full(url: str) -> Ground:
    """An organisation of a small plan, with no room for another category or group."""
    ground = Ground(client_of(url))
    for number in range(4):
        ground.keep(f"category-{number}", "TrackingCategories", {"Name": f"Category {number}"})
        ground.change(f"category-{number}", "TrackingCategories", {"Status": "ARCHIVED"})
    groups = [{"Name": f"Group {number}"} for number in range(100)]
    ground.client.good("PUT", "ContactGroups", {"ContactGroups": groups})
    ground.keep("owed", "Invoices", invoice("OWED"))
    small = {"sales_approval_limit": 1, "bill_approval_limit": 0, "denied_actions": ["CreateInvoicePayment"]}
    configure(url, ground.client.tenant, **small)
    return ground
