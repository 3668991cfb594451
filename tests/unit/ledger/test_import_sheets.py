"""Files as they come: other encodings, other separators, broken quotes, too much of everything."""

import pytest

from rivet.ledger.imports import columns, sheets
from rivet.ledger.imports.sheets import Sheet, SheetError


def read(written: str | bytes) -> Sheet:
    data = written.encode() if isinstance(written, str) else written
    return sheets.read(data, layout=columns.VENDORS)


def names(sheet: Sheet) -> list[str]:
    return [row.cells["name"] for row in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_of_any_encoding(encoding: str) -> None:
    sheet = read("name,city\nMüller \N{BUILDING CONSTRUCTION},Köln\n".encode(encoding))
    assert names(sheet) == ["Müller \N{BUILDING CONSTRUCTION}"]
    assert sheet.remarks == []


def test_windows_text_is_read_and_said_so() -> None:
    sheet = read("name\nMüller \N{EN DASH} Söhne\n".encode("cp1252"))
    assert names(sheet) == ["Müller \N{EN DASH} Söhne"]
    assert "Windows-1252" in sheet.remarks[0]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(separator: str) -> None:
    assert names(read(f'name{separator}"city, state"{separator}phone\nA{separator}B{separator}C\n')) == ["A"]


def test_a_spreadsheets_separator_line_is_obeyed() -> None:
    sheet = read("sep=;\r\nname;city\r\nA, Inc;B\r\n")
    assert names(sheet) == ["A, Inc"]
    assert sheet.rows[0].line == 3


def test_quoted_newlines_stay_in_their_cell_and_lines_are_counted_as_editors_do() -> None:
    sheet = read('name,street\n"A","1 Road\r\nSuite 2"\nB,2 Road\n')
    assert sheet.rows[0].cells["street"] == "1 Road\r\nSuite 2"
    assert [row.line for row in sheet.rows] == [2, 4]


def test_blank_lines_and_blank_cells_at_the_end_do_not_matter() -> None:
    assert names(read("\n\nname,city\n\nA,B,,\n,,\n")) == ["A"]


def test_a_row_that_is_broken_does_not_break_the_rest() -> None:
    sheet = read('name,city\n"A" x,B\nC,D\nE,F,G\n')
    assert names(sheet) == ["C"]
    assert [line for line, _ in sheet.unreadable] == [2, 4]
    assert "quote stands in the middle" in sheet.unreadable[0][1]
    assert "has 3 cells, the first line names 2" in sheet.unreadable[1][1]


def test_a_quote_that_is_never_closed_names_its_line() -> None:
    sheet = read('name,city\nA,B\n"C,D\nE,F\n')
    assert names(sheet) == ["A"]
    assert sheet.unreadable == [
        (3, "A quote is opened here and never closed, so this row and all after it could not be read. Close it.")
    ]


def test_a_nul_spoils_its_row_only() -> None:
    sheet = read("name,city\nA\x00,B\nC,D\n")
    assert names(sheet) == ["C"]
    assert sheet.unreadable == [(2, "Name contains a NUL character. Remove it.")]


def test_a_memo_of_ten_megabytes_spoils_its_row_only() -> None:
    memo = "x" * (sheets.LARGEST_FILE - 100)
    sheet = read(f"name,street\nA,{memo}\nC,D\n")
    assert names(sheet) == ["C"]
    assert "characters; at most 10,000 fit" in sheet.unreadable[0][1]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty"),
        (b"\n \n", "The file is empty"),
        (b"PK\x03\x04 rest", "an Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x81\x8d\x8f name", "not text in any encoding"),
        (b"city,phone\nA,B\n", "no column for name"),
        (b"name,Company name\nA,B\n", "Two columns of the file mean name"),
        (b'"name,city\nA,B\n', "The first line cannot be read"),
        (b"name\n" + b"x" * sheets.LARGEST_FILE, "at most 10 MB"),
        (b"name\n" + b"x\n" * 5001, "more than 5,000 rows"),
    ],
)
def test_files_that_cannot_be_used_say_why(data: bytes, reason: str) -> None:
    with pytest.raises(SheetError, match=reason):
        read(data)


def test_columns_of_other_programs_are_known_and_others_named() -> None:
    sheet = sheets.read(
        b"Bill No.,Supplier,Date,Line amount,Retention,Shoe size\n1,A,2026-01-02,5,10%,44\n", layout=columns.BILLS
    )
    cells = {"number": "1", "vendor": "A", "bill date": "2026-01-02", "amount": "5", "retainage": "10%"}
    assert sheet.rows[0].cells == cells
    assert sheet.remarks == ["Not used: “Shoe size”."]
