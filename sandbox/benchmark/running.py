"""A sandbox started for a benchmark, and clients connected to it."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CALLBACK = "http://localhost:9/callback/"
CLIENT_ID, CLIENT_SECRET = "benchmark", "benchmark-secret"
STARTS_WITHIN_SECONDS = 120
_CONSENT = {
    "quickbooks": ("/quickbooks/connect/oauth2", "/quickbooks/oauth2/v1/tokens/bearer"),
    "xero": ("/xero/identity/connect/authorize", "/xero/connect/token"),
}
_USERS = {"quickbooks": "alice@example.com", "xero": "alice@rivet.example"}
_SCOPES = {
    "quickbooks": "com.intuit.quickbooks.accounting",
    "xero": "accounting.invoices accounting.contacts accounting.settings",
}


class Running:
    """The started process and how to talk to it."""

    def __init__(self, port: int, pid: int) -> None:
        self.port = port
        self.pid = pid

    def processor_seconds(self) -> float:
        """What the sandbox has used of a processor so far; 0 where the system does not tell."""
        stat = Path(f"/proc/{self.pid}/stat")
        if not stat.exists():
            return 0.0
        fields = stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def request(
        self, method: str, path: str, body: bytes = b"", /, **headers: str
    ) -> tuple[int, bytes, dict[str, str]]:
        connection = HTTPConnection("localhost", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        raw = json.dumps(body).encode() if body is not None else b""
        status, text, _ = self.request(method, f"/control{path}", raw)
        if status != 200:
            raise RuntimeError(f"{method} /control{path} answered {status}: {text[:200]!r}")
        return json.loads(text)

    def token(self, provider: str, company: str) -> str:
        """An access token for one company, by way of the consent page."""
        consent, exchange = _CONSENT[provider]
        form = {
            "client_id": CLIENT_ID,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": _SCOPES[provider],
            "state": "1",
            "user": _USERS[provider],
            "decision": "allow" if provider == "xero" else "connect",
            "tenant" if provider == "xero" else "company": company,
        }
        answer = self._form(consent, form)
        code = parse_qs(urlsplit(answer[2]["location"]).query)["code"][0]
        sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        body = self._form(exchange, {**sent, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}, basic=True)[1]
        return str(json.loads(body)["access_token"])

    def _form(self, path: str, form: dict[str, str], *, basic: bool = False) -> tuple[int, bytes, dict[str, str]]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if basic:
            headers["Authorization"] = f"Basic {b64encode(f'{CLIENT_ID}:{CLIENT_SECRET}'.encode()).decode()}"
        return self.request("POST", path, urlencode(form).encode(), **headers)


@contextlib.contextmanager
def started(*arguments: str) -> Iterator[tuple[Running, float]]:
    """A sandbox on a free port, and the seconds until it answered; stopped by its own process id."""
    port = _free_port()
    own = {
        "SANDBOX_REDIRECT_URIS": CALLBACK,
        "SANDBOX_CLIENT_ID": CLIENT_ID,
        "SANDBOX_CLIENT_SECRET": CLIENT_SECRET,
    }
    begun = time.perf_counter()
    command = [sys.executable, "-m", "sandbox", "--port", str(port), *arguments]
    with subprocess.Popen(command, env={**os.environ, **own}) as process:
        try:
            running = Running(port, process.pid)
            _await(running, process)
            took = time.perf_counter() - begun
            running.control("PUT", "/limits", {"enabled": False})
            yield running, took
        finally:
            process.terminate()


def _await(running: Running, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(ConnectionError):
            if running.control("GET", "/health")["pid"] == process.pid:
                return
        time.sleep(0.01)
    raise RuntimeError(f"the sandbox did not start: exit code {process.poll()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
