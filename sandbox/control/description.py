"""The control API as an OpenAPI document, made from the table of its endpoints."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox import VERSION
from sandbox.control.routing import Endpoint, JsonBody
from sandbox.json_shapes import TEXT, Schema, shape

ERROR = shape({"error": TEXT}, title="Error")
_REFUSALS = {
    "400": "Not understood; `error` says what would be",
    "404": "No such object; `error` says which",
    "413": "The body is too large",
}


def openapi(parts: Mapping[str, list[Endpoint]]) -> JsonBody:
    """OpenAPI 3.1 of the endpoints, tagged by their part. Schemas with a title become components."""
    components: dict[str, Schema] = {}
    paths: dict[str, JsonBody] = {}
    for tag, endpoint in ((name, endpoint) for name, endpoints in parts.items() for endpoint in endpoints):
        operation = _operation(endpoint, tag)
        paths.setdefault(f"/control{endpoint.path}", {})[endpoint.method.lower()] = _named(operation, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sandbox control",
            "version": VERSION,
            "description": "Sets the stage for a test, and tells afterwards what really happened.",
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in parts],
        "paths": paths,
        "components": {"schemas": components},
    }


def _operation(endpoint: Endpoint, tag: str) -> JsonBody:
    names = re.findall(r"{(\w+)}", endpoint.path)
    words = [endpoint.method, *re.findall(r"[a-z]+", endpoint.path)]
    operation: JsonBody = {
        "operationId": "_".join(words).lower(),
        "tags": [tag],
        "summary": endpoint.summary,
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names),
            *({"name": name, "in": "query", "schema": schema} for name, schema in endpoint.asks.items()),
        ],
        "responses": {"200": {"description": "Done", "content": _json(endpoint.gives)}},
    }
    for status, words_ in _REFUSALS.items():
        if status != "404" or names:
            operation["responses"][status] = {"description": words_, "content": _json(ERROR)}
    if endpoint.takes is not None:
        content = _json(endpoint.takes)
        if endpoint.example is not None:
            content["application/json"]["example"] = endpoint.example
        operation["requestBody"] = {"required": bool(endpoint.takes.get("required")), "content": content}
    return operation


def _json(schema: Schema) -> JsonBody:
    return {"application/json": {"schema": schema}}


def _named(value: Any, components: dict[str, Schema]) -> Any:
    """The same with a reference in place of each schema that has a title."""
    if isinstance(value, list):
        return [_named(each, components) for each in value]
    if not isinstance(value, dict):
        return value
    title = value.get("title") if value.get("type") == "object" else None
    if isinstance(title, str):
        if title not in components:
            components[title] = {}
            components[title] = {name: _named(inner, components) for name, inner in value.items()}
        return {"$ref": f"#/components/schemas/{title}"}
    return {name: _named(inner, components) for name, inner in value.items()}
