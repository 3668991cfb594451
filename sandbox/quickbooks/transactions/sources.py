"""What a document was made from: estimates become invoices, purchase orders become bills."""

from collections.abc import Iterable
from typing import NamedTuple

from sandbox.quickbooks.faults import ServiceFault
from sandbox.quickbooks.transactions import links
from sandbox.quickbooks.work import Work
from sandbox.store import Record
from sandbox.wire import Body


class Source(NamedTuple):
    """The field that says how far a paper has come, and its words for used up and for open again."""

    field: str
    closed: str
    open: str


SOURCES = {"Estimate": Source("TxnStatus", "Closed", "Pending"), "PurchaseOrder": Source("POStatus", "Closed", "Open")}


def keep(body: Body, old: Record | None, words: Iterable[str]) -> list[Body]:
    """LinkedTxn of a document: links of these types are the client's to say, those of payments the server's."""
    given = [
        {"TxnId": str(entry.get("TxnId") or ""), "TxnType": entry["TxnType"]}
        for entry in body.get("LinkedTxn") or []
        if entry.get("TxnType") in words
    ]
    own = [entry for entry in (old.body.get("LinkedTxn") or [] if old else []) if entry["TxnType"] not in words]
    return [*own, *given]


def check(work: Work, body: Body, party: str | None, old: Record | None) -> None:
    """Raise 620 for a paper that is not there, or that somebody else was sent."""
    for kind, id in _named(body) - (_named(old.body) if old else set()):
        record = work.find(kind, id)
        if record is None:
            raise ServiceFault("620", f"Txn ID Cannot Be Linked: there is no {kind} {id[:20]}")
        if record.party != party:
            raise ServiceFault("620", f"Txn ID Cannot Be Linked: {kind} {id} belongs to another name")


def move(work: Work, document: Record, before: Body, after: Body) -> None:
    """Close what the document was made from now, open what it no longer is."""
    for kind, id in sorted(_named(before) - _named(after)):
        _turn(work, document, kind, id, used=False)
    for kind, id in sorted(_named(after) - _named(before)):
        _turn(work, document, kind, id, used=True)


def _turn(work: Work, document: Record, kind: str, id: str, *, used: bool) -> None:
    record = work.find(kind, id)
    if record is None:
        return
    entries = record.body.get("LinkedTxn") or []
    kept = [entry for entry in entries if entry["TxnId"] != document.id]
    if not used and kept == entries:
        return
    source = SOURCES[kind]
    marks = [{"TxnId": document.id, "TxnType": document.entity}] if used else []
    links.relink(work, record, [*kept, *marks], **{source.field: source.closed if used else source.open})


def _named(body: Body) -> set[tuple[str, str]]:
    return {
        (entry["TxnType"], str(entry.get("TxnId") or ""))
        for entry in body.get("LinkedTxn") or []
        if entry.get("TxnType") in SOURCES
    }
