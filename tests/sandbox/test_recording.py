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
from tests.sandbox.xero.conformance import SCHEMA

pytestmark = pytest.mark.skipif(
    not (FOLDER.exists() and SCHEMA.exists()), reason=f"The vendors' published schemas are not in {FOLDER.parent}"
)


def recorded(path: str, body: Any, status: int = 200) -> str:
    return json.dumps(["GET", path, status, json.dumps(body)])


@pytest.mark.parametrize(
    "line",
    [
        recorded(
            "/quickbooks/v3/company/1/invoice/1", {"Invoice": {"PrintState": "x"}, "time": "2026-11-02T00:00:00Z"}
        ),
        recorded("/quickbooks/v3/company/1/query", {"QueryResponse": {"Bill": [{"Balance": "1"}]}}),
        recorded("/xero/api.xro/2.0/Invoices", {"Invoices": [{"AmountDew": 1}]}),
        recorded("/xero/api.xro/2.0/Invoices", {"ErrorNumber": "10"}, 400),
    ],
)
def test_an_answer_that_does_not_fit_is_found(line: str) -> None:
    with pytest.raises(AssertionError, match=r"quickbooks|xero"):
        verify_recording([line])


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
        requests.get(f"{sandbox.url}/xero/api.xro/2.0/Invoices", headers=headers, timeout=5)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(path.split("/")[-2], status) for _, path, status, _ in lines if "quickbooks" in path] == [
        ("companyinfo", 200)
    ]
    assert [status for _, path, status, _ in lines if "xero" in path] == [401]


def test_answers_of_one_kind_are_told_apart_by_their_words() -> None:
    one: dict[str, Any] = {"Invoice": {"Id": "1", "EmailStatus": "NotSet", "Line": [{"Amount": 1}]}}
    assert shape(one) == shape({"Invoice": {"Id": "2", "EmailStatus": "NotSet", "Line": [{"Amount": 9}] * 3}})
    assert shape(one) != shape({"Invoice": {"Id": "1", "EmailStatus": "Lost", "Line": [{"Amount": 1}]}})
    assert shape(one) != shape({"Invoice": {"Id": "1", "EmailStatus": "NotSet", "Line": [{"Amount": "1"}]}})
