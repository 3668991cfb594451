import contextlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.xero.ordering import sort_rows
from sandbox.xero.query_tokens import QueryParseError
from sandbox.xero.where import MOST_CONDITIONS, parse_where

FIELDS = frozenset({"Name", "Type", "Status", "Date", "Total", "Contact", "Reference", "SentToContact", "Updated"})
CONTACT = "0b5a1b2c-9f4e-4d5a-8e7f-112233445566"
ROW: dict[str, object] = {
    "Name": 'Muller "Steel" GmbH',
    "Type": "ACCPAY",
    "Status": "AUTHORISED",
    "Date": date(2026, 1, 31),
    "Updated": datetime(2026, 2, 1, 8, 30, tzinfo=UTC),
    "Total": Decimal("1150.50"),
    "Contact": {"ContactID": CONTACT, "Name": "Acme"},
    "Reference": None,
    "SentToContact": True,
}


@pytest.mark.parametrize(
    "query",
    [
        "",
        'Type=="ACCPAY"',
        'Type="accpay"',
        'Type == "ACCPAY" AND Status == "AUTHORISED"',
        'Type=="ACCREC"||Status=="AUTHORISED"',
        '(Type=="ACCREC" OR Type=="ACCPAY") && Total>1000',
        "Total>=1150.5 and Total<=1150.50m",
        "Date==DateTime(2026,01,31)",
        "Date >= DateTime(2026, 1, 1) && Date < DateTime(2026, 2, 1)",
        "Updated > DateTime(2026,2,1,8,0,0)",
        'Date==DateTime.Parse("2026-01-31")',
        'Updated>=datetime.parse("2026-02-01T08:30:00")',
        f'Contact.ContactID==Guid.Parse("{CONTACT}")',
        f'Contact.ContactID==Guid("{CONTACT}")',
        f'Contact.ContactID==guid("{CONTACT}")',
        f'contact.contactid==GUID("{CONTACT}")',
        'name.contains("ünï") or Type.TOLOWER()=="accpay"',
        'Contact.Name.Contains("cm")',
        'Name.StartsWith("muller")',
        'Name.EndsWith("GMBH")',
        'Name.ToLower()=="muller \\"steel\\" gmbh"',
        'Name == "Muller \\"Steel\\" GmbH"',
        "Reference==null",
        'Reference!="x"',
        'Reference!=null AND Reference.Contains("x") OR Total > 0',
        "SentToContact",
        "SentToContact==true",
        '!(Type=="ACCREC")',
        'NOT Type=="ACCREC"',
        "Date.HasValue",
    ],
)
def test_a_matching_filter(query: str) -> None:
    assert parse_where(query, fields=FIELDS).matches(ROW)


@pytest.mark.parametrize(
    "query",
    [
        'Type!="ACCPAY"',
        "Total>1150.50",
        'Reference=="x"',
        "Total < 0 OR Date > DateTime(2027,1,1)",
        'Name=="Muller"',
    ],
)
def test_a_filter_that_does_not_match(query: str) -> None:
    assert not parse_where(query, fields=FIELDS).matches(ROW)


@pytest.mark.parametrize(
    "query",
    [
        "Nonsense==1",
        "Type==",
        'Type=="ACCPAY" AND',
        "Type==ACCPAY",
        "((Type))",
        "Date==DateTime(2026,13,1)",
        'Contact.ContactID==Guid("no")',
        'Name.Explode("x")',
        'Reference.Contains("x")',
        'Total=="many"',
        "Total",
        "'; DROP TABLE invoice; --",
        'Name=="unfinished',
        "(" * 200 + "Total>1" + ")" * 200,
        "Total > 1 2",
    ],
)
def test_a_filter_nobody_can_read_is_refused(query: str) -> None:
    with pytest.raises(QueryParseError):
        parse_where(query, fields=FIELDS).matches(ROW)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(query: str) -> None:
    with contextlib.suppress(QueryParseError):
        assert parse_where(query, fields=FIELDS).matches(ROW) in (True, False)


def test_what_a_record_must_equal_is_known_before_it_is_read() -> None:
    found = parse_where(f'Type=="ACCPAY" AND Contact.ContactID==Guid("{CONTACT}") AND Total>1', fields=FIELDS)
    assert {name: str(value) for name, value in found.pinned.items()} == {
        "Type": "ACCPAY",
        "Contact.ContactID": CONTACT,
    }
    assert not parse_where('Type=="ACCPAY" OR Total>1', fields=FIELDS).pinned


def test_rows_are_sorted_by_several_fields() -> None:
    rows: list[dict[str, object]] = [
        {"Name": "b", "Total": Decimal(1)},
        {"Name": "a", "Total": Decimal(1)},
        {"Name": "c", "Total": Decimal(2)},
        {"Name": "d", "Total": None},
    ]
    by_total = sort_rows(rows, "Total DESC, Name", fields=FIELDS)
    assert [row["Name"] for row in by_total] == ["c", "a", "b", "d"]
    assert [row["Name"] for row in sort_rows(rows, "name desc", fields=FIELDS)] == ["d", "c", "b", "a"]


@pytest.mark.parametrize("order", ["Weight", "Name UPWARDS", "Name ASC NOW"])
def test_an_order_nobody_can_read_is_refused(order: str) -> None:
    with pytest.raises(QueryParseError):
        sort_rows([ROW], order, fields=FIELDS)


@pytest.mark.parametrize("sign", ["OR", "AND"])
def test_conditions_beyond_counting_are_no_filter(sign: str) -> None:
    many = [f"Total!={number}" for number in range(MOST_CONDITIONS + 1)]
    assert parse_where(f" {sign} ".join(many[1:]), fields=FIELDS).matches(ROW)
    with pytest.raises(QueryParseError, match="Syntax error"):
        parse_where(f" {sign} ".join(many), fields=FIELDS)


@pytest.mark.parametrize(
    "query",
    ["Date" + ".HasValue" * 2000, "Name" + ".ToLower()" * 2000 + '=="x"', "Total==" + "Guid(" * 2000 + ")" * 2000],
    ids=["fields", "methods", "arguments"],
)
def test_what_goes_on_without_end_is_no_filter(query: str) -> None:
    with pytest.raises(QueryParseError, match="Syntax error"):
        parse_where(query, fields=FIELDS)


class Counted(dict[str, object]):
    reads = 0

    def __getitem__(self, name: str) -> object:
        Counted.reads += 1
        return super().__getitem__(name)


def test_an_order_looks_once_at_a_field_that_it_names_again() -> None:
    rows: list[Mapping[str, object]] = [
        Counted(Name=name, Total=total) for name, total in (("B", 1), ("a", 2), ("b", 2))
    ]
    found = sort_rows(rows, "Total DESC, Name" + ", total, name DESC" * 1000, fields=FIELDS)
    assert [dict(row)["Name"] for row in found] == ["a", "b", "B"]
    assert Counted.reads == 2 * len(rows)
    paths = [f"Contact.A{number}" for number in range(MOST_CONDITIONS + 1)]
    assert sort_rows(rows, ",".join(paths[1:]), fields=FIELDS) == rows
    with pytest.raises(QueryParseError, match="Syntax error"):
        sort_rows(rows, ",".join(paths), fields=FIELDS)
