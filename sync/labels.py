"""What people call an entry, from its frozen document alone. Pure."""

from decimal import Decimal
from typing import assert_never

from integrations.ports import Role
from rivet.ledger.snapshots import BillSnapshot, InvoiceSnapshot, ItemSnapshot, PartySnapshot, Snapshot


def label(document: Snapshot, role: Role) -> str:
    """``Bill 1043 · Hanson Concrete``: the kind, the number, who it is about."""
    match document:
        case BillSnapshot():
            text = f"Bill {document.number} · {document.vendor.name}"
        case InvoiceSnapshot() if role is Role.RETAINAGE_JOURNAL:
            text = f"Retainage journal for {document.number} · {document.customer.name}"
        case InvoiceSnapshot():
            text = f"Invoice {document.number} · {document.customer.name}"
        case PartySnapshot():
            text = f"{document.kind.capitalize()} {document.name}"
        case ItemSnapshot():
            text = f"Item {document.name}"
        case _:
            assert_never(document)
    return text[:300]


def amount(document: Snapshot, role: Role) -> Decimal | None:
    """What the posting moves: the document's net, or the retainage of a journal; None for parties and items."""
    if isinstance(document, InvoiceSnapshot) and role is Role.RETAINAGE_JOURNAL:
        return document.retainage
    return document.net if isinstance(document, BillSnapshot | InvoiceSnapshot) else None


def currency(document: Snapshot) -> str:
    return document.currency if isinstance(document, BillSnapshot | InvoiceSnapshot) else ""
