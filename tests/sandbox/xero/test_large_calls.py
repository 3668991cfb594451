"""Calls of many payments: what they cost grows with their number, and not with its square."""

import json
from typing import Any

from sandbox.xero.desk import Desk
from sandbox.xero.resources import RESOURCES
from sandbox.xero.writing import write_all
from tests.sandbox.xero.browser import invoice, line
from tests.sandbox.xero.desks import a_desk, put


def pay(desk: Desk, number: str, count: int) -> tuple[list[dict[str, Any]], int]:
    """The rows of so many payments of one invoice in one call, and how often the database was asked."""
    put(desk, "invoices", invoice(number, LineItems=[line(count)]))
    payment = {"Invoice": {"InvoiceNumber": number}, "Account": {"Code": "090"}, "Amount": 1, "Date": "2026-10-02"}
    asked: list[str] = []
    desk.store.db.set_trace_callback(asked.append)
    batch = write_all(desk, RESOURCES["payments"], [payment] * count, "PUT", summarize=True)
    desk.store.db.set_trace_callback(None)
    return batch.rows, len(asked)


def test_payments_of_one_invoice_ask_the_database_alike() -> None:
    with a_desk("empty") as desk:
        put(desk, "contacts", {"Name": "Harbor Point"})
        costs = [pay(desk, f"P-{count}", count)[1] / count for count in (10, 40)]
    assert costs[1] < 1.2 * costs[0]


def test_an_invoice_is_shown_with_fifty_of_its_payments() -> None:
    with a_desk("empty") as desk:
        rows, _ = pay(desk, "P-1", 60)
        sizes = [len(json.dumps(row, default=str)) for row in rows]
    for number, row in enumerate(rows[:50], start=1):
        assert row["Invoice"]["AmountDue"] == 60 - number and len(row["Invoice"]["Payments"]) == number
    for row in rows[50:]:
        assert row["Invoice"]["InvoiceNumber"] == "P-1" and row["Invoice"]["Payments"] == []
    assert max(sizes[50:]) < min(sizes[:50])
