"""Whatever is accepted, the trial balance is zero and the control accounts equal the open documents."""

import contextlib
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.settings import from_environment
from sandbox.wire import Body
from sandbox.world import Sandbox
from sandbox.xero.credit import allocate, deallocate
from sandbox.xero.desk import Desk
from sandbox.xero.errors import XeroError
from sandbox.xero.fields import Fields, Problems
from sandbox.xero.organisation import organisation_of
from sandbox.xero.provider import Xero
from sandbox.xero.resources import RESOURCES

AMOUNTS = st.decimals(min_value=-500, max_value=5000, places=2)
TYPES = st.sampled_from(["Exclusive", "Inclusive", "NoTax"])
SALES = [("200", "OUTPUT2"), ("615", "OUTPUT2"), ("210", "ZERORATED")]
COSTS = [("320", "INPUT2"), ("815", "INPUT2"), ("433", "NONE")]


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    sandbox = Sandbox(from_environment(port=1, data=None, environ={}))
    sandbox.add_provider(Xero(sandbox))
    yield sandbox
    sandbox.store.close()


def a_desk(sandbox: Sandbox) -> Desk:
    company = sandbox.create_company("xero", "empty")
    changes = {"version": "NZ", "base_currency": "NZD", "currencies": ["USD"]}
    sandbox.companies.configure(company, changes)
    return Desk(
        store=sandbox.store,
        books=sandbox.books,
        organisation=organisation_of(company),
        now=sandbox.clock.now(),
    )


@st.composite
def documents(draw: st.DrawFn) -> Body:
    kind = draw(st.sampled_from(["ACCREC", "ACCPAY", "ACCRECCREDIT", "ACCPAYCREDIT"]))
    coding = st.sampled_from(SALES if "REC" in kind else COSTS)
    lines = [
        {
            "Description": "x",
            "Quantity": draw(st.integers(0, 3)),
            "UnitAmount": amount,
            "AccountCode": code,
            "TaxType": tax,
        }
        for amount, (code, tax) in draw(st.lists(st.tuples(AMOUNTS, coding), min_size=1, max_size=4))
    ]
    return {
        "Type": kind,
        "Contact": {"Name": draw(st.sampled_from(["One", "Two"]))},
        "Date": "2026-10-01",
        "DueDate": "2026-10-31",
        "Status": draw(st.sampled_from(["DRAFT", "AUTHORISED", "AUTHORISED"])),
        "LineAmountTypes": draw(TYPES),
        "CurrencyCode": draw(st.sampled_from(["NZD", "NZD", "USD"])),
        "CurrencyRate": draw(st.decimals(min_value="0.5", max_value="1.5", places=4)),
        "LineItems": lines,
    }


def attempt(desk: Desk, path: str, body: Body, verb: str) -> None:
    """Carry out one write; a refusal must leave nothing behind."""
    with contextlib.suppress(XeroError), desk.store.transaction():
        RESOURCES[path].save(desk, Fields(body, Problems()), verb)


def write(desk: Desk, body: Body) -> None:
    attempt(desk, "creditnotes" if body["Type"].endswith("CREDIT") else "invoices", body, "PUT")


def disturb(desk: Desk, source: random.Random) -> None:
    """One more event in the life of a document: paid, unpaid, credited, changed or voided."""
    invoices, notes = desk.every("Invoice"), desk.every("CreditNote")
    payments = desk.every("Payment")
    amount = Decimal(source.randint(1, 200_000)) / 100
    acts: list[Any] = []
    if invoices:
        one = source.choice(invoices)
        target = {"InvoiceID": one.id}
        pay = {"Invoice": target, "Account": {"Code": "090"}, "Amount": amount, "CurrencyRate": "0.9"}
        full = {**pay, "Amount": one.body["Total"]}
        acts += [lambda: attempt(desk, "payments", pay, "PUT"), lambda: attempt(desk, "payments", full, "PUT")]
        acts.append(lambda: attempt(desk, "invoices", {**target, "Status": "VOIDED"}, "POST"))
        acts.append(lambda: attempt(desk, "invoices", {**target, "Status": "AUTHORISED"}, "POST"))
        if notes:
            acts.append(lambda: set_off(desk, source.choice(notes).id, target, amount))
    if notes:
        acts.append(lambda: take_back(desk, source.choice(notes).id))
        refund = {"CreditNote": {"CreditNoteID": source.choice(notes).id}, "Code": "090", "Amount": amount}
        acts.append(lambda: attempt(desk, "payments", refund, "PUT"))
    if payments:
        gone = {"PaymentID": source.choice(payments).id, "Status": "DELETED"}
        acts.append(lambda: attempt(desk, "payments", gone, "POST"))
    if acts:
        source.choice(acts)()


def set_off(desk: Desk, note_id: str, target: Body, amount: Decimal) -> None:
    note = desk.get("CreditNote", note_id)
    assert note is not None
    body = {"Amount": amount, "Invoice": target, "Date": "2026-10-02"}
    with contextlib.suppress(XeroError), desk.store.transaction():
        allocate(desk, note, Fields(body, Problems()))


def take_back(desk: Desk, note_id: str) -> None:
    note = desk.get("CreditNote", note_id)
    assert note is not None
    for entry in note.body.get("Allocations", [])[:1]:
        deallocate(desk, note, entry["AllocationID"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=st.lists(documents(), min_size=1, max_size=6), seed=st.integers(0, 10**6))
def test_the_books_balance(world: Sandbox, bodies: list[Body], seed: int) -> None:
    desk = a_desk(world)
    source = random.Random(seed)
    for body in bodies:
        write(desk, body)
        for _ in range(source.randint(0, 4)):
            disturb(desk, source)
    balance = world.books.trial_balance(desk.company)
    assert sum(row.cents for row in balance) == 0
    control = {row.side: row.cents for row in balance if row.side}
    assert control["receivable"] == world.books.open_total(desk.company, "receivable")
    assert control["payable"] == -world.books.open_total(desk.company, "payable")
