"""The query language: one statement to one SELECT over the store."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sandbox import wire
from sandbox.quickbooks import exchange_rates
from sandbox.quickbooks.company import singleton
from sandbox.quickbooks.faults import ServiceFault
from sandbox.quickbooks.lists.base import ListKind
from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.shapes import TYPES
from sandbox.quickbooks.work import Work, in_utc, moment_key

_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^'\\]|\\.)*')|(?P<op><=|>=|=|<|>)|(?P<mark>[(),*])|(?P<word>[^\s'=<>(),*]+))", re.DOTALL
)
_ID = re.compile(r"-?\d{1,19}")
COLUMNS = {
    "Id": "CAST(id AS INTEGER)",
    "TxnDate": "txn_date",
    "Active": "active",
    "MetaData.CreateTime": "created_at",
    "MetaData.LastUpdatedTime": "updated_at",
}
NOT_QUERYABLE = frozenset(
    {"PrivateNote", "Line", "LinkedTxn", "CustomField", "TxnTaxDetail", "CustomerMemo", "DepartmentRef", "EntityRef"}
)
NOT_QUERYABLE_OF = {("Deposit", "TotalAmt"), ("Customer", "Taxable")}
# What can stand without quotes.
_BARE = re.compile(r"true|false|[-+]?\d+(\.\d+)?", re.IGNORECASE)
NAME_ENTITIES = frozenset(kind.entity for kind in KINDS.values() if isinstance(kind, ListKind))
EMAIL_FIELDS = ("PrimaryEmailAddr", "BillEmail")
REPEATED = {"attachableref.entityref.type": "type", "attachableref.entityref.value": "value"}
# What lies within values that the schemas of the objects do not describe.
INNER = {"Ref": ("value", "name", "type"), "MetaData": ("CreateTime", "LastUpdatedTime")}
RATES = "ExchangeRate"
DEFAULT_PAGE, LARGEST_PAGE = 100, 1000


@dataclass(slots=True)
class Statement:
    entity: str = ""
    fields: list[str] = field(default_factory=list)
    counting: bool = False
    where: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    start: int = 1
    most: int = DEFAULT_PAGE
    asks_active: bool = False
    # For what is kept in no table: property to the values it may have.
    asked: dict[str, list[str]] = field(default_factory=dict)


def run(work: Work, text: str) -> str:
    """The members of the answer's `QueryResponse`, as JSON text. Raises 4000 or 4001."""
    statement = Parser(text).parse()
    work = Work(work.sandbox, work.company, work.now, many=True)
    if statement.entity in ("CompanyInfo", "Preferences"):
        return f'{{"{statement.entity}":[{singleton(work, statement.entity)}],"maxResults":1}}'
    if statement.entity == RATES:
        return _page(RATES, exchange_rates.listed(work, statement.asked), statement)
    kind = KINDS[statement.entity.lower()]
    where = "company=? AND entity=?" + "".join(f" AND {each}" for each in statement.where)
    values = [work.company.id, statement.entity, *statement.values]
    if statement.entity in NAME_ENTITIES and not statement.asks_active:
        where += " AND active=1"
    store = work.sandbox.store
    if statement.counting:
        return f'{{"totalCount":{store.count(where, values)}}}'
    order = ", ".join(statement.order) or _default_order(statement.entity)
    found = store.select(where, values, order=order, limit=statement.most, offset=statement.start - 1)
    if not found:
        return "{}"
    rows = ",".join(_project(kind.present(work, record), statement.fields) for record in found)
    return f'{{"{statement.entity}":[{rows}],"startPosition":{statement.start},"maxResults":{len(found)}}}'


class Parser:
    """Recursive descent over the tokens; every literal becomes a bound value."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens, self.columns, self.unread = _tokens(text)
        self.at = 0
        self.statement = Statement()

    def parse(self) -> Statement:
        """What cannot even be read is judged before what is read."""
        try:
            self._parse()
        except ServiceFault as fault:
            if self.unread and fault.code == "4001":
                raise self._unreadable() from fault
            raise
        return self.statement

    def _parse(self) -> None:
        self._word("select")
        self._fields()
        self._word("from")
        self._entity(self._next())
        self.statement.fields = [self._projected(name) for name in self.statement.fields]
        while self.at < len(self.tokens) or self.unread:
            self._clause(self._next())

    def _clause(self, token: str) -> None:
        word = token.lower()
        if word == "where":
            self._condition()
            while self._peek() == "and":
                self.at += 1
                self._condition()
        elif word in ("orderby", "order"):
            if word == "order":
                self._word("by")
            self._ordering()
        elif word == "startposition":
            self.statement.start = self._number(1, 10**9)
        elif word == "maxresults":
            self.statement.most = min(self._number(1, 10**9), LARGEST_PAGE)
        else:
            raise self._unexpected(token)

    def _fields(self) -> None:
        first = self._next()
        if first.lower() == "count" and self._peek() == "(":
            for wanted in ("(", "*", ")"):
                self._word(wanted)
            self.statement.counting = True
            return
        names = [first]
        while self._peek() == ",":
            self.at += 1
            names.append(self._next())
        self.statement.fields = [] if "*" in names else [name for name in names if name]

    def _entity(self, word: str) -> None:
        if word.lower() in ("companyinfo", "preferences"):
            self.statement.entity = "CompanyInfo" if word.lower() == "companyinfo" else "Preferences"
            return
        if word.lower() == RATES.lower():
            self.statement.entity = RATES
            return
        kind = KINDS.get(word.lower())
        if kind is None:
            raise ServiceFault("4001", f"QueryValidationError: invalid context declaration: {word[:60]}")
        self.statement.entity = kind.entity

    def _projected(self, name: str) -> str:
        """The property a projection names; addresses come with `*` alone."""
        entity = self.statement.entity
        known = spelled(entity, name)
        kind = TYPES.get(entity, {}).get(known.split(".")[0])
        if kind in (None, "PhysicalAddress"):
            raise _unknown(name, entity)
        return known

    def _condition(self) -> None:
        name = self._next()
        if not name[0].isalnum() or name.lower() == "not":
            raise self._unexpected(name)
        operator = self._next().lower()
        if name.casefold() in REPEATED and self.statement.entity == "Attachable":
            self._repeated(REPEATED[name.casefold()], operator)
            return
        name = spelled(self.statement.entity, name)
        column = self._column(name)
        if self.statement.entity == RATES and operator in ("=", "in"):
            found = self._list() if operator == "in" else [self._next()]
            self.statement.asked[name] = [_unquote(each) for each in found]
            return
        if name == "Active":
            self.statement.asks_active = True
        if name == "Id":
            if operator not in ("=", "in"):
                raise ServiceFault("4001", f"QueryValidationError: operator {operator} is not supported for Id")
            column = "id"
        if operator == "in":
            values = [self._value(name, literal) for literal in self._list()]
            self.statement.where.append(f"{column} IN ({','.join('?' * len(values))})")
            self.statement.values.extend(values)
            return
        if operator not in ("=", "<", ">", "<=", ">=", "like"):
            raise self._unexpected(operator)
        value = self._value(name, self._next())
        if operator == "like":
            # Only % is a wildcard to the vendor.
            value = str(value).replace("\\", "\\\\").replace("_", "\\_")
            self.statement.where.append(f"{column} LIKE ? ESCAPE '\\'")
        elif value == " " and operator == "=":
            self.statement.where.append(f"coalesce({column}, ' ') IN (' ', ?)")
            value = ""
        else:
            self.statement.where.append(f"{column} {operator} ?")
        self.statement.values.append(value)

    def _repeated(self, path: str, operator: str) -> None:
        """A condition on any of the references an attachment has."""
        if operator != "=":
            raise self._unexpected(operator)
        held = f"json_extract(held.value, '$.EntityRef.{path}')"
        self.statement.where.append(
            f"EXISTS (SELECT 1 FROM json_each(body, '$.AttachableRef') held WHERE {held} = ? COLLATE NOCASE)"  # noqa: S608  constants only
        )
        self.statement.values.append(_unquote(self._next()))

    def _list(self) -> list[str]:
        self._word("(")
        found = [self._next()]
        while self._peek() == ",":
            self.at += 1
            found.append(self._next())
        self._word(")")
        return found

    def _ordering(self) -> None:
        while True:
            column = self._column(spelled(self.statement.entity, self._next()))
            direction = "ASC"
            if self._peek() in ("asc", "desc"):
                direction = self._next().upper()
            self.statement.order.append(f"{column} {direction}")
            if self._peek() != ",":
                break
            self.at += 1
        self.statement.order.append("seq")

    def _column(self, name: str) -> str:
        entity = self.statement.entity
        root = name.split(".")[0]
        known = TYPES.get(entity, {})
        if root not in known or not re.fullmatch(r"[A-Za-z0-9.]+", name):
            raise _unknown(name, entity)
        if root in NOT_QUERYABLE or (entity, root) in NOT_QUERYABLE_OF:
            raise ServiceFault("4001", f"QueryValidationError: property '{name}' is not queryable")
        if name == "DocNumber" or (name == "PaymentRefNum" and entity == "Payment"):
            return "number"
        if name in COLUMNS:
            return COLUMNS[name]
        path = f"{name}.value" if known[root] == "Ref" and "." not in name else name
        if root in EMAIL_FIELDS and "." not in name:
            path = f"{name}.Address"
        text = f"json_extract(body, '$.{path}')"
        return text if known[root] in ("decimal", "int", "boolean") else f"{text} COLLATE NOCASE"

    def _value(self, name: str, literal: str) -> Any:
        if not literal.startswith("'") and not _BARE.fullmatch(literal):
            raise self._unexpected(literal)
        text = _unquote(literal)
        kind = TYPES[self.statement.entity].get(name)
        if name == "Id":
            return self._id(text)
        if kind == "boolean" or text.lower() in ("true", "false"):
            return int(text.lower() == "true")
        if kind in ("decimal", "int"):
            return _number_or_fault(name, text)
        if name.startswith("MetaData."):
            return moment_key(in_utc(_moment(text)))
        if kind == "date":
            return _moment(text).date().isoformat()
        return text

    def _id(self, text: str) -> str:
        if not _ID.fullmatch(text) and self.statement.entity != "TaxCode":
            words = f"Id should be a valid number. Supplied value:{text[:40]}"
            raise ServiceFault("4001", f"QueryValidationError: {words}")
        return text

    def _number(self, least: int, most: int) -> int:
        token = _unquote(self._next())
        if not re.fullmatch(r"-?\d{1,12}", token):
            raise self._unexpected(token)
        if int(token) < least:
            raise ServiceFault(
                "4001", f"QueryValidationError: value {token} is too small. Min allowed value is {least}"
            )
        return min(int(token), most)

    def _peek(self) -> str:
        return self.tokens[self.at].lower() if self.at < len(self.tokens) else ""

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            if self.unread:
                raise self._unreadable()
            raise ServiceFault("4000", f'QueryParserError: Encountered "<EOF>" at line 1, column {len(self.text)}.')
        self.at += 1
        return self.tokens[self.at - 1]

    def _word(self, wanted: str) -> None:
        token = self._next()
        if token.lower() != wanted:
            raise self._unexpected(token)

    def _unreadable(self) -> ServiceFault:
        return ServiceFault("4000", f"QueryParserError: Lexical error at line 1, column {self.unread}.")

    def _unexpected(self, token: str) -> ServiceFault:
        """This token, read last or not long ago, stands where it cannot."""
        before = range(self.at - 1, -1, -1)
        place = next((i for i in before if self.tokens[i].lower() == token.lower()), self.at - 1)
        token = self.tokens[place]
        kind = "<STRING>" if token.startswith("'") else "<IDENTIFIER>" if token[0].isalnum() else f'"{token}"'
        where = f"at line 1, column {self.columns[place]}."
        detail = f'QueryParserError: Encountered " {kind} "{token[:60]} "" {where}'
        return ServiceFault("4000", detail)


def _page(entity: str, rows: list[str], statement: Statement) -> str:
    """What is asked for of rows that are all at hand."""
    if statement.counting:
        return f'{{"totalCount":{len(rows)}}}'
    shown = rows[statement.start - 1 :][: statement.most]
    if not shown:
        return "{}"
    figures = f'"startPosition":{statement.start},"maxResults":{len(shown)}'
    return f'{{"{entity}":[{",".join(shown)}],{figures}}}'


def spelled(entity: str, path: str) -> str:
    """A property as the schema writes it, however the client does; what nobody knows stays as it is."""
    parts, kind = [], entity
    for part in path.split("."):
        spellings = _spellings(kind)
        name = spellings.get(part.casefold(), part)
        held = TYPES.get(kind, {}).get(name, "")
        kind = held if isinstance(held, str) else held[0]
        kind = "MetaData" if name == "MetaData" else kind
        parts.append(name)
    return ".".join(parts)


@cache
def _spellings(kind: str) -> dict[str, str]:
    names = INNER.get(kind) or tuple(TYPES.get(kind, {}))
    return {name.casefold(): name for name in names}


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


def _unquote(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1]) if literal.startswith("'") else literal


def _number_or_fault(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ServiceFault(
            "4001", f"QueryValidationError: value {text[:40]} of property {name} is not a number"
        ) from None


def _unknown(name: str, entity: str) -> ServiceFault:
    return ServiceFault("4001", f"QueryValidationError: Property {name[:60]} not found for Entity {entity}")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        in_utc(moment)
    except (ValueError, OverflowError):
        raise ServiceFault("4001", f"QueryValidationError: {text[:40]} is not a date and time") from None
    return moment


def _default_order(entity: str) -> str:
    if entity in NAME_ENTITIES:
        names = ("FullyQualifiedName", "DisplayName", "Name")
        return f"coalesce({', '.join(f"json_extract(body, '$.{name}')" for name in names)})"
    return "updated_at DESC, seq DESC"


def _project(text: str, fields: list[str]) -> str:
    if not fields:
        return text
    body = wire.loads(text)
    kept = {name: body[name] for name in fields if name in body}
    return wire.dumps({**kept, **{name: body[name] for name in ("domain", "sparse") if name in body}})
