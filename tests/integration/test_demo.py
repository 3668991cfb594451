"""`make demo`, as one starts and stops it: everything answers, and afterwards nothing is left."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psutil
import pytest
import requests

from rivet.development import ports, servers

ROOT = Path(__file__).parents[2]
LAST_WORDS = "Ctrl-C stops everything."


class Demo:
    """A demo on free ports with a folder of its own, and every process it started."""

    def __init__(self, folder: Path) -> None:
        self.web, self.sandbox = f"http://localhost:{ports.free_port()}", f"http://localhost:{ports.free_port()}"
        self.folder = folder
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PYTEST_CURRENT_TEST"}
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rivet.development.demo", "--folder", str(folder)],
            cwd=ROOT,
            env=inherited
            | {"RIVET_BASE_URL": self.web, "SANDBOX_PUBLIC_URL": self.sandbox, "EMAIL_URL": f"file:{folder}/mail"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self.family: list[psutil.Process] = []

    @property
    def output(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def await_last_words(self) -> float:
        """How many seconds until it says that it is up."""
        begun = time.monotonic()
        for line in self.output:
            self.lines.append(line)
            if LAST_WORDS in line:
                break
        assert LAST_WORDS in self.lines[-1], "".join(self.lines)
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        return time.monotonic() - begun

    def end(self, by: signal.Signals) -> list[str]:
        """Send the signal; the command lines of what is still there when a patient person looks again."""
        self.process.send_signal(by)
        self.lines += self.output.readlines()
        self.process.wait(timeout=30)
        psutil.wait_procs(self.family, timeout=20)
        return [_words(each) for each in self.family if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


def _words(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


@contextlib.contextmanager
def demo(folder: Path) -> Iterator[Demo]:
    started = Demo(folder)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.end(signal.SIGTERM)
        started.output.close()


def _get(url: str) -> str:
    answer = requests.get(url, timeout=10)
    assert answer.status_code == 200
    return answer.text


def _roles(family: list[psutil.Process]) -> set[str]:
    names = ("granian", "worker", "beat", "sandbox", "postgres", "valkey-server")
    return {name for name in names for each in family if name in _words(each)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("demo")
    yield path
    servers.remove(path)


def test_everything_answers_and_ctrl_c_leaves_nothing(folder: Path) -> None:
    with demo(folder) as first:
        first.await_last_words()
        assert _get(f"{first.web}/readyz") == "ready\n"
        assert "Sign in" in _get(first.web)
        missing = requests.get(f"{first.web}/nowhere/", timeout=10)
        assert missing.status_code == 404 and "There is nothing here" in missing.text
        assert _get(f"{first.sandbox}/books/")
        assert _roles(first.family) == {"granian", "worker", "beat", "sandbox", "postgres", "valkey-server"}
        assert any("alice@example.com" in line for line in first.lines)
        assert first.end(signal.SIGINT) == []
        assert first.process.returncode == 0
        assert first.lines[-1] == "Stopped. The data is kept; `make demo-reset` starts over.\n"


def test_second_start_keeps_the_data_and_prepares_nothing(folder: Path) -> None:
    with demo(folder) as second:
        took = second.await_last_words()
        assert not any(line.startswith("prepare") for line in second.lines)
        assert _get(f"{second.web}/readyz") == "ready\n"
        print(f"second start: {took:.1f} s")
        assert second.end(signal.SIGTERM) == []


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_killing_the_demo_leaves_nothing(folder: Path) -> None:
    with demo(folder) as killed:
        killed.await_last_words()
        assert killed.end(signal.SIGKILL) == []


@pytest.mark.long
def test_killed_program_is_started_again(folder: Path) -> None:
    with demo(folder) as running:
        running.await_last_words()
        time.sleep(10)  # what ends sooner counts as faulty and ends the demo
        next(each for each in running.family if "sandbox" in _words(each)).kill()
        for line in running.output:
            running.lines.append(line)
            if "starting it again" in line:
                break
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(requests.ConnectionError):
                assert _get(f"{running.sandbox}/books/")
                break
            time.sleep(0.2)
        else:
            pytest.fail("the sandbox did not come back")


def test_taken_port_is_named_with_the_variable_to_change(folder: Path) -> None:
    port = ports.free_port()
    with socket.create_server(("127.0.0.1", port)):
        done = subprocess.run(
            [sys.executable, "-m", "rivet.development.demo", "--folder", str(folder)],
            cwd=ROOT,
            env=os.environ | {"RIVET_BASE_URL": f"http://localhost:{port}"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"uses port {port}" in done.stderr
    assert "RIVET_BASE_URL=http://localhost:" in done.stderr
