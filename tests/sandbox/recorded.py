"""The sandbox as it is, run by `started`: it writes down one of each kind of answer its APIs give.

Whoever asks, a test's own client, an SDK or the product, the answers can so be held against the published schemas, in
JSON or, of Xero, in XML. Answers that a fault rule had its hands in are left out. Of the product's calls to Xero the
request is kept too: tests send what they like, but what it sends itself must fit.
"""

import json
import os
import re
from contextvars import ContextVar
from typing import Any, TextIO
from unittest.mock import patch
from xml.etree.ElementTree import Element, fromstring

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox import __main__ as program
from sandbox.app import build
from sandbox.faults import Act, Faults
from sandbox.settings import Settings

APIS = ("/quickbooks/v3/", "/xero/api.xro/")
FORMS = {b"application/json": "json", b"text/xml": "xml"}
PRODUCT = b"Rivet"
# Properties whose words belong to the shape of an answer.
WORDS = re.compile(r"(Status|Type|Types|Class|Classification|Mode|Version|Edition|TxnSource|domain|type|code)$")
ROWS = 20

struck: ContextVar[list[Act]] = ContextVar("struck")


def shape(value: Any) -> Any:
    """What two answers of one kind have in common; of long lists only the beginning."""
    if isinstance(value, dict):
        return tuple((name, inner if _is_word(name, inner) else shape(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return frozenset(shape(each) for each in value[:ROWS])
    return type(value).__name__


def _is_word(name: str, value: Any) -> bool:
    return isinstance(value, str) and len(value) < 40 and WORDS.search(name) is not None


def xml_shape(element: Element) -> Any:
    """The same of an answer in XML, whose values are texts."""
    if not len(element):
        return element.text if _is_word(element.tag, element.text) else None
    return element.tag, frozenset((child.tag, xml_shape(child)) for child in [*element][:ROWS])


def _form(path: str, headers: dict[bytes, bytes]) -> str:
    form = FORMS.get(headers.get(b"content-type", b"").split(b";")[0], "")
    return form if form == "json" or path.startswith("/xero/") else ""


class Recorder:
    """Around the whole sandbox; `file` gets a line for every new kind of answer."""

    def __init__(self, app: ASGIApp, file: TextIO) -> None:
        self.app = app
        self.file = file
        self.known: set[int] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(APIS):
            await self.app(scope, receive, send)
            return
        form, body, sent, status = "", b"", b"", 0
        own = scope["path"].startswith("/xero/") and dict(scope["headers"]).get(b"user-agent") == PRODUCT
        acts: list[Act] = []
        struck.set(acts)

        async def note(message: Message) -> None:
            nonlocal form, body, status
            if message["type"] == "http.response.start":
                status, form = message["status"], _form(scope["path"], dict(message["headers"]))
            elif form:
                body += message.get("body", b"")
            await send(message)

        async def take() -> Message:
            nonlocal sent
            message = await receive()
            sent += message.get("body", b"")
            return message

        await self.app(scope, take if own else receive, note)
        if form and not acts:
            self._keep(scope, status, form, body, sent)

    def _keep(self, scope: Scope, status: int, form: str, body: bytes, sent: bytes) -> None:
        path = scope["path"]
        resource = re.sub(r"/[0-9a-f-]*\d[0-9a-f-]{7,}(?=/|$)|/\d+(?=/|$)", "/id", path)
        seen = shape(msgspec.json.decode(body)) if form == "json" else xml_shape(fromstring(body))  # noqa: S314  an answer of ours
        asked = shape(msgspec.json.decode(sent)) if sent.startswith(b"{") else None
        kind = hash((scope["method"], resource, status, form, seen, asked))
        if kind not in self.known:
            self.known.add(kind)
            self.file.write(json.dumps([scope["method"], path, status, form, body.decode(), sent.decode()]) + "\n")
            self.file.flush()


def main() -> None:
    decide = Faults.decide

    def noticing(self: Faults, *call: Any) -> Act | None:
        act = decide(self, *call)
        if act is not None:
            struck.get([]).append(act)
        return act

    def recording(settings: Settings) -> ASGIApp:
        return Recorder(build(settings), open(os.environ["SANDBOX_RECORDING"], "a"))

    with patch.object(Faults, "decide", noticing), patch.object(program, "build", recording):
        program.main()


if __name__ == "__main__":
    main()
