"""Several rows at once: the ones somebody ticked, or everything the filter shows."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.connections.models import Connection
from rivet import clock
from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import AuditEvent
from rivet.tenants.roles import Role
from sync.models import EntryNeed, LogLine, OutboxEntry, SyncIssue, SyncRun
from sync.queries import exceptions as queries
from sync.states import Cancellation, Hold, State
from tests.firms import Firm, a_firm, a_person, join, signed_in
from tests.outboxes import a_connection, a_refused, an_entry

HOME = "/t/ironwood/"
CHOSEN = f"{HOME}exceptions/chosen/"
NOTHING = "Nothing was chosen. Tick the rows first."


def act(client: Client, act: str, *chosen: OutboxEntry | str, query: str = "", **fields: str) -> str:
    """Press a button of the bar; what the status line of the page says afterwards."""
    ids = [each if isinstance(each, str) else str(each.public_id) for each in chosen]
    answer = client.post(CHOSEN, {"act": act, "chosen": ids, "query": query, **fields}, follow=True)
    assert answer.status_code == 200
    return status_line(answer.content.decode())


def status_line(page: str) -> str:
    return " ".join(re.findall(r'<div class="notice"[^>]*>([^<]*)</div>', page))


def states(firm: Firm, *entries: OutboxEntry) -> list[str]:
    with tenant_transaction(firm.tenant.pk):
        stored = OutboxEntry.objects.in_bulk([entry.pk for entry in entries])
    return [stored[entry.pk].state for entry in entries]


@pytest.fixture
def three(firm: Firm, books: Connection) -> list[OutboxEntry]:
    """What needs attention, oldest first."""
    with tenant_transaction(firm.tenant.pk):
        return [a_refused(books, f"Bill {number} · Hanson") for number in (1, 2, 3)]


def test_chosen_rows_go_again_as_one_run(alice: Client, firm: Firm, three: list[OutboxEntry]) -> None:
    assert act(alice, "retry", three[0], three[2]) == "Queued 2."
    assert states(firm, *three) == [State.READY, State.REJECTED, State.READY]
    with tenant_transaction(firm.tenant.pk):
        assert SyncRun.objects.get().queued == 2
        assert SyncIssue.objects.filter(resolved_at=None).count() == 1


def test_what_waits_for_its_next_try_goes_now(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        retrying, unclear = an_entry(books, tries=2), an_entry(books, state=State.UNCERTAIN)
    assert act(alice, "retry", retrying, unclear, query="state=all") == "Queued 2."
    assert states(firm, retrying, unclear) == [State.READY, State.UNCERTAIN]
    with tenant_transaction(firm.tenant.pk):
        assert not OutboxEntry.objects.filter(due_at__gt=clock.now() + timedelta(seconds=1)).exists()


def test_chosen_rows_are_skipped_with_the_reason_kept(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        entries = [a_refused(books), an_entry(books, state=State.HELD, reason=Hold.PARENT), a_refused(books)]
    assert act(alice, "skip", *entries[:2], reason=" Entered by hand\0 ") == "Skipped 2."
    assert states(firm, *entries) == [State.CANCELLED, State.CANCELLED, State.REJECTED]
    with tenant_transaction(firm.tenant.pk):
        assert set(OutboxEntry.objects.filter(state=State.CANCELLED).values_list("reason", flat=True)) == {
            Cancellation.SKIPPED
        }
        assert AuditEvent.objects.filter(act="entry.skipped", reason="Entered by hand").count() == 2
        assert LogLine.objects.filter(detail="Skipped: Entered by hand", actor_label=firm.owner.email).count() == 2


@pytest.mark.parametrize("with_its_journal", [False, True])
def test_what_waited_for_skipped_rows_goes_with_them_or_on(
    alice: Client, firm: Firm, books: Connection, with_its_journal: bool
) -> None:
    with tenant_transaction(firm.tenant.pk):
        invoice = a_refused(books, "Invoice 1")
        journal = an_entry(books, "Invoice 1, journal", state=State.HELD, reason=Hold.PARENT)
        OutboxEntry.objects.filter(pk=journal.pk).update(source_id=invoice.source_id, role="retainage_journal")
        other = an_entry(books, "Bill 2", state=State.HELD, reason=Hold.PARENT)
        for waiting in (journal, other):
            EntryNeed.objects.create(tenant_id=firm.tenant.pk, entry=waiting, needs=invoice)
    chosen = [invoice, journal] if with_its_journal else [invoice]
    assert act(alice, "skip", *chosen, query="state=all", reason="Twice") == f"Skipped {len(chosen)}."
    assert states(firm, invoice, journal, other) == [State.CANCELLED, State.CANCELLED, State.READY]


def test_skipping_without_a_reason_asks_for_one(alice: Client, firm: Firm, three: list[OutboxEntry]) -> None:
    assert act(alice, "skip", *three, reason="  ").startswith("Say why it is not posted")
    assert states(firm, *three) == [State.REJECTED] * 3


def test_rows_that_moved_on_are_left_alone_and_counted(
    alice: Client, firm: Firm, books: Connection, three: list[OutboxEntry]
) -> None:
    with tenant_transaction(firm.tenant.pk):
        gone = [an_entry(books, state=State.CONFIRMED), an_entry(books, state=State.CLAIMED)]
    assert act(alice, "retry", *three, *gone) == "Queued 3, 2 had changed since."
    assert states(firm, *gone) == [State.CONFIRMED, State.CLAIMED]
    assert act(alice, "skip", *three, reason="Late") == "Nothing was skipped: it had all changed since."


def test_all_that_match_are_chosen_by_the_filter_on_the_server(
    alice: Client, firm: Firm, books: Connection, three: list[OutboxEntry]
) -> None:
    with tenant_transaction(firm.tenant.pk):
        other = a_refused(books, "Bill 9 · Rexel")
    said = act(alice, "retry", other, query="q=hanson&chosen=all", everything="1", counted="5")
    assert said == "Queued 3, 2 had changed since."
    assert states(firm, *three, other) == [State.READY] * 3 + [State.REJECTED]


def test_one_act_takes_no_more_than_its_limit(
    alice: Client, firm: Firm, three: list[OutboxEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_AT_ONCE", 2)
    assert act(alice, "skip", everything="1", counted="3", reason="Old") == "Skipped 2."
    assert states(firm, *three) == [State.REJECTED, State.CANCELLED, State.CANCELLED]


def test_number_somebody_made_up_chooses_nothing(alice: Client, firm: Firm, three: list[OutboxEntry]) -> None:
    for counted in ("", "-1", "many", "9" * 30):
        assert act(alice, "retry", everything="1", counted=counted) == NOTHING
    assert states(firm, *three) == [State.REJECTED] * 3


def test_nothing_chosen_says_so(alice: Client, firm: Firm, three: list[OutboxEntry]) -> None:
    for garbage in ([], ["nonsense", "", "0", "%00", "1 OR 1=1"]):
        assert act(alice, "retry", *garbage) == NOTHING
    assert states(firm, *three) == [State.REJECTED] * 3


def test_unknown_act_does_nothing(alice: Client, firm: Firm, three: list[OutboxEntry]) -> None:
    assert act(alice, "explode", *three) == ""
    assert states(firm, *three) == [State.REJECTED] * 3


def test_ids_of_another_firm_name_nothing(alice: Client, firm: Firm, three: list[OutboxEntry]) -> None:
    other = a_firm("oakridge", owner=a_person("Charlie"))
    with tenant_transaction(other.tenant.pk):
        theirs = a_refused(a_connection("Oakridge"))
    for mine, each in zip(three, (str(theirs.public_id), str(uuid4())), strict=False):
        assert act(alice, "retry", mine, each) == "Queued 1, 1 had changed since."
        assert act(alice, "skip", each, reason="Mine now") == "Nothing was skipped: it had all changed since."
    assert states(other, theirs) == [State.REJECTED]


def test_who_may_not_keep_books_sees_no_boxes_and_is_refused(firm: Firm, three: list[OutboxEntry]) -> None:
    person = a_person("Bob")
    join(firm, person, Role.VIEWER)
    bob = signed_in(person)
    shown = bob.get(f"{HOME}?chosen=all").content.decode()
    assert three[0].label in shown
    assert 'name="chosen"' not in shown and "data-selection-bar" not in shown
    assert bob.post(CHOSEN, {"act": "retry", "chosen": str(three[0].public_id)}).status_code == 403
    assert states(firm, *three) == [State.REJECTED] * 3


def test_answer_is_the_same_list_with_nothing_chosen(alice: Client, firm: Firm, three: list[OutboxEntry]) -> None:
    fields = {"act": "retry", "chosen": str(three[0].public_id), "query": "q=hanson&chosen=all"}
    fragment = alice.post(CHOSEN, fields, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "Queued 1." in fragment
    assert "2 records" in fragment
    assert alice.post(CHOSEN, {**fields, "chosen": str(three[1].public_id)}, follow=True).redirect_chain == [
        ("/t/ironwood/?q=hanson", 302)
    ]


def test_a_row_says_which_acts_make_sense(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        expected = {
            a_refused(books): "retry skip",
            an_entry(books, tries=1): "retry",
            an_entry(books, state=State.UNCERTAIN): "retry",
            an_entry(books, state=State.HELD, reason=Hold.PAUSED): "skip",
            an_entry(books, state=State.CONFIRMED): None,
            an_entry(books): None,
        }
    shown = alice.get(f"{HOME}?state=all").content.decode()
    said = dict(re.findall(r'value="([^"]+)" form="chosen" data-acts="([^"]*)"', shown))
    assert {entry: said.get(str(entry.public_id)) for entry in expected} == expected


def test_choosing_all_is_a_second_step_with_its_limit(
    alice: Client, firm: Firm, three: list[OutboxEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    first = alice.get(HOME).content.decode()
    assert "The newest 2 of 3" in first
    assert 'href="?chosen=all" id="choose-all">Select all 3 that match' in first
    second = alice.get(f"{HOME}?chosen=all").content.decode()
    assert "All 3 that match are selected" in second
    assert second.count("checked disabled") == 2
    assert 'name="counted" value="3"' in second and "Retry 3" in second and "Skip 3" in second
    monkeypatch.setattr(queries, "MOST_AT_ONCE", 2)
    assert (
        "The newest 2 of 3 are selected, as many as one act takes" in alice.get(f"{HOME}?chosen=all").content.decode()
    )


def test_where_states_are_mixed_all_cannot_be_chosen(
    alice: Client, three: list[OutboxEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    shown = alice.get(f"{HOME}?state=all&chosen=all").content.decode()
    assert "choose-all" not in shown and "are selected" not in shown
    assert "The newest 2" in shown


def test_retry_all_says_how_many_the_filter_leaves(alice: Client, firm: Firm, three: list[OutboxEntry]) -> None:
    assert "Retry the 3 errors that match" in alice.get(f"{HOME}?q=hanson").content.decode()
    assert "Retry the error that matches" in alice.get(f"{HOME}?q=Bill+2").content.decode()
    assert "retry-these" not in alice.get(f"{HOME}?state=waiting").content.decode()
    assert "retry-these" not in alice.get(HOME).content.decode()


def test_choosing_reads_the_rows_at_once(alice: Client, firm: Firm, books: Connection) -> None:
    """Reading what was chosen is one query; what is done to each row is its own."""
    with tenant_transaction(firm.tenant.pk):
        many = [str(an_entry(books, state=State.CONFIRMED).public_id) for _ in range(20)]

    def asked(*chosen: str) -> int:
        with CaptureQueriesContext(database) as captured:
            alice.post(CHOSEN, {"act": "retry", "chosen": chosen})
        return len(captured)

    assert asked(*many) == asked(many[0])
