"""`make demo`: servers, sandboxes, example data and Rivet in one terminal; Ctrl-C ends all of it."""

import argparse
import contextlib
import hashlib
import os
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from rivet.development import assets, ports, servers
from rivet.development.postgres import PostgresError
from rivet.development.supervisor import ProgramEndedError, StoppedError, Supervisor
from rivet.development.valkey import ValkeyError

FOLDER = assets.ROOT / "var" / "demo"
MAILS = assets.ROOT / "var" / "mail"
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


@dataclass(frozen=True, kw_only=True)
class Demo:
    folder: Path
    web: Address
    sandbox: Address
    database_is_ours: bool

    @classmethod
    def from_environment(cls, folder: Path) -> "Demo":
        return cls(
            folder=folder,
            web=Address.from_environment("RIVET_BASE_URL", default="http://localhost:8000"),
            sandbox=Address.from_environment("SANDBOX_PUBLIC_URL", default="http://localhost:8010"),
            database_is_ours="DATABASE_URL" not in os.environ,
        )

    @property
    def sign_ins(self) -> Path:
        return self.folder / "sign-ins.txt"

    @property
    def last_words(self) -> str:
        people = self.sign_ins.read_text() if self.sign_ins.exists() else ""
        books = f"the books of both sandboxes at {self.sandbox.url}/books/"
        return f"\n{people}Rivet is at {self.web.url} and {books}. Ctrl-C stops everything."


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="remove the last demo's data and start over")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the data is kept")
    given = parser.parse_args()
    try:
        with Supervisor(cwd=assets.ROOT) as supervisor, contextlib.ExitStack() as stack:
            _run(supervisor, stack, folder=given.folder, reset=given.reset)
    except StoppedError:
        print("Stopped. The data is kept; `make demo-reset` starts over.")
        return 0
    except EXPECTED_ERRORS as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    return 0


def _run(supervisor: Supervisor, stack: contextlib.ExitStack, *, folder: Path, reset: bool) -> None:
    demo = Demo.from_environment(folder)
    for address in (demo.web, demo.sandbox):
        address.refuse_if_taken()
    if reset:
        _remove_last(demo)
    folder.mkdir(parents=True, exist_ok=True)
    _complete_environment(demo)
    assets.build()
    stack.enter_context(_embedded_servers(supervisor, demo))
    stack.callback(supervisor.stop)
    _start_programs(supervisor, demo)
    supervisor.say(demo.last_words)
    supervisor.watch()


def _complete_environment(demo: Demo) -> None:
    os.environ.update(RIVET_ENVIRONMENT="development", RIVET_DEBUG_PAGES="off", PYTHONUNBUFFERED="1")
    # Compared letter by letter, as the vendors do, so the sandbox must know where Rivet is.
    callbacks = (f"{demo.web.url}/oauth/{provider}/callback/" for provider in ("quickbooks", "xero"))
    os.environ.setdefault("SANDBOX_REDIRECT_URIS", ",".join(callbacks))
    if os.geteuid() == 0:  # Celery's warning is for production; here it would be said at each start
        os.environ["PYTHONWARNINGS"] = "ignore:You're running the worker with superuser privileges"


@contextlib.contextmanager
def _embedded_servers(supervisor: Supervisor, demo: Demo) -> Iterator[None]:
    """Servers of our own for those that the environment does not name."""
    named = [name for name in DATABASE_VARIABLES if name in os.environ]
    if len(named) == 1:
        raise DemoError(
            f"{named[0]} is set alone. Set both {' and '.join(DATABASE_VARIABLES)} to use a PostgreSQL of yours, "
            "or neither to use the embedded one."
        )
    with contextlib.ExitStack() as stack:
        if not named:
            postgres = stack.enter_context(servers.embedded_postgres(demo.folder))
            os.environ.update(servers.database_environment(postgres))
            if postgres.notice:
                supervisor.say(postgres.notice)
        if "REDIS_URL" not in os.environ:
            os.environ["REDIS_URL"] = stack.enter_context(servers.embedded_valkey(demo.folder)).url()
        yield


def _start_programs(supervisor: Supervisor, demo: Demo) -> None:
    """All at once when there is nothing to prepare: each of them spends seconds on loading its modules."""
    sandbox = supervisor.start(
        *("sandbox", PYTHON, "-m", "sandbox"),
        *("--port", str(demo.sandbox.port), "--data", str(demo.folder / "sandbox")),
    )
    _prepare(supervisor, demo)
    web = supervisor.start(
        *("web", PYTHON, "-m", "granian", "--interface", "asginl", "--no-ws", "--log-level", "warning"),
        *("--host", "127.0.0.1", "--port", str(demo.web.port), "rivet.asgi:application"),
    )
    celery = (PYTHON, "-m", "celery", "--quiet", "--app", "rivet")
    worker = supervisor.start(
        *("worker", *celery, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "info"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),  # there is no other worker to talk to
    )
    supervisor.await_ready(sandbox, demo.sandbox.answers, patience=START_PATIENCE)
    supervisor.await_ready(web, partial(demo.web.answers, "/livez"), patience=START_PATIENCE)
    supervisor.await_ready(worker, lambda: worker.has_said("ready."), patience=START_PATIENCE)
    # Nobody waits for the clock, so it loads its modules last.
    schedule = str(demo.folder / "beat-schedule")
    supervisor.start("beat", *celery, "beat", "--loglevel", "warning", "--schedule", schedule, "--pidfile", "")


def _prepare(supervisor: Supervisor, demo: Demo) -> None:
    """Migrations and example data, unless neither changed since the last time (in a database of ours)."""
    stamp = demo.folder / "prepared.stamp"
    wanted = _fingerprint_of_data()
    if demo.database_is_ours and demo.sign_ins.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    try:
        supervisor.run("prepare", PYTHON, "-m", "rivet.development.prepare", demo.sign_ins)
    except ProgramEndedError as failure:
        raise DemoError(
            f"{failure} If the data is from another version of Rivet, `make demo-reset` starts over without it."
        ) from failure
    stamp.write_text(wanted)


def _fingerprint_of_data() -> str:
    """Of the database's name and every file that says what is in it: migrations, their SQL, the example data."""
    digest = hashlib.sha256(os.environ["DATABASE_URL"].encode())
    for package in ("rivet", "integrations", "sync", "exceptions_dashboard"):
        for pattern in ("**/migrations/*.py", "**/*.sql", "**/demo/*.py", "**/seed_demo.py"):
            for path in sorted((assets.ROOT / package).glob(pattern)):
                digest.update(path.read_bytes())
    digest.update((assets.ROOT / "uv.lock").read_bytes())  # other packages bring migrations too
    return digest.hexdigest()


def _remove_last(demo: Demo) -> None:
    if not demo.database_is_ours:
        raise DemoError(
            "DATABASE_URL names a database of yours, which is yours to empty. Unset it to start the embedded one over."
        )
    servers.remove(demo.folder)
    if "EMAIL_URL" not in os.environ:
        shutil.rmtree(MAILS, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
