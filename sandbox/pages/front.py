"""The first page, the page about the control API, and what is shown where there is no page."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.pages.calls import calls_by_part
from sandbox.pages.stage import stage_of
from sandbox.world import Sandbox


class FrontPages:
    """`public_url` is how a person reaches the sandbox, `description` the OpenAPI document of the control API."""

    def __init__(self, sandbox: Sandbox, public_url: str, description: dict[str, Any]) -> None:
        self.sandbox = sandbox
        self.public_url = public_url
        self.calls = calls_by_part(description, public_url)

    def routes(self) -> list[Route]:
        return [Route("/", self.index), Route("/control/", self.control)]

    async def index(self, request: Request) -> Response:
        companies, stage = self.sandbox.companies.all(), stage_of(self.sandbox)
        return self.sandbox.pages.render("index.html", companies=companies, public_url=self.public_url, stage=stage)

    async def control(self, request: Request) -> Response:
        return self.sandbox.pages.render("control.html", parts=self.calls, stage=stage_of(self.sandbox))

    async def nowhere(self, request: Request, error: Exception) -> Response:
        why = "Clients use the addresses on the first page; people find everything from there."
        ways = ("The sandbox", "/"), ("All books", "/books/")
        return self.sandbox.pages.missing("There is no such page", why, *ways)
