"""The bell costs a page a tenth of a second at most, whatever has become of Redis."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from kombu import pools

from rivet.development.servers import Servers
from sync import bell


@pytest.fixture(autouse=True)
def heard_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "_silent_until", 0.0)


@contextlib.contextmanager
def frozen(servers: Servers) -> Iterator[None]:
    """A server that takes connections and answers nothing."""
    assert servers.valkey.pid is not None
    os.kill(servers.valkey.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(servers.valkey.pid, signal.SIGCONT)


def _waiting() -> int:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        return int(client.llen("celery"))


def test_a_bell_arrives() -> None:
    before = _waiting()

    bell.ring(1)

    assert _waiting() == before + 1


@pytest.mark.parametrize("is_connected", [True, False])
def test_a_frozen_redis_is_given_up_soon_and_not_asked_again_at_once(servers: Servers, *, is_connected: bool) -> None:
    pools.reset()
    if is_connected:
        bell.ring(1)
    # In a thread, so that a bell without end fails the test and not the whole run.
    page = threading.Thread(target=_approve_a_hundred, daemon=True)

    with frozen(servers):
        began = time.monotonic()
        page.start()
        page.join(timeout=5)
        took = time.monotonic() - began

    assert took < 0.5


def _approve_a_hundred() -> None:
    for number in range(100):
        bell.ring(number)
