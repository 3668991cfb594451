"""Connections take turns; the tick finds work without any bell."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection as database

from integrations.connections.models import Connection
from rivet import clock
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox
from sync.dispatch import next_turns
from sync.models import OutboxEntry, ReadyConnection
from sync.states import State
from sync.tick import TURNS_EACH, Tick
from tests import ledgers
from tests.books import ConnectedFirm
from tests.outboxes import a_connection


def approve(books: ConnectedFirm, number: str) -> None:
    with tenant_transaction(books.tenant_id):
        bill = ledgers.a_bill(ledgers.a_vendor(f"Vendor {number}"), number=number)
        outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)


def test_an_approved_document_makes_its_connection_due(books: ConnectedFirm) -> None:
    assert next_turns(most=5) == []
    approve(books, "1")
    [due] = next_turns(most=5)
    assert (due.tenant_id, due.connection_id) == (books.tenant_id, books.connection.pk)


def test_the_dispatcher_sees_nothing_but_what_is_due(db: None) -> None:
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.table_privileges "
            "WHERE grantee = 'rivet_dispatch' AND table_schema = 'public' ORDER BY table_name"
        )
        seen = {name for (name,) in cursor.fetchall()}
    assert seen <= {"connections_companyaddress", "sync_readyconnection", "rivet_clock"}


def test_the_tick_delivers_without_a_bell(books: ConnectedFirm) -> None:
    for number in ("1", "2", "3"):
        approve(books, number)
    tick = Tick(turns_at_once=3)
    tick.start()
    try:
        assert _confirmed_within(books, seconds=15)
    finally:
        tick.stop()


def _confirmed_within(books: ConnectedFirm, *, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with tenant_transaction(books.tenant_id):
            if not OutboxEntry.objects.exclude(state=State.CONFIRMED).exists():
                return True
        time.sleep(0.05)
    return False


def test_a_silent_provider_takes_no_more_than_its_share_of_the_turns(
    books: ConnectedFirm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connection stays due while its turns wait for an answer, and all the others still get theirs."""
    answered, begun = threading.Event(), []

    def wait(*, tenant_id: int, connection_id: int) -> None:
        begun.append(connection_id)
        answered.wait(20)

    monkeypatch.setattr("sync.tick.take_turn", wait)
    approve(books, "1")
    tick = Tick(turns_at_once=TURNS_EACH + 1)
    tick.start()
    try:
        threading.Event().wait(1)
        assert begun == [books.connection.pk] * TURNS_EACH
        other = _another_connection_is_due(books)
        threading.Event().wait(1)
        assert begun[TURNS_EACH:] == [other]
    finally:
        answered.set()
        tick.stop()


def _another_connection_is_due(books: ConnectedFirm) -> int:
    with tenant_transaction(books.tenant_id):
        other = a_connection("Elsewhere", provider="xero")
        outbox.mark_due(other.pk, clock.now())
        return other.pk


def test_a_turn_that_breaks_off_rests_its_connection(books: ConnectedFirm) -> None:
    """A provider that nobody knows breaks every turn, as a bug would: the others go on, and this one in a while."""
    approve(books, "1")
    _become(books, "nobody")
    tick = Tick(turns_at_once=1)
    tick.start()
    try:
        assert _rests_within(books, seconds=5)
        _become(books, books.connection.provider)
        assert _confirmed_within(books, seconds=15)
    finally:
        tick.stop()


def _become(books: ConnectedFirm, provider: str) -> None:
    with tenant_transaction(books.tenant_id):
        Connection.objects.filter(pk=books.connection.pk).update(provider=provider)


def _rests_within(books: ConnectedFirm, *, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with tenant_transaction(books.tenant_id):
            if ReadyConnection.objects.filter(not_before__gt=clock.now() + timedelta(seconds=1)).exists():
                return True
        time.sleep(0.05)
    return False
