"""Cutting a `where` text into tokens."""

import re
from dataclasses import dataclass
from enum import Enum, auto


class QueryParseError(ValueError):
    """The `where` or `order` text cannot be understood; its words go to the caller as they are."""


class Kind(Enum):
    TEXT = auto()
    NUMBER = auto()
    NAME = auto()
    SIGN = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    position: int


_TOKEN = re.compile(
    r"""\s*(?:
        "(?P<text>(?:[^"\\]|\\.)*)"
      | (?P<number>-?\d+(?:\.\d+)?)[mMdDfF]?(?![\w.])
      | (?P<name>[A-Za-z_]\w*)
      | (?P<sign>==|!=|<>|>=|<=|&&|\|\||[=<>().,!])
    )""",
    re.VERBOSE,
)


def tokens(query: str) -> list[Token]:
    """All tokens of `query`, closed by one of kind END; what fits no token is refused."""
    found: list[Token] = []
    position = 0
    end = len(query.rstrip())
    while position < end:
        match = _TOKEN.match(query, position)
        if match is None:
            raise QueryParseError(f"Syntax error '{query[position : position + 1]}' (at index {position})")
        found.append(_token(match))
        position = match.end()
    found.append(Token(Kind.END, "", end))
    return found


def _token(match: re.Match[str]) -> Token:
    kind = Kind[str(match.lastgroup).upper()]
    text = match[str(match.lastgroup)]
    if kind is Kind.TEXT:
        text = re.sub(r"\\(.)", r"\1", text)
    return Token(kind, text, match.start())
