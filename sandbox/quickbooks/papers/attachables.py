"""Notes and files hung on transactions and list entries."""

import hashlib
import hmac
import secrets
from dataclasses import replace
from typing import Any

from sandbox import wire
from sandbox.quickbooks.faults import ServiceFault, business, missing
from sandbox.quickbooks.kinds import Draft, Kind
from sandbox.quickbooks.work import Work
from sandbox.store import Record
from sandbox.wire import Body

CATEGORIES = ("Contact Photo", "Document", "Image", "Receipt", "Signature", "Sound", "Other")
HOLDERS = {
    name.casefold(): name
    for name in (
        "Bill", "BillPayment", "CreditMemo", "Customer", "Deposit", "Employee", "Estimate", "Invoice", "Item",
        "JournalEntry", "Payment", "Purchase", "PurchaseOrder", "RefundReceipt", "SalesReceipt", "Transfer", "Vendor",
        "VendorCredit",
    )
}  # fmt: skip
LINK_SECONDS = 900
# Links to files are signed like those of the vendor's store; they do not outlive the process.
_KEY = secrets.token_bytes(32)


class AttachableKind(Kind):
    entity = "Attachable"
    lengths = {"FileName": 1000, "Note": 2000, "ContentType": 100, "Tag": 2000, "PlaceName": 2000}
    read_only = frozenset({"FileAccessUri", "TempDownloadUri", "Size", "ThumbnailFileAccessUri"})
    kept_on_full_update = frozenset({"FileAccessUri", "Size"})
    deletable = True
    blind_delete = True

    def compose(self, work: Work, draft: Draft) -> None:
        body = draft.body
        body.pop("ThumbnailTempDownloadUri", None)
        if not body.get("FileName") and not body.get("Note"):
            missing("Note")
        category = body.get("Category")
        if category and category not in CATEGORIES:
            raise ServiceFault("2170", f"Invalid Enumeration : {category[:40]}", "Category")
        for held in body.get("AttachableRef") or []:
            _check_holder(work, held)
            held.setdefault("IncludeOnSend", False)

    def create_file(self, work: Work, given: Body, content: bytes) -> Record:
        """An attachable with what it stands for."""
        record = self.create(work, given)
        own = {"Size": len(content), "FileAccessUri": f"/v3/company/{work.company.id}/download/{record.id}"}
        work.sandbox.store.db.execute("INSERT INTO files VALUES (?,?,?)", (work.company.id, record.id, content))
        return work.sandbox.store.update(replace(record, body={**record.body, **own}))

    def before_delete(self, work: Work, record: Record) -> None:
        work.sandbox.store.db.execute("DELETE FROM files WHERE company=? AND id=?", (work.company.id, record.id))

    def present(self, work: Work, record: Record) -> str:
        if "Size" not in record.body:
            return record.text
        return wire.dumps({**record.body, "TempDownloadUri": link(work, record)})

    def client_key(self, body: Body) -> str | None:
        name = body.get("FileName") or body.get("Note")
        return str(name)[:200] if name else None


def link(work: Work, record: Record) -> str:
    """An address that anybody may open for a quarter of an hour."""
    until = int(work.now.timestamp()) + LINK_SECONDS
    path = f"{work.company.id}/{record.id}"
    root = work.sandbox.settings.public_url
    return f"{root}/quickbooks/files/{path}?Expires={until}&Signature={_signature(path, until)}"


def opens(path: str, query: dict[str, str], now: float) -> bool:
    """Whether a link is one of ours and has not run out. `path` is company and id."""
    until = query.get("Expires", "")
    if not until.isdecimal() or len(until) > 12 or int(until) <= now:
        return False
    return hmac.compare_digest(_signature(path, int(until)), query.get("Signature", ""))


def _signature(path: str, until: int) -> str:
    return hmac.new(_KEY, f"{path}?{until}".encode(), hashlib.sha256).hexdigest()


def _check_holder(work: Work, held: dict[str, Any]) -> None:
    """Raise 2020, 6050 or 6000 for a reference that cannot hold a file."""
    ref = held.get("EntityRef")
    if not ref:
        missing("EntityRef")
    given = str(ref.get("type") or "")
    if not given:
        missing("EntityRef.type")
    entity = HOLDERS.get(given.casefold())
    if entity is None:
        detail = f"The entity reference type is unsupported for Attachable : {given[:40]}"
        raise ServiceFault("6050", detail, "EntityRef")
    if work.find(entity, ref["value"]) is None:
        what = f"{entity} {ref['value'][:20]}"
        business(f"The entity {what} that you are trying to link does not exist. {what}")
    ref["type"] = entity
