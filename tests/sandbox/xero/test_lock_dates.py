"""Nothing moves in a locked period, whichever way one tries."""

from typing import Any

import pytest

from tests.sandbox.running import Running
from tests.sandbox.xero.browser import client_of, configure, invoice
from tests.sandbox.xero.refusals.ground import BANK, Ground, money, payment
from tests.sandbox.xero.test_documents import journal

Act = tuple[str, str, dict[str, Any]]
"""Method, path and body; `@name` stands for the id of what the ground holds."""

CREDIT = invoice(None, kind="ACCRECCREDIT")
BATCH = {"Account": BANK, "Date": "2026-10-02", "Payments": [{"Invoice": {"InvoiceNumber": "PART"}, "Amount": 1}]}
ALLOCATION = {"Allocations": [{"Amount": 1, "Invoice": {"InvoiceNumber": "PART"}, "Date": "2026-10-02"}]}
LATER = {"Date": "2026-11-05"}
VOID, DELETE = {"Status": "VOIDED"}, {"Status": "DELETED"}

ACTS: dict[str, Act] = {
    "create an invoice": ("PUT", "Invoices", invoice(None)),
    "create a bill": ("PUT", "Invoices", invoice(None, kind="ACCPAY")),
    "create a credit note": ("PUT", "CreditNotes", CREDIT),
    "post a journal": ("PUT", "ManualJournals", journal(debit="310")),
    "spend money": ("PUT", "BankTransactions", money()),
    "change an invoice": ("POST", "Invoices/@open", {"Reference": "x"}),
    "move an invoice out": ("POST", "Invoices/@open", LATER),
    "void an invoice": ("POST", "Invoices/@open", VOID),
    "void a credit note": ("POST", "CreditNotes/@free", VOID),
    "move a credit note out": ("POST", "CreditNotes/@free", LATER),
    "void a journal": ("POST", "ManualJournals/@journal", VOID),
    "move a journal out": ("POST", "ManualJournals/@journal", LATER),
    "delete a bank transaction": ("POST", "BankTransactions/@spent", DELETE),
    "move a bank transaction out": ("POST", "BankTransactions/@spent", LATER),
    "pay": ("PUT", "Payments", payment("OPEN")),
    "take a payment back": ("POST", "Payments/@payment", DELETE),
    "pay several": ("PUT", "BatchPayments", BATCH),
    "take several back": ("POST", "BatchPayments/@batch", DELETE),
    "set off": ("PUT", "CreditNotes/@used/Allocations", ALLOCATION),
    "take an allocation back": ("DELETE", "CreditNotes/@used/Allocations/@allocation", {}),
}
LOCKS: dict[str, dict[str, Any]] = {
    "period": {"period_lock_date": "2026-10-31", "end_of_year_lock_date": None, "adviser": None},
    "year": {"period_lock_date": "2026-11-10", "end_of_year_lock_date": "2026-10-31", "adviser": True},
}
WORDS = {"period": "before the period lock date", "year": "before the end of year lock date"}


@pytest.fixture(scope="module")
def october(server: Running) -> Ground:
    """An organisation that did one of everything in October."""
    ground = Ground(client_of(server.url, scopes="accounting.banktransactions"))
    for name in ("open", "part"):
        ground.keep(name, "Invoices", invoice(name.upper()))
    for name in ("free", "used"):
        ground.keep(name, "CreditNotes", CREDIT)
    ground.keep("journal", "ManualJournals", journal(debit="310"))
    ground.keep("spent", "BankTransactions", money())
    ground.keep("payment", "Payments", payment("PART"))
    ground.keep("batch", "BatchPayments", BATCH)
    ground.ids["allocation"] = ground.client.one("PUT", *ground.filled("CreditNotes/@used/Allocations", ALLOCATION))[
        "AllocationID"
    ]
    return ground


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("act", ACTS)
def test_nothing_moves_in_a_locked_period(october: Ground, act: str, lock: str) -> None:
    client = october.client
    configure(client.url, client.tenant, **LOCKS[lock])
    before, (method, path, body) = client.balances(), ACTS[act]
    path, body = october.filled(path, body)
    (sentence,) = client.sentences(method, path, body or None)
    assert WORDS[lock] in sentence or sentence == "Organisation accounts are locked on the specified payment date"
    assert client.balances() == before


def test_an_adviser_works_before_the_period_lock(server: Running) -> None:
    client = client_of(server.url, period_lock_date="2026-10-31")

    def action() -> str:
        rows = client.good("GET", "Organisation/Actions")["Actions"]
        return str({row["Name"]: row["Status"] for row in rows}["ApproveTransactionsBeforePeriodLockDate"])

    assert (client.call("PUT", "Invoices", invoice("A")).status_code, action()) == (400, "NOT-ALLOWED")
    configure(client.url, client.tenant, adviser=True)
    assert (client.call("PUT", "Invoices", invoice("A")).status_code, action()) == (200, "ALLOWED")
