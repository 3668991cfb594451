"""Celery as bell and clock: messages are hints and may be lost; PostgreSQL holds the work.

Retries, results and acknowledgements are off or early on purpose. A lost message costs at most the one second until
the worker's tick thread asks the database (``sync.tick``).
"""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rivet.settings")

app = Celery("rivet")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    # A bell that cannot be rung within 100 ms is not worth a page's time.
    broker_transport_options={
        "visibility_timeout": 120,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 0.1,
        "connect_retries_timeout": 0.1,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
        "socket_keepalive": True,
    },
    task_ignore_result=True,
    task_publish_retry=False,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    timezone="UTC",
)
app.autodiscover_tasks(["sync", "integrations.connections", "rivet.tenants"])

app.conf.beat_schedule = {
    "partitions": {"task": "sync.make_partitions", "schedule": crontab(hour="3", minute="10")},
}


@worker_init.connect
def _add_tick(sender: Any, **_: Any) -> None:
    """Only a worker needs the tick, and only there are the models loaded by now."""
    from sync.tick import TickStep

    sender.app.steps["worker"].add(TickStep)
