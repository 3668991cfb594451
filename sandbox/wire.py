"""JSON with exact decimals: what is stored is the very text that goes out.

msgspec reads and prints Decimals as numbers at the speed of C. What it refuses (halves of surrogate pairs, texts that
are not UTF-8) or prints in another way (exponents) goes to `json`, which prints a Decimal only through `default`, as a
string: each is printed between two marks that nobody outside this process can know, and the marks are taken off
afterwards together with their quotes.
"""

import json
import re
import secrets
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

Body = dict[str, Any]

_SECRET = secrets.token_hex(6)
_OPEN, _CLOSE = f"\x01{_SECRET}", f"{_SECRET}\x01"
_OPEN_PRINTED, _CLOSE_PRINTED = f'"\\u0001{_SECRET}', f'{_SECRET}\\u0001"'


def loads(text: str | bytes) -> Any:
    """Numbers with a fraction become Decimal. Raises ValueError for anything that is not JSON."""
    try:
        return _DECODER.decode(text)
    except ValueError:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse)


def received(text: str | bytes) -> Any:
    """The same of what a client sent. Raises ValueError also for a number of a few bytes that names more digits than
    there is memory."""
    try:
        return _CAREFUL_DECODER.decode(text)
    except ValueError:
        return json.loads(text, parse_float=_number, parse_constant=_refuse)


def dumps(value: Any) -> str:
    """Decimals print as they are (`Decimal("100.00")` as `100.00`), without exponents."""
    try:
        printed = _QUICK_ENCODER.encode(value)
    except UnicodeEncodeError:
        return _bared(_ENCODER.encode(value))
    if _EXPONENT.search(printed):
        return _bared(_FULL_ENCODER.encode(value))
    return printed.decode()


def pretty(value: Any) -> str:
    """The same, indented for people."""
    return _bared(json.dumps(value, indent=2, default=_print_decimal, ensure_ascii=False))


def _bared(text: str) -> str:
    return text.replace(_OPEN_PRINTED, "").replace(_CLOSE_PRINTED, "")


def _print_decimal(value: Any) -> str:
    if isinstance(value, Decimal):
        text = str(value)
        return f"{_OPEN}{text if 'E' not in text else f'{value:f}'}{_CLOSE}"
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def number_within(text: str, largest_exponent: int) -> Decimal:
    """A number of JSON: a few letters can name more digits than there is memory. Raises ValueError."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text[:20]} is out of range") from None
    if abs(number.adjusted()) > largest_exponent:
        raise ValueError(f"{text[:20]} is out of range")
    return number


def _number(text: str) -> Decimal:
    return number_within(text, _LARGEST_EXPONENT)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


# A pattern with one letter in front is found faster than two texts of two letters.
_EXPONENT = re.compile(rb"E[+-]")
_LARGEST_EXPONENT = 400
_CAREFUL_DECODER = msgspec.json.Decoder(float_hook=_number)
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_QUICK_ENCODER = msgspec.json.Encoder(decimal_format="number")
_FULL_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_print_decimal, ensure_ascii=False)
# Halves of surrogate pairs can only be printed escaped.
_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_print_decimal)
