"""The seam that holds every answer of these tests against the vendor's schemas must itself be able to fail."""

from typing import Any

import pytest

from tests.sandbox.quickbooks.conformance import FOLDER, Property, check, schema

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason=f"Intuit's published schemas are not in {FOLDER}")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("Invoice", {"Colour": "red"}),
        ("Invoice", {"TotalAmt": "12.00"}),
        ("Invoice", {"TotalAmt": None}),
        ("Invoice", {"EmailStatus": "Lost"}),
        ("Invoice", {"TxnDate": "02.11.2026"}),
        ("Invoice", {"CustomerRef": "27"}),
        ("Invoice", {"CustomerRef": {"value": "27", "label": "x"}}),
        ("Invoice", {"Line": [{"DetailType": "Sale"}]}),
        ("Invoice", {"Line": [{"SalesItemLineDetail": {"Price": 1}}]}),
        ("Bill", {"MetaData": {"CreateTime": "yesterday"}}),
        ("Account", {"Classification": "Wealth"}),
        ("Customer", {"Active": "true"}),
    ],
)
def test_the_seam_notices(kind: str, body: dict[str, Any]) -> None:
    assert check(body, Property(kind, False), kind)


def test_the_seam_lets_what_is_published_pass() -> None:
    line = {"Id": "1", "Amount": 10.5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"Qty": 1}}
    body = {"Id": "1", "domain": "QBO", "sparse": False, "TxnDate": "2026-11-02", "Line": [line]}
    assert check(body, Property("Invoice", False), "Invoice") == []


def test_the_schemas_were_read_whole() -> None:
    assert len(schema().types["Invoice"]) > 80
    assert "ValidationFault" in schema().enums["FaultTypeEnum"]
