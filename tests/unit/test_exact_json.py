"""Numbers go through JSON as they were written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations import exact_json


def test_amounts_print_as_written() -> None:
    body = {"Amount": Decimal("100.00"), "Rate": Decimal("0.000001"), "Large": Decimal("1E+3"), "Qty": 1}
    assert exact_json.dumps(body) == b'{"Amount":100.00,"Rate":0.000001,"Large":1000,"Qty":1}'


def test_keys_keep_their_order_and_text_its_letters() -> None:
    body = {"b": ["Söhne", None, True], "a": {"quote": '"\\\n'}}
    assert exact_json.dumps(body).decode() == '{"b":["Söhne",null,true],"a":{"quote":"\\"\\\\\\n"}}'


def test_a_float_is_refused_wherever_it_hides() -> None:
    with pytest.raises(TypeError):
        exact_json.dumps({"Line": [{"Amount": 0.1}]})


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_goes_neither_in_nor_out(value: str) -> None:
    with pytest.raises(ValueError, match="JSON"):
        exact_json.dumps({"Amount": Decimal(value)})
    with pytest.raises(ValueError, match="JSON"):
        exact_json.loads(f'{{"TotalAmt": {value}}}')


def test_numbers_come_back_exact() -> None:
    answer = exact_json.loads(b'{"TotalAmt": 12345678901234.57, "Qty": 2, "Small": 1e-7}')
    assert answer == {"TotalAmt": Decimal("12345678901234.57"), "Qty": 2, "Small": Decimal("1E-7")}
    assert type(answer["TotalAmt"]) is Decimal and type(answer["Qty"]) is int


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{", b"\xff\xfe\x00", b"[" * 100_000, b'{"Id": ' + b"9" * 5000 + b"}"]
)
def test_what_is_not_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        exact_json.loads(body)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(JSON)
def test_nothing_is_lost_on_the_way_out_and_back(value: object) -> None:
    assert exact_json.loads(exact_json.dumps(value)) == value


def test_pretty_keeps_every_number() -> None:
    assert exact_json.pretty(b'{"Line":[{"Amount":10.10}],"None":[]}') == (
        '{\n  "Line": [\n    {\n      "Amount": 10.10\n    }\n  ],\n  "None": []\n}'
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1.10"), Decimal("1.10")),
        (7, Decimal(7)),
        ("10.10", Decimal("10.10")),
        ("", None),
        ("much", None),
        ("NaN", None),
        (True, None),
        (None, None),
        ([], None),
    ],
)
def test_an_amount_of_theirs(value: object, expected: Decimal | None) -> None:
    assert exact_json.amount(value) == expected


@pytest.mark.parametrize("value", [None, "text", 7, {"a": 1}, [None, "text", [{}]]])
def test_what_is_no_list_of_objects_holds_none(value: object) -> None:
    assert exact_json.objects(value) == []
