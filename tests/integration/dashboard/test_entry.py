import re

import pytest
from django.test import Client

from integrations.connections.models import Connection
from integrations.ports import Problem
from rivet.tenants.context import tenant_transaction
from sync import issues, outbox
from sync.models import OutboxEntry, Severity, SyncIssue
from sync.states import Cancellation, State
from tests import ledgers
from tests.firms import Firm
from tests.outboxes import a_line, a_refused, an_attempt, an_entry

HTMX = {"HX-Request": "true"}


def address(entry: OutboxEntry, act: str = "") -> str:
    return f"/t/ironwood/exceptions/{entry.public_id}/{act}"


def test_detail_says_what_happened_what_to_do_and_what_was_tried(alice: Client, firm: Firm, books: Connection) -> None:
    problem = Problem(code="MAP-01", their_words="Required param missing: <b>AccountRef</b>")
    with tenant_transaction(firm.tenant.pk):
        entry = a_refused(books, "Bill 1043 · Hanson Concrete", problem=problem)
        an_attempt(entry, outcome="Rejected", detail="Required param missing")
    shown = alice.get(address(entry)).content.decode()
    for words in ("Bill 1043", "Needs attention", "Refused", "Required param missing", "1-5f0c", "RVT-", "$12,480.00"):
        assert words in shown
    assert "<b>AccountRef" not in shown
    assert f"/t/ironwood/settings/integrations/{books.public_id}/mapping/" in shown


def test_settled_entry_is_not_asked_for_again(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        settled, under_way = an_entry(books, state=State.CONFIRMED), an_entry(books)
    assert "data-tick" not in alice.get(address(settled)).content.decode()
    assert "data-tick" in alice.get(address(under_way)).content.decode()


def test_open_detail_hears_204_until_a_line_is_new(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry = an_entry(books)
    seen = re.search(r'"seen": "(\w+)"', alice.get(address(entry)).content.decode())
    assert seen
    again = f"{address(entry)}?seen={seen[1]}"
    assert alice.get(again, headers=HTMX).status_code == 204
    with tenant_transaction(firm.tenant.pk):
        a_line(entry, detail="Something new")
    assert "Something new" in alice.get(again, headers=HTMX).content.decode()


def test_request_and_answer_keep_their_numbers(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry, other = an_entry(books), an_entry(books)
        call = an_attempt(entry, outcome="Delivered")
    shown = alice.get(address(entry, f"calls/{call.id}/")).content.decode()
    assert "&quot;TotalAmt&quot;: 1.10" in shown
    fragment = alice.get(address(entry, f"calls/{call.id}/"), headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert alice.get(address(other, f"calls/{call.id}/")).status_code == 404


def test_answer_that_is_no_json_is_shown_as_it_came(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry = an_entry(books)
        call = an_attempt(entry, outcome="Unknown", answer="<h1>Bad gateway</h1>")
    assert "&lt;h1&gt;Bad gateway" in alice.get(address(entry, f"calls/{call.id}/")).content.decode()


def test_skip_wants_a_reason_and_keeps_it(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry = a_refused(books)
    refused = alice.post(address(entry, "skip/"), {"reason": " "}, follow=True).content.decode()
    assert "Say why" in refused
    shown = alice.post(address(entry, "skip/"), {"reason": "paid in cash"}, follow=True).content.decode()
    assert "will not be posted" in shown
    assert "Skipped: paid in cash" in shown
    assert "alice@example.com" in shown
    with tenant_transaction(firm.tenant.pk):
        kept = OutboxEntry.objects.get(pk=entry.pk)
        assert (kept.state, kept.reason) == (State.CANCELLED, Cancellation.SKIPPED)


def test_a_record_deleted_there_is_posted_again_once(alice: Client, firm: Firm, books: Connection) -> None:
    """A second click finds nothing left to do: two new records would be two bills."""
    with tenant_transaction(firm.tenant.pk):
        (entry,) = outbox.enqueue(ledgers.approved(ledgers.a_bill()), books)
        OutboxEntry.objects.filter(pk=entry.pk).update(state=State.REJECTED, operation="update")
        issues.open_issue(entry, Problem(code="REF-05"), severity=Severity.ERROR)
    assert "Post again as new" in alice.get(address(entry)).content.decode()
    again = alice.post(address(entry, "post-again/"), follow=True).content.decode()
    assert "is queued to be posted" in again
    assert "nothing was done" in alice.post(address(entry, "post-again/"), follow=True).content.decode()
    with tenant_transaction(firm.tenant.pk):
        made = OutboxEntry.objects.filter(role="bill").order_by("id").values_list("operation", "round", "state")
        assert list(made) == [("update", 1, "cancelled"), ("create", 2, "ready")]


def test_a_skipped_bill_is_posted_after_all_once(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        (entry,) = outbox.enqueue(ledgers.approved(ledgers.a_bill()), books)
    assert "will not be posted" in skipped(alice, entry)
    assert "Post it after all" in alice.get(address(entry)).content.decode()
    assert "is queued to be posted" in alice.post(address(entry, "post-again/"), follow=True).content.decode()
    assert "nothing was done" in alice.post(address(entry, "post-again/"), follow=True).content.decode()
    assert "Post it after all" not in alice.get(address(entry)).content.decode()


def skipped(alice: Client, entry: OutboxEntry) -> str:
    return alice.post(address(entry, "skip/"), {"reason": "Entered by hand"}, follow=True).content.decode()


def test_nothing_else_is_posted_again(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry = a_refused(books)
    assert "post-again" not in alice.get(address(entry)).content.decode()
    alice.post(address(entry, "post-again/"))
    with tenant_transaction(firm.tenant.pk):
        assert OutboxEntry.objects.count() == 1


def test_synced_entry_offers_neither_retry_nor_skip(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry = an_entry(books, state=State.CONFIRMED)
        SyncIssue.objects.create(
            tenant=firm.tenant,
            connection=books,
            entry=entry,
            code="VAL-04",
            cause_key="VAL-04",
            facts={"ours": "1.00", "theirs": "1.01"},
            severity=Severity.WARNING,
        )
    shown = alice.get(address(entry)).content.decode()
    assert "Worth a look" in shown
    assert "1.01" in shown
    assert "Open the document" in shown
    assert address(entry, "retry/") not in shown
    assert address(entry, "skip/") not in shown


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_page(alice: Client, firm: Firm, books: Connection, state: State) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry = an_entry(books, state=state)
    assert alice.get(address(entry)).status_code == 200
