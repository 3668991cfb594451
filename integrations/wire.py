"""Reading an answer whole: a total time-out and a size limit, whatever the other side drips."""

import time

from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

#: No answer of either provider comes near it; a larger one is not an answer.
LARGEST_ANSWER = 32 * 1024 * 1024


class CutOffError(Exception):
    """The answer ended early, came too slowly or grew too large; ``body`` is what arrived."""

    def __init__(self, detail: str, *, body: bytes) -> None:
        super().__init__(detail)
        self.body = body


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
    if is_plain and announced.isdigit() and size < int(announced):
        raise CutOffError("the answer is shorter than announced", body=b"".join(parts))
    return b"".join(parts)
