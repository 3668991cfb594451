"""Child processes that never outlive us."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def spawn(
    command: Sequence[str | Path],
    *,
    output: int | IO[bytes],
    cwd: str | Path,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `command` in a process group of its own, so that Ctrl-C reaches us alone.

    On Linux it gets `death_signal` when we die, even by SIGKILL. The kernel ties that to the thread
    that called this function: call it from one that lives as long as the child should.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        user=user,
        group=group_of(user) if user else None,
        extra_groups=[] if user else None,
        start_new_session=True,
        preexec_fn=_die_with_parent(death_signal),
    )


def group_of(user: str) -> int:
    return pwd.getpwnam(user).pw_gid


def _die_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    if _libc is None:
        return None
    libc, parent, number = _libc, os.getpid(), int(death_signal)

    def in_child() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it died before the call above could take effect
            os._exit(1)

    return in_child


def stop(
    process: subprocess.Popen[bytes],
    *,
    by: signal.Signals = signal.SIGTERM,
    patience: float = 10.0,
) -> None:
    """Ask a child of `spawn` to end, and after `patience` seconds end it and all of its group."""
    if process.poll() is None:
        process.send_signal(by)
        try:
            process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            kill_group(process)
    kill_group(process)
    process.wait()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        return


def is_running(pid: int, *, named: str) -> bool:
    """Whether `pid` lives and its command line contains `named`: process numbers are used again."""
    listing = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return named in listing.stdout


def end_leftover(pid_file: Path, *, by: signal.Signals, named: str, patience: float = 30.0) -> None:
    """End a server that an earlier run of ours left behind, if `pid_file` still names it."""
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if not is_running(pid, named=named):
        return
    os.kill(pid, by)
    deadline = time.monotonic() + patience
    while is_running(pid, named=named) and time.monotonic() < deadline:
        time.sleep(0.05)
