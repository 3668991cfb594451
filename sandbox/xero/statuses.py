"""Which status may follow which. A status that leads to itself may be edited."""

INVOICE_MOVES: dict[str, frozenset[str]] = {
    "DRAFT": frozenset({"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"}),
    "SUBMITTED": frozenset({"SUBMITTED", "DRAFT", "AUTHORISED", "DELETED"}),
    "AUTHORISED": frozenset({"AUTHORISED", "VOIDED"}),
    "PAID": frozenset({"PAID"}),
    "VOIDED": frozenset(),
    "DELETED": frozenset(),
}
JOURNAL_MOVES: dict[str, frozenset[str]] = {
    "DRAFT": frozenset({"DRAFT", "POSTED", "DELETED"}),
    "POSTED": frozenset({"POSTED", "VOIDED"}),
    "VOIDED": frozenset(),
    "DELETED": frozenset(),
    "ARCHIVED": frozenset(),
}

INVOICE_BIRTHS = frozenset({"DRAFT", "SUBMITTED", "AUTHORISED"})
JOURNAL_BIRTHS = frozenset({"DRAFT", "POSTED"})


def may_become(moves: dict[str, frozenset[str]], old: str, new: str) -> bool:
    return new in moves[old]
