"""Whatever is accepted, the trial balance is zero and the control accounts equal the open documents."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.books import Side
from sandbox.settings import from_environment
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.world import Sandbox
from sandbox.xero.credit import ENTITIES, allocate, deallocate
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


def attempt(desk: Desk, path: str, body: Body, verb: str = "PUT") -> bool:
    """Carry out one write and say whether it was accepted; a refusal must leave nothing behind."""
    try:
        with desk.store.transaction():
            RESOURCES[path].save(desk, Fields(body, Problems()), verb)
    except XeroError:
        return False
    return True


def write(desk: Desk, body: Body) -> bool:
    return attempt(desk, "creditnotes" if body["Type"].endswith("CREDIT") else "invoices", body)


MONEY = (
    "SPEND",
    "RECEIVE",
    *(f"{way}-{what}" for way in ("SPEND", "RECEIVE") for what in ("PREPAYMENT", "OVERPAYMENT")),
)
BANK = {"Code": "090"}


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who picks documents and amounts, the same ones for the same seed."""

    desk: Desk
    source: random.Random

    def amount(self) -> Decimal:
        return Decimal(self.source.randint(1, 200_000)) / 100

    def any(self, *entities: str) -> Record | None:
        found = [record for entity in entities for record in self.desk.every(entity)]
        return self.source.choice(found) if found else None


def move_money(hand: Hand) -> bool:
    kind = hand.source.choice(MONEY)
    code, tax = hand.source.choice(SALES if kind.startswith("RECEIVE") else COSTS)
    body = {
        "Type": kind,
        "Contact": {"Name": hand.source.choice(["One", "Two"])},
        "BankAccount": BANK,
        "Date": "2026-10-01",
        "CurrencyCode": hand.source.choice(["NZD", "NZD", "USD"]),
        "CurrencyRate": "0.8",
        "LineItems": [{"Description": "x", "UnitAmount": hand.amount(), "AccountCode": code, "TaxType": tax}],
    }
    return attempt(hand.desk, "banktransactions", body)


def pay(hand: Hand) -> bool:
    """Pay a part of an invoice, or the whole, or give a credit back."""
    target = hand.any("Invoice", *ENTITIES)
    if target is None:
        return False
    amount = hand.source.choice([hand.amount(), target.body["Total"]])
    document = {target.entity: {f"{target.entity}ID": target.id}}
    return attempt(hand.desk, "payments", {**document, "Account": BANK, "Amount": amount, "CurrencyRate": "0.9"})


def pay_several(hand: Hand) -> bool:
    targets = hand.source.sample(hand.desk.every("Invoice"), k=min(2, len(hand.desk.every("Invoice"))))
    rows = [{"Invoice": {"InvoiceID": one.id}, "Amount": hand.amount() / 100} for one in targets]
    return attempt(hand.desk, "batchpayments", {"Account": BANK, "Date": "2026-10-03", "Payments": rows})


def set_off(hand: Hand) -> bool:
    note, target = hand.any(*ENTITIES), hand.any("Invoice")
    if note is None or target is None:
        return False
    body = {"Amount": hand.amount() / 10, "Invoice": {"InvoiceID": target.id}, "Date": "2026-10-02"}
    try:
        with hand.desk.store.transaction():
            allocate(hand.desk, note, Fields(body, Problems()))
    except XeroError:
        return False
    return True


def take_back(hand: Hand) -> bool:
    notes = [note for entity in ENTITIES for note in hand.desk.every(entity) if note.body.get("Allocations")]
    if not notes:
        return False
    note = hand.source.choice(notes)
    return bool(deallocate(hand.desk, note, note.body["Allocations"][0]["AllocationID"]))


def turn(entity: str, status: str) -> Callable[[Hand], bool]:
    """The act that gives any document of a kind another status."""

    def act(hand: Hand) -> bool:
        found = hand.any(entity)
        if found is None:
            return False
        body = {f"{entity}ID": found.id, "Status": status}
        return attempt(hand.desk, f"{entity.lower()}s", body, "POST")

    return act


ACTS: dict[str, Callable[[Hand], bool]] = {
    "move money": move_money,
    "pay": pay,
    "pay several": pay_several,
    "set off": set_off,
    "take back": take_back,
    "approve": turn("Invoice", "AUTHORISED"),
    "void an invoice": turn("Invoice", "VOIDED"),
    "void a note": turn("CreditNote", "VOIDED"),
    "unpay": turn("Payment", "DELETED"),
    "unpay several": turn("BatchPayment", "DELETED"),
    "undo money": turn("BankTransaction", "DELETED"),
}


def live(desk: Desk, bodies: list[Body], source: random.Random) -> Counter[str]:
    """Write documents and disturb them: paid, unpaid, credited, approved, voided. What was accepted, counted."""
    accepted: Counter[str] = Counter()
    for body in bodies:
        accepted[body["Type"]] += write(desk, body)
        for name in source.choices(list(ACTS), k=source.randint(0, 6)):
            accepted[name] += ACTS[name](Hand(desk, source))
    return accepted


def assert_balanced(world: Sandbox, desk: Desk) -> None:
    balance = world.books.trial_balance(desk.company)
    assert sum(row.cents for row in balance) == 0
    control = {row.side: row.cents for row in balance if row.side}
    assert control["receivable"] == open_documents(desk, "receivable")
    assert control["payable"] == -open_documents(desk, "payable")
    sides: tuple[Side, ...] = ("receivable", "payable")
    for side in sides:
        assert world.books.open_total(desk.company, side) == open_documents(desk, side)


def open_documents(desk: Desk, side: Side) -> int:
    """Cents of the home currency that are open by what the documents themselves say."""
    found = [record for entity in ("Invoice", *ENTITIES) for record in desk.every(entity)]
    return sum(record.balance_cents for record in found if record.side == side)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=st.lists(documents(), min_size=1, max_size=6), seed=st.integers(0, 10**6))
def test_the_books_balance(world: Sandbox, bodies: list[Body], seed: int) -> None:
    desk = a_desk(world)
    live(desk, bodies, random.Random(seed))
    assert_balanced(world, desk)


def test_every_act_is_accepted_somewhere(world: Sandbox) -> None:
    """A property over refusals alone would prove nothing."""
    desk = a_desk(world)
    body = {"Type": "ACCREC", "Contact": {"Name": "One"}, "Date": "2026-10-01", "DueDate": "2026-10-31"}
    lines = [{"Description": "x", "UnitAmount": "900.10", "AccountCode": "200", "TaxType": "OUTPUT2"}]
    sale = body | {"LineItems": lines, "Status": "AUTHORISED"}
    note, draft = sale | {"Type": "ACCRECCREDIT"}, sale | {"Status": "DRAFT"}
    accepted = live(desk, [sale, note, draft] * 25, random.Random(3))
    assert set(ACTS) <= {name for name, times in accepted.items() if times}
    assert_balanced(world, desk)
