"""What a list's address opens over it: the very fragment the entry's own page shows."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from integrations.connections.models import Connection
from rivet.tenants.context import tenant_transaction
from sync.models import OutboxEntry
from sync.states import State
from tests.firms import Firm, a_firm, a_person
from tests.outboxes import a_connection, a_refused

HOME = "/t/ironwood/"
LISTS = [HOME, f"{HOME}sync-log/"]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def entry(firm: Firm, books: Connection) -> OutboxEntry:
    with tenant_transaction(firm.tenant.pk):
        return a_refused(books, "Bill 1043 · Hanson")


def drawer(client: Client, address: str) -> str:
    found = re.search(r'<dialog class="drawer".*?</dialog>', client.get(address).content.decode(), re.S)
    assert found
    return found[0]


def article(page: str) -> str:
    found = re.search(r'<article id="entry".*?</article>', page, re.S)
    assert found
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", found[0])


@pytest.mark.parametrize("address", LISTS)
def test_drawer_holds_what_the_page_shows(alice: Client, entry: OutboxEntry, address: str) -> None:
    page = alice.get(f"{HOME}exceptions/{entry.public_id}/").content.decode()
    opened = drawer(alice, f"{address}?q=hanson&open={entry.public_id}")
    assert article(opened) == article(page)
    assert 'aria-labelledby="entry-title" open>' in opened
    assert 'href="?q=hanson" data-drawer-close' in opened


def test_nothing_opens_for_what_is_no_entry_of_this_firm(alice: Client, entry: OutboxEntry) -> None:
    other = a_firm("oakridge", owner=a_person("Charlie"))
    with tenant_transaction(other.tenant.pk):
        theirs = a_refused(a_connection("Oakridge"))
    for address in LISTS:
        closed = drawer(alice, address)
        assert "<article" not in closed
        assert " open>" not in closed
        for named in (theirs.public_id, uuid4(), "nonsense", ""):
            assert drawer(alice, f"{address}?open={named}") == closed


def test_no_link_of_the_list_carries_the_open_entry_on(alice: Client, entry: OutboxEntry) -> None:
    for address in LISTS:
        shown = alice.get(f"{address}?q=bill&open={entry.public_id}").content.decode()
        assert "open=" not in "".join(re.findall(r'(?:href|hx-get|name="query" value)="[^"]*"', shown))


def test_act_in_the_drawer_is_answered_with_the_entry(alice: Client, firm: Firm, entry: OutboxEntry) -> None:
    address = f"{HOME}exceptions/{entry.public_id}/"
    answer = alice.post(f"{address}retry/", {"from": "entry"}, headers=HTMX).content.decode()
    assert answer.lstrip().startswith('<article id="entry"')
    assert "Bill 1043 · Hanson goes again now." in answer
    answer = alice.post(f"{address}skip/", {"reason": "late"}, headers=HTMX).content.decode()
    assert "has changed since this page was made" in answer
    with tenant_transaction(firm.tenant.pk):
        assert OutboxEntry.objects.get(pk=entry.pk).state == State.READY
