"""What is read from the books: by Sync now and by the clock, with no message and no beat."""

from datetime import timedelta

import pytest
from django.core import mail

from integrations.connections import grants
from integrations.connections.models import Grant
from rivet import clock
from rivet.tenants.context import tenant_transaction
from rivet.tenants.roles import Role
from sync import chore_claims, expiry, rota, runs, schedule, timing
from sync.dispatch import next_turns
from sync.models import Chore, ChoreKind, LogLine, RunKind, SyncRun
from tests import databases
from tests.books import ConnectedFirm
from tests.firms import a_person, join

NIGHT_OVER = timedelta(hours=26)


pytestmark = pytest.mark.parametrize("books", ["quickbooks"], indirect=True)


def press_sync_now(books: ConnectedFirm) -> SyncRun:
    with tenant_transaction(books.tenant_id):
        return runs.sync_now(connection=books.connection, actor=books.firm.owner)


def chore(books: ConnectedFirm, kind: ChoreKind) -> Chore:
    with tenant_transaction(books.tenant_id):
        found: Chore = Chore.objects.get(kind=kind)
        return found


def runs_of(books: ConnectedFirm, kind: RunKind) -> list[SyncRun]:
    with tenant_transaction(books.tenant_id):
        return list(SyncRun.objects.filter(kind=kind).order_by("id"))


def pulls(books: ConnectedFirm) -> list[str]:
    with tenant_transaction(books.tenant_id):
        return list(LogLine.objects.filter(direction="pull").order_by("id").values_list("detail", flat=True))


def test_sync_now_is_found_by_the_dispatcher_and_reads_the_lists(books: ConnectedFirm) -> None:
    run = press_sync_now(books)
    assert [due.connection_id for due in next_turns(most=5)] == [books.connection.pk]
    books.turn()
    with tenant_transaction(books.tenant_id):
        run.refresh_from_db()
    assert run.finished_at and run.pulled > 10 and not run.trouble
    assert pulls(books)[-1].startswith(f"{run.pulled} records read")


def test_pressed_twice_it_is_one_run(books: ConnectedFirm) -> None:
    assert press_sync_now(books).pk == press_sync_now(books).pk
    books.turn()
    books.turn()
    [run] = runs_of(books, RunKind.SYNC_NOW)
    assert run.finished_at
    assert press_sync_now(books).pk != run.pk


def test_a_worker_that_died_over_it_is_replaced(books: ConnectedFirm) -> None:
    press_sync_now(books)
    with tenant_transaction(books.tenant_id):
        assert chore_claims.claim(books.connection.pk)
    books.turn()
    assert not runs_of(books, RunKind.SYNC_NOW)[0].finished_at
    with databases.later(timing.FAST.lease):
        books.turn()
    assert runs_of(books, RunKind.SYNC_NOW)[0].finished_at


def test_a_silent_provider_is_said_in_a_sentence(books: ConnectedFirm) -> None:
    act = {"kind": "status", "status": 503, "when": "before", "body": "", "headers": {}}
    books.sandbox.control("POST", "/faults", {"company": books.company, "act": act})
    press_sync_now(books)
    books.turn()
    [run] = runs_of(books, RunKind.SYNC_NOW)
    assert run.finished_at
    assert run.trouble == f"{books.connection.company_name}: QuickBooks did not answer."


def test_a_throttled_reading_goes_on_when_the_provider_lets_it(books: ConnectedFirm) -> None:
    act = {"kind": "rate_limit", "retry_after": 60}
    books.sandbox.control("POST", "/faults", {"company": books.company, "operation": "query", "nth": 1, "act": act})
    press_sync_now(books)
    books.turn()
    assert next_turns(most=5) == []
    [run] = runs_of(books, RunKind.SYNC_NOW)
    assert not run.finished_at
    with databases.later(timedelta(minutes=1)):
        assert next_turns(most=5)
        books.turn()
    [run] = runs_of(books, RunKind.SYNC_NOW)
    assert run.finished_at and run.pulled and not run.trouble


def test_lists_are_read_every_night_and_planned_for_the_next(books: ConnectedFirm) -> None:
    before, due = len(pulls(books)), chore(books, ChoreKind.NIGHTLY).due_at
    books.turn()
    assert not runs_of(books, RunKind.REFRESH)
    with databases.later(NIGHT_OVER):
        for _ in range(3):
            books.turn()
        [run] = runs_of(books, RunKind.REFRESH)
        assert run.finished_at and run.pulled
        assert len(pulls(books)) == before + 1
        assert timedelta(0) < chore(books, ChoreKind.NIGHTLY).due_at - clock.now() <= timedelta(hours=25)
        assert chore(books, ChoreKind.NIGHTLY).due_at > due


def test_a_night_without_an_answer_is_made_up_for(books: ConnectedFirm) -> None:
    act = {"kind": "status", "status": 503, "when": "before", "body": "", "headers": {}}
    books.sandbox.control("POST", "/faults", {"company": books.company, "act": act})
    with databases.later(NIGHT_OVER):
        for _ in range(3):
            books.turn()
        assert runs_of(books, RunKind.REFRESH)[0].trouble
        assert chore(books, ChoreKind.NIGHTLY).due_at <= clock.now() + schedule.NIGHT_AGAIN


def test_paused_books_are_left_alone_at_night(books: ConnectedFirm) -> None:
    with tenant_transaction(books.tenant_id):
        books.connection.paused_at = clock.now()
        books.connection.save(update_fields=["paused_at"])
    with databases.later(NIGHT_OVER):
        for _ in range(3):
            books.turn()
        assert not runs_of(books, RunKind.REFRESH)
        assert chore(books, ChoreKind.NIGHTLY).due_at > clock.now()


def test_the_health_check_renews_an_idle_sign_in(books: ConnectedFirm) -> None:
    """Six hours on, the access token is long over; asking renews it, so that no refresh token dies of idleness."""
    before = grants.tokens_of(books.connection).refresh_expires_at
    with databases.later(timedelta(hours=7)):
        books.sandbox.control("PUT", "/clock", {"offset_seconds": 7 * 3600})
        for _ in range(2):
            books.turn()
        assert runs_of(books, RunKind.HEALTH)[0].finished_at
        assert grants.tokens_of(books.connection).refresh_expires_at > before
        assert chore(books, ChoreKind.HEALTH).due_at > clock.now()


def test_the_health_check_sees_that_access_was_lost(books: ConnectedFirm) -> None:
    books.sandbox.control("POST", f"/companies/{books.company}/revoke-grants")
    with tenant_transaction(books.tenant_id):
        Chore.objects.filter(kind=ChoreKind.HEALTH).update(due_at=clock.now())
    books.turn()
    with tenant_transaction(books.tenant_id):
        books.connection.refresh_from_db()
    assert books.connection.status == "needs_reauthorization"
    assert "no longer lets Rivet in" in runs_of(books, RunKind.HEALTH)[0].trouble


def test_those_who_may_reconnect_are_told_before_the_sign_in_ends(books: ConnectedFirm) -> None:
    join(books.firm, a_person("Bob"), Role.BOOKKEEPER)
    with tenant_transaction(books.tenant_id):
        Grant.objects.update(hard_expires_at=clock.now() + timedelta(days=13, hours=5))
        planned = Chore.objects.select_related("connection__grant", "connection__tenant").get(kind=ChoreKind.HEALTH)
    expiry.warn(planned.connection)
    expiry.warn(planned.connection)
    [sent] = mail.outbox
    assert sent.to == ["alice@example.com"]
    assert books.connection.company_name in sent.subject
    assert f"/settings/integrations/{books.connection.public_id}/" in str(sent.body)
    assert [line for line in pulls(books) if "Reconnect before then" in line]


def test_what_is_planned_stays(books: ConnectedFirm) -> None:
    due = chore(books, ChoreKind.NIGHTLY).due_at
    with tenant_transaction(books.tenant_id):
        rota.plan(books.connection)
        assert Chore.objects.count() == 2
    assert chore(books, ChoreKind.NIGHTLY).due_at == due
