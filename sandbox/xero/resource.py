"""What a resource of the Accounting API is, if it is a list of records."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero.desk import Desk
from sandbox.xero.fields import Fields

type Pin = Callable[[str], tuple[str, Any]]
"""From the value a filter demands to a column and the value it holds."""

type Sifter = tuple[str, Callable[[str], str]]
"""A condition on columns that a parameter of its own name makes of its value."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """`path` is the lower-case plural in the address, `key` the name of the id, `by` finds one by its own number.

    `show` takes (desk, record, detail, fresh): `fresh` is the answer of a write, which most documents repeat when
    they are read by themselves, and what is not `alike` does not. `lean` lists leave lines out unless a page was
    asked for. `seeks` are parameters that look for what a shown field holds.
    """

    path: str
    plural: str
    entity: str
    key: str
    save: Callable[[Desk, Fields, str], Record]
    show: Callable[[Desk, Record, bool, bool], Body]
    fields: frozenset[str]
    by: Callable[[Desk, str], Record | None] = lambda desk, text: None
    delete: Callable[[Desk, Record], Body] | None = None
    pins: dict[str, Pin] = field(default_factory=dict)
    filters: dict[str, Sifter] = field(default_factory=dict)
    seeks: dict[str, str] = field(default_factory=dict)
    paged: bool = True
    always_paged: bool = False
    lean: bool = False
    hides_inactive: bool = False
    has_attachments: bool = True
    one_at_a_time: bool = False
    names_maker: bool = False
    alike: bool = True
    counts_pages: bool = True


def names_of(words: str) -> frozenset[str]:
    """The fields that filters and orders may name, from one line of them."""
    return frozenset(words.split())


def in_column(column: str, change: Callable[[str], str] = str) -> Pin:
    """The value as a column holds it."""
    return lambda text: (column, change(text))


def first_of(records: list[Record]) -> Record | None:
    return records[0] if records else None
