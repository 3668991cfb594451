"""Every answer of the tests against the vendor's published XML schemas: property names, types, enumerations.

`verify_answer` hangs on the tests' HTTP sessions. Without the schemas it does nothing, and `test_conformance` says so
by being skipped.
"""

import os
import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests

# The vendors' schemas are not ours to keep: they lie beside the checkout, or where the variable says.
BESIDE = Path(__file__).parents[4] / "shared" / "conformance"
FOLDER = Path(os.environ.get("RIVET_CONFORMANCE", BESIDE)) / "quickbooks"
FILES = ("IntuitBaseTypes.xsd", "IntuitNamesTypes.xsd", "SalesTax.xsd", "Finance.xsd", "IntuitRestServiceDef.xsd")
XS = "{http://www.w3.org/2001/XMLSchema}"
PREFIX = "/quickbooks/v3/company/"

# What documentation or recorded answers hold although the published schemas do not know it.
RECORDED = {
    "CompanyInfo": {"DefaultTimeZone"},
    "Payment": {"ARAccountRef"},
    "MemoRef": {"value"},
    "SalesItemLineDetail": {"ItemAccountRef"},
    "CompanyAccountingPrefs": {"BookCloseDate", "CustomerTerminology", "FirstMonthOfFiscalYear", "TaxYearMonth"},
}
# Enumerated fields whose recorded values are wider than the schema's.
FREE = {("LinkedTxn", "TxnType"), ("EntityTypeRef", "Type")}
# Entities whose type has another name in the schemas.
NAMED_OTHERWISE = {"CreditCardPayment": "CreditCardPaymentTxn"}
GATEWAY = {
    "warnings", "intuitObject", "fault", "report", "queryResponse", "batchItemResponse", "attachableResponse",
    "syncErrorResponse", "requestId", "time", "status", "cdcresponse",
}  # fmt: skip
_OPTION = {"Name": "", "Value": ""}
_CELLS = {"ColData": "ColData"}
REPORT: dict[str, dict[str, str]] = {
    "Report": {"Header": "Header", "Columns": "Columns", "Rows": "Rows"},
    "Header": dict.fromkeys(
        (
            "Time",
            "ReportName",
            "DateMacro",
            "ReportBasis",
            "StartPeriod",
            "EndPeriod",
            "SummarizeColumnsBy",
            "Currency",
            "Customer",
            "Vendor",
            "Class",
        ),
        "",
    )
    | {"Option": "Option"},
    "Option": _OPTION,
    "Columns": {"Column": "Column"},
    "Column": {"ColTitle": "", "ColType": "", "MetaData": "Option"},
    "Rows": {"Row": "Row"},
    "Row": {"Header": "Cells", "Summary": "Cells", "Rows": "Rows", "ColData": "ColData", "type": "", "group": ""},
    "Cells": _CELLS,
    "ColData": {"value": "", "id": "", "href": ""},
}
FAULT_TYPES = {"AuthenticationFault", "AuthorizatonFault", "ValidationFault", "SystemFault"}
LISTED = {"startPosition", "maxResults", "totalCount"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}$")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$")


class Property(NamedTuple):
    type: str
    many: bool


class Schema(NamedTuple):
    types: dict[str, dict[str, Property]]
    enums: dict[str, frozenset[str]]


@cache
def schema() -> Schema:
    roots = [ET.parse(FOLDER / name).getroot() for name in FILES]  # noqa: S314  a file of our own
    elements = {each.get("name"): each for root in roots for each in root.iterfind(f"{XS}element")}
    bodies = {str(each.get("name")): each for root in roots for each in root.iterfind(f"{XS}complexType")}
    enums = {
        str(each.get("name")): frozenset(str(word.get("value")) for word in each.iter(f"{XS}enumeration"))
        for root in roots
        for each in root.iterfind(f"{XS}simpleType")
    }
    types = {name: _properties(name, bodies, elements) for name in bodies}
    return Schema(types, {name: words for name, words in enums.items() if words})


def _properties(
    name: str, bodies: dict[str, ET.Element], elements: dict[str | None, ET.Element]
) -> dict[str, Property]:
    body = bodies[name]
    found: dict[str, Property] = {}
    base = next((each.get("base", "") for each in body.iter(f"{XS}extension")), "")
    if _bare(base) in bodies:
        found |= _properties(_bare(base), bodies, elements)
    for each in (*body.iter(f"{XS}element"), *body.iter(f"{XS}attribute")):
        meant = elements.get(_bare(each.get("ref", "")), each) if each.get("ref") else each
        many = each.get("maxOccurs", "1") != "1"
        kind = meant.get("type")
        if kind is None:
            inner = next((part.get("base") for part in meant.iter(f"{XS}restriction")), None)
            kind = inner or _bare(each.get("ref", "")) or "string"
        found[str(meant.get("name"))] = Property(_bare(kind), many)
    return found


def _bare(name: str) -> str:
    return name.rsplit(":", 1)[-1]


def verify_body(method: str, path: str, status: int, body: dict[str, Any]) -> None:
    """Raise AssertionError for an answer in JSON that the published schemas do not allow."""
    found = _answer(body, report="/reports/" in path) if FOLDER.exists() else []
    assert not found, f"{method} {path} {status}\n" + "\n".join(found)


def verify_answer(answer: requests.Response, *args: Any, **kwargs: Any) -> None:
    """Raise AssertionError for an answer of the Accounting API that the published schemas do not allow."""
    path = urlsplit(answer.url).path
    media_type = answer.headers.get("content-type", "")
    if not FOLDER.exists() or not path.startswith(PREFIX) or not media_type.startswith("application/json"):
        return
    found = _answer(answer.json(), report="/reports/" in path)
    assert not found, f"{answer.request.method} {path}\n" + "\n".join(found)


def _answer(body: dict[str, Any], *, report: bool = False) -> list[str]:
    if "fault" in body:
        return [f"{name} is unknown to gateway faults" for name in set(body) ^ GATEWAY]
    if set(body) == {"TaxCode", "TaxCodeId", "TaxRateDetails"}:
        return check(body, Property("TaxService", False), "TaxService")
    if report and "Fault" not in body:
        return _report(body, "Report", "")
    timeless = "Fault" in body and {error["code"] for error in body["Fault"]["Error"]} == {"2030"}
    found = [] if timeless or _MOMENT.match(str(body.get("time"))) else [f"time: {body.get('time')!r}"]
    content = {name: value for name, value in body.items() if name != "time"}
    if len(content) != 1:
        found.append(f"an envelope of {sorted(content)}")
    return found + [fault for name, value in content.items() for fault in _member(name, value)]


def _report(value: Any, kind: str, where: str) -> list[str]:
    """Reports have no published schema: these are the properties of the documented samples, every value a text."""
    if isinstance(value, list):
        return [fault for each in value for fault in _report(each, kind, where)]
    if not isinstance(value, dict):
        return [] if isinstance(value, str) and kind == "" else [f"{where}: {value!r} is no {kind or 'text'}"]
    known = REPORT.get(kind, {})
    found = [f"{where}.{name} is unknown to reports" for name in set(value) - set(known)]
    return found + [
        fault for name in set(value) & set(known) for fault in _report(value[name], known[name], f"{where}.{name}")
    ]


def _member(name: str, value: Any) -> list[str]:
    """What a member of an envelope, a batch item or a part of a change feed holds."""
    if name == "Fault":
        return _fault(value)
    if name == "Report":
        return _report(value, "Report", "")
    if name == "CDCResponse" and isinstance(value, dict):
        value = [value]
    if name == "QueryResponse" and isinstance(value, dict):
        return _listing(value)
    if name == "QueryResponse":
        return [fault for each in value for fault in _listing(each)]
    if name in ("BatchItemResponse", "CDCResponse", "AttachableResponse"):
        parts = [(key, inner) for each in value for key, inner in each.items() if key != "bId"]
        return [fault for key, inner in parts for fault in _member(key, inner)]
    if name == "RecurringTransaction":
        # A template is an object of the kind it is a template of.
        return [fault for inner, held in value.items() for fault in _member(inner, held)]
    kind = NAMED_OTHERWISE.get(name, name)
    if kind not in schema().types:
        return [f"{name} is no entity"]
    return check(value, Property(kind, False), name)


def _listing(value: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for name, rows in value.items():
        if name not in LISTED:
            found += [fault for row in rows for fault in _member(name, row)]
    return found


def _fault(value: dict[str, Any]) -> list[str]:
    found = [] if value.get("type") in FAULT_TYPES else [f"Fault.type: {value.get('type')!r}"]
    if not value.get("Error"):
        return [*found, "Fault without Error"]
    for error in value["Error"]:
        found += [f"Error.{name} is unknown" for name in set(error) - {"Message", "Detail", "code", "element"}]
        found += [f"Error.{name} is no text" for name, text in error.items() if not isinstance(text, str)]
        found += [f"Error.{name} is missing" for name in ("Message", "Detail", "code") if not error.get(name)]
    return found


_SCALARS: dict[str, tuple[type, ...]] = {
    "decimal": (int, float),
    "int": (int,),
    "integer": (int,),
    "long": (int,),
    "positiveInteger": (int,),
    "boolean": (bool,),
}


def check(value: Any, rule: Property, where: str) -> list[str]:
    """What in `value` the schema does not allow."""
    if rule.many:
        rows = value if isinstance(value, list) else [value]
        return [
            fault
            for number, row in enumerate(rows)
            for fault in check(row, Property(rule.type, False), f"{where}[{number}]")
        ]
    if value is None:
        return [f"{where} is null"]
    if rule.type == "IntuitAnyType":
        return []
    if rule.type in schema().enums:
        return [] if value in schema().enums[rule.type] else [f"{where}: {value!r} is not in {rule.type}"]
    if rule.type in ("ReferenceType", "EntityRef"):
        return _reference(value, where)
    if rule.type in schema().types:
        return _object(value, rule.type, where)
    return _scalar(value, rule.type, where)


def _reference(value: Any, where: str) -> list[str]:
    if not isinstance(value, dict) or not value.get("value"):
        return [f"{where}: {value!r} is no reference"]
    return [f"{where}.{name} is unknown to references" for name in set(value) - {"value", "name", "type"}]


def _object(value: Any, name: str, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no {name}"]
    known, found = schema().types[name], []
    for key, inner in value.items():
        if key in known and (name, key) not in FREE:
            found += check(inner, known[key], f"{where}.{key}")
        elif key not in known and key not in RECORDED.get(name, set()):
            found.append(f"{where}.{key} is unknown to {name}")
    return found


def _scalar(value: Any, kind: str, where: str) -> list[str]:
    expected = _SCALARS.get(kind, (str,))
    if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected):
        return [f"{where}: {value!r} is no {kind}"]
    pattern = {"date": _DATE, "dateTime": _MOMENT}.get(kind)
    return [f"{where}: {value!r} is no {kind}"] if pattern and not pattern.match(str(value)) else []
