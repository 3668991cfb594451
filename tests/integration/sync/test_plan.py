"""A firm on a plan that posts nothing: what it approves waits, says why, and goes when the plan is raised."""

from datetime import timedelta

import pytest

from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox
from sync.dispatch import next_turns
from sync.models import OutboxEntry
from sync.states import Hold, State
from tests import databases, ledgers
from tests.books import ConnectedFirm
from tests.firms import signed_in
from tests.integration.sync.test_faults import bills_in

pytestmark = pytest.mark.parametrize("books", ["quickbooks"], indirect=True)


def change_plan(books: ConnectedFirm, plan: str) -> str:
    """What the settings page shows after an owner chose a plan."""
    alice = signed_in(books.firm.owner)
    alice.post("/t/ironwood/settings/plan/change/", {"plan": plan})
    return alice.get("/t/ironwood/settings/integrations/").content.decode()


def approve_bill(books: ConnectedFirm, number: str) -> None:
    with tenant_transaction(books.tenant_id):
        bill = ledgers.a_bill(ledgers.a_vendor(f"Vendor {number}"), number=number)
        outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)


def test_a_lower_plan_stops_sending_and_a_higher_one_goes_on(books: ConnectedFirm) -> None:
    approve_bill(books, "1")
    shown = change_plan(books, "starter")
    assert "What was approved waits" in shown and "The Starter plan keeps documents and posts none." in shown
    books.turn()
    approve_bill(books, "2")
    for _ in range(3):
        books.turn()
    assert bills_in(books) == []
    with tenant_transaction(books.tenant_id):
        waiting = OutboxEntry.objects.filter(role="vendor")
        assert set(waiting.values_list("state", "reason")) == {(State.HELD, Hold.PLAN)}
    assert "What was approved waits" not in change_plan(books, "pro")
    books.drain()
    assert sorted(bills_in(books)) == ["1", "2"]


def test_an_unknown_outcome_waits_without_turns_and_is_looked_up_afterwards(books: ConnectedFirm) -> None:
    """While nothing is sent nothing is looked up: asking again and again whose turn it is would only burn a core."""
    act = {"kind": "drop", "when": "after"}
    books.sandbox.control("POST", "/faults", {"operation": "create", "entity": "Bill", "nth": 1, "act": act})
    approve_bill(books, "1")
    while State.UNCERTAIN not in books.states().values():
        books.turn()
    change_plan(books, "starter")
    with databases.later(timedelta(minutes=10)):
        books.turn()
        assert next_turns(most=5) == []
        change_plan(books, "pro")
        assert next_turns(most=5)
        books.drain()
    assert bills_in(books) == ["1"]
