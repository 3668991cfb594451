"""How control endpoints are declared: one table serves the routes and their OpenAPI document."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import VERSION
from sandbox.faults import FaultRuleError
from sandbox.oauth_apps import RedirectRefused

JsonBody = dict[str, Any]


class ControlError(Exception):
    """The request cannot be carried out; the text says why and what would work."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Endpoint(NamedTuple):
    """`handle` gets the request and its JSON body (an empty dictionary if there is none)."""

    method: str
    path: str
    summary: str
    handle: Callable[[Request, JsonBody], Any]
    example: JsonBody | None = None


def as_routes(endpoints: list[Endpoint]) -> list[Route]:
    """Routes for the endpoints and for `/openapi.json`."""
    document = openapi(endpoints)

    async def describe(request: Request) -> Response:
        return JSONResponse(document)

    return [*(_route(endpoint) for endpoint in endpoints), Route("/openapi.json", describe)]


def _route(endpoint: Endpoint) -> Route:
    async def serve(request: Request) -> Response:
        try:
            result = endpoint.handle(request, await _body(request))
        except ControlError as error:
            return JSONResponse({"error": str(error)}, status_code=error.status)
        except (FaultRuleError, RedirectRefused) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse({} if result is None else result)

    return Route(endpoint.path, serve, methods=[endpoint.method])


async def _body(request: Request) -> JsonBody:
    text = await request.body()
    if not text:
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ControlError(400, f"The body is not JSON: {error}.") from error
    if not isinstance(value, dict):
        raise ControlError(400, "The body must be a JSON object.")
    return value


def openapi(endpoints: list[Endpoint]) -> JsonBody:
    paths: dict[str, JsonBody] = {}
    for endpoint in endpoints:
        paths.setdefault(f"/control{endpoint.path}", {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sandbox control", "version": VERSION},
        "paths": paths,
    }


def _operation(endpoint: Endpoint) -> JsonBody:
    names = [part.strip("{}") for part in endpoint.path.split("/") if part.startswith("{")]
    operation: JsonBody = {
        "summary": endpoint.summary,
        "responses": {
            "200": {"description": "Done", "content": {"application/json": {"schema": {"type": "object"}}}},
            "400": {"description": "Not understood; `error` says why"},
            "404": {"description": "No such object; `error` says which"},
        },
    }
    if names:
        operation["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
        ]
    if endpoint.example is not None:
        operation["requestBody"] = {
            "content": {"application/json": {"schema": {"type": "object"}, "example": endpoint.example}}
        }
    return operation
