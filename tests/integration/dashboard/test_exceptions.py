import re
from uuid import uuid4

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.connections.models import Connection, Status
from integrations.ports import Problem
from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import AuditEvent
from rivet.tenants.roles import Role
from sync.models import OutboxEntry, SyncRun
from sync.queries import exceptions as queries
from sync.states import Hold, State
from tests.firms import Firm, a_firm, a_person, join, signed_in
from tests.outboxes import a_connection, a_refused, an_entry

HOME = "/t/ironwood/"
HTMX = {"HX-Request": "true"}


def page(client: Client, address: str = HOME) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def state_of(firm: Firm, entry: OutboxEntry) -> str:
    with tenant_transaction(firm.tenant.pk):
        return str(OutboxEntry.objects.get(pk=entry.pk).state)


def test_firm_without_books_is_told_what_connecting_does(alice: Client) -> None:
    shown = page(alice)
    assert "No books are connected yet" in shown
    assert "/t/ironwood/settings/integrations/" in shown


def test_all_in_the_books_is_good_news(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        an_entry(books, state=State.CONFIRMED)
    assert "All clear" in page(alice)


def test_equal_causes_are_one_line_with_one_fix(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        for _ in range(3):
            a_refused(books, amount="100.50")
        a_refused(books, problem=Problem(code="PER-01", facts={"provider": "QuickBooks", "cause": "May 31"}))
    shown = page(alice)
    assert len(re.findall(r'class="row-item cause"', shown)) == 2
    assert "3 documents" in shown
    assert "$301.50" in shown
    assert "Retry all 4 errors" in shown
    assert f"/t/ironwood/settings/integrations/{books.public_id}/mapping/" in shown
    assert "4 need you" in shown


def test_names_that_are_taken_are_one_line_since_one_page_mends_them(
    alice: Client, firm: Firm, books: Connection
) -> None:
    with tenant_transaction(firm.tenant.pk):
        for name in ("Valley Concrete", "O'Neil Plumbing"):
            a_refused(books, problem=Problem(code="DUP-04", facts={"party": name}))
    [_, line] = page(alice).split('class="row-item cause"')
    assert "The name is already taken." in line and "2 documents" in line
    [query] = re.findall(r'href="\?(cause=[^"]*)"', line)
    assert page(alice, f"{HOME}?{query}".replace("&amp;", "&")).count('class="row-item__title"') == 2


def test_the_only_document_of_a_cause_is_one_click_away(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry = a_refused(books, problem=Problem(code="VAL-01", facts={"number": "X" * 30}))
    [_, line] = page(alice).split('class="row-item cause"')
    assert f"/t/ironwood/documents/bills/{entry.revision.snapshot['public_id']}/" in line.partition("</li>")[0]


def test_many_causes_are_cut_and_said_so(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        for number in range(queries.MOST_CAUSES + 1):
            a_refused(books, problem=Problem(code="REF-01", facts={"party": f"Vendor {number}"}))
    shown = page(alice)
    assert shown.count('class="row-item cause"') == queries.MOST_CAUSES
    assert "These are the causes of most" in shown


def test_overview_leaves_zeros_out_and_names_the_broken_connection(
    alice: Client, firm: Firm, books: Connection
) -> None:
    with tenant_transaction(firm.tenant.pk):
        an_entry(books, tries=2)
        an_entry(books, state=State.HELD, reason=Hold.PARENT)
        a_connection("Harbor", provider="xero", status=Status.NEEDS_REAUTHORIZATION)
    overview = re.search(r'<p class="overview">(.*?)</p>', page(alice), re.S)
    assert overview
    words = " ".join(re.sub("<[^>]+>", " ", overview[1]).split())
    assert words == "1 retrying · 1 waiting · Xero needs a new sign-in for Harbor"


@pytest.mark.parametrize(
    ("query", "visible"),
    [
        ("", {"needs"}),
        ("?state=retrying", {"retrying"}),
        ("?state=waiting", {"waiting"}),
        ("?state=synced", {"synced"}),
        ("?state=all", {"needs", "retrying", "waiting", "synced"}),
        ("?state=all&q=WAIT", {"waiting"}),
        ("?state=all&role=invoice", set()),
        ("?state=nonsense&connection=nonsense&role=%00&shown=-1", {"needs"}),
        ("?code=MAP-01", {"needs"}),
        ("?code=PER-01", set()),
    ],
)
def test_filters_are_the_address(alice: Client, firm: Firm, books: Connection, query: str, visible: set[str]) -> None:
    with tenant_transaction(firm.tenant.pk):
        a_refused(books, "needs")
        an_entry(books, "retrying", tries=1)
        an_entry(books, "waiting", state=State.HELD, reason=Hold.CONNECTION)
        an_entry(books, "synced", state=State.CONFIRMED)
    titles = re.findall(r'class="row-item__title" href="[^"]+"[^>]*>([^<]+)<', page(alice, HOME + query))
    assert set(titles) == visible


def test_waiting_says_for_what(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        an_entry(books, state=State.HELD, reason=Hold.CONNECTION)
    assert "Waits for the connection." in page(alice, f"{HOME}?state=waiting")


def test_show_more_goes_on_where_the_page_ended(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        for number in range(53):
            an_entry(books, f"entry {number}")
    first = page(alice, f"{HOME}?state=queued")
    assert first.count('class="row-item__title"') == 50
    more = re.search(r'href="(\?[^"]*shown=100[^"]*)"', first)
    assert more
    assert page(alice, HOME + more[1].replace("&amp;", "&")).count('class="row-item__title"') == 53


def test_list_asks_the_same_number_of_queries_whatever_its_length(alice: Client, firm: Firm, books: Connection) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            database,
        ) as captured:
            page(alice)
        return len(captured)

    with tenant_transaction(firm.tenant.pk):
        a_refused(books)
    few = queries()
    with tenant_transaction(firm.tenant.pk):
        for number in range(20):
            a_refused(books, problem=Problem(code="VAL-01", facts={"number": str(number)}))
    assert queries() == few
    assert few <= 20


def test_retry_puts_the_entry_back_into_the_line(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry = a_refused(books, "Bill 7 · Hanson")
    answer = alice.post(f"{HOME}exceptions/{entry.public_id}/retry/", {"query": "state=all"}, follow=True)
    assert "Bill 7 · Hanson goes again now." in answer.content.decode()
    assert answer.redirect_chain == [("/t/ironwood/?state=all", 302)]
    assert state_of(firm, entry) == State.READY
    with tenant_transaction(firm.tenant.pk):
        assert AuditEvent.objects.filter(act="entry.retried", subject_label="Bill 7 · Hanson").exists()


def test_retry_of_what_has_changed_meanwhile_says_so(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry = an_entry(books, state=State.CONFIRMED)
    answer = alice.post(f"{HOME}exceptions/{entry.public_id}/retry/", follow=True)
    assert "has changed since this page was made" in answer.content.decode()
    assert state_of(firm, entry) == State.CONFIRMED


def test_htmx_retry_answers_with_the_list_alone(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry = a_refused(books)
        a_refused(books, "stays")
    answer = alice.post(f"{HOME}exceptions/{entry.public_id}/retry/", {"query": ""}, headers=HTMX)
    shown = answer.content.decode()
    assert "<html" not in shown
    assert "stays" in shown
    assert "goes again now" in shown
    assert str(entry.public_id) not in shown
    assert "HX-Request" in answer["Vary"]


def test_retry_all_takes_what_the_filter_shows(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        mapped = [a_refused(books) for _ in range(2)]
        other = a_refused(books, problem=Problem(code="PER-01", facts={"cause": "May"}))
        cause = mapped[0].issues.get().cause_key
    answer = alice.post(f"{HOME}exceptions/retry-all/", {"query": f"cause={cause}"}, follow=True)
    assert "Queued 2." in answer.content.decode()
    assert [state_of(firm, entry) for entry in (*mapped, other)] == [State.READY, State.READY, State.REJECTED]
    with tenant_transaction(firm.tenant.pk):
        assert SyncRun.objects.get().queued == 2


def test_open_page_hears_204_until_something_is_new(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        a_refused(books)
    seen = re.search(r'"seen": "(\w+)"', page(alice))
    assert seen
    poll = f"{HOME}?seen={seen[1]}"
    assert alice.get(poll, headers=HTMX).status_code == 204
    with tenant_transaction(firm.tenant.pk):
        a_refused(books, "fresh")
    answer = alice.get(poll, headers=HTMX)
    assert answer.status_code == 200
    assert "fresh" in answer.content.decode()


def test_viewer_reads_and_changes_nothing(firm: Firm, books: Connection) -> None:
    person = a_person("Bob")
    join(firm, person, Role.VIEWER)
    bob = signed_in(person)
    with tenant_transaction(firm.tenant.pk):
        entry = a_refused(books)
    shown = page(bob)
    assert entry.label in shown
    assert "/retry" not in shown
    for address in (
        f"exceptions/{entry.public_id}/retry/",
        "exceptions/retry-all/",
        f"exceptions/{entry.public_id}/skip/",
    ):
        assert bob.post(HOME + address, {"reason": "no"}).status_code == 403
    assert state_of(firm, entry) == State.REJECTED


def test_stranger_finds_nothing_anywhere(firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry = a_refused(books)
    charlie = signed_in(a_person("Charlie"))
    missing = charlie.get("/t/nowhere/")
    for address in ("", f"exceptions/{entry.public_id}/", "sync-log/", "integrations/sync-status/"):
        there = charlie.get(HOME + address)
        assert (there.status_code, there.content) == (404, missing.content), address
    for address in (
        f"exceptions/{entry.public_id}/retry/",
        "exceptions/retry-all/",
        "integrations/sync-status/sync-now/",
    ):
        assert charlie.post(HOME + address).status_code == 404, address


def test_entry_of_another_firm_equals_a_missing_one(alice: Client, firm: Firm, books: Connection) -> None:
    other = a_firm("oakridge", owner=a_person("Charlie"))
    with tenant_transaction(other.tenant.pk):
        theirs = a_refused(a_connection("Oakridge"))
    for act in ("", "retry/", "skip/"):
        there = alice.post if act else alice.get
        found = there(f"{HOME}exceptions/{theirs.public_id}/{act}")
        missing = there(f"{HOME}exceptions/{uuid4()}/{act}")
        assert (found.status_code, found.content) == (missing.status_code, missing.content)
        assert found.status_code == 404
