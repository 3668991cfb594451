"""Celery's view of the engine: one line each, keyword arguments only, unknown ones tolerated."""

from typing import Any

from celery import shared_task

from sync import bell, housekeeping


@shared_task(name="sync.take_turns")
def take_turns(*, connection_id: int, **_: Any) -> None:
    """Somebody enqueued work: wake the tick of this process."""
    bell.heard.set()


@shared_task(name="sync.make_partitions")
def make_partitions(**_: Any) -> None:
    housekeeping.make_partitions()
