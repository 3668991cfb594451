"""What an account is for, whichever provider's words name its type."""

from collections.abc import Sequence
from typing import NamedTuple

from sandbox.books import AccountBalance

# Section, +1 where debits add to it, and the types of both providers that belong to it.
SECTIONS: dict[str, tuple[int, frozenset[str]]] = {
    "Bank": (1, frozenset({"Bank", "BANK"})),
    "Other assets": (
        1,
        frozenset(
            {
                "Accounts Receivable", "Other Current Asset", "Fixed Asset", "Other Asset",
                "CURRENT", "FIXED", "INVENTORY", "NONCURRENT", "PREPAYMENT",
            }
        ),
    ),
    "Liabilities": (
        -1,
        frozenset(
            {
                "Accounts Payable", "Credit Card", "Other Current Liability", "Long Term Liability",
                "CURRLIAB", "LIABILITY", "PAYG", "TERMLIAB",
            }
        ),
    ),
    "Equity": (-1, frozenset({"Equity", "EQUITY"})),
    "Income": (-1, frozenset({"Income", "Other Income", "OTHERINCOME", "REVENUE", "SALES"})),
    "Costs": (
        1,
        frozenset(
            {
                "Cost of Goods Sold", "Expense", "Other Expense",
                "DEPRECIATN", "DIRECTCOSTS", "EXPENSE", "OVERHEADS",
            }
        ),
    ),
}  # fmt: skip


class Section(NamedTuple):
    """Accounts of one kind; `cents` and each balance count in the section's own direction."""

    title: str
    rows: list[tuple[AccountBalance, int]]
    cents: int


def sections(balances: Sequence[AccountBalance]) -> list[Section]:
    """The chart by section, in the order of a balance sheet; sections without accounts are left out."""
    found = []
    for title, (sign, types) in SECTIONS.items():
        rows = [(row, sign * row.cents) for row in balances if row.type in types]
        if rows:
            found.append(Section(title, rows, sum(cents for _, cents in rows)))
    return found


def direction(type: str) -> int:
    """+1 for accounts to which debits add, -1 for the others."""
    return next((sign for sign, types in SECTIONS.values() if type in types), 1)


class Figure(NamedTuple):
    label: str
    cents: int
    more: str = ""


def figures(balances: Sequence[AccountBalance]) -> list[Figure]:
    """What one looks at first: money, what is owed either way, and the result."""
    cents = {section.title: section.cents for section in sections(balances)}
    sides = {row.side: row.cents for row in balances if row.side}
    return [
        Figure("In the bank", cents.get("Bank", 0)),
        Figure("They owe us", sides.get("receivable", 0)),
        Figure("We owe", -sides.get("payable", 0)),
        Figure("Result", cents.get("Income", 0) - cents.get("Costs", 0), "income less costs"),
    ]
