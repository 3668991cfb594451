"""A customer or vendor that the books know already under the same name is linked by a person, never made twice."""

from integrations.mappings import parties
from integrations.mappings.models import MirrorRecord
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox
from sync.models import Attempt, Call, OutboxEntry, SyncIssue
from tests import ledgers
from tests.books import ConnectedFirm
from tests.integration.sync.test_faults import bills_in, break_once, settle


def a_known_vendor(books: ConnectedFirm) -> MirrorRecord:
    record: MirrorRecord = MirrorRecord.objects.filter(
        connection=books.connection, kind="vendor", is_active=True, parent_id=""
    )[0]
    return record


def test_a_name_that_is_there_stops_before_any_call_and_goes_when_it_is_linked(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        known = a_known_vendor(books)
        vendor = ledgers.a_vendor(f" {known.name.upper()} ")
        before = Call.objects.count()
        bill = ledgers.a_bill(vendor)
        outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)
    for _ in range(4):
        books.turn()
    with tenant_transaction(books.tenant_id):
        issue = SyncIssue.objects.get(resolved_at=None)
        assert (issue.code, issue.facts["party"].strip()) == ("DUP-04", known.name.upper())
        assert Call.objects.count() == before
        parties.link(
            connection=books.connection,
            kind=SourceKind.VENDOR,
            party_id=vendor.pk,
            external_id=known.external_id,
            actor=books.firm.owner,
        )
    settle(books)
    assert bills_in(books) == ["INV-88"]
    with tenant_transaction(books.tenant_id):
        assert not SyncIssue.objects.filter(resolved_at=None).exists()
        assert set(OutboxEntry.objects.values_list("state", flat=True)) == {"confirmed"}


def test_a_record_that_stands_for_another_party_stops_nobody(books: ConnectedFirm) -> None:
    """Its name is asked for at the provider, who knows best."""
    with tenant_transaction(books.tenant_id):
        known = a_known_vendor(books)
        holder = ledgers.a_vendor("Somebody Else")
        parties.link(
            connection=books.connection,
            kind=SourceKind.VENDOR,
            party_id=holder.pk,
            external_id=known.external_id,
            actor=books.firm.owner,
        )
        assert parties.namesake(books.connection, SourceKind.VENDOR, known.name) is None


def test_what_is_linked_while_it_waits_for_its_next_try_is_not_made_as_well(books: ConnectedFirm) -> None:
    entity = {"quickbooks": "Vendor", "xero": "Contact"}[books.connection.provider]
    break_once(books, {"kind": "rate_limit", "retry_after": 1}, entity=entity)
    with tenant_transaction(books.tenant_id):
        known, vendor = a_known_vendor(books), ledgers.a_vendor("Hanson Concrete")
        bill = ledgers.a_bill(vendor)
        outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)
    books.turn()
    with tenant_transaction(books.tenant_id):
        waiting = OutboxEntry.objects.get(role="vendor")
        assert (waiting.state, waiting.payloads.count()) == ("ready", 1)
        parties.link(
            connection=books.connection,
            kind=SourceKind.VENDOR,
            party_id=vendor.pk,
            external_id=known.external_id,
            actor=books.firm.owner,
        )
    settle(books)
    assert bills_in(books) == ["INV-88"]
    with tenant_transaction(books.tenant_id):
        assert Attempt.objects.filter(entry_id=waiting.pk).count() == 1
