"""PostgreSQL or Redis goes away during a push and comes back: everything arrives once."""

import time
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connections

from rivet.development.servers import Servers
from rivet.tenants.context import tenant_transaction
from sync import runs
from sync.models import SyncRun
from tests.books import ConnectedFirm, connected, point_at
from tests.chaos.test_kills import _approve_some, _await_settled, _expect_each_once
from tests.chaos.workers import a_worker
from tests.firms import a_firm
from tests.sandbox.running import Running

DOCUMENTS = 40


@pytest.fixture
def books(transactional_db: None, sandbox: Running, settings: Any) -> ConnectedFirm:
    settings.RIVET_PROFILE = "fast"
    point_at(sandbox, settings)
    made = connected(a_firm(), sandbox)
    sandbox.control("PUT", "/latency", {"median_ms": 150, "p99_ms": 400})
    return made


def test_delivery_goes_on_while_redis_is_stopped(books: ConnectedFirm, servers: Servers) -> None:
    with a_worker():
        servers.valkey.stop()
        try:
            _approve_some(books, range(DOCUMENTS))
            _await_settled(books, seconds=60)
        finally:
            servers.valkey.start()
    _expect_each_once(books, DOCUMENTS)


def test_sync_now_needs_no_redis(books: ConnectedFirm, servers: Servers) -> None:
    with a_worker():
        servers.valkey.stop()
        try:
            with tenant_transaction(books.tenant_id):
                run = runs.sync_now(connection=None, actor=books.firm.owner)
            _await_end(books, run)
        finally:
            servers.valkey.start()
    assert run.pulled and not run.trouble


def _await_end(books: ConnectedFirm, run: SyncRun) -> None:
    until = time.monotonic() + 20
    while not run.finished_at:
        assert time.monotonic() < until, "the run did not end"
        time.sleep(0.1)
        with tenant_transaction(books.tenant_id):
            run.refresh_from_db()


def test_nothing_is_lost_while_postgresql_restarts(books: ConnectedFirm, servers: Servers) -> None:
    _approve_some(books, range(DOCUMENTS))
    with a_worker():
        time.sleep(0.5)
        servers.postgres.stop()
        time.sleep(1.5)
        servers.postgres.start()
        _forget_connections()
        _await_settled(books, seconds=60)
    _expect_each_once(books, DOCUMENTS)


def _forget_connections() -> None:
    """This process's own connections broke as well; the next query opens new ones."""
    for one in connections.all(initialized_only=True):
        try:
            one.close()
        except (DatabaseError, psycopg.Error):
            one.connection = None
        if close_pool := getattr(one, "close_pool", None):
            close_pool()
