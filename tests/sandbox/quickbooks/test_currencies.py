"""Companies with several currencies: documents in their own, the ledger at home."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.sandbox.quickbooks.books import Books, a_bill, a_payment, a_purchase, an_invoice
from tests.sandbox.running import Running

EUR = {"CurrencyRef": {"value": "EUR"}}
USD = {"CurrencyRef": {"value": "USD"}}
Body = dict[str, Any]


class Abroad:
    """A company with a customer and a vendor in euro."""

    def __init__(self, sandbox: Running) -> None:
        self.books = books = Books(sandbox, multicurrency=True)
        books.post("companycurrency", {"Code": "EUR"})
        self.customer = {"value": books.post("customer", {"DisplayName": "Bauherr", **EUR})["Id"]}
        self.vendor = {"value": books.post("vendor", {"DisplayName": "Lieferant", **EUR})["Id"]}

    def invoice(self, amount: Any, rate: Any, **changes: Any) -> Body:
        return an_invoice(self.books, amount, CustomerRef=self.customer, ExchangeRate=rate, **EUR, **changes)

    def payment(self, total: Any, rate: Any, *links: tuple[str, str, Any]) -> Body:
        return a_payment(self.books, total, *links, CustomerRef=self.customer, ExchangeRate=rate, **EUR)

    def bill(self, amount: Any, rate: Any) -> Body:
        return a_bill(self.books, amount, VendorRef=self.vendor, ExchangeRate=rate, **EUR)

    def pay_bill(self, total: Any, rate: Any, bill: str, applied: Any = None) -> Body:
        bank = {"BankAccountRef": {"value": self.books.id("Account", "1000")}}
        links = [{"Amount": applied or total, "LinkedTxn": [{"TxnId": bill, "TxnType": "Bill"}]}]
        how = {"PayType": "Check", "CheckPayment": bank}
        return {"VendorRef": self.vendor, "TotalAmt": total, "ExchangeRate": rate, "Line": links, **how, **EUR}


@pytest.fixture
def abroad(sandbox: Running) -> Abroad:
    return Abroad(sandbox)


def test_the_ledger_takes_an_invoice_at_its_rate(abroad: Abroad) -> None:
    made = abroad.books.post("invoice", abroad.invoice(100, 1.1))
    assert (made["TotalAmt"], made["HomeTotalAmt"], made["HomeBalance"]) == (100, 110, 110)
    assert (made["CurrencyRef"]["value"], made["ExchangeRate"]) == ("EUR", 1.1)
    assert [abroad.books.balance(code) for code in ("1100", "4000")] == ["110.00", "-110.00"]
    assert abroad.books.get(f"customer/{abroad.customer['value']}")["Balance"] == 100


def test_a_payment_at_another_rate_makes_a_gain_or_a_loss(abroad: Abroad) -> None:
    books = abroad.books
    invoice = books.post("invoice", abroad.invoice(100, 1.1))["Id"]
    books.post("payment", abroad.payment(100, 1.25, ("Invoice", invoice, 100)))
    assert [books.balance(code) for code in ("1100", "1200")] == ["0.00", "125.00"]
    [gain] = books.query("select * from Account where AccountSubType = 'ExchangeGainOrLoss'")
    assert gain["CurrentBalance"] == -15
    assert books.get(f"invoice/{invoice}")["HomeBalance"] == 0
    bill = books.post("bill", abroad.bill(200, 1.1))["Id"]
    books.post("billpayment", abroad.pay_bill(200, 1.2, bill))
    assert [books.balance(code) for code in ("2000", "1000")] == ["0.00", "-240.00"]
    assert books.get(f"account/{gain['Id']}")["CurrentBalance"] == 5


def test_money_freed_from_an_invoice_is_worth_what_was_paid(abroad: Abroad) -> None:
    books = abroad.books
    invoice = books.post("invoice", abroad.invoice(100, 1.1))["Id"]
    books.post("payment", abroad.payment(80, 1.25, ("Invoice", invoice, 80)))
    books.post("invoice?operation=void", {"Id": invoice, "SyncToken": "1"})
    assert [books.balance(code) for code in ("1100", "1200")] == ["-100.00", "100.00"]
    [gain] = books.query("select * from Account where AccountSubType = 'ExchangeGainOrLoss'")
    assert gain["CurrentBalance"] == 0


def test_the_last_payment_takes_what_rounding_left(abroad: Abroad) -> None:
    books = abroad.books
    invoice = books.post("invoice", abroad.invoice(1, "1.1"))["Id"]
    paid = [
        books.post("payment", abroad.payment(part, "1.1", ("Invoice", invoice, part)))["Id"]
        for part in (0.33, 0.33, 0.34)
    ]
    assert (books.get(f"invoice/{invoice}")["HomeBalance"], books.balance("1100")) == (0, "0.00")
    books.post("payment?operation=delete", {"Id": paid[0], "SyncToken": "0"})
    assert (books.get(f"invoice/{invoice}")["HomeBalance"], books.balance("1100")) == (0.36, "0.36")


def test_rates_are_listed_and_taken_where_none_is_given(abroad: Abroad) -> None:
    books = abroad.books
    assert books.get("exchangerate?sourcecurrencycode=EUR&asofdate=2026-11-02")["Rate"] == 1
    set_ = books.post("exchangerate", {"SourceCurrencyCode": "EUR", "Rate": 1.2, "AsOfDate": "2026-11-02"})
    assert (set_["Rate"], set_["TargetCurrencyCode"]) == (1.2, "USD")
    made = books.post("invoice", abroad.invoice(100, 0))
    assert (made["ExchangeRate"], made["HomeTotalAmt"]) == (1.2, 120)


def test_home_documents_need_no_rate(abroad: Abroad) -> None:
    made = abroad.books.post("invoice", an_invoice(abroad.books, 10, ExchangeRate=3, **USD))
    assert "ExchangeRate" not in made and "HomeBalance" not in made
    spent = abroad.books.post("purchase", a_purchase(abroad.books, 10, ExchangeRate="1.5", **EUR))
    assert (spent["ExchangeRate"], abroad.books.balance("1000")) == (1.5, "-15.00")


@pytest.mark.parametrize(
    ("code", "words", "changes"),
    [
        ("2020", "CurrencyRef is missing", {"CurrencyRef": None}),
        ("2220", "Invalid Currency Type", {"CurrencyRef": {"value": "euro"}}),
        ("2500", "Currencies element id GBP not found", {"CurrencyRef": {"value": "GBP"}}),
        ("2240", "out of range", {"ExchangeRate": -1}),
        ("6000", "not that of the customer, EUR", USD),
    ],
)
def test_refusals(abroad: Abroad, code: str, words: str, changes: Body) -> None:
    _, error = abroad.books.refused("invoice", {**abroad.invoice(10, 1.1), **changes})
    assert (error["code"], words in error["Detail"]) == (code, True)


def test_currencies_are_said_once(abroad: Abroad) -> None:
    books = abroad.books
    change = {"Id": abroad.customer["value"], "SyncToken": "0", "sparse": True, **USD}
    assert "cannot be changed" in books.refused("customer", change)[1]["Detail"]
    made = books.post("invoice", abroad.invoice(10, 1.1))
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True, **USD}
    assert "cannot be changed" in books.refused("invoice", change)[1]["Detail"]
    books.post("payment", abroad.payment(4, 1.1, ("Invoice", made["Id"], 4)))
    change = {"Id": made["Id"], "SyncToken": "1", "sparse": True, "ExchangeRate": 1.2}
    assert "with payments" in books.refused("invoice", change)[1]["Detail"]


RATES = st.sampled_from(["0.9137", "1", "1.1", "1.33333"])
# The last two pay more than they apply.
PAYING = ("pay", "paybill", "overpay", "overpaybill")
# The smallest amounts of which the parts do not round to the whole.
FIRST = [
    ("invoice", 3333, "1.1"), ("overpay", 10, "1.1"), ("pay", 1111, "1.2"),
    ("bill", 777, "0.9137"), ("overpaybill", 10, "1.1"),
]  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(["invoice", "bill", *PAYING, "void", "undo"]), st.integers(1, 9999), RATES),
    max_size=12,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=[("void", 1, "1"), ("undo", 1, "1"), ("undo", 1, "1")])
def test_receivables_and_payables_are_what_is_open_at_home(sandbox: Running, steps: list[tuple[str, int, str]]) -> None:
    abroad = Abroad(sandbox)
    books = abroad.books
    for act, cents, rate in [*FIRST, *steps]:
        for path, body in _acts(abroad, act, str(Decimal(cents) / 100), rate):
            assert books.request("POST", path, json=body).status_code in (200, 400)
    balances = sandbox.trial_balance(books.company)
    assert sum(balances.values()) == 0
    assert balances["1100"] == _open(books, "Invoice", "Payment")
    assert balances["2000"] == -_open(books, "Bill", "BillPayment")
    for name, owed in (("AgedReceivables", balances["1100"]), ("AgedPayables", -balances["2000"])):
        assert Decimal(_report(books, name).get("TOTAL", ["0"])[-1]) == owed


def _acts(abroad: Abroad, act: str, amount: str, rate: str) -> list[tuple[str, Body]]:
    books = abroad.books
    found = {name: books.query(f"select * from {name} orderby Id desc") for name in ("Invoice", "Bill", "Payment")}  # noqa: S608
    last = {name: rows[0] for name, rows in found.items() if rows}
    gone = {name: {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True} for name, row in last.items()}
    part = str(Decimal(amount).quantize(Decimal("0.1")) / 2)
    table: dict[str, list[tuple[str, Body]]] = {
        "invoice": [("invoice", abroad.invoice(amount, rate))],
        "bill": [("bill", abroad.bill(amount, rate))],
        "pay": [
            ("payment", abroad.payment(amount, rate, *[("Invoice", row["Id"], amount) for row in found["Invoice"][:1]]))
        ],
        "paybill": [("billpayment", abroad.pay_bill(amount, rate, row["Id"])) for row in found["Bill"][:1]],
        "overpay": [
            ("payment", abroad.payment(amount, rate, ("Invoice", row["Id"], part))) for row in found["Invoice"][:1]
        ],
        "overpaybill": [("billpayment", abroad.pay_bill(amount, rate, row["Id"], part)) for row in found["Bill"][:1]],
        "void": [("invoice?operation=void", gone["Invoice"])] if "Invoice" in gone else [],
        "undo": [("payment?operation=delete", gone["Payment"])] if "Payment" in gone else [],
    }
    return table[act]


def _open(books: Books, owed: str, paid: str) -> Decimal:
    """What is open in the home currency: documents less money not applied yet."""
    documents = books.query(f"select * from {owed} maxresults 1000")  # noqa: S608  the vendor's language
    payments = books.query(f"select * from {paid} maxresults 1000")  # noqa: S608  the vendor's language
    total = sum(Decimal(str(row["HomeBalance"])) for row in documents)
    for row in payments:
        applied = sum(Decimal(str(line["Amount"])) for line in row["Line"])
        rest = (Decimal(str(row["TotalAmt"])) - applied) * Decimal(str(row["ExchangeRate"]))
        total -= rest.quantize(Decimal("0.01"), "ROUND_HALF_UP")
    return Decimal(total)


def test_the_currency_of_an_account_is_said_once(sandbox: Running) -> None:
    books = Books(sandbox, multicurrency=True)
    books.post("companycurrency", {"Code": "EUR"})
    made = books.post("account", {"Name": "Euros", "AccountType": "Bank", "CurrencyRef": {"value": "EUR"}})
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    assert books.refused("account", {**change, "CurrencyRef": {"value": "USD"}})[1]["code"] == "6000"
    assert books.post("account", {**change, "Description": "abroad"})["CurrencyRef"]["value"] == "EUR"


def _report(books: Books, name: str) -> dict[str, list[str]]:
    """Title to figures, of lines and totals on every level."""
    asked = {"start_date": "2026-01-01", "end_date": "2026-12-31", "report_date": "2026-12-31"}
    pending = list(books.request("GET", f"reports/{name}", params=asked).json()["Rows"].get("Row", []))
    found: dict[str, list[str]] = {}
    while pending:
        row = pending.pop(0)
        pending += (row.get("Rows") or {}).get("Row", [])
        for cells in (row.get("ColData"), (row.get("Summary") or {}).get("ColData")):
            if cells:
                found[cells[0]["value"]] = [cell["value"] for cell in cells[1:]]
    return found


@pytest.fixture
def sold(abroad: Abroad) -> Abroad:
    """An invoice in euro of which half is paid, and one at home."""
    books = abroad.books
    invoice = books.post("invoice", abroad.invoice(100, 1.25))["Id"]
    books.post("payment", abroad.payment(50, 1.25, ("Invoice", invoice, 50)))
    books.post("bill", abroad.bill(80, 1.5))
    books.post("invoice", an_invoice(books, 40, **USD))
    return abroad


@pytest.mark.parametrize(
    ("name", "row", "figures"),
    [
        ("AgedReceivables", "Bauherr", ["62.50"]),
        ("AgedReceivables", "TOTAL", ["102.50"]),
        ("AgedReceivableDetail", "TOTAL", ["165.00", "102.50"]),
        ("CustomerBalance", "TOTAL", ["102.50"]),
        ("CustomerBalanceDetail", "Total for Bauherr", ["125.00", "62.50"]),
        ("VendorBalance", "Lieferant", ["120.00"]),
        ("AgedPayables", "TOTAL", ["120.00"]),
        ("ItemSales", "Progress Billing", ["0.00", "165.00", "100.00", ""]),
        ("DepartmentSales", "TOTAL", ["165.00"]),
        ("CustomerSales", "TOTAL", ["165.00"]),
        ("VendorExpenses", "Lieferant", ["120.00"]),
    ],
)
def test_reports_add_up_in_the_home_currency(sold: Abroad, name: str, row: str, figures: list[str]) -> None:
    assert _report(sold.books, name)[row][-len(figures) :] == figures


def test_what_is_not_posted_is_listed_in_the_home_currency_too(abroad: Abroad) -> None:
    made = abroad.books.post("estimate", abroad.invoice(100, 1.25))
    assert made["TotalAmt"] == 100
    assert _report(abroad.books, "TransactionList")[made["TxnDate"]][-1] == "125.00"
