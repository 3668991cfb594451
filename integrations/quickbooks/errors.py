"""What QuickBooks' refusals mean. Pure: bytes and a status in, catalogue words or a connection error out.

Faults come in four shapes: the service's JSON, the gateway's JSON in lower case, the gateway's XML, and bodies that
are no fault at all.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from integrations import exact_json, refusals
from integrations.ports import AccessLostError, ProviderError, Refusal, Role, ThrottledError, TokenRefusedError
from integrations.quickbooks.limits import MAINTENANCE_SECONDS, THROTTLE_SECONDS
from integrations.refusals import Rule, Said, table

#: Codes that speak of the connection and not of the document, with the catalogue code of each.
_ACCESS_CODES = {"120": "CON-02", "3100": "CON-03", "6190": "CON-05"}
#: The company is being moved, locked or mended: refused unread.
_AWAY_CODES = frozenset({"130", "140", "150"})
_GATEWAY_CODE = re.compile(r"errorCode=(\d+)")
#: A fault longer than this is not one; and no answer of theirs declares entities.
_LONGEST_FAULT = 100_000


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One error of an answer: code without leading zeros, and their words."""

    code: str
    message: str
    detail: str

    @property
    def words(self) -> str:
        """Message and detail as one text, without saying the same twice."""
        detail = self.detail.removeprefix(self.message).lstrip(" :")
        return f"{self.message}: {detail}" if detail else self.message


@cache
def rules() -> tuple[Rule, ...]:
    """The table of ``errors.toml`` in its order."""
    return table(Path(__file__).parent / "errors.toml")


def faults(body: bytes) -> list[Fault]:
    """The faults of an answer in any of its shapes; empty when it holds none."""
    try:
        return _in_json(exact_json.loads(body))
    except ValueError:
        return _in_xml(body)


def refusal(found: list[Fault], role: Role) -> Refusal:
    """What a document's faults prove and say."""
    return refusals.refusal(rules(), [Said(code=fault.code, words=fault.words) for fault in found], role)


def connection_error(
    status: int, found: list[Fault], *, trace_id: str, retry_after: float | None
) -> ProviderError | None:
    """The error of an answer that speaks of the connection; None when it speaks of the document."""
    codes = {fault.code for fault in found}
    words = "; ".join(fault.words for fault in found)
    if status == 429 or "3001" in codes:
        return ThrottledError(words, seconds=retry_after or THROTTLE_SECONDS, trace_id=trace_id)
    if codes & _AWAY_CODES:
        return ThrottledError(words, seconds=retry_after or MAINTENANCE_SECONDS, trace_id=trace_id)
    for code in codes & _ACCESS_CODES.keys():
        return AccessLostError(words, code=_ACCESS_CODES[code], trace_id=trace_id, status=status)
    if status == 401:
        return TokenRefusedError(words, trace_id=trace_id, status=status)
    if status == 403:
        return AccessLostError(words, code="CON-03", trace_id=trace_id, status=status)
    return None


def _in_json(answer: Any) -> list[Fault]:
    if not isinstance(answer, dict):
        return []
    lowered = {str(name).lower(): value for name, value in answer.items()}
    holder = lowered.get("fault")
    if not isinstance(holder, dict):
        return []
    errors = {str(name).lower(): value for name, value in holder.items()}.get("error")
    return [_fault({str(name).lower(): value for name, value in each.items()}) for each in exact_json.objects(errors)]


def _in_xml(body: bytes) -> list[Fault]:
    if b"<Fault" not in body or b"<!DOCTYPE" in body or len(body) > _LONGEST_FAULT:
        return []
    try:
        tree = ElementTree.fromstring(body)  # noqa: S314 - no document type is let in, and the size is bounded
    except ElementTree.ParseError:
        return []
    errors = [node for node in tree.iter() if node.tag.endswith("}Error") or node.tag == "Error"]
    return [
        _fault(
            {
                "code": node.get("code", ""),
                **{child.tag.rpartition("}")[2].lower(): child.text or "" for child in node},
            }
        )
        for node in errors
    ]


def _fault(error: dict[str, Any]) -> Fault:
    message, detail = str(error.get("message") or ""), str(error.get("detail") or "")
    named = _GATEWAY_CODE.search(message)
    code = named.group(1) if named else str(error.get("code") or "")
    return Fault(code=code.lstrip("0"), message=message, detail=detail)
