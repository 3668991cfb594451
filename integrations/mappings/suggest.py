"""Which of their accounts most likely serves each role, and why we think so. ``best`` is pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from integrations import registry
from integrations.connections.models import Connection
from integrations.mappings.models import MirrorRecord
from integrations.mappings.roles import RoleTerms
from integrations.ports import AccountUse, ListKind, MappingRole


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An account as far as a suggestion looks at it; ``items`` is how many of their items post to it."""

    external_id: str
    name: str
    their_type: str
    use: AccountUse
    items: int = 0


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    external_id: str
    name: str
    reason: str
    confidence: Confidence


def suggestions(connection: Connection) -> Mapping[MappingRole, Suggestion]:
    """One suggestion for each role that has one, from the mirror."""
    accounts = candidates(connection)
    found = {role: best(terms, accounts) for role, terms in registry.roles(connection.provider).items()}
    return {role: suggestion for role, suggestion in found.items() if suggestion is not None}


def candidates(connection: Connection) -> list[Candidate]:
    """Every active account of the mirror, in their order of code and name."""
    live = MirrorRecord.objects.filter(connection=connection, is_active=True)
    posts_to = Counter(live.filter(kind=ListKind.ITEM).values_list("detail", flat=True))
    return [
        Candidate(
            external_id=row.external_id,
            name=row.name,
            their_type=row.their_type,
            use=AccountUse(row.use),
            items=posts_to[row.external_id],
        )
        for row in live.filter(kind=ListKind.ACCOUNT).exclude(use="").order_by("code", "name")
    ]


def best(terms: RoleTerms, accounts: Iterable[Candidate]) -> Suggestion | None:
    """The likeliest account for a role among those that may serve it; None when none may."""
    allowed = [account for account in accounts if account.use in terms.uses]
    ranked = sorted(allowed, key=lambda account: _score(account, terms), reverse=True)
    if not ranked or _is_foreign(ranked[0], terms):
        return None
    return _explain(ranked[0], terms, is_only=len(allowed) == 1)


def _score(account: Candidate, terms: RoleTerms) -> tuple[int, int, int]:
    """Foreign words last, then the strongest word, then use by items."""
    word = _word(account, terms)
    strength = len(terms.words) - terms.words.index(word) if word else 0
    return (0 if _is_foreign(account, terms) else 1, strength, account.items)


def _word(account: Candidate, terms: RoleTerms) -> str:
    text = f"{account.name} {account.their_type}".casefold()
    return next((word for word in terms.words if word in text), "")


def _is_foreign(account: Candidate, terms: RoleTerms) -> bool:
    return any(word in account.name.casefold() for word in terms.foreign_words)


def _explain(account: Candidate, terms: RoleTerms, *, is_only: bool) -> Suggestion | None:
    word = _word(account, terms)
    used = _used(account.items)
    if word and terms.words.index(word) < _strong(terms.words):
        return _suggest(account, f"It says “{word}” and is {terms.kind}{used}.", Confidence.HIGH)
    if word:
        return _suggest(account, f"It says “{word}” and is {terms.kind}{used}.", Confidence.MEDIUM)
    if is_only:
        return _suggest(account, f"It is the only account that is {terms.kind}{used}.", Confidence.LOW)
    return None


def _used(items: int) -> str:
    if not items:
        return ""
    return ", and one of your items posts to it" if items == 1 else f", and {items} of your items post to it"


def _strong(words: Sequence[str]) -> int:
    """The first half of the words leaves no doubt."""
    return (len(words) + 1) // 2 if len(words) > 3 else len(words)


def _suggest(account: Candidate, reason: str, confidence: Confidence) -> Suggestion:
    return Suggestion(external_id=account.external_id, name=account.name, reason=reason, confidence=confidence)
