"""Reading one element of a request: names in any case, numbers and booleans as text, nulls as absent."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sandbox.wire import Body
from sandbox.xero import messages
from sandbox.xero.amounts import UnreadableNumberError, read_number
from sandbox.xero.dates import UnreadableDateError, read_day
from sandbox.xero.errors import InvalidError, PostDataError

EMPTY_GUID = "00000000-0000-0000-0000-000000000000"
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
UNREADABLE = "JSON for post data was invalid"


class _Folded(dict[str, str]):
    """The names readers ask for in lower case, folded once: every line of every document asks for a dozen."""

    def __missing__(self, name: str) -> str:
        low = self[name] = name.lower()
        return low


_LOW = _Folded()


@cache
def _by_low(words: tuple[str, ...] | frozenset[str]) -> dict[str, str]:
    return {word.lower(): word for word in words}


class Problems:
    """Sentences about one element, gathered so that all of them are answered at once."""

    def __init__(self) -> None:
        # In the order in which they were found; thousands of lines may each have one of their own.
        self.sentences: dict[str, None] = {}
        self.warnings: list[str] = []

    def add(self, sentence: str) -> None:
        self.sentences[sentence] = None

    def warn(self, sentence: str) -> None:
        self.warnings.append(sentence)

    def stop(self, echo: Callable[[], Body] | None = None) -> None:
        """Raise InvalidError if anything was found; only then is the `echo` made."""
        if self.sentences:
            raise InvalidError(*self.sentences, echo=echo() if echo else None)


class Fields:
    """One JSON object. Every reader returns None for a field that is absent or null.

    Readers raise PostDataError for a value of the wrong kind, which refuses the whole call.
    """

    __slots__ = ("_folded", "element", "problems")

    def __init__(self, element: object, problems: Problems) -> None:
        if not isinstance(element, dict):
            raise PostDataError(f"{UNREADABLE},Could not convert {type(element).__name__} to an object.")
        self.element: Body = element
        self.problems = problems
        self._folded = {key.lower(): value for key, value in element.items()}

    def raw(self, name: str) -> Any:
        return self._folded.get(_LOW[name])

    def __contains__(self, name: str) -> bool:
        return self.raw(name) is not None

    def text(self, name: str, *, limit: int | None = None) -> str | None:
        value = self.raw(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise PostDataError(f"{UNREADABLE},Could not convert to string. Path '{name}'")
        text = str(value)
        if limit is not None and len(text) > limit:
            self.problems.add(messages.too_long(name, limit))
        return text

    def stripped(self, name: str, *, limit: int | None = None) -> str | None:
        value = self._folded.get(_LOW[name])
        if value is None:
            return None
        text = value if type(value) is str and limit is None else self.text(name, limit=limit)
        return None if text is None else text.strip()

    def number(self, name: str) -> Decimal | None:
        value = self._folded.get(_LOW[name])
        if value is None or value == "":
            return None
        try:
            return read_number(value)
        except UnreadableNumberError as error:
            raise PostDataError(f"{UNREADABLE},Could not convert string to decimal: {value}. Path '{name}'") from error

    def day(self, name: str) -> date | None:
        value = self.raw(name)
        if value is None or value == "":
            return None
        try:
            return read_day(value)
        except UnreadableDateError as error:
            raise PostDataError(f"{UNREADABLE},Could not convert string to DateTime: {value}. Path '{name}'") from error

    def boolean(self, name: str) -> bool | None:
        value = self.raw(name)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise PostDataError(f"{UNREADABLE},Could not convert to boolean: {value}. Path '{name}'")

    def choice(self, name: str, allowed: tuple[str, ...] | frozenset[str]) -> str | None:
        """One of a closed set, in any case; another word refuses the call, as the vendor's enums do."""
        text = self.stripped(name)
        if not text:
            return None
        word = _by_low(allowed).get(text.lower())
        if word is None:
            raise PostDataError(f"{UNREADABLE},Error converting value \"{text}\". Path '{name}'")
        return word

    def identifier(self, name: str) -> str | None:
        """A GUID in lower case; the empty GUID counts as absent."""
        text = self.stripped(name)
        if not text:
            return None
        if _GUID.fullmatch(text):
            return text.lower() if text != EMPTY_GUID else None
        try:
            value = UUID(text)
        except ValueError as error:
            raise PostDataError(f"{UNREADABLE},Could not convert string to Guid: {text}. Path '{name}'") from error
        return None if value.int == 0 else str(value)

    def inner(self, name: str) -> "Fields | None":
        value = self.raw(name)
        return None if value is None else Fields(value, self.problems)

    def each(self, name: str) -> Iterator["Fields"]:
        """The objects of a list; nothing when the field is absent."""
        for value in self.items(name) or ():
            yield Fields(value, self.problems)

    def items(self, name: str) -> list[Any] | None:
        value = self.raw(name)
        if value is None:
            return None
        if isinstance(value, dict):
            # A single object where a list belongs is taken as a list of one.
            return [value]
        if not isinstance(value, list):
            raise PostDataError(f"{UNREADABLE},Could not convert to a list. Path '{name}'")
        return value


def is_web_address(text: str) -> bool:
    """Whether a browser could be sent there."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
