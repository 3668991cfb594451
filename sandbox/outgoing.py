"""Requests the sandbox itself sends, without holding up those it serves."""

import asyncio
import contextlib
import http.client
import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_BODY_READ = 4096


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; `status` 0 and the `trouble` when nothing did."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    trouble: str = ""


async def post(url: str, body: bytes, headers: dict[str, str], *, timeout: float) -> Reply:
    """One POST, answered in full within `timeout` seconds or not at all."""
    connection: list[http.client.HTTPConnection] = []
    try:
        async with asyncio.timeout(timeout):
            return await asyncio.to_thread(_post, url, body, headers, timeout, connection)
    except TimeoutError:
        _hang_up(connection)
        return Reply(0, trouble=f"no answer within {timeout:g} seconds")


def _hang_up(connections: list[http.client.HTTPConnection]) -> None:
    """End what a thread still waits for: who answers byte by byte must not keep one of the few threads."""
    for connection in connections:
        if connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)


def _post(
    url: str, body: bytes, headers: dict[str, str], timeout: float, opened: list[http.client.HTTPConnection]
) -> Reply:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout)
    opened.append(connection)
    try:
        connection.request("POST", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", body, headers)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, answer.read(_BODY_READ), found)
    # ValueError: a host name that cannot be one.
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Reply(0, trouble=str(error) or type(error).__name__)
    finally:
        connection.close()
