"""The little of JSON Schema in which the control API says what it takes, and by which it checks what it gets.

A schema with a `title` is a component of the OpenAPI document; everywhere else it is written out.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from math import isfinite
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": 4000}
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 100}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
FLAG: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
POSITIVE: Schema = {"type": "number", "exclusiveMinimum": 0}
ANY: Schema = {}

_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "object": ((dict,), "an object"),
    "array": ((list, tuple), "a list"),
    "string": ((str,), "text"),
    "integer": ((int,), "a whole number"),
    "number": ((int, float), "a number"),
    "boolean": ((bool,), "true or false"),
    "null": ((type(None),), "null"),
}


def shape(properties: Mapping[str, Schema], *, title: str = "", required: tuple[str, ...] | None = None) -> Schema:
    """An object with these properties and no others; all of them are required unless `required` names some."""
    found: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    needed = tuple(properties) if required is None else required
    return {**({"title": title} if title else {}), **found, **({"required": [*needed]} if needed else {})}


def table(values: Schema, *, names: Schema | None = None) -> Schema:
    """An object of any names, or of such as `names` allows, whose values are alike."""
    return {"type": "object", "additionalProperties": values, **({"propertyNames": names} if names else {})}


def rows(item: Schema, *, most: int | None = None) -> Schema:
    return {"type": "array", "items": item, **({"maxItems": most} if most else {})}


def one_of(*words: str) -> Schema:
    return {"type": "string", "enum": [*words]}


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    found = dict(schema)
    if "type" in found:
        kinds = found["type"] if isinstance(found["type"], list) else [found["type"]]
        found["type"] = [*kinds, "null"]
    if "enum" in found:
        found["enum"] = [*found["enum"], None]
    return found


def complaint(value: Any, schema: Schema, where: str) -> str | None:
    """What of `value` the schema does not allow, as a sentence that begins with `where`; None if all is well."""
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        return f"{where} must be {' or '.join(_TYPES[kind][1] for kind in kinds)}."
    if value is None:
        return None
    if "enum" in schema and value not in schema["enum"]:
        return f"{where} is one of {', '.join(str(word) for word in schema['enum'] if word is not None)}."
    return next((found for check in _CHECKS if (found := check(value, schema, where))), None)


def _is(value: Any, kind: str) -> bool:
    types, _ = _TYPES[kind]
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, types) and not (isinstance(value, float) and not isfinite(value))


def _number(value: Any, schema: Schema, where: str) -> str | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    if "exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"]:
        return f"{where} must be above {schema['exclusiveMinimum']}."
    if value < schema.get("minimum", value):
        return f"{where} must be {schema['minimum']} or more."
    return f"{where} must be {schema['maximum']} or less." if value > schema.get("maximum", value) else None


def _text(value: Any, schema: Schema, where: str) -> str | None:
    if not isinstance(value, str):
        return None
    if len(value) < schema.get("minLength", 0):
        return f"{where} must not be empty."
    if len(value) > schema.get("maxLength", len(value)):
        return f"{where} must not be longer than {schema['maxLength']} characters."
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return f"{where} must be {schema.get('description', 'of the form ' + schema['pattern'])}."
    if schema.get("format") == "date" and not is_day(value):
        return f"{where} must be a day such as 2026-09-30."
    return None


def is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _list(value: Any, schema: Schema, where: str) -> str | None:
    if not isinstance(value, list | tuple) or "items" not in schema:
        return None
    if len(value) > schema.get("maxItems", len(value)):
        return f"{where} must not have more than {schema['maxItems']} entries."
    found = (complaint(row, schema["items"], f"{where}[{index}]") for index, row in enumerate(value))
    return next(filter(None, found), None)


def _object(value: Any, schema: Schema, where: str) -> str | None:
    if not isinstance(value, dict):
        return None
    missing = [name for name in schema.get("required", ()) if name not in value]
    if missing:
        return f"{where} must have {', '.join(missing)}."
    if "propertyNames" in schema:
        for name in value:
            if found := complaint(name, schema["propertyNames"], f"The name {name[:100]!r} in {where}"):
                return found
    known, others = schema.get("properties", {}), schema.get("additionalProperties", ANY)
    if not known and others == ANY:
        # Free JSON is not looked into, however deep it is.
        return None
    for name, inner in value.items():
        if name not in known and others is False:
            return f"{where} has no {name[:100]}; it knows {', '.join(known) or 'nothing'}."
        # The names of what was sent itself are clear enough alone.
        inside = name[:100] if where == BODY else f"{where}.{name[:100]}"
        found = complaint(inner, known.get(name, others), inside)
        if found:
            return found
    return None


BODY = "The body"
_CHECKS: tuple[Callable[[Any, Schema, str], str | None], ...] = (_number, _text, _list, _object)
