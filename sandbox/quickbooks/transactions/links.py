"""Payments and what they pay: balances, LinkedTxn and the SyncToken bumps they cause."""

from dataclasses import replace
from typing import Any, NamedTuple

from sandbox.quickbooks.faults import ServiceFault, business
from sandbox.quickbooks.money import amount, to_cents
from sandbox.quickbooks.work import Work, moment_key, stamp
from sandbox.store import Record
from sandbox.wire import Body


class Link(NamedTuple):
    """`cents` is what the payment takes off the target's open balance, always positive."""

    entity: str
    id: str
    cents: int


def of_body(body: Body) -> list[Link]:
    """The links a payment's lines make."""
    return [
        Link(linked["TxnType"], linked["TxnId"], to_cents(line.get("Amount")))
        for line in body.get("Line") or []
        for linked in line.get("LinkedTxn") or []
    ]


def sign(record: Record) -> int:
    """+1 for what is owed, -1 for a credit."""
    if record.entity == "JournalEntry":
        return 1 if record.total_cents >= 0 else -1
    return -1 if record.entity in ("CreditMemo", "VendorCredit") else 1


def target(work: Work, link: Link, *, side: str) -> Record:
    """The document a link names; raises 6000 if it does not exist, 620 if it cannot be linked."""
    record = work.find(link.entity, link.id)
    if record is None:
        business(f"The entity {link.entity} {link.id[:20]} that you are trying to link does not exist.")
    if record.side != side or record.status == "void":
        raise ServiceFault("620", f"Txn ID Cannot Be Linked: {link.entity} {link.id} cannot be paid here")
    return record


def apply(work: Work, link: Link, *, payment: Record, txn_type: str) -> None:
    """Take the link's amount off the target."""
    record = work.find(link.entity, link.id)
    if record is None:
        return
    mark = {"TxnId": payment.id, "TxnType": txn_type}
    kept = [entry for entry in record.body.get("LinkedTxn") or [] if entry["TxnId"] != payment.id]
    _change(work, record, -link.cents * sign(record), [*kept, mark])


def undo(work: Work, link: Link, *, payment: Record) -> None:
    """Give the link's amount back."""
    record = work.find(link.entity, link.id)
    if record is not None:
        kept = [entry for entry in record.body.get("LinkedTxn") or [] if entry["TxnId"] != payment.id]
        _change(work, record, link.cents * sign(record), kept)


def loosen_target(work: Work, record: Record) -> list[str]:
    """The document goes: what payments had applied to it falls back to them as unapplied. Returns their ids."""
    freed: list[str] = []
    for entry in record.body.get("LinkedTxn") or []:
        entity = "Payment" if entry["TxnType"] == "Payment" else "BillPayment"
        payment = work.find(entity, entry["TxnId"])
        if payment is not None:
            _drop_line(work, payment, record)
            freed.append(payment.id)
    return freed


def refuse_deposited(record: Record) -> None:
    """What a deposit took to the bank cannot be touched; raises 6540."""
    if any(entry.get("TxnType") == "Deposit" for entry in record.body.get("LinkedTxn") or []):
        raise ServiceFault(
            "6540",
            "This transaction has been deposited. If you want to change or delete it, you must edit the deposit it "
            "appears on and remove it first.",
        )


def relink(work: Work, record: Record, linked: list[Body], **changes: Any) -> None:
    """Keep other links on a document whose balance stays; its SyncToken goes up."""
    _store(work, record, {**record.body, **changes, "LinkedTxn": linked}, record.balance_cents)


def _drop_line(work: Work, payment: Record, gone: Record) -> None:
    lines = [
        line
        for line in payment.body.get("Line") or []
        if not any((e["TxnType"], e["TxnId"]) == (gone.entity, gone.id) for e in line.get("LinkedTxn") or [])
    ]
    freed = sum(link.cents for link in of_body(payment.body) if (link.entity, link.id) == (gone.entity, gone.id))
    balance = payment.balance_cents - freed * sign(gone)
    body = {**payment.body, "Line": lines}
    if payment.entity == "Payment":
        body["UnappliedAmt"] = amount(-balance)
    _store(work, payment, body, balance)


def _change(work: Work, record: Record, cents: int, linked: list[Body]) -> None:
    balance = record.balance_cents + cents
    body = {**record.body, "LinkedTxn": linked}
    if record.entity != "JournalEntry":
        body["Balance"] = amount(abs(balance))
    if record.entity == "CreditMemo":
        body["RemainingCredit"] = amount(abs(balance))
    _store(work, record, body, balance)


def _store(work: Work, record: Record, body: Body, balance: int) -> None:
    work.noticed.append(("Update", record.entity, record.id))
    stamp(work, body, id=record.id, version=record.version + 1, created=record.body["MetaData"]["CreateTime"])
    work.sandbox.store.update(
        replace(record, body=body, version=record.version + 1, balance_cents=balance, updated_at=moment_key(work.now))
    )
