"""The queue of webhooks: who is slow or breaks something holds nobody else up."""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.counters import Counters
from sandbox.outgoing import Reply, post
from sandbox.webhooks import Delivery, Subscription, Webhooks
from tests.sandbox.receiving import Answer, listening

TOO_LATE = "no answer within 0.2 seconds"


class Plain:
    """Rules that send what is told: texts that begin with the number of a subscription."""

    timeout_seconds = 5.0
    formats: tuple[str, ...] = ("",)

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.told: list[str] = []
        self.given_back: list[bytes] = []
        self.broken = False

    def opened(self, subscription: Subscription) -> list[Delivery]:
        return []

    def give_back(self, delivery: Delivery) -> None:
        self.given_back.append(delivery.body)

    def collect(self, subscription: Subscription) -> list[Delivery]:
        if self.broken:
            self.broken = False
            raise ArithmeticError("a mistake of ours")
        mine = [text for text in self.told if text.startswith(f"{subscription.id} ")]
        self.told = [text for text in self.told if text not in mine]
        now = self.clock.timestamp()
        return [
            Delivery(subscription=subscription, body=text.encode(), headers={}, due_at=now, first_at=now)
            for text in mine
        ]

    def settle(self, delivery: Delivery, reply: Reply) -> float | None:
        if delivery.body.endswith(b"broken"):
            raise LookupError("a mistake of ours")
        return None


def _run(scene: Callable[[Webhooks, Plain], Awaitable[None]]) -> None:
    async def whole() -> None:
        clock = Clock()
        webhooks = Webhooks(clock, Counters(clock))
        rules = webhooks.rules["plain"] = Plain(clock)
        async with webhooks.running():
            await scene(webhooks, rules)

    with ThreadPoolExecutor(1) as elsewhere:
        # A browser of another test may have left its event loop running in this thread.
        elsewhere.submit(asyncio.run, whole()).result()


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)


def test_a_slow_address_holds_no_other_up() -> None:
    seen: list[bytes] = []
    go_on = threading.Event()

    def slow(headers: Any, raw: bytes) -> Answer:
        go_on.wait(5)
        return quick(headers, raw)

    def quick(headers: Any, raw: bytes) -> Answer:
        seen.append(raw)
        return 200, {}, b""

    with listening(slow) as first, listening(quick) as second:

        async def scene(webhooks: Webhooks, rules: Plain) -> None:
            one, two = (webhooks.subscribe(provider="plain", client_id="c", url=url).id for url in (first, second))
            rules.told += [f"{one} 1", f"{two} 1"]
            await _until(lambda: len(seen) == 1)
            rules.told += [f"{one} 2", f"{two} 2"]
            await _until(lambda: len(seen) == 2)
            assert seen == [f"{two} 1".encode(), f"{two} 2".encode()]
            go_on.set()
            await _until(lambda: len(seen) == 4)
            assert seen[2:] == [f"{one} 1".encode(), f"{one} 2".encode()]

        _run(scene)


def test_a_mistake_is_logged_and_the_next_message_sent(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[bytes] = []

    def take(headers: Any, raw: bytes) -> Answer:
        seen.append(raw)
        return 200, {}, b""

    with listening(take) as url, caplog.at_level(logging.ERROR, "sandbox"):

        async def scene(webhooks: Webhooks, rules: Plain) -> None:
            id = webhooks.subscribe(provider="plain", client_id="c", url=url).id
            rules.broken = True
            rules.told.append(f"{id} broken")
            await _until(lambda: len(seen) == 1)
            rules.told.append(f"{id} whole")
            await _until(lambda: len(webhooks.attempts) == 1)

        _run(scene)
    assert [raw[2:] for raw in seen] == [b"broken", b"whole"]
    assert [record.getMessage() for record in caplog.records] == [
        "messages for subscription 1 could not be made",
        "messages to subscription 1 could not be delivered",
    ]


def test_many_slow_addresses_hold_no_other_up() -> None:
    seen: list[bytes] = []
    go_on = threading.Event()

    def slow(headers: Any, raw: bytes) -> Answer:
        go_on.wait(5)
        return 200, {}, b""

    def quick(headers: Any, raw: bytes) -> Answer:
        seen.append(raw)
        return 200, {}, b""

    with listening(slow) as many, listening(quick) as one:

        async def scene(webhooks: Webhooks, rules: Plain) -> None:
            ids = [webhooks.subscribe(provider="plain", client_id="c", url=many).id for _ in range(40)]
            rules.told += [f"{id} slow" for id in ids]
            await _until(lambda: not rules.told)
            last = webhooks.subscribe(provider="plain", client_id="c", url=one).id
            rules.told.append(f"{last} quick")
            await _until(lambda: bool(seen))
            assert not webhooks.attempts or webhooks.attempts[0]["subscription"] == last
            go_on.set()
            await _until(lambda: len(webhooks.attempts) == 41)

        _run(scene)


def test_another_address_gets_nothing_made_for_the_old_one() -> None:
    seen: list[tuple[str, bytes]] = []
    go_on = threading.Event()

    def old(headers: Any, raw: bytes) -> Answer:
        seen.append(("old", raw))
        go_on.wait(5)
        return 200, {}, b""

    def new(headers: Any, raw: bytes) -> Answer:
        seen.append(("new", raw))
        return 200, {}, b""

    with listening(old) as first, listening(new) as second:

        async def scene(webhooks: Webhooks, rules: Plain) -> None:
            subscription = webhooks.subscribe(provider="plain", client_id="c", url=first)
            rules.told += [f"{subscription.id} {number}" for number in (1, 2, 3)]
            await _until(lambda: len(seen) == 1)
            subscription.url = second
            webhooks.reopen(subscription)
            go_on.set()
            await _until(lambda: len(rules.given_back) == 2)
            rules.told.append(f"{subscription.id} 4")
            await _until(lambda: len(seen) == 2)
            assert seen == [("old", b"1 1"), ("new", b"1 4")]
            assert rules.given_back == [b"1 2", b"1 3"]

        _run(scene)


@pytest.mark.parametrize(
    "beginning", [b"", b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"HTTP/1.0 200 OK\r\n\r\n"]
)
@pytest.mark.parametrize("cancelled", [False, True], ids=["in time", "cancelled"])
def test_who_answers_byte_by_byte_is_hung_up_on(beginning: bytes, cancelled: bool) -> None:
    """When the time is over or nobody waits any more, however long the server goes on."""
    ended = threading.Event()

    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(beginning)
            end = time.monotonic() + 5
            while time.monotonic() < end:
                try:
                    connection.sendall(b"H")
                except OSError:
                    ended.set()
                    return
                time.sleep(0.02)

    async def ask(url: str) -> Reply | BaseException:
        asked = asyncio.create_task(post(url, b"", {}, timeout=5 if cancelled else 0.2))
        if cancelled:
            await asyncio.sleep(0.2)
            asked.cancel()
        return next(iter(await asyncio.gather(asked, return_exceptions=cancelled)))

    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(2) as threads:
        dripping = threads.submit(drip, server)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        reply = threads.submit(asyncio.run, ask(url)).result()
        dripping.result()
    assert ended.is_set()
    assert isinstance(reply, asyncio.CancelledError) if cancelled else reply == Reply(0, trouble=TOO_LATE)
