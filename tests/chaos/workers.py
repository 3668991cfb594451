"""A real Celery worker as a process of its own, to be killed."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
_NAMES = (
    "QUICKBOOKS_DISCOVERY_URL",
    "QUICKBOOKS_API_URL",
    "XERO_AUTHORIZE_URL",
    "XERO_TOKEN_URL",
    "XERO_REVOKE_URL",
    "XERO_API_URL",
)


#: Asks Linux for SIGKILL at the parent's end, then becomes the command: a test run that is killed leaves no worker.
_DIES_WITH_PARENT = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() != int(sys.argv[1]):
    os._exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


def dies_with_parent(command: list[str]) -> list[str]:
    return [sys.executable, "-c", _DIES_WITH_PARENT, str(os.getpid()), *command]


class Worker:
    """``celery worker`` in its own process group, with its output kept for a failing test."""

    def __init__(self) -> None:
        # Read through a handle of its own: a shared one would move the writer's position.
        self.output = tempfile.NamedTemporaryFile(mode="ab", suffix=".log")  # noqa: SIM115 - closed by kill()
        chosen = {name: str(getattr(settings, name)) for name in _NAMES}
        command = ["celery", "-A", "rivet", "worker", "--pool", "threads", "-c", "1", "--loglevel", "info"]
        self.process = subprocess.Popen(
            dies_with_parent([sys.executable, "-W", "ignore", "-m", *command]),
            cwd=ROOT,
            env={**os.environ, **chosen, "RIVET_PROFILE": "fast"},
            stdout=self.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def is_ready(self) -> bool:
        return b"ready." in self.said()

    def said(self) -> bytes:
        return Path(self.output.name).read_bytes()

    def await_ready(self, *, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while not self.is_ready():
            assert self.process.poll() is None and time.monotonic() < until, self.said().decode()[-4000:]
            time.sleep(0.05)

    def kill(self) -> None:
        """As the kernel would: no signal handler, no farewell."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.output.close()


@contextlib.contextmanager
def a_worker() -> Iterator[Worker]:
    worker = Worker()
    try:
        worker.await_ready()
        yield worker
    finally:
        worker.kill()
