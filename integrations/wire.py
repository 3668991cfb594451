"""What both adapters must know of HTTP: when nothing left, when an answer is whole, how long a refusal asks to wait."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError
from urllib3.response import BaseHTTPResponse

#: No answer of either provider comes near it; a larger one is not an answer.
LARGEST_ANSWER = 32 * 1024 * 1024
#: No provider asks for more than a day and a bit; what is longer is a slip, and honoring it would park a company.
LONGEST_WAIT_SECONDS = 2 * 24 * 60 * 60.0


class CutOffError(Exception):
    """The answer ended early, came too slowly or grew too large; ``body`` is what arrived."""

    def __init__(self, detail: str, *, body: bytes) -> None:
        super().__init__(detail)
        self.body = body


class _Secured(HTTPSConnection):
    """TLS that fails while it is being set up counts as no connection.

    urllib3 has one error for a certificate that was refused and for a record that broke while the answer was read. The
    first proves that nothing left, the second comes after the whole request.
    """

    def connect(self) -> None:
        try:
            super().connect()
        except OSError as error:
            raise NewConnectionError(self, f"{type(error).__name__} while setting up TLS") from error


class _SecuredPool(HTTPSConnectionPool):
    ConnectionCls = _Secured


def telling(manager: PoolManager) -> PoolManager:
    """``manager``, with connections that tell whether a failure came before the first byte."""
    manager.pool_classes_by_scheme = {"http": HTTPConnectionPool, "https": _SecuredPool}
    return manager


def never_left(error: BaseException | None) -> bool:
    """Whether the failure precedes the first byte of the request: name lookup, connecting, setting up TLS."""
    reason = error.reason if isinstance(error, MaxRetryError) else error
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def read_whole(raw: BaseHTTPResponse, *, seconds: float) -> bytes:
    """The decoded body. Raises CutOffError when it is not whole within ``seconds``."""
    deadline = time.monotonic() + seconds
    parts: list[bytes] = []
    size = 0
    try:
        while chunk := raw.read1(65536, decode_content=True):
            parts.append(chunk)
            size += len(chunk)
            if size > LARGEST_ANSWER or time.monotonic() > deadline:
                raise CutOffError("the answer did not end in time", body=b"".join(parts))
    except HTTPError as error:
        raise CutOffError(f"the answer broke off: {type(error).__name__}", body=b"".join(parts)) from error
    announced = raw.headers.get("Content-Length", "")
    is_plain = not raw.headers.get("Content-Encoding")
    if is_plain and announced.isdecimal() and size < int(announced):
        raise CutOffError("the answer is shorter than announced", body=b"".join(parts))
    return b"".join(parts)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the answer asks to wait; None when it does not say.

    A moment instead of seconds is measured from the answer's own ``Date``, so that no clock of ours matters.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return min(float(text), LONGEST_WAIT_SECONDS)
    until, now = _moment(text), _moment(headers.get("Date", ""))
    if until is None or now is None:
        return None
    return min(max((until - now).total_seconds(), 0.0), LONGEST_WAIT_SECONDS)


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
