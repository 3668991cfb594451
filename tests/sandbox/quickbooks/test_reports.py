"""The four reports tell what the ledger holds."""

import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sandbox.quickbooks.report_periods import covered
from tests.sandbox.quickbooks.books import Books, a_bill, a_journal, a_payment, a_purchase, a_receipt, an_invoice
from tests.sandbox.running import Running

YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}


@pytest.fixture
def books(sandbox: Running) -> Books:
    """Last year's invoice, and this year's with a payment, a bill and a purchase."""
    books = Books(sandbox)
    books.post("invoice", an_invoice(books, 700, TxnDate="2025-05-01"))
    invoice = books.post("invoice", an_invoice(books, 1000, retainage=100, DocNumber="R-1"))["Id"]
    books.post("payment", a_payment(books, 300, ("Invoice", invoice, 300)))
    books.post("bill", a_bill(books, 400))
    books.post("purchase", a_purchase(books, 60))
    return books


def _report(books: Books, name: str, **asked: str) -> dict[str, Any]:
    answer = books.request("GET", f"reports/{name}", params={**YEAR, **asked})
    assert answer.status_code == 200, answer.text
    assert answer.headers["intuit_tid"]
    return dict(answer.json())


def _flat(rows: dict[str, Any]) -> dict[str, list[str]]:
    """Label to figures, of lines and totals on every level."""
    found: dict[str, list[str]] = {}
    for row in rows.get("Row", []):
        for cells in (row.get("ColData"), (row.get("Summary") or {}).get("ColData")):
            if cells:
                found[cells[0]["value"]] = [cell["value"] for cell in cells[1:]]
        found |= _flat(row.get("Rows") or {})
    return found


def test_trial_balance(books: Books) -> None:
    body = _report(books, "TrialBalance")
    assert [column["ColTitle"] for column in body["Columns"]["Column"]] == ["", "Debit", "Credit"]
    assert (body["Header"]["ReportName"], body["Header"]["EndPeriod"]) == ("TrialBalance", "2026-12-31")
    rows = _flat(body["Rows"])
    assert rows["1100 Accounts Receivable (A/R)"] == ["1300.00", ""]
    assert rows["3100 Retained Earnings"] == ["", "700.00"]
    assert rows["4000 Contract Revenue"] == ["", "1000.00"]
    assert rows["TOTAL"][0] == rows["TOTAL"][1]


def test_balance_sheet_balances(books: Books) -> None:
    rows = _flat(_report(books, "BalanceSheet")["Rows"])
    assert rows["TOTAL ASSETS"] == rows["TOTAL LIABILITIES AND EQUITY"] == ["1640.00"]
    assert (rows["Total Liabilities"], rows["Net Income"]) == (["400.00"], ["540.00"])
    assert rows["1150 Retainage Receivable"] == ["100.00"]


def test_profit_and_loss_of_a_period(books: Books) -> None:
    rows = _flat(_report(books, "ProfitAndLoss")["Rows"])
    assert rows["Total Income"] == ["1000.00"]
    assert rows["Gross Profit"] == rows["Net Income"] == ["540.00"]
    earlier = _report(books, "ProfitAndLoss", start_date="2025-01-01", end_date="2025-12-31")
    assert _flat(earlier["Rows"])["Net Income"] == ["700.00"]


def test_general_ledger_runs_to_the_balance(books: Books) -> None:
    account = books.id("Account", "1100")
    body = _report(books, "GeneralLedger", account=account)
    [section] = body["Rows"]["Row"]
    lines = [[cell["value"] for cell in row["ColData"]] for row in section["Rows"]["Row"]]
    assert lines[0][0] == "Beginning Balance" and lines[0][-1] == "700.00"
    assert [(line[1], line[2], line[-2], line[-1]) for line in lines[1:]] == [
        ("Invoice", "R-1", "900.00", "1600.00"),
        ("Payment", "", "-300.00", "1300.00"),
    ]
    assert Decimal(lines[-1][-1]) == Decimal(books.balance("1100"))
    assert section["Header"]["ColData"][0] == {"value": "1100 Accounts Receivable (A/R)", "id": account}


def test_general_ledger_of_all_accounts_adds_up(books: Books) -> None:
    sections = _report(books, "GeneralLedger")["Rows"]["Row"]
    ends = {
        row["Header"]["ColData"][0]["value"][:4]: row["Rows"]["Row"][-1]["ColData"][-1]["value"] for row in sections
    }
    assert ends == {
        "1000": "-60.00", "1100": "1300.00", "1150": "100.00", "1200": "300.00", "2000": "400.00", "4000": "1000.00",
        "5000": "460.00",
    }  # fmt: skip


def test_a_company_without_postings_has_no_report_data(sandbox: Running) -> None:
    body = _report(Books(sandbox, "empty"), "TrialBalance")
    assert body["Rows"] == {}
    assert {"Name": "NoReportData", "Value": "true"} in body["Header"]["Option"]


def test_months_have_columns_of_their_own(books: Books) -> None:
    spring = {"start_date": "2026-10-15", "end_date": "2026-12-31", "summarize_column_by": "Month"}
    body = _report(books, "ProfitAndLoss", **spring)
    assert body["Header"]["SummarizeColumnsBy"] == "Month"
    account, *months, total = body["Columns"]["Column"]
    assert [month["ColTitle"] for month in months] == ["Oct 15 - 31, 2026", "Nov 2026", "Dec 2026"]
    assert {each["Name"]: each["Value"] for each in months[1]["MetaData"]} == {
        "StartDate": "2026-11-01",
        "EndDate": "2026-11-30",
        "ColKey": "Nov 2026",
    }
    assert (account["ColType"], total["ColTitle"]) == ("Account", "Total")
    rows = _flat(body["Rows"])
    assert rows["Total Income"] == ["0.00", "1000.00", "0.00", "1000.00"]
    assert rows["Net Income"] == ["0.00", "540.00", "0.00", "540.00"]


def test_a_balance_sheet_by_year_shows_each_end(books: Books) -> None:
    years = {"start_date": "2025-01-01", "summarize_column_by": "Year"}
    body = _report(books, "BalanceSheet", **years)
    assert [column["ColTitle"] for column in body["Columns"]["Column"]] == [
        "",
        "Jan - Dec 2025",
        "Jan - Dec 2026",
    ]
    rows = _flat(body["Rows"])
    assert rows["TOTAL ASSETS"] == rows["TOTAL LIABILITIES AND EQUITY"] == ["700.00", "1640.00"]
    assert (rows["Net Income"], rows["3100 Retained Earnings"]) == (["700.00", "540.00"], ["", "700.00"])


def test_profit_by_customer_and_by_class(books: Books) -> None:
    job = books.post("customer", {"DisplayName": "Bay 7"})["Id"]
    detail = {"CustomerRef": {"value": job}, "ClassRef": {"value": books.id("Class", "Commercial")}}
    bill = a_bill(books, 250)
    bill["Line"][0]["AccountBasedExpenseLineDetail"] |= detail
    books.post("bill", bill)
    by_customer = _report(books, "ProfitAndLoss", summarize_column_by="Customers")
    titles = [column["ColTitle"] for column in by_customer["Columns"]["Column"]]
    assert titles == ["", "Bay 7", "Harbor Point Builders", "Not Specified", "Total"]
    assert _flat(by_customer["Rows"])["Net Income"] == ["-250.00", "1000.00", "-460.00", "290.00"]
    by_class = _report(books, "ProfitAndLoss", summarize_column_by="Classes")
    assert _flat(by_class["Rows"])["Net Income"] == ["-250.00", "540.00", "290.00"]
    for narrowed in ({"customer": job}, {"class": detail["ClassRef"]["value"]}):
        assert _flat(_report(books, "ProfitAndLoss", **narrowed)["Rows"])["Net Income"] == ["-250.00"]


@pytest.mark.parametrize(
    ("macro", "since", "until"),
    [
        ("Today", "2026-11-21", "2026-11-21"),
        ("Yesterday", "2026-11-20", "2026-11-20"),
        ("This Week", "2026-11-15", "2026-11-21"),
        ("Last Month", "2026-10-01", "2026-10-31"),
        ("Next Month", "2026-12-01", "2026-12-31"),
        ("Last Month-to-date", "2026-10-01", "2026-10-21"),
        ("This Fiscal Quarter-to-date", "2026-10-01", "2026-11-21"),
        ("Last Fiscal Quarter", "2026-07-01", "2026-09-30"),
        ("This Fiscal Year", "2026-01-01", "2026-12-31"),
        ("Last Fiscal Year-to-date", "2025-01-01", "2025-11-21"),
        ("Next 4 Weeks", "2026-11-22", "2026-12-19"),
    ],
)
def test_macros_name_days(macro: str, since: str, until: str) -> None:
    found = covered({"date_macro": macro}, date(2026, 11, 21))
    assert [day.isoformat() for day in found] == [since, until]


def test_a_report_says_its_macro(books: Books) -> None:
    answer = books.request("GET", "reports/ProfitAndLoss", params={"date_macro": "Last Fiscal Year"})
    assert answer.json()["Header"]["DateMacro"] == "Last Fiscal Year"


@pytest.mark.parametrize(
    ("name", "asked", "code"),
    [
        ("ProfitAndLoss", {"date_macro": "Next Month-to-date"}, "2170"),
        ("ProfitAndLoss", {"end_date": "9999-12-31", "summarize_column_by": "Month"}, "2190"),
        ("GeneralLedger", {"start_date": "0001-01-01"}, "2190"),
        ("AgedReceivables", {"num_periods": "000012999999"}, "2240"),
        ("ProfitAndLoss", {"summarize_column_by": "Moods"}, "5030"),
        ("ProfitAndLoss", {"vendor": "4"}, "5030"),
        ("TransactionList", {"customer": "4"}, "5030"),
        ("AgedReceivables", {"class": "4"}, "5030"),
        ("CustomerSales", {"summarize_column_by": "Month"}, "5030"),
        ("ProfitAndLoss", {"start_date": "1900-01-01", "summarize_column_by": "Days"}, "6000"),
        ("BalanceSheet", {"summarize_column_by": "Customers"}, "5030"),
        ("TrialBalance", {"summarize_column_by": "Month"}, "5030"),
        ("GeneralLedger", {"customer": "4"}, "5030"),
        ("TrialBalance", {"end_date": "soon"}, "2060"),
        ("TrialBalance", {"start_date": "2027-01-01"}, "2190"),
        ("BalanceSheet", {"accounting_method": "Cash"}, "5030"),
        ("Horoscope", {}, "500"),
    ],
)
def test_refusals(sandbox: Running, name: str, asked: dict[str, str], code: str) -> None:
    answer = Books(sandbox, "empty").request("GET", f"reports/{name}", params={**YEAR, **asked})
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, code)


def _groups(rows: dict[str, Any]) -> dict[str, Any]:
    """Groups within groups, as they are nested."""
    return {row["group"]: _groups(row.get("Rows") or {}) for row in rows.get("Row", []) if "group" in row}


def test_a_balance_sheet_keeps_what_is_current_apart(books: Books) -> None:
    groups = _groups(_report(books, "BalanceSheet")["Rows"])
    assert list(groups["TotalAssets"]) == ["CurrentAssets"]
    assert list(groups["TotalAssets"]["CurrentAssets"]) == ["BankAccounts", "AR", "OtherCurrentAssets"]
    liabilities, equity = groups["TotalLiabilitiesAndEquity"].values()
    assert (liabilities, equity) == ({"CurrentLiabilities": {"AP": {}}}, {"NetIncome": {}})


def test_a_profit_without_any_shows_its_titles(books: Books) -> None:
    early = {"start_date": "2015-01-01", "end_date": "2015-07-31"}
    body = _report(books, "ProfitAndLoss", **early)
    assert list(_groups(body["Rows"])) == ["Income", "GrossProfit", "Expenses", "NetOperatingIncome", "NetIncome"]
    assert {cell for cells in _flat(body["Rows"]).values() for cell in cells} == {""}
    assert {"Name": "NoReportData", "Value": "true"} in body["Header"]["Option"]


def test_other_income_is_summed_up_before_the_profit(books: Books) -> None:
    other = books.post("account", {"Name": "Interest", "AccountType": "Other Income", "AcctNum": "7000"})
    body = a_journal(books, ("Debit", "1000", 40), ("Credit", "4000", 40))
    body["Line"][1]["JournalEntryLineDetail"]["AccountRef"] = {"value": other["Id"]}
    books.post("journalentry", body)
    rows = _flat(_report(books, "ProfitAndLoss")["Rows"])
    assert [rows[name] for name in ("Net Operating Income", "Net Other Income", "Net Income")] == [
        ["540.00"],
        ["40.00"],
        ["580.00"],
    ]


def test_headers_say_what_each_report_is_about(books: Books) -> None:
    customer = books.id("Customer", "Harbor Point Builders")
    profit = _report(books, "ProfitAndLoss", customer=customer)["Header"]
    assert (profit["Customer"], profit["SummarizeColumnsBy"]) == (customer, "Total")
    ledger = _report(books, "GeneralLedger")["Header"]
    assert ("SummarizeColumnsBy" in ledger, [each["Name"] for each in ledger["Option"]]) == (False, ["NoReportData"])
    answer = books.request("GET", "reports/BalanceSheet")
    assert answer.json()["Header"]["DateMacro"] == "this calendar year-to-date"


def test_a_receipt_is_called_by_two_words(books: Books) -> None:
    books.post("salesreceipt", a_receipt(books, 80))
    [section] = _report(books, "GeneralLedger", account=books.id("Account", "1200"))["Rows"]["Row"]
    assert {row["ColData"][1]["value"] for row in section["Rows"]["Row"]} == {"Payment", "Sales Receipt"}


def test_a_report_in_xml(books: Books) -> None:
    answer = books.request("GET", "reports/BalanceSheet", params=YEAR, headers={"Accept": "application/xml"})
    assert answer.headers["content-type"] == "application/xml"
    root = ET.fromstring(answer.text)  # noqa: S314  our own server
    space = {"q": "http://schema.intuit.com/finance/v3"}
    assert root.tag == "{http://schema.intuit.com/finance/v3}Report"
    assert root.findtext("q:Header/q:ReportName", namespaces=space) == "BalanceSheet"
    [assets, _] = root.findall("q:Rows/q:Row", space)
    assert assets.attrib == {"type": "Section", "group": "TotalAssets"}
    total = [cell.attrib["value"] for cell in assets.findall("q:Summary/q:ColData", space)]
    assert total == ["TOTAL ASSETS", "1640.00"]


def test_cells_in_xml_hold_any_name(books: Books) -> None:
    name = "Tom & \"Jerry\" <Ltd> 'n' Co"
    customer = books.post("customer", {"DisplayName": name})["Id"]
    books.post("invoice", an_invoice(books, 10, CustomerRef={"value": customer}))
    answer = books.request("GET", "reports/CustomerSales", params=YEAR, headers={"Accept": "application/xml"})
    cells = ET.fromstring(answer.text).iterfind(".//{http://schema.intuit.com/finance/v3}ColData")  # noqa: S314  our own server
    assert name in [cell.attrib["value"] for cell in cells]
