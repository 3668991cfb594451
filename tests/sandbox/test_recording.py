"""What the sandbox answers in any test is held against the published schemas: that must itself be able to fail."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.sandbox.quickbooks.books import Books
from tests.sandbox.quickbooks.conformance import FOLDER
from tests.sandbox.recorded import shape
from tests.sandbox.running import sandbox_process, verify_recording
from tests.sandbox.xero.browser import client_of
from tests.sandbox.xero.conformance import SCHEMA

pytestmark = pytest.mark.skipif(
    not (FOLDER.exists() and SCHEMA.exists()), reason=f"The vendors' published schemas are not in {FOLDER.parent}"
)


def recorded(path: str, body: Any, status: int = 200) -> str:
    return json.dumps(["GET", path, status, "json", json.dumps(body), ""])


def written(answer: str, status: int = 200) -> str:
    return json.dumps(["GET", INVOICES, status, "xml", answer, ""])


def asked(sent: Any, status: int = 200) -> str:
    return json.dumps(["PUT", INVOICES, status, "json", json.dumps({"Invoices": []}), json.dumps(sent)])


INVOICES = "/xero/api.xro/2.0/Invoices"


@pytest.mark.parametrize(
    "line",
    [
        recorded(
            "/quickbooks/v3/company/1/invoice/1", {"Invoice": {"PrintState": "x"}, "time": "2026-11-02T00:00:00Z"}
        ),
        recorded("/quickbooks/v3/company/1/query", {"QueryResponse": {"Bill": [{"Balance": "1"}]}}),
        recorded(INVOICES, {"Invoices": [{"AmountDew": 1}]}),
        recorded(INVOICES, {"ErrorNumber": "10"}, 400),
        written("<Response><Invoices><Invoice><AmountDew>1</AmountDew></Invoice></Invoices></Response>"),
        written("<Response><Invoices><Invoice><AmountDue>one</AmountDue></Invoice></Invoices></Response>"),
        written("<Response><Invoices><Invoice><Status>PAYED</Status></Invoice></Invoices></Response>"),
        written("<ApiException><ErrorNumber>ten</ErrorNumber></ApiException>", 400),
        asked({"Invoices": [{"Type": "ACCREC", "Reverence": "x"}]}),
        asked({"Invoices": [{"Type": "ACCREV"}]}),
    ],
)
def test_an_answer_that_does_not_fit_is_found(line: str) -> None:
    with pytest.raises(AssertionError, match=r"quickbooks|xero"):
        verify_recording([line])


def test_what_fits_is_let_pass() -> None:
    verify_recording(
        [
            written(
                "<Response><Id>1</Id><Invoices><Invoice><AmountDue>1.50</AmountDue></Invoice></Invoices></Response>"
            ),
            written(
                "<ApiException><ErrorNumber>10</ErrorNumber><Type>ValidationException</Type><Message>m</Message><Elements>"
                "<DataContractBase><ValidationErrors><ValidationError><Message>m</Message></ValidationError>"
                "</ValidationErrors></DataContractBase></Elements></ApiException>",
                400,
            ),
            asked({"Invoices": [{"Type": "ACCREC", "Reference": "x"}]}),
            # What was refused was no request of the product's own making.
            asked({"Invoices": [{"Reverence": "x"}]}, status=404),
        ]
    )


def test_every_answer_is_written_down_but_those_of_fault_rules(tmp_path: Path) -> None:
    file = tmp_path / "recording"
    with sandbox_process("--memory", SANDBOX_RECORDING=str(file)) as sandbox:
        books = Books(sandbox)
        url = f"{sandbox.url}/quickbooks/v3/company/{books.company}"
        headers = {"Authorization": f"Bearer {books.token}", "Accept": "application/json"}
        for _ in range(3):
            requests.get(f"{url}/companyinfo/{books.company}", headers=headers, timeout=5)
        sandbox.control("POST", "/faults", {"times": 1, "act": {"kind": "status", "status": 200, "body": {"odd": 1}}})
        assert requests.get(f"{url}/preferences", headers=headers, timeout=5).json() == {"odd": 1}
        for agent in ("Rivet", "a test"):
            told = {**headers, "User-Agent": agent, "Content-Type": "application/json"}
            requests.put(f"{sandbox.url}{INVOICES}", json={agent: 1}, headers=told, timeout=5)
        plain = client_of(sandbox.url)
        tokens = {"Authorization": f"Bearer {plain.token}", "xero-tenant-id": plain.tenant}
        requests.get(f"{sandbox.url}{INVOICES}", headers=tokens, timeout=5)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(path.split("/")[-2], status) for _, path, status, *_ in lines if "quickbooks" in path] == [
        ("companyinfo", 200)
    ]
    found = [(status, form, sent) for _, path, status, form, _, sent in lines if "xero" in path]
    assert found == [(401, "json", '{"Rivet": 1}'), (401, "json", ""), (200, "xml", "")]


def test_answers_of_one_kind_are_told_apart_by_their_words() -> None:
    one: dict[str, Any] = {"Invoice": {"Id": "1", "EmailStatus": "NotSet", "Line": [{"Amount": 1}]}}
    assert shape(one) == shape({"Invoice": {"Id": "2", "EmailStatus": "NotSet", "Line": [{"Amount": 9}] * 3}})
    assert shape(one) != shape({"Invoice": {"Id": "1", "EmailStatus": "Lost", "Line": [{"Amount": 1}]}})
    assert shape(one) != shape({"Invoice": {"Id": "1", "EmailStatus": "NotSet", "Line": [{"Amount": "1"}]}})
