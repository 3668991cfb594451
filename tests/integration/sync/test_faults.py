"""Whatever the provider or the network does: nothing twice, nothing lost, and the row says what is going on."""

import time
from typing import Any

import pytest

from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox, runs
from sync.models import Call, OutboxEntry, SyncIssue
from sync.states import LIVE, State
from tests import ledgers
from tests.books import ConnectedFirm

#: Operation of a single write at each provider.
CREATE = {"quickbooks": "create", "xero": "create"}

LOST_ANSWERS: list[dict[str, Any]] = [
    {"kind": "drop", "when": "after"},
    {"kind": "drop", "when": "before"},
    {"kind": "half_body", "when": "after"},
    {"kind": "html", "when": "after"},
    {"kind": "html", "when": "before"},
    {"kind": "code", "code": "500", "when": "before"},
    {"kind": "status", "status": 503, "when": "after", "body": "", "headers": {}},
]


def approve_bill(books: ConnectedFirm, number: str = "INV-88") -> None:
    with tenant_transaction(books.tenant_id):
        vendor = ledgers.a_vendor(f"Vendor of {number}")
        bill = ledgers.a_bill(vendor, number=number)
        outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)


def settle(books: ConnectedFirm, *, seconds: float = 20) -> None:
    """Turns, with pauses as a worker makes them, until nothing is live."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        books.turn()
        with tenant_transaction(books.tenant_id):
            if not OutboxEntry.objects.filter(state__in=sorted(LIVE)).exists():
                return
        time.sleep(0.02)
    pytest.fail(f"not settled: {books.states()}")


def bills_in(books: ConnectedFirm) -> list[str]:
    entity = {"quickbooks": "Bill", "xero": "Invoice"}[books.connection.provider]
    return [d["number"] for d in books.sandbox.documents(books.company) if d["entity"] == entity]


def break_once(books: ConnectedFirm, act: dict[str, Any], *, entity: str) -> None:
    rule = {"company": books.company, "operation": "create", "entity": entity, "times": 1, "act": act}
    books.sandbox.control("POST", "/faults", rule)


@pytest.mark.parametrize("act", LOST_ANSWERS, ids=lambda act: f"{act['kind']}-{act['when']}")
def test_a_lost_answer_never_posts_twice(books: ConnectedFirm, act: dict[str, Any]) -> None:
    entity = {"quickbooks": "Bill", "xero": "Invoice"}[books.connection.provider]
    break_once(books, act, entity=entity)
    approve_bill(books)
    settle(books)
    assert bills_in(books) == ["INV-88"]
    with tenant_transaction(books.tenant_id):
        entry = OutboxEntry.objects.get(role="bill")
        assert entry.state == State.CONFIRMED
        assert not SyncIssue.objects.filter(resolved_at=None).exists()


def test_a_forgotten_key_never_posts_twice(books: ConnectedFirm) -> None:
    """The lookup comes before the re-send, so it holds even if the provider ignores request ids."""
    if books.connection.provider == "quickbooks":
        books.sandbox.control("PATCH", f"/companies/{books.company}", {"requestid_retention_seconds": 0})
    entity = {"quickbooks": "Bill", "xero": "Invoice"}[books.connection.provider]
    break_once(books, {"kind": "drop", "when": "after"}, entity=entity)
    approve_bill(books)
    settle(books)
    assert bills_in(books) == ["INV-88"]


def test_a_throttled_call_goes_again_and_counts_no_try(books: ConnectedFirm) -> None:
    entity = {"quickbooks": "Bill", "xero": "Invoice"}[books.connection.provider]
    break_once(books, {"kind": "rate_limit", "retry_after": 1}, entity=entity)
    approve_bill(books)
    settle(books)
    assert bills_in(books) == ["INV-88"]
    with tenant_transaction(books.tenant_id):
        entry = OutboxEntry.objects.get(role="bill")
        assert (entry.state, entry.tries, entry.generation) == (State.CONFIRMED, 0, 1)
        keys = set(Call.objects.filter(path__contains="").values_list("key", flat=True))
        sent = Call.objects.filter(status=429).get()
        assert sent.key in keys


def test_an_expired_token_is_renewed_and_the_same_call_goes_again(books: ConnectedFirm) -> None:
    books.sandbox.control("POST", f"/companies/{books.company}/expire-tokens")
    approve_bill(books)
    settle(books)
    assert bills_in(books) == ["INV-88"]


def test_a_revoked_grant_holds_everything_and_says_so(books: ConnectedFirm) -> None:
    books.sandbox.control("POST", f"/companies/{books.company}/revoke-grants")
    approve_bill(books)
    for _ in range(4):
        books.turn()
    with tenant_transaction(books.tenant_id):
        states = set(OutboxEntry.objects.exclude(state="confirmed").values_list("state", flat=True))
        assert states == {State.HELD}
        books.connection.refresh_from_db()
        assert books.connection.status == "needs_reauthorization"
    assert bills_in(books) == []


def test_one_bad_document_stops_alone_and_goes_after_its_fix(books: ConnectedFirm) -> None:
    for number in ("A-1", "A-2", "A-3"):
        approve_bill(books, number)
    with tenant_transaction(books.tenant_id):
        vendor = ledgers.a_vendor("Vendor\twith a tab" if books.connection.provider == "quickbooks" else "Vendor <x>")
        bill = ledgers.a_bill(vendor, number="A-4")
        outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)
    for _ in range(12):
        books.turn()
    assert sorted(bills_in(books)) == ["A-1", "A-2", "A-3"]
    with tenant_transaction(books.tenant_id):
        issue = SyncIssue.objects.get(resolved_at=None)
        assert issue.code == "VAL-02"
        waiting = OutboxEntry.objects.get(role="bill", state=State.HELD)
        assert waiting.reason == "parent"


def test_retry_after_a_mapping_is_mended(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        books.connection.account_mappings.filter(role="default_expense").delete()
    approve_bill(books)
    for _ in range(6):
        books.turn()
    with tenant_transaction(books.tenant_id):
        assert SyncIssue.objects.get(resolved_at=None).code == "MAP-01"
        entry = OutboxEntry.objects.get(role="bill")
        assert entry.state == State.REJECTED
        assert runs.retry([entry], actor=books.firm.owner) == 1
    for _ in range(4):
        books.turn()
    with tenant_transaction(books.tenant_id):
        assert OutboxEntry.objects.get(role="bill").state == State.REJECTED
    _map_again(books)
    settle(books)
    assert bills_in(books) == ["INV-88"]


def _map_again(books: ConnectedFirm) -> None:
    """Saving the mapping writes a fact; the next turn frees what waited for it without anyone pressing Retry."""
    from integrations.mappings import choose
    from integrations.ports import MappingRole
    from tests.books import CHARTS

    code = CHARTS[books.connection.provider][MappingRole.DEFAULT_EXPENSE]
    with tenant_transaction(books.tenant_id):
        account = books.connection.mirror.get(kind="account", code=code)
        choose.save(
            connection=books.connection,
            role=MappingRole.DEFAULT_EXPENSE,
            external_id=account.external_id,
            actor=books.firm.owner,
        )
