"""The endpoints below `/control`, in the order in which a test would use them."""

from starlette.routing import Route

from sandbox.control.companies import company_endpoints
from sandbox.control.routing import Endpoint, as_routes
from sandbox.control.stage import stage_endpoints
from sandbox.control.webhooks import webhook_endpoints
from sandbox.control.witness import witness_endpoints
from sandbox.world import Sandbox


def routes(sandbox: Sandbox) -> list[Route]:
    endpoints: list[Endpoint] = [
        *stage_endpoints(sandbox),
        *company_endpoints(sandbox),
        *webhook_endpoints(sandbox),
        *witness_endpoints(sandbox),
    ]
    return as_routes(endpoints)
