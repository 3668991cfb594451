"""The endpoints below `/control`, in the order in which a test would use them."""

from starlette.requests import Request
from starlette.routing import Route

from sandbox.control.companies import company_endpoints
from sandbox.control.description import openapi
from sandbox.control.levers import lever_endpoints
from sandbox.control.routing import Endpoint, JsonBody, as_routes
from sandbox.control.stage import stage_endpoints
from sandbox.control.webhooks import webhook_endpoints
from sandbox.control.witness import witness_endpoints
from sandbox.world import Sandbox


def routes(sandbox: Sandbox) -> list[Route]:
    document: JsonBody = {}

    def describe(request: Request, body: JsonBody) -> JsonBody:
        return document

    endpoints: list[Endpoint] = [
        *stage_endpoints(sandbox),
        *lever_endpoints(sandbox),
        *company_endpoints(sandbox),
        *webhook_endpoints(sandbox),
        *witness_endpoints(sandbox),
        Endpoint("GET", "/openapi.json", "This description", describe, {"type": "object"}),
    ]
    document.update(openapi(endpoints))
    return as_routes(endpoints)
