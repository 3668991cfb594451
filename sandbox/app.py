"""Composition: what is served where."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from sandbox.control.api import Control
from sandbox.exchange import HalfRequests
from sandbox.pages import HERE
from sandbox.pages.books import BooksPages
from sandbox.pages.front import FrontPages
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
    front = FrontPages(sandbox, settings.public_url, control.document)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with sandbox.webhooks.running():
            yield
        sandbox.store.close()

    return Starlette(
        routes=[
            *front.routes(),
            Mount("/control", routes=control.routes()),
            Mount("/books", routes=BooksPages(sandbox).routes()),
            Mount("/static", app=StaticFiles(directory=HERE / "static")),
            *(Mount(f"/{name}", app=provider.app) for name, provider in sandbox.providers.items()),
        ],
        middleware=[Middleware(HalfRequests)],
        exception_handlers={404: front.nowhere},
        lifespan=lifespan,
    )
