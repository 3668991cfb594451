"""JSON in and out: exact decimals, and the odd texts that the quick reader and printer hand on."""

from decimal import Decimal
from typing import Any

import pytest

from sandbox import wire


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("100.00"), "100.00"),
        (Decimal("0E-9"), "0.000000000"),
        (Decimal("1E+3"), "1000"),
        (Decimal("12345678901234567890.12"), "12345678901234567890.12"),
        ({"Memo": "12E+3 pipes", "Amount": Decimal("1E+2")}, '{"Memo":"12E+3 pipes","Amount":100}'),
        ({"Name": "Café"}, '{"Name":"Café"}'),
        ("half \ud800", '"half \\ud800"'),
    ],
)
def test_prints_numbers_without_exponents_and_keeps_texts(value: Any, text: str) -> None:
    assert wire.dumps(value) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"Amount": 100.10, "Count": 3}', {"Amount": Decimal("100.10"), "Count": 3}),
        (b'"half \\ud800"', "half \ud800"),
        ('{"Name": "Café"}'.encode("utf-16"), {"Name": "Café"}),
        (b"\xef\xbb\xbf[1]", [1]),
    ],
)
def test_reads_exact_numbers_and_every_form_of_unicode(text: bytes, value: Any) -> None:
    assert wire.loads(text) == value


@pytest.mark.parametrize("text", [b"", b"NaN", b"[Infinity]", b"[1,]", b"{'a': 1}", b'{"a": 1} x', b'"\xff"'])
def test_refuses_what_is_no_json(text: bytes) -> None:
    with pytest.raises(ValueError):
        wire.loads(text)


def test_texts_that_look_like_exponents_keep_their_letters() -> None:
    assert wire.dumps({"DocNumber": "INVOICE-12", "Name": "Café"}) == '{"DocNumber":"INVOICE-12","Name":"Café"}'
