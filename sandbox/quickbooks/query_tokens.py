"""The words of a statement in the query language, read one after the other."""

import re

from sandbox.quickbooks.faults import ServiceFault

_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^'\\]|\\.)*')|(?P<op><=|>=|=|<|>)|(?P<mark>[(),*])|(?P<word>[^\s'=<>(),*]+))", re.DOTALL
)
LONGEST_STATEMENT = 500_000


class Tokens:
    """Where the reading has got to. Whatever cannot be read raises 4000, a number that is too small 4001."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_STATEMENT:
            raise ServiceFault(
                "4001", f"QueryValidationError: the query is longer than {LONGEST_STATEMENT:,} characters"
            )
        self.text = text
        self.tokens, self.columns, self.unread = _tokens(text)
        self.at = 0

    @property
    def is_over(self) -> bool:
        return self.at >= len(self.tokens) and not self.unread

    def peek(self) -> str:
        return self.tokens[self.at].lower() if self.at < len(self.tokens) else ""

    def skip(self) -> None:
        self.at += 1

    def next(self) -> str:
        if self.at >= len(self.tokens):
            if self.unread:
                raise self.unreadable()
            raise ServiceFault("4000", f'QueryParserError: Encountered "<EOF>" at line 1, column {len(self.text)}.')
        self.at += 1
        return self.tokens[self.at - 1]

    def word(self, wanted: str) -> None:
        token = self.next()
        if token.lower() != wanted:
            raise self.unexpected(token)

    def number(self, least: int, most: int) -> int:
        token = unquoted(self.next())
        if not re.fullmatch(r"-?\d{1,12}", token):
            raise self.unexpected(token)
        if int(token) < least:
            raise ServiceFault(
                "4001", f"QueryValidationError: value {token} is too small. Min allowed value is {least}"
            )
        return min(int(token), most)

    def listed(self) -> list[str]:
        """What stands between two brackets."""
        self.word("(")
        found = [self.next()]
        while self.peek() == ",":
            self.skip()
            found.append(self.next())
        self.word(")")
        return found

    def unreadable(self) -> ServiceFault:
        return ServiceFault("4000", f"QueryParserError: Lexical error at line 1, column {self.unread}.")

    def unexpected(self, token: str) -> ServiceFault:
        """This token, read last or not long ago, stands where it cannot."""
        before = range(self.at - 1, -1, -1)
        place = next((i for i in before if self.tokens[i].lower() == token.lower()), self.at - 1)
        token = self.tokens[place]
        kind = "<STRING>" if token.startswith("'") else "<IDENTIFIER>" if token[0].isalnum() else f'"{token}"'
        where = f"at line 1, column {self.columns[place]}."
        detail = f'QueryParserError: Encountered " {kind} "{token[:60]} "" {where}'
        return ServiceFault("4000", detail)


def _tokens(text: str) -> tuple[list[str], list[int], int]:
    """The tokens, the columns where they begin, and the column of what is none, or 0."""
    found: list[str] = []
    columns: list[int] = []
    position, text = 0, text.rstrip().rstrip(";").rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.end() == position:
            return found, columns, len(text) - len(text[position:].lstrip()) + 1
        group = match.lastgroup or 0
        found.append(match[group])
        columns.append(match.start(group) + 1)
        position = match.end()
    return found, columns, 0


def unquoted(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1]) if literal.startswith("'") else literal
