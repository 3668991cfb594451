"""The `order` parameter: `Field [ASC|DESC]`, several with commas."""

from datetime import UTC, date, datetime
from decimal import Decimal

from sandbox.xero.dates import read_moment
from sandbox.xero.query_tokens import QueryParseError
from sandbox.xero.where import MOST_CONDITIONS, Row, member

type SortKey = tuple[int, object]


def sort_rows[R: Row](rows: list[R], order: str, *, fields: frozenset[str]) -> list[R]:
    """Sort by `order`; ties keep the order they came in. Raises QueryParseError for an unknown field."""
    for name, descending in reversed(_terms(order, fields)):
        rows = sorted(rows, key=lambda row: _key(_value(row, name)), reverse=descending)
    return rows


def order_names(order: str, fields: frozenset[str]) -> set[str]:
    """The fields by which `order` sorts. Raises QueryParseError for an unknown one."""
    known = {name.lower(): name for name in fields}
    return {known[path.split(".")[0].lower()] for path, _ in _terms(order, fields)}


def _terms(order: str, fields: frozenset[str]) -> list[tuple[str, bool]]:
    # Rows that are alike in a field are so when it comes again.
    known, found = {name.lower() for name in fields}, dict[str, tuple[str, bool]]()
    for part in order.split(","):
        if part.strip():
            name, descending = _term(part.split(), known)
            found.setdefault(name.lower(), (name, descending))
    if len(found) > MOST_CONDITIONS:
        raise QueryParseError(f"Syntax error: more than {MOST_CONDITIONS} fields to order by (at index 0)")
    return list(found.values())


def _term(words: list[str], known: set[str]) -> tuple[str, bool]:
    if words[0].split(".")[0].lower() not in known:
        raise QueryParseError(f"No property or field '{words[0]}' exists (at index 0)")
    direction = words[1].upper() if len(words) > 1 else "ASC"
    if len(words) > 2 or direction not in ("ASC", "ASCENDING", "DESC", "DESCENDING"):
        raise QueryParseError(f"Syntax error '{' '.join(words[1:])}' (at index {len(words[0]) + 1})")
    return words[0], direction.startswith("DESC")


def _value(row: Row, path: str) -> object:
    value: object = row
    for name in path.split("."):
        value = member(value, name) if isinstance(value, dict) else None
    return value


def _key(value: object) -> SortKey:
    # Empty fields come first, as in the vendor's own database order.
    if value is None:
        return (0, 0)
    if isinstance(value, str) and value.startswith("/Date("):
        value = read_moment(value)
    if isinstance(value, datetime):
        return (1, value.replace(tzinfo=UTC).timestamp())
    if isinstance(value, date):
        return (1, datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp())
    if isinstance(value, bool | int | float | Decimal):
        return (1, Decimal(str(int(value) if isinstance(value, bool) else value)))
    return (2, str(value).lower())
