"""From the text of a query to conditions over the store."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.quickbooks.faults import ServiceFault
from sandbox.quickbooks.query_properties import column, kind_of, projected, spelled
from sandbox.quickbooks.query_tokens import Tokens, unquoted
from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.work import in_utc, moment_key

_ID = re.compile(r"-?\d{1,19}")
# What can stand without quotes.
_BARE = re.compile(r"true|false|[-+]?\d+(\.\d+)?", re.IGNORECASE)
REPEATED = {"attachableref.entityref.type": "type", "attachableref.entityref.value": "value"}
RATES = "ExchangeRate"
# What is asked for besides the entities that are kept as documents.
OTHERS = {name.lower(): name for name in ("CompanyInfo", "Preferences", RATES)}
DEFAULT_PAGE, LARGEST_PAGE = 100, 1000
# The rates of a day are made when it is asked for.
MOST_DAYS = 1000
# SQLite takes no more than 32,766 values and 1,000 conditions.
MOST_VALUES, MOST_CONDITIONS, LONGEST_VALUE = 10_000, 200, 4000


@dataclass(slots=True)
class Statement:
    entity: str = ""
    # Paths such as MetaData.CreateTime; none of them stands for all.
    fields: list[str] = field(default_factory=list)
    counting: bool = False
    where: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    start: int = 1
    most: int = DEFAULT_PAGE
    asks_active: bool = False
    # The days that the rates of currencies are asked for.
    days: list[str] = field(default_factory=list)


class Parser:
    """Recursive descent over the tokens; every literal becomes a bound value. Raises 4000 and 4001."""

    def __init__(self, text: str) -> None:
        self.tokens = Tokens(text)
        self.statement = Statement()

    def parse(self) -> Statement:
        """What cannot even be read is judged before what is read."""
        try:
            self._parse()
        except ServiceFault as fault:
            if self.tokens.unread and fault.code == "4001":
                raise self.tokens.unreadable() from fault
            raise
        return self.statement

    def _parse(self) -> None:
        self.tokens.word("select")
        self._fields()
        self.tokens.word("from")
        self.statement.entity = _entity(self.tokens.next())
        named = dict.fromkeys(projected(self.statement.entity, name) for name in self.statement.fields)
        self.statement.fields = list(named)
        while not self.tokens.is_over:
            self._clause(self.tokens.next())

    def _clause(self, token: str) -> None:
        word = token.lower()
        if word == "where":
            self._condition()
            while self.tokens.peek() == "and":
                self.tokens.skip()
                self._condition()
        elif word in ("orderby", "order"):
            if word == "order":
                self.tokens.word("by")
            self._ordering()
        elif word == "startposition":
            self.statement.start = self.tokens.number(1, 10**9)
        elif word == "maxresults":
            self.statement.most = min(self.tokens.number(1, 10**9), LARGEST_PAGE)
        else:
            raise self.tokens.unexpected(token)

    def _fields(self) -> None:
        first = self.tokens.next()
        if first.lower() == "count" and self.tokens.peek() == "(":
            for wanted in ("(", "*", ")"):
                self.tokens.word(wanted)
            self.statement.counting = True
            return
        names = [first]
        while self.tokens.peek() == ",":
            self.tokens.skip()
            names.append(self.tokens.next())
        self.statement.fields = [] if "*" in names else names

    def _condition(self) -> None:
        tokens, entity = self.tokens, self.statement.entity
        name = tokens.next()
        if not name[0].isalnum() or name.lower() == "not":
            raise tokens.unexpected(name)
        operator = tokens.next().lower()
        if name.casefold() in REPEATED and entity == "Attachable":
            self._repeated(REPEATED[name.casefold()], operator)
            return
        name = spelled(entity, name)
        compared = column(entity, name)
        if name == "Active":
            self.statement.asks_active = True
        if name == "Id":
            if operator not in ("=", "in"):
                raise ServiceFault("4001", f"QueryValidationError: operator {operator} is not supported for Id")
            compared = "id"
        if operator == "in":
            self._one_of(name, compared, tokens.listed())
        elif operator in ("=", "<", ">", "<=", ">=", "like"):
            self._compare(name, compared, operator, tokens.next())
        else:
            raise tokens.unexpected(operator)

    def _one_of(self, name: str, compared: str, literals: list[str]) -> None:
        values = [self._value(name, literal) for literal in literals]
        self._note_days(name, values)
        self._add(f"{compared} IN ({','.join('?' * len(values))})", *values)

    def _compare(self, name: str, compared: str, operator: str, literal: str) -> None:
        value = self._value(name, literal)
        if operator == "like":
            # Only % is a wildcard to the vendor.
            self._add(f"{compared} LIKE ? ESCAPE '\\'", str(value).replace("\\", "\\\\").replace("_", "\\_"))
        elif value == " " and operator == "=":
            self._add(f"coalesce({compared}, ' ') IN (' ', ?)", "")
        else:
            if operator == "=":
                self._note_days(name, [value])
            self._add(f"{compared} {operator} ?", value)

    def _note_days(self, name: str, values: list[Any]) -> None:
        if self.statement.entity == RATES and name == "AsOfDate":
            self.statement.days = list(dict.fromkeys(values))
            if len(self.statement.days) > MOST_DAYS:
                raise ServiceFault("4001", f"QueryValidationError: more than {MOST_DAYS:,} days of exchange rates")

    def _add(self, condition: str, *values: Any) -> None:
        """One more condition; raises 4001 for more than can be judged at once."""
        self.statement.where.append(condition)
        self.statement.values.extend(values)
        if len(self.statement.where) > MOST_CONDITIONS:
            raise ServiceFault("4001", f"QueryValidationError: more than {MOST_CONDITIONS} conditions")
        if len(self.statement.values) > MOST_VALUES:
            raise ServiceFault("4001", f"QueryValidationError: more than {MOST_VALUES:,} values")

    def _repeated(self, path: str, operator: str) -> None:
        """A condition on any of the references an attachment has."""
        if operator != "=":
            raise self.tokens.unexpected(operator)
        held = f"json_extract(held.value, '$.EntityRef.{path}')"
        self._add(
            f"EXISTS (SELECT 1 FROM json_each(body, '$.AttachableRef') held WHERE {held} = ? COLLATE NOCASE)",  # noqa: S608  constants only
            unquoted(self.tokens.next()),
        )

    def _ordering(self) -> None:
        order: dict[str, str] = {}
        while True:
            entity = self.statement.entity
            compared = column(entity, spelled(entity, self.tokens.next()))
            direction = "ASC"
            if self.tokens.peek() in ("asc", "desc"):
                direction = self.tokens.next().upper()
            # Once put in order by a property, rows are not changed by putting them in order by it again.
            order.setdefault(compared, direction)
            if self.tokens.peek() != ",":
                break
            self.tokens.skip()
        self.statement.order = [*(f"{compared} {direction}" for compared, direction in order.items()), "seq"]

    def _value(self, name: str, literal: str) -> Any:
        if not literal.startswith("'") and not _BARE.fullmatch(literal):
            raise self.tokens.unexpected(literal)
        text, kind = unquoted(literal), kind_of(self.statement.entity, name)
        if len(text) > LONGEST_VALUE:
            raise ServiceFault("4001", f"QueryValidationError: a value of property {name} is too long")
        if name == "Id":
            return self._id(text)
        if name.startswith("MetaData."):
            return moment_key(in_utc(_moment(text)))
        if kind == "date":
            return _moment(text).date().isoformat()
        if kind == "boolean" or text.lower() in ("true", "false"):
            return int(text.lower() == "true")
        if kind in ("decimal", "int"):
            return _number_or_fault(name, text)
        return text

    def _id(self, text: str) -> str:
        if not _ID.fullmatch(text) and self.statement.entity != "TaxCode":
            words = f"Id should be a valid number. Supplied value:{text[:40]}"
            raise ServiceFault("4001", f"QueryValidationError: {words}")
        return text


def _entity(word: str) -> str:
    if word.lower() in OTHERS:
        return OTHERS[word.lower()]
    kind = KINDS.get(word.lower())
    if kind is None:
        raise ServiceFault("4001", f"QueryValidationError: invalid context declaration: {word[:60]}")
    return kind.entity


def _number_or_fault(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ServiceFault(
            "4001", f"QueryValidationError: value {text[:40]} of property {name} is not a number"
        ) from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        in_utc(moment)
    except (ValueError, OverflowError):
        raise ServiceFault("4001", f"QueryValidationError: {text[:40]} is not a date and time") from None
    return moment
