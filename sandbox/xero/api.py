"""The Accounting API: from an address and a method to an answer."""

from collections import Counter
from collections.abc import Callable

from starlette.types import Receive, Scope, Send

from sandbox.exchange import Answer, Call, carry_out, read_call
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.world import Sandbox
from sandbox.xero import answers, extras, gate, listing, messages, pdf, quotes, wire, writing
from sandbox.xero.client_keys import element_key, record_key
from sandbox.xero.desk import Desk
from sandbox.xero.errors import (
    InvalidError,
    MediaTypeError,
    MissingError,
    PostDataError,
    PreconditionError,
    TooLargeError,
    UnsupportedError,
    XeroError,
)
from sandbox.xero.fields import UNREADABLE
from sandbox.xero.gate import TurnedAwayError, Visitor
from sandbox.xero.idempotency import Replies, key_of
from sandbox.xero.organisation import organisation_of
from sandbox.xero.parts import ATTACHMENT_BYTES, PARTS, Below, alone, answer_part
from sandbox.xero.paths import Place, parse_path
from sandbox.xero.query_tokens import QueryParseError
from sandbox.xero.resource import Resource
from sandbox.xero.resources import RESOURCES
from sandbox.xero.voice import XeroVoice
from sandbox.xero.webhooks import XeroWebhooks
from sandbox.xero.xml_answers import in_xml, wants_json
from sandbox.xero.xml_bodies import FORM, MEDIA_TYPES, UnreadableXmlError, load_xml, xml_of_form

_OPERATIONS = {"PUT": "create", "POST": "update", "DELETE": "delete"}
UNKNOWN = "Unknown"
_RESOURCE_NAMES = {name: name.title() for name in extras.NAMES} | {
    resource.path: resource.entity for resource in RESOURCES.values()
}
_PART_NAMES = {name: name.title() for name in (*PARTS, "paymentservices")}
ENTITIES = frozenset({*_RESOURCE_NAMES.values(), *_PART_NAMES.values(), UNKNOWN})
_BODY_LIMIT = 10 * 1024 * 1024


class AccountingApi:
    def __init__(self, sandbox: Sandbox, voice: XeroVoice, webhooks: XeroWebhooks) -> None:
        self.sandbox = sandbox
        self.voice = voice
        self.webhooks = webhooks
        self.keys_in_use: Counter[tuple[str, str]] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        most = max(_BODY_LIMIT, ATTACHMENT_BYTES)
        call = await read_call(
            scope, receive, most=most, provider="xero", company=None, operation="read", entity=UNKNOWN
        )
        call.path = path
        call.query = {name.lower(): value for name, value in call.query.items()}
        place = parse_path(path)
        self._describe(call, place)
        places = gate.places_of(self.sandbox, call)
        key = (call.company or "", key_of(call) or "")
        call.context["key in use"] = bool(key[1] and self.keys_in_use[key])
        self.keys_in_use[key] += 1
        crowded = not self.sandbox.limits.enter(places, gate.CONCURRENT_LIMIT)
        try:
            await carry_out(
                self.sandbox,
                call,
                lambda call: self._handle(call, place, crowded=crowded),
                self.voice,
                scope,
                receive,
                send,
            )
        finally:
            self.keys_in_use -= Counter([key])
            if not crowded:
                self.sandbox.limits.leave(places)

    def _describe(self, call: Call, place: Place | None) -> None:
        """What counters and fault rules know the call by."""
        tenant = gate.tenant_of(self.sandbox, call)
        call.company = tenant if self.sandbox.companies.get(tenant) else None
        if place is None:
            return
        name = place.part or place.resource
        # Whatever else the address says, it is one thing: what is counted stays in memory.
        call.entity = (_PART_NAMES if place.part else _RESOURCE_NAMES).get(name, UNKNOWN)
        reading = "read" if place.id else "query"
        call.operation = _OPERATIONS.get(call.method, reading)

    def _handle(self, call: Call, place: Place | None, *, crowded: bool) -> Answer:
        trace = answers.new_trace()
        headers: dict[str, str] = {}
        try:
            answer, headers = self._admitted(call, place, trace, crowded=crowded)
            if answer.media_type in (answers.JSON, answers.BARE_JSON) and not wants_json(
                call.headers.get("accept", "")
            ):
                answer = answer if _is_download(call, place) else in_xml(answer, _kind(place))
        except TurnedAwayError as error:
            answer = error.answer
        answer.headers = {
            **answer.headers,
            **headers,
            "Xero-Correlation-Id": trace,
            **answers.UNCACHED,
        }
        return answer

    def _admitted(self, call: Call, place: Place | None, trace: str, *, crowded: bool) -> tuple[Answer, dict[str, str]]:
        writing_call = call.method not in ("GET", "HEAD")
        attachments = bool(place and place.part == "attachments")
        resource = place.resource if place else ""
        if resource not in RESOURCES and resource not in extras.NAMES:
            gate.bearer(self.sandbox, call)
            return answers.not_found(), {}
        known = "organisation" if resource == "organisations" else resource
        if place is not None and resource == "reports":
            known = f"reports/{(place.id or '').lower()}"
        visitor = gate.admit(self.sandbox, call, known, writing=writing_call, attachments=attachments)
        if crowded:
            return answers.too_many("concurrent", None), {}
        refused, headers = gate.count(self.sandbox, visitor)
        if refused is not None:
            return refused, headers
        assert place is not None  # noqa: S101  a known resource came from a place
        return self._once(call, place, visitor, trace), headers

    def _once(self, call: Call, place: Place, visitor: Visitor, trace: str) -> Answer:
        """Carry the call out unless its idempotency key was seen; errors are kept like answers."""
        replies = Replies(
            self.sandbox.store,
            company=visitor.company.id,
            client_id=visitor.token.grant.client_id,
            now=self.sandbox.clock.timestamp(),
        )
        kept = replies.replay(call, in_use_status=visitor.company.settings.get("key_in_use_status"))
        if kept is not None:
            return kept
        answer = self._safely(call, place, visitor, trace)
        replies.keep(call, answer)
        return answer

    def _safely(self, call: Call, place: Place, visitor: Visitor, trace: str) -> Answer:
        desk, before = self._desk(call, visitor), self.sandbox.store.changes
        try:
            answer = self._carried_out(call, place, visitor, desk, trace)
        except (writing.RefusedBatchError, XeroError, QueryParseError) as error:
            if self.sandbox.store.changes != before:
                self.sandbox.store.start_over()
            return _refusal(error)
        for kind, entity, id in desk.saved:
            self.sandbox.counters.record_event(
                "saved", desk.company, operation=kind.lower(), entity=entity, document=id
            )
        self.webhooks.notice(desk.company, desk.saved)
        return answer

    def _desk(self, call: Call, visitor: Visitor) -> Desk:
        grant = visitor.token.grant
        app = self.sandbox.apps.get(grant.client_id)
        return Desk(
            store=self.sandbox.store,
            books=self.sandbox.books,
            organisation=organisation_of(visitor.company),
            now=self.sandbox.clock.now(),
            app_name=app.name if app else grant.client_id,
            client_id=grant.client_id,
            public_url=self.sandbox.settings.public_url,
            user=grant.user,
            allow_backorders=call.query.get("allowbackorders", "").lower() == "true",
            unit_places=4 if call.query.get("unitdp") == "4" else 2,
        )

    def _carried_out(self, call: Call, place: Place, visitor: Visitor, desk: Desk, trace: str) -> Answer:
        found = self._rows(call, place, visitor, desk)
        if isinstance(found, Answer):
            return found
        if "AllocationID" in found:
            return answers.json_answer(200, found)
        body = wire.envelope(trace=trace, app_name=desk.app_name, now=desk.now, rows=found)
        if quotes.PLURAL in found:
            # The newest part of the API says first how it was asked, and leaves the charset out.
            answer = answers.json_answer(200, {"SummarizeErrors": _summarizes(call), **body})
            answer.media_type = answers.BARE_JSON
            return answer
        return answers.json_answer(200, body)

    def _rows(self, call: Call, place: Place, visitor: Visitor, desk: Desk) -> Body | Answer:
        resource = RESOURCES.get(place.resource)
        if resource is None:
            if call.method == "GET":
                since = listing.since_of(call.headers.get("if-modified-since"))
                return extras.read_extra(self.sandbox, desk, visitor.company, place, call.query, since)
            if call.method not in ("PUT", "POST"):
                raise UnsupportedError(call.method)
            elements = writing.elements_of(_body(call), place.resource)
            return extras.write_extra(self.sandbox, desk, visitor.company, place, elements, call.method)
        if place.part is not None:
            parent = _parent(desk, resource, place)
            return answer_part(Below(desk, resource, parent, place, call, lambda: _body(call)))
        if call.method == "GET":
            return _read(desk, resource, place, call)
        if call.method == "DELETE":
            return _delete(desk, resource, place)
        if call.method in ("PUT", "POST"):
            return self._write(call, place, resource, desk)
        raise UnsupportedError(call.method)

    def _write(self, call: Call, place: Place, resource: Resource, desk: Desk) -> Body | Answer:
        elements = writing.elements_of(_body(call), resource.plural)
        verb = call.method
        if place.id is not None:
            if verb == "PUT":
                raise UnsupportedError(verb)
            record = _one(desk, resource, place)
            elements = [{**elements[0], resource.key: record.id}]
        if resource.one_at_a_time and len(elements) > 1:
            raise InvalidError(messages.one_at_a_time(resource.plural), echo={})
        summarize = _summarizes(call)
        partial = summarize and bool(desk.organisation.settings.get("partial_batches"))
        try:
            batch = writing.write_all(desk, resource, elements, verb, summarize=summarize and not partial)
        finally:
            # Only now, because a bill may make the supplier by whose id it is counted.
            self._count_requests(desk, resource, call.operation, elements)
        self._count_saves(desk, resource, batch)
        if partial and batch.refused:
            return answers.json_answer(400, wire.validation_fault(batch.refused))
        return {resource.plural: batch.rows}

    def _count_requests(self, desk: Desk, resource: Resource, operation: str, elements: list[Body]) -> None:
        def contact_named(name: str) -> str | None:
            return next((found.id for found in desk.named("Contact", name)), None)

        for element in elements:
            key = element_key(resource.entity, element, contact_named)
            self.sandbox.counters.record_request(desk.company, f"{operation} element", resource.entity, key)

    def _count_saves(self, desk: Desk, resource: Resource, batch: writing.Batch) -> None:
        for record in batch.created:
            self.sandbox.counters.record_save(desk.company, "create", resource.entity, record_key(record))
        changed = len(batch.rows) - len(batch.refused) - len(batch.created)
        for _ in range(changed):
            self.sandbox.counters.record_save(desk.company, "update", resource.entity)


def _summarizes(call: Call) -> bool:
    return call.query.get("summarizeerrors", "true").lower() != "false"


def _body(call: Call) -> object:
    kind = call.headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if call.too_long or len(call.body) > _BODY_LIMIT:
        raise TooLargeError(len(call.body))
    raw = xml_of_form(call.body) if kind == FORM else call.body
    reader = load_xml if kind == FORM else _READERS.get(kind)
    if reader is None or raw is None:
        raise MediaTypeError(kind)
    try:
        return reader(raw)
    except (wire.UnreadableBodyError, UnreadableXmlError) as error:
        raise PostDataError(f"{UNREADABLE},{error}") from error


_READERS: dict[str, Callable[[bytes], object]] = {
    **dict.fromkeys(("application/json", "text/json"), wire.load),
    **dict.fromkeys(MEDIA_TYPES, load_xml),
}


def _is_download(call: Call, place: Place | None) -> bool:
    return call.method == "GET" and place is not None and place.part == "attachments" and place.part_id is not None


def _kind(place: Place | None) -> str:
    """The plural of what a call is about."""
    name = (place.part or place.resource) if place else ""
    resource = RESOURCES.get(name)
    return resource.plural if resource else _PARTS.get(name, name.title())


_PARTS = {"history": "HistoryRecords", "taxrates": "TaxRates"}


def _parent(desk: Desk, resource: Resource, place: Place) -> Record:
    """What a part hangs below. Notes on a document of another endpoint are refused in a sentence of their own."""
    try:
        return _one(desk, resource, place)
    except MissingError as error:
        if place.part == "history":
            raise InvalidError(messages.HISTORY_PARENT, echo={}) from error
        raise


def _one(desk: Desk, resource: Resource, place: Place) -> Record:
    """The record a path names by id or by its own number; raises MissingError."""
    wanted = str(place.id)
    record = desk.get(resource.entity, wanted.lower()) or resource.by(desk, wanted)
    if record is None:
        raise MissingError(wanted)
    return record


def _read(desk: Desk, resource: Resource, place: Place, call: Call) -> Body | Answer:
    if place.id is not None:
        shown = alone(desk, resource, _one(desk, resource, place))
        if resource.plural in pdf.PLURALS and "application/pdf" in call.headers.get("accept", ""):
            return Answer(body=pdf.document_pdf(resource.plural, shown), media_type="application/pdf")
        return {resource.plural: [shown]}
    return listing.list_records(desk, resource, call.query, call.headers.get("if-modified-since"))


def _delete(desk: Desk, resource: Resource, place: Place) -> Body | Answer:
    if resource.delete is None or place.id is None:
        raise UnsupportedError("DELETE")
    row = resource.delete(desk, _one(desk, resource, place))
    if resource.path in ("items", "linkedtransactions"):
        return Answer(status=204, media_type=None)
    return {resource.plural: [row]}


def _refusal(error: writing.RefusedBatchError | XeroError | QueryParseError) -> Answer:
    if isinstance(error, writing.RefusedBatchError):
        return answers.json_answer(400, wire.validation_fault(error.batch.refused))
    if isinstance(error, QueryParseError):
        return answers.bad_query(str(error))
    if isinstance(error, InvalidError):
        element = {**(error.echo or {}), "ValidationErrors": [{"Message": text} for text in error.sentences]}
        return answers.json_answer(400, wire.validation_fault([element]))
    if isinstance(error, PostDataError):
        return answers.bad_post_data(str(error))
    return _ANSWERS.get(type(error), answers.not_found)()


_ANSWERS: dict[type[XeroError], Callable[[], Answer]] = {
    MediaTypeError: answers.unsupported_media,
    UnsupportedError: answers.not_implemented,
    TooLargeError: answers.too_large,
    PreconditionError: answers.precondition_failed,
}
