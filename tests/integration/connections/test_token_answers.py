"""Whatever a token endpoint answers, the port hears one of its own errors."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from integrations import registry
from integrations.consent import TokenSet
from integrations.ports import GrantLostError, ProviderError, UnavailableError
from integrations.quickbooks import oauth as quickbooks

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OLD = TokenSet(
    access_token="old",
    refresh_token="old-refresh",
    access_expires_at=NOW,
    refresh_expires_at=NOW,
    hard_expires_at=None,
    scopes=(),
)
GOOD = {"access_token": "new", "refresh_token": "next", "expires_in": 1800, "x_refresh_token_expires_in": 8640000}
BOTH = pytest.mark.parametrize("slug", ["quickbooks", "xero"])

Endpoint = Callable[[int, bytes], list[dict[str, Any]]]


@pytest.fixture
def answers(settings: Any) -> Iterator[Endpoint]:
    """A token endpoint that answers as told; what it was asked, request by request."""
    said: dict[str, Any] = {}
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append({"form": parse_qs(body), "headers": dict(self.headers)})
            self.send_response(said["status"])
            self.send_header("Location", "http://localhost:1/")
            self.send_header("Content-Length", str(len(said["body"])))
            self.end_headers()
            self.wfile.write(said["body"])

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/token"
    settings.XERO_TOKEN_URL = url
    settings.QUICKBOOKS_DISCOVERY_URL = "http://localhost:1/known-already"
    names = ("authorization_endpoint", "token_endpoint", "revocation_endpoint")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quickbooks, "_discovered", lambda _: dict.fromkeys(names, url))

        def answer(status: int, body: bytes) -> list[dict[str, Any]]:
            said.update(status=status, body=body)
            return asked

        yield answer
    server.shutdown()
    server.server_close()


@BOTH
def test_a_refresh_is_one_form_with_the_apps_own_name(answers: Endpoint, slug: str) -> None:
    asked = answers(200, json.dumps(GOOD).encode())

    fresh = registry.consenter(slug).refresh(OLD, now=NOW)

    assert (fresh.access_token, fresh.refresh_token) == ("new", "next")
    assert (fresh.access_expires_at - NOW).total_seconds() == 1800
    (request,) = asked
    assert request["form"] == {"grant_type": ["refresh_token"], "refresh_token": ["old-refresh"]}
    assert request["headers"]["Authorization"].startswith("Basic ")
    assert request["headers"]["Accept"] == "application/json"
    assert (slug == "quickbooks") == (request["headers"].get("x-include-refresh-token-hard-expires-in") == "true")


@BOTH
@pytest.mark.parametrize(
    ("status", "body", "error", "code"),
    [
        (400, b'{"error": "invalid_grant"}', GrantLostError, "CON-01"),
        (401, b'{"error": "invalid_client"}', UnavailableError, ""),
        (302, b"", UnavailableError, ""),
        (429, b"slow down", UnavailableError, ""),
        (503, b"<html>away</html>", UnavailableError, ""),
        (200, b"<html>login</html>", UnavailableError, ""),
        (200, b"[]", UnavailableError, ""),
        (200, b'{"error": "invalid_grant"}', UnavailableError, ""),
        (200, json.dumps({**GOOD, "refresh_token": None, "error": "odd"}).encode(), UnavailableError, ""),
        (
            200,
            json.dumps({"access_token": "new", "expires_in": 1800}).encode(),
            UnavailableError,
            "",
        ),
        (200, json.dumps({**GOOD, "expires_in": "soon"}).encode(), UnavailableError, ""),
    ],
)
def test_every_other_answer_has_its_error(
    answers: Endpoint, slug: str, status: int, body: bytes, error: type[ProviderError], code: str
) -> None:
    answers(status, body)

    with pytest.raises(ProviderError) as raised:
        registry.consenter(slug).refresh(OLD, now=NOW)

    assert type(raised.value) is error
    assert getattr(raised.value, "code", "") == code


def test_intuits_word_for_a_person_who_left_the_company(answers: Endpoint) -> None:
    answers(400, b'{"error": "invalid_grant", "x_error_reason": "user_not_in_realm"}')

    with pytest.raises(GrantLostError) as raised:
        registry.consenter("quickbooks").refresh(OLD, now=NOW)

    assert raised.value.code == "CON-02"


@BOTH
def test_nobody_there(settings: Any, answers: Endpoint, slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = "http://127.0.0.1:1/token"
    settings.XERO_TOKEN_URL = nowhere
    monkeypatch.setattr(quickbooks, "_endpoints", lambda: {"token_endpoint": nowhere})

    with pytest.raises(UnavailableError):
        registry.consenter(slug).refresh(OLD, now=NOW)
