"""Answers in XML, for whoever does not ask for JSON."""

import re
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
import requests

from sandbox.exchange import Answer
from sandbox.wire import dumps, loads
from sandbox.xero.xml_answers import in_xml, wants_json
from sandbox.xero.xml_bodies import load_xml
from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, invoice, line

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@pytest.fixture(scope="module")
def client(server: Running) -> Client:
    return client_of(server.url, "contractor")


def ask(
    client: Client, method: str, path: str, body: Any = None, accept: str | None = "application/xml"
) -> requests.Response:
    return client.call(method, path, body, headers={"Accept": accept})


def tree(answer: requests.Response, status: int = 200) -> Element:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    return fromstring(answer.content)  # noqa: S314  our own answer


@pytest.mark.parametrize(
    ("accept", "json"),
    [
        ("", False),
        ("*/*", False),
        ("text/xml", False),
        ("application/pdf", False),
        ("text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("application/json;q=0.5, application/xml", False),
        ("application/json;q=0", False),
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/json, text/plain, */*", True),
        ("text/xml;q=0.3, application/json", True),
        ("application/json;q=often", True),
    ],
)
def test_only_who_names_json_gets_json(accept: str, json: bool) -> None:
    assert wants_json(accept) is json


def test_without_accept_the_answer_is_xml(client: Client) -> None:
    assert tree(ask(client, "GET", "Organisation", accept=None)).tag == "Response"


def test_an_invoice_says_the_same_in_both(client: Client) -> None:
    tracked = line(12.5, Tracking=[{"Name": "Department", "Option": "Service"}], Description="R & D <1>")
    made = client.one("PUT", "Invoices", invoice(None, LineItems=[tracked, line(7)], Reference="R1"))
    found = tree(ask(client, "GET", f"Invoices/{made['InvoiceID']}"))
    assert [child.tag for child in found] == ["Id", "Status", "ProviderName", "DateTimeUTC", "Invoices"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", found.findtext("DateTimeUTC", ""))
    shown = found.find("Invoices/Invoice")
    assert shown is not None
    for name in ("InvoiceID", "InvoiceNumber", "Type", "Status", "Reference", "CurrencyCode"):
        assert shown.findtext(name) == made[name]
    assert Decimal(shown.findtext("Total", "")) == Decimal(str(made["Total"]))
    assert (shown.findtext("Date"), shown.findtext("SentToContact")) == ("2026-10-01T00:00:00", "false")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?", shown.findtext("UpdatedDateUTC", ""))
    assert [row.findtext("Description") for row in shown.findall("LineItems/LineItem")] == ["R & D <1>", "Work"]
    assert shown.findtext("LineItems/LineItem/Quantity") == "1.0000"
    assert shown.findtext("LineItems/LineItem/Tracking/TrackingCategory/Option") == "Service"
    unknown = {"DateString", "DueDateString", "Payments", "UpdatedDateUTCString"}
    assert not unknown & {child.tag for child in shown}


def test_refused_elements_carry_their_kind(client: Client) -> None:
    found = tree(ask(client, "PUT", "Invoices", invoice(None, LineItems=[], status="PAID")), 400)
    assert (found.tag, found.findtext("ErrorNumber"), found.findtext("Type")) == (
        "ApiException",
        "10",
        "ValidationException",
    )
    element = found.find("Elements/DataContractBase")
    assert element is not None and element.get(XSI_TYPE) == "Invoice"
    messages = [row.text for row in element.findall("ValidationErrors/ValidationError/Message")]
    assert messages == ["One or more line items must be specified", "Invoice not of valid status for creation"]
    assert [child.tag for child in element][:2] == ["ValidationErrors", "Warnings"]


def test_the_fate_of_an_element_is_an_attribute(client: Client) -> None:
    body = {"Invoices": [invoice("XA-1"), invoice("XA-2", LineItems=[]), invoice("XA-3", SentToContact=True)]}
    body["Invoices"][2]["Status"] = "DRAFT"
    found = tree(ask(client, "POST", "Invoices?summarizeErrors=false", body))
    assert [row.get("status") for row in found.findall("Invoices/Invoice")] == ["OK", "ERROR", "WARNING"]
    assert found.find(".//StatusAttributeString") is None
    assert found.findtext("Invoices/Invoice[3]/Warnings/Warning/Message", "").startswith("Only AUTHORISED")


@pytest.mark.parametrize(
    ("path", "inner"),
    [
        ("Accounts", "Accounts/Account/Code"),
        ("Contacts?page=1", "Contacts/Contact/Phones/Phone/PhoneType"),
        ("TrackingCategories", "TrackingCategories/TrackingCategory/Options/Option/Name"),
        ("TaxRates", "TaxRates/TaxRate/TaxComponents/TaxComponent/Rate"),
        ("Currencies", "Currencies/Currency/Code"),
        ("Organisation/Actions", "Actions/Action/Status"),
        ("Users", "Users/User/UserID"),
    ],
)
def test_lists_name_their_elements(client: Client, path: str, inner: str) -> None:
    assert tree(ask(client, "GET", path)).find(inner) is not None


def test_other_faults(client: Client) -> None:
    query = tree(ask(client, "GET", "Invoices?where=%01Status%3D%3D%3C"), 400)
    assert query.findtext("Type") == "QueryParseException"
    data = tree(ask(client, "PUT", "Invoices", {"Date": "never"}), 400)
    assert data.findtext("Type") == "PostDataInvalidException"
    assert ask(client, "GET", "Invoices/nobody").headers["Content-Type"].startswith("text/html")
    stranger = Client(client.url, client.tenant, "nobody")
    assert ask(stranger, "GET", "Invoices").json()["status"] == 401


def test_a_file_comes_as_it_was_sent(client: Client) -> None:
    made = client.one("PUT", "Invoices", invoice("XA-FILE"))
    place = f"Invoices/{made['InvoiceID']}/Attachments/facts.json"
    raw, kind = b'{"a": 1}', "application/json; charset=utf-8"
    sent = client.call("PUT", place, data=raw, headers={"Content-Type": kind, "Accept": "*/*"})
    assert tree(sent).findtext("Attachments/Attachment/FileName") == "facts.json"
    assert ask(client, "GET", place, accept="*/*").content == raw


def test_a_replay_speaks_the_language_of_its_own_call(client: Client) -> None:
    body, key = invoice("XA-KEY"), {"Idempotency-Key": "xml-and-json"}
    first = client.call("PUT", "Invoices", body, headers=key).json()
    again = tree(client.call("PUT", "Invoices", body, headers={**key, "Accept": "text/xml"}))
    assert again.findtext("Invoices/Invoice/InvoiceID") == first["Invoices"][0]["InvoiceID"]


def test_what_is_written_can_be_read() -> None:
    body = {"Contacts": [{"Name": "\x01 <&> \ud800x", "Phones": [{"PhoneType": "FAX"}], "Addresses": []}]}
    written = in_xml(Answer(body=dumps(body).encode()), "Contacts").body
    assert load_xml(written) == {"Contacts": [{"Name": " <&> x", "Phones": [{"PhoneType": "FAX"}]}]}
    assert loads(dumps(body))["Contacts"]
