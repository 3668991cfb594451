"""Which properties an object may have, and of which type. What passes here is safe for every later rule."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sandbox.quickbooks.answers import PACIFIC
from sandbox.quickbooks.faults import ServiceFault
from sandbox.wire import Body

_TABLE = json.loads((Path(__file__).with_name("shapes.json")).read_text())
TYPES: dict[str, dict[str, str | list[str]]] = _TABLE["types"]
ENUMS: dict[str, frozenset[str]] = {name: frozenset(values) for name, values in _TABLE["enums"].items()}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DATE = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$")
_ID = re.compile(r"-?\d{1,19}$")
LARGEST = Decimal(10) ** 15
# Places behind the point from which on a number is none.
SMALLEST = 15
# What amounts and prices may be at most, in either direction.
MOST = {
    "Amount": Decimal(999_999_999),
    "TotalAmt": Decimal(999_999_999),
    "UnitPrice": Decimal(99_999_999_999),
    "PurchaseCost": Decimal(99_999_999_999),
}
# How long the parts of any postal address may be.
ADDRESS = {
    **{f"Line{number}": 500 for number in range(1, 6)},
    "City": 255,
    "Country": 255,
    "CountrySubDivisionCode": 255,
    "PostalCode": 30,
}
TYPED_REFS = frozenset({"EntityRef", "Entity"})
# What a fault calls an element by another name than its own.
SPOKEN = {"CustomerMemo.value": "Customer Memo"}
REFERENCE = ("name", "type", "value")
LONGEST_LISTING = 1000
EARLIEST, LATEST = 1900, 2200


def check(type_name: str, given: Any) -> Body:
    """The object with every value in its proper type. null is as good as not sent; an empty string or an empty
    reference stays as None: it clears a field. Raises ServiceFault."""
    known = TYPES[type_name]
    if not isinstance(given, dict):
        raise ServiceFault("2010", f"Property Name:failed to parse json object; {type_name} must be an object")
    clean: Body = {}
    for name, value in given.items():
        kind = known.get(name)
        if kind is None:
            raise _unknown(type_name, name)
        if value is None or kind == "ignored":
            continue
        if value == "":
            clean[name] = None
            continue
        clean[name] = _list(kind[0], name, value) if isinstance(kind, list) else _value(kind, name, value)
    return clean


def _list(kind: str, name: str, value: Any) -> list[Any]:
    # The vendor's parser takes a single object where a list is meant.
    values = value if isinstance(value, list) else [value]
    return [_value(kind, name, each) for each in values if each is not None]


def _value(kind: str, name: str, value: Any) -> Any:
    if kind.startswith("enum:"):
        return _enum(kind[5:], name, value)
    scalar = _SCALARS.get(kind)
    if scalar:
        return scalar(name, value)
    clean = {inner: held for inner, held in check(kind, value).items() if held is not None}
    if kind == "PhysicalAddress":
        for part, limit in ADDRESS.items():
            _check_length(clean.get(part), limit, "City" if part == "City" else name)
    return clean


def _string(name: str, value: Any) -> str:
    if type(value) is str and value.isascii() and value.isprintable():
        return value
    if isinstance(value, dict | list):
        raise ServiceFault(
            "2010", f"Property Name:Can not deserialize {name} as a string specified is unsupported or invalid", name
        )
    text = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    if _CONTROL.search(text):
        raise ServiceFault("2040", f"{name} contains invalid characters", name)
    # A lone surrogate cannot be stored or sent.
    return text.encode("utf-8", "replace").decode()


def _boolean(name: str, value: Any) -> bool | None:
    if value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise ServiceFault("2230", f"{name} should be true or false. Supplied value:{value}", name)


def _decimal(name: str, value: Any) -> Decimal | None:
    if value == "":
        return None
    try:
        if isinstance(value, bool | dict | list):
            raise InvalidOperation
        number = Decimal(value) if not isinstance(value, str) else Decimal(value.strip())
    except InvalidOperation:
        raise ServiceFault("2100", f"{name} should be a valid number. Supplied value:{_short(value)}", name) from None
    if not number.is_finite():
        raise ServiceFault("2110", f"{name} should be a valid number. Supplied value:{_short(value)}", name)
    most = MOST.get(name, LARGEST)
    if abs(number) > most:
        raise ServiceFault("2240", f"Number out of range. Min:0 Max:{most:,}. Supplied value:{_short(value)}", name)
    # Written out, a number of a few bytes can have more places than there is memory.
    return number if abs(number.adjusted()) <= SMALLEST else Decimal(0)


def _int(name: str, value: Any) -> int | None:
    try:
        number = _decimal(name, value)
    except ServiceFault as fault:
        code = {"2100": "2080", "2110": "2090"}.get(fault.code, fault.code)
        raise ServiceFault(code, fault.detail, name) from None
    if number is not None and number != number.to_integral_value():
        raise ServiceFault("2090", f"{name} should be a whole number. Supplied value:{_short(value)}", name)
    return None if number is None else int(number)


def _date(name: str, value: Any) -> str | None:
    return _day(name, value) if isinstance(value, str) else _read_date(name, value)


@lru_cache(maxsize=4096)
def _day(name: str, value: str) -> str | None:
    return _read_date(name, value)


def _read_date(name: str, value: Any) -> str | None:
    if value == "":
        return None
    found = _DATE.match(value) if isinstance(value, str) else None
    if found is None:
        raise ServiceFault("2060", f"{name} should be in the format yyyy-MM-dd. Supplied value:{_short(value)}", name)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise ServiceFault("2070", f"{name} is not a valid date. Supplied value:{_short(value)}", name) from None
    if not EARLIEST <= day.year <= LATEST:
        raise ServiceFault("2190", f"{name} is out of range. Supplied value:{_short(value)}", name)
    return day.isoformat()


def _moment(name: str, value: Any) -> str | None:
    if value == "":
        return None
    try:
        moment = datetime.fromisoformat(_string(name, value))
    except ValueError:
        detail = f"{name} should be a date and time. Supplied value:{_short(value)}"
        raise ServiceFault("2060", detail, name) from None
    return moment.replace(tzinfo=moment.tzinfo or PACIFIC).isoformat(timespec="seconds")


def _ref(name: str, value: Any) -> Body | None:
    if not isinstance(value, dict):
        raise ServiceFault(
            "2010",
            f"Property Name:Can not construct instance of ReferenceType for {name} specified is unsupported or invalid",
            name,
        )
    for key in value:
        if key not in REFERENCE:
            raise _unknown("ReferenceType", key)
    id = value.get("value")
    if id is None or id == "":
        return None
    clean = {"value": _string(name, id)}
    if name in TYPED_REFS and value.get("type"):
        clean["type"] = _string(name, value["type"])
    return clean


def _enum(enum: str, name: str, value: Any) -> str | None:
    if value == "":
        return None
    if not isinstance(value, str) or value not in ENUMS[enum]:
        raise ServiceFault("2170", f"Invalid Enumeration : {_short(value)}", name)
    return value


def _any(name: str, value: Any) -> Any:
    return value


def _short(value: Any) -> str:
    return (str(value).lower() if isinstance(value, bool) else str(value))[:100]


def _unknown(type_name: str, name: str) -> ServiceFault:
    detail = (
        f'Property Name:Unrecognized field "{_short(name)}" (class com.intuit.schema.finance.v3.{type_name}),'
        f" not marked as ignorable ({_known_properties(type_name)}])\n specified is unsupported or invalid"
    )
    return ServiceFault("2010", detail)


@cache
def _known_properties(type_name: str) -> str:
    """What the parser of the vendor's service says after a name it does not know, as short as it cuts it."""
    names = sorted(TYPES.get(type_name) or REFERENCE)
    listed = ", ".join(f'"{name}"' for name in names)
    if len(listed) > LONGEST_LISTING:
        listed = listed[:LONGEST_LISTING].rpartition(",")[0] + " [truncated"
    return f"{len(names)} known properties: {listed}"


_SCALARS: dict[str, Callable[[str, Any], Any]] = {
    "string": _string,
    "boolean": _boolean,
    "decimal": _decimal,
    "int": _int,
    "date": _date,
    "dateTime": _moment,
    "Ref": _ref,
    "any": _any,
}


def check_id(value: Any) -> str:
    """The object's id as given; raises 2030 for what is not a whole number."""
    text = str(value)
    if not _ID.match(text):
        raise ServiceFault("2030", f"Id should be a valid number. Supplied value:{_short(text)}", "Id")
    return text


def check_lengths(body: Body, lengths: dict[str, int]) -> None:
    """`lengths`: "DocNumber" or "WebAddr.URI" to the documented maximum; raises 2050."""
    for path, limit in lengths.items():
        name, _, inner = path.partition(".")
        value = body.get(name)
        if inner and value is not None:
            value = value.get(inner)
        _check_length(value, limit, SPOKEN.get(path, name))


def _check_length(value: Any, limit: int, element: str) -> None:
    if isinstance(value, str) and len(value) > limit:
        raise ServiceFault(
            "2050",
            "String length specified does not match the supported length. "
            f"Min:0 Max:{limit:,} supported. Supplied length:{len(value)}",
            element,
        )
