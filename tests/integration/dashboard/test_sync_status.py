import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.connections import looks
from integrations.connections.models import Connection, Status
from rivet import clock
from rivet.tenants.context import tenant_transaction
from rivet.tenants.roles import Role
from sync.models import OutboxEntry, RunKind, SyncRun
from sync.states import State
from tests.firms import Firm, a_person, join, signed_in
from tests.outboxes import a_connection, an_entry

STATUS = "/t/ironwood/integrations/sync-status/"
FRIDAY = datetime(2026, 11, 20, 17, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


def words(client: Client, address: str = STATUS) -> str:
    return " ".join(re.sub("<[^>]+>", " ", client.get(address).content.decode()).split())


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.CONNECTED, "Connected"),
        (Status.NEEDS_REAUTHORIZATION, "Needs reauthorization"),
        (Status.DISCONNECTED, "Disconnected"),
        (Status.ERROR, "Error"),
    ],
)
def test_each_connection_says_how_it_is(alice: Client, firm: Firm, status: Status, said: str) -> None:
    with tenant_transaction(firm.tenant.pk):
        a_connection(status=status)
    assert said in words(alice)


@pytest.mark.parametrize("fields", [{}, {"paused_at": FRIDAY}, {"status": Status.ERROR, "paused_at": FRIDAY}])
def test_a_connection_has_one_look_on_every_page(alice: Client, firm: Firm, fields: dict[str, Any]) -> None:
    with tenant_transaction(firm.tenant.pk):
        made = looks.look(a_connection(**fields))
    chip = rf'<span class="chip" data-tone="{made.tone}">.*?</span>{made.word}</span>'
    for page in (STATUS, "/t/ironwood/settings/integrations/"):
        assert re.search(chip, alice.get(page).content.decode()), page


def test_sync_now_makes_waiting_work_due_and_shows_its_run(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry = an_entry(books, tries=1)
        later = entry.due_at
    answer = alice.post(f"{STATUS}sync-now/", follow=True)
    assert "Sync has started" in answer.content.decode()
    assert "Sync now" in words(alice)
    assert "1 under way" in words(alice)
    with tenant_transaction(firm.tenant.pk):
        moved = OutboxEntry.objects.get(pk=entry.pk)
        assert moved.due_at is not None
        assert later is not None
        assert moved.due_at < later
        assert SyncRun.objects.get().requested_by == firm.owner


def test_sync_now_of_one_connection_leaves_the_others(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        other = a_connection("Harbor", provider="xero")
        an_entry(books, tries=1)
        theirs = an_entry(other, tries=1)
    alice.post(f"{STATUS}{books.public_id}/sync-now/")
    with tenant_transaction(firm.tenant.pk):
        assert SyncRun.objects.get().connection_id == books.pk
        assert OutboxEntry.objects.get(pk=theirs.pk).due_at == theirs.due_at


def test_sync_now_without_books_says_there_is_nothing_to_do(alice: Client, firm: Firm) -> None:
    answer = alice.post(f"{STATUS}sync-now/", follow=True)
    assert "No books are connected" in answer.content.decode()


def test_finished_run_shows_what_came_of_it(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        run = SyncRun.objects.create(
            tenant=firm.tenant, kind=RunKind.RETRY_ALL, requested_by=firm.owner, finished_at=clock.now()
        )
        an_entry(books, state=State.CONFIRMED, run=run)
        an_entry(books, state=State.REJECTED, run=run)
    shown = words(alice)
    assert "Retry all" in shown
    assert "Done" in shown
    assert "1 in the books · 1 needs attention" in shown


def test_open_page_hears_204_until_a_number_moves(alice: Client, firm: Firm, books: Connection) -> None:
    seen = re.search(r'"seen": "(\w+)"', alice.get(STATUS).content.decode())
    assert seen
    assert alice.get(f"{STATUS}?seen={seen[1]}", headers=HTMX).status_code == 204
    with tenant_transaction(firm.tenant.pk):
        an_entry(books)
    answer = alice.get(f"{STATUS}?seen={seen[1]}", headers=HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()


def test_page_asks_the_same_number_of_queries_whatever_its_length(alice: Client, firm: Firm, books: Connection) -> None:
    def queries() -> int:
        with CaptureQueriesContext(database) as captured:
            alice.get(STATUS)
        return len(captured)

    few = queries()
    with tenant_transaction(firm.tenant.pk):
        for number in range(5):
            a_connection(f"Company {number}")
            run = SyncRun.objects.create(tenant=firm.tenant, kind=RunKind.SYNC_NOW, requested_by=firm.owner)
            an_entry(books, run=run)
    assert queries() == few
    assert few <= 15


def test_viewer_cannot_sync(firm: Firm, books: Connection) -> None:
    person = a_person("Bob")
    join(firm, person, Role.VIEWER)
    bob = signed_in(person)
    assert "sync-now/" not in bob.get(STATUS).content.decode()
    assert bob.post(f"{STATUS}sync-now/").status_code == 403
