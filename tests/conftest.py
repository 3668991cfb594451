from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import TransactionTestCase, override_settings
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from tests import databases

# On a busy machine any example may be slow: time judges nothing here.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of Django's own: there the application would create its tables and so own them."""
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", _empty_tables)
    with django_db_blocker.unblock():
        databases.create()
    yield
    with django_db_blocker.unblock():
        databases.drop()
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """A third of a second for each person of each test is a good hash and a long wait."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher", *django_settings.PASSWORD_HASHERS]
    with override_settings(PASSWORD_HASHERS=hashers):
        yield


@pytest.fixture(autouse=True)
def nothing_tried_before() -> None:
    """Limits are counted in the cache of the process, which outlives a test."""
    cache.clear()


def _empty_tables(case: TransactionTestCase, *_: Any, **__: Any) -> None:
    databases.empty()
