"""The API's other form: requests and answers in XML, which older clients and the vendor's own SDKs speak.

References and memos are elements with text, lists are repeated elements, and what says how an object stands to the
rest (domain, sparse, a batch's bId, a page's figures) are attributes.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.sax.saxutils import escape, quoteattr

from sandbox import wire
from sandbox.quickbooks.extensions import extension
from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.shapes import TYPES
from sandbox.wire import Body

MEDIA_TYPES = ("application/xml", "text/xml")
NAMESPACE = "http://schema.intuit.com/finance/v3"
BATCH = "IntuitBatchRequest"
DEEPEST = 20
# Which members of an object are attributes of its element; for all others, those of every entity.
ATTRIBUTES = {
    "QueryResponse": ("startPosition", "maxResults", "totalCount"),
    "BatchItemResponse": ("bId",),
    "Fault": ("type",),
    "Error": ("code", "element"),
}
IN_REPORTS = {"Row": ("type", "group"), "ColData": ("value", "id", "href")}
XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
DEFINITIONS = ("CustomField", "POCustomField")
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
# Where the members of an object stand that the table of types leaves out.
SEQUENCES = {
    "Preferences": (
        "Id", "SyncToken", "MetaData", "AccountingInfoPrefs", "ProductAndServicesPrefs", "SalesFormsPrefs",
        "EmailMessagesPrefs", "VendorAndPurchasesPrefs", "TimeTrackingPrefs", "TaxPrefs", "CurrencyPrefs",
        "ReportPrefs", "OtherPrefs",
    ),
    "CustomField": ("DefinitionId", "Name", "Type", "StringValue"),
}  # fmt: skip
OF_ENTITIES = ("domain", "sparse", "status")
_REFERENCE = {"value", "name", "type"}
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TO_BE_ESCAPED = re.compile(r"[&<>\"\x00-\x1f\ud800-\udfff\ufffe\uffff]")


class UnreadableXmlError(ValueError):
    """The body is not XML, holds more than data, or is another object than the address says."""


def wanted(headers: dict[str, str]) -> bool:
    """Whether the client is answered in XML: it asks for it, or says nothing."""
    accept = headers.get("accept", "").lower()
    if "json" in accept:
        return False
    return not accept or "xml" in accept or is_xml(headers)


def is_xml(headers: dict[str, str]) -> bool:
    return headers.get("content-type", "").lower().startswith(MEDIA_TYPES)


def load(raw: bytes, entity: str) -> Body:
    """The object of an entity, or a batch, as JSON would hold it. Raises UnreadableXmlError."""
    try:
        text = raw.decode("utf-8-sig")
        if "<!" in text:
            raise UnreadableXmlError("declarations are not allowed")
        root = fromstring(text)  # noqa: S314  without declarations there is nothing to expand
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableXmlError(str(error)) from error
    if _local(root) != entity:
        raise UnreadableXmlError(f"{_local(root)} is no {entity}")
    if entity == BATCH:
        return {"BatchItemRequest": [_batch_item(child) for child in root]}
    return _object(root, entity, DEEPEST)


def dump(text: bytes) -> bytes:
    """An answer's JSON as the same answer in XML."""
    body = wire.loads(text)
    moment = body.pop("time", None)
    time = f" time={quoteattr(str(moment))}" if moment else ""
    inner = "".join(part for name, value in body.items() for part in _element(name, value))
    return f'{XML_HEAD}<IntuitResponse xmlns="{NAMESPACE}"{time}>{inner}</IntuitResponse>'.encode()


def dump_report(text: bytes) -> bytes:
    """A report in XML: rows and cells say what they are in attributes."""
    inner = "".join(part for name, value in wire.loads(text).items() for part in _reported(name, value))
    return f'{XML_HEAD}<Report xmlns="{NAMESPACE}">{inner}</Report>'.encode()


def _reported(name: str, value: Any) -> Iterator[str]:
    if name == "ColData" and isinstance(value, list):
        # Nearly all of a report is cells, and a cell is nothing but attributes.
        yield "".join(f"<ColData{''.join(map(_attribute, each, each.values()))}/>" for each in value)
    elif isinstance(value, list):
        for each in value:
            yield from _reported(name, each)
    elif isinstance(value, dict):
        own = IN_REPORTS.get(name, ())
        marks = {key: str(value[key]) for key in own if key in value}
        inner = "".join(part for key, held in value.items() if key not in own for part in _reported(key, held))
        yield _written(name, marks, inner)
    else:
        yield _written(name, {}, _text(value))


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _batch_item(element: Element) -> Body:
    item: Body = dict(element.attrib)
    for child in element:
        name = _local(child)
        known = KINDS.get(name.lower())
        if known is None and len(child):
            item[name] = {_local(part): part.text or "" for part in child}
        else:
            item[name] = _object(child, known.entity, DEEPEST) if known else child.text or ""
    return item


def _object(element: Element, kind: str, depth: int) -> Body:
    if not depth:
        raise UnreadableXmlError("the elements lie too deep")
    known = TYPES.get(kind, {})
    found: Body = {name: value for name, value in element.attrib.items() if name in OF_ENTITIES}
    for child in element:
        name = _local(child)
        inner = known.get(name, "string")
        if isinstance(inner, list):
            found.setdefault(name, []).append(_value(child, inner[0], depth - 1))
        elif inner == "any" and name.endswith("Ex"):
            held = [[part.text or "" for part in pair] for pair in child]
            found[name] = extension(**{pair[0]: pair[1] for pair in held if len(pair) > 1})
        elif inner == "any":
            found.setdefault(name, []).append({_local(part): part.text for part in child})
        else:
            found[name] = _value(child, inner, depth - 1)
    return found


def _value(element: Element, kind: str, depth: int) -> Any:
    if kind == "Ref":
        return {
            "value": element.text or "",
            **{key: element.attrib[key] for key in ("name", "type") if key in element.attrib},
        }
    if kind == "MemoRef":
        return {"value": element.text or ""}
    return _object(element, kind, depth) if kind in TYPES else element.text or ""


def _element(name: str, value: Any, kind: str = "") -> Iterator[str]:
    """`kind` is the type of a member by its holder's schema; what is no member is of the type it is named after."""
    if isinstance(value, list):
        for each in value:
            yield from _element(name, each, kind)
    elif name == "Report":
        yield from _reported(name, value)
    elif isinstance(value, dict):
        yield _held(name, value, kind)
    elif value is not None:
        yield _written(name, {}, _text(value))


def _held(name: str, value: Body, kind: str) -> str:
    """An object: a list of names and values, a reference, or an element with members."""
    if name.endswith("Ex") and isinstance(value.get("any"), list):
        pairs = (part for each in value["any"] for part in _element("NameValue", each["value"]))
        return _written(name, {}, "".join(pairs))
    if "value" in value and value.keys() <= _REFERENCE:
        named: dict[str, str] = {key: value[key] for key in ("name", "type") if key in value}
        return _written(name, named, _text(value["value"]))
    own = ATTRIBUTES.get(name) or (OF_ENTITIES if "domain" in value else ())
    marks: dict[str, str] = {key: _plain(value[key]) for key in own if value.get(key) is not None}
    if name in DEFINITIONS and isinstance(value.get("CustomField"), list):
        marks |= _definition(value["CustomField"])
    members = (member for member in _in_order(kind or name, value) if member[0] not in own)
    return _written(name, marks, "".join(part for member in members for part in _element(*member)))


def _definition(fields: list[Body]) -> dict[str, str]:
    """Definitions of fields are of an abstract type: the element says which one it is."""
    kind = str(fields[0]["Type"]) if fields else "StringType"
    return {"xmlns:xsi": INSTANCE, "xsi:type": f"{kind}CustomFieldDefinition"}


def _in_order(kind: str, value: Body) -> list[tuple[str, Any, str]]:
    """Members as the schema has them one after the other, with the type of each; what it does not know comes last."""
    places, types = _sequence(kind)
    found = sorted(value.items(), key=lambda member: places.get(member[0], len(places)))
    return [(name, held, types.get(name, "")) for name, held in found]


@cache
def _sequence(kind: str) -> tuple[dict[str, int], dict[str, str]]:
    known = TYPES.get(kind) or dict.fromkeys(SEQUENCES.get(kind, ()), "")
    types = {name: held if isinstance(held, str) else held[0] for name, held in known.items()}
    return {name: place for place, name in enumerate(known)}, types


def _attribute(key: str, held: str) -> str:
    if not _TO_BE_ESCAPED.search(held):
        return f' {key}="{held}"'
    return f" {key}={quoteattr(_UNPRINTABLE.sub('?', held))}"


def _written(name: str, marks: dict[str, str], inner: str) -> str:
    attributes = "".join(map(_attribute, marks, marks.values()))
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


def _text(value: Any) -> str:
    return escape(_UNPRINTABLE.sub("?", _plain(value)))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
