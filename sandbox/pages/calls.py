"""The calls of the control API for the page that explains them, read from their own OpenAPI document."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]

_KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "object",
    "null": "null",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`kind` is in words: "text", or the words it may be."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`curl` can be pasted into a shell, once an `{id}` in it is a real one."""

    method: str
    path: str
    summary: str
    fields: tuple[Field, ...]
    curl: str

    @property
    def anchor(self) -> str:
        return f"{self.method}{self.path}".replace("/", "-").replace("{", "").replace("}", "").lower()


def calls_by_part(document: Schema, here: str) -> dict[str, list[Call]]:
    """Each part of the API with its calls, in the order of the document; `here` is how a person reaches it."""
    parts: dict[str, list[Call]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parts[operation["tags"][0]].append(_call(document, here, path, method.upper(), operation))
    return parts


def _call(document: Schema, here: str, path: str, method: str, operation: Schema) -> Call:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Call(
        method=method,
        path=path,
        summary=operation["summary"],
        fields=(*_parameters(operation), *_properties(document, content.get("schema", {}))),
        curl=_curl(f"{here}{path}", method, content.get("example")),
    )


def _parameters(operation: Schema) -> Iterator[Field]:
    for parameter in operation["parameters"]:
        if parameter["in"] == "query":
            yield Field(name=f"?{parameter['name']}=", kind=_kind(parameter["schema"]), required=False)


def _properties(document: Schema, schema: Schema, above: str = "") -> Iterator[Field]:
    """What an object holds, and what its objects hold as "act.kind"."""
    found = _followed(document, schema)
    for name, value in found.get("properties", {}).items():
        inner, path = _followed(document, value), f"{above}{name}"
        yield Field(name=path, kind=_kind(inner), required=name in found.get("required", ()))
        yield from _properties(document, inner, f"{path}.")


def _followed(document: Schema, schema: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    found: Schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return found


def _kind(schema: Schema) -> str:
    if "enum" in schema:
        return ", ".join("null" if word is None else str(word) for word in schema["enum"])
    kinds = schema.get("type", [])
    words = [_KINDS[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    return " or ".join(words) or "anything"


def _curl(address: str, method: str, example: object) -> str:
    verb = "" if method == "GET" or (method == "POST" and example is not None) else f" -X {method}"
    body = "" if example is None else f" -d {shlex.quote(json.dumps(example))}"
    return f"curl{verb} {address}{body}"
