"""What every database test stands on: the application's own role, rights and database."""

import os
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection

from tests import databases


def _ask(question: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


@pytest.mark.django_db
def test_tests_run_as_the_application_and_not_on_peoples_data() -> None:
    user, database = _ask("SELECT current_user, current_database()")
    assert user == "rivet_app"
    assert database.startswith("test_rivet_")
    assert not settings.REDIS_URL.endswith("/0")


@pytest.mark.django_db
def test_application_cannot_create_tables() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        _ask("CREATE TABLE mine ()")


@pytest.mark.django_db(transaction=True)
def test_emptying_removes_what_was_committed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('key', 'data', now())")
    databases.empty()
    assert _ask("SELECT count(*) FROM django_session") == (0,)
    assert _ask("SELECT count(*) > 0 FROM django_migrations") == (True,)


def test_database_is_closed_to_tests_that_do_not_ask_for_it() -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        _ask("SELECT 1")


def test_owner_may_not_pass_row_level_security() -> None:
    with (
        psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname="postgres") as owner,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        owner.execute("ALTER ROLE rivet_owner BYPASSRLS")
