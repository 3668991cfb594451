"""Whatever is sent, the answer is one of the vendor's faults: never a stack trace, never an internal error."""

import itertools
import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.shapes import TYPES
from tests.sandbox.quickbooks.books import (
    Books,
    a_bill,
    a_deposit,
    a_journal,
    a_payment,
    a_purchase,
    a_receipt,
    a_timesheet,
    an_invoice,
    callback,
    consent,
)
from tests.sandbox.running import CLIENT, Running

JSON = "application/json"
_JSON = {"Content-Type": JSON}
Body = dict[str, Any]
STRANGE: list[Any] = [
    {}, [], [[]], [{}], 0, -1, 1e30, "", " ", "x" * 5000, True, {"value": None}, {"value": []}, {"value": "999999"},
    {"name": "only"}, [{"Amount": "x"}], "'; DROP TABLE documents; --", "\u2028", "NaN", "2026-13-45", {"a": {"b": {}}},
]  # fmt: skip


@pytest.fixture(scope="module")
def books(server: Running) -> Books:
    server.control("PUT", "/limits", {"enabled": False})
    return Books(server)


@pytest.mark.parametrize(
    ("path", "body", "kind", "code"),
    [
        ("invoice", b'{"Line": [', JSON, "2010"),
        ("invoice", b"\xff\xfe\x00", JSON, "500"),
        ("invoice", b"[" * 50_000, JSON, "2010"),
        ("invoice", b'{"TotalAmt": NaN}', JSON, "2010"),
        ("invoice", b"", JSON, "2010"),
        ("invoice", b"null", JSON, "2020"),
        ("invoice", b"7", JSON, "2010"),
        ("invoice", b"[]", JSON, "2020"),
        ("invoice", b"[1]", JSON, "2010"),
        ("invoice", b'"text"', JSON, "2010"),
        ("invoice", b"<Invoice/>", "text/html", "1050"),
        ("invoice", b"<Invoice", "application/xml", "2010"),
        ("invoice", b"<Bill/>", "application/xml", "2010"),
        ("invoice", b"<Invoice><Colour>red</Colour></Invoice>", "application/xml", "2010"),
        ("invoice", b"<!DOCTYPE a [<!ENTITY b 'c'>]><Invoice><DocNumber>&b;</DocNumber></Invoice>", "text/xml", "2010"),
        ("invoice", b"<Invoice>" + b"<Line>" * 500 + b"</Line>" * 500 + b"</Invoice>", "application/xml", "2010"),
        ("invoice", b"<Invoice/>", "application/xml", "2020"),
        ("batch", b"<Batch/>", "application/xml", "2010"),
        ("invoice", b"Line=1", "application/x-www-form-urlencoded", "1050"),
        ("invoice?operation=delete", b"[]", JSON, "2020"),
        ("invoice?operation=void", b'{"Id": {}}', JSON, "2010"),
        ("invoice?operation=fly", b'{"Id": "1"}', JSON, "500"),
        ("invoice/1/2", b"{}", JSON, "500"),
        ("invoice", b'{"Line": {"Amount": {}}}', JSON, "2100"),
        ("invoice", b'{"Line": [[]]}', JSON, "2010"),
        ("invoice", b'{"DocNumber": ["a"]}', JSON, "2010"),
        ("invoice", b'{"Id": 7, "SyncToken": []}', JSON, "2010"),
        ("bill", b'{"VendorRef": {"value": {"a": 1}}}', JSON, "2010"),
        ("vendor", b'{"DisplayName": "x", "PrimaryEmailAddr": "a@b.c"}', JSON, "2010"),
        ("vendor", b'{"DisplayName": "\\u0000"}', JSON, "2040"),
        ("vendor", b'{"DisplayName": "\\ud800", "Active": 3}', JSON, "2230"),
        ("payment", b'{"TotalAmt": 1e400}', JSON, "2240"),
        ("payment", b'{"TotalAmt": "' + b"9" * 100_000 + b'"}', JSON, "2240"),
        ("payment", b'{"TotalAmt": 1e99999999999999999999}', JSON, "2010"),
        ("invoice", b'{"InvoiceEx": 1e-999999999}', JSON, "2010"),
        ("batch", b'{"BatchItemRequest": 1e-99999999999999999999}', JSON, "2010"),
        ("batch", b"[]", JSON, "2020"),
        ("batch", b'{"BatchItemRequest": 7}', JSON, "2020"),
        ("batch", b'{"BatchItemRequest": ' + b"[" + b"{}," * 30 + b"{}]}", JSON, "1040"),
        ("batch", b"{}", "text/plain", "1050"),
        ("upload", b"{}", JSON, "1050"),
        ("upload", b"--", "multipart/form-data", "1050"),
        ("upload", b"no boundary here", "multipart/form-data; boundary=b", "6041"),
        ("query", b"\xff\xfe", "application/text", "500"),
        ("query", b"select" * 20_000, "application/text", "4000"),
        ("query", b"select * from Invoice where Id = " + b"'" * 3, "application/text", "4000"),
        ("query", b"select * from Invoice union select * from tokens", "application/text", "4000"),
        ("query", b"select * from tokens", "application/text", "4001"),
        ("query", b"select * from Invoice where 1=1", "application/text", "4001"),
        ("query", b"select * from Invoice orderby DocNumber);drop table documents", "application/text", "4000"),
        ("query", b"select * from Invoice where TotalAmt > 'much'", "application/text", "4001"),
        ("query", b"select * from Invoice maxresults 0", "application/text", "4001"),
        ("query", b"select * from Invoice maxresults ten", "application/text", "4000"),
        ("query", b"select sqlite_version() from Invoice", "application/text", "4000"),
    ],
)  # fmt: skip
def test_rubbish_gets_the_vendors_kind_of_fault(books: Books, path: str, body: bytes, kind: str, code: str) -> None:
    answer = books.request("POST", path, data=body, headers={"Content-Type": kind})
    assert answer.status_code == 400, answer.text
    error = answer.json()["Fault"]["Error"][0]
    assert error["code"] == code
    assert ("UTF-8 sequence is not supported" in error["Detail"]) is (b"\xff" in body)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "soon"])
def test_changes_since_no_moment_at_all(books: Books, moment: str) -> None:
    answer = books.request("GET", "cdc", params={"entities": "Bill", "changedSince": moment})
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, "2060")


WHOLE: dict[str, Callable[[Books], Body]] = {
    "invoice": an_invoice,
    "bill": a_bill,
    "payment": lambda books: a_payment(books, 5),
    "journalentry": lambda books: a_journal(books, ("Debit", "1150", 1), ("Credit", "4000", 1)),
    "purchase": a_purchase,
    "salesreceipt": a_receipt,
    "deposit": a_deposit,
    "timeactivity": a_timesheet,
    "customer": lambda books: {"DisplayName": "Whole"},
    "item": lambda books: {"Name": "Whole", "Type": "Service", "IncomeAccountRef": {"value": "1"}},
    "attachable": lambda books: {"Note": "n"},
}


def _spoiled(whole: Body, entity: str) -> Iterator[Body]:
    """The object with one property after the other made strange, down to the details of its first line."""
    strange = itertools.cycle(STRANGE)
    for field in TYPES[entity]:
        yield {**whole, field: next(strange)}
    for line in whole.get("Line", [])[:1]:
        for field in TYPES["Line"]:
            yield {**whole, "Line": [{**line, field: next(strange)}]}
        name = line.get("DetailType", "PaymentLineDetail")
        for field in TYPES[name]:
            yield {**whole, "Line": [{**line, name: {**line.get(name, {}), field: next(strange)}}]}


@pytest.mark.parametrize("name", sorted(KINDS))
def test_no_property_of_any_entity_can_break_it(books: Books, name: str) -> None:
    """Refused or taken, but never an internal error."""
    entity = KINDS[name].entity
    whole = WHOLE[name](books) if name in WHOLE else {}
    items = [{"operation": "create", entity: body} for _ in range(2) for body in _spoiled(whole, entity)]
    for start in range(0, len(items), 30):
        batch = [{"bId": str(number), **item} for number, item in enumerate(items[start : start + 30])]
        answer = books.request("POST", "batch", data=json.dumps({"BatchItemRequest": batch}), headers=_JSON)
        assert answer.status_code == 200, answer.text
        assert '"code":"10000"' not in answer.text


@pytest.mark.parametrize("tiny", ["1e-999999999", "0e-999999999", "-1E-300", 1e-300])
def test_numbers_too_small_to_be_written_are_none(books: Books, tiny: Any) -> None:
    account = books.id("Account", "4000")
    item = {"Name": f"Dust {tiny}", "Type": "Service", "IncomeAccountRef": {"value": account}, "UnitPrice": tiny}
    assert books.post("item", item)["UnitPrice"] == 0


def test_amounts_are_limited_however_they_come_about(books: Books) -> None:
    for make in (an_invoice, a_bill):
        body = make(books)
        name = body["Line"][0]["DetailType"]
        if make is a_bill:
            name, ref = "ItemBasedExpenseLineDetail", {"value": _costly(books)}
            body["Line"] = [{"DetailType": name, name: {"ItemRef": ref}}]
        body["Line"][0].pop("Amount", None)
        body["Line"][0][name].update({"Qty": 9_999_999_999, "UnitPrice": 99_999_999_999})
        _, error = books.refused("invoice" if make is an_invoice else "bill", body)
        assert (error["code"], "Max:999,999,999." in error["Detail"]) == ("2240", True)


def _costly(books: Books) -> str:
    account = {"value": books.id("Account", "5000")}
    return str(books.post("item", {"Name": "Costly", "Type": "NonInventory", "ExpenseAccountRef": account})["Id"])


def test_half_a_letter_finds_nothing(books: Books) -> None:
    item = {"bId": "1", "Query": "select * from Vendor where DisplayName = '\ud800'"}
    answer = books.request("POST", "batch", data=json.dumps({"BatchItemRequest": [item]}), headers=_JSON)
    assert answer.json()["BatchItemResponse"] == [{"QueryResponse": {}, "bId": "1"}]


def test_sql_in_values_is_a_value(books: Books) -> None:
    books.post("vendor", {"DisplayName": "'; DROP TABLE documents; --"})
    [row] = books.query("select * from Vendor where DisplayName = '\\'; DROP TABLE documents; --'")
    assert row["DisplayName"] == "'; DROP TABLE documents; --"
    assert books.query("select * from Account")


@pytest.mark.parametrize(
    "path", ["bill/1'%20or%20'1'='1", "bill/" + "9" * 400, "bill/%00", "bill/..%2F..", "reports/'"]
)
def test_odd_addresses(books: Books, path: str) -> None:
    answer = books.request("GET", path)
    assert answer.status_code == 400
    assert answer.json()["Fault"]["Error"][0]["code"] in ("2030", "610", "500")


def test_a_huge_memo_is_too_long(books: Books) -> None:
    _, error = books.refused("bill", {**a_bill(books), "PrivateNote": "m" * 10_000_000})
    assert error["code"] == "2050"


def test_a_name_that_cannot_be_sent_back_is_counted_all_the_same(books: Books) -> None:
    books.request("POST", "vendor", data=b'{"DisplayName": "lone \\ud800"}', headers=_JSON)
    found = books.sandbox.control("GET", f"/counters?company={books.company}")
    assert "lone ?" in [row["key"] for row in found["documents"]]


BEARER, REVOKE = "oauth2/v1/tokens/bearer", "v2/oauth2/tokens/revoke"


@pytest.mark.parametrize(
    ("path", "authorization", "body", "status", "error"),
    [
        (BEARER, "Basic \u00e9\u00e9", b"grant_type=refresh_token", 401, "invalid_client"),
        (BEARER, "Basic ====", b"grant_type=refresh_token", 401, "invalid_client"),
        (BEARER, "Basic /////w==", b"grant_type=refresh_token", 401, "invalid_client"),
        (BEARER, "Digest x", b"grant_type=refresh_token", 401, "invalid_client"),
        (BEARER, None, b"\xff\xfe=%zz&grant_type", 400, "invalid_request"),
        (BEARER, None, b"{}", 400, "invalid_request"),
        (BEARER, None, b"grant_type=password", 400, "unsupported_grant_type"),
        (BEARER, None, b"grant_type=refresh_token&refresh_token=%00", 400, "invalid_grant"),
        (BEARER, None, b"grant_type=refresh_token&refresh_token=" + b"x" * 50_000, 400, "invalid_grant"),
        (BEARER, None, b"grant_type=authorization_code&code='; drop table tokens; --", 400, "invalid_grant"),
        (REVOKE, "Basic \u00e9", b'{"token": "x"}', 401, "invalid_client"),
        (REVOKE, None, b"[]", 400, "invalid_request"),
        (REVOKE, None, b'{"token": {}}', 400, "invalid_request"),
        (REVOKE, None, b"\xff", 400, "invalid_request"),
        (REVOKE, None, b"[" * 50_000, 400, "invalid_request"),
    ],
)  # fmt: skip
def test_rubbish_at_the_tokens(
    books: Books, path: str, authorization: str | None, body: bytes, status: int, error: str
) -> None:
    good = "Basic " + b64encode(":".join(CLIENT).encode()).decode()
    headers: dict[str, str | bytes] = {"Content-Type": JSON, "Authorization": (authorization or good).encode("latin-1")}
    answer = requests.post(f"{books.sandbox.url}/quickbooks/{path}", data=body, headers=headers, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_rubbish_on_the_consent_page(books: Books, changes: dict[str, str], error: str) -> None:
    assert callback(consent(books.sandbox, books.company, **changes))["error"] == error


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer \u00e9", "Basic x", "Bearer " + "x" * 50_000])
def test_rubbish_for_a_token(books: Books, token: str) -> None:
    headers = {"Authorization": token.encode("latin-1")}
    answer = books.request("GET", "preferences", headers=headers)
    assert (answer.status_code, answer.json()["fault"]["type"]) == (401, "AUTHENTICATION")
    found = requests.get(f"{books.sandbox.url}/quickbooks/v1/openid_connect/userinfo", headers=headers, timeout=5)
    assert (found.status_code, found.json()) == (401, {"error": "invalid_token"})
