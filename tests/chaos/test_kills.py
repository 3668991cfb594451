"""Workers are killed at random while documents post and answers get lost: every document stands exactly once."""

import random
import time
from collections import Counter
from typing import Any

import pytest

from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox
from sync.models import OutboxEntry
from sync.states import State
from tests import ledgers
from tests.books import ConnectedFirm, connected, point_at
from tests.chaos.workers import Worker, a_worker
from tests.firms import a_firm, a_person
from tests.sandbox.running import Running

SEED = 20261121
#: Every fiftieth write is saved and its answer lost.
DROPPED = 0.02
ENTITIES = {"quickbooks": "Bill", "xero": "Invoice"}


@pytest.mark.parametrize(
    ("documents", "kills"),
    [pytest.param(60, 3, id="short"), pytest.param(500, 20, id="full", marks=pytest.mark.long)],
)
def test_every_document_stands_exactly_once(
    transactional_db: None, sandbox: Running, settings: Any, documents: int, kills: int
) -> None:
    settings.RIVET_PROFILE = "fast"
    point_at(sandbox, settings)
    alice = a_person("Alice")
    firms = [
        connected(a_firm(provider, owner=alice), sandbox, provider=provider) for provider in ("quickbooks", "xero")
    ]
    _make_it_hard(sandbox)
    for books in firms:
        _approve_many(books, documents)
    _kill_workers(kills, luck=random.Random(SEED))
    with a_worker():
        for books in firms:
            _await_settled(books, seconds=60 + documents)
    for books in firms:
        _expect_each_once(books, documents)


def _make_it_hard(sandbox: Running) -> None:
    sandbox.control("PUT", "/limits", {"enabled": True, "scale": 20})
    sandbox.control("PUT", "/latency", {"median_ms": 100, "p99_ms": 400})
    for operation in ("create", "batch"):
        act = {"kind": "drop", "when": "after"}
        rule = {"operation": operation, "probability": DROPPED, "seed": SEED, "act": act}
        sandbox.control("POST", "/faults", rule)


def _approve_many(books: ConnectedFirm, documents: int) -> None:
    with tenant_transaction(books.tenant_id):
        vendor = ledgers.a_vendor()
        for number in range(documents):
            bill = ledgers.a_bill(vendor, number=f"B-{number:04}")
            outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)


def _kill_workers(kills: int, *, luck: random.Random) -> None:
    for _ in range(kills):
        worker = Worker()
        try:
            worker.await_ready()
            time.sleep(luck.uniform(0.1, 1.5))
        finally:
            worker.kill()


def _await_settled(books: ConnectedFirm, *, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with tenant_transaction(books.tenant_id):
            if not OutboxEntry.objects.exclude(state=State.CONFIRMED).exists():
                return
        time.sleep(0.2)
    with tenant_transaction(books.tenant_id):
        left = Counter(OutboxEntry.objects.values_list("state", flat=True))
    pytest.fail(f"{books.connection.provider} not settled: {dict(left)}")


def _expect_each_once(books: ConnectedFirm, documents: int) -> None:
    entity = ENTITIES[books.connection.provider]
    standing = [d for d in books.sandbox.documents(books.company) if d["entity"] == entity]
    saved = Counter(d["number"] for d in standing)
    wanted = {f"B-{number:04}": 1 for number in range(documents)}
    assert saved == wanted
    # The sandbox's own count of real saves, whatever was listed.
    assert all(d["saves"] == 1 for d in standing)
