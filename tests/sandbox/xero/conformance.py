"""Every request and answer of the tests against the vendor's published schema.

`verify` stands in the tests' clients: whatever the sandbox answers in any test must fit. Without the schema it
does nothing, and `test_conformance` says so by being skipped.
"""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

import yaml

# The vendors' schemas are not ours to keep: they lie beside the checkout, or where the variable says.
BESIDE = Path(__file__).parents[4] / "shared" / "conformance"
SCHEMA = Path(os.environ.get("RIVET_CONFORMANCE", BESIDE)) / "xero" / "xero_accounting.yaml"
PREFIX = "/xero/api.xro/2.0"
# What recorded answers, or the schema's own examples, hold although its properties do not name it.
RECORDED = {
    "AccessToken": {"scope"},
    "BankTransaction": {"DateString"},
    "BankTransfer": {"DateString", "CreatedDateUTCString"},
    "Contact": {"CompanyNumber"},
    "ContactGroup": {"HasValidationErrors"},
    "CreditNote": {"ID", "DateString", "DueDateString"},
    "HistoryRecord": {"DateUTCString", "ValidationErrors"},
    "Invoice": {"InvoicePaymentServices", "DateString", "DueDateString"},
    "Item": {"ValidationErrors"},
    "LineItem": {"ValidationErrors"},
    "ManualJournalLine": {"ValidationErrors"},
    "Overpayment": {"DateString", "ID"},
    "Prepayment": {"DateString", "ID"},
    "Phone": {"ValidationErrors"},
    "LineItemTracking": {"Options"},
    "PurchaseOrder": {
        "DateString",
        "DeliveryDateString",
        "HasErrors",
        "IsDiscounted",
        "Type",
        "ExpectedArrivalDateString",
    },
    "Quotes": {"SummarizeErrors"},
    "TrackingOption": {"HasValidationErrors", "IsDeleted", "IsArchived", "IsActive"},
}
# The vendor's pages name this call, which the schema forgot; clients make links by it.
FORGOTTEN = {("POST", "/linkedtransactions")}
ENVELOPE = {"Id", "Status", "ProviderName", "DateTimeUTC"}
# The published schema repeats only an id beside the errors; the recorded answers repeat the whole element.
ELEMENTS = {"ValidationErrors", "Warnings", "HasValidationErrors", "HasErrors", "StatusAttributeString"}


@cache
def document() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load(SCHEMA.read_text(), loader)  # noqa: S506  a safe loader
    return found


@cache
def _identity() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(SCHEMA.with_name("xero-identity.yaml").read_text())["components"]["schemas"]
    return found


def verify_identity(name: str, row: dict[str, Any]) -> None:
    """Raise AssertionError for a connection or a token that the published identity schema does not allow."""
    if not SCHEMA.exists():
        return
    rules = _identity()[name]["properties"]
    found = [f"{key} is unknown" for key in row if key not in rules and key not in RECORDED.get(name, set())]
    for key, rule in rules.items():
        found += check(row[key], rule, key) if key in row else []
        if rule.get("format") == "uuid" and not _GUID.fullmatch(str(row.get(key, ""))):
            found.append(f"{key}: {row.get(key)!r} is no GUID")
    assert not found, f"{name}: {found}"


_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def schemas() -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["schemas"]
    return found


@cache
def _paths() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Literal paths before those with a variable, as the vendor's own router must hold it."""
    ordered = sorted(document()["paths"].items(), key=lambda pair: pair[0].count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path), re.IGNORECASE), found) for path, found in ordered]


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """What the schema says of this call; None if it knows no such one."""
    for pattern, methods in _paths():
        if pattern.fullmatch(path) and method.lower() in methods:
            found: dict[str, Any] = methods[method.lower()]
            return found
    return None


def verify(method: str, url: str, sent: bytes, status: int, media_type: str, body: bytes) -> None:
    """Raise AssertionError for an answer, or an accepted request, that the published schema does not allow."""
    path = urlsplit(url).path
    if not SCHEMA.exists() or not path.lower().startswith(PREFIX) or status not in (200, 400):
        return
    place = path[len(PREFIX) :].rstrip("/")
    if (method, place.lower()) in FORGOTTEN:
        method = "PUT"
    operation = operation_of(method, place)
    found = _answer_faults(operation, status, media_type, body)
    if status == 200 and operation is not None and sent[:1] == b"{":
        found += _request_faults(operation, json.loads(sent))
    assert not found, f"{method} {path}\n" + "\n".join(found)


def verify_recorded(method: str, path: str, status: int, form: str, body: str, sent: str = "") -> None:
    """Raise AssertionError for an answer in JSON or XML, or for what was `sent` and accepted, that the published schema
    does not allow. Calls that the schema does not know are let pass: some tests make them on purpose."""
    operation = operation_of(method, path[len(PREFIX) :].rstrip("/")) if SCHEMA.exists() else None
    if status not in (200, 400) or operation is None:
        return
    answer = body if form == "json" else json.dumps(_of_xml(operation, status, body))
    found = _answer_faults(operation, status, "application/json", answer.encode())
    if status == 200 and sent.startswith("{"):
        found += _request_faults(operation, json.loads(sent))
    assert not found, f"{method} {path} {status} {form}\n" + "\n".join(found)


def _of_xml(operation: dict[str, Any], status: int, text: str) -> Any:
    """An answer in XML in the shape of the one in JSON, by the same rules: they say what is a list or a number."""
    return from_xml(fromstring(text), _ERROR if status == 400 else _rule_of(operation) or {})  # noqa: S314  an answer of ours


_ERROR = {
    "properties": {
        "ErrorNumber": {"type": "integer"},
        "Elements": {
            "type": "array",
            "items": {"properties": {"ValidationErrors": {"type": "array", "items": {"$ref": "/ValidationError"}}}},
        },
    }
}


def _answer_faults(operation: dict[str, Any] | None, status: int, media_type: str, body: bytes) -> list[str]:
    if not media_type.startswith("application/json"):
        return []
    answer = json.loads(body)
    if status == 400:
        return _error_faults(answer)
    if operation is None:
        return ["the schema knows no such call, and yet it was carried out"]
    rule = _rule_of(operation)
    content = {key: value for key, value in answer.items() if key not in ENVELOPE or "AllocationID" in answer}
    return check(content, rule, "answer") if rule else []


def _rule_of(operation: dict[str, Any]) -> dict[str, Any] | None:
    """What the schema says of a good answer."""
    found = operation["responses"]["200"]
    found = document()["components"]["responses"][found["$ref"].rsplit("/", 1)[1]] if "$ref" in found else found
    rule: dict[str, Any] | None = found.get("content", {}).get("application/json", {}).get("schema")
    return rule


def from_xml(element: Element, rule: dict[str, Any]) -> Any:
    """The value of an element: a list, an object, a number or a boolean where the rule wants one, else its text."""
    rule = schemas()[rule["$ref"].rsplit("/", 1)[1]] if "$ref" in rule else rule
    if rule.get("type") == "array":
        return [from_xml(child, rule["items"]) for child in element]
    if len(element) or "properties" in rule:
        known = rule.get("properties", {})
        return {child.tag: from_xml(child, known.get(child.tag, {})) for child in element}
    text = element.text or ""
    if rule.get("type") in ("number", "integer") and _NUMBER.fullmatch(text):
        return float(text) if rule["type"] == "number" else int(text)
    return text == "true" if rule.get("type") == "boolean" and text in ("true", "false") else text


_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def _error_faults(answer: dict[str, Any]) -> list[str]:
    found = [f"{name} is unknown to errors" for name in set(answer) - {"ErrorNumber", "Type", "Message", "Elements"}]
    found += check({key: value for key, value in answer.items() if key != "Elements"}, {"$ref": "/Error"}, "error")
    for element in answer.get("Elements", []):
        errors = element.get("ValidationErrors")
        found += [] if errors else ["an element without its errors"]
        found += check(errors, {"type": "array", "items": {"$ref": "/ValidationError"}}, "ValidationErrors")
    return found


def _request_faults(operation: dict[str, Any], body: dict[str, Any]) -> list[str]:
    rule = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if rule is None:
        return []
    name = rule.get("$ref", "").rsplit("/", 1)[1]
    inner = schemas()[name].get("properties", {}).get(name, {}).get("items")
    # A bare element, or a list where the schema names one element: the vendor takes both.
    if inner and not any(key.lower() == name.lower() for key in body):
        return check(body, inner, "request", asked=True)
    if not inner and any(isinstance(value, list) and key == f"{name}s" for key, value in body.items()):
        return [fault for row in body[f"{name}s"] for fault in check(row, rule, "request", asked=True)]
    return check(body, rule, "request", asked=True)


def faults(value: Any, name: str, where: str, *, asked: bool = False) -> list[str]:
    """What in `value` the schema called `name` does not allow; `asked` marks a request, where text may be a number."""
    schema = schemas()[name]
    if "enum" in schema:
        return [] if str(value) in [str(word) for word in schema["enum"]] else [f"{where}: {value!r}"]
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no {name}"]
    known = {key.lower() if asked else key: rule for key, rule in schema.get("properties", {}).items()}
    found: list[str] = []
    for key, inner in value.items():
        rule = known.get(key.lower() if asked else key)
        if rule is not None:
            found += check(inner, rule, f"{where}.{key}", asked=asked)
        elif key not in RECORDED.get(name, set()):
            found.append(f"{where}.{key} is unknown to {name}")
    return found


_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
}


def check(value: Any, rule: dict[str, Any], where: str, *, asked: bool = False) -> list[str]:
    if "$ref" in rule:
        return faults(value, rule["$ref"].rsplit("/", 1)[1], where, asked=asked)
    if value is None:
        return [] if asked else [f"{where} is null"]
    kind = rule.get("type")
    if kind == "array":
        rows = value if isinstance(value, list) else [value]
        each = [check(row, rule["items"], f"{where}[{index}]", asked=asked) for index, row in enumerate(rows)]
        return [fault for found in each for fault in found] + ([] if asked or rows is value else [f"{where}: no list"])
    expected = _TYPES.get(kind or "", (object,))
    if not isinstance(value, expected) and not (asked and isinstance(value, str | int)):
        return [f"{where}: {value!r} is no {kind}"]
    if "enum" in rule and value not in rule["enum"] and not (asked and str(value).upper() in rule["enum"]):
        return [f"{where}: {value!r} is not one of {rule['enum']}"]
    return []
