"""Two people at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal as D
from threading import Barrier

import pytest
from django.db import connection

from rivet.ledger import held, payments
from rivet.ledger.approval import approve
from rivet.ledger.errors import LedgerError
from rivet.ledger.models import Bill, Revision
from rivet.ledger.snapshots import PostingMode, SourceKind
from rivet.tenants.context import tenant_transaction
from tests.firms import Firm, a_firm
from tests.ledgers import DAY, a_bill, a_contract, a_release, an_application, approved

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(firm: Firm, *acts: Callable[[], object]) -> list[str]:
    """Run each in its own transaction, all let loose together; what was refused."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=10)
            with tenant_transaction(firm.tenant.pk):
                act()
        except LedgerError as refusal:
            return refusal.sentence
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def an_approval(kind: SourceKind, document_id: int) -> Callable[[], object]:
    return lambda: approve(kind=kind, document_id=document_id, actor=None, default_mode=PostingMode.NEGATIVE_LINE)


def test_a_document_is_approved_once() -> None:
    firm = a_firm()
    with tenant_transaction(firm.tenant.pk):
        bill = a_bill()
    refused = at_once(firm, *[an_approval(SourceKind.BILL, bill.pk)] * 4)
    assert refused == ["", *["INV-88 is already approved."] * 3]
    with tenant_transaction(firm.tenant.pk):
        assert Revision.objects.count() == 1
        assert held.for_document(Bill.objects.get()) == D("2500.00")


def test_retainage_is_released_once() -> None:
    firm = a_firm()
    with tenant_transaction(firm.tenant.pk):
        contract = a_contract("1000")
        approved(an_application(contract, 1, ["1000"]))
        releases = [a_release(contract, "60", number=f"R{index}") for index in range(3)]
    refused = at_once(firm, *[an_approval(SourceKind.INVOICE, release.pk) for release in releases])
    assert refused[0] == ""
    assert all("Only 40.00 is held" in sentence for sentence in refused[1:])
    with tenant_transaction(firm.tenant.pk):
        assert held.under_contract(contract) == D("40.00")


def test_a_bill_is_not_paid_twice() -> None:
    firm = a_firm()
    with tenant_transaction(firm.tenant.pk):
        bill = a_bill()
        approved(bill)

    def pay() -> object:
        return payments.record(
            kind=SourceKind.BILL,
            document_id=bill.pk,
            amount=bill.net,
            paid_date=DAY,
            reference="",
            actor=firm.owner,
        )

    refused = at_once(firm, pay, pay)
    assert refused[0] == ""
    assert "left to pay" in refused[1]
