"""Contacts restored and merged by a person, as the API shows them afterwards."""

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, invoice


@pytest.fixture
def client(sandbox: Running) -> Client:
    return client_of(sandbox.url)


def by_hand(sandbox: Running, client: Client, **facts: Any) -> Any:
    return sandbox.control("POST", f"/companies/{client.tenant}/by-hand", facts)["contact"]


def test_a_contact_is_restored(sandbox: Running, client: Client) -> None:
    made = client.one("PUT", "Contacts", {"Name": "Harbor Point"})["ContactID"]
    client.good("POST", f"Contacts/{made}", {"ContactStatus": "ARCHIVED"})
    assert "has been archived" in client.sentences("PUT", "Invoices", invoice("A-1"))[0]
    assert by_hand(sandbox, client, act="restore contact", contact=made)["ContactStatus"] == "ACTIVE"
    assert client.one("PUT", "Invoices", invoice("A-1"))["Contact"]["ContactID"] == made


def test_a_merged_contact_points_to_the_one_that_took_its_documents(sandbox: Running, client: Client) -> None:
    old = client.one("PUT", "Invoices", invoice("A-1"))["Contact"]["ContactID"]
    new = client.one("PUT", "Contacts", {"Name": "Harbor Point Builders"})["ContactID"]
    by_hand(sandbox, client, act="merge contact", contact=old, into=new)
    gone = client.one("GET", f"Contacts/{old}")
    assert (gone["ContactStatus"], gone["MergedToContactID"]) == ("ARCHIVED", new)
    assert client.one("GET", "Invoices/A-1")["Contact"]["ContactID"] == new
    ledger = sandbox.http.get(f"{sandbox.url}/books/{client.tenant}/ageing/receivable/", timeout=5).text
    assert "Harbor Point Builders" in ledger
    paid = {"Invoice": {"InvoiceNumber": "A-1"}, "Account": {"Code": "090"}, "Amount": 100, "Date": "2026-10-02"}
    client.good("PUT", "Payments", paid)
    assert client.balances() == {"090": Decimal(100), "200": Decimal(-100)}


@pytest.mark.parametrize(
    "facts",
    [{}, {"act": "explode"}, {"act": "restore contact", "contact": "x"}, {"act": "merge contact", "contact": None}],
)
def test_what_nobody_can_do_says_why(sandbox: Running, client: Client, facts: dict[str, Any]) -> None:
    url = f"{sandbox.url}/control/companies/{client.tenant}/by-hand"
    answer = sandbox.http.post(url, json=facts, timeout=5)
    assert answer.status_code == 400 and answer.json()["error"].endswith(".")
