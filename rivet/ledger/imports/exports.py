"""CSV for people who open it in a spreadsheet. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from rivet.ledger.imports.columns import Layout

#: A spreadsheet runs a cell that begins like this as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|")


def written(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV with a byte order mark, which is what makes Excel read UTF-8."""
    return "\ufeff" + lines([columns, *rows])


def lines(rows: Iterable[Sequence[object]]) -> str:
    """Rows alone, for a file that is sent piece by piece."""
    out = io.StringIO()
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def safe(cell: object) -> str:
    """A cell no spreadsheet takes for a formula; numbers stay numbers, negative ones too."""
    text = "" if cell is None else str(cell)
    if text.startswith(_FORMULA_STARTS) and not _is_number(text):
        return f"'{text}"
    return text


def template(layout: Layout) -> str:
    """The file to start from: the columns and an example."""
    return written(
        layout.columns, ([example.get(column, "") for column in layout.columns] for example in layout.examples)
    )


def rejected(layout: Layout, bad: Iterable[tuple[Mapping[str, str], Sequence[str]]]) -> str:
    """The rows that were left out, ready to be corrected and uploaded again; the reasons in a last column."""
    rows = ([*(cells.get(column, "") for column in layout.columns), " ".join(reasons)] for cells, reasons in bad)
    return written([*layout.columns, "what to correct"], rows)


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit() and text.isascii()
