"""What takes long where much is kept: counted before it is read, and read at once instead of one by one."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import pytest

from sandbox.quickbooks import report_figures
from sandbox.quickbooks.faults import ServiceFault
from sandbox.quickbooks.provider import QuickBooks
from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.report_periods import Days, parts
from sandbox.quickbooks.reports import report
from sandbox.quickbooks.work import Work
from sandbox.settings import from_environment
from sandbox.world import Sandbox

YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}


@pytest.fixture
def work() -> Iterator[Work]:
    """The desk of a company in a sandbox of its own."""
    sandbox = Sandbox(from_environment(port=1, data=None))
    sandbox.add_provider(QuickBooks(sandbox))
    company = sandbox.create_company("quickbooks", "contractor")
    yield Work(sandbox, company, sandbox.clock.now())
    sandbox.store.close()


def _invoice(work: Work, customer: str, amount: int = 10) -> None:
    item = work.sandbox.store.select("company=? AND entity='Item'", (work.company.id,))[0]
    detail: dict[str, Any] = {"ItemRef": {"value": item.id}}
    line = {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
    KINDS["invoice"].create(work, {"CustomerRef": {"value": customer}, "TxnDate": "2026-11-02", "Line": [line]})


def _customers(work: Work, count: int) -> list[str]:
    return [KINDS["customer"].create(work, {"DisplayName": f"Client {number}"}).id for number in range(count)]


def test_columns_are_cut_no_further_than_they_fit() -> None:
    days = Days(date(1900, 1, 1), date(2200, 12, 31))
    assert [part.title for part in islice(parts("year", days), 2)] == ["Jan - Dec 1900", "Jan - Dec 1901"]
    assert next(parts("days", days)).days.until == date(1900, 1, 1)


def test_columns_of_names_are_cells_too(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    for customer in _customers(work, 3):
        _invoice(work, customer)
    asked = {**YEAR, "summarize_column_by": "Customers"}
    accounts = len(work.sandbox.books.trial_balance(work.company.id))
    monkeypatch.setattr(report_figures, "LARGEST", accounts * 4)
    found = report(work, "ProfitAndLoss", asked)
    assert found is not None and len(found["Columns"]["Column"]) == 5
    monkeypatch.setattr(report_figures, "LARGEST", accounts * 4 - 1)
    with pytest.raises(ServiceFault, match="reduce the date range"):
        report(work, "ProfitAndLoss", asked)


def test_any_number_of_customers_can_be_asked_for(work: Work) -> None:
    [customer] = _customers(work, 1)
    _invoice(work, customer)
    many = ",".join(map(str, [customer, *range(10**6, 10**6 + 260_000)]))
    for name in ("CustomerSales", "ProfitAndLoss"):
        found = report(work, name, {**YEAR, "customer": many})
        assert found is not None and "10.00" in str(found["Rows"])


LISTS = [
    "GeneralLedger", "ProfitAndLossDetail", "JournalReport", "TransactionList", "TransactionListByCustomer",
    "TransactionListWithSplits", "AgedReceivableDetail", "CustomerBalanceDetail",
]  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_documents_are_counted_before_they_are_read(work: Work, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    [customer] = _customers(work, 1)
    for _ in range(30):
        _invoice(work, customer)
    assert report(work, name, YEAR) is not None
    monkeypatch.setattr(report_figures, "LARGEST", 150)
    reading: list[str] = []
    work.sandbox.store.db.set_trace_callback(reading.append)
    with pytest.raises(ServiceFault, match="reduce the date range"):
        report(work, name, YEAR)
    assert not [sql for sql in reading if "body" in sql]


@pytest.mark.parametrize("name", LISTS)
def test_documents_are_not_asked_for_one_by_one(work: Work, name: str) -> None:
    [customer] = _customers(work, 1)
    asked: list[int] = []
    for _ in range(2):
        for _ in range(10):
            _invoice(work, customer)
        report(work, name, YEAR)
        statements: list[str] = []
        work.sandbox.store.db.set_trace_callback(statements.append)
        report(work, name, YEAR)
        work.sandbox.store.db.set_trace_callback(None)
        asked.append(len(statements))
    assert asked[0] == asked[1]


def test_a_ledger_of_some_days_reads_no_others(work: Work) -> None:
    [customer] = _customers(work, 1)
    _invoice(work, customer)
    statements: list[str] = []
    work.sandbox.store.db.set_trace_callback(statements.append)
    report(work, "GeneralLedger", {"start_date": "2026-12-01", "end_date": "2026-12-02"})
    ledgers = [sql for sql in statements if "ORDER BY date" in sql]
    assert ledgers and all("'2026-12-01'" in sql and "'2026-12-02'" in sql for sql in ledgers)


def test_one_account_or_name_reads_no_others(work: Work) -> None:
    one, other = _customers(work, 2)
    for _ in range(60):
        _invoice(work, other)
    _invoice(work, one)
    opening = {"OpeningBalance": 5, "OpeningBalanceDate": "2026-01-01"}
    safe = KINDS["account"].create(work, {"Name": "Safe", "AccountType": "Bank", **opening}).id
    db = work.sandbox.store.db
    for name, narrowed, amount in (
        ("GeneralLedger", {"account": safe}, "5.00"),
        ("TransactionListByCustomer", {"customer": one}, "10.00"),
    ):
        statements: list[str] = []
        db.set_trace_callback(statements.append)
        assert amount in str(report(work, name, {**YEAR, **narrowed}))
        db.set_trace_callback(None)
        assert statements and max(len(db.execute(sql).fetchall()) for sql in statements) < 60


def _renamed(work: Work, parent: str, name: str) -> list[str]:
    """Rename a customer and return the statements that read or write every document."""
    stored = work.find("Customer", parent)
    assert stored is not None
    statements: list[str] = []
    work.sandbox.store.db.set_trace_callback(statements.append)
    change = {"Id": parent, "SyncToken": str(stored.version), "sparse": True, "DisplayName": name}
    KINDS["customer"].update(work, change)
    work.sandbox.store.db.set_trace_callback(None)
    return [sql for sql in statements if "instr(" in sql]


def test_a_new_name_is_told_in_one_go_to_however_many_jobs(work: Work) -> None:
    [parent] = _customers(work, 1)
    for number in range(5):
        job = {"DisplayName": f"Job {number}", "Job": True, "ParentRef": {"value": parent}}
        _invoice(work, KINDS["customer"].create(work, job).id)
    assert len(_renamed(work, parent, "Builders")) == 1
    invoices = work.sandbox.store.select("company=? AND entity='Invoice'", (work.company.id,))
    assert {record.body["CustomerRef"]["name"] for record in invoices} == {f"Builders:Job {n}" for n in range(5)}


def test_a_short_name_of_one_entry_is_looked_for_by_its_id(work: Work) -> None:
    [other] = _customers(work, 1)
    short = KINDS["customer"].create(work, {"DisplayName": "C"}).id
    for customer in (other, other, short):
        _invoice(work, customer)
    [told] = _renamed(work, short, "Carpenters")
    assert len(work.sandbox.store.db.execute(told).fetchall()) == 1
    invoices = work.sandbox.store.select("company=? AND entity='Invoice'", (work.company.id,))
    assert [record.body["CustomerRef"]["name"] for record in invoices] == ["Client 0", "Client 0", "Carpenters"]


def test_a_payment_abroad_reads_those_before_it_once(work: Work) -> None:
    work.sandbox.companies.configure(work.company, {"multicurrency": True})
    euro = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 1.3}
    KINDS["companycurrency"].create(work, {"Code": "EUR"})
    given = {"DisplayName": "Bauherr", "CurrencyRef": {"value": "EUR"}}
    customer = {"CustomerRef": {"value": KINDS["customer"].create(work, given).id}, **euro}
    item = work.sandbox.store.select("company=? AND entity='Item'", (work.company.id,))[0]
    line = {"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": item.id}}}
    invoice = KINDS["invoice"].create(work, {**customer, "Line": [{**line, "Amount": 100}]}).id
    linked = {"Amount": 1, "LinkedTxn": [{"TxnId": invoice, "TxnType": "Invoice"}]}
    statements: list[str] = []
    paid = []
    for _ in range(30):
        statements.clear()
        work.sandbox.store.db.set_trace_callback(statements.append)
        paid.append(KINDS["payment"].create(work, {**customer, "TotalAmt": 1, "Line": [linked]}).id)
    assert len(statements) < 60
    statements.clear()
    KINDS["payment"].delete(work, {"Id": paid[0], "SyncToken": "0"})
    assert len(statements) < 400
