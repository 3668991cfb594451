"""From the bytes of an uploaded file to rows of text, whatever program wrote it."""

import csv
import io
import re
from _csv import Reader
from collections.abc import Iterator
from dataclasses import dataclass, field

from rivet.ledger.imports.columns import Layout, match_header

#: Larger files are refused with a sentence; 10 MB is some 100,000 short rows.
LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 5_000
#: More than any column takes, so that a novel in one cell is refused before it is stored.
LONGEST_CELL = 20_000

# The module's own limit (131,072) would end the whole file over one long memo; ours refuses the row.
csv.field_size_limit(LARGEST_FILE * 2)

_NOT_CSV = {b"PK\x03\x04": "an Excel workbook", b"\xd0\xcf\x11\xe0": "an old Excel workbook", b"%PDF": "a PDF"}


class SheetError(ValueError):
    """The file as a whole cannot be read; a sentence that says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """``line`` is where the row starts in the file, counted from 1 as editors do."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    rows: list[Row] = field(default_factory=list)
    #: Rows that are not rows of this table, with the reason.
    unreadable: list[tuple[int, str]] = field(default_factory=list)
    #: What was read differently than it stands in the file.
    remarks: list[str] = field(default_factory=list)


def read(data: bytes, *, layout: Layout) -> Sheet:
    """Raises SheetError when nothing of the file can be used."""
    written, remarks = _decode(data)
    lines = written.splitlines(keepends=True)
    first = next((index for index, line in enumerate(lines) if line.strip("\r\n\t ,;")), None)
    if first is None:
        raise SheetError("The file is empty. Export it again, with a first line that names the columns.")
    delimiter = _delimiter(lines[first])
    if re.fullmatch(r"sep=.\s*", lines[first]):
        delimiter, first = lines[first][4], first + 1
    return _read_rows("".join(lines[first:]), delimiter, offset=first, layout=layout, remarks=remarks)


def _decode(data: bytes) -> tuple[str, list[str]]:
    if len(data) > LARGEST_FILE:
        raise SheetError(f"The file has {len(data) / 1024 / 1024:.1f} MB; at most 10 MB are read. Split it.")
    for magic, what in _NOT_CSV.items():
        if data.startswith(magic):
            raise SheetError(f"This is {what}, not a CSV file. Save it as CSV and upload that.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode_as(data, "utf-16"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        remark = "The file is not UTF-8; Rivet read it as Windows-1252. Check names with accents below."
        return _decode_as(data, "cp1252"), [remark]


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetError("The file is not text in any encoding Rivet knows. Save it as CSV in UTF-8.") from error


def _delimiter(header: str) -> str:
    outside_quotes = re.sub(r'"[^"]*"', "", header)
    return max(",;\t|", key=outside_quotes.count)


def _read_rows(written: str, delimiter: str, *, offset: int, layout: Layout, remarks: list[str]) -> Sheet:
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=True)
    found = _parsed(reader, offset)
    first = next(found)
    if isinstance(first[1], str):
        raise SheetError(f"The first line cannot be read: {first[1]}")
    header = match_header(first[1], layout)
    if header.missing:
        raise SheetError(
            f"The file has no column for {' and '.join(header.missing)}. Its first line reads: "
            f"{', '.join(name.strip() for name in first[1])[:300]}. Name the columns as in the template."
        )
    if header.doubled:
        raise SheetError(f"Two columns of the file mean {header.doubled[0]}. Remove one, so that Rivet need not guess.")
    sheet = Sheet(remarks=remarks + header.remarks)
    for line, cells in found:
        _take(sheet, line, cells, header.columns)
    return sheet


def _parsed(reader: Reader, offset: int) -> Iterator[tuple[int, list[str] | str]]:
    """Rows, or the reason where a row is malformed. One bad row does not end the file unless a quote stays open."""
    while True:
        line = offset + reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, _reason(error)


def _reason(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return "A quote is opened here and never closed, so this row and all after it could not be read. Close it."
    return 'A quote stands in the middle of a cell. Write it twice ("") or remove it.'


def _take(sheet: Sheet, line: int, cells: list[str] | str, columns: list[str | None]) -> None:
    if isinstance(cells, str):
        sheet.unreadable.append((line, cells))
        return
    if not any(cell.strip() for cell in cells):
        return
    if reason := _refusal(cells, columns):
        sheet.unreadable.append((line, reason))
        return
    if len(sheet.rows) >= MOST_ROWS:
        raise SheetError(f"The file has more than {MOST_ROWS:,} rows. Split it and upload the parts one by one.")
    named = zip(columns, cells, strict=False)
    sheet.rows.append(Row(line=line, cells={name: cell for name, cell in named if name}))


def _refusal(cells: list[str], columns: list[str | None]) -> str:
    if any(cell.strip() for cell in cells[len(columns) :]):
        return f"The row has {len(cells)} cells, the first line names {len(columns)}. Put cells with commas in quotes."
    for name, cell in zip(columns, cells, strict=False):
        if "\x00" in cell:
            return f"{(name or 'A cell').capitalize()} contains a NUL character. Remove it."
        if name and len(cell) > LONGEST_CELL:
            return f"{name.capitalize()} has {len(cell):,} characters; at most 10,000 fit. Shorten it."
    return ""
