"""What hangs below one record: history, attachments, allocations, tracking options."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from sandbox.exchange import Answer, Call
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import contact_groups, contacts, credit, invoices, messages, pdf, quotes, tracking
from sandbox.xero.dates import read_moment, wire_moment
from sandbox.xero.desk import Desk
from sandbox.xero.documents import shown_item
from sandbox.xero.errors import InvalidError, MissingError, UnsupportedError
from sandbox.xero.fields import Fields, Problems
from sandbox.xero.paths import Place
from sandbox.xero.resource import Resource
from sandbox.xero.writing import elements_of

HISTORY_LIMIT = 2500
# Who did what was done through the API.
BY_API = "System Generated"
ATTACHMENT_LIMIT = 10
ATTACHMENT_BYTES = 10 * 1024 * 1024
_FORBIDDEN = re.compile(r'[<>:"/\\|?*+\x00]')


@dataclass(frozen=True, slots=True)
class Below:
    """One request below a record; `read_body` decodes the JSON body when it is wanted."""

    desk: Desk
    resource: Resource
    parent: Record
    place: Place
    call: Call
    read_body: Callable[[], object]


def answer_part(below: Below) -> Body | Answer:
    """Rows under their plural, or a ready answer. Raises MissingError, UnsupportedError, InvalidError."""
    handler = _HANDLERS.get(below.place.part or "")
    if handler is None:
        raise MissingError(below.call.path)
    return handler(below)


def _pdf(below: Below) -> Answer:
    """The address of a document's paper, whatever `Accept` says."""
    if below.resource.plural not in pdf.PLURALS:
        raise MissingError(below.call.path)
    if below.call.method != "GET":
        raise UnsupportedError(below.call.method)
    shown = below.resource.show(below.desk, below.parent, True, False)
    return Answer(body=pdf.document_pdf(below.resource.plural, shown), media_type="application/pdf")


def _history(below: Below) -> Body:
    desk, parent = below.desk, below.parent
    key = f"{parent.entity}:{parent.id}"
    if below.call.method == "GET":
        rows = desk.store.select("company=? AND entity=? AND party=?", (desk.company, "History", key))
        # The newest first.
        return {"HistoryRecords": [_wire_history(row) for row in reversed(rows)] + _born(desk, parent)}
    if below.call.method != "PUT":
        raise UnsupportedError(below.call.method)
    rows = []
    for element in elements_of(below.read_body(), "HistoryRecords"):
        fields = Fields(element, Problems())
        details = fields.text("Details", limit=HISTORY_LIMIT) or ""
        fields.problems.stop()
        body = {"Details": details, "Changes": "Note", "User": BY_API}
        rows.append(desk.insert("History", body, party=key))
    return {"HistoryRecords": [_wire_note(row) for row in rows]}


def _born(desk: Desk, parent: Record) -> list[Body]:
    """The oldest entry of a document: how it came into the organisation."""
    if parent.txn_date is None:
        return []
    moment = read_moment(parent.created_at)
    return [
        {
            "Changes": "Approved" if parent.status in _APPROVED else "Created",
            "DateUTCString": moment.strftime("%Y-%m-%dT%H:%M:%S"),
            "DateUTC": wire_moment(moment),
            "User": BY_API,
            "Details": f"Received through the Xero API from {desk.app_name}",
        }
    ]


_APPROVED = frozenset({"AUTHORISED", "PAID", "VOIDED", "POSTED", "BILLED"})


def _wire_note(row: Record) -> Body:
    """A note as the answer to writing it shows it: who wrote it is not said there."""
    moment = read_moment(row.created_at)
    return {
        "DateUTCString": moment.strftime("%Y-%m-%dT%H:%M:%S"),
        "DateUTC": wire_moment(moment, offset=False),
        "Details": row.body["Details"],
        "ValidationErrors": [],
    }


def _wire_history(row: Record) -> Body:
    moment = read_moment(row.created_at)
    return {
        "Changes": row.body["Changes"],
        "DateUTCString": moment.strftime("%Y-%m-%dT%H:%M:%S"),
        "DateUTC": wire_moment(moment),
        "User": row.body["User"],
        "Details": row.body["Details"],
    }


def _attachments(below: Below) -> Body | Answer:
    if not below.resource.has_attachments:
        raise MissingError(below.call.path)
    found = _attached(below.desk, below.parent)
    if below.call.method == "GET":
        if below.place.part_id is None:
            return {"Attachments": [_shown_attachment(below, record) for record in found]}
        wanted = below.place.part_id
        for record in found:
            if wanted.lower() == record.id or wanted == record.body["FileName"]:
                raw = base64.b64decode(record.body["Content"])
                return Answer(body=raw, media_type=record.body["MimeType"])
        raise MissingError(wanted)
    if below.call.method not in ("PUT", "POST") or below.place.part_id is None:
        raise UnsupportedError(below.call.method)
    return {"Attachments": [_shown_attachment(below, _attach(below, found))]}


def alone(desk: Desk, resource: Resource, record: Record) -> Body:
    """A record as reading it by itself shows it: with the items of its lines and the files that hang below it."""
    shown = resource.show(desk, record, True, resource.alike)
    if "LineItems" in shown and record.entity != quotes.ENTITY:
        ids = record.body.get("ItemIDs", {})
        shown["LineItems"] = [{**line, **shown_item(desk, line, ids)} for line in shown["LineItems"]]
    if record.entity == invoices.ENTITY:
        shown["AmountDue"] = invoices.amount_due(record.body)
    if record.entity in _WITH_FILES:
        files = [_wire_attachment(desk, resource, record, file) for file in _attached(desk, record)]
        shown["Attachments"] = files
    if resource.has_attachments and record.entity != quotes.ENTITY:
        shown["HasAttachments"] = record.body.get("HasAttachments", False)
    return shown


# What names its files itself; the others only say that they have some.
_WITH_FILES = frozenset({"Contact", "Invoice", "ManualJournal", "Overpayment", "Prepayment", "PurchaseOrder"})


def _attached(desk: Desk, parent: Record) -> list[Record]:
    key = f"{parent.entity}:{parent.id}"
    return desk.store.select("company=? AND entity=? AND party=?", (desk.company, "Attachment", key))


def _attach(below: Below, found: list[Record]) -> Record:
    name, raw = str(below.place.part_id), below.call.body
    same = next((record for record in found if record.body["FileName"] == name), None)
    if _FORBIDDEN.search(name):
        raise InvalidError(messages.ATTACHMENT_NAME, echo={"FileName": name})
    if below.call.too_long or len(raw) > ATTACHMENT_BYTES:
        raise InvalidError(messages.ATTACHMENT_SIZE, echo={"FileName": name})
    if same is None and len(found) >= ATTACHMENT_LIMIT:
        raise InvalidError(messages.ATTACHMENT_COUNT, echo={"FileName": name})
    body = {
        "FileName": name,
        "MimeType": below.call.headers.get("content-type", "application/octet-stream"),
        "ContentLength": len(raw),
        "IncludeOnline": below.call.query.get("includeonline", "").lower() == "true",
        "Content": base64.b64encode(raw).decode(),
    }
    if same is not None:
        return below.desk.update(replace(same, body=body))
    below.desk.update(replace(below.parent, body={**below.parent.body, "HasAttachments": True}))
    return below.desk.insert("Attachment", body, party=f"{below.parent.entity}:{below.parent.id}")


def _shown_attachment(below: Below, file: Record) -> Body:
    return _wire_attachment(below.desk, below.resource, below.parent, file)


def _wire_attachment(desk: Desk, resource: Resource, parent: Record, file: Record) -> Body:
    base = f"{desk.public_url}/xero/api.xro/2.0/{resource.plural}"
    shown: Body = {
        "AttachmentID": file.id,
        "FileName": file.body["FileName"],
        "Url": f"{base}/{parent.id}/Attachments/{file.body['FileName']}",
        "MimeType": file.body["MimeType"],
        "ContentLength": file.body["ContentLength"],
    }
    return shown | ({"IncludeOnline": True} if file.body["IncludeOnline"] else {})


def _allocations(below: Below) -> Body:
    if below.parent.entity not in credit.ENTITIES:
        raise MissingError(below.call.path)
    if below.call.method == "DELETE" and below.place.part_id:
        gone = credit.deallocate(below.desk, below.parent, below.place.part_id.lower())
        if gone is None:
            raise MissingError(below.place.part_id)
        return {**credit.wire_allocation(gone), "IsDeleted": True}
    if below.call.method != "PUT":
        raise UnsupportedError(below.call.method)
    rows = []
    note = below.parent
    for element in elements_of(below.read_body(), "Allocations"):
        fields = Fields(element, Problems())
        try:
            entry = credit.allocate(below.desk, note, fields)
        except InvalidError as error:
            raise InvalidError(*error.sentences, echo=dict(element)) from error
        rows.append({**credit.wire_allocation(entry), "ValidationErrors": []})
        note = below.desk.get(note.entity, note.id) or note
    return {"Allocations": rows}


def _options(below: Below) -> Body:
    if below.parent.entity != tracking.ENTITY:
        raise MissingError(below.call.path)
    method, option_id = below.call.method, below.place.part_id
    if method == "PUT" and option_id is None:
        elements = [Fields(row, Problems()) for row in elements_of(below.read_body(), "Options")]
        added = tracking.add_options(below.desk, below.parent, elements)
        return {"Options": [tracking.wire_option(option) for option in added]}
    if method not in ("POST", "DELETE") or option_id is None:
        raise UnsupportedError(method)
    element = {"Status": "DELETED"} if method == "DELETE" else elements_of(below.read_body(), "Options")[0]
    changed = tracking.change_option(below.desk, below.parent, option_id.lower(), Fields(element, Problems()))
    if changed is None:
        raise MissingError(option_id)
    return {"Options": [tracking.wire_option(changed)]}


def _contacts(below: Below) -> Body | Answer:
    if below.parent.entity != contact_groups.ENTITY:
        raise MissingError(below.call.path)
    if below.call.method == "DELETE":
        if not contact_groups.remove_contacts(below.desk, below.parent, below.place.part_id):
            raise MissingError(below.call.path)
        return Answer(status=204, media_type=None)
    if below.call.method != "PUT" or below.place.part_id is not None:
        raise UnsupportedError(below.call.method)
    elements = [Fields(row, Problems()) for row in elements_of(below.read_body(), "Contacts")]
    added = contact_groups.add_contacts(below.desk, below.parent, elements)
    return {"Contacts": [contacts.wire_stub(contact) for contact in added]}


def _email(below: Below) -> Answer:
    if below.parent.entity != "Invoice" or below.call.method != "POST":
        raise MissingError(below.call.path)
    body = {**below.parent.body, "SentToContact": True}
    below.desk.update(replace(below.parent, body=body))
    return Answer(status=204, media_type=None)


def _online_invoice(below: Below) -> Body:
    """Where a customer can look at an invoice; drafts and bills have no such address."""
    body = below.parent.body
    if below.call.method != "GET" or body.get("Type") != "ACCREC" or body["Status"] not in ("AUTHORISED", "PAID"):
        raise MissingError(below.call.path)
    books = f"{below.desk.public_url}/books/{below.desk.company}"
    return {"OnlineInvoices": [{"OnlineInvoiceUrl": f"{books}/documents/Invoice/{below.parent.id}/"}]}


_HANDLERS: dict[str, Callable[[Below], Body | Answer]] = {
    "history": _history,
    "attachments": _attachments,
    "allocations": _allocations,
    "options": _options,
    "email": _email,
    "onlineinvoice": _online_invoice,
    "contacts": _contacts,
    "pdf": _pdf,
}
PARTS = frozenset(_HANDLERS)
