"""The rows of a report as the vendor nests them: data, sections with header and summary, summaries alone."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
Cell = str | tuple[str, str]
Built = tuple[list[Row], list[Row]]
"""The columns and the rows of a report."""

# Columns of what is listed line by line: key to title and type.
LISTED = {
    "tx_date": ("Date", "Date"),
    "txn_type": ("Transaction Type", "String"),
    "doc_num": ("Num", "String"),
    "is_no_post": ("Posting", "Boolean"),
    "name": ("Name", "String"),
    "cust_name": ("Customer", "String"),
    "vend_name": ("Vendor", "String"),
    "memo": ("Memo/Description", "String"),
    "account_name": ("Account", "String"),
    "other_account": ("Split", "String"),
    "split_acc": ("Split", "String"),
    "due_date": ("Due Date", "Date"),
    "past_due": ("Past Due", "String"),
    "subt_neg_amount": ("Amount", "Money"),
    "subt_neg_open_bal": ("Open Balance", "Money"),
    "subt_nat_amount": ("Amount", "Money"),
    "rbal_nat_amount": ("Balance", "Money"),
    "debt_amt": ("Debit", "Money"),
    "credit_amt": ("Credit", "Money"),
    "account_type": ("Type", "String"),
    "detail_acc_type": ("Detail type", "String"),
    "account_desc": ("Description", "String"),
    "account_bal": ("Balance", "Money"),
}


def column(title: str, kind: str, key: str, **about: str) -> Row:
    """`about` comes before the key: the first and the last day of a column that covers some."""
    named = {**about, "ColKey": key}
    return {
        "ColTitle": title,
        "ColType": kind,
        "MetaData": [{"Name": name, "Value": value} for name, value in named.items()],
    }


def titled(*keys: str) -> list[Row]:
    """The columns of a list, in this order."""
    return [column(*LISTED[key], key) for key in keys]


def money(cents: int) -> str:
    return f"{Decimal(cents).scaleb(-2):.2f}"


def moneys(figures: Sequence[int]) -> list[str]:
    return [money(cents) for cents in figures]


def some_moneys(figures: Sequence[int]) -> list[str]:
    """As lines show them: nothing where nothing is."""
    return [money(cents) if cents else "" for cents in figures]


def data(*cells: Cell) -> Row:
    """One line; a cell is a text, or a text with the id of what it names."""
    return {"ColData": [_cell(cell) for cell in cells], "type": "Data"}


def summary(group: str, *cells: Cell) -> Row:
    """A total that stands by itself."""
    return _grouped({"Summary": {"ColData": [_cell(cell) for cell in cells]}, "type": "Section"}, group)


def section(group: str, title: Cell, rows: list[Row], totals: Sequence[str] = (), *, end: Row | None = None) -> Row:
    """Rows below a title, closed by their totals, one for each column, or by a summary of one's own."""
    text = title if isinstance(title, str) else title[0]
    closing = end or summary("", f"Total {text}", *totals)
    width = len(closing["Summary"]["ColData"])
    head = {"ColData": [_cell(title), *[_cell("")] * (width - 1)]}
    return _grouped({"Header": head, "Rows": named(rows), "Summary": closing["Summary"], "type": "Section"}, group)


def named(rows: list[Row]) -> Row:
    """Rows under their name; a report without any is an empty object."""
    return {"Row": rows} if rows else {}


def totals_of(row: Row) -> list[int]:
    """The totals of a section, in cents."""
    return [int(Decimal(cell["value"]).scaleb(2)) for cell in row["Summary"]["ColData"][1:]]


def _cell(cell: Cell) -> Row:
    return {"value": cell} if isinstance(cell, str) else {"value": cell[0], "id": cell[1]}


def _grouped(row: Row, group: str) -> Row:
    return {**row, "group": group} if group else row
