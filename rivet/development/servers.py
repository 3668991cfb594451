"""PostgreSQL and Valkey in a folder, each with the port and the passwords it had last time."""

import contextlib
import fcntl
import json
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rivet.development import ports
from rivet.development.postgres import ROLES, EmbeddedPostgres
from rivet.development.valkey import EmbeddedValkey

USERS = ("postgres", "rivet_owner", "rivet_app", "rivet_dispatch")


class FolderInUseError(RuntimeError):
    pass


@dataclass(frozen=True, kw_only=True)
class Servers:
    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey

    @property
    def database_url(self) -> str:
        return self.postgres.url(role="rivet_app")

    @property
    def database_owner_url(self) -> str:
        return self.postgres.url(role="rivet_owner")

    @property
    def superuser_url(self) -> str:
        return self.postgres.url(role="postgres", database="postgres")

    @property
    def redis_url(self) -> str:
        return self.valkey.url()

    @property
    def environment(self) -> dict[str, str]:
        """The settings through which Rivet finds these servers."""
        return {**database_environment(self.postgres), "REDIS_URL": self.redis_url}


@contextlib.contextmanager
def embedded_servers(folder: Path, *, temporary: bool = False) -> Iterator[Servers]:
    """Both servers, running; stopped on the way out. Data, logs, ports and passwords are in `folder`.

    `temporary=True` is for tests: nothing waits for the disk, and at the end the folder is removed.
    """
    with (
        embedded_postgres(folder, durable=not temporary) as postgres,
        embedded_valkey(folder) as valkey,
    ):
        yield Servers(postgres=postgres, valkey=valkey)
    if temporary:
        remove(folder)


@contextlib.contextmanager
def embedded_postgres(folder: Path, *, durable: bool = True) -> Iterator[EmbeddedPostgres]:
    with _alone_in(folder, server="postgres"):
        memory = _Memory(folder / "postgres.json")
        postgres = EmbeddedPostgres(
            folder=folder.resolve(),
            port=memory.port(),
            passwords={user: memory.password(user) for user in USERS},
            durable=durable,
        )
        memory.values |= {"data": str(postgres.data), "environment": database_environment(postgres)}
        memory.save()  # before the server takes its password
        try:
            postgres.start()
            _create_roles_once(postgres, memory)
            yield postgres
        finally:
            postgres.stop()


@contextlib.contextmanager
def embedded_valkey(folder: Path) -> Iterator[EmbeddedValkey]:
    with _alone_in(folder, server="valkey"):
        memory = _Memory(folder / "valkey.json")
        valkey = EmbeddedValkey(folder=folder.resolve(), port=memory.port())
        memory.values["environment"] = {"REDIS_URL": valkey.url()}
        memory.save()
        try:
            valkey.start()
            yield valkey
        finally:
            valkey.stop()


def reach(folder: Path, stack: contextlib.ExitStack) -> dict[str, str]:
    """The settings of the servers in `folder`: of running ones, else of ones started until `stack` ends."""
    try:
        return stack.enter_context(embedded_servers(folder)).environment
    except FolderInUseError:
        told = (_Memory(folder / f"{name}.json").values["environment"] for name in ("postgres", "valkey"))
        return {variable: str(url) for each in told for variable, url in each.items()}


def remove(folder: Path) -> None:
    """Remove what stopped servers left, also where PostgreSQL had to put its data outside of `folder`."""
    with _alone_in(folder, server="postgres"), _alone_in(folder, server="valkey"):
        if data := _Memory(folder / "postgres.json").values.get("data"):
            shutil.rmtree(Path(data).parent, ignore_errors=True)
        shutil.rmtree(folder)


def database_environment(postgres: EmbeddedPostgres) -> dict[str, str]:
    return {
        "DATABASE_URL": postgres.url(role="rivet_app"),
        "DATABASE_OWNER_URL": postgres.url(role="rivet_owner"),
    }


def _create_roles_once(postgres: EmbeddedPostgres, memory: "_Memory") -> None:
    """Skipped while the file that says what they are is the same: a start of the demo should be quick."""
    wanted = ROLES.read_text()
    if memory.values.get("roles") != wanted:
        postgres.create_roles()
        memory.values["roles"] = wanted
        memory.save()


@contextlib.contextmanager
def _alone_in(folder: Path, *, server: str) -> Iterator[None]:
    """Two servers on one data folder would destroy it; the lock goes with the process that holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{server}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise FolderInUseError(
                f"The servers in {folder} are running already, started from another terminal. Stop those first."
            ) from busy
        yield


class _Memory:
    """What is the same at the next start: the port if still free, the passwords always."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.values: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}

    def port(self) -> int:
        self.values["port"] = ports.free_port(preferred=self.values.get("port"))
        return int(self.values["port"])

    def password(self, user: str) -> str:
        passwords = self.values.setdefault("passwords", {})
        return str(passwords.setdefault(user, secrets.token_urlsafe(24)))

    def save(self) -> None:
        draft = self._path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(self.values, indent=2))
        draft.replace(self._path)
