"""The same API in XML, as older clients and the vendor's own SDKs speak it."""

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest
import requests

from sandbox.quickbooks import shapes, xml_bodies
from tests.sandbox.quickbooks.books import (
    Books,
    a_bill,
    a_journal,
    a_payment,
    a_purchase,
    a_receipt,
    a_timesheet,
    an_invoice,
)
from tests.sandbox.running import Running

XML = {"Accept": "application/xml", "Content-Type": "application/xml"}
NS = "{http://schema.intuit.com/finance/v3}"


@pytest.fixture
def books(sandbox: Running) -> Books:
    return Books(sandbox)


def _send(books: Books, method: str, path: str, body: str = "", status: int = 200) -> Element:
    answer = books.request(method, path, data=body.encode() or None, headers=XML)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/xml"
    root = fromstring(answer.text)  # noqa: S314  our own server
    assert root.tag == f"{NS}IntuitResponse" and root.attrib["time"]
    return root


def _invoice(books: Books, **attributes: str) -> str:
    customer, item = books.id("Customer", "Harbor Point Builders"), books.id("Item", "Progress Billing")
    marks = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"""<?xml version="1.0" encoding="utf-8"?>
        <Invoice xmlns="http://schema.intuit.com/finance/v3"{marks}>
          <DocNumber>R &amp; D-1</DocNumber><TxnDate>2026-11-02</TxnDate>
          <Line><Amount>10.50</Amount><DetailType>SalesItemLineDetail</DetailType>
            <SalesItemLineDetail><ItemRef>{item}</ItemRef><Qty>1</Qty></SalesItemLineDetail></Line>
          <Line><Amount>2</Amount><DetailType>SalesItemLineDetail</DetailType>
            <SalesItemLineDetail><ItemRef name="ignored">{item}</ItemRef></SalesItemLineDetail></Line>
          <CustomerRef>{customer}</CustomerRef><CustomerMemo>Thanks</CustomerMemo>
          <CustomField><DefinitionId>1</DefinitionId><Name>Crew</Name><Type>StringType</Type>
            <StringValue>7</StringValue></CustomField>
        </Invoice>"""


def test_an_invoice_from_birth_to_deletion(books: Books) -> None:
    made = _send(books, "POST", "invoice", _invoice(books))[0]
    assert (made.tag, made.attrib) == (f"{NS}Invoice", {"domain": "QBO", "sparse": "false"})
    assert [made.findtext(f"{NS}{name}") for name in ("DocNumber", "TotalAmt", "CustomerMemo")] == [
        "R & D-1",
        "12.50",
        "Thanks",
    ]
    customer = made.find(f"{NS}CustomerRef")
    assert customer is not None and customer.attrib == {"name": "Harbor Point Builders"}
    id = made.findtext(f"{NS}Id")
    change = f'<Invoice sparse="true"><Id>{id}</Id><SyncToken>0</SyncToken><PrivateNote>n</PrivateNote></Invoice>'
    changed = _send(books, "POST", "invoice", change)[0]
    assert [changed.findtext(f"{NS}{name}") for name in ("PrivateNote", "DocNumber", "SyncToken")] == [
        "n",
        "R & D-1",
        "1",
    ]
    gone = f"<Invoice><Id>{id}</Id><SyncToken>1</SyncToken></Invoice>"
    deleted = _send(books, "POST", "invoice?operation=delete", gone)[0]
    assert (deleted.attrib["status"], deleted.findtext(f"{NS}Id")) == ("Deleted", id)
    assert books.balance("4000") == "0.00"


def test_pages_counts_and_changes(books: Books) -> None:
    page = _send(books, "GET", "query?query=select * from Vendor startposition 2 maxresults 3")[0]
    assert page.attrib == {"startPosition": "2", "maxResults": "3"}
    assert [child.tag for child in page] == [f"{NS}Vendor"] * 3
    assert _send(books, "GET", "query?query=select count(*) from Vendor")[0].attrib == {"totalCount": "5"}
    changed = _send(books, "GET", "cdc?entities=Vendor,Bill&changedSince=2026-11-01")[0]
    assert [len(part) for part in changed] == [5, 0]


def test_a_batch(books: Books) -> None:
    body = """<IntuitBatchRequest xmlns="http://schema.intuit.com/finance/v3">
        <BatchItemRequest bId="a" operation="create"><Vendor><DisplayName>One</DisplayName></Vendor></BatchItemRequest>
        <BatchItemRequest bId="b" operation="create"><Vendor><DisplayName>One</DisplayName></Vendor></BatchItemRequest>
        <BatchItemRequest bId="c"><Query>select * from Vendor where DisplayName = 'One'</Query></BatchItemRequest>
        </IntuitBatchRequest>"""
    made, refused, found = _send(books, "POST", "batch", body)
    assert [part.attrib["bId"] for part in (made, refused, found)] == ["a", "b", "c"]
    assert refused[0].attrib == {"type": "ValidationFault"} and refused[0][0].attrib["code"] == "6240"
    assert found[0][0].findtext(f"{NS}DisplayName") == "One"


def test_faults_of_both_kinds(books: Books) -> None:
    error = _send(books, "POST", "vendor", "<Vendor><Notes>n</Notes></Vendor>", 400)[0][0]
    assert (error.attrib["code"], error.findtext(f"{NS}Message")) == ("6080", "No name provided")
    error = _send(books, "POST", "bill", "<Bill><Line><Amount>1</Amount></Line></Bill>", 400)[0][0]
    assert error.attrib == {"code": "2020", "element": "VendorRef"}
    books.token = "nonsense"
    error = _send(books, "GET", "preferences", status=401)[0][0]
    assert error.attrib["code"] == "3200"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/json;charset=utf-8"),
        ("*/*", "application/json;charset=utf-8"),
        ("application/xml", "application/xml"),
        ("text/xml, */*", "application/xml"),
        ("application/pdf, application/json", "application/json;charset=utf-8"),
        ("", "application/xml"),
    ],
)
def test_the_form_asked_for(books: Books, accept: str, kind: str) -> None:
    assert books.request("GET", "preferences", headers={"Accept": accept}).headers["content-type"] == kind


def test_both_forms_say_the_same(books: Books) -> None:
    """Every entity read back from XML is the one read as JSON."""
    invoice = books.post("invoice", an_invoice(books, 10, CustomerMemo={"value": "m"}))["Id"]
    books.post("payment", a_payment(books, 5, ("Invoice", invoice, 5)))
    for path, body in [
        ("bill", a_bill(books)),
        ("purchase", a_purchase(books)),
        ("salesreceipt", a_receipt(books)),
        ("timeactivity", a_timesheet(books)),
        ("journalentry", a_journal(books, ("Debit", "1150", 1), ("Credit", "4000", 1))),
    ]:
        books.post(path, body)
    for entity in ("Invoice", "Payment", "Bill", "Purchase", "SalesReceipt", "TimeActivity", "JournalEntry", "Customer",
                   "Vendor", "Account", "Item", "Class", "Term", "TaxCode", "TaxRate", "TaxAgency"):  # fmt: skip
        id = books.query(f"select * from {entity} orderby Id desc")[0]["Id"]  # noqa: S608  the vendor's language
        path = f"{entity.lower()}/{id}"
        assert _clean(entity, _of_xml(books.request("GET", path, headers=XML), entity)) == _clean(
            entity, books.get(path)
        )


def _of_xml(answer: requests.Response, entity: str) -> dict[str, Any]:
    inner = fromstring(answer.text)[0]  # noqa: S314  our own server
    return xml_bodies.load(tostring(inner), entity)


def _clean(entity: str, body: dict[str, Any]) -> dict[str, Any]:
    """Values in their types; what differs only in how emptiness is written is left out."""
    found = shapes.check(entity, body)
    empty: tuple[object, ...] = ([], {}, "", None, {"TaxRateDetail": []})
    return {name: value for name, value in found.items() if value not in empty and name != "MetaData"}


# Members of each object, as the published schemas have them one after the other.
ORDERED = {
    "invoice": ["Id", "SyncToken", "MetaData", "TxnDate", "CurrencyRef", "Line", "CustomerRef", "TotalAmt", "Balance"],
    "bill": ["Id", "SyncToken", "MetaData", "TxnDate", "CurrencyRef", "Line", "VendorRef", "TotalAmt", "Balance"],
    "payment": ["Id", "SyncToken", "TxnDate", "CustomerRef", "DepositToAccountRef", "TotalAmt"],
    "customer": ["Id", "MetaData", "FullyQualifiedName", "DisplayName", "Active", "BillAddr", "Job", "Balance"],
}
MAKERS: dict[str, Callable[[Books], dict[str, Any]]] = {
    "invoice": an_invoice,
    "bill": a_bill,
    "payment": lambda books: a_payment(books, 5),
    "customer": lambda books: {"DisplayName": "In order", "BillAddr": {"City": "Salem", "Line1": "7 Quarry Lane"}},
}


@pytest.mark.parametrize("entity", ORDERED)
def test_elements_stand_in_the_order_of_the_schema(books: Books, entity: str) -> None:
    id = books.post(entity, MAKERS[entity](books))["Id"]
    tags = dict.fromkeys(child.tag.removeprefix(NS) for child in _send(books, "GET", f"{entity}/{id}")[0])
    assert [tag for tag in tags if tag in ORDERED[entity]] == ORDERED[entity]


def test_inner_elements_stand_in_order_too(books: Books) -> None:
    body = {"DisplayName": "Inside", "BillAddr": {"PostalCode": "97301", "City": "Salem", "Line1": "7 Quarry Lane"}}
    id = books.post("customer", body)["Id"]
    address = _send(books, "GET", f"customer/{id}")[0].find(f"{NS}BillAddr")
    assert address is not None
    assert [part.tag.removeprefix(NS) for part in address] == ["Id", "Line1", "City", "PostalCode"]
