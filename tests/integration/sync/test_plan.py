"""A firm on a plan that posts nothing: what it approves waits, says why, and goes when the plan is raised."""

import pytest

from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox
from sync.models import OutboxEntry
from sync.states import Hold, State
from tests import ledgers
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
