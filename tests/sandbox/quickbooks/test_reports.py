"""The four reports tell what the ledger holds."""

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.quickbooks.books import Books, a_bill, a_payment, a_purchase, an_invoice
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
    assert rows["Total ASSETS"] == rows["Total LIABILITIES AND EQUITY"] == ["1640.00"]
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


@pytest.mark.parametrize(
    ("name", "asked", "code"),
    [
        ("TrialBalance", {"end_date": "soon"}, "2060"),
        ("TrialBalance", {"start_date": "2027-01-01"}, "2190"),
        ("BalanceSheet", {"accounting_method": "Cash"}, "5030"),
        ("Horoscope", {}, "500"),
    ],
)
def test_refusals(sandbox: Running, name: str, asked: dict[str, str], code: str) -> None:
    answer = Books(sandbox, "empty").request("GET", f"reports/{name}", params={**YEAR, **asked})
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, code)
