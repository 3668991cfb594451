"""The Sync log as a file, as the server sends it: piece by piece."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from asgiref.sync import async_to_sync
from django.db import connections
from django.test import AsyncClient, Client

from exceptions_dashboard import filters, log_export
from integrations.connections.models import Connection
from rivet import clock
from rivet.tenants.context import tenant_transaction
from sync import log
from sync.models import LogLine, Severity
from sync.queries import log as log_queries
from sync.states import Shown
from tests.firms import Firm, a_firm, a_person
from tests.outboxes import a_connection, a_line, an_entry

EXPORT = "/t/ironwood/sync-log/export.csv"


def pieces(client: Client, query: str = "") -> list[str]:
    """The file as it is sent, asked for the way the server is asked."""

    async def read() -> list[str]:
        browser = AsyncClient()
        browser.cookies = client.cookies
        response: Any = await browser.get(EXPORT + query)
        assert response.streaming
        assert response["Content-Disposition"] == 'attachment; filename="sync-log.csv"'
        return [piece.decode() async for piece in response]

    def in_its_own_thread() -> list[str]:
        try:
            return async_to_sync(read)()
        finally:
            connections.close_all()

    # A browser's event loop may be running in the tests' thread.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(in_its_own_thread).result()


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(pieces(client, query)).removeprefix("\ufeff"))))


@pytest.fixture
def lines(firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        bill = an_entry(books, "Bill 9 · Hanson")
        a_line(bill, detail="plain")
        a_line(bill, severity=Severity.ERROR, detail="failed", code="MAP-01")
        log.pulled(
            connection_id=books.pk, entity="lists", status=Shown.SYNCED, severity=Severity.INFO, detail="lists read"
        )


@pytest.mark.usefixtures("lines")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["lists read", "failed", "plain"]),
        ("?severity=error", ["failed"]),
        ("?direction=push&q=hanson", ["failed", "plain"]),
        ("?q=nothing", []),
    ],
)
def test_file_holds_what_the_filters_leave(alice: Client, query: str, expected: list[str]) -> None:
    assert [row["details"] for row in rows(alice, query)] == expected


@pytest.mark.usefixtures("lines")
def test_line_reads_as_on_the_page(alice: Client, firm: Firm) -> None:
    with tenant_transaction(firm.tenant.pk):
        written_at = LogLine.objects.get(detail="failed").created_at.astimezone(ZoneInfo("America/New_York"))
    assert rows(alice, "?severity=error")[0] == {
        "when (America/New_York)": written_at.strftime("%Y-%m-%d %H:%M:%S"),
        "level": "error",
        "direction": "To the books",
        "kind": "Bill",
        "record": "Bill 9 · Hanson",
        "company": "Ironwood Electric",
        "books": "QuickBooks",
        "status": "Queued",
        "details": "failed",
        "code": "MAP-01",
        "who": "",
    }


def test_file_goes_on_past_a_page_and_a_piece(
    alice: Client, firm: Firm, books: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_transaction(firm.tenant.pk):
        entry = an_entry(books)
        for number in range(60):
            a_line(entry, detail=str(number))
    monkeypatch.setattr(log_export, "_PIECE", 7)
    assert len(pieces(alice)) == 1 + 8  # the head, and eight lines at a time
    assert [row["details"] for row in rows(alice)] == [str(number) for number in reversed(range(60))]


def test_no_cell_runs_as_a_formula(alice: Client, firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk):
        a_line(an_entry(books, '=HYPERLINK("http://x")'), detail="@SUM(A1)")
    (row,) = rows(alice)
    assert (row["record"], row["details"]) == ('\'=HYPERLINK("http://x")', "'@SUM(A1)")


def test_lines_of_another_firm_stay_there(alice: Client, firm: Firm, books: Connection) -> None:
    other = a_firm("oakridge", owner=a_person("Charlie"))
    with tenant_transaction(other.tenant.pk):
        theirs = a_connection("Oakridge")
        a_line(an_entry(theirs), detail="theirs")
    assert rows(alice) == []
    assert rows(alice, f"?connection={theirs.public_id}") == []


@pytest.mark.usefixtures("lines")
def test_page_offers_the_file_with_its_filters(alice: Client) -> None:
    page = "/t/ironwood/sync-log/"
    last = filters.cursor_text(log_queries.Cursor(created_at=clock.now(), id=1))
    shown = alice.get(page, {"severity": "error", "before": last}).content.decode()
    assert f'href="{EXPORT}?severity=error">Export' in shown
    assert EXPORT not in alice.get(f"{page}?q=nothing").content.decode()
