"""JSON whose numbers are exact: Decimal in both directions, the same bytes for the same value. Pure."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any


def dumps(value: Any) -> bytes:
    """``value`` as UTF-8 JSON; Decimal prints as written (``100.00``), keys keep their order.

    Raises TypeError for float, which has already lost what the caller meant, and ValueError for what is no number.
    """
    return _text(value).encode()


def loads(data: bytes | str) -> Any:
    """Parse JSON with Decimal for every number that is not an integer. Raises ValueError, also for NaN and Infinity."""
    try:
        return json.loads(data, parse_float=Decimal, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list that came from outside; none when it is no list.

    An answer out of shape to a write that was carried out must not end in an error nobody expects.
    """
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def amount(value: Any) -> Decimal | None:
    """A number that came from outside, also when written as text; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} has no JSON form")
        return f"{value:f}"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(str(key))}:{_text(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_text(part) for part in value) + "]"
    if value is None or isinstance(value, bool | int | str):
        return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"{type(value).__name__} has no exact JSON form")


def pretty(data: bytes | str) -> str:
    """JSON for reading: indented, every number as it was written. Raises ValueError when it is not JSON."""
    return _indented(loads(data), "")


def _indented(value: Any, margin: str) -> str:
    inner = f"{margin}  "
    if isinstance(value, dict) and value:
        parts = [
            f"{inner}{json.dumps(key, ensure_ascii=False)}: {_indented(part, inner)}" for key, part in value.items()
        ]
        return "{\n" + ",\n".join(parts) + f"\n{margin}}}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"{inner}{_indented(part, inner)}" for part in value) + f"\n{margin}]"
    return _text(value)
