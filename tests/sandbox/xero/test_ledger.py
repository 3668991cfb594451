"""`GET /Journals`: the books as the API tells them."""

from typing import Any

import pytest

from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, invoice, line


@pytest.fixture(scope="module")
def client(server: Running) -> Client:
    return client_of(server.url, "contractor", scopes="accounting.journals.read accounting.banktransactions")


def journals(client: Client, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.good("GET", "Journals", params=query)["Journals"]
    return found


def test_every_posting_adds_up_and_names_its_source(client: Client) -> None:
    before = max((row["JournalNumber"] for row in journals(client)), default=0)
    tracked = line(80, Tracking=[{"Name": "Department", "Option": "Service"}])
    made = client.one("PUT", "Invoices", invoice("L-1", LineItems=[tracked, line(20)], Reference="Pier 7"))
    pay = {"Invoice": {"InvoiceID": made["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 30, "Date": "2026-10-02"}
    paid = client.one("PUT", "Payments", pay)
    owed, settled = journals(client, offset=before)
    assert (owed["SourceID"], owed["SourceType"], owed["Reference"]) == (made["InvoiceID"], "ACCREC", "Pier 7")
    assert (settled["SourceID"], settled["SourceType"]) == (paid["PaymentID"], "ACCRECPAYMENT")
    assert owed["JournalNumber"] < settled["JournalNumber"]
    for journal in (owed, settled):
        assert sum(row["NetAmount"] for row in journal["JournalLines"]) == 0
    lines = {row["NetAmount"]: row for row in owed["JournalLines"]}
    assert (lines[100]["AccountCode"], lines[100]["AccountType"]) == ("610", "CURRENT")
    assert lines[-80]["TrackingCategories"][0]["Option"] == "Service" and lines[-20]["TrackingCategories"] == []
    assert [row["JournalID"] for row in journals(client, offset=before, paymentsOnly="true")] == [settled["JournalID"]]
    for key in ("JournalID", "JournalNumber"):
        assert client.one("GET", f"Journals/{owed[key]}") == owed
    assert client.call("GET", f"Journals/{owed['JournalNumber'] + 1}").status_code == 404


def made_elsewhere(client: Client) -> str:
    """The id of a journal of another organisation."""
    other = client_of(client.url, "contractor", scopes="accounting.journals.read")
    other.one("PUT", "Invoices", invoice("L-2"))
    return str(journals(other)[0]["JournalID"])


def test_journals_that_are_not_there(client: Client) -> None:
    for unknown in ("999999999", "0", "9" * 30, "x", made_elsewhere(client), "00000000-0000-0000-0000-000000000000"):
        assert client.call("GET", f"Journals/{unknown}").status_code == 404
    assert client.call("GET", "Journals", params={"offset": "x"}).json()["Type"] == "QueryParseException"
    assert journals(client, offset=10**9) == []
    later = {"If-Modified-Since": "2099-01-01T00:00:00"}
    assert client.good("GET", "Journals", headers=later)["Journals"] == []
    assert client.call("PUT", "Journals", {"Journals": [{}]}).status_code in (401, 501)
