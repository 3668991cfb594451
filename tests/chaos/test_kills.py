"""Workers are killed at random while documents post and answers get lost: every document stands exactly once."""

import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import pytest

from rivet.ledger.models import Vendor
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import facts, outbox, runs
from sync.models import OutboxEntry, SyncIssue
from sync.states import State
from tests import ledgers
from tests.books import ConnectedFirm, connected, point_at
from tests.chaos.workers import Worker, a_worker
from tests.firms import a_firm, a_person
from tests.sandbox.running import Running

SEED = 20261121
#: A tenth of the calls is saved and its answer lost. A call carries up to fifty documents, so that of every fiftieth
#: call of so few, as a provider may really lose, would be too easy.
DROPPED = 0.1
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
    rules = _make_it_hard(sandbox)
    luck = random.Random(SEED)
    lives = [_a_short_life(firms, range(life, documents, kills), luck=luck) for life in range(kills)]
    with a_worker():
        for books in firms:
            _await_end(books, seconds=60 + documents)
        # What ended three workers was put before a person, who presses Retry.
        for books in firms:
            _retry(books)
            _await_settled(books, seconds=60)
    for books in firms:
        _expect_each_once(books, documents)
    # The figures that say how hard it was: killed in the middle of a call, and answers lost.
    assert sum(lives) >= kills // 2
    assert _drops(sandbox, rules) >= kills // 4


def _make_it_hard(sandbox: Running) -> list[str]:
    """Slow answers, real limits, lost answers; the numbers of the fault rules."""
    sandbox.control("PUT", "/limits", {"enabled": True, "scale": 20})
    sandbox.control("PUT", "/latency", {"median_ms": 100, "p99_ms": 400})
    rules = []
    for operation in ("create", "batch"):
        act = {"kind": "drop", "when": "after"}
        rule = {"operation": operation, "probability": DROPPED, "seed": SEED, "act": act}
        rules.append(str(sandbox.control("POST", "/faults", rule)["id"]))
    return rules


def _drops(sandbox: Running, rules: list[str]) -> int:
    found = sandbox.control("GET", "/faults")["faults"]
    return sum(rule["fired"] for rule in found if str(rule["id"]) in rules)


def _a_short_life(firms: Sequence[ConnectedFirm], numbers: Iterable[int], *, luck: random.Random) -> bool:
    """A worker with fresh work, killed while it sends; whether it was in the middle of a call."""
    wanted = list(numbers)
    for books in firms:
        _approve_some(books, wanted)
    worker = Worker()
    try:
        # It may be done before it says that it is ready.
        _await(lambda: any(_sending(books) for books in firms), seconds=30)
        time.sleep(luck.uniform(0, 0.1))
    finally:
        worker.kill()
    return any(_sending(books) for books in firms)


def _sending(books: ConnectedFirm) -> bool:
    with tenant_transaction(books.tenant_id):
        return OutboxEntry.objects.filter(state__in=[State.CLAIMED, State.SENDING]).exists()


def _await(is_so: Callable[[], bool], *, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not is_so():
        time.sleep(0.01)


def _approve_some(books: ConnectedFirm, numbers: Sequence[int]) -> None:
    with tenant_transaction(books.tenant_id):
        vendor = Vendor.objects.first() or ledgers.a_vendor()
        for number in numbers:
            bill = ledgers.a_bill(vendor, number=f"B-{number:04}")
            outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)


def _retry(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        stopped = SyncIssue.objects.filter(resolved_at=None)
        assert {issue.code for issue in stopped} <= {facts.STOPPED_THREE_TIMES.code}
        runs.retry_all(OutboxEntry.objects.filter(state=State.REJECTED), actor=books.firm.owner)


def _await_settled(books: ConnectedFirm, *, seconds: float) -> None:
    _await_end(books, seconds=seconds, ended={State.CONFIRMED})


def _await_end(
    books: ConnectedFirm, *, seconds: float, ended: Collection[State] = (State.CONFIRMED, State.REJECTED)
) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with tenant_transaction(books.tenant_id):
            # What waits for its vendor does so until somebody retries that.
            still = OutboxEntry.objects.exclude(state__in=ended)
            if not (still.exclude(state=State.HELD) if State.REJECTED in ended else still).exists():
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
