"""A worker that slept past its lease wakes up as a ghost: it sends nothing and writes nothing."""

import pytest

from integrations import registry
from integrations.connections import grants
from integrations.ports import Provider
from rivet import clock
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import claims, engine, outbox, settle
from sync.claims import Claim
from sync.models import Call, OutboxEntry
from sync.outcomes import NothingToDo
from sync.states import State
from tests import ledgers
from tests.books import ConnectedFirm
from tests.integration.sync.test_faults import bills_in


@pytest.fixture
def provider(books: ConnectedFirm) -> Provider:
    return registry.provider(books.connection.provider)


@pytest.fixture
def slept(books: ConnectedFirm, provider: Provider) -> Claim:
    """A bill was claimed, the lease ended, and another worker took it over and posted it."""
    with tenant_transaction(books.tenant_id):
        bill = ledgers.a_bill()
        outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)
    books.turn()
    with tenant_transaction(books.tenant_id):
        claim = claims.claim_ready(books.connection.pk, provider_limits=provider.limits)
        assert claim is not None and claim.entries[0].role == "bill"
        OutboxEntry.objects.filter(pk=claim.entries[0].pk).update(
            state=State.READY, claimed_by=None, fence=claim.entries[0].fence + 1, due_at=clock.now()
        )
    books.drain()
    return claim


def test_a_ghost_sends_nothing(books: ConnectedFirm, provider: Provider, slept: Claim) -> None:
    with tenant_transaction(books.tenant_id):
        sent = Call.objects.count()
        assert not claims.still_held(slept)
    access = grants.access(books.connection)
    assert engine.send_claim(slept, books.connection, provider, access, books.tenant_id) == 0
    with tenant_transaction(books.tenant_id):
        assert Call.objects.count() == sent
    assert bills_in(books) == ["INV-88"]


def test_a_ghost_writes_nothing(books: ConnectedFirm, slept: Claim) -> None:
    with tenant_transaction(books.tenant_id):
        assert not settle.settle(slept, slept.entries[0], NothingToDo(reason="late"))
        assert not claims.renew(slept)
        assert OutboxEntry.objects.get(role="bill").state == State.CONFIRMED
