"""Who does a chore and when a connection is due, without a provider: rows and the clock."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database

from integrations import registry
from integrations.connections.facts import note
from integrations.connections.models import Connection, FactKind
from rivet import clock
from rivet.tenants.context import tenant_transaction
from sync import chore_claims, chores, claims, leases, outbox, runs, timing
from sync.dispatch import next_turns
from sync.models import Chore, RunKind, SyncRun
from tests import databases
from tests.firms import Firm

HELD_BRIEFLY = timedelta(milliseconds=200)


@pytest.fixture
def unread(firm: Firm, settings: Any) -> Connection:
    """A connection that nothing is planned for."""
    settings.RIVET_PROFILE = "fast"
    with tenant_transaction(firm.tenant.pk):
        made: Connection = Connection.objects.create(
            tenant=firm.tenant,
            provider="quickbooks",
            external_id="9001",
            host=registry.host("quickbooks"),
            company_name="Ironwood",
        )
    return made


def press(firm: Firm, unread: Connection) -> SyncRun:
    with tenant_transaction(firm.tenant.pk):
        return runs.sync_now(connection=unread, actor=firm.owner)


def claim(unread: Connection) -> Chore | None:
    with tenant_transaction(unread.tenant_id):
        return chore_claims.claim(unread.pk)


def reschedule(unread: Connection) -> None:
    with tenant_transaction(unread.tenant_id):
        claims.reschedule(unread.pk, may_send=True)


def test_one_worker_reads_at_a_time(firm: Firm, unread: Connection) -> None:
    """A wish that comes while an older one is being read is read after it: what it is about may be newer."""
    first = press(firm, unread)
    held = claim(unread)
    assert held is not None and held.run_id == first.pk
    second = press(firm, unread)
    assert second.pk != first.pk
    assert press(firm, unread).pk == second.pk
    assert claim(unread) is None
    reschedule(unread)
    assert next_turns(most=5) == []
    with tenant_transaction(unread.tenant_id):
        chore_claims.mine(held).delete()
    reschedule(unread)
    assert [due.connection_id for due in next_turns(most=5)] == [unread.pk]
    after = claim(unread)
    assert after is not None and after.run_id == second.pk


def test_a_lease_that_ended_is_taken_over_and_its_ghost_changes_nothing(firm: Firm, unread: Connection) -> None:
    press(firm, unread)
    ghost = claim(unread)
    assert ghost is not None
    with databases.later(timing.FAST.lease):
        heir = claim(unread)
        assert heir is not None and heir.pk == ghost.pk
        with tenant_transaction(unread.tenant_id):
            assert not chore_claims.renew(ghost)
            assert not chore_claims.mine(ghost).exists()
            assert chore_claims.renew(heir)


def test_a_long_reading_keeps_its_lease(firm: Firm, unread: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(timing.PROFILES, "fast", replace(timing.FAST, lease=HELD_BRIEFLY))
    press(firm, unread)
    held = claim(unread)
    assert held is not None
    with leases.kept_by(lambda: chore_claims.renew(held), tenant_id=unread.tenant_id):
        threading.Event().wait(3 * HELD_BRIEFLY.total_seconds())
        assert claim(unread) is None
    threading.Event().wait(1.5 * HELD_BRIEFLY.total_seconds())
    assert claim(unread) is not None


def test_two_tabs_at_once_lose_no_wish(firm: Firm, unread: Connection) -> None:
    both = threading.Barrier(2)

    def tab(_: int) -> int:
        try:
            both.wait(5)
            return press(firm, unread).pk
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        wished = set(pool.map(tab, range(2)))
    with tenant_transaction(unread.tenant_id):
        assert set(Chore.objects.exclude(run=None).values_list("run_id", flat=True)) == wished


def test_a_run_whose_worker_died_is_closed_by_the_next(firm: Firm, unread: Connection) -> None:
    with tenant_transaction(unread.tenant_id):
        died = SyncRun.objects.create(tenant=firm.tenant, kind="refresh", connection=unread)
    assert chores._run(RunKind.REFRESH, unread, lambda run_id: None)
    with tenant_transaction(unread.tenant_id):
        died.refresh_from_db()
        assert died.finished_at and died.trouble == chores.BROKEN_OFF
        assert not SyncRun.objects.filter(finished_at=None).exists()


def test_what_happens_during_a_turn_brings_the_next(unread: Connection) -> None:
    """A mapping saved while a call runs: the turn has read its facts before, and may not forget this one at its end."""
    with tenant_transaction(unread.tenant_id):
        note(unread, FactKind.MAPPING_SAVED, subject="revenue")
        outbox.mark_due(unread.pk, clock.now())
    reschedule(unread)
    assert [due.connection_id for due in next_turns(most=5)] == [unread.pk]
