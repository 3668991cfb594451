"""A real browser before a real server over the real database, as the application sees it."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from sync.tick import Tick
from tests.books import point_at
from tests.chaos.workers import a_worker
from tests.firms import Firm, a_firm, signed_in
from tests.sandbox.running import Running, started


@pytest.fixture(scope="session", autouse=True)
def allow_orm_beside_the_browser() -> Iterator[None]:
    # Playwright's event loop runs in the test's thread, where Django would refuse the builders' queries.
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    yield
    patch.undo()


@pytest.fixture(scope="session")
def base_url() -> str:
    """In place of pytest-base-url's, which this pytest warns about; journeys name their addresses in full."""
    return ""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium where there is one, else the one Playwright brought."""
    path = os.environ.get("RIVET_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return {**browser_type_launch_args, **({"executable_path": path} if path else {})}


@pytest.fixture
def complaints(context: BrowserContext) -> Iterator[list[str]]:
    """What the browser's console said: a journey must leave it silent."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "tabler.min.css" not in message.location["url"]:
            heard.append(f"{message.text} ({message.location['url']})")

    context.on("console", hear)
    context.on("weberror", lambda error: heard.append(str(error.error)))
    yield heard
    assert heard == []


@pytest.fixture
def firm(transactional_db: None) -> Firm:
    return a_firm()


@pytest.fixture
def page_of_alice(page: Page, live_server: LiveServer, firm: Firm, complaints: list[str]) -> Page:
    """A window in which Alice has signed in, at her firm's home."""
    return _at_home(page, live_server.url, firm)


@pytest.fixture
def plain_page(browser: Browser, live_server: LiveServer, firm: Firm) -> Iterator[Page]:
    """The same in a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield _at_home(context.new_page(), live_server.url, firm)
    context.close()


def _at_home(page: Page, url: str, firm: Firm) -> Page:
    """By the cookie alone: the form has its own test, and costs more than most of what follows it."""
    page.set_default_timeout(10_000)
    cookie = signed_in(firm.owner).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])
    page.goto(f"{url}/t/{firm.tenant.slug}/")
    return page


@pytest.fixture
def rivet(live_server: LiveServer, settings: Any) -> Iterator[str]:
    """Rivet's address, with everything behind it: sandbox, worker and tick in the fast profile."""
    url = live_server.url.replace("127.0.0.1", "localhost")
    callbacks = ",".join(f"{url}/oauth/{provider}/callback/" for provider in ("quickbooks", "xero"))
    with started("--memory", SANDBOX_REDIRECT_URIS=callbacks) as sandbox:
        sandbox.control("PUT", "/limits", {"enabled": True, "scale": 20})
        settings.RIVET_PROFILE = "fast"
        settings.RIVET_BASE_URL = url
        settings.CSRF_TRUSTED_ORIGINS = [url]
        form_action = [*settings.SECURE_CSP["form-action"], sandbox.url]
        settings.SECURE_CSP = {**settings.SECURE_CSP, "form-action": form_action}
        point_at(sandbox, settings)
        tick = Tick()
        tick.start()
        try:
            with a_worker():
                yield url
        finally:
            tick.stop()


@pytest.fixture
def sandbox_of(rivet: str, settings: Any) -> Running:
    """The sandbox this Rivet talks to."""
    return Running(settings.SANDBOX_PUBLIC_URL)
