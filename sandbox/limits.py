"""Request limits per company, on the sandbox's clock. The figures belong to the provider."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Literal, NamedTuple

from sandbox.clock import Clock


class Window(NamedTuple):
    """At most `capacity` requests in `seconds`. A fixed window starts anew every `seconds` after `offset`
    seconds; a rolling one looks back over the last `seconds`."""

    name: str
    capacity: int
    seconds: float
    style: Literal["fixed", "rolling"] = "fixed"
    offset: float = 0.0


class Verdict(NamedTuple):
    """`exceeded` names the first window that is full, else None; `remaining` counts after this request."""

    exceeded: str | None
    retry_after: int
    remaining: dict[str, int]


@dataclass(slots=True)
class _Fill:
    start: float = 0.0
    used: int = 0
    moments: deque[float] = field(default_factory=deque)


class Limits:
    """`scale` multiplies every capacity; `enabled` switches all refusals off while headers stay full."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.enabled = True
        self.scale = 1.0
        self._fills: dict[tuple[str, str], _Fill] = {}
        self._busy: dict[str, int] = {}

    def reset(self) -> None:
        self.enabled, self.scale = True, 1.0
        self._fills.clear()
        self._busy.clear()

    def take(self, key: str, windows: Sequence[Window]) -> Verdict:
        """Count one request of `key` (company, maybe with app) in every window, or in none if one is full."""
        if not self.enabled:
            return Verdict(None, 0, {window.name: window.capacity for window in windows})
        now = self.clock.timestamp()
        fills = [(window, self._fill(key, window, now)) for window in windows]
        for window, fill in fills:
            if fill.used >= self._capacity(window):
                left = {w.name: max(self._capacity(w) - f.used, 0) for w, f in fills}
                return Verdict(window.name, max(1, ceil(fill.start + window.seconds - now)), left)
        for window, fill in fills:
            fill.used += 1
            if window.style == "rolling":
                fill.moments.append(now)
        return Verdict(None, 0, {w.name: self._capacity(w) - f.used for w, f in fills})

    def enter(self, key: str, capacity: int) -> bool:
        """Occupy one of `capacity` places for requests in flight; False when all are taken."""
        if self.enabled and self._busy.get(key, 0) >= ceil(capacity * self.scale):
            return False
        self._busy[key] = self._busy.get(key, 0) + 1
        return True

    def leave(self, key: str) -> None:
        """Free the place taken by `enter`."""
        self._busy[key] = max(0, self._busy.get(key, 0) - 1)

    def _capacity(self, window: Window) -> int:
        return max(1, ceil(window.capacity * self.scale))

    def _fill(self, key: str, window: Window, now: float) -> _Fill:
        fill = self._fills.setdefault((key, window.name), _Fill())
        if window.style == "fixed":
            start = now - (now - window.offset) % window.seconds
            if start != fill.start:
                fill.start, fill.used = start, 0
            return fill
        # A clock moved back must not leave moments from the future behind.
        while fill.moments and not now - window.seconds < fill.moments[0] <= now:
            fill.moments.popleft()
        fill.used = len(fill.moments)
        fill.start = fill.moments[0] if fill.moments else now
        return fill
