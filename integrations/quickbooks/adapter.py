"""QuickBooks Online as the engine sees it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from integrations import exact_json
from integrations.ports import (
    Access,
    Answer,
    Books,
    Change,
    Company,
    Fetched,
    Finding,
    Intent,
    Limits,
    ListRecord,
    Missing,
    NoAnswerError,
    Operation,
    Parcel,
    Prepared,
    Result,
    Role,
    Wanted,
    WireCall,
)
from integrations.quickbooks import client, errors, lists, lookup, preflight, translate
from integrations.quickbooks.entities import BATCH_WORDS, ENTITIES
from integrations.quickbooks.limits import LIMITS
from integrations.quickbooks.lookup import receipt_of

_JSON = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "Rivet"}
#: Pages of the QuickBooks web application.
_PAGES = {
    Role.CUSTOMER: "customerdetail?nameId=",
    Role.VENDOR: "vendordetail?nameId=",
    Role.BILL: "bill?txnId=",
    Role.INVOICE: "invoice?txnId=",
    Role.RETAINAGE_JOURNAL: "journal?txnId=",
}


class QuickBooksAdapter:
    slug = "quickbooks"
    name = "QuickBooks"
    limits: Limits = LIMITS

    def prepare(self, intent: Intent, books: Books) -> Prepared:
        problems = preflight.problems(intent, books) if intent.operation is not Operation.VOID else ()
        if problems:
            return Prepared(payload=None, problems=problems)
        return Prepared(payload=translate.payload(intent, books))

    def pack(self, parcels: Sequence[Parcel], *, key: str) -> WireCall:
        query = {"requestid": key, "minorversion": str(client.MINOR_VERSION)}
        roles = tuple(parcel.payload.role for parcel in parcels)
        if len(parcels) == 1:
            payload = parcels[0].payload
            extra = f"{payload.endpoint}&" if payload.endpoint else ""
            path, body = f"/{ENTITIES[payload.role].lower()}?{extra}{urlencode(query)}", payload.body
        else:
            path, body = f"/batch?{urlencode(query)}", _batch(parcels)
        return WireCall(
            method="POST",
            path=path,
            body=body,
            headers=_JSON,
            refs=tuple(parcel.ref for parcel in parcels),
            key=key,
            roles=roles,
        )

    def send(self, access: Access, call: WireCall) -> Answer:
        reply = client.send(access, call)
        try:
            answer = exact_json.loads(reply.body)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            detail = "the answer is not JSON"
            raise NoAnswerError(detail, body=reply.body, trace_id=reply.trace_id, status=reply.status)
        return Answer(
            status=reply.status, trace_id=reply.trace_id, results=_results(call, reply.status, answer), body=reply.body
        )

    def find(self, access: Access, wanted: Sequence[Wanted]) -> Mapping[str, Finding]:
        return lookup.find(access, wanted)

    def fetch(self, access: Access, role: Role, external_id: str) -> Fetched | None:
        return lookup.fetch(access, role, external_id)

    def changes(self, access: Access, *, since: datetime) -> Iterator[Change]:
        return lookup.changes(access, since=since)

    def company(self, access: Access) -> Company:
        return lists.company(access)

    def lists(self, access: Access) -> Iterator[ListRecord]:
        return lists.records(access)

    def record_url(self, role: Role, external_id: str) -> str:
        page = _PAGES.get(role)
        return f"https://app.qbo.intuit.com/app/{page}{external_id}" if page else ""


def _batch(parcels: Sequence[Parcel]) -> bytes:
    """The envelope is put round each document's frozen bytes without reading them."""
    items = [
        b'{"bId":"%s","operation":"%s","%s":%s}'
        % (
            parcel.ref.encode(),
            BATCH_WORDS[parcel.payload.operation].encode(),
            ENTITIES[parcel.payload.role].encode(),
            parcel.payload.body,
        )
        for parcel in parcels
    ]
    return b'{"BatchItemRequest":[' + b",".join(items) + b"]}"


def _results(call: WireCall, status: int, answer: dict[str, Any]) -> dict[str, Result]:
    pairs = list(zip(call.refs, call.roles, strict=True))
    if status == 200 and len(pairs) > 1 and "BatchItemResponse" in answer:
        return _batch_results(pairs, exact_json.objects(answer["BatchItemResponse"]))
    if status == 200 and len(pairs) == 1:
        return {ref: _result(role, answer) for ref, role in pairs}
    # What speaks of the whole call speaks of each of its documents, and nothing but 200 speaks of success.
    return {ref: _refused(role, answer) for ref, role in pairs}


def _batch_results(pairs: list[tuple[str, Role]], items: list[dict[str, Any]]) -> dict[str, Result]:
    """Results by bId: order, repetition and omission prove nothing."""
    named = Counter(str(item.get("bId")) for item in items)
    by_id = {str(item.get("bId")): item for item in items}
    return {ref: _result(role, by_id[ref]) if named[ref] == 1 else Missing() for ref, role in pairs}


def _result(role: Role, answer: dict[str, Any]) -> Result:
    record = answer.get(ENTITIES[role])
    if isinstance(record, dict) and "Id" in record:
        return receipt_of(record)
    return _refused(role, answer)


def _refused(role: Role, answer: dict[str, Any]) -> Result:
    found = errors.faults(exact_json.dumps(answer))
    return errors.refusal(found, role) if found else Missing()


ADAPTER = QuickBooksAdapter()
