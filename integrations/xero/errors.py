"""What Xero's refusals mean. Pure: statuses, headers and messages in, catalogue words or a connection error out."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from integrations import exact_json, refusals
from integrations.ports import AccessLostError, ProviderError, Refusal, Role, ThrottledError, TokenRefusedError
from integrations.refusals import Rule, Said, table
from integrations.wire import retry_after
from integrations.xero.limits import CONCURRENCY_SECONDS, THROTTLE_SECONDS

#: Only a whole day's wait deserves to be called one.
_DAY_WAIT_SECONDS = 3600.0


@cache
def rules() -> tuple[Rule, ...]:
    """The table of ``errors.toml`` in its order."""
    return table(Path(__file__).parent / "errors.toml")


def messages(element: Mapping[str, Any], key: str = "ValidationErrors") -> list[str]:
    """Every sentence of one element, its lines included; Xero writes ``Message`` and sometimes ``Description``."""
    said = exact_json.objects(element.get(key))
    found = [str(each.get("Message") or each.get("Description") or "") for each in said]
    for lines in ("LineItems", "JournalLines"):
        for line in exact_json.objects(element.get(lines)):
            found += messages(line, key)
    return [text for text in found if text]


def refusal(texts: list[str], role: Role, *, number: str = "") -> Refusal:
    """What an element's sentences prove and say; ``number`` is the one it carries."""
    known = {"number": number} if number else {}
    return refusals.refusal(rules(), [Said(words=text) for text in texts], role, known=known)


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
