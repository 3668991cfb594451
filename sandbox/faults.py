"""Faults that can be switched on, by one mechanism for both providers."""

import itertools
import random
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from sandbox.json_shapes import ANY, BODY, COUNT, NUMBER, TEXT, Schema, complaint, one_of, or_null, shape, table

KINDS = {
    "status": "answer `status` with `body` and `headers`",
    "delay": "wait `seconds`",
    "drop": "close the TCP connection without an answer",
    "half_body": "send half of the answer's body, then close the connection",
    "drip": "send the answer's body one byte every `seconds`",
    "html": "answer an HTML page with `status` (502 unless given)",
    "rate_limit": "answer 429, with Retry-After if `retry_after` is given, as `form` json or xml",
    "unknown_enum": "put a value nobody knows into an enumerated field of the answer",
    "expired_token": "answer as if the access token had expired",
    "invalid_grant": "answer a token request with invalid_grant",
    "code": "answer the vendor's error `code`, as `form` json or xml",
}
MOMENTS = ("before", "after")

# What HTTP can carry in one line.
_HEADER: Schema = {"type": "string", "maxLength": 4000, "pattern": r"^[\t -~]*\Z", "description": "one line of ASCII"}
_HEADER_NAME: Schema = {
    "type": "string",
    "pattern": r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z",
    "description": "the name of a header",
}
# The sandbox counts the body itself.
OWN_HEADERS = ("content-length", "transfer-encoding")
_STATUS: Schema = {"type": "integer", "minimum": 200, "maximum": 599}
_SECONDS: Schema = {**NUMBER, "minimum": 0, "maximum": 3600}
_ACT: dict[str, Schema] = {
    "kind": one_of(*KINDS),
    "when": one_of(*MOMENTS),
    "status": or_null(_STATUS),
    "headers": table(_HEADER, names=_HEADER_NAME),
    "body": ANY,
    "seconds": _SECONDS,
    "retry_after": or_null(COUNT),
    "form": or_null(one_of("json", "xml")),
    "code": {"type": ["string", "integer", "null"]},
    "message": or_null(TEXT),
    "detail": or_null(TEXT),
}
_MATCH: dict[str, Schema] = {
    "provider": or_null(TEXT),
    "company": or_null(TEXT),
    "operation": or_null(TEXT),
    "entity": or_null(TEXT),
    "nth": or_null({"type": "integer", "minimum": 1}),
    "probability": {**NUMBER, "minimum": 0, "maximum": 1},
    "seed": {"type": "integer"},
    "times": or_null(COUNT),
}
# A rule as it is given, and as it is shown.
RULE = shape({**_MATCH, "act": shape(_ACT, title="Act", required=("kind",))}, title="NewRule", required=("act",))
RULE_SHOWN = shape(
    {"id": TEXT, **_MATCH, "matched": COUNT, "fired": COUNT, "act": shape(_ACT, title="ActShown")}, title="Rule"
)


class Words(NamedTuple):
    """What rules may name of one provider."""

    operations: frozenset[str]
    entities: frozenset[str]
    codes: frozenset[str]


class FaultRuleError(ValueError):
    """A rule that cannot be understood; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What happens. `when`: "before" saving (nothing is saved) or "after" (saved, but nobody is told)."""

    kind: str
    when: str = "before"
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    seconds: float = 0.0
    retry_after: int | None = None
    form: str | None = None
    code: str | None = None
    message: str | None = None
    detail: str | None = None


@dataclass(slots=True, kw_only=True)
class Rule:
    """Matches provider, company, operation and entity (None: any); then the nth matching call only, or each
    with a probability from a seeded source; at most `times` times."""

    id: str
    act: Act
    provider: str | None = None
    company: str | None = None
    operation: str | None = None
    entity: str | None = None
    nth: int | None = None
    probability: float = 1.0
    seed: int = 1
    times: int | None = None
    matched: int = 0
    fired: int = 0
    source: random.Random = field(default_factory=random.Random, repr=False)

    def strikes(self, provider: str, company: str | None, operation: str, entity: str) -> bool:
        """Count the call if it matches, and decide."""
        if not self._names(provider, company, operation, entity):
            return False
        self.matched += 1
        if self.times is not None and self.fired >= self.times:
            return False
        if self.nth is not None and self.matched != self.nth:
            return False
        if self.probability < 1.0 and self.source.random() >= self.probability:
            return False
        self.fired += 1
        return True

    def _names(self, *call: str | None) -> bool:
        wanted = (self.provider, self.company, self.operation, self.entity)
        return all(
            want is None or want.casefold() == (have or "").casefold() for want, have in zip(wanted, call, strict=True)
        )

    def shown(self) -> dict[str, Any]:
        names = (
            "id",
            "provider",
            "company",
            "operation",
            "entity",
            "nth",
            "probability",
            "seed",
            "times",
            "matched",
            "fired",
        )
        return {**{name: getattr(self, name) for name in names}, "act": asdict(self.act)}


class Faults:
    """The rules switched on. The first rule that strikes decides; later rules do not count that call."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule] = {}
        self._words: dict[str, Words] = {}
        self._ids = itertools.count(1)

    def learn(self, provider: str, *, operations: Iterable[str], entities: Iterable[str], codes: Iterable[str]) -> None:
        """What rules may name of this provider."""
        self._words[provider] = Words(frozenset(operations), frozenset(entities), frozenset(codes))

    def decide(self, provider: str, company: str | None, operation: str, entity: str) -> Act | None:
        """What to do to this call, or None."""
        if not self.rules:
            return None
        return next(
            (rule.act for rule in self.rules.values() if rule.strikes(provider, company, operation, entity)),
            None,
        )

    def add(self, given: dict[str, Any]) -> Rule:
        """A rule from its JSON form; raises FaultRuleError."""
        trouble = complaint(given, RULE, BODY)
        if trouble:
            raise FaultRuleError(trouble)
        act = Act(**{**given["act"], **_as_text("code", given["act"])})
        self._check_words(given, act)
        rule = Rule(**{**given, "act": act, "id": str(next(self._ids))})
        rule.source = random.Random(rule.seed)  # noqa: S311  repeatable on purpose
        self.rules[rule.id] = rule
        return rule

    def remove(self, id: str) -> bool:
        return self.rules.pop(id, None) is not None

    def clear(self) -> None:
        self.rules.clear()

    def _check_words(self, given: dict[str, Any], act: Act) -> None:
        """A rule with a word that nobody uses would wait for ever."""
        if any(name.lower() in OWN_HEADERS for name in act.headers):
            raise FaultRuleError(f"act.headers cannot have {' or '.join(OWN_HEADERS)}.")
        provider = given.get("provider")
        if provider is not None and provider not in self._words:
            raise FaultRuleError(f"provider is one of {', '.join(self._words)}.")
        known = [words for name, words in self._words.items() if provider in (None, name)]
        operations = sorted(frozenset().union(*(words.operations for words in known)))
        if given.get("operation") is not None and given["operation"].lower() not in operations:
            raise FaultRuleError(f"operation is one of {', '.join(operations)}.")
        entities = frozenset().union(*(words.entities for words in known))
        if given.get("entity") is not None and given["entity"].casefold() not in map(str.casefold, entities):
            raise FaultRuleError(f"entity is one of {', '.join(sorted(entities, key=str.casefold))}, or left out.")
        codes = sorted(frozenset().union(*(words.codes for words in known)))
        if act.kind == "code" and act.code not in codes:
            raise FaultRuleError(f"act.code is one of {', '.join(codes)}.")


def _as_text(name: str, given: dict[str, Any]) -> dict[str, str]:
    """A code that was given as a number, as every place that reads it expects it."""
    return {name: str(given[name])} if isinstance(given.get(name), int) else {}
