"""PostgreSQL and Valkey together in one folder, with the ports and passwords they had last time."""

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
        return {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.database_owner_url,
            "REDIS_URL": self.redis_url,
        }


@contextlib.contextmanager
def embedded_servers(folder: Path, *, temporary: bool = False) -> Iterator[Servers]:
    """Both servers, running; stopped on the way out. Data, logs, ports and passwords are in `folder`.

    `temporary=True` is for tests: nothing waits for the disk, and at the end the folder is removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    with _alone_in(folder):
        memory = _Memory(folder / "servers.json")
        postgres = EmbeddedPostgres(
            folder=folder,
            port=memory.port("postgres"),
            passwords={user: memory.password(user) for user in USERS},
            durable=not temporary,
        )
        valkey = EmbeddedValkey(folder=folder, port=memory.port("valkey"))
        try:
            postgres.start()
            _create_roles_once(postgres, memory)
            valkey.start()
            memory.save()
            yield Servers(postgres=postgres, valkey=valkey)
        finally:
            valkey.stop()
            postgres.stop()
            if temporary:
                shutil.rmtree(postgres.data.parent)
                shutil.rmtree(folder, ignore_errors=True)


def _create_roles_once(postgres: EmbeddedPostgres, memory: "_Memory") -> None:
    """Skipped while the file that says what they are is the same: a start of the demo should be quick."""
    wanted = ROLES.read_text()
    if memory.values.get("roles") != wanted:
        postgres.create_roles()
        memory.values["roles"] = wanted
        memory.save()


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Two servers on one data folder would destroy it; the lock goes with the process that holds it."""
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise FolderInUseError(
                f"The servers in {folder} are running already, started from another terminal. Stop those first."
            ) from busy
        yield


class _Memory:
    """What is the same at the next start: ports if still free, passwords always."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.values: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}

    def port(self, name: str) -> int:
        taken = {value for key, value in self.values.items() if key.endswith("_port") and key != f"{name}_port"}
        port = ports.free_port(preferred=self.values.get(f"{name}_port"))
        while port in taken:
            port = ports.free_port()
        self.values[f"{name}_port"] = port
        return port

    def password(self, user: str) -> str:
        passwords = self.values.setdefault("passwords", {})
        return str(passwords.setdefault(user, secrets.token_urlsafe(24)))

    def save(self) -> None:
        draft = self._path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(self.values, indent=2))
        draft.replace(self._path)
