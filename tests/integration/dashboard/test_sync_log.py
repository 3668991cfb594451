import re

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.connections.models import Connection
from rivet.tenants.context import tenant_transaction
from sync import log
from sync.models import Severity
from sync.states import Shown
from tests.firms import Firm
from tests.outboxes import a_line, an_entry

LOG = "/t/ironwood/sync-log/"
HTMX = {"HX-Request": "true"}


def details(client: Client, query: str = "") -> list[str]:
    shown = client.get(LOG + query).content.decode()
    cells = re.findall(r'<td class="log__detail">(.*?)</td>', shown, re.S)
    return [re.sub("<[^>]+>|Error: |Warning: ", "", cell).strip() for cell in cells]


@pytest.fixture
def lines(firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        bill = an_entry(books, "Bill 9 · Hanson")
        a_line(bill, detail="plain")
        a_line(bill, severity=Severity.WARNING, detail="warned")
        a_line(bill, severity=Severity.ERROR, detail="failed")
        log.pulled(
            connection_id=books.pk, entity="lists", status=Shown.SYNCED, severity=Severity.INFO, detail="lists read"
        )


@pytest.mark.usefixtures("lines")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["lists read", "failed", "warned", "plain"]),
        ("?severity=warning", ["failed", "warned"]),
        ("?severity=error", ["failed"]),
        ("?direction=pull", ["lists read"]),
        ("?entity=bill&direction=push", ["failed", "warned", "plain"]),
        ("?q=hanson&severity=error", ["failed"]),
        ("?period=all&severity=error", ["failed"]),
        (
            "?severity=x&direction=%00&period=9&before=no&connection=1",
            ["lists read", "failed", "warned", "plain"],
        ),
        ("?before=2026-11-20T12:00:00~1", ["lists read", "failed", "warned", "plain"]),
    ],
)
def test_filters_are_the_address(alice: Client, query: str, expected: list[str]) -> None:
    assert details(alice, query) == expected


@pytest.mark.usefixtures("lines")
def test_errors_are_red_and_warnings_amber(alice: Client) -> None:
    shown = alice.get(LOG).content.decode()
    assert re.findall(r'<tr data-row(?: data-tone="(\w+)")?>', shown) == ["", "red", "amber", ""]


def test_pages_go_on_by_keyset_and_back_to_the_newest(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry = an_entry(books)
        for number in range(52):
            a_line(entry, detail=f"line {number}")
    first = alice.get(f"{LOG}?entity=bill").content.decode()
    older = re.search(r'href="(\?[^"]*before=[^"]*)" rel="next"', first)
    assert older
    query = older[1].replace("&amp;", "&")
    assert "entity=bill" in query
    assert details(alice, query) == ["line 1", "line 0"]
    assert 'href="?entity=bill">Newest' in alice.get(LOG + query).content.decode()


@pytest.mark.usefixtures("lines")
def test_open_page_is_told_how_many_lines_are_new(alice: Client, firm: Firm, books: Connection) -> None:
    newest = re.search(r'"after": "([^"]+)"', alice.get(LOG).content.decode())
    assert newest
    poll = {"after": newest[1]}
    assert alice.get(LOG, poll, headers=HTMX).status_code == 204
    with tenant_transaction(firm.tenant.pk):
        a_line(an_entry(books))
    assert "1 new line: show" in alice.get(LOG, poll, headers=HTMX).content.decode()


def test_log_asks_the_same_number_of_queries_whatever_its_length(alice: Client, firm: Firm, books: Connection) -> None:
    def queries() -> int:
        with CaptureQueriesContext(database) as captured:
            alice.get(LOG)
        return len(captured)

    with tenant_transaction(firm.tenant.pk):
        a_line(an_entry(books))
    few = queries()
    with tenant_transaction(firm.tenant.pk):
        for _ in range(20):
            a_line(an_entry(books))
    assert queries() == few
    assert few <= 15


def test_empty_log_says_when_lines_come(alice: Client, firm: Firm) -> None:
    assert "every record sent" in alice.get(LOG).content.decode()
    assert "Nothing matches" in alice.get(f"{LOG}?severity=error").content.decode()
