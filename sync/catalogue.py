"""The catalogue of exceptions: words, remedies and how each is retried, from ``catalogue.toml``."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from integrations.connections.models import FactKind
from integrations.ports import Problem

_USUAL_CAUSES = ("account", "party", "role")


class Retry(StrEnum):
    """How an exception goes on (``docs/reference/exceptions.md`` explains each)."""

    NONE = "R0"
    BACKOFF = "R1"
    PROVIDER_CLOCK = "R2"
    BUDGET = "R3"
    EVENT = "R4"
    VERIFY = "R5"
    HEAL_ONCE = "R6"


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """One kind of exception as people read it."""

    code: str
    title: str
    #: One sentence with ``{facts}``; unknown facts read as a blank line would, so every fact has a default.
    sentence: str
    remedy: str
    #: The label of the one button that helps, and where it leads: a place the pages know how to link.
    action: str
    place: str
    retry: Retry
    #: ``me`` (bookkeeper), ``owner``, ``accountant``, ``rivet`` or ``nobody``.
    who: str
    #: Facts that let a rejected entry go again by itself.
    freed_by: frozenset[FactKind]
    #: The facts that tell one cause from another: all bills of a vendor that is not linked wait for one click.
    causes: tuple[str, ...]
    #: Refused by them although nothing was wrong with it here: our copy of their lists is out of date.
    reads_lists: bool


class _Blank(defaultdict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


@cache
def exhibits() -> Mapping[str, Exhibit]:
    """Every kind by code."""
    rows = tomllib.loads((Path(__file__).parent / "catalogue.toml").read_text(encoding="utf-8"))
    return {code: _exhibit(code, row) for code, row in rows.items()}


def _exhibit(code: str, row: Mapping[str, object]) -> Exhibit:
    freed_by = row.get("freed_by", [])
    if not isinstance(freed_by, list):
        raise TypeError(f"{code}: freed_by must be a list")
    return Exhibit(
        code=code,
        title=str(row["title"]),
        sentence=str(row.get("sentence", row["title"])),
        remedy=str(row["remedy"]),
        action=str(row.get("action", "")),
        place=str(row.get("place", "")),
        retry=Retry(str(row["retry"])),
        who=str(row["who"]),
        freed_by=frozenset(FactKind(name) for name in freed_by),
        causes=_USUAL_CAUSES if row.get("one_place") is not True else (),
        reads_lists=row.get("reads_lists") is True,
    )


def exhibit(code: str) -> Exhibit:
    """The kind of ``code``; a code nobody wrote down reads as the catch-all, so that no page breaks on it."""
    return exhibits().get(code) or exhibits()["SYS-01"]


def describe(problem: Problem) -> str:
    """The sentence for people: the catalogue's words filled with the problem's facts."""
    return exhibit(problem.code).sentence.format_map(_Blank(str, problem.facts)).strip()


def cause_key(problem: Problem) -> str:
    """Equal for exceptions that one fix mends: the code and the facts that name the cause."""
    causes = exhibit(problem.code).causes
    return ":".join([problem.code, *(problem.facts[name] for name in causes if name in problem.facts)])[:200]
