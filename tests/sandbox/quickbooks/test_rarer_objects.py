"""Objects that a few clients ask for: budgets, card payments, rates, kinds of customers, the lists all have."""

from typing import Any

import pytest

from tests.sandbox.quickbooks.books import Books
from tests.sandbox.running import Running


@pytest.fixture(scope="module")
def books(server: Running) -> Books:
    server.control("PUT", "/limits", {"enabled": False})
    return Books(server)


def _budget(books: Books, **changes: Any) -> dict[str, Any]:
    account = {"value": books.id("Account", "4000")}
    months = [{"BudgetDate": f"2027-0{month}-01", "Amount": 100 * month, "AccountRef": account} for month in (1, 2)]
    return {"Name": "Year", "StartDate": "2027-01-01", "EndDate": "2027-12-31", "BudgetDetail": months, **changes}


def test_a_budget_lives_and_goes(books: Books) -> None:
    made = books.post("budget", _budget(books))
    assert (made["BudgetType"], made["BudgetEntryType"], made["Active"]) == ("ProfitAndLoss", "Monthly", True)
    assert [detail["AccountRef"]["name"] for detail in made["BudgetDetail"]] == ["Contract Revenue"] * 2
    more = _budget(books, Name="Better year", Id=made["Id"], SyncToken="0")
    assert books.post("budget", more)["SyncToken"] == "1"
    [found] = books.query("select * from Budget where Active in (true, false) orderby MetaData.LastUpdatedTime")
    assert found["Name"] == "Better year"
    assert books.post("budget?operation=delete", {"Id": made["Id"], "SyncToken": "1"})["status"] == "Deleted"
    assert books.query("select * from Budget") == []


def test_a_card_is_paid_off_from_the_bank(books: Books) -> None:
    card = books.post("account", {"Name": "Fuel card", "AccountType": "Credit Card", "AcctNum": "2250"})
    bank = {"value": books.id("Account", "1000")}
    body = {
        "TxnDate": "2026-11-02",
        "Amount": 75,
        "BankAccountRef": bank,
        "CreditCardAccountRef": {"value": card["Id"]},
    }
    made = books.post("creditcardpayment", body)
    assert (made["Amount"], made["BankAccountRef"]["name"]) == (75, "Checking")
    assert books.balance("2250") == "75.00"
    [found] = books.query("select * from CreditCardPayment")
    assert found["Id"] == made["Id"]
    books.post("creditcardpayment?operation=delete", {"Id": made["Id"], "SyncToken": "0"})
    assert books.balance("2250") == "0.00"
    assert books.refused("creditcardpayment", {**body, "Amount": 0})[1]["code"] == "2140"
    assert books.refused("creditcardpayment", {**body, "CreditCardAccountRef": bank})[1]["code"] == "6430"


@pytest.mark.parametrize(("entity", "code"), [("customertype", "500"), ("journalcode", "5030")])
def test_what_no_client_may_make_can_be_asked_for(books: Books, entity: str, code: str) -> None:
    assert books.query(" ".join(("select * from", entity))) == []
    assert books.refused(entity, {"Name": "New"})[1]["code"] == code


def test_lines_codes_are_listed_among_tax_codes(books: Books) -> None:
    found = {row["Id"]: row["Taxable"] for row in books.query("select * from TaxCode") if not row["Id"].isdigit()}
    assert found == {"TAX": True, "NON": False}
    assert books.get("taxcode/NON")["Name"] == "NON"


def test_every_company_knows_cash_and_cards(books: Books) -> None:
    found = {row["Name"]: row["Type"] for row in books.query("select * from PaymentMethod")}
    assert found["Cash"] == found["Check"] == "NON_CREDIT_CARD"
    assert found["Visa"] == "CREDIT_CARD"


def test_rates_can_be_queried(sandbox: Running, books: Books) -> None:
    assert books.query("select * from ExchangeRate") == []
    abroad = Books(sandbox, multicurrency=True)
    for code, rate in (("EUR", 1.1), ("GBP", 1.3)):
        abroad.post("companycurrency", {"Code": code})
        abroad.post("exchangerate", {"SourceCurrencyCode": code, "Rate": rate})
    found = abroad.query("select * from ExchangeRate where AsOfDate = '2026-11-01' and SourceCurrencyCode in ('GBP')")
    assert [(row["SourceCurrencyCode"], row["Rate"], row["AsOfDate"]) for row in found] == [("GBP", 1.3, "2026-11-01")]
    assert len(abroad.query("select * from exchangerate")) == 2
    for where, codes in (
        ("AsOfDate in ('2026-11-01', '2026-11-02')", ["EUR", "GBP", "EUR", "GBP"]),
        ("SourceCurrencyCode like 'G%'", ["GBP"]),
        ("Rate < '1.2'", ["EUR"]),
        ("Rate >= 1.1 and AsOfDate > '2999-01-01'", []),
        ("TargetCurrencyCode = 'USD' orderby Rate desc", ["GBP", "EUR"]),
        ("MetaData.LastUpdatedTime > '2020-01-01' startposition 2", ["GBP"]),
    ):
        rows = abroad.query(f"select SourceCurrencyCode from ExchangeRate where {where}")  # noqa: S608  the vendor's language, on a sandbox
        assert [row["SourceCurrencyCode"] for row in rows] == codes
        assert all(row.keys() == {"SourceCurrencyCode", "domain"} for row in rows)
    counted = abroad.request("GET", "query", params={"query": "select count(*) from ExchangeRate where Rate > '1.2'"})
    assert counted.json()["QueryResponse"] == {"totalCount": 1}


def test_the_change_feed_knows_budgets_and_card_payments(books: Books) -> None:
    made = books.post("budget", _budget(books, Name="Fed"))
    since = {"entities": "Budget,CreditCardPayment", "changedSince": made["MetaData"]["CreateTime"]}
    [feed] = books.request("GET", "cdc", params=since).json()["CDCResponse"]
    assert [row["Id"] for row in feed["QueryResponse"][0]["Budget"] if "Name" in row] == [made["Id"]]


def test_tax_codes_and_rates_say_all_the_vendor_says(books: Books) -> None:
    [code] = books.query("select * from TaxCode where Name = 'Washington 10%'")
    assert (code["Description"], code["Hidden"], code["PurchaseTaxRateList"]) == (
        "Washington 10%",
        False,
        {"TaxRateDetail": []},
    )
    assert code["SalesTaxRateList"]["TaxRateDetail"][0]["TaxRateRef"]["name"] == "Washington"
    [rate] = books.query("select * from TaxRate")
    assert (rate["SpecialTaxType"], rate["DisplayType"], rate["Description"]) == ("NONE", "ReadOnly", "Sales Tax")
