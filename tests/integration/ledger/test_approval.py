"""Approval writes what the examples say, and refuses with a sentence."""

from decimal import Decimal as D

import pytest
from django.db import ProgrammingError, connection, transaction

from rivet.ledger import drafts, held
from rivet.ledger.applications import PeriodWork
from rivet.ledger.approval import ApprovalError, approve, reopen, void
from rivet.ledger.errors import LedgerError
from rivet.ledger.models import Bill, Contract, Invoice, RetainageEntry, Revision
from rivet.ledger.revisions import thaw
from rivet.ledger.rules.lines import LineValues
from rivet.ledger.snapshots import BillSnapshot, InvoiceSnapshot, PostingMode, Purpose, SourceKind
from rivet.tenants.models import AuditEvent, Tenant, User
from tests.firms import Firm
from tests.ledgers import a_bill, a_contract, a_project, a_release, a_vendor, an_application, approved


def frozen(revision: Revision) -> InvoiceSnapshot:
    snapshot = thaw(revision)
    assert isinstance(snapshot, InvoiceSnapshot)
    return snapshot


def kinds() -> list[tuple[str, D]]:
    return list(RetainageEntry.objects.order_by("id").values_list("kind", "amount"))


@pytest.fixture
def alice(firm: Firm) -> User:
    return firm.owner


def test_e0_the_first_application(tenant: Tenant) -> None:
    contract = a_contract("12000", "72000", "36000")
    snapshot = frozen(approved(an_application(contract, 1, ["12000", "18000", "0"], ["0", "0", "10000"])))
    assert [(line.work, line.retainage) for line in snapshot.lines] == [
        (D("12000.00"), D("1200.00")),
        (D("18000.00"), D("1800.00")),
        (D("10000.00"), D("1000.00")),
    ]
    assert (snapshot.work, snapshot.retainage, snapshot.net) == (D("40000.00"), D("4000.00"), D("36000.00"))
    assert held.under_contract(contract) == D("4000.00")


def test_e1_release_in_two_steps_ends_at_zero(tenant: Tenant) -> None:
    contract = a_contract("80000", "40000")
    approved(an_application(contract, 1, ["80000", "40000"]))
    first = frozen(approved(a_release(contract, "10200.00")))
    assert (first.purpose, first.net, first.work) == (Purpose.RELEASE, D("10200.00"), D("0.00"))
    assert held.under_contract(contract) == D("1800.00")
    approved(a_release(contract, "1800.00", number="PA12-RET2"))
    assert held.under_contract(contract) == D("0.00")
    assert set(held.by_line(contract).values()) == {D("0.00")}


def test_e2_retroactive_reduction_gives_back_in_the_application(tenant: Tenant) -> None:
    contract = a_contract("120000", rule="retroactive", threshold=D(50), reduced_rate=D(5))
    approved(an_application(contract, 1, ["42000"]))
    approved(an_application(contract, 2, ["24000"]))
    third = frozen(approved(an_application(contract, 3, ["24000"])))
    assert (third.retainage, third.net) == (D("-2100.00"), D("26100.00"))
    assert kinds()[2:] == [("withheld", D("1200.00")), ("rate_change", D("-3300.00"))]
    assert held.under_contract(contract) == D("4500.00")


def test_e3_change_orders(tenant: Tenant) -> None:
    contract = a_contract("120000", changes=[("CO-01", "15000"), ("CO-02", "-4000")])
    approved(an_application(contract, 1, ["90000", "0", "0"]))
    snapshot = frozen(approved(an_application(contract, 2, ["20000", "9000", "-4000"])))
    assert [line.description for line in snapshot.lines] == ["Line 1", "CO-01 Line 2", "CO-02 Line 3"]
    assert (snapshot.work, snapshot.retainage, snapshot.net) == (D("25000.00"), D("2500.00"), D("22500.00"))


def test_e5_bill_then_release_with_back_charge(tenant: Tenant) -> None:
    sub, job = a_vendor(), a_project()
    bill = thaw(approved(a_bill(sub, ("25000.00", "2500.00"), project=job)))
    assert isinstance(bill, BillSnapshot)
    assert (bill.cost, bill.retainage, bill.net) == (D("25000.00"), D("2500.00"), D("22500.00"))
    assert bill.customer is not None
    assert bill.customer.name == "Harbor General"
    back = a_bill(sub, ("0", "-2500"), ("-300", "0"), number="REL-1", project=job, purpose="release")
    release = thaw(approved(back))
    assert isinstance(release, BillSnapshot)
    assert (release.cost, release.net) == (D("-300.00"), D("2200.00"))
    assert held.for_document(back) == D("0.00")


def test_e6_a_rounded_total_shows_its_cent_in_the_sub_ledger(tenant: Tenant) -> None:
    contract = a_contract(
        "1234.50", "2345.70", "3456.90", work_rate=D(5), stored_rate=D(5), rounding="total_then_allocate"
    )
    approved(an_application(contract, 1, ["1234.50", "2345.70", "3456.90"]))
    assert ("rounding", D("-0.01")) in kinds()
    assert held.under_contract(contract) == D("351.86")


def test_e6_two_applications_do_not_drift(tenant: Tenant) -> None:
    contract = a_contract("5000", "5000", "8000", work_rate=D(5), stored_rate=D(5))
    work = ["1234.50", "2345.70", "3456.90"]
    first = frozen(approved(an_application(contract, 1, work)))
    second = frozen(approved(an_application(contract, 2, work)))
    assert (first.net, second.net) == (D("6685.23"), D("6685.26"))
    assert held.under_contract(contract) == D("703.71")


def test_the_contract_chooses_the_posting_mode_before_the_connection(tenant: Tenant) -> None:
    contract = a_contract("100")
    contract.posting_mode = PostingMode.NET_PLUS_JOURNAL.value
    contract.save()
    chosen = frozen(approved(an_application(contract, 1, ["100"])))
    assert chosen.posting_mode is PostingMode.NET_PLUS_JOURNAL


def test_approval_is_recorded_with_its_actor(tenant: Tenant, alice: User) -> None:
    bill = a_bill()
    approve(kind=SourceKind.BILL, document_id=bill.pk, actor=alice, default_mode=PostingMode.NEGATIVE_LINE)
    event = AuditEvent.objects.get(act="bill.approved")
    assert (event.actor_label, event.subject_id) == ("alice@example.com", bill.public_id)
    bill.refresh_from_db()
    assert (bill.status, bill.approved_by) == ("approved", alice)


def test_approving_twice_is_refused(tenant: Tenant) -> None:
    bill = a_bill()
    approved(bill)
    with pytest.raises(ApprovalError, match="INV-88 is already approved"):
        approved(bill)
    assert Revision.objects.count() == 1


def test_an_application_waits_for_the_one_before(tenant: Tenant) -> None:
    contract = a_contract("1000")
    an_application(contract, 1, ["100"])
    with pytest.raises(ApprovalError, match="Approve PA1 first"):
        approved(an_application(contract, 2, ["100"]))


def test_a_stale_draft_is_computed_anew(tenant: Tenant) -> None:
    contract = a_contract("1000")
    first = an_application(contract, 1, ["100"])
    second = an_application(contract, 2, ["100"])
    drafts.write_application(first, entered={}, actor=None)
    line = contract.lines.get()
    drafts.write_application(first, entered={line.pk: PeriodWork(this_period=D("100.05"))}, actor=None)
    approved(first)
    approved(second)
    assert held.under_contract(contract) == D("20.01")


@pytest.mark.parametrize(
    ("work", "reason"),
    [("1000.01", "would be billed to 1,000.01 of 1,000.00"), ("0", "bills nothing")],
)
def test_an_application_that_makes_no_sense_is_refused(tenant: Tenant, work: str, reason: str) -> None:
    invoice = an_application(a_contract("1000"), 1, [work])
    with pytest.raises(ApprovalError, match=reason):
        approved(invoice)
    invoice.refresh_from_db()
    assert invoice.status == "draft"
    assert not RetainageEntry.objects.exists()


def test_a_release_of_more_than_is_held_is_refused(tenant: Tenant) -> None:
    contract = a_contract("1000")
    approved(an_application(contract, 1, ["1000"]))
    with pytest.raises(LedgerError, match=r"Only 100\.00 is held"):
        a_release(contract, "100.01")


def test_two_drafts_cannot_release_the_same_retainage(tenant: Tenant) -> None:
    contract = a_contract("1000")
    approved(an_application(contract, 1, ["1000"]))
    first, second = a_release(contract, "100", number="R1"), a_release(contract, "100", number="R2")
    approved(first)
    with pytest.raises(ApprovalError, match="Nothing is held here"):
        approved(second)


def test_a_release_bill_draws_on_its_vendor_and_project_only(tenant: Tenant) -> None:
    sub = a_vendor()
    approved(a_bill(sub, ("1000", "100"), project=a_project()))
    with pytest.raises(ApprovalError, match="Nothing is held"):
        approved(a_bill(sub, ("0", "-100"), number="REL", purpose="release"))


def test_a_changed_bill_becomes_the_next_revision(tenant: Tenant, alice: User) -> None:
    bill = a_bill()
    approved(bill)
    reopened = reopen(kind=SourceKind.BILL, document_id=bill.pk, actor=alice)
    assert isinstance(reopened, Bill)
    lines = [LineValues(description="Slab", amount=D("20000.00"), retainage=D("2000.00"))]
    drafts.write_bill(reopened, lines=lines, actor=alice)
    assert approved(reopened).number == 2
    assert kinds() == [("withheld", D("2500.00")), ("reversal", D("-2500.00")), ("withheld", D("2000.00"))]


def test_reopening_without_a_change_makes_no_revision(tenant: Tenant, alice: User) -> None:
    bill = a_bill()
    first = approved(bill)
    reopen(kind=SourceKind.BILL, document_id=bill.pk, actor=alice)
    assert approved(bill) == first
    assert kinds() == [("withheld", D("2500.00"))]


def test_what_others_build_upon_cannot_be_reopened(tenant: Tenant, alice: User) -> None:
    contract = a_contract("1000")
    first = an_application(contract, 1, ["100"])
    approved(first)
    approved(an_application(contract, 2, ["100"]))
    with pytest.raises(LedgerError, match="PA2 builds on PA1"):
        reopen(kind=SourceKind.INVOICE, document_id=first.pk, actor=alice)


def test_voiding_reverses_and_frees_the_number(tenant: Tenant, alice: User) -> None:
    contract = a_contract("1000")
    first = an_application(contract, 1, ["1000"])
    approved(first)
    void(kind=SourceKind.INVOICE, document_id=first.pk, actor=alice, reason="billed the wrong job")
    assert held.under_contract(contract) == D("0.00")
    approved(an_application(contract, 1, ["500"]))
    assert held.under_contract(contract) == D("50.00")


def test_what_was_released_cannot_be_voided_away(tenant: Tenant, alice: User) -> None:
    contract = a_contract("1000")
    first = an_application(contract, 1, ["1000"])
    approved(first)
    approved(a_release(contract, "60"))
    with pytest.raises(LedgerError, match="Void the release first"):
        void(kind=SourceKind.INVOICE, document_id=first.pk, actor=alice, reason="")


def test_drafts_are_deleted_and_approved_documents_are_not(tenant: Tenant) -> None:
    draft, bill = a_bill(number="1"), a_bill(a_vendor("Other"), number="2")
    drafts.delete(draft, actor=None)
    approved(bill)
    bill.refresh_from_db()
    with pytest.raises(LedgerError, match="Void it instead"):
        drafts.delete(bill, actor=None)
    assert list(Bill.objects.values_list("number", flat=True)) == ["2"]


def test_a_number_is_used_once_per_vendor(tenant: Tenant) -> None:
    sub = a_vendor()
    a_bill(sub, number="A-1")
    with pytest.raises(LedgerError, match="already has a bill a-1"):
        a_bill(sub, number="a-1")
    a_bill(a_vendor("Other"), number="A-1")


def test_a_total_below_zero_is_refused(tenant: Tenant) -> None:
    with pytest.raises(LedgerError, match="cannot be less than zero"):
        a_bill(None, ("-5", "0"))
    assert not Bill.objects.exists()


def test_retainage_above_the_amount_is_refused(tenant: Tenant) -> None:
    with pytest.raises(LedgerError, match="a part of the amount"):
        a_bill(None, ("100", "100.01"))


def test_an_archived_vendor_is_refused(tenant: Tenant) -> None:
    bill = a_bill()
    bill.vendor.archived_at = bill.vendor.created_at
    bill.vendor.save()
    with pytest.raises(ApprovalError, match="archived"):
        approved(bill)


@pytest.mark.parametrize("table", ["ledger_retainageentry", "ledger_revision"])
@pytest.mark.parametrize("act", ["DELETE FROM {}", "UPDATE {} SET created_at = created_at"])
def test_the_sub_ledger_cannot_be_rewritten(tenant: Tenant, table: str, act: str) -> None:
    approved(a_bill())
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(act.format(table))


def test_the_sum_of_entries_is_line_5(tenant: Tenant) -> None:
    contract: Contract = a_contract("1000", "2000", rule="stop", threshold=D(40))
    approved(an_application(contract, 1, ["600", "700"]))
    approved(an_application(contract, 2, ["400", "1300"]))
    newest = Invoice.objects.get(application_number=2)
    to_date = sum(line.retainage_to_date for line in newest.lines.all())
    assert to_date == held.under_contract(contract) == D("130.00")
