"""Faults that can be switched on, by one mechanism for both providers."""

import itertools
import random
from dataclasses import asdict, dataclass, field
from typing import Any

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
    form: str = "json"
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
        wanted = (self.provider, self.company, self.operation, self.entity)
        if any(
            want is not None and want != have
            for want, have in zip(wanted, (provider, company, operation, entity), strict=True)
        ):
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
        self._ids = itertools.count(1)

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
        act = _act(given.get("act"))
        unknown = set(given) - {
            "provider",
            "company",
            "operation",
            "entity",
            "nth",
            "probability",
            "seed",
            "times",
            "act",
        }
        if unknown:
            raise FaultRuleError(f"A rule has no {', '.join(sorted(unknown))}.")
        rule = Rule(**{**given, "act": act, "id": str(next(self._ids))})
        if not 0 <= rule.probability <= 1:
            raise FaultRuleError("probability lies between 0 and 1.")
        rule.source = random.Random(rule.seed)  # noqa: S311  repeatable on purpose
        self.rules[rule.id] = rule
        return rule

    def remove(self, id: str) -> bool:
        return self.rules.pop(id, None) is not None

    def clear(self) -> None:
        self.rules.clear()


def _act(given: Any) -> Act:
    if not isinstance(given, dict) or given.get("kind") not in KINDS:
        raise FaultRuleError(f"act.kind is one of {', '.join(KINDS)}.")
    if given.get("when", "before") not in MOMENTS:
        raise FaultRuleError("act.when is before or after.")
    unknown = set(given) - set(Act.__dataclass_fields__)
    if unknown:
        raise FaultRuleError(f"An act has no {', '.join(sorted(unknown))}.")
    return Act(**given)
