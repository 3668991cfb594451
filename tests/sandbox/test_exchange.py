"""A mistake in the sandbox itself looks like the vendor's internal error, and saves nothing."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.exchange import BUGS, Answer, Call, carry_out
from sandbox.quickbooks.provider import QuickBooks
from sandbox.quickbooks.voice import QuickBooksVoice
from sandbox.settings import from_environment
from sandbox.world import Sandbox


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_bug_is_answered_and_rolled_back(bug: type[Exception]) -> None:
    sandbox = Sandbox(from_environment(port=1, data=None))
    sandbox.add_provider(QuickBooks(sandbox))
    sent: list[Any] = []

    def handler(call: Call) -> Answer:
        sandbox.store.next_id("c")
        raise bug("secret of ours")

    async def receive() -> Any:
        raise AssertionError("nothing more is asked")

    async def send(message: Any) -> None:
        sent.append(message)

    call = Call(
        provider="quickbooks", company="c", operation="read", entity="x", method="GET", path="/", query={}, headers={},
        body=b"",
    )  # fmt: skip
    exchange = carry_out(sandbox, call, handler, QuickBooksVoice(sandbox), {}, receive, send)
    with ThreadPoolExecutor(1) as elsewhere:
        # A browser of another test may have left its event loop running in this thread.
        elsewhere.submit(asyncio.run, exchange).result()
    assert sent[0]["status"] == 500
    assert json.loads(sent[1]["body"])["Fault"]["Error"][0]["code"] == "10000"
    assert b"secret" not in sent[1]["body"]
    assert sandbox.store.next_id("c") == 1
    sandbox.store.close()
