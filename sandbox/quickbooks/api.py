"""`/v3/company/{realm}/…`: who may enter, how often, and which operation is meant."""

from collections.abc import Callable
from typing import Any

from starlette.types import Receive, Scope, Send

from sandbox import wire
from sandbox.companies import Company
from sandbox.exchange import UNKNOWN, Answer, Call, Refusal, carry_out, read_call
from sandbox.limits import Window
from sandbox.quickbooks import answers, batches, exchange_rates, operations, packed, query, xml_bodies
from sandbox.quickbooks.cdc import changes
from sandbox.quickbooks.company import update as update_singleton
from sandbox.quickbooks.faults import (
    GatewayFault,
    ServiceFault,
    foreign_realm,
    missing,
    switched,
    throttled,
    unauthenticated,
)
from sandbox.quickbooks.lists.taxes import create_code
from sandbox.quickbooks.papers import mail, uploads
from sandbox.quickbooks.papers.attachables import link
from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.replay import Replays, check_key
from sandbox.quickbooks.reports import report
from sandbox.quickbooks.voice import QuickBooksVoice
from sandbox.quickbooks.webhooks import QuickBooksWebhooks
from sandbox.quickbooks.work import Work
from sandbox.world import Sandbox

PER_SECOND = Window("second", 10, 1.0, "rolling")
PER_MINUTE = Window("minute", 500, 60.0, "rolling")
BATCHES = Window("batch", 40, 60.0, "rolling")
# Of everything but uploads: many times the longest document, but not a batch full of those.
LARGEST_BODY = 32 * 1024 * 1024
ACCOUNTING = "com.intuit.quickbooks.accounting"


# What fault rules and counters call a request that is no plain read or write of an entity.
OPERATIONS = {
    ("GET", "query"): "query",
    ("POST", "query"): "query",
    ("POST", "batch"): "batch",
    ("GET", "cdc"): "cdc",
    ("POST", "upload"): "upload",
    ("GET", "reports"): "reports",
    ("POST", "companyinfo"): "update",
    ("POST", "preferences"): "update",
    ("POST", "taxservice"): "create",
    ("POST", "exchangerate"): "update",
}
_HEADS = frozenset({head for _, head in OPERATIONS} | {"download"})
ENTITIES = frozenset({*_HEADS, *(kind.entity for kind in KINDS.values()), UNKNOWN})


class Api:
    """The Accounting API as an ASGI application."""

    def __init__(self, sandbox: Sandbox, webhooks: QuickBooksWebhooks) -> None:
        self.sandbox = sandbox
        self.webhooks = webhooks
        self.replays = Replays()
        self.voice = QuickBooksVoice(sandbox)
        self._special: dict[tuple[str, str], Callable[[Work, Call], str | Answer | None]] = {
            ("GET", "query"): self._query,
            ("POST", "query"): self._query,
            ("POST", "batch"): self._batch,
            ("GET", "cdc"): lambda work, call: changes(work, call.query),
            ("POST", "upload"): self._upload,
            ("GET", "download"): self._download,
            ("GET", "companyinfo"): self._singleton,
            ("GET", "preferences"): self._singleton,
            ("POST", "companyinfo"): self._change_singleton,
            ("POST", "preferences"): self._change_singleton,
            ("GET", "reports"): self._report,
            ("POST", "taxservice"): self._tax_service,
            ("GET", "exchangerate"): lambda work, call: exchange_rates.read(work, call.query),
            ("POST", "exchangerate"): lambda work, call: exchange_rates.write(
                work, self._parsed(call, _read(call, ENTITY_OF.get(call.entity, call.entity)))
            ),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        parts = path.split("/")[3:]
        realm, rest = parts[0], parts[1:]
        most = uploads.LARGEST_UPLOAD if [part.lower() for part in rest] == ["upload"] else LARGEST_BODY
        call = await read_call(
            scope,
            receive,
            most=most,
            provider="quickbooks",
            company=realm,
            operation="",
            entity="",
            context={"rest": rest},
        )
        if "content-encoding" in call.headers:
            _unpack(call, most)
        self._describe(call, rest)
        await carry_out(self.sandbox, call, self.handle, self.voice, scope, receive, send)

    def _describe(self, call: Call, rest: list[str]) -> None:
        """Name operation and entity for faults and counters, before anything is judged."""
        head = rest[0].lower() if rest else ""
        kind = KINDS.get(head)
        if call.method != "POST" or kind is None or len(rest) > 1:
            call.operation = "send" if rest[2:] == ["send"] else OPERATIONS.get((call.method, head), "read")
            # Whatever else the address says, it is one thing: what is counted stays in memory.
            named = head if head in _HEADS else UNKNOWN
            call.entity = "Attachable" if head == "upload" else kind.entity if kind else named
            return
        call.context["given"] = given = _read(call, kind.entity)
        include = frozenset(call.query.get("include", "").split(","))
        call.operation = operations.operation_of(given, call.query.get("operation"), include)
        call.entity = kind.entity
        call.key = kind.key_of(given) if call.operation == "create" else None

    def handle(self, call: Call) -> Answer:
        try:
            return _in_form(call, self._carry_out(call))
        except Refusal as refusal:
            raise Refusal(_in_form(call, refusal.answer)) from refusal

    def _carry_out(self, call: Call) -> Answer:
        now = self.sandbox.clock.now()
        try:
            company = self._admit(call)
            if call.too_long and call.operation != "upload":
                raise Refusal(Answer(status=413, body=TOO_LARGE, media_type="text/html", headers=answers.traces(now)))
            include = frozenset(filter(None, call.query.get("include", "").split(",")))
            work = Work(self.sandbox, company, now, include)
            answer = self._dispatch(work, call)
            if not answer.headers:
                answer.headers = answers.traces(now)
            operations.count(work)
            self.webhooks.notice(company.id, work.noticed)
            return answer
        except ServiceFault as fault:
            raise Refusal(answers.service_fault(fault, now)) from fault
        except GatewayFault as fault:
            if xml_bodies.wanted(call.headers):
                fault.form = "xml"
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
        special = self._special.get((call.method, head))
        found = special(work, call) if special else self._of_entity(work, call, head, rest[1:])
        if found is None:
            where = f"/v3/company/{call.company}/{'/'.join(rest)}"
            full = f"of full path: {self.sandbox.settings.public_url}/quickbooks{where}"
            detail = f"Operation Could not find resource for relative : {where} {full} is not supported."
            raise ServiceFault("500", detail)
        return found if isinstance(found, Answer) else answers.success(found, work.now)

    def _of_entity(self, work: Work, call: Call, head: str, rest: list[str]) -> str | Answer | None:
        if head in KINDS and call.method == "GET" and len(rest) == 1:
            return operations.read(work, head, rest[0])
        if head in KINDS and call.method == "POST" and not rest:
            return self._write(work, call, head)
        if head in KINDS and len(rest) == 2:
            return self._paper(work, call, head, rest)
        return None

    def _paper(self, work: Work, call: Call, head: str, rest: list[str]) -> str | Answer | None:
        """The two things that can be done with a form beside changing it."""
        entity, (id, act) = KINDS[head].entity, rest
        if (call.method, act) not in (("GET", "pdf"), ("POST", "send")):
            return None
        if entity not in (mail.PRINTED if act == "pdf" else mail.SENT):
            return None
        record = operations.find(work, head, id)
        if act == "pdf":
            return Answer(body=mail.printed(work, record), media_type="application/pdf")
        mail.send(work, record, call.query.get("sendTo"))
        return operations.read(work, head, id)

    def _query(self, work: Work, call: Call) -> str:
        if not _is_text(call.body):
            raise ServiceFault("500", MALFORMED)
        text = call.query.get("query") or call.body.decode()
        return f'"QueryResponse":{query.run(work, text)}'

    def _upload(self, work: Work, call: Call) -> str:
        uploads.check_size(call.headers, too_long=call.too_long)
        return uploads.upload(work, uploads.read_parts(call.body, call.headers.get("content-type", "")))

    def _download(self, work: Work, call: Call) -> Answer | None:
        rest: list[str] = call.context["rest"]
        record = work.find("Attachable", rest[1]) if len(rest) == 2 else None
        if record is None or "Size" not in record.body:
            return None
        return Answer(body=link(work, record).encode(), media_type="text/plain")

    def _report(self, work: Work, call: Call) -> Answer | None:
        rest: list[str] = call.context["rest"]
        found = report(work, rest[1], call.query) if len(rest) == 2 else None
        return None if found is None else answers.whole(wire.dumps(found), work.now)

    def _change_singleton(self, work: Work, call: Call) -> str:
        entity = "CompanyInfo" if call.entity == "companyinfo" else "Preferences"
        asked = call.query.get("operation", "update")
        if asked != "update":
            raise ServiceFault("500", f"Unsupported Operation : Operation {asked[:20]} is not supported.")
        update_singleton(work, entity, self._parsed(call, _read(call, ENTITY_OF.get(call.entity, call.entity))))
        return self._singleton(work, call)

    def _tax_service(self, work: Work, call: Call) -> Answer | None:
        if [part.lower() for part in call.context["rest"][1:]] != ["taxcode"]:
            return None
        return answers.whole(
            create_code(work, self._parsed(call, _read(call, ENTITY_OF.get(call.entity, call.entity)))), work.now
        )

    def _singleton(self, work: Work, call: Call) -> str:
        return operations.read(work, call.context["rest"][0].lower(), "1")

    def _write(self, work: Work, call: Call, head: str) -> str | Answer:
        given = self._parsed(call, call.context["given"])
        requestid = call.query.get("requestid")
        key = check_key(requestid) if requestid else None
        purpose = f"{call.operation} {call.entity}"
        earlier = self.replays.find(work, key, purpose) if key else None
        if earlier is not None:
            return earlier
        inner = operations.write(work, KINDS[head], call.operation, given)
        if key:
            self.replays.keep(work, key, purpose, inner)
        return inner

    def _batch(self, work: Work, call: Call) -> str | Answer:
        items = batches.check_batch(self._parsed(call, _read(call, ENTITY_OF.get(call.entity, call.entity))))
        requestid = call.query.get("requestid")
        bids = [str(item.get("bId", "")) for item in items if isinstance(item, dict)]
        key = check_key(requestid, bids=bids) if requestid else None
        earlier = self.replays.find(work, key, "batch") if key else None
        if earlier is not None:
            return earlier
        inner = batches.batch(work, items)
        if key:
            self.replays.keep(work, key, "batch", inner)
        return inner

    def _parsed(self, call: Call, given: Any) -> Any:
        kind = call.headers.get("content-type", "application/json").lower()
        if not kind.startswith(("application/json", *xml_bodies.MEDIA_TYPES)):
            raise ServiceFault("1050", f"Invalid Content Type : {kind[:60]}")
        if given is _UNDECODED:
            raise ServiceFault("500", MALFORMED)
        if given is _BROKEN:
            raise ServiceFault(
                "2010", "Property Name:failed to parse json object; a property specified is unsupported or invalid"
            )
        if not given:
            missing("body")
        return given


_BROKEN, _UNDECODED = object(), object()
MALFORMED = (
    "Operation com.sun.org.apache.xerces.internal.impl.io.MalformedByteSequenceException: "
    "Invalid byte 1 of 1-byte UTF-8 sequence is not supported."
)
# How the root of a body in XML is called where the address does not say it.
ENTITY_OF = {"batch": xml_bodies.BATCH, "companyinfo": "CompanyInfo", "exchangerate": "ExchangeRate"}
REPORT = b'{"Header":{"Time":'
TOO_LARGE = b"<html><head><title>413 Request Entity Too Large</title></head></html>"


def _unpack(call: Call, most: int) -> None:
    """Put the plain body in the place of the packed one; what is too long is judged like any other such body."""
    try:
        call.body = packed.unpacked(call.body, call.headers["content-encoding"], most=most)
    except packed.TooLargeError:
        call.body, call.too_long = b"", True


def _read(call: Call, entity: str) -> Any:
    """The body as plain values, or _BROKEN, or _UNDECODED where it is no UTF-8."""
    try:
        return xml_bodies.load(call.body, entity) if xml_bodies.is_xml(call.headers) else wire.received(call.body)
    except (ValueError, RecursionError):
        return _BROKEN if _is_text(call.body) else _UNDECODED


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _in_form(call: Call, answer: Answer) -> Answer:
    """The answer as the client wants it; what has no envelope is JSON only, but for reports."""
    if answer.body.startswith(REPORT) and xml_bodies.wanted(call.headers):
        answer.body, answer.media_type = xml_bodies.dump_report(answer.body), "application/xml"
        return answer
    enveloped = answer.media_type in (answers.SUCCESS_TYPE, "application/json") and (
        b'"time":"' in answer.body[-60:] or answer.body.startswith(b'{"Fault":')
    )
    if not enveloped or not xml_bodies.wanted(call.headers):
        return answer
    answer.body, answer.media_type = xml_bodies.dump(answer.body), "application/xml"
    return answer


# Company settings that stand for what only the vendor's own staff could cause.
STATES = {
    ("status", "maintenance"): "150",
    ("status", "locked"): "140",
    ("status", "wrong_cluster"): "130",
    ("access", "removed"): "120",
}


def _check_status(company: Company) -> None:
    for (name, value), code in STATES.items():
        if company.settings.get(name) == value:
            raise switched(code)
