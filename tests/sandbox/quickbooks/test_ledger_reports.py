"""Postings one by one: what each line says of its document, and of the account on the other side."""

from typing import Any

import pytest

from tests.sandbox.quickbooks.books import Books, a_journal
from tests.sandbox.running import Running

YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}


@pytest.fixture(scope="module")
def books(server: Running) -> Books:
    server.control("PUT", "/limits", {"enabled": False})
    return Books(server)


def _lines(books: Books, name: str, **asked: Any) -> list[list[str]]:
    """The cells of every line, of all sections in order."""
    answer = books.request("GET", f"reports/{name}", params={**YEAR, **asked})
    assert answer.status_code == 200, answer.text
    lines = [line for section in answer.json()["Rows"].get("Row", []) for line in section["Rows"]["Row"]]
    return [[cell["value"] for cell in line["ColData"]] for line in lines]


def test_an_opening_balance_stands_in_the_ledger(books: Books) -> None:
    opening = {"OpeningBalance": 250, "OpeningBalanceDate": "2026-01-01"}
    safe = books.post("account", {"Name": "Safe", "AccountType": "Bank", **opening})
    [line] = _lines(books, "GeneralLedger", account=safe["Id"])
    assert line[:5] == ["2026-01-01", "Account", "", "", "Opening Balance"]
    assert line[5:] == ["3000 Opening Balance Equity", "250.00", "250.00"]


def test_each_line_of_a_journal_entry_has_its_own_name(books: Books) -> None:
    journal = a_journal(books, ("Debit", "1100", 40), ("Credit", "4000", 30), ("Credit", "4000", 10))
    names = [("Customer", "Harbor Point Builders"), ("Vendor", "Blue Ridge Drywall")]
    for line, (kind, name) in zip(journal["Line"], names, strict=False):
        entity = {"Type": kind, "EntityRef": {"value": books.id(kind, name)}}
        line["JournalEntryLineDetail"]["Entity"] = entity
    books.post("journalentry", journal)
    asked = {"account": ",".join(books.id("Account", code) for code in ("1100", "4000"))}
    ledger = _lines(books, "GeneralLedger", **asked)
    assert [line[3] for line in ledger] == [name for _, name in names] + [""]
    assert [line[5] for line in ledger] == ["-Split-", *["1100 Accounts Receivable (A/R)"] * 2]
    assert [line[3] for line in _lines(books, "ProfitAndLossDetail")] == ["Blue Ridge Drywall", ""]
