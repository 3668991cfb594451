"""`/control/openapi.json` says what is there and what it takes, and whatever it does not allow is refused in words."""

import json
import re
import subprocess
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from sandbox.control.api import Control
from sandbox.quickbooks.provider import QuickBooks
from sandbox.settings import from_environment
from sandbox.world import Sandbox
from sandbox.xero.provider import Xero
from tests.sandbox.running import Running, started

Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def stage() -> Iterator[Running]:
    """A sandbox of its own: what is tried here also resets it."""
    with started("--memory") as running:
        yield running


@pytest.fixture(scope="module")
def document(stage: Running) -> dict[str, Any]:
    found: dict[str, Any] = stage.control("GET", "/openapi.json")
    return found


def operations(document: dict[str, Any]) -> list[Operation]:
    return [(path, method, found) for path, methods in document["paths"].items() for method, found in methods.items()]


def schema_of(document: dict[str, Any], content: dict[str, Any]) -> Draft202012Validator:
    """Judges by the document alone, with a library that knows nothing of the sandbox."""
    return Draft202012Validator({**content["application/json"]["schema"], "components": document["components"]})


def test_the_document_is_openapi(document: dict[str, Any]) -> None:
    validate(document)
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names) > 25


def test_the_document_lists_what_is_served_and_nothing_else(document: dict[str, Any]) -> None:
    world = Sandbox(from_environment(port=1, data=None, environ={}))
    for provider in (QuickBooks(world), Xero(world)):
        world.add_provider(provider)
    served = {
        (f"/control{route.path}", method.lower())
        for route in Control(world).routes()
        if "rest" not in route.param_convertors
        for method in route.methods or ()
        if method != "HEAD"
    }
    world.store.close()
    assert served == {(path, method) for path, method, _ in operations(document)}


MADE: dict[str, tuple[str, dict[str, Any]]] = {
    "/control/companies": ("/companies", {"provider": "quickbooks"}),
    "/control/faults": ("/faults", {"times": 0, "act": {"kind": "drop"}}),
    "/control/webhooks": ("/webhooks", {"provider": "quickbooks", "url": "http://localhost:9/"}),
}


def path_of(stage: Running, path: str) -> str:
    """The path with an id that exists."""
    if "{id}" not in path:
        return path
    made = stage.control("POST", *MADE[path.split("/{id}")[0]])
    return path.replace("{id}", str(made["id"]))


def test_every_operation_answers_as_described(stage: Running, document: dict[str, Any]) -> None:
    stage.company("quickbooks", "messy")
    stage.control("POST", "/webhooks", {"provider": "xero", "url": "http://localhost:9/"})
    for path, method, operation in operations(document):
        # What is done by hand needs two names of the company, and has tests of its own.
        if path.endswith("/by-hand"):
            continue
        body = None
        if "requestBody" in operation:
            body = operation["requestBody"]["content"]["application/json"]["example"]
            schema_of(document, operation["requestBody"]["content"]).validate(body)
        answer = stage.http.request(method, f"{stage.url}{path_of(stage, path)}", json=body, timeout=10)
        assert answer.status_code == 200, (method, path, answer.text)
        schema_of(document, operation["responses"]["200"]["content"]).validate(answer.json())


def test_what_was_done_is_told_as_described(stage: Running, document: dict[str, Any]) -> None:
    """Rows of every kind: documents, tallies, events, attempts, rules."""
    company = stage.company("quickbooks", "messy")
    stage.http.get(f"{stage.url}/quickbooks/v3/company/{company}/companyinfo/{company}", timeout=5)
    stage.control("POST", "/faults", {"provider": "xero", "act": {"kind": "code", "code": 503}})
    for path in ("/companies/{id}/documents", "/companies/{id}/trial-balance", "/counters", "/events", "/faults"):
        [(_, _, operation)] = [found for found in operations(document) if found[:2] == (f"/control{path}", "get")]
        answer = stage.control("GET", path.replace("{id}", company))
        assert any(answer.values()), path
        schema_of(document, operation["responses"]["200"]["content"]).validate(answer)


STRANGE: list[Any] = [
    None, True, -1, 0, 2.5, 1e300, 10**30, "", "x", "x" * 5000, "\u0000", "\u202e🏗", "2026-13-45", [], ["x"], [[]],
    [None] * 300, {}, {"x": {"x": []}}, {"value": "x"},
]  # fmt: skip


def fields(schema: dict[str, Any], document: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Where a value may stand in a body, one level down too."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    for name, inner in schema.get("properties", {}).items():
        yield (name,), inner
        for way, found in fields(inner, document):
            yield (name, *way), found


def put(body: Any, way: tuple[str, ...], value: Any) -> dict[str, Any]:
    found = dict(body) if isinstance(body, dict) else {}
    found[way[0]] = put(found.get(way[0]), way[1:], value) if len(way) > 1 else value
    return found


def refused(answer: requests.Response) -> bool:
    assert answer.status_code in (200, 400, 404, 405, 413), answer.text
    if answer.status_code == 200:
        return False
    error = answer.json()["error"]
    assert set(answer.json()) == {"error"} and error.endswith(".") and "Traceback" not in error
    assert len(error) < 1500
    return True


@pytest.mark.long
def test_strange_values_are_refused_where_the_document_says_so(stage: Running, document: dict[str, Any]) -> None:
    tried = 0
    for path, method, operation in operations(document):
        if "requestBody" not in operation:
            continue
        content = operation["requestBody"]["content"]
        judge, url = schema_of(document, content), f"{stage.url}{path_of(stage, path)}"
        for way, _ in fields(content["application/json"]["schema"], document):
            for value in STRANGE:
                body = put(content["application/json"]["example"], way, value)
                answer = stage.http.request(method, url, json=body, timeout=10)
                assert refused(answer) or judge.is_valid(body), (method, path, way, value, answer.text)
                tried += 1
    assert tried > 500
    assert stage.control("GET", "/health")
    stage.control("POST", "/reset")


BROKEN: dict[str, bytes] = {
    "half of it": b'{"name": ',
    "no object": b'["x"]',
    "only a number": b"1",
    "no text": b"\xff\xfe\x00",
    "no number": b'{"offset_seconds": NaN}',
    "too large a number": b'{"offset_seconds": 1e999}',
    "half a surrogate pair": b'{"name": "\\ud800"}',
    "nested": b'{"name": ' + b"[" * 100_000,
    "unknown": b'{"colour": "red"}',
    "huge": b'{"name": "' + b"x" * 2_000_000 + b'"}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_bodies_are_refused_everywhere(stage: Running, document: dict[str, Any], name: str) -> None:
    for path, method, _ in operations(document):
        answer = stage.http.request(method, f"{stage.url}{path_of(stage, path)}", data=BROKEN[name], timeout=10)
        assert refused(answer), (method, path, answer.text)
        assert (answer.status_code == 413) is (name == "huge")


def test_parameters_are_checked_too(stage: Running, document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        url = f"{stage.url}{path_of(stage, path)}"
        assert refused(stage.http.request(method, url, params={"colour": "red"}, timeout=5)), path
        for each in operation["parameters"]:
            judge = Draft202012Validator(each["schema"])
            for text in ("", "x", "-1", "1e9", "٣", "9" * 5000, "\x00", "2026-02-30"):
                answer = stage.http.request(method, url, params={each["name"]: text}, timeout=5)
                if each["in"] == "query" and not judge.is_valid(text):
                    assert refused(answer), (path, each["name"], text)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_and_paths_are_refused_in_words(stage: Running, document: dict[str, Any], method: str) -> None:
    for path, methods in document["paths"].items():
        if method.lower() not in methods:
            answer = stage.http.request(method, f"{stage.url}{path_of(stage, path)}", timeout=5)
            # There the last word could be the id of a webhook.
            expected = 404 if path.endswith("/attempts") and method in ("PATCH", "DELETE") else 405
            assert answer.status_code == expected and refused(answer)
            if expected == 405:
                assert {one.lower() for one in answer.headers["Allow"].split(", ")} >= set(methods)
    # Asked for in a browser, the first address is a page for people.
    for path in (*(() if method == "GET" else ("/",)), "/nowhere", "/companies/x/y/z", "/faults/", f"/{'x' * 3000}"):
        answer = stage.http.request(method, f"{stage.url}/control{path}", timeout=5, allow_redirects=False)
        assert answer.status_code == 404 and refused(answer), path


@pytest.mark.parametrize(
    ("provider", "body", "words"),
    [
        ("quickbooks", {"period_lock_date": "2026-09-30"}, "A company of quickbooks has no period_lock_date"),
        ("xero", {"book_close_date": "2026-09-30"}, "A company of xero has no book_close_date"),
        ("quickbooks", {"book_close_date": "30.9.2026"}, "book_close_date must be a day"),
        ("quickbooks", {"exchange_rates": {"EUR": "dear"}}, "exchange_rates.EUR must be a rate"),
        ("xero", {"currencies": ["EUR", "Euro"]}, "currencies[1] must be three capital letters"),
        ("xero", {"missing_scope_status": 402}, "missing_scope_status is one of 401, 403"),
        ("xero", {"adviser": 1}, "adviser must be true or false or null"),
    ],
)
def test_each_provider_knows_its_settings(stage: Running, provider: str, body: dict[str, Any], words: str) -> None:
    company = stage.company(provider, "empty")
    before = stage.control("GET", f"/companies/{company}")
    answer = stage.http.patch(f"{stage.url}/control/companies/{company}", json=body, timeout=5)
    assert answer.status_code == 400 and answer.json()["error"].startswith(words)
    assert stage.control("GET", f"/companies/{company}") == before


@pytest.mark.parametrize(
    ("provider", "settings"),
    [
        ("quickbooks", {"plan": "essentials"}),
        ("quickbooks", {"book_close_date": "2100-01-01"}),
        ("xero", {"period_lock_date": "2100-01-01"}),
    ],
)
def test_settings_that_forbid_the_scenario_are_refused(stage: Running, provider: str, settings: dict[str, Any]) -> None:
    before = stage.control("GET", "/companies")
    body = {"provider": provider, "scenario": "messy", "settings": settings}
    answer = stage.http.post(f"{stage.url}/control/companies", json=body, timeout=5)
    assert answer.status_code == 400 and "messy cannot be laid out" in answer.json()["error"]
    assert stage.control("GET", "/companies") == before


@pytest.mark.parametrize("provider", ["quickbooks", "xero"])
def test_a_new_company_takes_only_what_its_provider_reads(stage: Running, provider: str) -> None:
    body = {"provider": provider, "settings": {"limit_style": "rolling", "class_mode": "line"}}
    answer = stage.http.post(f"{stage.url}/control/companies", json=body, timeout=5)
    assert answer.status_code == 400 and f"A company of {provider} has no" in answer.json()["error"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"provider": "sage"}, "provider is one of quickbooks, xero."),
        ({"operation": "creat"}, "operation is one of"),
        ({"provider": "xero", "operation": "batch"}, "operation is one of"),
        ({"act": {"kind": "code"}}, "act.code is one of"),
        ({"provider": "xero", "act": {"kind": "code", "code": "6000"}}, "act.code is one of"),
        ({"act": {"kind": "status", "headers": {"X": "a\r\nY: b"}}}, "act.headers.X must be one line"),
        ({"act": {"kind": "status", "headers": {"a b": "c"}}}, "The name 'a b' in act.headers must be the name"),
        ({"act": {"kind": "status", "headers": {"Content-length": "9"}}}, "act.headers cannot have content-length"),
        ({"act": {"kind": "status", "status": 99}}, "act.status must be 200 or more."),
        ({"nth": 0}, "nth must be 1 or more."),
        ({"nth": "first"}, "nth must be a whole number or null."),
    ],
)
def test_a_rule_that_could_never_strike_is_refused(stage: Running, rule: dict[str, Any], words: str) -> None:
    answer = stage.http.post(f"{stage.url}/control/faults", json={"act": {"kind": "drop"}, **rule}, timeout=5)
    assert answer.status_code == 400 and answer.json()["error"].startswith(words), answer.text
    assert json.loads(answer.request.body or b"{}")["act"]


def test_a_page_shows_people_every_call(stage: Running, document: dict[str, Any]) -> None:
    page = requests.get(f"{stage.url}/control/", timeout=10)
    assert page.headers["content-type"].startswith("text/html")
    for path, method, operation in operations(document):
        assert f'<span class="verb">{method.upper()}</span> <code>{path}</code>' in page.text
        assert operation["summary"] in unescape(page.text)
    assert "<code>act.kind</code>" in page.text
    assert 'href="/control/"' in requests.get(stage.url, timeout=10).text


def test_the_examples_of_the_page_can_be_pasted(stage: Running) -> None:
    page = unescape(requests.get(f"{stage.url}/control/", timeout=10).text)
    lines = [line for line in re.findall(r"<pre>(.*?)</pre>", page) if "{id}" not in line and "/reset" not in line]
    assert len(lines) > 15
    for line in lines:
        answer = subprocess.run(  # noqa: S602  the sandbox's own words, pasted into a shell as a person would
            f"{line} -s -w %{{http_code}}", shell=True, capture_output=True, text=True, check=True
        )
        assert answer.stdout.endswith("200"), (line, answer.stdout)
