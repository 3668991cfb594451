"""What these tests start must not outlive them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PARENT = """
import subprocess, sys
from tests.chaos.workers import dies_with_parent
child = subprocess.Popen(dies_with_parent([sys.executable, "-c", "import time; time.sleep(60)"]))
print(child.pid, flush=True)
child.wait()
"""


def test_a_worker_dies_with_a_test_run_that_is_killed() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "rivet.settings", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", PARENT], env=environment, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        while b"sleep(60)" not in _command(child):
            time.sleep(0.01)
        os.kill(parent.pid, signal.SIGKILL)
        until = time.monotonic() + 5
        while _command(child) and time.monotonic() < until:
            time.sleep(0.01)
    assert not _command(child)


def _command(pid: int) -> bytes:
    """Empty once the process is gone, or is a zombie nobody has buried yet."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""
