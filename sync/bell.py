"""The bell: a hint that a connection has work. Best effort in every direction."""

import threading
import time

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

#: After an unheard bell none is rung for this long: approving a thousand documents must not wait a thousand times.
SILENCE_SECONDS = 1.0
_silent_until = 0.0

#: Set when a bell reached this process; the tick thread waits on it.
heard = threading.Event()


def ring(connection_id: int) -> None:
    """Send one small message. Redis being away is no error: the tick asks PostgreSQL within a second."""
    _send("sync.take_turns", connection_id=connection_id)


def _send(task: str, **arguments: int) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task(task, kwargs=arguments, retry=False, expires=60)
    except OperationalError:
        _silent_until = time.monotonic() + SILENCE_SECONDS
        log.info("bell not heard", task=task, **arguments)
