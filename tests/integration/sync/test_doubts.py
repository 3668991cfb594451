"""What nobody can know is neither repeated nor forgotten: refusals after lost answers, several candidates, races."""

from datetime import timedelta
from typing import Any

import pytest

from integrations import registry
from integrations.connections import grants
from integrations.connections.facts import note
from integrations.connections.models import Connection, FactKind, Status
from integrations.mappings import choose
from integrations.mappings.models import AccountMapping, Link
from integrations.ports import Problem
from rivet import clock
from rivet.ledger.models import Bill, Vendor
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import claims, engine, facts, outbox, preparing, runs
from sync.models import Attempt, OutboxEntry, ReadyConnection, SyncIssue
from sync.outcomes import Rejected
from sync.settle import settle as settle_entry
from sync.states import Hold, State
from tests import databases, ledgers
from tests.books import ConnectedFirm
from tests.integration.sync.test_changes import a_posted_bill, change, change_there, void
from tests.integration.sync.test_faults import bills_in, break_once, settle

QUICKBOOKS = pytest.mark.parametrize("books", ["quickbooks"], indirect=True)


def entity(books: ConnectedFirm) -> str:
    return {"quickbooks": "Bill", "xero": "Invoice"}[books.connection.provider]


def approve_bill(books: ConnectedFirm, number: str = "INV-88") -> Bill:
    with tenant_transaction(books.tenant_id):
        vendor = Vendor.objects.first() or ledgers.a_vendor()
        bill = ledgers.a_bill(vendor, number=number)
        outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)
    return bill


def the_bill(books: ConnectedFirm) -> OutboxEntry:
    with tenant_transaction(books.tenant_id):
        entry: OutboxEntry = OutboxEntry.objects.select_related("connection", "revision").get(role="bill")
    return entry


def open_code(books: ConnectedFirm) -> str:
    with tenant_transaction(books.tenant_id):
        return str(SyncIssue.objects.get(resolved_at=None).code)


# A number that is taken ----------------------------------------------------------------------------------------------


@QUICKBOOKS
def test_retrying_what_is_refused_for_its_number_stays_refused(books: ConnectedFirm) -> None:
    """It was never saved by us, so there is nothing to look for: a second no is as good as the first."""
    a_posted_bill(books)
    refuse(books, times=2)
    approve_bill(books, "INV-89")
    books.drain()
    assert open_code(books) == "DUP-01"
    with tenant_transaction(books.tenant_id):
        entry = OutboxEntry.objects.get(state=State.REJECTED)
        assert runs.retry([entry], actor=books.firm.owner) == 1
    books.drain()
    with tenant_transaction(books.tenant_id):
        entry.refresh_from_db()
        assert (entry.state, entry.generation) == (State.REJECTED, 2)
        assert Attempt.objects.filter(entry_id=entry.pk).count() == 2


@pytest.mark.long
@QUICKBOOKS
def test_a_number_refused_after_a_lost_answer_is_refused_once_it_is_not_ours(books: ConnectedFirm) -> None:
    """The request got lost, its repetition was refused: looked up until it cannot arrive any more, then said."""
    books.sandbox.control("PATCH", f"/companies/{books.company}", {"requestid_retention_seconds": 0})
    break_once(books, {"kind": "drop", "when": "before"}, entity="Bill")
    approve_bill(books)
    while the_bill(books).state != State.UNCERTAIN:
        books.turn()
    refuse(books, times=1)
    settle(books)
    assert open_code(books) == "DUP-01"
    assert the_bill(books).state == State.REJECTED
    assert bills_in(books) == []


def refuse(books: ConnectedFirm, *, times: int) -> None:
    fault = {"Message": "Duplicate Document Number Error", "code": "6140", "Detail": "DocNumber=X is assigned"}
    body = {"Fault": {"Error": [fault], "type": "ValidationFault"}}
    act = {"kind": "status", "status": 400, "when": "before", "body": body, "headers": {}}
    rule = {"company": books.company, "operation": "create", "entity": "Bill", "times": times, "act": act}
    books.sandbox.control("POST", "/faults", rule)


# Several candidates --------------------------------------------------------------------------------------------------


def put_before_a_person(books: ConnectedFirm) -> OutboxEntry:
    """As a lookup leaves an entry that it found twice."""
    entry = the_bill(books)
    with tenant_transaction(books.tenant_id):
        OutboxEntry.objects.filter(pk=entry.pk).update(state=State.UNCERTAIN, looks=1, due_at=clock.now())
        claim = claims._hold(books.connection.pk, [entry], state=State.UNCERTAIN, now=clock.now())
        [held] = claim.entries
        held.connection = books.connection
        several = Rejected(problems=(Problem(code="UNC-02"),), may_stand=True)
        assert settle_entry(claim, held, several, is_looked_up=True)
    return the_bill(books)


@pytest.fixture
def unknown(books: ConnectedFirm) -> OutboxEntry:
    """A bill that arrived, whose answer was lost, and that a person has to look at."""
    break_once(books, {"kind": "drop", "when": "after"}, entity=entity(books))
    approve_bill(books)
    while the_bill(books).state != State.UNCERTAIN:
        books.turn()
    return put_before_a_person(books)


@QUICKBOOKS
def test_retry_looks_for_it_again_before_anything_is_sent(books: ConnectedFirm, unknown: OutboxEntry) -> None:
    assert (unknown.state, open_code(books)) == (State.REJECTED, "UNC-02")
    with tenant_transaction(books.tenant_id):
        assert facts.requeue([unknown], actor=None, resolution="retried") == 1
    assert the_bill(books).state == State.UNCERTAIN
    settle(books)
    assert bills_in(books) == ["INV-88"]
    assert the_bill(books).generation == 1


@QUICKBOOKS
def test_a_void_waits_until_somebody_knows(books: ConnectedFirm, unknown: OutboxEntry) -> None:
    with tenant_transaction(books.tenant_id):
        bill = Bill.objects.get()
    void(books, bill)
    with tenant_transaction(books.tenant_id):
        waiting = OutboxEntry.objects.get(operation="void")
        assert (waiting.state, waiting.reason) == (State.HELD, Hold.PARENT)
        assert runs.retry([unknown], actor=books.firm.owner) == 1
    settle(books)
    assert bills_in(books) == []


@QUICKBOOKS
def test_what_ends_every_worker_that_looks_it_up_is_put_before_a_person(books: ConnectedFirm) -> None:
    break_once(books, {"kind": "drop", "when": "after"}, entity="Bill")
    approve_bill(books)
    while the_bill(books).state != State.UNCERTAIN:
        books.turn()
    later = timedelta()
    for _ in range(preparing.CRASH_BUDGET):
        later += timedelta(minutes=10)
        with databases.later(later), tenant_transaction(books.tenant_id):
            claims.recover(books.connection.pk)
            # A worker takes it, asks, and is never heard of again.
            assert claims.claim_uncertain(books.connection.pk, provider_limits=limits(books))
    with databases.later(later + timedelta(minutes=10)):
        books.turn()
    entry = the_bill(books)
    assert (entry.state, open_code(books)) == (State.REJECTED, "SYS-02")
    assert entry.looks


def limits(books: ConnectedFirm) -> Any:
    return registry.provider(books.connection.provider).limits


# Races ---------------------------------------------------------------------------------------------------------------


@QUICKBOOKS
def test_what_was_held_for_something_that_is_settled_goes_by_itself(books: ConnectedFirm) -> None:
    """The vendor was settled while the bill was being approved: neither transaction saw the other's row."""
    approve_bill(books)
    with tenant_transaction(books.tenant_id):
        held = OutboxEntry.objects.get(role="bill")
        assert held.reason == Hold.PARENT
    books.drain()
    with tenant_transaction(books.tenant_id):
        assert OutboxEntry.objects.get(pk=held.pk).state == State.CONFIRMED
        again = ledgers.a_bill(Bill.objects.get().vendor, number="INV-89")
        [entry] = outbox.approve(kind=SourceKind.BILL, document_id=again.pk, actor=books.firm.owner).entries
        vendor = OutboxEntry.objects.get(role="vendor")
        entry.needs.create(tenant_id=books.tenant_id, needs=vendor)
        OutboxEntry.objects.filter(pk=entry.pk).update(state=State.HELD, reason=Hold.PARENT, due_at=None)
    books.turn()
    books.drain()
    assert sorted(bills_in(books)) == ["INV-88", "INV-89"]


@QUICKBOOKS
def test_an_approval_that_waits_brings_a_turn(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        ReadyConnection.objects.update(due_at=None)
    approve_bill(books)
    with tenant_transaction(books.tenant_id):
        assert ReadyConnection.objects.get(connection=books.connection).due_at is not None


@QUICKBOOKS
def test_a_longer_pause_stays(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        asked = clock.now() + timedelta(seconds=60)
        claims.rest(books.connection.pk, until=asked)
        claims.rest(books.connection.pk, until=clock.now() + claims.SLOT_WAIT)
        assert ReadyConnection.objects.get(connection=books.connection).not_before == asked


@QUICKBOOKS
def test_what_slept_between_the_record_and_the_socket_is_not_sent(books: ConnectedFirm) -> None:
    approve_bill(books)
    with tenant_transaction(books.tenant_id):
        claim = claims.claim_ready(books.connection.pk, provider_limits=limits(books))
        assert claim is not None and claims.renew_for(claim, claim.entries)
    with databases.later(timedelta(minutes=1)), tenant_transaction(books.tenant_id):
        claims.recover(books.connection.pk)
        assert not claims.renew_for(claim, claim.entries)


@QUICKBOOKS
def test_a_stale_version_gives_way_to_a_newer_revision(books: ConnectedFirm) -> None:
    """Healing the older one would make it a second unsent entry of the same record, which the database refuses."""
    bill = a_posted_bill(books)
    change_there(books)
    change(books, bill, "300.00")
    with tenant_transaction(books.tenant_id):
        claim = claims.claim_ready(books.connection.pk, provider_limits=limits(books))
    assert claim is not None
    change(books, bill, "400.00")
    with tenant_transaction(books.tenant_id):
        now = Connection.objects.select_related("grant").get(pk=books.connection.pk)
    provider, access = registry.provider(now.provider), grants.access(now)
    assert engine.send_claim(claim, now, provider, access, books.tenant_id) == 1
    settle(books)
    with tenant_transaction(books.tenant_id):
        states = OutboxEntry.objects.filter(operation="update").order_by("id").values_list("state", flat=True)
        assert list(states) == ["cancelled", "confirmed"]
    assert books.balances()["5000"] == "400.00"


# Where it belongs ----------------------------------------------------------------------------------------------------


@QUICKBOOKS
def test_sync_now_posts_what_was_approved_before_the_books_were_connected_as_it_is_now(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        Connection.objects.filter(pk=books.connection.pk).update(status=Status.DISCONNECTED, is_default=False)
        bills = [ledgers.a_bill(ledgers.a_vendor(f"Vendor {number}"), number=number) for number in ("kept", "voided")]
        for bill in bills:
            outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)
        outbox.void(kind=SourceKind.BILL, document_id=bills[1].pk, actor=books.firm.owner, reason="Twice")
        Connection.objects.filter(pk=books.connection.pk).update(status=Status.CONNECTED, is_default=True)
        runs.sync_now(connection=books.connection, actor=books.firm.owner)
    books.drain()
    assert bills_in(books) == ["kept"]


@QUICKBOOKS
def test_sync_now_brings_no_older_revision_back(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        Connection.objects.filter(pk=books.connection.pk).update(status=Status.DISCONNECTED, is_default=False)
        bill = ledgers.a_bill(ledgers.a_vendor())
        outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)
        Connection.objects.filter(pk=books.connection.pk).update(status=Status.CONNECTED, is_default=True)
    change(books, bill, "300.00")
    books.drain()
    with tenant_transaction(books.tenant_id):
        runs.sync_now(connection=books.connection, actor=books.firm.owner)
    books.drain()
    assert books.balances()["5000"] == "300.00"


@QUICKBOOKS
def test_a_change_goes_to_the_books_the_bill_stands_in(books: ConnectedFirm) -> None:
    """Moving the default afterwards is about what is approved from now on, not about what is posted."""
    bill = a_posted_bill(books)
    with tenant_transaction(books.tenant_id):
        Connection.objects.filter(pk=books.connection.pk).update(is_default=False)
        other = Connection.objects.create(
            tenant_id=books.tenant_id,
            provider="xero",
            external_id="elsewhere",
            host="http://sandbox",
            company_name="Elsewhere",
            currency="USD",
            is_default=True,
        )
    change(books, bill, "300.00")
    books.drain()
    assert books.balances()["5000"] == "300.00"
    with tenant_transaction(books.tenant_id):
        assert not OutboxEntry.objects.filter(connection=other).exists()


def a_refused_item(books: ConnectedFirm) -> tuple[OutboxEntry, str]:
    """The item of the revenue account was gone and QuickBooks refused another; with the one that stands there."""
    mapping = AccountMapping.objects.get(connection=books.connection, role="revenue")
    item, mapping.item_id = str(mapping.item_id), ""
    mapping.save(update_fields=["item_id"])
    entry = outbox.enqueue_item(books.connection, mapping)
    assert entry is not None
    OutboxEntry.objects.filter(pk=entry.pk).update(state=State.REJECTED, due_at=None)
    return entry, item


@QUICKBOOKS
def test_bills_do_not_wait_for_the_items_of_invoices(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        a_refused_item(books)
        approval_entries = outbox.approve(
            kind=SourceKind.BILL, document_id=ledgers.a_bill(ledgers.a_vendor()).pk, actor=books.firm.owner
        ).entries
        needs = {need.needs.role for entry in approval_entries for need in entry.needs.select_related("needs")}
    assert needs == {"vendor"}


# The connection ------------------------------------------------------------------------------------------------------


@QUICKBOOKS
def test_a_lapsed_subscription_is_said_and_not_run_into_again(books: ConnectedFirm) -> None:
    fault = {"Message": "Subscription period has ended", "code": "6190", "Detail": "Subscription period has ended"}
    body = {"Fault": {"Error": [fault], "type": "ValidationFault"}}
    act = {"kind": "status", "status": 403, "when": "before", "body": body, "headers": {}}
    books.sandbox.control("POST", "/faults", {"company": books.company, "operation": "create", "act": act})
    approve_bill(books)
    for _ in range(6):
        books.turn()
    with tenant_transaction(books.tenant_id):
        books.connection.refresh_from_db()
        assert books.connection.status == Status.ERROR
        assert Attempt.objects.filter(outcome="NeedsPerson").count() == 1
        assert set(OutboxEntry.objects.exclude(role="item").values_list("state", flat=True)) == {State.HELD}


@QUICKBOOKS
def test_a_void_of_what_is_gone_there_is_done(books: ConnectedFirm) -> None:
    bill = a_posted_bill(books)
    gone = {"Id": change_there(books), "SyncToken": "1"}
    books.theirs("POST", "/bill?operation=delete", gone)
    void(books, bill)
    books.drain()
    with tenant_transaction(books.tenant_id):
        assert OutboxEntry.objects.get(operation="void").state == State.CONFIRMED
        assert not Link.objects.filter(role="bill", ended_at=None).exists()
        assert not SyncIssue.objects.filter(resolved_at=None).exists()


@QUICKBOOKS
def test_pressing_while_it_is_looked_up_takes_nothing_from_the_worker(books: ConnectedFirm) -> None:
    """Its lease ends in the future; made due now it would count as a worker that died over it."""
    break_once(books, {"kind": "drop", "when": "after"}, entity="Bill")
    approve_bill(books)
    while the_bill(books).state != State.UNCERTAIN:
        books.turn()
    with databases.later(timedelta(minutes=10)), tenant_transaction(books.tenant_id):
        assert claims.claim_uncertain(books.connection.pk, provider_limits=limits(books))
        runs.sync_now(connection=books.connection, actor=books.firm.owner)
        runs.retry([OutboxEntry.objects.get(role="bill")], actor=books.firm.owner)
        assert claims.recover(books.connection.pk) == 0
    assert (the_bill(books).crashes, the_bill(books).claimed_by is None) == (0, False)


@QUICKBOOKS
def test_invoices_do_not_wait_for_the_item_of_an_account_that_is_mapped_no_longer(books: ConnectedFirm) -> None:
    """The other account has its item already, so nothing takes the place of the one that was refused."""
    with tenant_transaction(books.tenant_id):
        old, item = a_refused_item(books)
        invoice = ledgers.an_application(ledgers.a_contract("12000"), 1, ["12000"])
        outbox.approve(kind=SourceKind.INVOICE, document_id=invoice.pk, actor=books.firm.owner)
        mapping = AccountMapping.objects.get(pk=old.source_id)
        again = choose.anew(mapping)
        AccountMapping.objects.filter(pk=again.pk).update(item_id=item)
        note(books.connection, FactKind.MAPPING_SAVED, subject=mapping.role)
    books.turn()
    books.drain()
    with tenant_transaction(books.tenant_id):
        assert OutboxEntry.objects.get(role="invoice").state == State.CONFIRMED
        old.refresh_from_db()
        assert old.state == State.CANCELLED


@QUICKBOOKS
def test_what_may_stand_or_is_wanted_no_longer_is_not_posted_as_new(books: ConnectedFirm, unknown: OutboxEntry) -> None:
    with tenant_transaction(books.tenant_id), pytest.raises(ValueError, match="rejected"):
        outbox.post_again(unknown, actor=books.firm.owner)
    bill = approve_bill(books, "INV-89")
    for _ in range(3):
        books.turn()
    with tenant_transaction(books.tenant_id):
        entry = OutboxEntry.objects.get(role="bill", source_id=bill.pk)
        OutboxEntry.objects.filter(pk=entry.pk).update(state=State.REJECTED)
    void(books, bill)
    with tenant_transaction(books.tenant_id), pytest.raises(ValueError, match="cancelled"):
        outbox.post_again(entry, actor=books.firm.owner)
