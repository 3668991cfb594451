"""The clock's daily work, done with the rights the worker has."""

import os
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from celery.schedules import crontab
from django.db import ProgrammingError, connection
from psycopg import sql

from rivet.celery import app
from sync.tasks import make_partitions

PARTITIONS = """
    SELECT part.relname FROM pg_inherits
    JOIN pg_class parent ON parent.oid = inhparent JOIN pg_class part ON part.oid = inhrelid
    WHERE parent.relkind = 'p' ORDER BY part.relname
"""


def _partitions() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(PARTITIONS)
        return [name for (name,) in cursor.fetchall()]


def _months_ahead(count: int) -> str:
    now = datetime.now(UTC)
    years, month = divmod(now.month - 1 + count, 12)
    return f"{now.year + years}{month + 1:02}"


def _one(question: str | sql.Composed) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_the_clock_rings_every_day_for_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
    assert app.conf.beat_schedule["partitions"]["schedule"] == crontab(hour="3", minute="10")  # every day


@pytest.mark.django_db(transaction=True)
def test_the_worker_makes_the_months_that_are_missing() -> None:
    before = _partitions()
    last = _months_ahead(3)
    missing = [name for name in before if name.endswith(last)]
    assert len(missing) >= 4  # call bodies, attempts, log lines and the audit record at least
    with psycopg.connect(
        os.environ["DATABASE_OWNER_URL"], dbname=_one("SELECT current_database()"), autocommit=True
    ) as owner:
        for name in missing:
            owner.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))
    assert _one("SELECT current_user") == "rivet_app"
    make_partitions()
    assert _partitions() == before
    with pytest.raises(ProgrammingError, match="permission denied"):
        _one(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(missing[0])))


@pytest.mark.django_db(transaction=True)
def test_making_them_again_changes_nothing() -> None:
    before = _partitions()
    make_partitions()
    assert _partitions() == before
