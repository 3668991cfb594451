"""The vendors' published schemas, read as far as our requests need them.

They are not ours to keep: they lie beside the checkout, or where RIVET_CONFORMANCE says. Without them the tests that
need them are skipped and say so.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
import yaml

FOLDER = Path(os.environ.get("RIVET_CONFORMANCE", Path(__file__).parents[3] / "shared" / "conformance"))
XERO = FOLDER / "xero" / "xero_accounting.yaml"
QUICKBOOKS = FOLDER / "quickbooks"

needs_xero = pytest.mark.skipif(not XERO.exists(), reason=f"Xero's published schema is not at {XERO}")
needs_quickbooks = pytest.mark.skipif(
    not QUICKBOOKS.exists(), reason=f"QuickBooks' published schema is not in {QUICKBOOKS}"
)


# Xero: OpenAPI -------------------------------------------------------------------------------------------------------


@cache
def openapi() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load(XERO.read_text(), loader)  # noqa: S506  a safe loader
    return found


def xero_request(method: str, path: str) -> dict[str, Any]:
    """The published operation of a call without its query. Raises KeyError when there is none."""
    found: dict[str, Any] = openapi()["paths"][path][method.lower()]
    return found


def xero_parameters(operation: Mapping[str, Any]) -> set[str]:
    named = openapi()["components"]["parameters"]
    rows = [named[_name(row)] if "$ref" in row else row for row in operation["parameters"]]
    return {row["name"] for row in rows}


def xero_faults(value: Any, rule: Mapping[str, Any], where: str = "body") -> list[str]:
    """What the published schema does not allow in a request; also what only Xero may set."""
    if "$ref" in rule:
        rule = openapi()["components"]["schemas"][_name(rule)]
    if "enum" in rule:
        return [] if value in rule["enum"] else [f"{where}: {value!r} is not one of {rule['enum']}"]
    if rule.get("type") == "array":
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [
            fault for place, row in enumerate(value) for fault in xero_faults(row, rule["items"], f"{where}[{place}]")
        ]
    if "properties" in rule:
        return _object_faults(value, rule, where)
    return _scalar_faults(value, rule, where)


def _object_faults(value: Any, rule: Mapping[str, Any], where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where} is no object"]
    known = rule["properties"]
    found = [f"{where}.{name} is required" for name in rule.get("required", []) if name not in value]
    for name, inner in value.items():
        if name not in known:
            found.append(f"{where}.{name} is unknown")
        elif known[name].get("readOnly"):
            found.append(f"{where}.{name} is read only")
        else:
            found += xero_faults(inner, known[name], f"{where}.{name}")
    return found


def _scalar_faults(value: Any, rule: Mapping[str, Any], where: str) -> list[str]:
    is_right = {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "number": isinstance(value, int | Decimal) and not isinstance(value, bool),
    }[rule["type"]]
    if not is_right:
        return [f"{where}: {value!r} is no {rule['type']}"]
    found = []
    if len(str(value)) > rule.get("maxLength", len(str(value))):
        found.append(f"{where} is longer than {rule['maxLength']}")
    if rule.get("format") == "uuid" and not _reads(UUID, value):
        found.append(f"{where}: {value!r} is no UUID")
    if rule.get("x-is-msdate") and not _reads(date.fromisoformat, value):
        found.append(f"{where}: {value!r} is no date")
    return found


def _name(rule: Mapping[str, Any]) -> str:
    return str(rule["$ref"]).rsplit("/", 1)[1]


def _reads(reader: Any, value: str) -> bool:
    try:
        reader(value)
    except ValueError:
        return False
    return True


# QuickBooks: XSD, of which the JSON has the same names ---------------------------------------------------------------

_XS = "{http://www.w3.org/2001/XMLSchema}"
_FILES = ("IntuitBaseTypes.xsd", "IntuitNamesTypes.xsd", "Finance.xsd", "IntuitRestServiceDef.xsd")
_ID = re.compile(r"\d{1,19}")


@dataclass(frozen=True, kw_only=True)
class Property:
    type: str
    is_list: bool


@cache
def _xsd() -> tuple[dict[str, Element], dict[str, Element]]:
    """Types and global elements by name."""
    rows = [row for name in _FILES for row in ElementTree.parse(QUICKBOOKS / name).getroot()]  # noqa: S314  our own copy
    types = {row.get("name", ""): row for row in rows if row.tag in (f"{_XS}complexType", f"{_XS}simpleType")}
    return types, {row.get("name", ""): row for row in rows if row.tag == f"{_XS}element"}


@cache
def quickbooks_properties(type_name: str) -> dict[str, Property]:
    """Every property of a type, those of the types it extends included."""
    types, elements = _xsd()
    found: dict[str, Property] = {}
    for row in types[type_name].iter():
        if row.tag == f"{_XS}extension" and _plain(row.get("base")) in types:
            found |= quickbooks_properties(_plain(row.get("base")))
        if row.tag == f"{_XS}element":
            named = elements[_plain(row.get("ref"))] if row.get("ref") else row
            is_list = row.get("maxOccurs", "1") != "1"
            found[named.get("name", "")] = Property(type=_plain(named.get("type")), is_list=is_list)
        if row.tag == f"{_XS}attribute":
            found[row.get("name", "")] = Property(type=_plain(row.get("type")), is_list=False)
    return found


def quickbooks_faults(value: Any, type_name: str, where: str) -> list[str]:
    """What the published schema does not allow."""
    types, _ = _xsd()
    if type_name.endswith("ReferenceType"):
        return _reference_faults(value, where)
    row = types.get(type_name)
    if row is not None and row.tag == f"{_XS}complexType":
        return _complex_faults(value, type_name, where)
    words = [each.get("value") for each in row.iter(f"{_XS}enumeration")] if row is not None else []
    if words:
        return [] if value in words else [f"{where}: {value!r} is not one of {words}"]
    return _plain_faults(value, type_name, where)


def _complex_faults(value: Any, type_name: str, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no {type_name}"]
    known = quickbooks_properties(type_name)
    found = []
    for name, inner in value.items():
        if name not in known:
            found.append(f"{where}.{name} is unknown to {type_name}")
            continue
        if known[name].is_list != isinstance(inner, list):
            found.append(f"{where}.{name} is a list in one of the two only")
        for each in inner if isinstance(inner, list) else [inner]:
            found += quickbooks_faults(each, known[name].type, f"{where}.{name}")
    return found


def _reference_faults(value: Any, where: str) -> list[str]:
    """JSON writes a reference's text as ``value``."""
    if not isinstance(value, dict) or set(value) - {"value", "name", "type"} or not value.get("value"):
        return [f"{where}: {value!r} is no reference"]
    return [] if isinstance(value["value"], str) else [f"{where}: the id is no text"]


def _plain_faults(value: Any, type_name: str, where: str) -> list[str]:
    is_right = {
        "id": isinstance(value, str) and bool(_ID.fullmatch(value)),
        "string": isinstance(value, str),
        "date": isinstance(value, str) and _reads(date.fromisoformat, value),
        "decimal": isinstance(value, int | Decimal) and not isinstance(value, bool),
        "boolean": isinstance(value, bool),
    }.get(type_name)
    if is_right is None:
        return [f"{where} is of the type {type_name}, which no request of ours needed so far"]
    return [] if is_right else [f"{where}: {value!r} is no {type_name}"]


def _plain(name: str | None) -> str:
    return (name or "").rpartition(":")[2]
