import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.xero.scopes import opens
from sandbox.xero.statuses import INVOICE_MOVES, JOURNAL_MOVES, may_become
from sandbox.xero.wire import UnreadableBodyError, dump, envelope, load, validation_fault


def test_numbers_keep_their_places_and_dates_their_escape() -> None:
    raw = dump({"Quantity": Decimal("2.0000"), "Total": Decimal("1E+2"), "Date": "/Date(0+0000)/"})
    assert raw == rb'{"Quantity":2.0000,"Total":100,"Date":"\/Date(0+0000)\/"}'.replace(rb")\/", b")/")


@given(st.recursive(st.text() | st.integers() | st.booleans() | st.none(), lambda inner: st.lists(inner)))
def test_json_survives_the_round_trip_but_for_what_nobody_can_print(value: object) -> None:
    once = load(json.dumps(value))
    assert load(dump(once)) == once


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4))
def test_decimals_are_exact(value: Decimal) -> None:
    assert load(dump({"n": value}))["n"] == value


@pytest.mark.parametrize(
    "rubbish",
    [b"", b"{", b"NaN", b'{"a": Infinity}', b"\xff\xfe\x00", b"1e999999999", b"[" * 100_000, b"<Invoice/>"],
)
def test_rubbish_is_refused(rubbish: bytes) -> None:
    with pytest.raises(UnreadableBodyError):
        load(rubbish)


def test_the_mark_of_a_number_cannot_be_forged() -> None:
    assert load(dump(load(rb'{"Name": "\u0001999\u0002"}'))) == {"Name": "999"}
    assert load(rb'{"Name": "nul \u0000 and half \ud83d."}') == {"Name": "nul  and half ."}


def test_the_envelopes() -> None:
    now = datetime(2026, 9, 14, 9, 29, 59, tzinfo=UTC)
    good = envelope(trace="t", app_name="Rivet", now=now, rows={"Invoices": []})
    assert good == {
        "Id": "t",
        "Status": "OK",
        "ProviderName": "Rivet",
        "DateTimeUTC": "/Date(1789378199000)/",
        "Invoices": [],
    }
    assert validation_fault([{}]) == {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": [{}],
    }


def test_statuses_move_as_documented() -> None:
    assert may_become(INVOICE_MOVES, "AUTHORISED", "VOIDED")
    assert not may_become(INVOICE_MOVES, "AUTHORISED", "DELETED")
    assert not may_become(INVOICE_MOVES, "VOIDED", "AUTHORISED")
    assert not any(INVOICE_MOVES["DELETED"]) and not any(JOURNAL_MOVES["VOIDED"])
    assert may_become(JOURNAL_MOVES, "POSTED", "VOIDED")


@pytest.mark.parametrize(
    ("scope", "resource", "writing", "allowed"),
    [
        ("accounting.invoices", "invoices", True, True),
        ("accounting.invoices.read", "invoices", True, False),
        ("accounting.invoices.read", "creditnotes", False, True),
        ("accounting.transactions", "manualjournals", True, True),
        ("accounting.transactions", "contacts", False, False),
        ("accounting.settings.read", "organisation", False, True),
        ("accounting.contacts", "invoices", False, False),
    ],
)
def test_scopes(scope: str, resource: str, writing: bool, allowed: bool) -> None:
    assert opens(frozenset({scope, "openid"}), resource, writing=writing) is allowed


@pytest.mark.parametrize(
    ("resource", "scope", "enough"),
    [
        ("journals", "accounting.journals.read", True),
        ("journals", "accounting.transactions", False),
        ("budgets", "accounting.budgets.read", True),
        ("paymentservices", "paymentservices", True),
        ("paymentservices", "accounting.settings", False),
        ("repeatinginvoices", "accounting.invoices.read", True),
        ("banktransfers", "accounting.banktransactions", True),
        ("receipts", "accounting.transactions.read", True),
    ],
)
def test_some_resources_have_a_scope_of_their_own(resource: str, scope: str, enough: bool) -> None:
    assert opens(frozenset({scope}), resource, writing=False) is enough
