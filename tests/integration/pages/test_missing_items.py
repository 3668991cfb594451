"""An item that went away in the books comes back by saving the mapping again, as its exception says."""

from typing import Any

import pytest

from integrations.mappings import mirror
from integrations.mappings.models import AccountMapping, MirrorRecord
from rivet import clock
from rivet.ledger.models import Contract
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox
from sync.models import OutboxEntry, ReadyConnection, SyncIssue
from tests import ledgers
from tests.books import ConnectedFirm, connected
from tests.firms import Firm
from tests.integration.pages.conftest import SignIn
from tests.sandbox.running import Running


@pytest.fixture
def books(firm: Firm, vendors: Running, settings: Any) -> ConnectedFirm:
    settings.RIVET_PROFILE = "fast"
    made = connected(firm, vendors)
    made.drain()
    return made


def item_of(books: ConnectedFirm, role: str = "revenue") -> str:
    with tenant_transaction(books.tenant_id):
        return str(AccountMapping.objects.get(connection=books.connection, role=role).item_id)


def change(books: ConnectedFirm, item_id: str, **fields: Any) -> None:
    """Somebody edits the item in QuickBooks; Rivet reads the lists afterwards."""
    item = books.theirs("GET", f"/item/{item_id}")["Item"]
    books.theirs("POST", "/item", {**item, **fields})
    mirror.refresh(books.connection)


def save_again(books: ConnectedFirm, sign_in: SignIn) -> str:
    """Press Save mapping without touching anything."""
    with tenant_transaction(books.tenant_id):
        chosen = dict(AccountMapping.objects.values_list("role", "external_id"))
    page = f"/t/ironwood/settings/integrations/{books.connection.public_id}/mapping/"
    return str(sign_in(books.firm.owner).post(page, chosen, follow=True).content.decode())


def an_invoice_is_stopped(books: ConnectedFirm, number: int = 1) -> None:
    with tenant_transaction(books.tenant_id):
        contract = Contract.objects.first() or ledgers.a_contract("12000")
        invoice = ledgers.an_application(contract, number, ["1000"])
        outbox.approve(kind=SourceKind.INVOICE, document_id=invoice.pk, actor=books.firm.owner)
    books.drain()
    with tenant_transaction(books.tenant_id):
        assert SyncIssue.objects.get(resolved_at=None).code == "MAP-07"


def settle(books: ConnectedFirm) -> None:
    """The item first; its arrival is a fact, which the next turn reads."""
    books.drain()
    with tenant_transaction(books.tenant_id):
        assert ReadyConnection.objects.filter(connection=books.connection, due_at__lte=clock.now()).exists()
    books.drain()


def test_saving_again_makes_an_item_that_went_away(books: ConnectedFirm, sign_in: SignIn) -> None:
    """First theirs, which Rivet had found, then the one that Rivet made in its place."""
    for made in (1, 2):
        before = item_of(books)
        change(books, before, Active=False)
        an_invoice_is_stopped(books, number=made)

        said = [save_again(books, sign_in), save_again(books, sign_in)]
        settle(books)

        assert all("Item Contract Revenue will be made in QuickBooks." in each for each in said)
        assert item_of(books) not in {"", before}
        assert set(books.states().values()) == {"confirmed"}
        with tenant_transaction(books.tenant_id):
            assert not SyncIssue.objects.filter(resolved_at=None).exists()
            # Pressed twice, made once.
            assert OutboxEntry.objects.filter(role="item").count() == made
    assert "Nothing was changed." in save_again(books, sign_in)


def test_an_item_that_posts_elsewhere_is_no_item(books: ConnectedFirm, sign_in: SignIn) -> None:
    before = item_of(books)
    with tenant_transaction(books.tenant_id):
        taken = AccountMapping.objects.values_list("external_id")
        other = MirrorRecord.objects.filter(kind="account", use="income").exclude(external_id__in=taken)[0].external_id
    change(books, before, IncomeAccountRef={"value": other}, Name="Something else")
    an_invoice_is_stopped(books)

    save_again(books, sign_in)
    settle(books)

    assert item_of(books) not in {"", before}
    assert set(books.states().values()) == {"confirmed"}
