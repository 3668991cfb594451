"""`/v3/company/{realm}/…`: who may enter, how often, and which operation is meant."""

from typing import Any

from starlette.types import Receive, Scope, Send

from sandbox import wire
from sandbox.companies import Company
from sandbox.exchange import Answer, Call, Refusal, carry_out, read_call
from sandbox.limits import Window
from sandbox.quickbooks import answers, operations, query
from sandbox.quickbooks.cdc import changes
from sandbox.quickbooks.faults import (
    GatewayFault,
    ServiceFault,
    foreign_realm,
    missing,
    throttled,
    unauthenticated,
)
from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.replay import Replays, check_key
from sandbox.quickbooks.voice import QuickBooksVoice
from sandbox.quickbooks.work import Work
from sandbox.world import Sandbox

PER_SECOND = Window("second", 10, 1.0, "rolling")
PER_MINUTE = Window("minute", 500, 60.0, "rolling")
BATCHES = Window("batch", 40, 60.0, "rolling")
LARGEST_BODY = 100 * 1024 * 1024
ACCOUNTING = "com.intuit.quickbooks.accounting"


class Api:
    """The Accounting API as an ASGI application."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.replays = Replays()
        self.voice = QuickBooksVoice(sandbox)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        parts = path.split("/")[3:]
        realm, rest = parts[0], parts[1:]
        call = await read_call(
            scope, receive, provider="quickbooks", company=realm, operation="", entity="", context={"rest": rest}
        )
        self._describe(call, rest)
        await carry_out(self.sandbox, call, self.handle, self.voice, scope, receive, send)

    def _describe(self, call: Call, rest: list[str]) -> None:
        """Name operation and entity for faults and counters, before anything is judged."""
        head = rest[0].lower() if rest else ""
        kind = KINDS.get(head)
        if call.method != "POST" or kind is None:
            call.operation = head if head in ("query", "batch", "cdc", "upload", "reports") else "read"
            call.entity = kind.entity if kind else head
            return
        call.context["given"] = given = _json(call.body)
        include = frozenset(call.query.get("include", "").split(","))
        call.operation = operations.operation_of(given, call.query.get("operation"), include)
        call.entity = kind.entity
        creating = call.operation == "create" and isinstance(given, dict)
        call.key = kind.client_key(given) if creating else None

    def handle(self, call: Call) -> Answer:
        now = self.sandbox.clock.now()
        try:
            company = self._admit(call)
            include = frozenset(filter(None, call.query.get("include", "").split(",")))
            return self._dispatch(Work(self.sandbox, company, now, include), call)
        except ServiceFault as fault:
            raise Refusal(answers.service_fault(fault, now)) from fault
        except GatewayFault as fault:
            raise Refusal(answers.gateway_fault(fault, now)) from fault

    def _admit(self, call: Call) -> Company:
        """Token, realm, company status and limits; raises GatewayFault or ServiceFault."""
        scheme, _, value = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not value:
            raise GatewayFault(
                status=401, name="EmptyField", code="3202", detail="related to oauth_token", kind="AUTHENTICATION"
            )
        token = self.sandbox.grants.find(value.strip(), "access")
        if token is None or token.grant.provider != "quickbooks":
            raise unauthenticated("Malformed bearer token: too short or too long")
        now = self.sandbox.clock.timestamp()
        if token.expires_at <= now or token.ended_at is not None or token.grant.revoked_at is not None:
            raise unauthenticated(f"Token expired: {value[:16]}")
        company = self.sandbox.companies.get(call.company or "")
        if company is None or company.id not in token.grant.companies or ACCOUNTING not in token.grant.scopes:
            raise foreign_realm()
        self._limit(call, f"{company.id}:{token.grant.client_id}")
        _check_status(company)
        return company

    def _limit(self, call: Call, key: str) -> None:
        windows = (PER_SECOND, PER_MINUTE, BATCHES) if call.operation == "batch" else (PER_SECOND, PER_MINUTE)
        if self.sandbox.limits.take(key, windows).exceeded:
            raise throttled()

    def _dispatch(self, work: Work, call: Call) -> Answer:
        rest: list[str] = call.context["rest"]
        head = rest[0].lower() if rest else ""
        if head == "query":
            text = call.query.get("query") or call.body.decode("utf-8", "replace")
            return answers.success(f'"QueryResponse":{query.run(work, text)}', work.now)
        if head == "batch" and call.method == "POST":
            return self._batch(work, call)
        if head == "cdc":
            return answers.success(changes(work, call.query), work.now)
        if head in ("companyinfo", "preferences") and call.method == "GET":
            return answers.success(operations.read(work, head, "1"), work.now)
        if head in KINDS and call.method == "GET" and len(rest) == 2:
            return answers.success(operations.read(work, head, rest[1]), work.now)
        if head in KINDS and call.method == "POST" and len(rest) == 1:
            return self._write(work, call, head)
        where = f"/company/{call.company}/{'/'.join(rest)}"
        raise ServiceFault("500", f"Operation Could not find resource for relative : {where} is not supported.")

    def _write(self, work: Work, call: Call, head: str) -> Answer:
        given = self._parsed(call, call.context["given"])
        requestid = call.query.get("requestid")
        key = check_key(requestid) if requestid else None
        purpose = f"{call.operation} {call.entity}"
        earlier = self.replays.find(work, key, purpose) if key else None
        if earlier is not None:
            return answers.success(earlier, work.now)
        inner = operations.write(work, KINDS[head], call.operation, given)
        if key:
            self.replays.keep(work, key, purpose, inner)
        return answers.success(inner, work.now)

    def _batch(self, work: Work, call: Call) -> Answer:
        items = operations.check_batch(self._parsed(call, _json(call.body)))
        requestid = call.query.get("requestid")
        bids = [str(item.get("bId", "")) for item in items if isinstance(item, dict)]
        key = check_key(requestid, bids=bids) if requestid else None
        earlier = self.replays.find(work, key, "batch") if key else None
        if earlier is not None:
            return answers.success(earlier, work.now)
        inner = operations.batch(work, items)
        if key:
            self.replays.keep(work, key, "batch", inner)
        return answers.success(inner, work.now)

    def _parsed(self, call: Call, given: Any) -> Any:
        kind = call.headers.get("content-type", "application/json").lower()
        if not kind.startswith("application/json"):
            raise ServiceFault("1050", f"Invalid Content Type : {kind[:60]}")
        if given is _BROKEN:
            raise ServiceFault(
                "2010", "Property Name:failed to parse json object; a property specified is unsupported or invalid"
            )
        if not given:
            missing("body")
        return given


_BROKEN = object()


def _json(body: bytes) -> Any:
    try:
        return wire.loads(body)
    except (ValueError, RecursionError):
        return _BROKEN


def _check_status(company: Company) -> None:
    """The company settings `status` and `access` stand for what only the vendor's own staff could cause."""
    status = company.settings.get("status")
    if status == "maintenance":
        raise GatewayFault(
            status=503, name="CompanyUnderMaintenance", code="150", detail=None, kind="SERVICE", form="xml"
        )
    if status == "locked":
        raise GatewayFault(status=403, name="CompanyLockedOut", code="140", detail=None, kind="SERVICE")
    if status == "wrong_cluster":
        raise GatewayFault(
            status=401, name="WrongClusterError: -11017-", code="130", detail=None, kind="SERVICE", form="xml"
        )
    if company.settings.get("access") == "removed":
        raise GatewayFault(
            status=401,
            name="AuthorizationFailure: -11014-You do not have access to use QuickBooks Online Plus.",
            code="120",
            detail=None,
            kind="AUTHORIZATION",
        )
