"""Every code on the vendor's list: provoked by a real input, or by /control/ where the documentation says why."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.sandbox.quickbooks.books import Books, an_invoice
from tests.sandbox.quickbooks.catalogue import GATEWAY, MESSAGES
from tests.sandbox.quickbooks.fault_cases import CASES, Case
from tests.sandbox.quickbooks.forms import CARD, file_of, form_of, metadata_of
from tests.sandbox.running import ROOT, Running

NAMESPACE = "{http://schema.intuit.com/finance/v3}"
PAGE = (ROOT / "docs" / "sandbox.md").read_text()
HEADING = "### Codes of QuickBooks without a real trigger"


def _declared() -> list[str]:
    """The codes of the page's table of what nobody can provoke for real."""
    rows = [line for line in PAGE.split(HEADING)[1].split("\n#")[0].splitlines() if line.startswith("| `")]
    return [code for row in rows for code in re.findall(r"`(\d+)`", row.split("|")[1])]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.words[:24]}")
def test_refusals(sandbox: Running, case: Case) -> None:
    books = Books(sandbox, case.scenario)
    path, body = case.send(books)
    if case.settings:
        sandbox.control("PATCH", f"/companies/{books.company}", case.settings)
    before = _kept(books)
    answer = books.request("GET", path) if body is None else books.request("POST", path, json=body)
    error = service_error(answer)
    assert (answer.status_code, error["code"]) == (400, case.code)
    assert MESSAGES[case.code] in error["Message"]
    assert case.words in error["Detail"]
    assert _kept(books) == before


def service_error(answer: requests.Response) -> dict[str, Any]:
    """The one error of a fault in the accounting service's shape."""
    body = answer.json()
    assert answer.headers["intuit_tid"].startswith("1-")
    assert answer.headers["content-type"] == "application/json"
    assert set(body) | {"time"} == {"Fault", "time"} and set(body["Fault"]) == {"Error", "type"}
    [error] = body["Fault"]["Error"]
    assert {"Message", "Detail", "code"} <= set(error) <= {"Message", "Detail", "code", "element"}
    assert body["Fault"]["type"] == ("SystemFault" if error["code"] == "10000" else "ValidationFault")
    return dict(error)


def gateway_error(answer: requests.Response) -> tuple[str, str]:
    """Code and message of a fault in one of the gateway's two shapes."""
    assert answer.headers["intuit_tid"].startswith("1-")
    if answer.headers["content-type"].startswith("application/xml"):
        error = ET.fromstring(answer.text).find(f"{NAMESPACE}Fault/{NAMESPACE}Error")  # noqa: S314  our own server
        assert error is not None
        return error.attrib["code"], str(error.findtext(f"{NAMESPACE}Message"))
    body = answer.json()
    assert body["fault"]["type"] in ("AUTHENTICATION", "AUTHORIZATION", "SERVICE")
    assert isinstance(body["time"], int)
    [error] = body["fault"]["error"]
    return error["code"], error["message"]


def _kept(books: Books) -> list[tuple[Any, ...]]:
    return [(row["entity"], row["id"], row["total"], row["balance"]) for row in books.sandbox.documents(books.company)]


def _garbled(books: Books) -> requests.Response:
    return books.request("GET", "preferences", headers={"Authorization": "Bearer nonsense"})


def _expired(books: Books) -> requests.Response:
    books.sandbox.control("POST", f"/companies/{books.company}/expire-tokens")
    return books.request("GET", "preferences")


def _foreign(books: Books) -> requests.Response:
    books.company = books.sandbox.company("quickbooks")
    return books.request("GET", "preferences")


def _too_often(books: Books) -> requests.Response:
    books.sandbox.control("PUT", "/limits", {"enabled": True})
    return [books.request("GET", "preferences") for _ in range(11)][-1]


GATEWAY_CASES: list[tuple[str, int, Callable[[Books], requests.Response]]] = [
    ("3200", 401, _garbled),
    ("3200", 401, _expired),
    ("3202", 401, lambda books: books.request("GET", "preferences", headers={"Authorization": ""})),
    ("3100", 403, _foreign),
    ("3001", 429, _too_often),
]


@pytest.mark.parametrize(("code", "status", "send"), GATEWAY_CASES)
def test_refusals_of_the_gateway(
    sandbox: Running, code: str, status: int, send: Callable[[Books], requests.Response]
) -> None:
    answer = send(Books(sandbox))
    assert answer.status_code == status
    assert gateway_error(answer)[0] == code
    assert MESSAGES[code] in gateway_error(answer)[1]
    assert ("WWW-Authenticate" in answer.headers) is (status == 401)


UPLOADS = [
    ("6040", 200, [("file_metadata_01", "text/plain", b"{}"), CARD]),
    ("6040", 200, [("file_metadata_01", "application/json", b"[]"), CARD]),
    ("6041", 200, [metadata_of("run.exe"), file_of("run.exe")]),
    ("6040", 200, [("file_metadata_01", "application/xml", b"<Invoice/>"), CARD]),
    ("6041", 200, [metadata_of("lost.pdf")]),
    ("6050", 200, [metadata_of("card.png", ("Budget", "1")), CARD]),
    ("6000", 200, [metadata_of("card.png", ("Estimate", "75")), CARD]),
    ("6041", 400, []),
]


@pytest.mark.parametrize(("code", "status", "parts"), UPLOADS)
def test_refusals_of_uploads(sandbox: Running, code: str, status: int, parts: list[Any]) -> None:
    """One file's fault stands in an answer of 200."""
    body, kind = form_of(*parts)
    answer = Books(sandbox).request("POST", "upload", data=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    found = answer.json() if status == 400 else answer.json()["AttachableResponse"][0]
    assert found["Fault"]["Error"][0]["code"] == code
    assert MESSAGES[code] in found["Fault"]["Error"][0]["Message"]


def test_an_upload_says_how_long_it_is(sandbox: Running) -> None:
    books, (body, kind) = Books(sandbox), form_of(metadata_of("card.png"), CARD)
    answer = books.request("POST", "upload", data=iter([body]), headers={"Content-Type": kind})
    assert service_error(answer)["code"] == "6020"


@pytest.mark.parametrize(("path", "status", "words"), [("upload", 400, b'"6030"'), ("invoice", 413, b"<html>")])
def test_a_request_too_large_is_refused_by_its_headers(sandbox: Running, path: str, status: int, words: bytes) -> None:
    books = Books(sandbox)
    connection = HTTPConnection(urlsplit(sandbox.url).netloc, timeout=5)
    headers = {
        "Authorization": f"Bearer {books.token}",
        "Content-Type": "multipart/form-data; boundary=x",
        "Content-Length": "200000000",
    }
    connection.request("POST", f"/quickbooks/v3/company/{books.company}/{path}", headers=headers)
    answer = connection.getresponse()
    assert (answer.status, words in answer.read()) == (status, True)
    connection.close()


def test_a_content_type_that_is_neither_json_nor_xml(sandbox: Running) -> None:
    answer = Books(sandbox).request("POST", "invoice", data=b"a=b", headers={"Content-Type": "text/plain"})
    assert (answer.status_code, service_error(answer)["code"]) == (400, "1050")


@pytest.mark.parametrize("code", _declared())
def test_declared_codes_are_switched_on(sandbox: Running, code: str) -> None:
    books = Books(sandbox)
    act = {"kind": "code", "code": code}
    sandbox.control("POST", "/faults", {"company": books.company, "operation": "create", "times": 1, "act": act})
    answer = books.request("POST", "vendor", json={"DisplayName": "Never saved"})
    assert answer.status_code == STATUSES.get(code, 400)
    found = gateway_error(answer) if code in GATEWAY else (code, service_error(answer)["Message"])
    assert found[0] == code and MESSAGES[code] in found[1]
    assert books.query("select * from Vendor where DisplayName = 'Never saved'") == []


STATUSES = {"100": 401, "110": 401, "120": 401, "130": 401, "140": 403, "150": 503, "6002": 504, "10000": 500}


def test_every_code_is_provoked() -> None:
    real = {case.code for case in CASES} | {code for code, *_ in (*GATEWAY_CASES, *UPLOADS)} | {"1050", "6020", "6030"}
    assert real | set(_declared()) == set(MESSAGES)
    # 6190 can be had both ways: a company's subscription is a switch of /control/.
    assert real & set(_declared()) == {"6190"}


def test_every_answer_carries_a_trace_id(sandbox: Running) -> None:
    books = Books(sandbox)
    invoice = books.post("invoice", an_invoice(books))["Id"]
    root = f"{sandbox.url}/quickbooks"
    answers = [
        *(
            books.request("GET", path)
            for path in ("preferences", f"invoice/{invoice}/pdf", "reports/TrialBalance", "x")
        ),
        books.request("POST", "vendor", json={"Notes": "n"}),
        *(sandbox.http.get(f"{root}/{path}", timeout=5) for path in (".well-known/openid_configuration", "op/v1/jwks")),
        sandbox.http.get(f"{root}/v1/openid_connect/userinfo", timeout=5),
        sandbox.http.post(f"{root}/oauth2/v1/tokens/bearer", timeout=5),
        sandbox.http.post(f"{root}/v2/oauth2/tokens/revoke", timeout=5),
        sandbox.http.get(f"{root}/nowhere", timeout=5),
        sandbox.http.get(f"{root}/oauth2/v1/tokens/bearer", timeout=5),
    ]
    for answer in answers:
        assert answer.headers["intuit_tid"].startswith("1-"), answer.url


TRACES = {"intuit_tid", "X-SpanId", "X-Amzn-Trace-Id", "Strict-Transport-Security"}
SERVED = {"QBO-Version", "Service-Time", "Expires", "Cache-Control"}


@pytest.mark.parametrize(
    ("path", "served"), [("preferences", True), ("reports/TrialBalance", True), ("customer/1.5", False)]
)
def test_answers_of_the_service_carry_its_headers(sandbox: Running, path: str, served: bool) -> None:
    """What is refused has the traces, and nothing of the headers of what was served."""
    found = Books(sandbox).request("GET", path).headers
    assert {name for name in TRACES | SERVED if name in found} == TRACES | (SERVED if served else set())
    assert found["X-Amzn-Trace-Id"] == f"Root={found['intuit_tid']}"
