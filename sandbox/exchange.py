"""One request and its answer, with faults, latency, counting and the transaction around the handler."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import wire
from sandbox.faults import Act

if TYPE_CHECKING:
    from sandbox.world import Sandbox

log = logging.getLogger("sandbox")

# What a mistake in a handler raises.
BUGS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    sqlite3.Error,
)
UNKNOWN = "unknown"
# Bytes of what is posted to a token endpoint.
LARGEST_FORM = 256 * 1024
# Seconds.
PATIENCE = 1.0
HTML_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"


@dataclass(slots=True, kw_only=True)
class Call:
    """A request as handlers see it. Header names are lower case; `key` names the client's document for the
    counters and may be filled in by `describe` once the body is known."""

    provider: str
    company: str | None
    operation: str
    entity: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    key: str | None = None
    # The body was longer than any that is taken: nothing of it was kept.
    too_long: bool = False
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Answer:
    """A response before it is sent."""

    status: int = 200
    body: bytes = b""
    media_type: str | None = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """Raised by a handler: roll back whatever was saved and answer this."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


Handler = Callable[[Call], Answer]


class Voice(Protocol):
    """How a provider says things: what the shared wrapper cannot know."""

    def fault(self, call: Call, act: Act) -> Answer:
        """The vendor's answer for a `rate_limit`, `expired_token`, `invalid_grant` or `code` act."""

    def disguise(self, call: Call, answer: Answer) -> Answer:
        """The same answer with a value nobody knows in an enumerated field."""

    def crash(self, call: Call) -> Answer:
        """The vendor's "internal error", for a fault in the sandbox itself."""


async def read_call(scope: Scope, receive: Receive, *, most: int, **known: Any) -> Call:
    """The request read to its end, or until its body is longer than `most` bytes: it is then `too_long` and has none.
    `known`: provider, company, operation, entity.

    Raises ClientDisconnect when the client went away in the middle: half a request is no request, and must neither be
    carried out nor be remembered under its idempotency key.
    """
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    chunks: list[bytes] = []
    length = headers.get("content-length", "")
    left = most - int(length) if length.isdecimal() and int(length) > most else most
    while left >= 0:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        left -= len(chunk)
        chunks.append(chunk)
        if not message.get("more_body"):
            break
    text = scope["query_string"].decode("latin-1")
    return Call(
        method=scope["method"],
        path=scope["path"],
        query=dict(parse_qsl(text, keep_blank_values=True)) if text else {},
        headers=headers,
        body=b"".join(chunks) if left >= 0 else b"",
        too_long=left < 0,
        **known,
    )


class HalfRequests:
    """Around the whole application: a client that left before its request was complete gets no answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except ClientDisconnect:
            log.info("a client left in the middle of its request")


async def carry_out(
    sandbox: "Sandbox", call: Call, handler: Handler, voice: Voice, scope: Scope, receive: Receive, send: Send
) -> None:
    """Count the request, run the handler in one transaction, apply the fault that strikes, answer."""
    # Whoever invents names must not fill the memory: a company that nobody made counts as none.
    owner = call.company if call.company and sandbox.companies.get(call.company) else ""
    operation = call.operation if call.operation in sandbox.providers[call.provider].operations else UNKNOWN
    sandbox.counters.record_request(owner, operation, call.entity, call.key if owner else None)
    act = sandbox.faults.decide(call.provider, call.company, call.operation, call.entity)
    if act is None:
        answer = _run(sandbox, call, handler, voice)
    else:
        sandbox.counters.record_event(
            "fault", call.company, operation=call.operation, entity=call.entity, act=act.kind, when=act.when
        )
        struck = await _strike(sandbox, call, act, handler, voice, scope, receive, send)
        if struck is None:
            sandbox.counters.record_answer(owner, 0)
            return
        answer = struck
    pause = sandbox.latency.seconds()
    if pause:
        await asyncio.sleep(pause)
    sandbox.counters.record_answer(owner, answer.status)
    if call.too_long:
        await _send_and_close(answer, receive, send)
    else:
        await send_answer(answer, send)


def _run(sandbox: "Sandbox", call: Call, handler: Handler, voice: Voice) -> Answer:
    try:
        with sandbox.store.transaction():
            return handler(call)
    except Refusal as refusal:
        return refusal.answer
    # The one boundary: a bug of ours must look like the vendor's "internal error", never like a stack trace.
    except BUGS:
        log.exception("%s %s failed inside the sandbox", call.method, call.path)
        return voice.crash(call)


async def _strike(
    sandbox: "Sandbox",
    call: Call,
    act: Act,
    handler: Handler,
    voice: Voice,
    scope: Scope,
    receive: Receive,
    send: Send,
) -> Answer | None:
    """The answer to send, or None when the connection is already dealt with."""
    shaping = act.kind in ("half_body", "drip", "unknown_enum")
    if act.when == "before" and not shaping:
        if act.kind == "delay":
            await asyncio.sleep(act.seconds)
            return _run(sandbox, call, handler, voice)
        return await _instead(call, act, voice, scope, receive)
    answer = _run(sandbox, call, handler, voice)
    if act.kind == "delay":
        await asyncio.sleep(act.seconds)
        return answer
    if act.kind == "unknown_enum":
        return voice.disguise(call, answer)
    if shaping:
        await _send_slowly(answer, act, scope, receive, send)
        return None
    return await _instead(call, act, voice, scope, receive)


async def _instead(call: Call, act: Act, voice: Voice, scope: Scope, receive: Receive) -> Answer | None:
    if act.kind == "drop":
        await hang_up(scope, receive)
        return None
    if act.kind == "html":
        return Answer(status=act.status or 502, body=HTML_PAGE, media_type="text/html")
    if act.kind == "status":
        return _plain(act)
    return voice.fault(call, act)


def _plain(act: Act) -> Answer:
    text = act.body if isinstance(act.body, str) else wire.dumps(act.body) if act.body is not None else ""
    media_type = "text/plain" if isinstance(act.body, str) else "application/json"
    headers = dict(act.headers)
    own = next((headers.pop(name) for name in act.headers if name.lower() == "content-type"), None)
    return Answer(status=act.status or 500, body=text.encode(), media_type=own or media_type, headers=headers)


async def _send_slowly(answer: Answer, act: Act, scope: Scope, receive: Receive, send: Send) -> None:
    await send(_start(answer))
    if act.kind == "half_body":
        await send({"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True})
        # Let the half reach the client before the connection goes.
        await asyncio.sleep(0.02)
        await hang_up(scope, receive)
        return
    for byte in answer.body:
        await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
        await asyncio.sleep(act.seconds or 1.0)
    await send({"type": "http.response.body", "body": b""})


async def _send_and_close(answer: Answer, receive: Receive, send: Send) -> None:
    """Answer, and end the connection. What the client still sends is read past for a moment: a connection that is
    closed over unread bytes takes the answer with it."""
    answer.headers["Connection"] = "close"
    await send(_start(answer))
    await send({"type": "http.response.body", "body": answer.body, "more_body": True})
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while (await receive()).get("more_body"):
                pass
    await send({"type": "http.response.body", "body": b""})


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Close the TCP connection at once, without (the rest of) an answer."""
    scope["extensions"]["sandbox.abort"]["abort"]()
    # The server must see the disconnection before the application returns, or it would try to answer 500.
    while (await receive())["type"] != "http.disconnect":
        pass


async def send_answer(answer: Answer, send: Send) -> None:
    await send(_start(answer))
    await send({"type": "http.response.body", "body": answer.body})


def _start(answer: Answer) -> dict[str, Any]:
    headers = [(b"content-length", str(len(answer.body)).encode())]
    if answer.media_type is not None:
        headers.append((b"content-type", answer.media_type.encode()))
    headers.extend((name.encode(), value.encode("latin-1", "replace")) for name, value in answer.headers.items())
    return {"type": "http.response.start", "status": answer.status, "headers": headers}
