"""Answers against the vendor's published schema: no unknown property, no value outside of an enumeration."""

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.sandbox.xero.browser import client_of, invoice, line
from tests.sandbox.xero.test_documents import journal

# The vendors' schemas are not ours to keep: they lie beside the checkout, or where the variable says.
BESIDE = Path(__file__).parents[4] / "shared" / "conformance"
SCHEMA = Path(os.environ.get("RIVET_CONFORMANCE", BESIDE)) / "xero" / "xero_accounting.yaml"
pytestmark = pytest.mark.skipif(not SCHEMA.exists(), reason=f"Xero's published schema is not at {SCHEMA}")
# What the recorded answers hold although the published schema does not know it.
RECORDED = {
    "CreditNote": {"ID", "DateString", "DueDateString"},
    "Invoice": {"InvoicePaymentServices", "DateString", "DueDateString"},
    "LineItem": {"ValidationErrors"},
    "Phone": {"ValidationErrors"},
    "LineItemTracking": {"Options"},
    "TrackingOption": {"HasValidationErrors", "IsDeleted", "IsArchived", "IsActive"},
}
ENVELOPE = {"Id", "Status", "ProviderName", "DateTimeUTC"}


@cache
def schemas() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load(SCHEMA.read_text(), loader)["components"]["schemas"]  # noqa: S506  a safe loader
    return found


def faults(value: Any, name: str, where: str) -> list[str]:
    """What in `value` the schema called `name` does not allow."""
    schema = schemas()[name]
    if "enum" in schema:
        return [] if str(value) in [str(word) for word in schema["enum"]] else [f"{where}: {value!r}"]
    found: list[str] = []
    for key, inner in value.items() if isinstance(value, dict) else ():
        rule = schema.get("properties", {}).get(key)
        if rule is None:
            if key not in RECORDED.get(name, set()):
                found.append(f"{where}.{key} is unknown to {name}")
            continue
        found += check(inner, rule, f"{where}.{key}")
    return found


def check(value: Any, rule: dict[str, Any], where: str) -> list[str]:
    if "$ref" in rule:
        return faults(value, rule["$ref"].rsplit("/", 1)[1], where)
    if value is None:
        return [f"{where} is null"]
    kind = rule.get("type")
    if kind == "array":
        return [fault for index, item in enumerate(value) for fault in check(item, rule["items"], f"{where}[{index}]")]
    expected: dict[str, tuple[type, ...]] = {
        "string": (str,),
        "number": (int, float),
        "integer": (int,),
        "boolean": (bool,),
    }
    if kind in expected and not isinstance(value, expected[kind]):
        return [f"{where}: {value!r} is no {kind}"]
    if "enum" in rule and value not in rule["enum"]:
        return [f"{where}: {value!r} is not one of {rule['enum']}"]
    return []


def test_answers_are_what_the_schema_says(sandbox_url: str) -> None:
    client = client_of(sandbox_url, "messy")
    tracking = [{"Name": "Department", "Option": "Commercial"}]
    made = client.one("PUT", "Invoices", invoice("A-1", Url="https://a.example/", LineItems=[line(Tracking=tracking)]))
    note = client.one("PUT", "CreditNotes", invoice(None, kind="ACCRECCREDIT", LineItems=[line(9)]))
    base = f"CreditNotes/{note['CreditNoteID']}/Allocations"
    target = {"InvoiceID": made["InvoiceID"]}
    answers = {
        "Allocations": client.good("PUT", base, {"Amount": 4, "Invoice": target, "Date": "2026-10-02"}),
        "Payments": client.good("PUT", "Payments", {"Invoice": target, "Code": "090", "Amount": 5}),
        "ManualJournals": client.good("PUT", "ManualJournals", journal(debit="310")),
        "Organisations": client.good("GET", "Organisation"),
        "Actions": client.good("GET", "Organisation/Actions"),
    }
    for plural in ("Invoices", "CreditNotes", "Contacts", "Accounts", "Items", "TaxRates", "Currencies"):
        answers[plural] = client.good("GET", f"{plural}?page=1")
    answers["TrackingCategories"] = client.good("GET", "TrackingCategories")
    found = []
    for plural, answer in answers.items():
        body = {key: value for key, value in answer.items() if key not in ENVELOPE}
        found += faults(body, plural, plural)
    assert not found, "\n".join(found)
