"""A sandbox of its own process for the tests, on a free port of localhost."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.sandbox.xero.browser import REDIRECT_URI

ROOT = Path(__file__).resolve().parents[3]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "the sandbox stopped"
        try:
            if requests.get(url, timeout=1).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise TimeoutError(url)


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    """The address of a running sandbox that keeps nothing on disk."""
    port = _free_port()
    environment = {
        **os.environ,
        "SANDBOX_REDIRECT_URIS": REDIRECT_URI,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--port", str(port), "--memory"], cwd=ROOT, env=environment
    )
    url = f"http://localhost:{port}"
    try:
        _wait(f"{url}/control/health", process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)
