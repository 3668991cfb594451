"""The worker's heart: waits at most a tick for a bell, asks PostgreSQL who is due, and gives them their turns.

It is a thread of every worker process and not a task, so deliveries go on while Redis is away.
"""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from celery import bootsteps
from django.db import DatabaseError, close_old_connections

from rivet import clock
from rivet.tenants.context import tenant_transaction
from sync import bell, claims
from sync.dispatch import Due, next_turns
from sync.engine import take_turn
from sync.timing import timing

log = structlog.get_logger(__name__)

#: Turns a process runs at once. They wait for providers most of the time.
TURNS_AT_ONCE = 8
#: ... and for one connection: a provider that is silent must not take the turns of everybody else.
TURNS_EACH = 3


class Tick:
    """The loop and its pool of turns."""

    def __init__(self, *, turns_at_once: int = TURNS_AT_ONCE) -> None:
        self._stop = threading.Event()
        self._free = threading.Semaphore(turns_at_once)
        self._running: Counter[int] = Counter()
        self._counting = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=turns_at_once, thread_name_prefix="turn")
        self._thread = threading.Thread(target=self._run, name="tick", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let running turns end; their calls have time-outs."""
        self._stop.set()
        bell.heard.set()
        self._thread.join()
        self._pool.shutdown(wait=True)

    def _run(self) -> None:
        while not self._stop.is_set():
            if not self._once():
                bell.heard.wait(timing().tick.total_seconds())
            bell.heard.clear()

    def _once(self) -> bool:
        """Start the turns that are due; whether there were any."""
        self._free.acquire()
        self._free.release()
        try:
            due = next_turns(most=TURNS_AT_ONCE)
        except DatabaseError as error:
            # The database is away: nothing can be known or sent. The next tick asks again.
            log.warning("tick could not ask", error=str(error))
            self._stop.wait(timing().tick.total_seconds())
            return False
        finally:
            close_old_connections()
        begun = [one for one in due if self._begin(one)]
        for one in begun:
            self._free.acquire()
            self._pool.submit(self._turn, one)
        return bool(begun)

    def _begin(self, due: Due) -> bool:
        """Count one more turn of a connection; False when it has as many as it may."""
        with self._counting:
            if self._running[due.connection_id] >= TURNS_EACH:
                return False
            self._running[due.connection_id] += 1
            return True

    def _end(self, due: Due) -> None:
        with self._counting:
            self._running[due.connection_id] -= 1
            if not self._running[due.connection_id]:
                del self._running[due.connection_id]

    def _turn(self, due: Due) -> None:
        try:
            take_turn(tenant_id=due.tenant_id, connection_id=due.connection_id)
        # The one boundary: a bug of ours must neither end the worker nor be run into again at once. What the turn had
        # claimed comes back when its lease ends, and three such ends put an entry before a person.
        except Exception:
            log.exception("turn broke off", connection=due.connection_id)
            _set_aside(due)
        finally:
            close_old_connections()
            self._end(due)
            self._free.release()
            bell.heard.set()


def _set_aside(due: Due) -> None:
    try:
        with tenant_transaction(due.tenant_id):
            claims.rest(due.connection_id, until=clock.now() + timing().lease)
    except DatabaseError as error:
        log.warning("connection could not be set aside", connection=due.connection_id, error=str(error))


class TickStep(bootsteps.StartStopStep):
    """Starts the tick with the worker and ends it with the worker, whatever the broker does."""

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.tick = Tick()

    def start(self, parent: Any) -> None:
        self.tick.start()

    def stop(self, parent: Any) -> None:
        self.tick.stop()
