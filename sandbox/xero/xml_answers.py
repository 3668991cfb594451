"""The same answers in XML: what the vendor sends to whoever does not ask for JSON.

Made from the JSON answer, so that both always say the same. In XML lists name their elements, dates are ISO without a
companion as text, what is empty is left out of good answers, the fate of an element stands in its attribute `status`,
and refused elements are called `DataContractBase` and carry their kind in `xsi:type`.
"""

import contextlib
import re
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from sandbox.exchange import Answer
from sandbox.wire import Body, loads
from sandbox.xero.dates import EPOCH

MEDIA_TYPE = "text/xml; charset=utf-8"
NAMESPACES = 'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_SINGULARS = {
    "Addresses": "Address",
    "InvoiceAddresses": "InvoiceAddress",
    "Tracking": "TrackingCategory",
}
_FINDINGS = ("ValidationErrors", "Warnings")
# What only JSON has (XML says it by an attribute or not at all), and what is written before the rest.
_HIDDEN_BARE = frozenset({"HasValidationErrors", "StatusAttributeString", *_FINDINGS})
_HIDDEN = _HIDDEN_BARE | {"HasErrors"}
# A refused element is repeated as it came: what cannot be the name of an element is left out.
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_MOMENT = re.compile(r"^/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/$")
# What no XML document may hold, not even escaped.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@lru_cache(maxsize=256)
def wants_json(accept: str) -> bool:
    """Whether an `Accept` asks for JSON: by its name, and not after XML. `*/*` and none at all get XML, as at the
    vendor's."""
    found: dict[str, float] = {}
    for part in accept.lower().split(","):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        for name in ("json", "xml"):
            if kind.endswith(name):
                found[name] = max(found.get(name, 0.0), _quality(parameters))
    return found.get("json", 0.0) > 0 and found["json"] >= found.get("xml", 0.0)


def _quality(parameters: list[str]) -> float:
    given = next((text[2:] for text in parameters if text.startswith("q=")), "1")
    return float(given) if re.fullmatch(r"\d(\.\d{0,3})?", given) else 1.0


def in_xml(answer: Answer, kind: str) -> Answer:
    """The answer in XML; `kind` is the plural its refused elements belong to. Headers stay."""
    body = loads(answer.body)
    refused = "ErrorNumber" in body
    name = "ApiException" if refused else "Response"
    lines: list[str] = []
    _write(lines, name, _of_errors(body, kind) if refused else body, 0, bare=not refused, attributes=f" {NAMESPACES}")
    return Answer(
        status=answer.status, body="\n".join(lines).encode(), media_type=MEDIA_TYPE, headers=dict(answer.headers)
    )


def _of_errors(body: Body, kind: str) -> Body:
    """Refused elements always show what was found, also when that is nothing."""
    rows = [{"ValidationErrors": [], "Warnings": [], **row} for row in body.get("Elements", [])]
    return {**body, "Elements": _Elements(rows, _singular(kind))} if "Elements" in body else body


class _Elements(list[Body]):
    """The elements of a fault, all of one kind."""

    def __init__(self, rows: list[Body], kind: str) -> None:
        super().__init__(rows)
        self.kind = kind


def _write(lines: list[str], name: str, value: Any, depth: int, *, bare: bool, attributes: str = "") -> None:
    """Add the lines of one element; `bare` leaves out what is empty below it."""
    margin = "  " * depth
    if isinstance(value, dict | list):
        start = len(lines)
        lines.append(f"{margin}<{name}{attributes}>")
        if isinstance(value, dict):
            _write_fields(lines, value, depth + 1, bare=bare)
        else:
            _write_rows(lines, name, value, depth + 1, bare=bare)
        if len(lines) == start + 1:
            lines[start] = f"{margin}<{name}{attributes} />"
        else:
            lines.append(f"{margin}</{name}>")
    else:
        text = _text(name, value)
        lines.append(f"{margin}<{name}>{text}</{name}>" if text else f"{margin}<{name} />")


def _write_fields(lines: list[str], fields: Body, depth: int, *, bare: bool) -> None:
    fields = {name: value for name, value in fields.items() if _NAME.fullmatch(name)}
    for name in _FINDINGS:
        if name in fields and (fields[name] or not bare):
            _write(lines, name, fields[name], depth, bare=bare)
    hidden = _HIDDEN_BARE if bare else _HIDDEN
    for name, value in fields.items():
        if value is None or (bare and value in ("", [], {})):
            continue
        if name not in hidden and not _is_companion(name, fields):
            _write(lines, name, value, depth, bare=bare)


def _write_rows(lines: list[str], name: str, rows: list[Any], depth: int, *, bare: bool) -> None:
    if isinstance(rows, _Elements):
        for row in rows:
            _write(lines, "DataContractBase", row, depth, bare=bare, attributes=f' xsi:type="{rows.kind}"')
        return
    one = _singular(name)
    for row in rows:
        fate = row.get("StatusAttributeString") if isinstance(row, dict) else None
        _write(lines, one, row, depth, bare=bare, attributes=f" status={quoteattr(str(fate))}" if fate else "")


def _is_companion(name: str, fields: Body) -> bool:
    """`DateString` beside `Date`, and its like."""
    return name.endswith("String") and name.removesuffix("String") in fields


@lru_cache(maxsize=256)
def _singular(plural: str) -> str:
    if plural in _SINGULARS:
        return _SINGULARS[plural]
    return f"{plural[:-3]}y" if plural.endswith("ies") else plural.removesuffix("s")


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = str(value)
    if "Date" in name and (match := _MOMENT.match(text)):
        with contextlib.suppress(OverflowError):
            return _iso(name, int(match[1]))
    return escape(_UNPRINTABLE.sub("", text))


def _iso(name: str, milliseconds: int) -> str:
    moment = EPOCH + timedelta(milliseconds=milliseconds)
    if name == "DateTimeUTC":
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06}0Z"
    fraction = f".{moment.microsecond // 1000:03}".rstrip("0").rstrip(".")
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}"
