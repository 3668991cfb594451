"""Every refusal by its real trigger: status, shape, sentence."""

from typing import Any

import pytest
import requests

from tests.sandbox.xero.browser import Client, client_of, configure, invoice, line
from tests.sandbox.xero.test_documents import journal


@pytest.fixture(scope="module")
def client(sandbox_url: str) -> Client:
    """An organisation with something of everything that can be in the way."""
    client = client_of(sandbox_url, "messy")
    client.good("PUT", "Contacts", {"Name": "Taken", "ContactNumber": "C-1", "AccountNumber": "A-1"})
    archived = client.one("PUT", "Contacts", {"Name": "Archived", "ContactNumber": "C-9"})
    client.good("POST", f"Contacts/{archived['ContactID']}", {"ContactStatus": "ARCHIVED"})
    client.good("PUT", "Invoices", invoice("TAKEN"))
    paid = client.one("PUT", "Invoices", invoice("PAID"))
    half = client.one("PUT", "Invoices", invoice("HALF"))
    for target, amount in ((paid, paid["Total"]), (half, 10)):
        body = {"Invoice": {"InvoiceID": target["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": amount}
        client.good("PUT", "Payments", body)
    client.good("PUT", "Invoices", invoice("DRAFT", status="DRAFT"))
    gone = client.one("PUT", "Invoices", invoice("VOID"))
    client.good("POST", f"Invoices/{gone['InvoiceID']}", {"Status": "VOIDED"})
    client.good("PUT", "Items", {"Code": "WALL", "Name": "Wall"})
    client.good("PUT", "CreditNotes", invoice(None, kind="ACCRECCREDIT", CreditNoteNumber="CN-A"))
    configure(client.url, client.tenant, period_lock_date="2026-01-31", end_of_year_lock_date="2025-12-31")
    return client


NO_CONTACT = {name: value for name, value in invoice("X").items() if name != "Contact"}
NO_TYPE = {name: value for name, value in invoice("X").items() if name != "Type"}
NO_DUE = {name: value for name, value in invoice("X").items() if name != "DueDate"}


def payment(number: str, **more: Any) -> dict[str, Any]:
    body = {"Invoice": {"InvoiceNumber": number}, "Account": {"Code": "090"}, "Amount": 5, "Date": "2026-10-02"}
    return body | more


CASES: list[tuple[str, str, dict[str, Any], str]] = [
    ("PUT", "Invoices", invoice("TAKEN"), "Invoice # must be unique."),
    ("POST", "Invoices", {"InvoiceNumber": "VOID", "Reference": "x"}, "Invoice not of valid status for modification"),
    (
        "POST",
        "Invoices",
        {"InvoiceNumber": "TAKEN", "Status": "DELETED"},
        "Invoice not of valid status for modification",
    ),
    ("PUT", "Invoices", invoice("X", status="PAID"), "Invoice not of valid status for creation"),
    (
        "POST",
        "Invoices",
        {"InvoiceNumber": "HALF", "LineItems": [line(7)]},
        "This document cannot be edited as it has a payment or credit note allocated to it.",
    ),
    (
        "POST",
        "Invoices",
        {"InvoiceNumber": "HALF", "Status": "VOIDED"},
        "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it.",
    ),
    (
        "POST",
        "Invoices",
        {"InvoiceNumber": "PAID", "Status": "DRAFT"},
        "The status DRAFT cannot be applied to the invoice because it has payments or credit notes allocated to it.",
    ),
    (
        "POST",
        "Invoices",
        {"InvoiceNumber": "HALF", "Date": "2026-10-09"},
        "Date cannot be changed on an invoice that has payment or credit notes allocated to it.",
    ),
    ("PUT", "Invoices", NO_CONTACT, "A Contact must be specified for this type of transaction"),
    (
        "PUT",
        "Invoices",
        invoice("X", Contact={}),
        "The Contact must contain at least 1 of the following elements to identify the contact: "
        "Name, ContactID, ContactNumber",
    ),
    (
        "PUT",
        "Invoices",
        invoice("X", Contact={"Name": "ARCHIVED"}),
        "The contact with the specified contact details has been archived. The contact must be un-archived "
        "before creating new invoices or credit notes",
    ),
    (
        "POST",
        "Contacts",
        {"ContactNumber": "C-9", "Name": "New name"},
        "The specified contact details matched an archived contact. Archived contacts cannot currently be "
        "edited via the API.",
    ),
    (
        "PUT",
        "Contacts",
        {"Name": "taken"},
        "The contact name taken is already assigned to another contact. The contact name must be unique "
        "across all active contacts.",
    ),
    (
        "PUT",
        "Contacts",
        {"Name": "Other", "ContactNumber": "C-9"},
        "Another contact has this contact number. Please enter a different contact number.",
    ),
    (
        "PUT",
        "Contacts",
        {"Name": "Other", "AccountNumber": "A-1"},
        "The Account Number already exists. Please enter a different Account Number",
    ),
    ("PUT", "Contacts", {"Name": "Other", "EmailAddress": "a@b.example, c@d.example"}, "Email address must be valid."),
    ("PUT", "Contacts", {"Name": "Other", "EmailAddress": "jürgen@b.example"}, "Email address must be valid."),
    ("PUT", "Contacts", {"Name": "Other", "Website": "nowhere"}, "Website must be valid"),
    (
        "PUT",
        "Contacts",
        {"Name": "Other", "ContactPersons": [{"FirstName": "Bob"}]},
        "Additional people cannot be added when the primary person has no email address set",
    ),
    ("PUT", "Invoices", invoice("X", LineItems=[]), "One or more line items must be specified"),
    ("PUT", "Invoices", NO_TYPE, "Invoice Type must be specified"),
    ("PUT", "Invoices", NO_DUE, "Due Date must be specified"),
    (
        "PUT",
        "Invoices",
        invoice("X", LineItems=[line(account="476")]),
        "Account code '476' is not a valid code for this document.",
    ),
    (
        "PUT",
        "Invoices",
        invoice("X", LineItems=[line(account="090")]),
        "Account code '090' is not a valid code for this document.",
    ),
    (
        "PUT",
        "Invoices",
        invoice("X", LineItems=[line(account="325")]),
        "Account code '325' has been archived, or has been deleted. Each line item must reference a valid account.",
    ),
    ("PUT", "Invoices", invoice("X", LineItems=[{"Description": "a", "UnitAmount": 1}]), "Account must be valid."),
    (
        "PUT",
        "Invoices",
        invoice("X", LineItems=[line(TaxType="GSTONIMPORTS")]),
        "The TaxType code 'GSTONIMPORTS' cannot be used with account code '200'.",
    ),
    ("PUT", "Invoices", invoice("X", LineItems=[line(TaxType="TAX002")]), "Tax rate must be Active"),
    ("PUT", "Invoices", invoice("X", Total=1), "The document total does not equal the sum of the lines."),
    (
        "PUT",
        "Invoices",
        invoice("X", LineItems=[line(TaxAmount="100.01")]),
        "Tax amount cannot be greater than the line amount",
    ),
    (
        "PUT",
        "Invoices",
        invoice("X", LineItems=[line(200), line(Quantity=-1)]),
        "The quantity value '-1.0000' is invalid. Quantity must not be less than zero.",
    ),
    (
        "PUT",
        "Invoices",
        invoice("X", LineItems=[line(-1)]),
        "The document total must be greater than or equal to zero",
    ),
    ("PUT", "Invoices", invoice("X", CurrencyCode="EUR"), "Organisation is not subscribed to currency EUR"),
    (
        "PUT",
        "Invoices",
        invoice("X", Date="2026-01-31"),
        "The document date cannot be before the period lock date, currently set at 31 January 2026",
    ),
    (
        "PUT",
        "ManualJournals",
        journal(debit="310", Date="2025-12-31"),
        "The document date cannot be before the end of year lock date, currently set at 31 December 2025",
    ),
    (
        "PUT",
        "Payments",
        payment("TAKEN", Date="2026-01-01"),
        "Organisation accounts are locked on the specified payment date",
    ),
    ("PUT", "Payments", payment("DRAFT"), "Payments can only be made against Authorised documents"),
    (
        "PUT",
        "Payments",
        payment("TAKEN", Amount=10**6),
        "Payment amount exceeds the amount outstanding on this document",
    ),
    ("PUT", "Payments", payment("PAID"), "Payment amount exceeds the amount outstanding on this document"),
    (
        "PUT",
        "Payments",
        payment("TAKEN", Account={"Code": "200"}),
        "Account type is invalid for making a payment to/from",
    ),
    ("PUT", "Payments", payment("TAKEN", Account={"Code": "nil"}), "Account could not be found."),
    (
        "PUT",
        "CreditNotes/CN-A/Allocations",
        {"Amount": 1, "Invoice": {"InvoiceNumber": "DRAFT"}, "Date": "2026-10-02"},
        "Only AUTHORISED invoices can have allocations applied to them",
    ),
    (
        "PUT",
        "CreditNotes/CN-A/Allocations",
        {"Amount": 10**6, "Invoice": {"InvoiceNumber": "TAKEN"}, "Date": "2026-10-02"},
        "The credit note amount is greater than the amount outstanding",
    ),
    (
        "POST",
        "CreditNotes",
        {"CreditNoteID": "11111111-1111-4111-8111-111111111111"},
        "An existing Credit Note with the specified CreditNoteID could not be found",
    ),
    (
        "PUT",
        "ManualJournals",
        journal(JournalLines=[{"LineAmount": 100, "AccountCode": "200"}, {"LineAmount": -10, "AccountCode": "310"}]),
        "The total debits (100.00) must equal total credits (-10.00)",
    ),
    ("PUT", "ManualJournals", journal(debit="310", Narration=" "), "Narration must be specified"),
    ("PUT", "Accounts", {"Name": "rounding", "Code": "861", "Type": "CURRLIAB"}, "Please enter a unique Name."),
    ("PUT", "Accounts", {"Name": "Unheard of", "Code": "200", "Type": "REVENUE"}, "Please enter a unique Code."),
    ("PUT", "Items", {"Code": "WALL"}, "Price List Item with Code 'WALL' already exists"),
    (
        "PUT",
        "TrackingCategories",
        {"Name": "Third"},
        "The organisation already has the maximum number of active tracking categories (2)",
    ),
    (
        "PUT",
        "Invoices",
        invoice("X", LineItems=[line(Tracking=[{"Name": "Department", "Option": "Nowhere"}])]),
        "The tracking category or tracking option could not be found.",
    ),
    (
        "PUT",
        "Contacts",
        {"Name": "n" * 256},
        "The field Name must be 255 characters or fewer.",
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "sentence"), CASES, ids=[case[3][:60] for case in CASES])
def test_refused(client: Client, method: str, path: str, body: dict[str, Any], sentence: str) -> None:
    before = client.balances()
    if path.startswith("CreditNotes/"):
        body = {"Allocations": [body]}
    assert client.sentences(method, path, body) == [sentence]
    assert client.balances() == before


def test_all_sentences_about_one_element_arrive_together(client: Client) -> None:
    body = invoice("TAKEN", status="PAID", Contact={}, LineItems=[])
    assert len(client.sentences("PUT", "Invoices", body)) >= 4


def test_the_plan_limits_approvals(sandbox_url: str) -> None:
    small = client_of(sandbox_url, sales_approval_limit=1)
    small.good("PUT", "Invoices", invoice("A-1"))
    sentence = "You have reached the limit of invoices you can approve"
    assert small.sentences("PUT", "Invoices", invoice("A-2")) == [sentence]
    small.good("PUT", "Invoices", invoice("A-2", status="DRAFT"))
    small.good("PUT", "Invoices", invoice("A-3", Date="2026-11-01", DueDate="2026-11-30"))


def test_a_role_that_may_not_touch_journals(sandbox_url: str) -> None:
    client = client_of(sandbox_url, forbidden_resources=["ManualJournals"])
    assert client.call("GET", "ManualJournals").status_code == 403
    assert client.call("GET", "Invoices").status_code == 200


def test_what_is_not_there_is_an_html_sentence(client: Client) -> None:
    for path in ("Invoices/11111111-1111-4111-8111-111111111111", "Nothing", "Invoices/x/Nothing", "TaxRates/NOPE"):
        answer = client.call("GET", path)
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.text == "The resource you're looking for cannot be found"


def test_what_the_vendor_does_not_do(client: Client) -> None:
    assert client.call("POST", "Organisation", {"Name": "x"}).status_code == 501
    assert client.call("DELETE", "Contacts/C-1").status_code == 501


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"", "PostDataInvalidException"),
        (b"{", "PostDataInvalidException"),
        (b"[]", "PostDataInvalidException"),
        (b'"text"', "PostDataInvalidException"),
        (b'{"Invoices": []}', "PostDataInvalidException"),
        (b'{"Invoices": [7]}', "PostDataInvalidException"),
        (b'{"Invoices": [{"Type": "ACCREC", "Date": "soon"}]}', "PostDataInvalidException"),
        (b'{"Invoices": [{"Type": "SALE"}]}', "PostDataInvalidException"),
        (b'{"Type": "ACCREC", "LineItems": "none"}', "PostDataInvalidException"),
        (b'{"Type": "ACCREC", "LineItems": [{"UnitAmount": "many"}]}', "PostDataInvalidException"),
        (b'{"Type": "ACCREC", "LineItems": [{"UnitAmount": 1e300}]}', "PostDataInvalidException"),
        (b'{"Type": "ACCREC", "Contact": {"ContactID": "no"}}', "PostDataInvalidException"),
        (b'{"Type": "ACCREC", "Contact": []}', "PostDataInvalidException"),
        (b'{"Type": "ACCREC", "SentToContact": "perhaps"}', "PostDataInvalidException"),
        (b"<Invoice/>", "PostDataInvalidException"),
        (b"\xff\xfe", "PostDataInvalidException"),
        (b"[" * 5000, "PostDataInvalidException"),
        (b"{}", "ValidationException"),
        (b'{"Type": {"a": 1}}', "PostDataInvalidException"),
    ],
)
def test_rubbish_gets_the_vendors_kind_of_answer(client: Client, raw: bytes, kind: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.call("PUT", "Invoices", data=raw, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["Type"] == kind and "Traceback" not in answer.text


def test_other_rubbish(client: Client) -> None:
    xml = client.call("PUT", "Invoices", data=b"<x/>", headers={"Content-Type": "application/xml"})
    assert xml.status_code == 415
    for query in ({"where": "1; DROP TABLE documents"}, {"order": "Weight"}, {"page": "one"}):
        answer = client.call("GET", "Invoices", params=query)
        assert (answer.status_code, answer.json()["Type"]) == (400, "QueryParseException")
    weird = client.one("PUT", "Contacts", {"Name": 'Müller 🏗 \x00"; DROP TABLE documents; --'})
    assert weird["Name"] == 'Müller 🏗 "; DROP TABLE documents; --'
    assert requests.get(f"{client.url}/xero/nowhere", timeout=5).status_code == 404
