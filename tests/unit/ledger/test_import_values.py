"""Cells as people and spreadsheets write them."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rivet.ledger.imports import values


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1234.5", "1234.50"),
        ("$1,234.50", "1234.50"),
        (" $ 1,234 ", "1234.00"),
        ("(1,234.50)", "-1234.50"),
        ("($20)", "-20.00"),
        ("-20", "-20.00"),
        ("-$20.00", "-20.00"),
        ("$-20.00", "-20.00"),
        ("20-", "-20.00"),
        ("\N{MINUS SIGN}3", "-3.00"),
        ("1.234,50", "1234.50"),
        ("12,5", "12.50"),
        ("1.234.567", "1234567.00"),
        ("1,234", "1234.00"),
        ("1\N{NO-BREAK SPACE}234.00", "1234.00"),
        (".5", "0.50"),
        ("USD 7", "7.00"),
        ("3.1000", "3.10"),
        ("9999999999999.99", "9999999999999.99"),
    ],
)
def test_amounts(written: str, amount: str) -> None:
    assert values.amount(written) == D(amount)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1.005", "more than two decimals"),
        ("ten", "not an amount"),
        ("", "not an amount"),
        ("NaN", "not an amount"),
        ("Infinity", "not an amount"),
        ("1e5", "not an amount"),
        ("1,23,4", "not an amount"),
        ("--5", "not an amount"),
        ("\N{ARABIC-INDIC DIGIT FIVE}", "not an amount"),
        ("10000000000000", "larger than Rivet can keep"),
        ("9" * 5000, "not an amount"),
        ("=1+1", "not an amount"),
    ],
)
def test_what_is_no_amount(written: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        values.amount(written)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_what_rivet_writes_it_reads(amount: D) -> None:
    assert values.amount(f"{amount:,.2f}") == amount
    assert values.amount(f"{amount:.2f}") == amount


@given(st.text(max_size=60))
def test_any_text_is_an_amount_or_a_sentence(written: str) -> None:
    try:
        assert values.amount(written).as_tuple().exponent == -2
    except ValueError as refusal:
        assert str(refusal).endswith((".", ".)"))


@pytest.mark.parametrize(
    "written",
    [
        "2026-10-03",
        "2026/10/03",
        "20261003",
        "10/3/2026",
        "10/03/26",
        "3.10.2026",
        "Oct 3, 2026",
        "October 3, 2026",
        "3 Oct 2026",
        "03-Oct-2026",
        "2026-10-03 00:00:00",
        " 2026-10-03 ",
    ],
)
def test_dates(written: str) -> None:
    assert values.day(written) == date(2026, 10, 3)


@pytest.mark.parametrize("written", ["13/13/2026", "2026-02-30", "tomorrow", "10/3/1926", "45567", "202610", ""])
def test_what_is_no_date(written: str) -> None:
    with pytest.raises(ValueError, match=r"not a date|in the year 1926"):
        values.day(written)


@pytest.mark.parametrize(
    ("written", "retainage"), [("10%", "123.45"), ("7.5 %", "92.59"), ("100.00", "100.00"), ("", "0.00"), ("0", "0.00")]
)
def test_retainage_is_an_amount_or_a_share(written: str, retainage: str) -> None:
    assert values.retainage(written, of=D("1234.50")) == D(retainage)


def test_names_compare_without_case_and_blanks() -> None:
    assert values.key("  HANSON  Concrete ") == values.key("Hanson Concrete")
    assert values.key("Cafe\N{COMBINING ACUTE ACCENT}") == values.key("CAFÉ")


def test_a_number_that_a_spreadsheet_shortened_is_refused() -> None:
    with pytest.raises(ValueError, match="shortened by a spreadsheet"):
        values.number("1.23457E+11", longest=100)
    assert values.number(" 00123 ", longest=100) == "00123"
