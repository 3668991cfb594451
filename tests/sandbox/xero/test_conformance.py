"""The seam that holds every answer of these tests against the vendor's schema must itself be able to fail."""

import json
from typing import Any

import pytest

from tests.sandbox.xero.browser import client_of, invoice, line
from tests.sandbox.xero.conformance import PREFIX, SCHEMA, verify, verify_identity
from tests.sandbox.xero.test_documents import journal

NOBODY = "11111111-1111-4111-8111-111111111111"
pytestmark = pytest.mark.skipif(not SCHEMA.exists(), reason=f"Xero's published schema is not at {SCHEMA}")


def answered(body: Any, *, path: str = "Invoices", method: str = "PUT", status: int = 200, sent: bytes = b"") -> None:
    verify(method, f"{PREFIX}/{path}", sent, status, "application/json", json.dumps(body).encode())


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        ({"Invoices": [{"Total": "12.00"}]}, {}),
        ({"Invoices": [{"Colour": "red"}]}, {}),
        ({"Invoices": [{"Status": "AWAITINGREVIEW"}]}, {}),
        ({"Invoices": [{"Reference": None}]}, {}),
        ({"Invoices": {"Total": 12}}, {}),
        ({"Bills": []}, {}),
        ({"Invoices": []}, {"path": "Bills"}),
        ({"Invoices": []}, {"sent": b'{"Type": "ACCREC", "Colour": "red"}'}),
        ({"ErrorNumber": "10"}, {"status": 400}),
        ({"ErrorNumber": 10, "Elements": [{"InvoiceID": "x"}]}, {"status": 400}),
    ],
)
def test_the_seam_notices(body: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        answered(body, **changes)


@pytest.mark.parametrize("row", [{"id": "7"}, {"colour": "red"}, {"id": NOBODY, "tenantName": None}])
def test_the_seam_of_identity_notices(row: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        verify_identity("Connection", row)


def test_the_seam_lets_what_is_published_pass() -> None:
    answered({"Invoices": [{"Total": 12.5, "Status": "DRAFT"}]}, sent=b'{"type": "ACCREC"}')
    answered({"ErrorNumber": 10, "Type": "x", "Message": "x"}, status=400)


def test_answers_are_what_the_schema_says(sandbox_url: str) -> None:
    client = client_of(sandbox_url, "messy")
    tracking = [{"Name": "Department", "Option": "Commercial"}]
    made = client.one("PUT", "Invoices", invoice("A-1", Url="https://a.example/", LineItems=[line(Tracking=tracking)]))
    note = client.one("PUT", "CreditNotes", invoice(None, kind="ACCRECCREDIT", LineItems=[line(9)]))
    base = f"CreditNotes/{note['CreditNoteID']}/Allocations"
    target = {"InvoiceID": made["InvoiceID"]}
    client.good("PUT", base, {"Allocations": [{"Amount": 4, "Invoice": target, "Date": "2026-10-02"}]})
    client.good("PUT", "Payments", {"Invoice": target, "Account": {"Code": "090"}, "Amount": 5})
    client.good("PUT", "ManualJournals", journal(debit="310"))
    client.good("GET", "Organisation")
    client.good("GET", "Organisation/Actions")
    for plural in ("Invoices", "CreditNotes", "Contacts", "Accounts", "Items", "TaxRates", "Currencies"):
        client.good("GET", f"{plural}?page=1")
    client.good("GET", "TrackingCategories")
