"""An adapter's table of refusals: their codes and texts in the catalogue's words, and what each one proves. Pure.

The tables are TOML lists of ``[[rule]]``, read in their order; the first match wins:

    code       their codes; left out where the provider has none
    text       regular expression over their words; its named groups become facts
    catalogue  catalogue code, and under the name of a role (``invoice = "DUP-03"``) another one for that role
    proven     seen only when nothing was saved
    facts      what the sentence needs and their words do not say

What is not listed proves nothing: it may have been saved.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from integrations.ports import Problem, Refusal, Role


@dataclass(frozen=True, kw_only=True)
class Rule:
    codes: frozenset[str]
    text: re.Pattern[str]
    catalogue: str
    by_role: Mapping[Role, str]
    is_proven: bool
    facts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Said:
    """One of their reasons: a code, empty where there is none, and their words."""

    words: str
    code: str = ""


def table(path: Path) -> tuple[Rule, ...]:
    """The rules of a table in their order. Raises KeyError or ValueError when the file is not one."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    return tuple(
        Rule(
            codes=frozenset(row.get("code", [""])),
            text=re.compile(row.get("text", ""), re.IGNORECASE),
            catalogue=row["catalogue"],
            by_role={role: row[role.value] for role in Role if role.value in row},
            is_proven=row["proven"],
            facts=row.get("facts", {}),
        )
        for row in rows
    )


def refusal(
    rules: Iterable[Rule], said: Sequence[Said], role: Role, *, known: Mapping[str, str] | None = None
) -> Refusal:
    """What their reasons prove and say. One that proves nothing makes the whole prove nothing.

    ``known`` are facts of the refused document itself; their own words about them go before.
    """
    reasons = said or [Said(words="The answer was an error without a reason.")]
    judged = [_judge(tuple(rules), reason, role, known or {}) for reason in reasons]
    return Refusal(
        problems=tuple(problem for problem, _ in judged), is_proven=all(is_proven for _, is_proven in judged)
    )


def _judge(rules: tuple[Rule, ...], said: Said, role: Role, known: Mapping[str, str]) -> tuple[Problem, bool]:
    for rule in rules:
        match = rule.text.search(said.words)
        if said.code in rule.codes and match:
            told = {name: text for name, text in match.groupdict().items() if text}
            code = rule.by_role.get(role, rule.catalogue)
            facts = {**rule.facts, **known, **told}
            return Problem(code=code, facts=facts, their_words=said.words), rule.is_proven
    return Problem(code="UNC-01", facts={"why": said.words}, their_words=said.words), False
