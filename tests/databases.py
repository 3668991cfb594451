"""The test database of this process: made and migrated by the owner, used as the application."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

# What migrations put there, and tests may rely on.
KEPT_TABLES = frozenset({"django_migrations", "django_content_type", "auth_permission"})


def create() -> None:
    drop()
    with _owner(database="postgres") as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_name())))
    call_command("migrate", database="owner", verbosity=0)


def drop() -> None:
    for each in connections.all(initialized_only=True):
        each.close()
        if close_pool := getattr(each, "close_pool", None):
            close_pool()
    _drop()


@retry(
    retry=retry_if_exception_type(psycopg.errors.InsufficientPrivilege), wait=wait_fixed(0.2), stop=stop_after_delay(30)
)
def _drop() -> None:
    """While autovacuum works in the database, only a superuser may force its process out: then wait for it."""
    with _owner(database="postgres") as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_name())))


def empty() -> None:
    """Remove every committed row. As owner: the application may not truncate, nor see all rows."""
    tables = set(connection.introspection.django_table_names(only_existing=True)) - KEPT_TABLES
    connection.close()  # a transaction left open here would block the statement below
    with _owner(database=_name()) as owner:
        owner.execute("SET lock_timeout = '20s'")
        names = sql.SQL(", ").join(sql.Identifier(table) for table in sorted(tables))
        owner.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))


@contextmanager
def later(by: timedelta) -> Iterator[None]:
    """Rivet's clock moved ahead, for every process on this database. Only the owner may."""
    _move_clock(by)
    try:
        yield
    finally:
        _move_clock(timedelta())


def _move_clock(ahead: timedelta) -> None:
    with _owner(database=_name()) as owner:
        owner.execute("UPDATE rivet_clock SET ahead = %s", [ahead])


def _name() -> str:
    return urlsplit(os.environ["DATABASE_OWNER_URL"]).path.removeprefix("/")


def _owner(*, database: str) -> psycopg.Connection:
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=database, autocommit=True)
