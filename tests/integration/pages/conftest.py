from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from rivet.tenants.context import set_local
from rivet.tenants.models import User
from tests.integration.connections.conftest import a_connection, alice, books, firm, sandbox, server, vendors

__all__ = ["a_connection", "alice", "books", "firm", "sandbox", "server", "vendors"]

SignIn = Callable[[User], Client]


@pytest.fixture
def sign_in() -> SignIn:
    """A browser in which the person is signed in, at Rivet's own address."""

    def act(person: User) -> Client:
        browser = Client(HTTP_HOST="localhost:8000")
        with transaction.atomic():
            set_local("rivet.signing_in", "on")
            browser.force_login(person, backend="rivet.tenants.authentication.EmailBackend")
        return browser

    return act
