"""What a document comes to in any books, before a provider's own words for it. Pure.

The figures are those of the worked examples (``docs/discussions/posting-modes.md``).
"""

from decimal import Decimal

from rivet.ledger.snapshots import BillLine, BillSnapshot, InvoiceLine, InvoiceSnapshot, PostingMode, Purpose
from rivet.money import ZERO


def billed(invoice: InvoiceSnapshot) -> list[tuple[InvoiceLine, Decimal]]:
    """The invoice's revenue lines with their amounts: gross in M1, net in M2; lines of nothing are left out."""
    amounts = [(line, line.net if _is_at_net(invoice) else line.work) for line in invoice.lines]
    return [(line, amount) for line, amount in amounts if amount]


def held_back(invoice: InvoiceSnapshot) -> Decimal:
    """The amount of the invoice's retainage line: below zero withholds, above releases, zero has no such line."""
    return ZERO if _is_at_net(invoice) else -invoice.retainage


def costs(bill: BillSnapshot) -> list[BillLine]:
    """The bill's cost lines, without those of nothing."""
    return [line for line in bill.lines if line.amount]


def only_tag(invoice: InvoiceSnapshot) -> str:
    """The tag all lines share, for a journal that has no lines of its own; empty when they differ."""
    tags = {line.tag for line in invoice.lines}
    return tags.pop() if len(tags) == 1 else ""


def _is_at_net(invoice: InvoiceSnapshot) -> bool:
    """A release is the retainage line in every mode."""
    return invoice.posting_mode is PostingMode.NET_PLUS_JOURNAL and invoice.purpose is Purpose.PROGRESS
