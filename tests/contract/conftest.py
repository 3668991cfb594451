from collections.abc import Iterator

import pytest
from django.test import override_settings

from integrations import registry
from tests.books import addresses
from tests.contract.manners import MANNERS
from tests.contract.subjects import Subject, connect
from tests.sandbox.conftest import sandbox, server
from tests.sandbox.running import Running

__all__ = ["sandbox", "server"]


@pytest.fixture(scope="module")
def pointed(server: Running) -> Iterator[Running]:
    """Rivet's settings lead to this sandbox for the whole module."""
    with override_settings(**addresses(server)):
        yield server


@pytest.fixture(scope="module", params=sorted(registry.LISTINGS))
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def shared(slug: str, pointed: Running) -> Subject:
    """One company for a module's tests, which tell their documents apart by number and marker."""
    return connect(slug, pointed)


@pytest.fixture
def subject(shared: Subject, sandbox: Running) -> Subject:
    """The shared company with its books known and no fault switched on."""
    shared.know_books()
    return shared


@pytest.fixture
def alone(slug: str, pointed: Running, sandbox: Running) -> Subject:
    """A company of its own, let in by a grant of its own, for tests that spoil it."""
    return connect(slug, pointed, user=MANNERS[slug].somebody_else)
