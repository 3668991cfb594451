"""Who may come in: token, organisation, scope, role, limits, in the order the vendor asks."""

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sandbox.companies import Company
from sandbox.exchange import Answer, Call
from sandbox.grants import Token
from sandbox.limits import Window
from sandbox.world import Sandbox
from sandbox.xero import answers
from sandbox.xero.connections import is_custom, may_reach
from sandbox.xero.scopes import living, opens

MINUTE_LIMIT, DAY_LIMIT, APP_MINUTE_LIMIT, CONCURRENT_LIMIT = 60, 5000, 10_000, 5


@dataclass(slots=True)
class Visitor:
    """Who calls, and for which organisation."""

    token: Token
    company: Company


class TurnedAwayError(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def _presented(sandbox: Sandbox, call: Call) -> Token | None:
    kind, _, value = call.headers.get("authorization", "").partition(" ")
    return sandbox.grants.find(value.strip(), "access") if kind.lower() == "bearer" else None


def places_of(sandbox: Sandbox, call: Call) -> str:
    """Whose few places for calls in flight a call takes: those of its application in its organisation."""
    token = _presented(sandbox, call)
    return f"xero:{token.grant.client_id if token else ''}:{call.company or ''}"


def tenant_of(sandbox: Sandbox, call: Call) -> str:
    """The organisation a call names, or the only one of a custom connection, which need not name it."""
    named = call.headers.get("xero-tenant-id")
    if named is not None:
        return named.lower()
    token = _presented(sandbox, call)
    return token.grant.companies[0] if token and is_custom(token.grant) and token.grant.companies else ""


def bearer(sandbox: Sandbox, call: Call, *, even_revoked: bool = False) -> Token:
    """The living access token of a call; raises TurnedAwayError."""
    token = _presented(sandbox, call)
    if token is None or token.grant.provider != "xero":
        raise TurnedAwayError(answers.unknown_token())
    if token.expires_at <= sandbox.clock.timestamp():
        raise TurnedAwayError(answers.expired_token(datetime.fromtimestamp(token.expires_at, UTC)))
    if not even_revoked and (token.ended_at is not None or token.grant.revoked_at is not None):
        raise TurnedAwayError(answers.wrong_tenant())
    return token


def admit(sandbox: Sandbox, call: Call, resource: str, *, writing: bool, attachments: bool) -> Visitor:
    """Let a call of the Accounting API in; raises TurnedAwayError."""
    token = bearer(sandbox, call)
    company = sandbox.companies.get(tenant_of(sandbox, call))
    if company is None or company.provider != "xero" or not may_reach(token.grant, company.id):
        raise TurnedAwayError(answers.wrong_tenant())
    scopes = living(frozenset(token.data.get("scopes", token.grant.scopes)), sandbox.clock.now().date())
    if not opens(scopes, resource, writing=writing, attachments=attachments):
        raise TurnedAwayError(answers.missing_scope(company.settings.get("missing_scope_status", 401)))
    if resource.split("/")[0] in (name.lower() for name in company.settings.get("forbidden_resources", [])):
        raise TurnedAwayError(answers.role_too_low())
    return Visitor(token, company)


def count(sandbox: Sandbox, visitor: Visitor) -> tuple[Answer | None, dict[str, str]]:
    """Take one call from every quota: a 429 if one is used up, and the headers every answer carries."""
    company, client_id = visitor.company, visitor.token.grant.client_id
    style: Literal["fixed", "rolling"] = "rolling" if company.settings.get("limit_style") == "rolling" else "fixed"
    # Each organisation's windows begin at a moment of their own.
    offset = zlib.crc32(company.id.encode()) % 86_400
    day_limit = int(company.settings.get("day_limit", DAY_LIMIT))
    own = sandbox.limits.take(
        f"xero:{client_id}:{company.id}",
        [
            Window("minute", MINUTE_LIMIT, 60, style, offset % 60),
            Window("day", day_limit, 86_400, style, offset),
        ],
    )
    app = sandbox.limits.take(f"xero:{client_id}", [Window("appminute", APP_MINUTE_LIMIT, 60)])
    headers = {
        "X-DayLimit-Remaining": str(own.remaining["day"]),
        "X-MinLimit-Remaining": str(own.remaining["minute"]),
        "X-AppMinLimit-Remaining": str(app.remaining["appminute"]),
        "Xero-Tenant-Id": company.id,
    }
    for verdict in (own, app):
        if verdict.exceeded:
            return answers.too_many(verdict.exceeded, verdict.retry_after), headers
    return None, headers
