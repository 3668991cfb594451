"""Scenarios, the books to look at, and faults that are switched on."""

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, exchange, invoice, tokens

SCENARIOS = ("empty", "contractor", "messy", "closed-books", "class-limit", "au-gst")


@pytest.fixture
def client(sandbox: Running) -> Iterator[Client]:
    yield client_of(sandbox.url)


def switch(client: Client, act: dict[str, Any], **match: Any) -> None:
    rule = {"provider": "xero", "company": client.tenant, "times": 1, "act": act, **match}
    answer = requests.post(f"{client.url}/control/faults", json=rule, timeout=5)
    assert answer.ok, answer.text


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_is_laid_out(sandbox: Running, scenario: str) -> None:
    client = client_of(sandbox.url, scenario)
    client.balances()
    organisation = client.one("GET", "Organisation")
    assert ("PeriodLockDate" in organisation) == (scenario == "closed-books")
    assert organisation["BaseCurrency"] == ("AUD" if scenario == "au-gst" else "USD")
    rates = {row["TaxType"] for row in client.good("GET", "TaxRates")["TaxRates"]}
    accounts = client.good("GET", "Accounts")["Accounts"]
    assert {account["TaxType"] for account in accounts} <= rates | {"NONE"}
    assert any(account["Code"] == "615" for account in accounts) == (scenario != "messy")


def test_the_books_show_xero_organisations(sandbox: Running) -> None:
    client = client_of(sandbox.url, "messy")
    page = requests.get(f"{sandbox.url}/books/{client.tenant}/", timeout=5)
    assert page.ok and "Accounts Receivable" in page.text
    documents = requests.get(f"{sandbox.url}/books/{client.tenant}/documents", timeout=5)
    assert documents.ok and "INV-9001" in documents.text and "Harbor Point Builders" in documents.text


def test_a_saved_invoice_whose_answer_is_lost(client: Client) -> None:
    switch(client, {"kind": "drop", "when": "after"}, operation="create", entity="Invoice")
    with pytest.raises(requests.ConnectionError):
        client.call("PUT", "Invoices", invoice("A-1"), headers={"Idempotency-Key": "lost-1"})
    again = client.call("PUT", "Invoices", invoice("A-1"), headers={"Idempotency-Key": "lost-1"})
    assert again.status_code == 200
    (seen,) = client.documents()
    assert (seen["key"], seen["saves"], seen["requests"]) == ("A-1", 1, 1)


def test_half_a_request_is_no_request(client: Client) -> None:
    """A client that dies while it writes: nothing is carried out, and its key is free for the whole request."""
    body = json.dumps(invoice("A-1"))
    address = urlsplit(client.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=5)
    connection.putrequest("PUT", "/xero/api.xro/2.0/Invoices")
    for name, value in {
        "Authorization": f"Bearer {client.token}",
        "xero-tenant-id": client.tenant,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Idempotency-Key": "half-1",
    }.items():
        connection.putheader(name, value)
    connection.endheaders(body[: len(body) // 2].encode())
    connection.close()
    whole = client.call("PUT", "Invoices", invoice("A-1"), headers={"Idempotency-Key": "half-1"})
    assert whole.status_code == 200, whole.text
    (seen,) = client.documents()
    assert (seen["key"], seen["saves"], seen["requests"]) == ("A-1", 1, 1)


def test_a_lost_request_saves_nothing(client: Client) -> None:
    switch(client, {"kind": "drop", "when": "before"}, operation="create")
    with pytest.raises(requests.ConnectionError):
        client.call("PUT", "Invoices", invoice("A-1"))
    assert client.documents() == []


@pytest.mark.parametrize(
    ("act", "status", "kind"),
    [
        ({"kind": "rate_limit"}, 429, None),
        ({"kind": "rate_limit", "code": "day", "retry_after": 66_975}, 429, None),
        ({"kind": "expired_token"}, 401, "application/json; charset=utf-8"),
        ({"kind": "code", "code": "401-scope"}, 401, "application/json; charset=utf-8"),
        ({"kind": "code", "code": "403"}, 403, "application/json; charset=utf-8"),
        ({"kind": "code", "code": "500"}, 500, "text/html; charset=utf-8"),
        ({"kind": "code", "code": "503"}, 503, "text/plain; charset=utf-8"),
    ],
)
def test_an_answer_on_demand(client: Client, act: dict[str, Any], status: int, kind: str | None) -> None:
    switch(client, act)
    answer = client.call("PUT", "Invoices", invoice("A-1"))
    assert (answer.status_code, answer.headers.get("Content-Type")) == (status, kind)
    if "retry_after" in act:
        assert answer.headers["Retry-After"] == "66975" and answer.headers["X-Rate-Limit-Problem"] == "day"
    assert client.documents() == []


def test_a_word_nobody_knows_after_saving(client: Client) -> None:
    switch(client, {"kind": "unknown_enum", "when": "after"})
    found = client.one("PUT", "Invoices", invoice("A-1"), published=False)
    assert found["Status"] == "AWAITINGREVIEW" and len(client.documents()) == 1


def test_invalid_grant_on_demand(client: Client) -> None:
    refresh = tokens(client.url, [client.tenant])["refresh_token"]
    switch(client, {"kind": "invalid_grant"}, company=None, operation="token")
    refused = exchange(client.url, grant_type="refresh_token", refresh_token=refresh)
    assert (refused.status_code, refused.text) == (400, '{"error":"invalid_grant"}')
    assert exchange(client.url, grant_type="refresh_token", refresh_token=refresh).ok
