"""Orders, groups, tax rates, users and reports."""

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.running import Running
from tests.sandbox.xero.browser import SCOPES, Client, client_of, invoice, line


@pytest.fixture
def client(sandbox: Running) -> Client:
    return client_of(sandbox.url, scopes="accounting.reports.read")


def order(number: str | None, **more: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"Contact": {"Name": "Summit"}, "Date": "2026-10-01", "Status": "SUBMITTED"}
    body |= {"LineItems": [line("12.3456", "310")], **more}
    return body | ({"PurchaseOrderNumber": number} if number else {})


def test_orders_live_outside_the_books(client: Client) -> None:
    made = client.one("PUT", "PurchaseOrders", order(None, DeliveryDate="2026-10-09"))
    assert (made["PurchaseOrderNumber"], made["Type"]) == ("PO-0001", "PURCHASEORDER")
    assert (made["LineItems"][0]["UnitAmount"], made["Total"]) == (12.3456, 12.35)
    assert client.balances() == {}
    client.good("POST", f"PurchaseOrders/{made['PurchaseOrderID']}", {"Status": "AUTHORISED"})
    found = client.good("GET", "PurchaseOrders", params={"status": "AUTHORISED", "DateFrom": "2026-10-01"})
    assert found["pagination"]["itemCount"] == 1 and found["PurchaseOrders"][0]["LineItems"]
    assert client.one("GET", "PurchaseOrders/PO-0001")["Status"] == "AUTHORISED"


def test_a_number_of_an_order_stays_taken(client: Client) -> None:
    first = client.one("PUT", "PurchaseOrders", order("PO-7"))
    assert client.sentences("PUT", "PurchaseOrders", order("PO-7")) == ["Order number must be unique"]
    edited = client.one("POST", "PurchaseOrders", order("PO-7", LineItems=[line(5, "310")]))
    assert (edited["PurchaseOrderID"], edited["Total"]) == (first["PurchaseOrderID"], 5.0)
    client.good("POST", "PurchaseOrders", {"PurchaseOrderNumber": "PO-7", "Status": "DELETED"})
    refused = client.one("POST", "PurchaseOrders?summarizeErrors=False", order("PO-7"))
    assert refused["PurchaseOrderID"] == "00000000-0000-0000-0000-000000000000"
    assert [error["Message"] for error in refused["ValidationErrors"]] == [
        "PurchaseOrder status change is invalid",
        "Deleted PurchaseOrders cannot be updated",
    ]


def test_contacts_are_grouped(client: Client) -> None:
    group = client.one("PUT", "ContactGroups", {"Name": "Crews"})
    contact = client.one("PUT", "Contacts", {"Name": "Dove"})["ContactID"]
    path = f"ContactGroups/{group['ContactGroupID']}"
    client.good("PUT", f"{path}/Contacts", {"Contacts": [{"ContactID": contact}]})
    assert [row["Name"] for row in client.one("GET", path)["Contacts"]] == ["Dove"]
    assert client.one("GET", f"Contacts/{contact}")["ContactGroups"][0]["Name"] == "Crews"
    client.good("POST", path, {"Name": "Gangs"})
    assert client.one("GET", f"Contacts/{contact}")["ContactGroups"][0]["Name"] == "Gangs"
    assert client.call("DELETE", f"{path}/Contacts/{contact}").status_code == 204
    assert client.one("GET", f"Contacts/{contact}")["ContactGroups"] == []
    for number in range(99):
        client.good("PUT", "ContactGroups", {"Name": f"Group {number}"})
    sentence = "You've reached the limit of 100 contact groups."
    assert client.sentences("PUT", "ContactGroups", {"Name": "One more"}) == [sentence]
    client.good("POST", path, {"Status": "DELETED"})
    client.good("PUT", "ContactGroups", {"Name": "One more"})


def test_an_organisation_makes_its_own_rates(client: Client) -> None:
    parts = [{"Name": "State", "Rate": 4}, {"Name": "City", "Rate": 10, "IsCompound": True}]
    made = client.one("PUT", "TaxRates", {"Name": "Two taxes", "TaxComponents": parts})
    assert (made["EffectiveRate"], made["Status"], made["TaxType"]) == (14.4, "ACTIVE", "TAX003")
    sold = client.one("PUT", "Invoices", invoice("A-1", LineItems=[line(100, TaxType=made["TaxType"])]))
    assert (sold["TotalTax"], client.balances()["820"]) == (14.4, Decimal("-14.4"))
    client.good("POST", "TaxRates", {"Name": "Two taxes", "TaxType": made["TaxType"], "Status": "DELETED"})
    late = invoice("A-2", LineItems=[line(100, TaxType=made["TaxType"])])
    assert client.sentences("PUT", "Invoices", late) == ["Tax rate must be Active"]
    assert client.sentences("POST", "TaxRates", {"TaxType": "NONE", "Status": "DELETED"})
    assert client.sentences("PUT", "TaxRates", {"Name": "Nothing"}) == ["At least one tax component must be specified"]


def test_users_are_those_who_gave_consent(client: Client) -> None:
    user = client.one("GET", "Users")
    assert user["EmailAddress"] == "alice@rivet.example" and user["IsSubscriber"] is True
    assert client.one("GET", f"Users/{user['UserID']}")["UserID"] == user["UserID"]
    assert client.call("GET", f"Users/{client.tenant}").status_code == 404


def cells(report: dict[str, Any]) -> dict[str, list[str]]:
    """Label to the figures beside it, of every row of a report."""
    rows = [row for section in report["Rows"] for row in [section, *section.get("Rows", [])] if row.get("Cells")]
    return {row["Cells"][0]["Value"]: [cell["Value"] for cell in row["Cells"][1:]] for row in rows}


def test_reports_come_from_the_ledger(client: Client) -> None:
    sold = client.one("PUT", "Invoices", invoice("A-1", LineItems=[line(100)]))
    client.good("PUT", "Invoices", invoice("B-1", kind="ACCPAY", LineItems=[line(30, "320")]))
    payment = {"Invoice": {"InvoiceID": sold["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 40}
    client.good("PUT", "Payments", {**payment, "Date": "2026-10-05"})
    day = {"date": "2026-10-31"}
    trial = cells(client.one("GET", "Reports/TrialBalance", params=day))
    assert trial["Accounts Receivable (610)"] == ["60.00", "", "60.00", ""]
    assert trial["Total"] == ["130.00", "130.00", "130.00", "130.00"]
    sheet = cells(client.one("GET", "Reports/BalanceSheet", params=day))
    assert (sheet["Total Assets"], sheet["Net Assets"], sheet["Total Equity"]) == (["100.00"], ["70.00"], ["70.00"])
    period = {"fromDate": "2026-10-01", "toDate": "2026-10-31"}
    profit = cells(client.one("GET", "Reports/ProfitAndLoss", params=period))
    assert (profit["Total Income"], profit["Net Profit"]) == (["100.00"], ["70.00"])
    bank = cells(client.one("GET", "Reports/BankSummary", params=period))
    assert bank["Business Bank Account"] == ["0.00", "40.00", "0.00", "40.00"]
    who = {"contactID": sold["Contact"]["ContactID"], "date": "2026-12-05"}
    aged = cells(client.one("GET", "Reports/AgedReceivablesByContact", params=who))
    assert aged["Total"] == ["", "", "", "0.00", "0.00", "60.00", "0.00", "0.00", "60.00"]
    assert client.call("GET", "Reports/Weather").status_code == 404
    assert client.call("GET", "Reports/TrialBalance", params={"date": "soon"}).status_code == 400


def test_reports_need_their_scope(sandbox: Running) -> None:
    client = client_of(sandbox.url, scopes="accounting.reports.trialbalance.read")
    assert "accounting.reports.trialbalance.read" not in SCOPES
    assert client.call("GET", "Reports/TrialBalance").status_code == 200
    assert client.call("GET", "Reports/BalanceSheet").status_code == 401


def test_notes_belong_to_their_own_endpoint(client: Client) -> None:
    made = client.one("PUT", "Invoices", invoice("A-1"))
    note = {"HistoryRecords": [{"Details": "Hello"}]}
    sentence = "The document with the supplied id was not found for this endpoint."
    assert client.sentences("PUT", f"CreditNotes/{made['InvoiceID']}/History", note) == [sentence]
    assert client.good("PUT", f"Invoices/{made['InvoiceID']}/History", note)
