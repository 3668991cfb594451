"""Requests the sandbox itself sends, without holding up those it serves."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

import h11

_READ = 4096


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; `status` 0 and the `trouble` when nothing did."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    trouble: str = ""


async def post(url: str, body: bytes, headers: dict[str, str], *, timeout: float) -> Reply:
    """One POST, answered in full within `timeout` seconds or not at all. Redirects are not followed."""
    try:
        async with asyncio.timeout(timeout):
            return await _exchange(urlsplit(url), body, headers)
    except TimeoutError:
        return Reply(0, trouble=f"no answer within {timeout:g} seconds")
    # ValueError: a host name that cannot be one.
    except (OSError, ValueError, h11.ProtocolError) as error:
        return Reply(0, trouble=str(error) or type(error).__name__)


async def _exchange(where: SplitResult, body: bytes, headers: dict[str, str]) -> Reply:
    safe = where.scheme == "https"
    port = where.port or (443 if safe else 80)
    reader, writer = await asyncio.open_connection(where.hostname, port, ssl=safe or None)
    try:
        connection = h11.Connection(h11.CLIENT)
        events = (_request(where, body, headers), h11.Data(data=body), h11.EndOfMessage())
        writer.write(b"".join(connection.send(event) or b"" for event in events))
        await writer.drain()
        return await _reply(reader, connection)
    finally:
        # At once, whatever the other side still has to say.
        writer.transport.abort()


def _request(where: SplitResult, body: bytes, headers: dict[str, str]) -> h11.Request:
    target = f"{where.path or '/'}{'?' if where.query else ''}{where.query}"
    own = {"Host": where.netloc.rpartition("@")[2], "Content-Length": str(len(body)), "Connection": "close"}
    return h11.Request(method="POST", target=target, headers=[*own.items(), *headers.items()])


async def _reply(reader: asyncio.StreamReader, connection: h11.Connection) -> Reply:
    """The answer to its end, or of a long body as much as shows that there is one."""
    status, headers, body = 0, {}, b""
    while len(body) < _READ:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_READ))
        elif isinstance(event, h11.Response):
            status = event.status_code
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in event.headers}
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            break
    return Reply(status, body, headers)
