"""What Xero's refusals mean. Pure: statuses, headers and messages in, catalogue words or a connection error out."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from integrations import exact_json
from integrations.ports import (
    AccessLostError,
    Problem,
    ProviderError,
    Refusal,
    Role,
    ThrottledError,
    TokenRefusedError,
)
from integrations.wire import retry_after
from integrations.xero.limits import CONCURRENCY_SECONDS, THROTTLE_SECONDS

#: Only a whole day's wait deserves to be called one.
_DAY_WAIT_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True)
class Rule:
    text: re.Pattern[str]
    catalogue: str
    is_proven: bool
    facts: dict[str, str] = field(default_factory=dict)


@cache
def rules() -> tuple[Rule, ...]:
    """The table of ``errors.toml`` in its order."""
    table = tomllib.loads((Path(__file__).parent / "errors.toml").read_text(encoding="utf-8"))
    return tuple(
        Rule(
            text=re.compile(row["text"], re.IGNORECASE),
            catalogue=row["catalogue"],
            is_proven=row["proven"],
            facts=row.get("facts", {}),
        )
        for row in table["rule"]
    )


def messages(element: Mapping[str, Any], key: str = "ValidationErrors") -> list[str]:
    """Every sentence of one element, its lines included; Xero writes ``Message`` and sometimes ``Description``."""
    found = [str(each.get("Message") or each.get("Description") or "") for each in element.get(key) or []]
    for lines in ("LineItems", "JournalLines"):
        for line in element.get(lines) or []:
            found += messages(line, key)
    return [text for text in found if text]


def refusal(texts: list[str], role: Role) -> Refusal:
    """What an element's sentences prove and say. One that proves nothing makes the whole prove nothing."""
    judged = [_judge(text, role) for text in texts] or [_judge("The answer was an error without a reason.", role)]
    return Refusal(
        problems=tuple(problem for problem, _ in judged), is_proven=all(is_proven for _, is_proven in judged)
    )


def connection_error(status: int, headers: Mapping[str, str], body: bytes) -> ProviderError | None:
    """The error of an answer that speaks of the connection; None when it speaks of the documents."""
    trace_id = headers.get("Xero-Correlation-Id", "")
    if status == 429:
        return _throttled(headers, trace_id)
    if status not in {401, 403}:
        return None
    detail = _detail(body)
    if _lacks_scope(status, headers, detail):
        return AccessLostError(detail, code="CON-06", trace_id=trace_id, status=status)
    if status == 401:
        return TokenRefusedError(detail, trace_id=trace_id, status=status)
    # The organisation is no longer connected, the person's role was lowered, or a trial ran out.
    code = "CON-03" if "AuthenticationUnsuccessful" in detail else "CON-02"
    return AccessLostError(detail, code=code, trace_id=trace_id, status=status)


def _lacks_scope(status: int, headers: Mapping[str, str], detail: str) -> bool:
    """401 by most reports and 403 by Xero's own library; a 403 for a role that is too low has no such header."""
    return (status == 401 and "AuthorizationUnsuccessful" in detail) or (
        "insufficient_scope" in headers.get("WWW-Authenticate", "")
    )


def _throttled(headers: Mapping[str, str], trace_id: str) -> ThrottledError:
    problem = headers.get("X-Rate-Limit-Problem", "").lower()
    default = CONCURRENCY_SECONDS if "concurrent" in problem else THROTTLE_SECONDS
    wait = retry_after(headers)
    seconds = default if wait is None else wait
    daily = "day" in problem or "daily" in problem or seconds >= _DAY_WAIT_SECONDS
    return ThrottledError(problem, seconds=seconds, daily=daily, trace_id=trace_id)


def _detail(body: bytes) -> str:
    try:
        answer = exact_json.loads(body)
    except ValueError:
        return ""
    if not isinstance(answer, dict):
        return ""
    lowered = {str(name).lower(): value for name, value in answer.items()}
    return str(lowered.get("detail") or lowered.get("title") or "")


def _judge(text: str, role: Role) -> tuple[Problem, bool]:
    for rule in rules():
        if match := rule.text.search(text):
            code = "REF-01" if rule.catalogue == "REF-02" and role is Role.BILL else rule.catalogue
            facts = {**rule.facts, **{name: found for name, found in match.groupdict().items() if found}}
            return Problem(code=code, facts=facts, their_words=text), rule.is_proven
    return Problem(code="UNC-01", facts={"why": text}, their_words=text), False
