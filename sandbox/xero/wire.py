"""Xero's JSON on the wire: the escaped `\\/Date(`, and the envelopes around lists and around errors."""

import json
import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from sandbox.wire import Body, dumps, number_within
from sandbox.xero import messages
from sandbox.xero.dates import wire_moment

# Only an escape can bring one: JSON has no place for a bare control character.
_SUSPECT = re.compile(rb"\\u(?:00[01]|[dD][89a-fA-F])")
# Control characters, and halves of surrogate pairs that found no other half.
_UNPRINTABLE = {code: None for code in [*range(32), *range(0xD800, 0xE000)] if chr(code) not in "\t\r\n"}
_LARGEST_EXPONENT = 40


class UnreadableBodyError(ValueError):
    """The request body is not JSON."""


def dump(value: object) -> bytes:
    """Encode for the wire."""
    return dumps(value).replace("/Date(", "\\/Date(").encode()


def load(body: bytes | str) -> Any:
    """Decode; numbers with a point become Decimal, unprintable characters in texts are dropped.

    Raises UnreadableBodyError for anything that is not JSON, NaN and infinities included.
    """
    raw = body if isinstance(body, bytes) else body.encode()
    try:
        value = _DECODER.decode(raw)
    except (ValueError, RecursionError):
        value = _load_slowly(raw)
    return _cleaned(value) if _SUSPECT.search(raw) else value


def _load_slowly(raw: bytes) -> Any:
    """Half surrogate pairs and other encodings than UTF-8, or the reason why it is no JSON at all."""
    try:
        return json.loads(raw, parse_float=_number, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise UnreadableBodyError(str(error)) from error


def _number(text: str) -> Decimal:
    if len(text) > 2 * _LARGEST_EXPONENT:
        raise ValueError(f"{text[:20]} is out of range")
    return number_within(text, _LARGEST_EXPONENT)


_DECODER = msgspec.json.Decoder(float_hook=_number)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(_UNPRINTABLE)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(item) for key, item in value.items()}
    return value


def envelope(*, trace: str, app_name: str, now: datetime, rows: Body) -> Body:
    """The body of a good answer: `rows` is `{plural: [...]}`, with `pagination` before it for a page."""
    return {
        "Id": trace,
        "Status": "OK",
        "ProviderName": app_name,
        "DateTimeUTC": wire_moment(now, offset=False),
        **rows,
    }


def fault(number: int, kind: str, message: str, elements: list[Body] | None = None) -> Body:
    """The body of a 400."""
    body: Body = {"ErrorNumber": number, "Type": kind, "Message": message}
    if elements is not None:
        body["Elements"] = elements
    return body


def validation_fault(elements: list[Body]) -> Body:
    return fault(10, "ValidationException", messages.VALIDATION, elements)


def problem(title: str, status: int, detail: str, instance: str) -> Body:
    """The body of a 401 for an expired token or a missing scope."""
    return {
        "Type": None,
        "Title": title,
        "Status": status,
        "Detail": detail,
        "Instance": instance,
        "Extensions": {},
    }


def plain_problem(title: str, status: int, detail: str, instance: str) -> Body:
    """The body of a 401 for a token nobody issued, and of a 403: the same facts, other case of the keys."""
    return {"title": title, "status": status, "detail": detail, "instance": instance}
