"""The levers of `/control/` and what it tells afterwards: clock, latency, counters, events."""

import re
import time
from math import log
from typing import Any, Literal

import pytest
import requests

from sandbox.clock import Clock
from sandbox.counters import EVENTS_KEPT, Counters
from sandbox.latency import Latency
from sandbox.limits import Limits, Window
from tests.sandbox.quickbooks.books import Books
from tests.sandbox.running import Running
from tests.sandbox.striking import NAME, add_rule, create
from tests.sandbox.xero.browser import Client, client_of, invoice, tokens


@pytest.fixture
def client(sandbox: Running) -> Client:
    return client_of(sandbox.url)


def test_latency_is_log_normal_and_scaled() -> None:
    latency = Latency()
    assert latency.seconds() == 0
    latency.set(100, 900)
    drawn = sorted(latency.seconds() for _ in range(4000))
    assert 0.09 < drawn[2000] < 0.11 and 0.7 < drawn[3960] < 1.2
    logs = [log(one) for one in drawn]
    middle = sum(logs) / len(logs)
    skew = (
        sum((one - middle) ** 3 for one in logs) / len(logs) / (sum((o - middle) ** 2 for o in logs) / len(logs)) ** 1.5
    )
    assert abs(skew) < 0.2
    latency.set(100, 900, 0.01)
    assert 0.0009 < sorted(latency.seconds() for _ in range(999))[499] < 0.0011
    latency.set(100, None, 3)
    assert latency.seconds() == pytest.approx(0.3)


def test_a_latency_profile_is_set_shown_and_taken_away(client: Client, sandbox: Running) -> None:
    profile = {"median_ms": 2000.0, "p99_ms": 2001.0, "scale": 0.04}
    assert sandbox.control("PUT", "/latency", profile) == profile == sandbox.control("GET", "/latency")
    began = time.monotonic()
    client.call("GET", "Organisation")
    assert 0.08 <= time.monotonic() - began < 2
    assert sandbox.control("PUT", "/latency", {})["median_ms"] is None


def test_the_clock_moves_everything(client: Client, sandbox: Running) -> None:
    sandbox.control("PUT", "/clock", {"offset_seconds": 3600})
    assert sandbox.control("GET", "/clock")["offset_seconds"] == 3600
    assert client.call("GET", "Organisation").status_code == 401
    client.token = tokens(client.url, [client.tenant])["access_token"]
    made = client.one("PUT", "Contacts", NAME)
    milliseconds = int(str(re.findall(r"\d+", made["UpdatedDateUTC"])[0]))
    assert abs(milliseconds / 1000 - time.time() - 3600) < 60


def test_whatever_is_invented_counts_as_one_thing(client: Client, sandbox: Running) -> None:
    def counted() -> set[tuple[str, str, str]]:
        rows = sandbox.control("GET", "/counters")
        assert not {row["company"] for row in rows["statuses"]} & {"1"}
        return {(row["company"], row["operation"], row["entity"]) for row in rows["requests"]}

    books = Books(sandbox)
    before = counted()
    for number in range(3):
        for path in (f"xero/api.xro/2.0/Nothing{number}", f"xero/api.xro/2.0/Invoices/1/nothing{number}"):
            requests.get(f"{sandbox.url}/{path}", headers={"xero-tenant-id": "1"}, timeout=5)
        for realm in ("1", books.company):
            url = f"{sandbox.url}/quickbooks/v3/company/{realm}"
            requests.get(f"{url}/nothing{number}", timeout=5)
            requests.post(f"{url}/vendor?operation=nothing{number}", json={"DisplayName": f"N{number}"}, timeout=5)
    assert counted() - before == {
        ("", "query", "Unknown"),
        ("", "read", "Unknown"),
        ("", "read", "unknown"),
        ("", "unknown", "Vendor"),
        (books.company, "read", "unknown"),
        (books.company, "unknown", "Vendor"),
    }


def test_counters_tell_calls_saves_and_documents(client: Client, sandbox: Running) -> None:
    create(client)
    create(client)
    client.call("GET", "Contacts")
    add_rule(client, {"kind": "drop", "when": "before"}, times=1)
    with pytest.raises(requests.ConnectionError):
        create(client, Name="Never")
    found = sandbox.control("GET", f"/counters?company={client.tenant}")
    requests_ = {(row["operation"], row["entity"]): row["count"] for row in found["requests"]}
    assert requests_[("create", "Contact")] == 3 and requests_[("query", "Contact")] == 1
    assert [(row["operation"], row["entity"], row["count"]) for row in found["saves"]] == [("create", "Contact", 1)]
    assert {row["status"]: row["count"] for row in found["statuses"]} == {200: 2, 400: 1, 0: 1}
    (document,) = [row for row in found["documents"] if row["key"] == "Struck"]
    assert (document["requests"], document["saves"]) == (2, 1)


@pytest.mark.parametrize("contact", [{"Name": "Harbor Point"}, {"Name": "Never seen before"}])
def test_a_bill_is_one_document_however_its_supplier_is_named(client: Client, contact: dict[str, str]) -> None:
    bill = invoice("S-1", kind="ACCPAY", Contact=contact)
    made = client.one("PUT", "Invoices", bill)
    client.call("PUT", "Invoices", {**bill, "Contact": {"ContactID": made["Contact"]["ContactID"]}}, published=False)
    (document,) = [row for row in client.documents() if row["number"] == "S-1"][:1]
    assert document["saves"] >= 1 and document["requests"] == 2


def test_the_feed_and_the_memory_it_takes_have_an_end() -> None:
    counters = Counters(Clock())
    for number in range(EVENTS_KEPT + 10):
        counters.record_event("saved", "c", document=number)
    assert [counters.events[0]["id"], counters.events[-1]["id"], len(counters.events)] == [
        11,
        EVENTS_KEPT + 10,
        EVENTS_KEPT,
    ]


def test_long_keys_are_counted_by_their_beginning() -> None:
    counters = Counters(Clock())
    counters.record_request("c", "create", "Invoice", "9" * 5_000_000)
    counters.record_save("c", "create", "Invoice", "9" * 5_000_000)
    assert max(len(key) for _, _, key in counters.documents) == 500
    found = counters.of_document("c", "Invoice", "9" * 5_000_000)
    assert (found.requests, found.saves) == (1, 1)


@pytest.mark.parametrize("style", ["fixed", "rolling"])
def test_a_clock_moved_back_leaves_no_calls_from_the_future(style: Literal["fixed", "rolling"]) -> None:
    clock = Clock()
    limits, window = Limits(clock), Window("minute", 2, 60.0, style)
    clock.offset_seconds = 3600
    assert [limits.take("c", [window]).exceeded for _ in range(3)] == [None, None, "minute"]
    clock.offset_seconds = -3600
    assert [limits.take("c", [window]).exceeded for _ in range(3)] == [None, None, "minute"]


def events_after(sandbox: Running, last: int) -> list[dict[str, Any]]:
    """Every event after one, fetched a thousand at a time as the feed gives them."""
    found: list[dict[str, Any]] = []
    while page := sandbox.control("GET", f"/events?after={found[-1]['id'] if found else last}")["events"]:
        assert len(page) <= 1000
        found += page
    return found


def test_the_feed_tells_what_happened_after_an_event(client: Client, sandbox: Running) -> None:
    last = events_after(sandbox, 0)[-1]["id"]
    create(client)
    sandbox.control("PATCH", f"/companies/{client.tenant}", {"class": "GROW"})
    add_rule(client, {"kind": "html"}, times=1)
    create(client)
    own = [event for event in events_after(sandbox, last) if event["company"] == client.tenant]
    assert [event["kind"] for event in own] == ["saved", "company configured", "fault"]
    assert (own[0]["operation"], own[0]["entity"]) == ("create", "Contact")
    assert (own[2]["act"], own[2]["operation"]) == ("html", "create")
    assert sandbox.http.get(f"{sandbox.url}/control/events?after=x", timeout=5).status_code == 400
