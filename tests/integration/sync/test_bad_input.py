"""Rubbish on its way into the books: it stops with a sentence or arrives unharmed, and nothing is lost."""

import pytest

from integrations.mappings import mirror
from integrations.mappings.models import MirrorRecord
from integrations.ports import MappingRole, Problem
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox
from sync.catalogue import describe
from sync.issues import named
from sync.models import Call, OutboxEntry, SyncIssue
from tests import ledgers
from tests.books import CHARTS, ConnectedFirm
from tests.integration.sync.test_changes import a_posted_bill, change
from tests.integration.sync.test_faults import bills_in, settle
from tests.integration.sync.test_posting import expect
from tests.sandbox.xero import browser

EMOJI = "Ace \N{HIGH VOLTAGE SIGN} Electric \N{CONSTRUCTION WORKER}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}"


def approve_bill(
    books: ConnectedFirm, vendor: str = "Hanson Concrete", *, number: str = "INV-88", memo: str = ""
) -> None:
    with tenant_transaction(books.tenant_id):
        bill = ledgers.a_bill(ledgers.a_vendor(vendor), number=number, memo=memo)
        outbox.approve(kind=SourceKind.BILL, document_id=bill.pk, actor=books.firm.owner)


def stopped(books: ConnectedFirm) -> tuple[str, str]:
    """The code and the sentence of the one thing that needs somebody."""
    with tenant_transaction(books.tenant_id):
        issue = SyncIssue.objects.select_related("entry__connection").get(resolved_at=None)
        entry = OutboxEntry.objects.get(pk=issue.entry_id)
        return issue.code, describe(named(entry, Problem(code=issue.code, facts=issue.facts)))


def test_emoji_arrive_as_they_are(books: ConnectedFirm) -> None:
    approve_bill(books, EMOJI, number="\N{RECEIPT} 7", memo="Señal\n\N{PAPERCLIP}")
    settle(books)
    assert bills_in(books) == ["\N{RECEIPT} 7"]


@pytest.mark.parametrize("books", ["quickbooks"], indirect=True)
def test_a_memo_of_ten_megabytes_costs_no_call(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        before = Call.objects.count()
    approve_bill(books, memo="x" * 10_000_000)
    for _ in range(4):
        books.turn()
    code, sentence = stopped(books)
    assert code == "VAL-09"
    assert "Memo" in sentence and "3,900" in sentence
    with tenant_transaction(books.tenant_id):
        # The vendor went; the bill did not.
        assert Call.objects.count() == before + 1


@pytest.mark.parametrize("books", ["xero"], indirect=True)
def test_a_memo_of_ten_megabytes_stays_in_rivet(books: ConnectedFirm) -> None:
    """Bills at Xero have no field for it."""
    approve_bill(books, memo="x" * 10_000_000)
    settle(books)
    assert bills_in(books) == ["INV-88"]


def put_away(books: ConnectedFirm, *, active: bool) -> None:
    """The accountant makes the mapped expense account inactive, or brings it back."""
    code = CHARTS[books.connection.provider][MappingRole.DEFAULT_EXPENSE]
    with tenant_transaction(books.tenant_id):
        account = MirrorRecord.objects.get(connection=books.connection, kind="account", code=code)
    if books.connection.provider == "xero":
        # Rivet itself may only read accounts: the accountant's own program writes them.
        token = browser.tokens(books.sandbox.url, [books.company])["access_token"]
        program = browser.Client(books.sandbox.url, books.company, token)
        status = "ACTIVE" if active else "ARCHIVED"
        program.good("POST", f"Accounts/{account.external_id}", {"Code": code, "Status": status})
        return
    now = books.theirs("GET", f"/account/{account.external_id}")["Account"]
    books.theirs("POST", "/account", {**now, "Active": active})


@pytest.mark.parametrize("is_known", [True, False], ids=["seen in the lists", "seen in the refusal"])
def test_an_account_that_was_put_away_stops_the_bill_until_it_is_back(books: ConnectedFirm, is_known: bool) -> None:
    put_away(books, active=False)
    if is_known:
        mirror.refresh(books.connection)
    approve_bill(books)
    for _ in range(4):
        books.turn()
    code, sentence = stopped(books)
    assert code == "REF-04", sentence
    assert bills_in(books) == []
    # Where their refusal said it first, the lists were read by themselves: else nobody could tell that it is back.
    put_away(books, active=True)
    mirror.refresh(books.connection)
    settle(books)
    assert bills_in(books) == ["INV-88"]
    with tenant_transaction(books.tenant_id):
        assert not SyncIssue.objects.filter(resolved_at=None).exists()


def test_a_change_that_needs_an_account_put_away_is_read_again_once(books: ConnectedFirm) -> None:
    """The refusal could also mean that the bill itself is gone, so it is looked at before a person is asked."""
    bill = a_posted_bill(books)
    put_away(books, active=False)
    change(books, bill, "300.00")
    for _ in range(6):
        books.turn()
    code, sentence = stopped(books)
    assert code == "REF-04", sentence
    with tenant_transaction(books.tenant_id):
        assert OutboxEntry.objects.get(operation="update").generation == 2
    put_away(books, active=True)
    mirror.refresh(books.connection)
    settle(books)
    expect(books, default_expense="300.00", payable="-300.00")
