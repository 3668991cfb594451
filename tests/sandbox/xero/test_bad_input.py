"""Rubbish of every kind gets the vendor's kind of answer, saves nothing, and never shows a stack trace."""

import json
import socket
import time
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest
import requests

from sandbox.xero import messages
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Problems
from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, invoice, line

JSON = {"Content-Type": "application/json"}
POST_DATA, VALIDATION, QUERY = "PostDataInvalidException", "ValidationException", "QueryParseException"
PATHS = (
    "Accounts", "BankTransactions", "BatchPayments", "ContactGroups", "Contacts", "CreditNotes", "Currencies",
    "Invoices", "Items", "ManualJournals", "Payments", "PurchaseOrders", "TaxRates", "TrackingCategories",
)  # fmt: skip


@pytest.fixture(scope="module")
def client(server: Running) -> Client:
    return client_of(server.url, "contractor", scopes="accounting.banktransactions accounting.reports.read")


def refused(answer: requests.Response, kind: str) -> None:
    assert answer.status_code == 400, answer.text
    assert answer.json()["Type"] == kind, answer.text
    assert "Traceback" not in answer.text and "sandbox" not in answer.text


def put(client: Client, path: str, raw: bytes) -> requests.Response:
    return client.call("PUT", path, data=raw, headers=JSON)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b"NaN",
        b'{"a": Infinity}',
        b"<Invoice/>",
        b"\xff\xfe",
        b"[" * 5000,
        b'{"a":' * 5000,
        b'{"Invoices": []}',
        b'{"Invoices": [7]}',
        b'{"Invoices": [[{}]]}',
        b'{"Invoices": "none"}',
        b'{"Amount": 1e99999999}',
        b'{"Amount": 1e99999999999999999999}',
        b'{"a": "\\ud83d\\u0000", }',
    ],
)
def test_what_is_no_body(client: Client, raw: bytes) -> None:
    refused(put(client, "Invoices", raw), POST_DATA)


@pytest.mark.parametrize("path", PATHS)
def test_an_empty_object_breaks_the_rules_of_every_resource(client: Client, path: str) -> None:
    refused(put(client, path, b"{}"), VALIDATION)


WRONG: list[tuple[str, Any]] = [
    ("Type", "SALE"),
    ("Type", {"a": 1}),
    ("Type", 7),
    ("Date", "soon"),
    ("Date", "2026-02-30"),
    ("Date", "/Date(abc)/"),
    ("Date", "/Date(99999999999999999999)/"),
    ("Date", []),
    ("DueDate", 20261001),
    ("LineItems", "none"),
    ("LineItems", [7]),
    ("LineItems", [{"UnitAmount": "many"}]),
    ("LineItems", [{"UnitAmount": 1e300}]),
    ("LineItems", [{"UnitAmount": True}]),
    ("LineItems", [{"UnitAmount": {"a": 1}}]),
    ("LineItems", [{"AccountID": "no"}]),
    ("LineItems", [line(Tracking="x")]),
    ("LineItems", [line(Tracking=[{"TrackingCategoryID": "x"}])]),
    ("Contact", []),
    ("Contact", "Harbor Point"),
    ("Contact", {"ContactID": "no"}),
    ("Contact", {"Name": ["x"]}),
    ("Contact", {"Name": "Harbor Point", "Addresses": 7}),
    ("Contact", {"Name": "Harbor Point", "Phones": [{"PhoneType": "PIGEON"}]}),
    ("Status", "OPEN"),
    ("LineAmountTypes", "Gross"),
    ("SentToContact", "perhaps"),
    ("InvoiceNumber", {"n": 1}),
    ("InvoiceID", "x"),
    ("CurrencyRate", "high"),
    ("Total", "all"),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=[f"{name} {value}"[:40] for name, value in WRONG])
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_values_of_the_wrong_kind(client: Client, method: str, name: str, value: Any) -> None:
    refused(client.call(method, "Invoices", invoice(None, **{name: value}), published=False), POST_DATA)


EVERYWHERE: list[Any] = [7, "text", [], [[]], {"a": {"b": []}}, True, "9" * 400, "/Date(1)/", -1e40]


@pytest.mark.parametrize("path", PATHS)
def test_no_value_in_any_field_is_an_accident(client: Client, path: str) -> None:
    """Whatever stands where: a refusal in the vendor's words, or an element that is saved."""
    for name in (*_NAMES[path], "Name", "Code", "Date", "Status", "Type"):
        for value in EVERYWHERE:
            answer = client.call("PUT", path, {name: value}, published=False)
            assert answer.status_code in (200, 400), (name, value, answer.text)
            assert answer.status_code == 200 or answer.json()["Type"] in (POST_DATA, VALIDATION)


_NAMES = dict.fromkeys(PATHS, ("Contact", "LineItems", "Total", "CurrencyCode")) | {
    "Contacts": ("EmailAddress", "Addresses", "Phones", "ContactPersons", "Website", "ContactStatus"),
    "Payments": ("Invoice", "Account", "Amount", "CreditNote", "CurrencyRate", "IsReconciled"),
    "BatchPayments": ("Payments", "Account", "Details"),
    "ManualJournals": ("JournalLines", "Narration", "Url", "LineAmountTypes"),
    "BankTransactions": ("BankAccount", "LineItems", "Contact", "IsReconciled"),
    "TaxRates": ("TaxComponents", "ReportTaxType", "TaxType"),
    "TrackingCategories": ("Options",),
    "Items": ("SalesDetails", "PurchaseDetails", "IsSold"),
}


@pytest.mark.parametrize(
    "media_type",
    [
        "application/x-www-form-urlencoded",
        "text/csv",
        "multipart/form-data",
        "text/plain",
        "rubbish",
    ],
)
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_other_media_types(client: Client, method: str, media_type: str) -> None:
    raw = b"<Invoices><Invoice><Type>ACCREC</Type></Invoice></Invoices>"
    answer = client.call(method, "Invoices", data=raw, headers={"Content-Type": media_type})
    assert (answer.status_code, answer.text) == (415, "Unsupported Media Type")


ODD_WHERE = (
    "1; DROP TABLE documents",
    "' OR 1=1 --",
    'Status=="AUTHORISED" UNION SELECT 1',
    "Status==",
    "==",
    "(",
    "(" * 60 + "true" + ")" * 60,
    'Weight=="x"',
    'Status=="AUTHORISED',
    "Status==AUTHORISED",
    'Total=="a"',
    "Total",
    "Total==1 AND",
    'Date>=DateTime("soon")',
    "Date>=DateTime(2026,13,1)",
    "Date>=DateTime(99999999999,1,1)",
    "Date>=DateTime()",
    'InvoiceID==Guid("x")',
    'Contact.Name.Explode("a")',
    "Reference.Contains(7)",
    'Reference.Contains(Reference, "a")',
    "NOT NOT",
    "\x00",
    "Ünïcode==1",
)


@pytest.mark.parametrize("where", ODD_WHERE, ids=range(len(ODD_WHERE)))
def test_odd_filters(client: Client, where: str) -> None:
    client.call("PUT", "Invoices", invoice("FILTERED"))
    refused(client.call("GET", "Invoices", params={"where": where}), QUERY)


@pytest.mark.parametrize(
    "query",
    [{"order": "Weight"}, {"order": "Total SIDEWAYS"}, {"page": "one"}, {"page": "1", "pageSize": "x"}],
)
def test_odd_orders_and_pages(client: Client, query: dict[str, str]) -> None:
    refused(client.call("GET", "Invoices", params=query), QUERY)


@pytest.mark.parametrize("query", [{"page": "0"}, {"page": "-3"}, {"page": str(10**30)}, {"page": 1, "pageSize": 0}])
def test_pages_out_of_range_are_clamped(client: Client, query: dict[str, str]) -> None:
    assert client.good("GET", "Invoices", params=query)["pagination"]["page"] >= 1


@pytest.mark.parametrize(
    "path",
    [
        "",
        "Invoices/..%2f..%2fcontrol",
        "Invoices/%00",
        "Invoices/" + "x" * 3000,
        "Invoices/a/b/c/d/e",
        "%ff",
        "Users/'",
    ],
)
def test_odd_addresses(client: Client, path: str) -> None:
    answer = client.call("GET", path)
    assert (answer.status_code, answer.text) == (404, "The resource you're looking for cannot be found")


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "OPTIONS"])
def test_odd_methods(client: Client, method: str) -> None:
    answer = client.call(method, "Invoices")
    assert answer.status_code == 501 and "not implemented" in answer.text


@pytest.mark.parametrize("path", ["connect/token", "connect/revocation", "identity/connect/authorize"])
@pytest.mark.parametrize("raw", [b"", b"{}", b"\xff=%ff&%00", b"grant_type=" + b"x" * 100_000, b"code=" * 5000])
def test_odd_forms(client: Client, path: str, raw: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = requests.post(f"{client.url}/xero/{path}", data=raw, headers=headers, timeout=10)
    assert answer.status_code == 400 and "Traceback" not in answer.text


def test_odd_bytes_on_the_socket(client: Client) -> None:
    address = urlsplit(client.url)
    for raw in (b"\x16\x03\x01\x02", b"GET / HTTP/9.9\r\n\r\n", b"PUT /xero/api.xro/2.0/Invoices\r\n\r\n"):
        with socket.create_connection((str(address.hostname), int(address.port or 80)), timeout=5) as connection:
            connection.sendall(raw + b"\r\n\r\n")
            assert b"Traceback" not in connection.recv(4096)
    assert client.call("GET", "Organisation").status_code == 200


def test_odd_texts_are_kept_as_they_are(client: Client) -> None:
    odd = client.one("PUT", "Contacts", {"Name": 'Müller 🏗 \x00"; DROP TABLE documents; --'})
    assert odd["Name"] == 'Müller 🏗 "; DROP TABLE documents; --'
    again = client.one("GET", "Contacts", params={"where": f"Name=={json.dumps(odd['Name'], ensure_ascii=False)}"})
    assert again["ContactID"] == odd["ContactID"]


FORBIDDEN = '<>:"/\\|?*\x00+'


@pytest.fixture(scope="module")
def attached(client: Client) -> str:
    made = client.one("PUT", "Invoices", invoice("ATTACHED"))
    return f"Invoices/{made['InvoiceID']}/Attachments"


def attach(client: Client, base: str, name: str, raw: bytes = b"x", **query: str) -> requests.Response:
    headers = {"Content-Type": "text/plain"}
    return client.call("PUT", f"{base}/{quote(name, safe='')}", data=raw, headers=headers, params=query)


@pytest.mark.parametrize("letter", [letter for letter in FORBIDDEN if letter not in "/\x00"])
def test_names_of_attachments(client: Client, attached: str, letter: str) -> None:
    answer = attach(client, attached, f"a{letter}b.txt")
    refused(answer, VALIDATION)
    assert "not allowed" in answer.text


def test_attachments_have_a_size_and_a_number(client: Client, attached: str) -> None:
    for number in range(10):
        assert attach(client, attached, f"{number}.txt").status_code == 200
    assert "at most 10 attachments" in attach(client, attached, "11.txt").text
    same = attach(client, attached, "3.txt", b"other words").json()["Attachments"][0]
    assert same["ContentLength"] == 11
    assert client.call("GET", f"{attached}/3.txt").text == "other words"
    large = attach(client, attached, "3.txt", b"x" * (10 * 1024 * 1024 + 1))
    refused(large, VALIDATION)
    assert "larger than 10 MB" in large.text


def test_names_that_are_none_in_xml_are_left_out(client: Client) -> None:
    raw = b'{"Type": "ACCREC", "a><b": 1, "my key": 2, "XDate": "/Date(999999999999999)/"}'
    headers = {**JSON, "Accept": "application/xml"}
    answer = client.call("PUT", "Invoices", data=raw, headers=headers, published=False)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (400, "text/xml")
    names = {element.tag for element in ElementTree.fromstring(answer.content).iter()}  # noqa: S314  our own answer
    assert "ValidationErrors" in names and not {"a", "b", "my"} & names


@pytest.mark.parametrize("url", ["http://[a", "ftp://example.com/a", "nowhere"])
def test_addresses_that_lead_nowhere(client: Client, url: str) -> None:
    assert client.sentences("PUT", "Invoices", invoice(f"At {url}", Url=url)) == [messages.URL_INVALID]
    assert client.sentences("PUT", "Contacts", {"Name": f"At {url}", "Website": url}) == [messages.WEBSITE_INVALID]


def test_a_header_that_is_no_base64(client: Client) -> None:
    headers = {"Authorization": "Basic \u00e9".encode("latin-1").decode("latin-1")}
    answer = requests.post(f"{client.url}/xero/connect/token", data={"grant_type": "x"}, headers=headers, timeout=10)
    assert answer.json() == {"error": "invalid_client"}


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_moments_at_the_ends_of_the_calendar(client: Client, moment: str) -> None:
    for path in ("Invoices", "Organisation"):
        answer = client.call("GET", path, headers={"If-Modified-Since": moment})
        assert answer.status_code == 412, answer.text


@pytest.mark.parametrize("name", ["TrialBalance", "BalanceSheet", "ProfitAndLoss", "BankSummary"])
def test_reports_of_the_first_day(client: Client, name: str) -> None:
    first = {"date": "0001-01-01", "fromDate": "0001-01-01", "toDate": "0001-01-01"}
    assert client.one("GET", f"Reports/{name}", params=first)["ReportName"]


def test_calls_have_a_number_of_elements(client: Client) -> None:
    raw = json.dumps({"Items": [{}] * 5_001}).encode()
    for path in ("Items", "TaxRates"):
        assert put(client, path, raw.replace(b"Items", path.encode())).status_code == 413
    refused(put(client, "Items", json.dumps({"Items": [{}] * 500}).encode()), VALIDATION)


def test_calls_have_a_number_of_payments_and_allocations(client: Client) -> None:
    note = {"Type": "ACCRECCREDIT", "Contact": {"Name": "Summit"}, "LineItems": [line(5)]}
    path = f"CreditNotes/{client.one('PUT', 'CreditNotes', note)['CreditNoteID']}/Allocations"
    for count, kind in ((1_001, 413), (1_000, 400)):
        many: list[Any] = [{}] * count
        one = {"payments": many[1:]}
        bodies = {"Payments": {"Payments": many}, path: {"Allocations": many}}
        for where, body in {**bodies, "BatchPayments": {"batchpayments": [{"Payments": [{}]}, one]}}.items():
            assert put(client, where, json.dumps(body).encode()).status_code == kind, (where, count)


def test_each_of_many_lines_may_be_wrong_in_its_own_way() -> None:
    """What was said already is looked up: a list would be gone through anew for every sentence."""
    problems, start = Problems(), time.process_time()
    for number in (*range(100_000), 1, 0):
        problems.add(f"Account code '{number}' is not a valid code for this document.")
    with pytest.raises(InvalidError) as error:
        problems.stop()
    assert len(error.value.sentences) == 100_000 and "'0'" in error.value.sentences[0]
    assert time.process_time() - start < 2


@pytest.mark.parametrize("text", ["9" * 1_100_000, "1e999999", "-1e999999", "1e-999999", f"0.{'9' * 1_100_000}"])
def test_texts_that_are_no_sum_of_money(client: Client, text: str) -> None:
    answer = client.call("PUT", "Invoices", invoice(None, LineItems=[line(text)]))
    assert answer.status_code in (200, 400), answer.text[:300]
    assert "Traceback" not in answer.text[:300]
