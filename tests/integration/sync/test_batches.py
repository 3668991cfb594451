"""What a batch costs the database, and what becomes of one whose parts fare differently."""

from dataclasses import replace

import pytest
from django.db import connection as database
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from integrations import registry
from integrations.mappings import links
from integrations.ports import Receipt, Role
from rivet.ledger.models import Vendor
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox
from sync.models import Attempt, Call, LogLine, OutboxEntry
from tests import ledgers
from tests.books import ConnectedFirm
from tests.integration.sync.test_faults import bills_in


@pytest.fixture
def vendor(books: ConnectedFirm) -> Vendor:
    """A vendor that is in the books, so that its bills go together."""
    with tenant_transaction(books.tenant_id):
        vendor = ledgers.a_vendor()
        approve(books, ledgers.a_bill(vendor, number="first").pk)
    books.drain()
    return vendor


def approve(books: ConnectedFirm, bill: int) -> None:
    outbox.approve(kind=SourceKind.BILL, document_id=bill, actor=books.firm.owner)


def a_batch(books: ConnectedFirm, vendor: Vendor, numbers: list[str]) -> list[int]:
    with tenant_transaction(books.tenant_id):
        bills: list[int] = [ledgers.a_bill(vendor, number=number).pk for number in numbers]
        for bill in bills:
            approve(books, bill)
    return bills


def statements(books: ConnectedFirm) -> int:
    with CaptureQueriesContext(database) as captured:
        books.turn()
    return len(captured)


def test_a_big_batch_costs_as_many_statements_as_a_small_one(books: ConnectedFirm, vendor: Vendor) -> None:
    a_batch(books, vendor, ["a", "b"])
    # The first batch has a permit to make.
    statements(books)
    a_batch(books, vendor, ["c", "d"])
    few = statements(books)
    many = [f"m{number}" for number in range(20)]
    a_batch(books, vendor, many)
    assert statements(books) == few
    assert sorted(bills_in(books)) == sorted(["first", "a", "b", "c", "d", *many])
    with tenant_transaction(books.tenant_id):
        delivered = OutboxEntry.objects.filter(role="bill", state="confirmed")
        attempts = Attempt.objects.filter(entry_id__in=delivered.values("pk"), outcome="Delivered")
        assert attempts.exclude(external_id="").exclude(settled_at=None).count() == len(many) + 5
        assert LogLine.objects.filter(entity="bill", status="synced").count() == len(many) + 5
        assert all(links.link_for(books.connection.pk, SourceKind.BILL, bill, Role.BILL) for bill in ids(delivered))


def test_a_request_carries_no_more_than_the_provider_takes(
    books: ConnectedFirm, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter = registry.provider(books.connection.provider)
    monkeypatch.setattr(type(adapter), "limits", replace(adapter.limits, body_bytes=1_000))
    a_batch(books, vendor, ["a", "b", "c", "d", "e"])
    with tenant_transaction(books.tenant_id):
        before = Call.objects.count()
    books.drain()
    assert sorted(bills_in(books)) == ["a", "b", "c", "d", "e", "first"]
    with tenant_transaction(books.tenant_id):
        carried = [call.documents for call in Call.objects.order_by("id")[before:]]
        assert sum(carried) == 5
        assert len(carried) > 1


def ids(entries: QuerySet[OutboxEntry]) -> list[int]:
    return list(entries.values_list("source_id", flat=True))


def test_a_document_that_somebody_linked_meanwhile_does_not_stop_its_neighbours(
    books: ConnectedFirm, vendor: Vendor
) -> None:
    """The answer is on record either way: the link that stands is brought up to date."""
    [one, other] = a_batch(books, vendor, ["one", "other"])
    with tenant_transaction(books.tenant_id):
        posted = [
            links.Posted(
                source_kind=SourceKind.BILL,
                source_id=bill,
                role=Role.BILL,
                receipt=Receipt(external_id=f"theirs-{bill}", version="1"),
                our_total=None,
            )
            for bill in (one, other)
        ]
        links.save_new_links(books.connection.pk, posted[:1])
        links.save_new_links(books.connection.pk, posted)
        found = [links.link_for(books.connection.pk, SourceKind.BILL, bill, Role.BILL) for bill in (one, other)]
        assert [link.external_id for link in found if link] == [f"theirs-{one}", f"theirs-{other}"]
