"""The sandbox as a process of its own, and small clients for its control API."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

from tests.sandbox.quickbooks.conformance import verify_answer, verify_body
from tests.sandbox.xero.conformance import verify_recorded

ROOT = Path(__file__).resolve().parents[2]
CALLBACK = "http://localhost:9/callback/"
CLIENT = ("rivet-sandbox", "rivet-sandbox-secret")


class Running:
    """A started sandbox: its address and its control API."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        # Every answer of QuickBooks' API in these tests is held against the published schemas.
        self.http.hooks["response"].append(verify_answer)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, f"{self.url}/control{path}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def company(self, provider: str, scenario: str = "contractor", **settings: Any) -> str:
        """The id of a new company."""
        made = self.control("POST", "/companies", {"provider": provider, "scenario": scenario})
        if settings:
            self.control("PATCH", f"/companies/{made['id']}", settings)
        return str(made["id"])

    def trial_balance(self, company: str) -> dict[str, Decimal]:
        """Account code to balance, debits positive."""
        rows = self.control("GET", f"/companies/{company}/trial-balance")["accounts"]
        return {row["code"]: Decimal(row["balance"]) for row in rows}

    def documents(self, company: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control("GET", f"/companies/{company}/documents")["documents"]
        return found


@contextlib.contextmanager
def started(*arguments: str, **environment: str) -> Iterator[Running]:
    """A sandbox on a free port, stopped by its own process id; it must answer with that id. Whatever its APIs answered,
    to whomever, is held against the published schemas in the end."""
    with tempfile.NamedTemporaryFile("r") as recording:
        with sandbox_process(*arguments, SANDBOX_RECORDING=recording.name, **environment) as running:
            yield running
        verify_recording(recording)


def verify_recording(lines: Iterable[str]) -> None:
    """Raise AssertionError for every recorded answer that the published schemas do not allow."""
    found: list[str] = []
    for line in lines:
        method, path, status, form, body, sent = json.loads(line)
        try:
            if path.startswith("/xero/"):
                verify_recorded(method, path, status, form, body, sent)
            else:
                verify_body(method, path, status, json.loads(body))
        except AssertionError as error:
            found.append(str(error))
    assert not found, "\n".join(found)


@contextlib.contextmanager
def sandbox_process(*arguments: str, **environment: str) -> Iterator[Running]:
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.sandbox.recorded", "--port", str(port), *arguments],
        cwd=ROOT,
        env={**os.environ, "SANDBOX_REDIRECT_URIS": CALLBACK, **environment},
    )
    running = Running(f"http://localhost:{port}")
    try:
        _await(running, process)
        yield running
    finally:
        running.http.close()
        process.terminate()
        try:
            process.wait(timeout=10)
        finally:
            process.kill()


def _await(running: Running, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(requests.ConnectionError):
            assert running.control("GET", "/health")["pid"] == process.pid
            return
        time.sleep(0.05)
    raise AssertionError(f"the sandbox did not start: exit code {process.poll()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
