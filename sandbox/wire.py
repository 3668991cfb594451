"""JSON with exact decimals: what is stored is the very text that goes out.

`json` prints a Decimal only through `default`, as a string. Each Decimal is therefore printed between two
control characters that no accepted text may contain, and the quotes around it are taken off afterwards.
"""

import json
import re
from decimal import Decimal
from typing import Any

Body = dict[str, Any]

_MARK = "\x01"
_QUOTED = re.compile(r'"\\u0001([^"\\]*)\\u0001"')


def loads(text: str | bytes) -> Any:
    """Numbers with a fraction become Decimal. Raises ValueError for anything that is not JSON."""
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse)


def dumps(value: Any) -> str:
    """Decimals print as they are (`Decimal("100.00")` as `100.00`)."""
    text = _ENCODER.encode(value)
    return _QUOTED.sub(r"\1", text) if "\\u0001" in text else text


def pretty(value: Any) -> str:
    """The same, indented for people."""
    text = json.dumps(value, indent=2, default=_print_decimal, ensure_ascii=False)
    return _QUOTED.sub(r"\1", text)


def _print_decimal(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{_MARK}{value:f}{_MARK}"
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_print_decimal)
