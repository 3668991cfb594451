"""What an import would do: the good rows as values, the bad ones with every reason. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from rivet.ledger.imports import values
from rivet.ledger.imports.sheets import Row
from rivet.ledger.rules.lines import LineValues
from rivet.money import ZERO

V = TypeVar("V")


@dataclass(frozen=True, kw_only=True)
class BadRow:
    line: int
    cells: Mapping[str, str]
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PartyDraft:
    line: int
    name: str
    contact: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ProjectDraft:
    line: int
    number: str
    name: str
    customer_id: int
    status: str


@dataclass(frozen=True, kw_only=True)
class DocumentDraft:
    """A bill or an invoice with its lines; ``party_id`` is the vendor or the customer."""

    line: int
    number: str
    party_id: int
    party_name: str
    project_id: int | None
    document_date: date
    due_date: date
    memo: str
    lines: tuple[LineValues, ...]

    @property
    def gross(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)


Draft = PartyDraft | ProjectDraft | DocumentDraft


@dataclass(frozen=True, kw_only=True)
class Plan:
    good: list[Draft] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.bad


@dataclass(frozen=True, kw_only=True)
class Known:
    """What Rivet has already, by ``values.key``. Numbers of bills are kept as (vendor id, number)."""

    vendors: Mapping[str, int] = field(default_factory=dict)
    customers: Mapping[str, int] = field(default_factory=dict)
    #: Project number or, where it is unique, name: (project id, customer id).
    projects: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    project_numbers: frozenset[str] = frozenset()
    bills: frozenset[tuple[int, str]] = frozenset()
    invoices: frozenset[str] = frozenset()


class Reader:
    """Reads the cells of one row and gathers every reason why one cannot be used."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.reasons: list[str] = []

    def raw(self, column: str) -> str:
        return self.row.cells.get(column, "")

    def has(self, column: str) -> bool:
        return bool(self.raw(column).strip())

    def required(self, column: str, read: Callable[[str], V]) -> V | None:
        if not self.has(column):
            self.reasons.append(f"{column.capitalize()} is empty. Fill it in.")
            return None
        return self.optional(column, read)

    def optional(self, column: str, read: Callable[[str], V]) -> V | None:
        if not self.has(column):
            return None
        try:
            return read(self.raw(column))
        except ValueError as reason:
            self.reasons.append(f"{column.capitalize()}: {reason}")
            return None

    def text(self, column: str, *, longest: int) -> str:
        return self.optional(column, lambda raw: values.within(values.text(raw), longest=longest)) or ""

    def bad(self) -> BadRow:
        return BadRow(line=self.row.line, cells=self.row.cells, reasons=tuple(self.reasons))


def same_rows(rows: Iterable[Row]) -> dict[int, int]:
    """Lines that repeat an earlier one cell for cell: {line: the earlier line}."""
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    repeated: dict[int, int] = {}
    for row in rows:
        content = tuple(sorted((name, values.key(cell)) for name, cell in row.cells.items()))
        first = seen.setdefault(content, row.line)
        if first != row.line:
            repeated[row.line] = first
    return repeated
