"""The `where` filter: a small expression language over the fields of one record.

A filter is parsed once into a tree of callables. `Filter.pinned` names the fields a record must equal,
so that a list can be narrowed by an index before the tree is asked, and `Filter.names` all that it looks at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NoReturn
from uuid import UUID

from sandbox.xero.dates import read_moment
from sandbox.xero.query_tokens import Kind, QueryParseError, Token, tokens

type Row = Mapping[str, object]
type Reader = Callable[[Row], object]

DEEPEST = 50
# Every condition may be asked of a hundred thousand records.
MOST_CONDITIONS = 200

_TEXT_METHODS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "startswith": lambda text, part: text.startswith(part),
    "endswith": lambda text, part: text.endswith(part),
}
_TEXT_CHANGES: dict[str, Callable[[str], str]] = {
    "tolower": str.lower,
    "toupper": str.upper,
    "trim": str.strip,
}
_WORDS = {"true": True, "false": False, "null": None}
_NULL_WHEN_EMPTY = frozenset({"Reference"})
_SIGNS = {"=": "==", "<>": "!="}
_COMPARISONS = frozenset({"==", "!=", ">", ">=", "<", "<="})


@dataclass(frozen=True)
class Filter:
    matches: Callable[[Row], bool]
    pinned: dict[str, object] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


EVERYTHING = Filter(lambda row: True)


@dataclass(frozen=True)
class _Operand:
    read: Reader
    path: str | None = None
    constant: object = None
    is_constant: bool = False


def parse_where(query: str, *, fields: frozenset[str]) -> Filter:
    """Parse `query` over a resource that has `fields`.

    Names of fields and methods are taken in any case. Raises QueryParseError for bad syntax or an unknown field;
    `Filter.matches` raises it too when a text method meets a field that is empty, as the vendor does.
    """
    if not query.strip():
        return EVERYTHING
    parser = _Parser(tokens(query), fields)
    return replace(parser.whole(), names=frozenset(parser.named))


class _Parser:
    def __init__(self, found: list[Token], fields: frozenset[str]) -> None:
        self.tokens = found
        self.position = 0
        self.fields = {name.lower(): name for name in fields}
        self.depth = 0
        self.conditions = 0
        self.named: set[str] = set()

    def whole(self) -> Filter:
        result = self.either()
        if self.peek().kind is not Kind.END:
            self.refuse()
        return result

    def either(self) -> Filter:
        parts = [self.both()]
        while self.take("||", "OR"):
            parts.append(self.both())
        if len(parts) == 1:
            return parts[0]
        return Filter(lambda row: any(part.matches(row) for part in parts))

    def both(self) -> Filter:
        parts = [self.one()]
        while self.take("&&", "AND"):
            parts.append(self.one())
        pinned = {name: value for part in parts for name, value in part.pinned.items()}
        return Filter(lambda row: all(part.matches(row) for part in parts), pinned)

    def one(self) -> Filter:
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse()
        try:
            if self.take("!", "NOT"):
                inner = self.one()
                return Filter(lambda row: not inner.matches(row))
            if self.take("("):
                group = self.either()
                self.expect(")")
                return group
            return self.comparison()
        finally:
            self.depth -= 1

    def comparison(self) -> Filter:
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            self.refuse()
        left = self.operand()
        sign = _SIGNS.get(self.peek().text, self.peek().text)
        if self.peek().kind is not Kind.SIGN or sign not in _COMPARISONS:
            return Filter(lambda row: _truth(left.read(row)))
        self.position += 1
        right = self.operand()
        return Filter(lambda row: compare(left.read(row), sign, right.read(row)), _pinned(left, sign, right))

    def operand(self) -> _Operand:
        token = self.next()
        found = self.constant(token)
        if found is not None:
            return found
        if token.kind is not Kind.NAME:
            self.refuse(token)
        if token.text.lower() in ("guid", "datetime") and self.peek().text in ("(", "."):
            self.skip_parse()
            return _constant(self.literal(token))
        return self.path(token)

    @staticmethod
    def constant(token: Token) -> _Operand | None:
        if token.kind is Kind.TEXT:
            return _constant(token.text)
        if token.kind is Kind.NUMBER:
            return _constant(Decimal(token.text))
        word = token.text.lower()
        return _constant(_WORDS[word]) if token.kind is Kind.NAME and word in _WORDS else None

    def skip_parse(self) -> None:
        """`DateTime.Parse("…")` is the same as `DateTime("…")`, and so with `Guid`."""
        if self.take("."):
            self.expect("PARSE")

    def literal(self, token: Token) -> object:
        arguments = self.arguments()
        try:
            if token.text.lower() == "guid":
                return UUID(str(arguments[0]))
            if len(arguments) == 1:
                return datetime.fromisoformat(str(arguments[0]))
            numbers = [int(str(argument)) for argument in arguments]
            year, month, day, hour, minute, second = numbers + [0] * (6 - len(numbers))
            return datetime(year, month, day, hour, minute, second)
        except (ValueError, OverflowError, IndexError, TypeError) as error:
            raise QueryParseError(f"'{token.text}' expects other values (at index {token.position})") from error

    def path(self, token: Token) -> _Operand:
        known = self.fields.get(token.text.lower())
        if known is None:
            raise QueryParseError(f"No property or field '{token.text}' exists (at index {token.position})")
        self.named.add(known)
        names = [known]
        operand = _Operand(_nullable_text(known) if known in _NULL_WHEN_EMPTY else _reader(names), path=known)
        steps = 0
        while self.take("."):
            name, steps = self.next(), steps + 1
            if name.kind is not Kind.NAME or steps > DEEPEST:
                self.refuse(name)
            if self.peek().text == "(":
                operand = self.method(operand, name)
            elif name.text.lower() in ("value", "hasvalue"):
                operand = _nullable(operand, name.text.lower())
            else:
                names = [*names, name.text]
                operand = _Operand(_reader(names), path=".".join(names))
        return operand

    def method(self, operand: _Operand, name: Token) -> _Operand:
        arguments = self.arguments()
        method = name.text.lower()
        if method in _TEXT_CHANGES and not arguments:
            change = _TEXT_CHANGES[method]
            return _Operand(lambda row: change(_text(operand.read(row), name)))
        if method in _TEXT_METHODS and len(arguments) == 1 and isinstance(arguments[0], str):
            test, part = _TEXT_METHODS[method], arguments[0].lower()
            return _Operand(lambda row: test(_text(operand.read(row), name).lower(), part))
        raise QueryParseError(f"No applicable method '{name.text}' exists (at index {name.position})")

    def arguments(self) -> list[object]:
        self.expect("(")
        found: list[object] = []
        while self.peek().text != ")" or self.peek().kind is not Kind.SIGN:
            # Only words stand for themselves here: `Guid(Guid(…))` has no bottom.
            operand = self.constant(self.next())
            if operand is None:
                self.refuse()
            found.append(operand.constant)
            if not self.take(","):
                break
        self.expect(")")
        return found

    def peek(self) -> Token:
        return self.tokens[self.position]

    def next(self) -> Token:
        token = self.tokens[self.position]
        self.position = min(self.position + 1, len(self.tokens) - 1)
        return token

    def take(self, *words: str) -> bool:
        token = self.peek()
        if token.kind not in (Kind.SIGN, Kind.NAME) or token.text.upper() not in words:
            return False
        self.position += 1
        return True

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            self.refuse()

    def refuse(self, token: Token | None = None) -> NoReturn:
        at = token or self.peek()
        raise QueryParseError(f"Syntax error '{at.text}' (at index {at.position})")


def _constant(value: object) -> _Operand:
    return _Operand(lambda row: value, constant=value, is_constant=True)


def _pinned(left: _Operand, sign: str, right: _Operand) -> dict[str, object]:
    if sign != "==" or left.path is None or not right.is_constant:
        return {}
    return {left.path: right.constant}


def _reader(names: list[str]) -> Reader:
    def read(row: Row) -> object:
        value: object = row
        for name in names:
            value = member(value, name) if isinstance(value, Mapping) else None
        return value

    return read


def _nullable_text(name: str) -> Reader:
    """A text that is shown as empty and yet is null to filters: methods on it need a guard."""
    return lambda row: row.get(name) or None


def member(value: Row, name: str) -> object:
    """Names are written in any case, as the vendor's own filters take them."""
    if name in value:
        return value[name]
    return next((held for key, held in value.items() if key.lower() == name.lower()), None)


def _nullable(operand: _Operand, name: str) -> _Operand:
    if name == "value":
        return operand
    return _Operand(lambda row: operand.read(row) is not None)


def _text(value: object, method: Token) -> str:
    # A moment is looked at as such or as it is written, by which other fields are asked for.
    if isinstance(value, date) or (isinstance(value, str) and value.startswith("/Date(")):
        raise QueryParseError(f"No applicable method '{method.text}' exists (at index {method.position})")
    if not isinstance(value, str):
        raise QueryParseError(f"Object reference not set for '{method.text}' (at index {method.position})")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise QueryParseError("Expression of type 'Boolean' expected")
    return value


def compare(left: object, sign: str, right: object) -> bool:
    """Compare as the vendor does: text without case, days and moments alike, and null equal to null only."""
    if left is None or right is None:
        if sign in ("==", "!="):
            return (left is right) == (sign == "==")
        return False
    one, other = _comparable(left), _comparable(right)
    if type(one) is not type(other):
        raise QueryParseError(f"Operator '{sign}' incompatible with operand types")
    if isinstance(one, bool) and sign not in ("==", "!="):
        raise QueryParseError(f"Operator '{sign}' incompatible with operand types 'Boolean' and 'Boolean'")
    return _ORDERINGS[sign](one, other)


_ORDERINGS: dict[str, Callable[..., bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}


def _comparable(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.startswith("/Date("):
        value = read_moment(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    return str(value).lower()
