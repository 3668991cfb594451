"""Fault rules of `/control/`: what each act does, which calls a rule strikes and which rules are refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from sandbox.faults import KINDS
from tests.sandbox.quickbooks.books import Books
from tests.sandbox.receiving import until
from tests.sandbox.running import Running
from tests.sandbox.striking import add_rule, create
from tests.sandbox.xero.browser import Client, client_of, exchange, tokens


@pytest.fixture
def client(sandbox: Running) -> Client:
    return client_of(sandbox.url)


def saved(client: Client, name: str = "Struck") -> bool:
    query = {"where": f'Name=="{name}"'}
    return bool(client.good("GET", "Contacts", params=query)["Contacts"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """An act, the status the client sees (None: the connection breaks), whether it saved, and more of the answer."""

    act: dict[str, Any]
    status: int | None
    saved: bool
    check: Callable[[requests.Response], bool] = lambda answer: True


def without_retry(answer: requests.Response) -> bool:
    return "Retry-After" not in answer.headers and answer.headers["X-Rate-Limit-Problem"] == "minute"


def both(kind: str, seen: int | None, check: Any = lambda answer: True, **act: Any) -> dict[str, Struck]:
    """The act before and after saving."""
    return {
        f"{kind} {when}": Struck(
            act={"kind": kind, "when": when, **act}, status=seen, saved=when == "after", check=check
        )
        for when in ("before", "after")
    }


OWN = {"status": 418, "body": {"a": 1}, "headers": {"X-Odd": "1"}}
ACTS: dict[str, Struck] = {
    **both("status", 418, lambda answer: answer.json() == {"a": 1} and answer.headers["X-Odd"] == "1", **OWN),
    **both("drop", None),
    **both("html", 502, lambda answer: "<html>" in answer.text),
    **both("rate_limit", 429, without_retry),
    **both("expired_token", 401, lambda answer: "TokenExpired" in answer.json()["Detail"]),
    **both("invalid_grant", 400, lambda answer: answer.text == '{"error":"invalid_grant"}'),
    **both("code", 503, lambda answer: "offline for maintenance" in answer.text, code="503"),
    "rate_limit with Retry-After": Struck(
        act={"kind": "rate_limit", "retry_after": 17, "code": "day"},
        status=429,
        saved=False,
        check=lambda answer: answer.headers["Retry-After"] == "17" and answer.headers["X-Rate-Limit-Problem"] == "day",
    ),
    "html under 200": Struck(act={"kind": "html", "status": 200}, status=200, saved=False),
    "status with its own type": Struck(
        act={"kind": "status", "status": 503, "body": "<busy/>", "headers": {"content-type": "text/xml"}},
        status=503,
        saved=False,
        check=lambda answer: answer.headers["Content-Type"] == "text/xml" and answer.text == "<busy/>",
    ),
    "status in words": Struck(
        act={"kind": "status", "status": 500, "body": "no"}, status=500, saved=False, check=lambda a: a.text == "no"
    ),
    "half_body": Struck(act={"kind": "half_body"}, status=None, saved=True),
    "drip": Struck(
        act={"kind": "drip", "seconds": 0.0001},
        status=200,
        saved=True,
        check=lambda answer: answer.json()["Contacts"][0]["Name"] == "Struck",
    ),
    "unknown_enum": Struck(
        act={"kind": "unknown_enum"},
        status=200,
        saved=True,
        check=lambda answer: answer.json()["Contacts"][0]["TaxNumberType"] == "TAXNUMBERTYPE/SSN",
    ),
    "delay": Struck(act={"kind": "delay", "seconds": 0.01}, status=200, saved=True),
}  # fmt: skip


def test_every_kind_is_tried() -> None:
    assert {struck.act["kind"] for struck in ACTS.values()} == set(KINDS)


@pytest.mark.parametrize("name", ACTS)
def test_act(client: Client, name: str) -> None:
    struck = ACTS[name]
    add_rule(client, struck.act, times=1, operation="create")
    if struck.status is None:
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            create(client)
    else:
        answer = create(client)
        assert answer.status_code == struck.status and struck.check(answer), answer.text
    assert saved(client) is struck.saved
    assert create(client, Name="Later").status_code == 200


@pytest.mark.parametrize(("when", "there_meanwhile"), [("before", False), ("after", True)])
def test_a_delay_lies_before_or_after_saving(client: Client, when: str, there_meanwhile: bool) -> None:
    add_rule(client, {"kind": "delay", "seconds": 0.6, "when": when}, times=1, operation="create")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(create, client)
        if there_meanwhile:
            until(lambda: saved(client))
        else:
            until(lambda: bool(client_rules(client)[0]["fired"]))
            assert not saved(client)
        assert not answer.done()
        assert answer.result().status_code == 200
    assert saved(client)


XERO_WORDS = {"Invoices": "AWAITINGREVIEW", "Accounts": "CRYPTOASSET", "TrackingCategories": "AWAITINGREVIEW"}
QUICKBOOKS_LISTS = ("Invoice", "Account", "Customer", "Bill")


@pytest.mark.parametrize("form", ["application/json", "application/xml"])
def test_an_unknown_word_stands_in_either_form_of_an_answer(sandbox: Running, form: str) -> None:
    client, books = client_of(sandbox.url, "messy"), Books(sandbox, "messy")
    sandbox.control("POST", "/faults", {"act": {"kind": "unknown_enum"}})
    headers = {"Authorization": f"Bearer {client.token}", "xero-tenant-id": client.tenant, "Accept": form}
    for plural, word in XERO_WORDS.items():
        answer = requests.get(f"{client.url}/xero/api.xro/2.0/{plural}", headers=headers, timeout=5)
        assert answer.status_code == 200 and word in answer.text
        assert "<Status>OK</Status>" in answer.text or answer.json()["Status"] == "OK"
    headers = {"Authorization": f"Bearer {books.token}", "Accept": form}
    for entity in QUICKBOOKS_LISTS:
        url = f"{sandbox.url}/quickbooks/v3/company/{books.company}/query?query=select * from {entity}"  # noqa: S608  the vendor's language
        assert "BrandNewValue" in requests.get(url, headers=headers, timeout=5).text


MATCHES: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [502, 502, 502, 502]),
    ({"times": 2}, [502, 502, 200, 200]),
    ({"nth": 3}, [200, 200, 502, 200]),
    ({"operation": "query"}, [502, 200, 502, 200]),
    ({"entity": "Account"}, [200, 502, 200, 502]),
    ({"operation": "query", "entity": "Contact"}, [502, 200, 502, 200]),
    ({"operation": "read"}, [200, 200, 200, 200]),
    ({"provider": "quickbooks"}, [200, 200, 200, 200]),
    ({"company": "11111111-1111-4111-8111-111111111111"}, [200, 200, 200, 200]),
    ({"company": None, "provider": None, "entity": "Account"}, [200, 502, 200, 502]),
    ({"probability": 0}, [200, 200, 200, 200]),
    ({"probability": 1.0}, [502, 502, 502, 502]),
]


@pytest.mark.parametrize(("match", "statuses"), MATCHES, ids=[str(match) for match, _ in MATCHES])
def test_a_rule_strikes_what_it_names(client: Client, match: dict[str, Any], statuses: list[int]) -> None:
    rule = add_rule(client, {"kind": "html"}, **match)
    calls = [("GET", "Contacts"), ("DELETE", "Accounts/11111111-1111-4111-8111-111111111111")] * 2
    seen = [client.call(method, path).status_code for method, path in calls]
    assert [502 if status == 502 else 200 for status in seen] == statuses
    (shown,) = client_rules(client)
    assert shown["fired"] == statuses.count(502)
    assert requests.delete(f"{client.url}/control/faults/{rule['id']}", timeout=5).ok
    assert client_rules(client) == [] and client.call("GET", "Contacts").status_code == 200


@pytest.mark.parametrize("provider", ["quickbooks", "xero", None])
def test_a_rule_names_what_the_provider_has(sandbox: Running, provider: str | None) -> None:
    def add(entity: str) -> requests.Response:
        rule = {"provider": provider, "entity": entity, "act": {"kind": "html"}, "times": 0}
        return sandbox.http.post(f"{sandbox.url}/control/faults", json=rule, timeout=5)

    for known in ("Invoice", "invoice", "token", "Account"):
        assert add(known).ok
    for unknown in ("Invoices", "*", "Bil", "x" * 50):
        answer = add(unknown)
        assert answer.status_code == 400 and "Invoice, " in answer.json()["error"]
    assert add("Bill").ok is (provider != "xero") and add("CreditNote").ok is (provider != "quickbooks")


def test_the_first_rule_that_strikes_decides(client: Client) -> None:
    """A rule that holds back lets the next one see the call; one that strikes does not."""
    add_rule(client, {"kind": "html"}, nth=2)
    add_rule(client, {"kind": "status", "status": 418}, probability=1, times=2, operation="query")
    add_rule(client, {"kind": "status", "status": 599}, entity="contact", nth=2)
    assert [client.call("GET", "Contacts").status_code for _ in range(5)] == [418, 502, 418, 200, 599]
    assert [(rule["matched"], rule["fired"]) for rule in client_rules(client)] == [(5, 1), (4, 2), (2, 1)]


def client_rules(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = requests.get(f"{client.url}/control/faults", timeout=5).json()["faults"]
    return found


def test_a_seed_repeats_its_strikes(client: Client) -> None:
    runs = []
    for seed in (7, 7, 8):
        requests.delete(f"{client.url}/control/faults", timeout=5)
        add_rule(client, {"kind": "html"}, probability=0.5, seed=seed)
        runs.append([client.call("GET", "Organisation").status_code for _ in range(30)])
    assert runs[0] == runs[1] != runs[2] and set(runs[0]) == {200, 502}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"act": {"kind": "meteor"}}, "act.kind is one of"),
        ({"act": {"kind": "drop", "when": "during"}}, "act.when is one of before, after."),
        ({"act": {"kind": "drop", "colour": "red"}}, "act has no colour"),
        ({"act": {"kind": "drop"}, "colour": "red"}, "The body has no colour"),
        ({"act": {"kind": "drop"}, "probability": 2}, "probability must be 1 or less."),
        ({}, "The body must have act."),
    ],
)
def test_rules_that_mean_nothing_are_refused(sandbox: Running, rule: dict[str, Any], words: str) -> None:
    answer = sandbox.http.post(f"{sandbox.url}/control/faults", json=rule, timeout=5)
    assert answer.status_code == 400 and words in answer.json()["error"]


def test_the_token_endpoint_can_be_struck(client: Client, sandbox: Running) -> None:
    refresh = tokens(client.url, [client.tenant])["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    act = {"kind": "drop", "when": "after"}
    sandbox.control("POST", "/faults", {"provider": "xero", "operation": "token", "times": 1, "act": act})
    with pytest.raises(requests.ConnectionError):
        exchange(client.url, **form)
    again = exchange(client.url, **form)
    assert again.status_code == 200 and again.json()["refresh_token"] != refresh
