"""Filters on the wire: which fields, in which case, since when."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, invoice, line

# Companions as text and marks of one answer are no fields of the vendor's records.
NO_FIELDS = ("DateString", "DueDateString", "UpdatedDateUTCString", "HasErrors", "HasValidationErrors", "ID")


@pytest.fixture(scope="module")
def client(server: Running) -> Client:
    made = client_of(server.url, "contractor", scopes="accounting.banktransactions")
    bill = made.one("PUT", "Invoices", invoice("F-1", LineItems=[line(50)]))
    bank = next(row for row in made.good("GET", "Accounts")["Accounts"] if row["Type"] == "BANK")
    account, contact = {"AccountID": bank["AccountID"]}, {"Name": "Summit"}
    made.one("PUT", "Payments", {"Invoice": {"InvoiceID": bill["InvoiceID"]}, "Account": account, "Amount": 10})
    made.one("PUT", "CreditNotes", {"Type": "ACCRECCREDIT", "Contact": contact, "LineItems": [line(5)]})
    made.one("PUT", "PurchaseOrders", {"Contact": contact, "LineItems": [line(5, "310")]})
    spent = {"Contact": contact, "LineItems": [line(5, "310")], "BankAccount": account}
    made.one("PUT", "BankTransactions", {"Type": "SPEND", **spent})
    made.one("PUT", "BankTransactions", {"Type": "SPEND-PREPAYMENT", **spent})
    journal = [{"LineAmount": amount, "AccountCode": "400"} for amount in (3, -3)]
    made.one("PUT", "ManualJournals", {"Narration": "n", "JournalLines": journal})
    return made


@pytest.mark.parametrize(
    "plural",
    [
        "Accounts",
        "BankTransactions",
        "Contacts",
        "CreditNotes",
        "Invoices",
        "Items",
        "ManualJournals",
        "Payments",
        "Prepayments",
        "PurchaseOrders",
        "TrackingCategories",
    ],
)
def test_whatever_is_shown_can_be_asked_for(client: Client, plural: str) -> None:
    rows = client.good("GET", plural, params={"page": 1})[plural]
    assert rows
    names = {name for row in rows for name, value in row.items() if not isinstance(value, list)}
    for name in sorted(names - set(NO_FIELDS)):
        assert client.good("GET", plural, params={"where": f"{name}!=null OR {name}==null"})[plural], name


def test_statuses_in_any_case(client: Client) -> None:
    found = client.good("GET", "Invoices", params={"Statuses": "authorised,Draft"})["Invoices"]
    assert [row["InvoiceNumber"] for row in found] == ["F-1"]


@pytest.mark.parametrize("hours", [13, 0, -8])
def test_since_a_moment_of_any_zone(client: Client, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    for minutes, count in ((-5, 1), (5, 0)):
        moment = datetime.now(UTC).astimezone(zone) + timedelta(minutes=minutes)
        since = {"If-Modified-Since": moment.isoformat(timespec="seconds")}
        assert len(client.good("GET", "Invoices", headers=since)["Invoices"]) == count


def test_papers_have_an_address_of_their_own(client: Client) -> None:
    for plural, key in (
        ("Invoices", "InvoiceID"),
        ("CreditNotes", "CreditNoteID"),
        ("PurchaseOrders", "PurchaseOrderID"),
    ):
        id = client.one("GET", plural)[key]
        paper = client.call("GET", f"{plural}/{id}/pdf")
        assert paper.headers["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    journal = client.one("GET", "ManualJournals")["ManualJournalID"]
    assert client.call("GET", f"ManualJournals/{journal}/pdf").status_code == 404


def test_documents_of_this_application_alone(server: Running) -> None:
    messy = client_of(server.url, "messy")
    made = messy.one("PUT", "Invoices", invoice("MINE"))
    messy.good("POST", f"Invoices/{made['InvoiceID']}", {"Reference": "still mine"})
    assert len(messy.good("GET", "Invoices", params={"createdByMyApp": "false"})["Invoices"]) == 5
    for answer in ("true", "True"):
        found = messy.good("GET", "Invoices", params={"createdByMyApp": answer})["Invoices"]
        assert [row["InvoiceNumber"] for row in found] == ["MINE"]


def test_a_reference_nobody_gave_is_null_to_filters(server: Running) -> None:
    fresh = client_of(server.url)
    for number, more in (("R-1", {"Reference": "Pier 7"}), ("R-2", {})):
        fresh.one("PUT", "Invoices", invoice(number, **more))
    unguarded = fresh.call("GET", "Invoices", params={"where": 'Reference.Contains("pier")'})
    assert (unguarded.status_code, unguarded.json()["Type"]) == (400, "QueryParseException")
    for where, number in (('Reference!=null AND Reference.Contains("pier")', "R-1"), ("Reference==null", "R-2")):
        found = fresh.good("GET", "Invoices", params={"where": where})["Invoices"]
        assert [row["InvoiceNumber"] for row in found] == [number]
