"""How control endpoints are declared: one table serves the routes, their checks and their OpenAPI document."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import FaultRuleError
from sandbox.json_shapes import ANY, BODY, Schema, complaint, shape
from sandbox.oauth_apps import RedirectRefused

JsonBody = dict[str, Any]

LARGEST_BODY = 1024 * 1024
NOTHING = shape({})


class ControlError(Exception):
    """The request cannot be carried out; the text says why and what would work."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Endpoint(NamedTuple):
    """`handle` gets the request and its JSON body (an empty dictionary if there is none), both checked before:
    the body against `takes`, the parameters of the query against `asks`, whose numbers are written as text."""

    method: str
    path: str
    summary: str
    handle: Callable[[Request, JsonBody], Any]
    gives: Schema = NOTHING
    takes: Schema | None = None
    example: JsonBody | None = None
    asks: Mapping[str, Schema] = {}


def as_routes(endpoints: list[Endpoint]) -> list[Route]:
    """Routes for the endpoints; whatever else is asked for is refused in JSON too."""
    routes = [_route(endpoint) for endpoint in endpoints]

    async def refuse(request: Request) -> Response:
        path = request.url.path.removeprefix("/control")
        allowed = sorted({method for route in routes if route.path_regex.match(path) for method in route.methods or ()})
        if allowed:
            words = f"{path} answers {', '.join(allowed)} and not {request.method}."
            return JSONResponse({"error": words}, status_code=405, headers={"Allow": ", ".join(allowed)})
        words = f"There is no /control{path[:200]}. /control/openapi.json lists what there is."
        return JSONResponse({"error": words}, status_code=404)

    methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    return [*routes, Route("/{rest:path}", refuse, methods=methods)]


def _route(endpoint: Endpoint) -> Route:
    async def serve(request: Request) -> Response:
        try:
            _check_query(request, endpoint)
            result = endpoint.handle(request, await _body(request, endpoint.takes))
        except ControlError as error:
            return JSONResponse({"error": str(error)}, status_code=error.status)
        except (FaultRuleError, RedirectRefused) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse({} if result is None else result)

    return Route(endpoint.path, serve, methods=[endpoint.method])


def _check_query(request: Request, endpoint: Endpoint) -> None:
    for name, text in request.query_params.items():
        schema = endpoint.asks.get(name)
        if schema is None:
            known = ", ".join(endpoint.asks)
            raise ControlError(400, f"There is no parameter {name[:100]}; {f'there is {known}' if known else 'none'}.")
        number = schema.get("type") == "integer" and text.isascii() and text.isdecimal() and len(text) < 20
        trouble = complaint(int(text) if number else text, schema, name)
        if trouble:
            raise ControlError(400, trouble)


async def _body(request: Request, takes: Schema | None) -> JsonBody:
    value = _parsed(await _read(request))
    if not isinstance(value, dict):
        raise ControlError(400, f"{BODY} must be a JSON object.")
    if takes is None and value:
        raise ControlError(400, "This call takes no body.")
    trouble = complaint(value, takes or ANY, BODY)
    if trouble:
        raise ControlError(400, trouble)
    return value


async def _read(request: Request) -> bytes:
    """The body to its end, of which no more is kept than there may be."""
    kept = bytearray()
    length = 0
    async for chunk in request.stream():
        length += len(chunk)
        kept += chunk if length <= LARGEST_BODY else b""
    if length > LARGEST_BODY:
        raise ControlError(413, f"The body is larger than {LARGEST_BODY} bytes.")
    return bytes(kept)


def _parsed(text: bytes) -> Any:
    if not text.strip():
        return {}
    try:
        value = json.loads(text, parse_constant=_no_number)
        # Half of a surrogate pair is JSON and yet nothing that could be stored.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise ControlError(400, f"{BODY} is not JSON: {error}.") from error
    return value


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")
