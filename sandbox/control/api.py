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

PARTS = {
    "The stage": stage_endpoints,
    "Clock, limits, latency": lever_endpoints,
    "Companies": company_endpoints,
    "Webhooks": webhook_endpoints,
    "What happened": witness_endpoints,
}


class Control:
    """The endpoints of one sandbox with the OpenAPI document that describes them."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.parts: dict[str, list[Endpoint]] = {name: made(sandbox) for name, made in PARTS.items()}
        self.parts["What happened"].append(
            Endpoint("GET", "/openapi.json", "This description", self._describe, {"type": "object"})
        )
        self.document = openapi(self.parts)

    def routes(self) -> list[Route]:
        return as_routes([endpoint for endpoints in self.parts.values() for endpoint in endpoints])

    def _describe(self, request: Request, body: JsonBody) -> JsonBody:
        return self.document
