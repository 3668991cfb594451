"""Quotes, which speak a dialect of their own, and money moved between bank accounts."""

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, line


@pytest.fixture(scope="module")
def client(server: Running) -> Client:
    return client_of(server.url, "contractor", scopes="accounting.banktransactions")


def quote(**more: Any) -> dict[str, Any]:
    return {"Contact": {"Name": "Harbor Point Builders"}, "Date": "2026-10-01", "LineItems": [line("703.02")], **more}


def test_a_quote_is_told_in_its_own_dialect(client: Client) -> None:
    answer = client.call(
        "PUT", "Quotes", {"Quotes": [quote(LineAmountTypes="INCLUSIVE")]}, params={"summarizeErrors": "False"}
    )
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert (next(iter(body)), body["SummarizeErrors"]) == ("SummarizeErrors", False)
    made = body["Quotes"][0]
    assert (made["QuoteNumber"][:3], made["Status"], made["LineAmountTypes"]) == ("QU-", "DRAFT", "INCLUSIVE")
    assert "+" not in made["Date"] + made["UpdatedDateUTC"] and made["DateString"] == "2026-10-01T00:00:00"
    row = made["LineItems"][0]
    assert (row["TaxAmount"], row["ItemCode"], "TaxType" in row, "AccountID" in row) == (0, "", False, False)
    assert (made["Terms"], made["Total"], made["StatusAttributeString"]) == ("", 703.02, "OK")
    assert set(made["Contact"]) == {"ContactID", "Name", "EmailAddress"}


def test_quotes_are_listed_without_a_count_of_pages(client: Client) -> None:
    made = client.one("PUT", "Quotes", quote(QuoteNumber="Q-LIST", ExpiryDate="2026-11-30", Status="SENT"))
    answer = client.good("GET", "Quotes", params={"page": 1, "QuoteNumber": "Q-LIST"})
    assert ("pagination" in answer, answer["SummarizeErrors"]) == (False, True)
    row = answer["Quotes"][0]
    assert (row["QuoteID"], row["TotalDiscount"], row["LineItems"][0]["DiscountAmount"]) == (made["QuoteID"], 0, 0)
    assert "Terms" not in row
    found = {"Status": "SENT", "ContactID": made["Contact"]["ContactID"], "ExpiryDateFrom": "2026-11-30"}
    assert [row["QuoteNumber"] for row in client.good("GET", "Quotes", params=found)["Quotes"]] == ["Q-LIST"]
    assert not client.good("GET", "Quotes", params={**found, "ExpiryDateTo": "2026-11-29"})["Quotes"]


def test_an_update_clears_what_it_leaves_out_but_not_the_lines(client: Client) -> None:
    made = client.one("PUT", "Quotes", quote(Terms="30 days", Title="Roof", LineAmountTypes="NOTAX"))
    change = {"QuoteID": made["QuoteID"], "Contact": made["Contact"], "Date": "2026-10-02", "Reference": "R"}
    after = client.one("POST", "Quotes", change)
    assert (after["Terms"], "Title" in after, after["Reference"]) == ("", False, "R")
    assert after["LineItems"] == made["LineItems"] and after["LineAmountTypes"] == "EXCLUSIVE"
    assert after["QuoteNumber"] == made["QuoteNumber"]


@pytest.mark.parametrize(
    ("path", "status", "taken"),
    [
        ((), "DECLINED", False),
        (("SENT", "ACCEPTED"), "DECLINED", False),
        (("SENT",), "DECLINED", True),
        (("SENT",), "ACCEPTED", True),
        (("SENT", "ACCEPTED"), "INVOICED", True),
        (("SENT", "ACCEPTED"), "DELETED", True),
        ((), "DELETED", True),
        (("DELETED",), "DRAFT", False),
    ],
)
def test_statuses_of_quotes(client: Client, path: tuple[str, ...], status: str, taken: bool) -> None:
    made = client.one("PUT", "Quotes", quote())
    for step in path:
        client.one("POST", f"Quotes/{made['QuoteID']}", quote(Status=step))
    answer = client.call("POST", f"Quotes/{made['QuoteID']}", quote(Status=status))
    assert answer.status_code == (200 if taken else 400), answer.text


def test_quotes_are_promises_and_not_in_the_books(client: Client) -> None:
    before = client.balances()
    client.one("PUT", "Quotes", quote(Status="ACCEPTED"))
    assert client.balances() == before
    refused = client.sentences("PUT", "Quotes", {"LineItems": []})
    assert refused == [
        "A Contact must be specified for this type of transaction",
        "Date must be specified",
        "One or more line items must be specified",
    ]


@pytest.fixture
def banks(client: Client) -> tuple[str, str]:
    """The ids of two bank accounts."""
    rows = client.good("GET", "Accounts", params={"where": 'Type=="BANK"'})["Accounts"]
    if len(rows) < 2:
        second = {"Code": "091", "Name": "Savings", "Type": "BANK", "BankAccountNumber": "12-34"}
        rows.append(client.one("PUT", "Accounts", second))
    return rows[0]["AccountID"], rows[1]["AccountID"]


def transfer(banks: tuple[str, str], **more: Any) -> dict[str, Any]:
    ends = {"FromBankAccount": {"AccountID": banks[0]}, "ToBankAccount": {"AccountID": banks[1]}}
    return {**ends, "Amount": 50, "Date": "2026-10-01", **more}


def test_a_transfer_moves_money_until_it_is_deleted(client: Client, banks: tuple[str, str]) -> None:
    before = client.balances()
    made = client.one("PUT", "BankTransfers", transfer(banks, Reference="Sweep"))
    after = client.balances()
    nothing = Decimal(0)
    moved = [after[code] - before.get(code, nothing) for code in ("090", "091")]
    assert moved == [Decimal(-50), Decimal(50)]
    assert (made["CurrencyRate"], made["FromIsReconciled"], made["FromBankAccount"]["Code"]) == (1, False, "090")
    sides = [client.one("GET", f"BankTransactions/{made[f'{end}BankTransactionID']}") for end in ("From", "To")]
    assert [(side["Type"], side["Total"]) for side in sides] == [("SPEND-TRANSFER", 50), ("RECEIVE-TRANSFER", 50)]
    refused = client.call("POST", "BankTransactions", {**sides[0], "Type": "SPEND"}, published=False)
    assert refused.status_code == 400
    gone = client.one("POST", f"BankTransfers/{made['BankTransferID']}", {"Status": "DELETED"})
    assert (gone["Status"], client.balances()) == ("DELETED", before)
    listed = {row["BankTransferID"] for row in client.good("GET", "BankTransfers")["BankTransfers"]}
    every = client.good("GET", "BankTransfers", params={"includeDeleted": "true"})["BankTransfers"]
    shown = {row["BankTransferID"]: row for row in every}
    assert made["BankTransferID"] not in listed and shown[made["BankTransferID"]]["Status"] == "DELETED"
    assert "CreatedDateUTC" in shown[made["BankTransferID"]]
    assert client.sentences("POST", f"BankTransfers/{made['BankTransferID']}", {"Status": "DELETED"})
