from collections.abc import Iterator

import pytest

from tests.sandbox.running import Running, started


@pytest.fixture(scope="session")
def server() -> Iterator[Running]:
    """One sandbox for all tests; each test takes companies of its own."""
    with started("--memory") as running:
        _sweep(running)
        yield running


@pytest.fixture
def sandbox(server: Running) -> Iterator[Running]:
    """The shared sandbox, whose stage is swept after use: no limits, faults or latency, clock at zero."""
    yield server
    _sweep(server)


def _sweep(server: Running) -> None:
    server.control("PUT", "/limits", {"enabled": False, "scale": 1})
    server.control("PUT", "/latency", {})
    server.control("PUT", "/clock", {"offset_seconds": 0})
    server.control("DELETE", "/faults")
