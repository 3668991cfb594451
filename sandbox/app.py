"""Composition: what is served where."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.control.api import Control
from sandbox.exchange import HalfRequests
from sandbox.pages import HERE
from sandbox.pages.books import BooksPages
from sandbox.pages.calls import calls_by_part
from sandbox.pages.stage import stage_of
from sandbox.quickbooks.provider import QuickBooks
from sandbox.settings import Settings
from sandbox.world import Sandbox
from sandbox.xero.provider import Xero


def build(settings: Settings) -> Starlette:
    """The whole sandbox as one ASGI application, with its first companies in place."""
    sandbox = Sandbox(settings)
    for provider in (QuickBooks(sandbox), Xero(sandbox)):
        sandbox.add_provider(provider)
    sandbox.prepare()

    control = Control(sandbox)
    calls = calls_by_part(control.document, settings.public_url)

    async def index(request: Request) -> Response:
        return sandbox.pages.render(
            "index.html", companies=sandbox.companies.all(), public_url=settings.public_url, stage=stage_of(sandbox)
        )

    async def controls(request: Request) -> Response:
        return sandbox.pages.render("control.html", parts=calls, stage=stage_of(sandbox))

    async def nowhere(request: Request, error: Exception) -> Response:
        why = "Clients use the addresses on the first page; people find everything from there."
        return sandbox.pages.missing("There is no such page", why, ("The sandbox", "/"), ("All books", "/books/"))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with sandbox.webhooks.running():
            yield
        sandbox.store.close()

    return Starlette(
        routes=[
            Route("/", index),
            Route("/control/", controls),
            Mount("/control", routes=control.routes()),
            Mount("/books", routes=BooksPages(sandbox).routes()),
            Mount("/static", app=StaticFiles(directory=HERE / "static")),
            *(Mount(f"/{name}", app=provider.app) for name, provider in sandbox.providers.items()),
        ],
        middleware=[Middleware(HalfRequests)],
        exception_handlers={404: nowhere},
        lifespan=lifespan,
    )
