"""Simple paging: one row more than shown says whether there is a next page, so nothing is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

PAGE_SIZE = 50
#: Further back nobody pages; they filter.
LAST_PAGE = 200


@dataclass(frozen=True, kw_only=True)
class Page[R]:
    rows: Sequence[R]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def page_of(rows: "QuerySet[Any, Any]", number: int) -> Page[Any]:
    wanted = min(max(number, 1), LAST_PAGE)
    start = (wanted - 1) * PAGE_SIZE
    found = list(rows[start : start + PAGE_SIZE + 1])
    return Page(rows=found[:PAGE_SIZE], number=wanted, has_next=len(found) > PAGE_SIZE)
