"""Xero as the engine sees it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

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
from integrations.xero import client, errors, lists, lookup, preflight, translate
from integrations.xero.limits import LIMITS
from integrations.xero.resources import RESOURCES

_NO_ID = "00000000-0000-0000-0000-000000000000"
_REMAINING = {"minute": "X-MinLimit-Remaining", "day": "X-DayLimit-Remaining", "app": "X-AppMinLimit-Remaining"}
#: Pages of the Xero web application.
_PAGES = {
    Role.CUSTOMER: "https://go.xero.com/Contacts/View/",
    Role.VENDOR: "https://go.xero.com/Contacts/View/",
    Role.BILL: "https://go.xero.com/AccountsPayable/View.aspx?InvoiceID=",
    Role.INVOICE: "https://go.xero.com/AccountsReceivable/View.aspx?InvoiceID=",
    Role.RETAINAGE_JOURNAL: "https://go.xero.com/Journal/View.aspx?invoiceID=",
}


class XeroAdapter:
    slug = "xero"
    name = "Xero"
    limits: Limits = LIMITS

    def prepare(self, intent: Intent, books: Books) -> Prepared:
        problems = preflight.problems(intent, books) if intent.operation is not Operation.VOID else ()
        if problems:
            return Prepared(payload=None, problems=problems)
        return Prepared(payload=translate.payload(intent, books, home=settings.RIVET_BASE_URL))

    def pack(self, parcels: Sequence[Parcel], *, key: str) -> WireCall:
        roles = tuple(parcel.payload.role for parcel in parcels)
        name = RESOURCES[roles[0]].name
        bodies = b",".join(parcel.payload.body for parcel in parcels)
        return WireCall(
            method=parcels[0].payload.endpoint,
            # Without it one bad document would refuse all the good ones beside it.
            path=f"/{name}?summarizeErrors=false",
            body=b'{"%s":[%s]}' % (name.encode(), bodies),
            headers={"Content-Type": "application/json", "Idempotency-Key": key},
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
            status=reply.status,
            trace_id=reply.trace_id,
            results=_results(call, reply.status, answer),
            body=reply.body,
            remaining=_remaining(reply.headers),
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
        return f"{page}{external_id}" if page else ""


def _results(call: WireCall, status: int, answer: dict[str, Any]) -> dict[str, Result]:
    """Results by position. A list of another length says nothing about any of them."""
    elements = answer.get(RESOURCES[call.roles[0]].name) or answer.get("Elements") or []
    pairs = list(zip(call.refs, call.roles, strict=True))
    if isinstance(elements, list) and len(elements) == len(pairs):
        return {
            ref: _result(role, element, is_saved=status == 200)
            for (ref, role), element in zip(pairs, elements, strict=True)
        }
    if answer.get("ErrorNumber") and not elements:
        words = [" ".join(str(answer[name]) for name in ("Type", "Message") if answer.get(name))]
        return {ref: errors.refusal(words, role) for ref, role in pairs}
    return {ref: Missing() for ref, _ in pairs}


def _result(role: Role, element: Any, *, is_saved: bool) -> Result:
    """A 400 echoes good elements beside the bad ones, ids included: only 200 speaks of success."""
    if not isinstance(element, dict):
        return Missing()
    said = errors.messages(element)
    if said or element.get("StatusAttributeString") == "ERROR":
        return errors.refusal(said, role, number=str(element.get("InvoiceNumber") or ""))
    external_id = element.get(RESOURCES[role].id_field)
    has_id = external_id not in (None, "", _NO_ID)
    return lookup.receipt_of(role, element) if has_id and is_saved else Missing()


def _remaining(headers: Mapping[str, str]) -> dict[str, int]:
    return {name: int(headers[header]) for name, header in _REMAINING.items() if headers.get(header, "").isdigit()}


ADAPTER = XeroAdapter()
