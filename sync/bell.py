"""The bell: a hint that a connection has work. Best effort in every direction."""

import threading
import time
from functools import cache

import structlog
from celery import current_app
from kombu import Connection, pools
from kombu.exceptions import LimitExceeded, OperationalError

log = structlog.get_logger(__name__)

#: After an unheard bell none is rung for this long: approving a thousand documents must not wait a thousand times.
SILENCE_SECONDS = 1.0
_silent_until = 0.0
#: A page's time. A Redis that is frozen, and not away, still takes connections and then never answers.
PATIENCE_SECONDS = 0.1

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
        with pools.producers[_line()].acquire(block=True, timeout=PATIENCE_SECONDS) as producer:
            current_app.send_task(task, kwargs=arguments, retry=False, expires=60, producer=producer)
    except (OperationalError, LimitExceeded):
        _silent_until = time.monotonic() + SILENCE_SECONDS
        log.info("bell not heard", task=task, **arguments)


@cache
def _line() -> Connection:
    """Apart from the worker's own connection, which waits for messages much longer than a bell may take."""
    options = current_app.conf.broker_transport_options
    return current_app.connection_for_write(transport_options={**options, "socket_timeout": PATIENCE_SECONDS})
