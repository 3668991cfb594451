"""A pytest plugin: PostgreSQL and Valkey for the whole run, named to Rivet through the environment.

Settings read the environment when they are imported, so this plugin is named in `addopts` and acts
before pytest-django does. Each process that runs tests, so each worker of xdist, has servers of its
own: a test may stop and start them without disturbing another.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from rivet.development.servers import Servers, embedded_servers

FOLDER = Path(__file__).parent.parent / "var" / "tests"
SERVERS = pytest.StashKey[Servers]()
CLEANUP = pytest.StashKey[contextlib.ExitStack]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    os.environ["RIVET_ENVIRONMENT"] = "development"
    if _only_hands_out_tests(early_config):
        return (yield)
    stack = early_config.stash[CLEANUP] = contextlib.ExitStack()
    stack.callback(_restore, dict(os.environ))
    try:
        if "DATABASE_URL" not in os.environ:
            folder = FOLDER / str(os.getpid())
            servers = stack.enter_context(embedded_servers(folder, temporary=True))
            early_config.stash[SERVERS] = servers
            os.environ.update(servers.environment)
        _choose_databases(os.environ.get("PYTEST_XDIST_WORKER", "alone"))
        return (yield)
    except BaseException:  # a run that ends here never gets to pytest_unconfigure
        stack.close()
        raise


def pytest_unconfigure(config: pytest.Config) -> None:
    if stack := config.stash.get(CLEANUP, None):
        stack.close()


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Servers:
    """The servers of this process, for tests that stop and start them."""
    if SERVERS not in request.config.stash:
        pytest.skip("DATABASE_URL names a server which is not ours to stop")
    return request.config.stash[SERVERS]


def _only_hands_out_tests(config: pytest.Config) -> bool:
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    return not is_worker and bool(getattr(config.known_args_namespace, "numprocesses", None))


def _choose_databases(process: str) -> None:
    """Never the database that people use; Redis numbers its own, and 0 is left to them."""
    number = int(process.removeprefix("gw")) + 2 if process.startswith("gw") else 1
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ[variable] = _with_path(os.environ[variable], f"/test_rivet_{process}")
    os.environ["REDIS_URL"] = _with_path(os.environ["REDIS_URL"], f"/{number}")


def _with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=path))


def _restore(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
