"""A load generator that costs little itself: ready-made requests over a few connections kept open."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import uvloop

from sandbox.benchmark.running import Running


@dataclass(slots=True)
class Figures:
    """What came back: calls, seconds, statuses, and how long each call took."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    processor_seconds: float = 0.0
    """What the sandbox itself needed of a processor: the figure to compare where other work runs beside it."""
    sample: bytes = b""
    """The body of the last answer that was not a 200."""

    @property
    def calls(self) -> int:
        return sum(self.statuses.values())

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


class _Connection(asyncio.Protocol):
    """Sends the next request as soon as the answer to the last one is whole."""

    def __init__(self, make: Callable[[], bytes | None], figures: Figures) -> None:
        self.make = make
        self.figures = figures
        self.buffer = bytearray()
        self.wanted = 0
        self.head_end = 0
        self.begun = 0.0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.wanted and (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.buffer[:end]).lower()
            at = head.find(b"content-length:")
            self.head_end = end + 4
            self.wanted = self.head_end + int(head[at + 15 :].split(b"\r\n", 1)[0])
        if self.wanted and len(self.buffer) >= self.wanted:
            self._answered()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the sandbox closed the connection"))

    def _answered(self) -> None:
        status = int(self.buffer[9:12])
        self.figures.statuses[status] += 1
        self.figures.latencies.append(time.perf_counter() - self.begun)
        if status != 200:
            self.figures.sample = bytes(self.buffer[self.head_end :])
        del self.buffer[: self.wanted]
        self.wanted = 0
        self._send()

    def _send(self) -> None:
        request = self.make()
        if request is None:
            self.done.set_result(None)
            self.transport.close()
            return
        self.begun = time.perf_counter()
        self.transport.write(request)


def fire(running: Running, make: Callable[[], bytes], *, seconds: float, connections: int) -> Figures:
    """Send what `make` gives for so many seconds; every call of `make` must be a new request."""
    figures = Figures()
    until = time.perf_counter() + seconds

    async def run() -> None:
        loop = asyncio.get_running_loop()
        found = [
            await loop.create_connection(
                lambda: _Connection(lambda: make() if time.perf_counter() < until else None, figures),
                "localhost",
                running.port,
            )
            for _ in range(connections)
        ]
        await asyncio.gather(*(protocol.done for _, protocol in found))

    begun, used = time.perf_counter(), running.processor_seconds()
    uvloop.run(run())
    figures.seconds = time.perf_counter() - begun
    figures.processor_seconds = running.processor_seconds() - used
    return figures
