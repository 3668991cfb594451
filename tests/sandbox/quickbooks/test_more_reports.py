"""Reports beside the four statements: who owes what since when, who bought what, and every transaction one by one."""

from typing import Any

import pytest

from tests.sandbox.quickbooks.books import Books, a_bill, a_payment, a_purchase, a_receipt, an_invoice
from tests.sandbox.running import Running

YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}
DAY = {"report_date": "2026-11-21"}
CUSTOMER, VENDOR = "Harbor Point Builders", "Blue Ridge Drywall"


@pytest.fixture(scope="module")
def books(server: Running) -> Books:
    """An invoice not yet due, one 40 days late and half paid, a bill 100 days late, a receipt and a purchase."""
    server.control("PUT", "/limits", {"enabled": False})
    books = Books(server, track_departments=True)
    books.post("invoice", an_invoice(books, 1000, DocNumber="N-1", TxnDate="2026-11-02", DueDate="2026-12-02"))
    late = an_invoice(books, 600, DocNumber="N-2", TxnDate="2026-09-12", DueDate="2026-10-12")
    invoice = books.post("invoice", late)["Id"]
    books.post("payment", a_payment(books, 250, ("Invoice", invoice, 250)))
    books.post("bill", a_bill(books, 400, DocNumber="B-1", TxnDate="2026-07-14", DueDate="2026-08-13"))
    books.post("salesreceipt", a_receipt(books, 80, TxnDate="2026-11-05"))
    books.post("purchase", a_purchase(books, 60, TxnDate="2026-11-06"))
    return books


def _rows(books: Books, name: str, **asked: str) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The whole report, and the figures beside each title of it, wherever it stands."""
    answer = books.request("GET", f"reports/{name}", params={**YEAR, **asked})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["Header"]["ReportName"].casefold() == name.casefold()
    width = len(body["Columns"]["Column"])
    found: dict[str, list[str]] = {}
    pending = list(body["Rows"].get("Row", []))
    while pending:
        row = pending.pop(0)
        pending += (row.get("Rows") or {}).get("Row", [])
        for cells in (row.get("ColData"), (row.get("Summary") or {}).get("ColData")):
            if cells:
                assert len(cells) == width
                found[cells[0]["value"]] = [cell["value"] for cell in cells[1:]]
    return body, found


def _titles(body: dict[str, Any]) -> list[str]:
    return [column["ColTitle"] for column in body["Columns"]["Column"]]


def test_receivables_by_age(books: Books) -> None:
    body, rows = _rows(books, "AgedReceivables", **DAY)
    assert _titles(body) == ["", "Current", "1 - 30", "31 - 60", "61 - 90", "91 and over", "Total"]
    assert rows[CUSTOMER] == ["1000.00", "", "350.00", "", "", "1350.00"]
    assert rows["TOTAL"] == ["1000.00", "0.00", "350.00", "0.00", "0.00", "1350.00"]
    assert {"Name": "report_date", "Value": "2026-11-21"} in body["Header"]["Option"]
    narrow, wide = {"aging_period": "10", "num_periods": "2"}, _rows(books, "AgedReceivables", report_date="2026-10-20")
    assert _titles(_rows(books, "AgedReceivables", **DAY, **narrow)[0])[2:4] == ["1 - 10", "11 and over"]
    assert wide[1][CUSTOMER] == ["", "350.00", "", "", "", "350.00"]


def test_payables_by_age_and_vendor(books: Books) -> None:
    _, rows = _rows(books, "AgedPayables", **DAY)
    assert rows[VENDOR] == ["", "", "", "", "400.00", "400.00"]
    other = books.post("vendor", {"DisplayName": "Nobody Owed"})["Id"]
    body, rows = _rows(books, "AgedPayables", vendor=other, **DAY)
    assert (rows, body["Header"]["Vendor"]) == ({}, other)


def test_details_by_age(books: Books) -> None:
    body, rows = _rows(books, "AgedPayableDetail", **DAY)
    assert _titles(body)[:4] == ["Date", "Transaction Type", "Num", "Vendor"]
    assert _titles(body)[4:] == ["Due Date", "Past Due", "Amount", "Open Balance"]
    assert rows["2026-07-14"] == ["Bill", "B-1", VENDOR, "2026-08-13", "100", "400.00", "400.00"]
    sections = _rows(books, "AgedReceivableDetail", **DAY)[0]["Rows"]["Row"]
    titles = [row["Header"]["ColData"][0]["value"] for row in sections if "Header" in row]
    assert titles == ["31 - 60 days past due", "Current"]


@pytest.mark.parametrize(
    ("name", "party", "figures"), [("CustomerBalance", CUSTOMER, ["1350.00"]), ("VendorBalance", VENDOR, ["400.00"])]
)
def test_balances(books: Books, name: str, party: str, figures: list[str]) -> None:
    _, rows = _rows(books, name, **DAY)
    assert rows[party] == rows["TOTAL"] == figures
    _, rows = _rows(books, f"{name}Detail", **DAY)
    assert rows[f"Total for {party}"][-1] == rows["TOTAL"][-1] == figures[0]


def test_money_not_applied_counts_against_what_is_owed(sandbox: Running) -> None:
    books = Books(sandbox)
    books.post("payment", a_payment(books, 30))
    for name in ("CustomerBalanceDetail", "AgedReceivableDetail"):
        assert _rows(books, name, **DAY)[1]["TOTAL"][-2:] == ["-30.00", "-30.00"]


def test_sales_and_income(books: Books) -> None:
    assert _rows(books, "CustomerSales")[1][CUSTOMER] == ["1680.00"]
    assert _rows(books, "CustomerIncome")[1]["TOTAL"] == ["1680.00", "460.00", "1220.00"]
    assert _rows(books, "VendorExpenses")[1][VENDOR] == ["400.00"]
    body, rows = _rows(books, "ItemSales")
    assert _titles(body)[1:] == ["Quantity", "Amount", "% of Sales", "Avg Price"]
    assert rows["Progress Billing"] == ["0.00", "1680.00", "100.00", ""]
    assert _rows(books, "DepartmentSales")[1]["Not Specified"] == ["1680.00"]
    assert _rows(books, "ClassSales")[1]["Not Specified"] == ["1680.00"]


def test_average_prices_are_rounded_half_up(sandbox: Running) -> None:
    books = Books(sandbox)
    sold = an_invoice(books, 2)
    sold["Line"][0]["SalesItemLineDetail"]["Qty"] = 3
    books.post("invoice", sold)
    _, rows = _rows(books, "ItemSales")
    assert rows["Progress Billing"] == ["3.00", "2.00", "100.00", "0.67"]


def test_cash_flows_end_at_the_bank(books: Books) -> None:
    _, rows = _rows(books, "CashFlow")
    assert rows["Net Income"] == ["1220.00"]
    assert rows["Accounts Receivable (A/R)"] == ["-1350.00"]
    assert rows["Net cash increase for period"] == rows["Cash at end of period"] == ["270.00"]


def test_transactions_one_by_one(books: Books) -> None:
    body, _ = _rows(books, "TransactionList")
    lines = [[cell["value"] for cell in row["ColData"]] for row in body["Rows"]["Row"]]
    assert [line[1] for line in lines] == ["Bill", "Invoice", "Invoice", "Payment", "Sales Receipt", "Purchase"]
    assert lines[0][2:] == ["B-1", "Yes", VENDOR, "", "2000 Accounts Payable (A/P)", "5000 Subcontract Cost", "-400.00"]
    for name, party in (("TransactionListByCustomer", CUSTOMER), ("TransactionListByVendor", VENDOR)):
        [section] = _rows(books, name)[0]["Rows"]["Row"]
        assert section["Header"]["ColData"][0]["value"] == party


def test_every_posting_stands_in_the_journal(books: Books) -> None:
    rows = _rows(books, "JournalReport")[0]["Rows"]["Row"]
    sides = [[cell["value"] for cell in row["ColData"][-2:]] for row in rows if "ColData" in row]
    assert sum(float(debit or 0) - float(credit or 0) for debit, credit in sides) == 0
    assert len([row for row in rows if "Summary" in row]) == 6
    splits = _rows(books, "TransactionListWithSplits")[0]["Rows"]["Row"]
    assert len(splits) == 6 and all(len(row["Rows"]["Row"]) == 2 for row in splits)


def test_profit_posting_by_posting(books: Books) -> None:
    _, rows = _rows(books, "ProfitAndLossDetail")
    assert rows["Total for 4000 Contract Revenue"][-2] == "1680.00"
    assert rows["Total for 5000 Subcontract Cost"][-2] == "460.00"


def test_the_list_of_accounts_and_the_stock(books: Books) -> None:
    body, rows = _rows(books, "AccountList")
    assert _titles(body) == ["Account", "Type", "Detail type", "Description", "Balance"]
    assert rows["Accounts Payable (A/P)"] == ["Accounts Payable", "AccountsPayable", "", "400.00"]
    stock = {
        "Name": "Conduit", "Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 4, "InvStartDate": "2026-01-01",
        "PurchaseCost": 2.5, "Sku": "C-1",
    }  # fmt: skip
    for name, number in (("IncomeAccountRef", "4000"), ("ExpenseAccountRef", "5000"), ("AssetAccountRef", "1150")):
        stock[name] = {"value": books.id("Account", number)}
    books.post("item", stock)
    assert _rows(books, "InventoryValuationSummary")[1]["Conduit"] == ["C-1", "4", "10.00", "2.50"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"report_date": "soon"}, "2060"), ({"aging_period": "0"}, "2240"), ({"num_periods": "x"}, "2240")],
)
def test_what_a_report_does_not_understand(books: Books, asked: dict[str, str], code: str) -> None:
    answer = books.request("GET", "reports/AgedReceivables", params=asked)
    assert answer.json()["Fault"]["Error"][0]["code"] == code
