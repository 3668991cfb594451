"""Bodies in XML, as clients that were written before the API spoke JSON still send them."""

from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from sandbox.xero.xml_bodies import UnreadableXmlError, load_xml
from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, invoice, line

SINGULAR = {
    "LineItems": "LineItem",
    "Tracking": "TrackingCategory",
    "Addresses": "Address",
    "Invoices": "Invoice",
    "Contacts": "Contact",
}


@pytest.fixture(scope="module")
def client(server: Running) -> Client:
    return client_of(server.url, "contractor")


def element(name: str, value: Any) -> Element:
    """A value as XML, the way such clients write it."""
    made = Element(name)
    if isinstance(value, list):
        made.extend([element(SINGULAR[name], row) for row in value])
    elif isinstance(value, dict):
        made.extend([element(key, inner) for key, inner in value.items()])
    else:
        made.text = str(value).lower() if isinstance(value, bool) else str(value)
    return made


def send(
    client: Client, path: str, raw: bytes, method: str = "PUT", kind: str = "application/xml"
) -> requests.Response:
    return client.call(method, path, data=raw, headers={"Content-Type": kind})


@pytest.mark.parametrize("kind", ["application/xml", "text/xml", "text/xml; charset=utf-8"])
def test_the_same_invoice_in_xml_and_in_json(client: Client, kind: str) -> None:
    lines = [line(12.5, Tracking=[{"Name": "Department", "Option": "Service"}]), line(7)]
    body = invoice(None, LineItems=lines, SentToContact=True, Reference="R & D <1>")
    sent = send(client, "Invoices", tostring(element("Invoice", body)), kind=kind)
    assert sent.status_code == 200, sent.text
    xml, json = sent.json()["Invoices"][0], client.one("PUT", "Invoices", body)
    names = ("Total", "Reference", "Status", "Date", "SentToContact", "Contact")
    assert [xml[name] for name in names] == [json[name] for name in names]
    tracking = [[entry["Tracking"] for entry in found["LineItems"]] for found in (xml, json)]
    assert tracking[0] == tracking[1] and tracking[0][0]


def test_several_in_one_envelope(client: Client) -> None:
    raw = tostring(element("Invoices", [invoice("X-1"), invoice("X-2", LineItems=[])]))
    found = send(client, "Invoices?summarizeErrors=false", raw, method="POST").json()["Invoices"]
    assert [row["StatusAttributeString"] for row in found] == ["OK", "ERROR"]


def test_xml_as_a_field_of_a_form(client: Client) -> None:
    raw = tostring(element("Contacts", [{"Name": "Form & Co"}, {"Name": "Field = Ltd"}]))
    sent = send(client, "Contacts", urlencode({"xml": raw.decode()}).encode(), kind="application/x-www-form-urlencoded")
    assert [row["Name"] for row in sent.json()["Contacts"]] == ["Form & Co", "Field = Ltd"]


def test_what_is_nil_counts_as_absent() -> None:
    space = b'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
    raw = b'<a %b><b i:nil="true"/><c/><LineItems><LineItem/></LineItems></a>' % space
    assert load_xml(raw) == {"b": None, "c": "", "LineItems": [{}]}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<",
        b"<Invoice>",
        b"Invoice",
        b"<a/><b/>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><Invoice>&a;</Invoice>',
        b"<Invoice>&a;</Invoice>",
        b'<?xml version="1.0" encoding="klingon"?><Invoice/>',
        b"<a>" * 60 + b"</a>" * 60,
        b'{"Type": "ACCREC"}',
        b"\xff\xfe\x00",
    ],
)
def test_rubbish_in_xml(client: Client, raw: bytes) -> None:
    answer = send(client, "Invoices", raw)
    assert (answer.status_code, answer.json()["Type"]) == (400, "PostDataInvalidException"), answer.text


@given(st.binary(max_size=40) | st.text(alphabet="<>/ab&;!?= \"'", max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        assert isinstance(load_xml(raw), dict)
    except UnreadableXmlError:
        return


def test_a_name_of_an_empty_element_breaks_the_rules(client: Client) -> None:
    empty = Element("Contact")
    SubElement(empty, "Name")
    refused = send(client, "Contacts", tostring(empty)).json()
    assert refused["Elements"][0]["ValidationErrors"] == [{"Message": "The contact name must be specified."}]


def test_what_was_read_can_be_sent_back_with_its_empty_lists(client: Client) -> None:
    """The oldest client writes every list it read, empty ones too, as an element of its own."""
    raw = (
        b"<Contact><Name>Empty Lists</Name><SalesTrackingCategories /><PurchasesTrackingCategories />"
        b"<ContactGroups /><ContactPersons /><Attachments /><Addresses /></Contact>"
    )
    sent = client.call("PUT", "Contacts", data=raw, headers={"Content-Type": "application/xml"})
    assert sent.json()["Contacts"][0]["SalesTrackingCategories"] == []
