"""A desk without a server: what one request works at, in an organisation of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.settings import from_environment
from sandbox.store import Record
from sandbox.world import Sandbox
from sandbox.xero.desk import Desk
from sandbox.xero.fields import Fields, Problems
from sandbox.xero.organisation import organisation_of
from sandbox.xero.provider import Xero
from sandbox.xero.resources import RESOURCES


@contextmanager
def a_desk(scenario: str) -> Iterator[Desk]:
    sandbox = Sandbox(from_environment(port=1, data=None, environ={}))
    sandbox.add_provider(Xero(sandbox))
    company = sandbox.create_company("xero", scenario)
    yield Desk(store=sandbox.store, books=sandbox.books, organisation=organisation_of(company), now=sandbox.clock.now())
    sandbox.store.close()


def put(desk: Desk, path: str, body: dict[str, Any], verb: str = "PUT") -> Record:
    problems = Problems()
    record = RESOURCES[path].save(desk, Fields(body, problems), verb)
    problems.stop()
    return record
