"""`./dev benchmark`: what the engine can do, printed. Nothing here fails because a machine is slow."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import quantiles
from typing import Any

import pytest

from integrations.ports import Role
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox
from sync import timing as durations
from sync.models import Attempt, Call, OutboxEntry
from sync.states import LIVE
from sync.tick import Tick
from tests import ledgers
from tests.books import ConnectedFirm
from tests.chaos.workers import a_worker
from tests.sandbox.running import Running

pytestmark = pytest.mark.benchmark

DOCUMENTS = 1_200
#: One company's own limits, in documents a minute: 40 batches of 30, 60 calls of 50.
PERMITTED = {"quickbooks": 1_200, "xero": 3_000}
QUIET_TRIES = 60


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """The normal profile with permits that never run out."""
    monkeypatch.setitem(durations.PROFILES, "unlimited", replace(durations.NORMAL, limit_scale=1e6))
    settings.RIVET_PROFILE = "unlimited"


def say(books: ConnectedFirm, what: str, figure: str) -> None:
    print(f"\n{books.connection.provider:<11}{what:<52}{figure}", end="")


def prepared(books: ConnectedFirm, documents: int) -> list[int]:
    """Drafts of bills of one vendor that is in the books."""
    with tenant_transaction(books.tenant_id):
        vendor = ledgers.a_vendor("Benchmark Supply")
        first = ledgers.a_bill(vendor, number="B-first")
        outbox.approve(kind=SourceKind.BILL, document_id=first.pk, actor=books.firm.owner)
    books.drain()
    with tenant_transaction(books.tenant_id):
        return [ledgers.a_bill(vendor, number=f"B-{number:05}").pk for number in range(documents)]


def approve(books: ConnectedFirm, bills: list[int]) -> float:
    """Seconds that approving took, all in one transaction."""
    begun = time.perf_counter()
    with tenant_transaction(books.tenant_id):
        for pk in bills:
            outbox.approve(kind=SourceKind.BILL, document_id=pk, actor=books.firm.owner)
    return time.perf_counter() - begun


def await_settled(books: ConnectedFirm, *, seconds: float = 600) -> float:
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        with tenant_transaction(books.tenant_id):
            if not OutboxEntry.objects.filter(state__in=sorted(LIVE)).exists():
                return time.perf_counter() - begun
        time.sleep(0.02)
    pytest.fail("not settled")


@pytest.fixture
def ticking() -> Iterator[Callable[[], Tick]]:
    """Starts the worker's heart in this process and stops it at the end."""
    ticks: list[Tick] = []

    def start() -> Tick:
        ticks.append(Tick())
        ticks[-1].start()
        return ticks[-1]

    yield start
    for tick in ticks:
        tick.stop()


@pytest.mark.parametrize("size", ["single", "batched"])
def test_approve_and_drain(
    books: ConnectedFirm,
    unlimited: None,
    ticking: Callable[[], Tick],
    size: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if size == "single":
        _one_by_one(books, monkeypatch)
    bills = prepared(books, DOCUMENTS)
    took = approve(books, bills)
    say(books, "approved and enqueued, one transaction", f"{len(bills) / took:>8,.0f}/s")
    ticking()
    took = await_settled(books)
    say(books, f"engine with a quick sandbox, {size}", f"{len(bills) / took:>8,.0f} documents/s")
    with tenant_transaction(books.tenant_id):
        assert OutboxEntry.objects.filter(role="bill", state="confirmed").count() == len(bills) + 1


def _one_by_one(books: ConnectedFirm, monkeypatch: pytest.MonkeyPatch) -> None:
    from integrations import registry

    adapter = registry.provider(books.connection.provider)
    limits = replace(adapter.limits, batch={**adapter.limits.batch, Role.BILL: 1})
    monkeypatch.setattr(type(adapter), "limits", limits)


def test_share_of_the_limit(books: ConnectedFirm, sandbox: Running, ticking: Callable[[], Tick], settings: Any) -> None:
    """A backlog against the provider's real limits for a minute and a half."""
    settings.RIVET_PROFILE = "normal"
    permitted = PERMITTED[books.connection.provider]
    bills = prepared(books, permitted * 3 // 2)
    sandbox.control("PUT", "/limits", {"enabled": True, "scale": 1})
    sandbox.control("PUT", "/latency", {"median_ms": 150, "p99_ms": 900})
    approve(books, bills)
    begun = time.perf_counter()
    ticking()
    await_settled(books)
    minutes = (time.perf_counter() - begun) / 60
    with tenant_transaction(books.tenant_id):
        calls, refused = Call.objects.count(), Call.objects.filter(status=429).count()
    rate = len(bills) / minutes
    say(books, "one company against its own limits", f"{rate:>8,.0f} documents/min")
    say(books, "share of what is permitted", f"{100 * rate / permitted:>8.0f} %")
    say(books, "calls answered 429", f"{refused:>8,} of {calls:,}")


def test_how_soon_a_document_leaves(books: ConnectedFirm) -> None:
    """Approved one at a time while nothing else is going on; the bell rings through Redis."""
    bills = prepared(books, QUIET_TRIES)
    waits = []
    with a_worker():
        for pk in bills:
            approve(books, [pk])
            await_settled(books, seconds=30)
            time.sleep(0.05)
    with tenant_transaction(books.tenant_id):
        for entry in OutboxEntry.objects.filter(role="bill", source_id__in=bills):
            attempt = Attempt.objects.filter(entry_id=entry.pk).order_by("id")[0]
            waits.append((attempt.created_at - entry.created_at).total_seconds() * 1000)
    cuts = quantiles(waits, n=20)
    say(books, "approved to claimed, idle, p50 / p95", f"{cuts[9]:>8,.0f} / {cuts[18]:,.0f} ms")
