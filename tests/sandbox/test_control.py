"""Each lever of `/control/` by what it does: acts of fault rules, matching, clock, latency, counters, events."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import log
from typing import Any, Literal

import pytest
import requests

from sandbox.clock import Clock
from sandbox.counters import EVENTS_KEPT, Counters
from sandbox.faults import KINDS
from sandbox.latency import Latency
from sandbox.limits import Limits, Window
from sandbox.scenarios import SCENARIOS
from tests.sandbox.quickbooks.books import Books, a_journal
from tests.sandbox.receiving import until
from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, exchange, invoice, tokens

NAME = {"Name": "Struck"}
LONG_AGO = "2020-01-01"


@pytest.fixture
def client(sandbox: Running) -> Client:
    return client_of(sandbox.url)


def add_rule(client: Client, act: dict[str, Any], **match: Any) -> dict[str, Any]:
    rule = {"provider": "xero", "company": client.tenant, "act": act, **match}
    answer = requests.post(f"{client.url}/control/faults", json=rule, timeout=5)
    assert answer.ok, answer.text
    found: dict[str, Any] = answer.json()
    return found


def create(client: Client, **body: Any) -> requests.Response:
    return client.call("PUT", "Contacts", {**NAME, **body}, published=False)


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


@pytest.mark.parametrize("provider", ["quickbooks", "xero"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_is_created_cloned_and_reset(sandbox: Running, provider: str, scenario: str) -> None:
    company = sandbox.company(provider, scenario)
    copy = sandbox.control("POST", f"/companies/{company}/clone", {"name": "Copy"})
    assert copy["scenario"] == scenario and copy["id"] != company
    assert sandbox.trial_balance(copy["id"]) == sandbox.trial_balance(company)
    sandbox.control("PATCH", f"/companies/{company}", {"counting": True})
    assert sandbox.control("GET", f"/companies/{company}")["settings"]["counting"] is True
    reset = sandbox.control("POST", f"/companies/{company}/reset")
    assert "counting" not in reset["settings"] and reset["name"] != "Copy"
    assert sandbox.trial_balance(company) == sandbox.trial_balance(copy["id"])
    assert sum(sandbox.trial_balance(company).values()) == 0


BORN: list[tuple[str, dict[str, Any]]] = [
    ("quickbooks", {"country": "AU", "currency": "AUD"}),
    ("xero", {"version": "NZ", "base_currency": "NZD"}),
]


@pytest.mark.parametrize(("provider", "born"), BORN, ids=["quickbooks", "xero"])
def test_a_company_keeps_the_country_it_was_laid_out_for(sandbox: Running, provider: str, born: dict[str, Any]) -> None:
    new = {"provider": provider, "scenario": "contractor", "settings": {**born, "counting": True}}
    made = sandbox.control("POST", "/companies", new)
    path = f"/companies/{made['id']}"
    assert sandbox.control("PATCH", path, born)["settings"] == made["settings"]
    for name in born:
        for other in ("US" if name in ("country", "version") else "USD", None):
            answer = sandbox.http.patch(f"{sandbox.url}/control{path}", json={name: other, "counting": None}, timeout=5)
            assert answer.status_code == 400 and f"{name} cannot change" in answer.json()["error"]
    assert sandbox.control("GET", path)["settings"] == made["settings"]
    taxes = sandbox.trial_balance(made["id"]).keys()
    kept = sandbox.control("POST", f"{path}/reset")["settings"]
    assert kept.items() >= born.items() and "counting" not in kept
    assert sandbox.trial_balance(made["id"]).keys() == taxes


def test_scenarios_of_quickbooks_differ_as_they_say(sandbox: Running) -> None:
    empty, contractor, messy, closed, limited, au = (Books(sandbox, name) for name in SCENARIOS)
    assert not empty.query("select * from Customer") and not contractor.sandbox.documents(contractor.company)
    assert len(contractor.query("select * from Customer where Job = true")) == 3
    assert not messy.query("select * from Account where AcctNum = '1150'") and sandbox.documents(messy.company)
    assert [row["DisplayName"] for row in messy.query("select * from Vendor where Active = false")] == [
        "Old Crane Hire (deleted)"
    ]
    assert (
        closed.refused(
            "journalentry", a_journal(closed, ("Debit", "6000", 1), ("Credit", "1000", 1), TxnDate=LONG_AGO)
        )[1]["code"]
        == "6210"
    )
    assert len(limited.query("select * from Class maxresults 100")) == 40
    assert limited.refused("class", {"Name": "One more"})[1]["code"] == "6000"
    assert contractor.post("class", {"Name": "One more"})["Name"] == "One more"
    assert {row["Name"] for row in au.query("select * from TaxCode")} >= {"GST"}
    assert au.get(f"companyinfo/{au.company}")["Country"] == "AU"


def test_scenarios_differ_as_they_say(sandbox: Running) -> None:
    empty, contractor, messy, closed, limited, au = (client_of(sandbox.url, name) for name in SCENARIOS)
    assert not empty.good("GET", "Contacts")["Contacts"] and not empty.documents()
    assert len(contractor.good("GET", "Contacts")["Contacts"]) == 9
    accounts = {row["Code"]: row for row in messy.good("GET", "Accounts")["Accounts"]}
    assert "615" not in accounts and accounts["325"]["Status"] == "ARCHIVED" and messy.documents()
    assert "PeriodLockDate" in closed.one("GET", "Organisation")
    (department,) = [
        row for row in limited.good("GET", "TrackingCategories")["TrackingCategories"] if row["Name"] == "Department"
    ]
    assert len(department["Options"]) == 40
    assert limited.call("PUT", "TrackingCategories", {"Name": "Third"}).status_code == 400
    assert au.one("GET", "Organisation")["BaseCurrency"] == "AUD"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/companies", {"provider": "sage"}),
        ("POST", "/companies", {"provider": "xero", "scenario": "nowhere"}),
        ("PUT", "/clock", {"offset_seconds": "soon"}),
        ("PUT", "/limits", {"scale": 0}),
        ("PUT", "/latency", {"median_ms": "x"}),
        ("PUT", "/latency", {"median_ms": 1, "scale": -1}),
        ("POST", "/apps", {"redirect_uris": "x"}),
        ("POST", "/apps", {"redirect_uris": ["http://127.0.0.1/"]}),
        ("GET", "/companies/nobody", None),
        ("DELETE", "/faults/999", None),
    ],
)
def test_what_cannot_be_done_says_why(sandbox: Running, method: str, path: str, body: Any) -> None:
    answer = sandbox.http.request(method, f"{sandbox.url}/control{path}", json=body, timeout=5)
    assert answer.status_code in (400, 404) and answer.json()["error"].endswith(".")


def test_a_company_is_laid_out_with_the_settings_it_is_made_with(sandbox: Running) -> None:
    body = {"provider": "xero", "scenario": "contractor", "settings": {"version": "NZ", "base_currency": "NZD"}}
    made = sandbox.control("POST", "/companies", body)
    assert (made["settings"]["version"], made["settings"]["class"]) == ("NZ", "DEMO")
    token = tokens(sandbox.url, [made["id"]])["access_token"]
    client = Client(sandbox.url, made["id"], token)
    sales = client.one("GET", "Accounts", params={"where": 'Code=="200"'})
    assert (sales["TaxType"], client.one("GET", "Organisation")["CountryCode"]) == ("OUTPUT2", "NZ")


def test_settings_of_a_new_company_are_an_object(sandbox: Running) -> None:
    answer = requests.post(f"{sandbox.url}/control/companies", json={"provider": "xero", "settings": ["NZ"]}, timeout=5)
    assert answer.status_code == 400 and "settings" in answer.json()["error"]
