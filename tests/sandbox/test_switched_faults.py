"""Faults, limits and latency that are switched on: what a client sees, and what was really saved."""

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.sandbox.quickbooks.books import Books, tokens
from tests.sandbox.running import CLIENT, Running, started


@pytest.fixture
def books(sandbox: Running) -> Books:
    return Books(sandbox)


def _rule(books: Books, act: dict[str, Any], **match: Any) -> None:
    rule = {"provider": "quickbooks", "company": books.company, "operation": "create", "act": act, **match}
    books.sandbox.control("POST", "/faults", rule)


def _create(books: Books, name: str = "Fault Ltd") -> requests.Response:
    return books.request("POST", "vendor", json={"DisplayName": name}, headers={"Connection": "close"})


def _saved(books: Books, name: str = "Fault Ltd") -> bool:
    statement = f"select * from Vendor where DisplayName = '{name}'"  # noqa: S608  the vendor's language
    return bool(books.query(statement))


@pytest.mark.parametrize(("when", "saved"), [("before", False), ("after", True)])
def test_a_dropped_connection_gives_no_answer(books: Books, when: str, saved: bool) -> None:
    _rule(books, {"kind": "drop", "when": when}, times=1)
    with pytest.raises(requests.ConnectionError):
        _create(books)
    assert _saved(books) is saved


def test_a_drop_also_cuts_a_kept_alive_connection(books: Books) -> None:
    """Raw http.client: no library between the test and the socket that could try again."""
    _rule(books, {"kind": "drop", "when": "after"}, nth=2)
    connection = http.client.HTTPConnection(urlsplit(books.sandbox.url).netloc, timeout=5)
    headers = {"Authorization": f"Bearer {books.token}", "Content-Type": "application/json"}
    path = f"/quickbooks/v3/company/{books.company}/vendor"
    connection.request("POST", path, json.dumps({"DisplayName": "One"}), headers)
    assert connection.getresponse().read()
    connection.request("POST", path, json.dumps({"DisplayName": "Two"}), headers)
    with pytest.raises(ConnectionError):
        connection.getresponse()
    connection.close()
    assert _saved(books, "Two")


def test_half_a_body(books: Books) -> None:
    _rule(books, {"kind": "half_body"}, times=1)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        _create(books)
    assert _saved(books)


def test_a_dripping_body_arrives_in_the_end(books: Books) -> None:
    _rule(books, {"kind": "drip", "seconds": 0.0005}, times=1)
    assert _create(books).json()["Vendor"]["DisplayName"] == "Fault Ltd"


@pytest.mark.parametrize(
    ("act", "status", "words", "saved"),
    [
        ({"kind": "code", "code": "6000", "when": "after"}, 400, "An unexpected error occurred while accessing", True),
        ({"kind": "code", "code": "504", "when": "after"}, 504, "errorCode=006002", True),
        ({"kind": "code", "code": "10000"}, 500, '"code":"10000"', False),
        ({"kind": "code", "code": "130"}, 401, "<Error code=", False),
        ({"kind": "code", "code": "150"}, 503, "CompanyUnderMaintenance", False),
        ({"kind": "code", "code": "6190"}, 400, "trial or subscription period ended", False),
        ({"kind": "html"}, 502, "<html>", False),
        ({"kind": "html", "status": 200, "when": "after"}, 200, "<html>", True),
        (
            {"kind": "status", "status": 503, "body": "try later", "headers": {"Retry-After": "7"}},
            503,
            "try later",
            False,
        ),
        ({"kind": "rate_limit"}, 429, '"message":"message=ThrottleExceeded; errorCode=003001; statusCode=429"', False),
        ({"kind": "rate_limit", "form": "xml"}, 429, "<IntuitResponse", False),
        ({"kind": "expired_token"}, 401, "AuthenticationFailed", False),
        ({"kind": "unknown_enum"}, 200, "BrandNewValue", True),
        ({"kind": "delay", "seconds": 0.01}, 200, "Fault Ltd", True),
    ],
    ids=lambda value: str(value)[:40],
)
def test_answers_instead(books: Books, act: dict[str, Any], status: int, words: str, saved: bool) -> None:
    _rule(books, act, times=1)
    answer = _create(books)
    assert answer.status_code == status
    assert words in answer.text
    assert _saved(books) is saved


@pytest.mark.parametrize("seconds", [None, 17])
def test_retry_after_only_if_asked_for(books: Books, seconds: int | None) -> None:
    _rule(books, {"kind": "rate_limit", "retry_after": seconds}, times=1)
    assert _create(books).headers.get("Retry-After") == (str(seconds) if seconds else None)


def test_invalid_grant_at_the_token_endpoint(sandbox: Running) -> None:
    sandbox.control("POST", "/faults", {"operation": "refresh", "times": 1, "act": {"kind": "invalid_grant"}})
    url = f"{sandbox.url}/quickbooks/oauth2/v1/tokens/bearer"
    answer = sandbox.http.post(url, data={"grant_type": "refresh_token"}, auth=CLIENT, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_rotated_token_whose_answer_was_lost_can_be_fetched_again(sandbox: Running) -> None:
    held = tokens(sandbox, sandbox.company("quickbooks"))["refresh_token"]
    sandbox.control("PUT", "/clock", {"offset_seconds": 90_000})
    act = {"kind": "drop", "when": "after"}
    sandbox.control("POST", "/faults", {"operation": "refresh", "times": 1, "act": act})
    form = {"grant_type": "refresh_token", "refresh_token": held}
    url = f"{sandbox.url}/quickbooks/oauth2/v1/tokens/bearer"
    with pytest.raises(requests.ConnectionError):
        requests.post(url, data=form, auth=CLIENT, timeout=5)
    answer = sandbox.http.post(url, data=form, auth=CLIENT, timeout=5)
    assert answer.status_code == 200
    assert answer.json()["refresh_token"] != held


def test_a_seeded_probability_repeats(books: Books) -> None:
    runs = []
    for _ in range(2):
        books.sandbox.control("DELETE", "/faults")
        _rule(books, {"kind": "html"}, operation="read", probability=0.5, seed=3)
        runs.append([books.request("GET", "preferences").status_code for _ in range(20)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 502}


def test_an_unknown_kind_of_fault_is_refused(sandbox: Running) -> None:
    answer = sandbox.http.post(f"{sandbox.url}/control/faults", json={"act": {"kind": "meteor"}}, timeout=5)
    assert answer.status_code == 400
    assert "act.kind is one of" in answer.json()["error"]


def test_ten_requests_a_second_and_the_clock_forgives(books: Books) -> None:
    """All at once: one after the other they take longer than a second on a busy machine."""
    books.sandbox.control("PUT", "/limits", {"enabled": True})
    with ThreadPoolExecutor(11) as pool:
        statuses = sorted(pool.map(lambda _: books.request("GET", "preferences").status_code, range(11)))
    assert statuses == [200] * 10 + [429]
    books.sandbox.control("PUT", "/clock", {"offset_seconds": 1.5})
    assert books.request("GET", "preferences").status_code == 200


def test_five_hundred_a_minute(books: Books) -> None:
    """At a tenth of the scale. By the sandbox's clock the calls come in one minute, however busy the machine is."""
    books.sandbox.control("PUT", "/limits", {"enabled": True, "scale": 0.1})
    statuses, began = [], time.monotonic()
    for second in range(51):
        books.sandbox.control("PUT", "/clock", {"offset_seconds": second * 1.1 - (time.monotonic() - began)})
        statuses.append(books.request("GET", "preferences").status_code)
    assert statuses == [200] * 50 + [429]


def test_latency_is_really_slept(books: Books) -> None:
    books.sandbox.control("PUT", "/latency", {"median_ms": 60})
    began = time.monotonic()
    books.request("GET", "preferences")
    assert time.monotonic() - began >= 0.06


def test_state_survives_a_restart(tmp_path: Any) -> None:
    with started("--data", str(tmp_path)) as first:
        books = Books(first)
        books.post("vendor", {"DisplayName": "Kept Ltd"})
    with started("--data", str(tmp_path)) as second:
        again = Books.__new__(Books)
        again.sandbox, again.company, again.token = second, books.company, books.token
        assert _saved(again, "Kept Ltd")


def test_reset_empties_a_company_and_keeps_its_grant(books: Books) -> None:
    _create(books)
    books.sandbox.control("POST", f"/companies/{books.company}/reset")
    assert not _saved(books)


def test_a_clone_has_the_same_contents(books: Books) -> None:
    made = _create(books).json()["Vendor"]
    copy = books.sandbox.control("POST", f"/companies/{books.company}/clone", {"name": "Copy"})
    twin = Books(books.sandbox, "empty")
    assert copy["id"] != twin.company
    assert books.sandbox.trial_balance(copy["id"]) == books.sandbox.trial_balance(books.company)
    assert books.sandbox.control("GET", f"/companies/{copy['id']}")["name"] == "Copy"
    assert made["Id"]


def test_the_control_api_describes_itself(sandbox: Running) -> None:
    document = sandbox.control("GET", "/openapi.json")
    assert {"/control/faults", "/control/clock", "/control/companies/{id}/trial-balance"} <= set(document["paths"])
