"""`make demo`: servers, sandboxes, example data and Rivet in one terminal; Ctrl-C ends all of it."""

import argparse
import contextlib
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from rivet.development import assets, ports, servers
from rivet.development.postgres import PostgresError
from rivet.development.supervisor import ProgramEndedError, StoppedError, Supervisor
from rivet.development.valkey import ValkeyError

FOLDER = assets.ROOT / "var" / "demo"
SIGN_INS = FOLDER / "sign-ins.txt"
DATABASE_VARIABLES = ("DATABASE_URL", "DATABASE_OWNER_URL")
PYTHON = sys.executable
START_PATIENCE = 60.0  # the first start on a slow machine compiles every module


class DemoError(RuntimeError):
    """What keeps the demo from starting, in words for the person who started it."""


EXPECTED_ERRORS = (
    DemoError,
    ProgramEndedError,
    assets.AssetsError,
    ports.PortTakenError,
    servers.FolderInUseError,
    PostgresError,
    ValkeyError,
)


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a program is reached; `variable` is the setting that says so."""

    variable: str
    url: str
    port: int

    @classmethod
    def from_environment(cls, variable: str, *, default: str) -> "Address":
        url = os.environ.setdefault(variable, default).rstrip("/")
        return cls(variable=variable, url=url, port=urlsplit(url).port or urlsplit(default).port or 0)

    def refuse_if_taken(self) -> None:
        if not ports.is_free(self.port):
            raise DemoError(
                f"Another program on this machine uses port {self.port}. Stop it, or choose another port: "
                f"{self.variable}=http://localhost:{self.port + 1} make demo"
            )

    def answers(self, path: str = "/") -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2).close()
        except urllib.error.HTTPError as refusal:
            return refusal.code < 500
        except OSError:
            return False
        return True


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="remove the last demo's data and start over")
    given = parser.parse_args()
    try:
        with Supervisor(cwd=assets.ROOT) as supervisor, contextlib.ExitStack() as stack:
            _run(supervisor, stack, reset=given.reset)
    except StoppedError:
        print("Stopped. The data is kept; `make demo-reset` starts over.")
        return 0
    except EXPECTED_ERRORS as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    return 0


def _run(supervisor: Supervisor, stack: contextlib.ExitStack, *, reset: bool) -> None:
    web = Address.from_environment("RIVET_BASE_URL", default="http://localhost:8000")
    sandbox = Address.from_environment("SANDBOX_PUBLIC_URL", default="http://localhost:8010")
    for address in (web, sandbox):
        address.refuse_if_taken()
    if reset:
        _remove_last_demo()
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.environ.update(RIVET_ENVIRONMENT="development", PYTHONUNBUFFERED="1")
    # Compared letter by letter, as the vendors do, so the sandbox must know where Rivet is.
    callbacks = (f"{web.url}/oauth/{provider}/callback/" for provider in ("quickbooks", "xero"))
    os.environ.setdefault("SANDBOX_REDIRECT_URIS", ",".join(callbacks))
    if os.geteuid() == 0:  # Celery's warning is for production; here it would be said at each start
        os.environ["PYTHONWARNINGS"] = "ignore:You're running the worker with superuser privileges"
    assets.build()
    stack.enter_context(_embedded_servers(supervisor))
    stack.callback(supervisor.stop)
    _start_programs(supervisor, web=web, sandbox=sandbox)
    supervisor.say(_last_words(web=web, sandbox=sandbox))
    supervisor.watch()


@contextlib.contextmanager
def _embedded_servers(supervisor: Supervisor) -> Iterator[None]:
    """Servers of our own for those that the environment does not name."""
    named = [name for name in DATABASE_VARIABLES if name in os.environ]
    if len(named) == 1:
        raise DemoError(
            f"{named[0]} is set alone. Set both {' and '.join(DATABASE_VARIABLES)} to use a PostgreSQL of yours, "
            "or neither to use the embedded one."
        )
    with contextlib.ExitStack() as stack:
        if not named:
            postgres = stack.enter_context(servers.embedded_postgres(FOLDER))
            os.environ.update(servers.database_environment(postgres))
            if postgres.notice:
                supervisor.say(postgres.notice)
        if "REDIS_URL" not in os.environ:
            os.environ["REDIS_URL"] = stack.enter_context(servers.embedded_valkey(FOLDER)).url()
        yield


def _start_programs(supervisor: Supervisor, *, web: Address, sandbox: Address) -> None:
    books = supervisor.start(
        "sandbox", PYTHON, "-m", "sandbox", "--port", str(sandbox.port), "--data", FOLDER / "sandbox"
    )
    supervisor.await_ready(books, sandbox.answers, patience=START_PATIENCE)
    supervisor.run("prepare", PYTHON, "-m", "rivet.development.prepare", SIGN_INS)
    pages = supervisor.start(
        "web",
        *(PYTHON, "-m", "granian", "--interface", "asginl", "--host", "127.0.0.1", "--port", str(web.port)),
        *("--no-ws", "--log-level", "warning", "rivet.asgi:application"),
    )
    celery = (PYTHON, "-m", "celery", "--quiet", "--app", "rivet")
    worker = supervisor.start(
        "worker", *celery, "worker", "--pool", "threads", "--loglevel", "info", "--concurrency", "2"
    )
    schedule = FOLDER / "beat-schedule"
    supervisor.start("beat", *celery, "beat", "--loglevel", "warning", "--schedule", schedule, "--pidfile", "")
    supervisor.await_ready(pages, partial(web.answers, "/livez"), patience=START_PATIENCE)
    supervisor.await_ready(worker, lambda: worker.has_said("ready."), patience=START_PATIENCE)


def _remove_last_demo() -> None:
    if any(name in os.environ for name in DATABASE_VARIABLES):
        raise DemoError(
            "DATABASE_URL names a database of yours, which is yours to empty. Unset it to start the embedded one over."
        )
    servers.remove(FOLDER)


def _last_words(*, web: Address, sandbox: Address) -> str:
    sign_ins = SIGN_INS.read_text().rstrip() if SIGN_INS.exists() else ""
    return "\n".join(
        part
        for part in (
            "",
            sign_ins,
            f"Rivet is at {web.url} and the books of both sandboxes at {sandbox.url}/books/. Ctrl-C stops everything.",
        )
        if part or not sign_ins
    )


if __name__ == "__main__":
    sys.exit(main())
