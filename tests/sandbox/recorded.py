"""The sandbox as it is, run by `started`: it writes down one of each kind of answer its APIs give.

Whoever asks, a test's own client, an SDK or the product, the answers can so be held against the published schemas.
Answers that a fault rule had its hands in are left out.
"""

import json
import os
import re
from contextvars import ContextVar
from typing import Any, TextIO
from unittest.mock import patch

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox import __main__ as program
from sandbox.app import build
from sandbox.faults import Act, Faults
from sandbox.settings import Settings

APIS = ("/quickbooks/v3/", "/xero/api.xro/")
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
        answer: dict[str, Any] = {"status": 0, "json": False, "body": b""}
        acts: list[Act] = []
        struck.set(acts)

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer["status"] = message["status"]
                answer["json"] = any(b"application/json" in value for name, value in message["headers"])
            elif answer["json"]:
                answer["body"] += message.get("body", b"")
            await send(message)

        await self.app(scope, receive, note)
        if answer["json"] and not acts:
            self._keep(scope, answer["status"], answer["body"])

    def _keep(self, scope: Scope, status: int, body: bytes) -> None:
        path = scope["path"]
        resource = re.sub(r"/[0-9a-f-]*\d[0-9a-f-]{7,}(?=/|$)|/\d+(?=/|$)", "/id", path)
        kind = hash((scope["method"], resource, status, shape(msgspec.json.decode(body))))
        if kind not in self.known:
            self.known.add(kind)
            self.file.write(json.dumps([scope["method"], path, status, body.decode()]) + "\n")
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
