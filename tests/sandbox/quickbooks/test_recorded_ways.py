"""What recordings of the vendor's answers show beside the rules: defaults, tokens, numbers of lines and addresses."""

import re
from typing import Any

import pytest

from tests.sandbox.quickbooks.books import (
    Books,
    a_bill,
    a_journal,
    a_payment,
    a_purchase,
    a_receipt,
    an_invoice,
    tokens,
)
from tests.sandbox.running import Running

ADDRESS = {"Line1": "7 Quarry Lane", "City": "Salem", "PostalCode": "97301"}


@pytest.fixture(scope="module")
def books(server: Running) -> Books:
    server.control("PUT", "/limits", {"enabled": False})
    return Books(server)


def _change(made: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"Id": made["Id"], "SyncToken": made["SyncToken"], **changes}


def test_an_update_with_nothing_new_is_an_update(books: Books) -> None:
    made = books.post("customer", {"DisplayName": "Twice the same"})
    again = books.post("customer", _change(made, DisplayName="Twice the same"))
    assert (again["SyncToken"], again["DisplayName"]) == ("1", "Twice the same")


def test_a_receipt_needs_no_customer(books: Books) -> None:
    body = {name: value for name, value in a_receipt(books, 80).items() if name != "CustomerRef"}
    made = books.post("salesreceipt", body)
    assert (made["TotalAmt"], made["Balance"], "CustomerRef" in made) == (80, 0, False)
    assert made["DepositToAccountRef"]["name"] == "Undeposited Funds"


@pytest.mark.parametrize(
    ("entity", "make", "first", "second"),
    [("invoice", an_invoice, "1", "2"), ("bill", a_bill, "1", "2"), ("salesreceipt", a_receipt, "1", "2")],
)
def test_a_line_sent_without_its_id_is_a_new_line(
    books: Books, entity: str, make: Any, first: str, second: str
) -> None:
    made = books.post(entity, make(books))
    assert made["Line"][0]["Id"] == first
    again = books.post(entity, {**make(books), **_change(made)})
    assert again["Line"][0]["Id"] == second
    kept = books.post(entity, {**make(books), "Line": again["Line"], **_change(again)})
    assert kept["Line"][0]["Id"] == second


def test_a_journal_counts_its_new_lines_on(books: Books) -> None:
    legs = (("Debit", "5000", 10), ("Credit", "1000", 10))
    made = books.post("journalentry", a_journal(books, *legs))
    again = books.post("journalentry", {**a_journal(books, *legs), **_change(made)})
    assert [[line["Id"] for line in each["Line"]] for each in (made, again)] == [["0", "1"], ["2", "3"]]


def test_an_address_has_a_number_of_its_own(books: Books) -> None:
    made = books.post("customer", {"DisplayName": "Quarry Lane Homes", "BillAddr": ADDRESS, "ShipAddr": ADDRESS})
    bill, ship = made["BillAddr"]["Id"], made["ShipAddr"]["Id"]
    assert bill.isdigit() and ship.isdigit() and bill != ship
    moved = books.post("customer", _change(made, sparse=True, BillAddr={"Line1": "8 Quarry Lane"}))
    assert moved["BillAddr"] == {"Id": bill, "Line1": "8 Quarry Lane"}
    invoice = books.post("invoice", an_invoice(books, CustomerRef={"value": made["Id"]}, ShipAddr=ADDRESS))
    assert invoice["BillAddr"]["Id"] == bill
    assert invoice["ShipAddr"]["Id"] not in (bill, ship)


def test_an_attachment_goes_by_its_id_alone(books: Books) -> None:
    note = books.post("attachable", {"Note": "call back"})
    assert books.post("attachable?operation=delete", {"Id": note["Id"]})["status"] == "Deleted"


def test_what_was_never_there_is_called_inactive(books: Books) -> None:
    code, text = "610", "Object Not Found : Something you're trying to use has been made inactive."
    for found in (
        books.refused("invoice/987654", None)[1],
        books.refused("invoice?operation=delete", {"Id": "987654", "SyncToken": "0"})[1],
    ):
        assert found["code"] == code
        assert found["Detail"].startswith(text)


def test_faults_among_other_answers_always_have_an_element(books: Books) -> None:
    gone = {"bId": "1", "operation": "delete", "Invoice": {"Id": "987654", "SyncToken": "0"}}
    answer = books.request("POST", "batch", json={"BatchItemRequest": [gone]}).json()
    [error] = answer["BatchItemResponse"][0]["Fault"]["Error"]
    assert (error["code"], error["element"]) == ("610", "")
    assert "element" not in books.refused("invoice/987654", None)[1]


def test_customers_pay_tax_where_it_is_charged(sandbox: Running, books: Books) -> None:
    free = books.post("customer", {"DisplayName": "No tax here"})
    assert (free["Taxable"], "DefaultTaxCodeRef" in free, "Level" in free) == (False, False, False)
    taxed = Books(sandbox, using_sales_tax=True)
    [code] = taxed.query("select * from TaxCode where Name = 'Washington 10%'")
    made = taxed.post("customer", {"DisplayName": "Taxed here"})
    assert (made["Taxable"], made["DefaultTaxCodeRef"]) == (True, {"value": code["Id"]})
    job = taxed.post("customer", {"DisplayName": "Its job", "Job": True, "ParentRef": {"value": made["Id"]}})
    assert job["Level"] == 1


def test_an_invoice_is_due_by_the_companys_usual_terms(books: Books) -> None:
    [term] = books.query("select * from Term where Name = 'Net 30'")
    assert books.get("preferences")["SalesFormsPrefs"]["DefaultTerms"] == {"value": term["Id"]}
    made = books.post("invoice", an_invoice(books, TxnDate="2026-11-02"))
    assert (made["DueDate"], "SalesTermRef" in made) == ("2026-12-02", False)
    assert books.post("bill", a_bill(books, TxnDate="2026-11-02"))["DueDate"] == "2026-11-02"


def test_the_company_says_where_it_is_and_what_it_has_switched_on(books: Books) -> None:
    info = books.get(f"companyinfo/{books.company}")
    for name in ("CompanyAddr", "LegalAddr", "CustomerCommunicationAddr"):
        assert info[name]["Id"] == "1"
    assert info["WebAddr"]["URI"] and info["PrimaryPhone"]["FreeFormNumber"]
    assert info["MetaData"]["CreateTime"][-6:] in ("-08:00", "-07:00")
    groups = {name for name in books.get("preferences") if name.endswith("Prefs")}
    assert groups == {
        f"{name}Prefs"
        for name in (
            "AccountingInfo", "ProductAndServices", "SalesForms", "EmailMessages", "VendorAndPurchases",
            "TimeTracking", "Tax", "Currency", "Report", "Other",
        )
    }  # fmt: skip


def test_an_unknown_property_is_answered_with_those_that_are_known(books: Books) -> None:
    detail = books.refused("invoice", {"BadJson": True})[1]["Detail"]
    known = r'\(\d+ known properties: ("\w+", )+"\w+" \[truncated\]\)\n specified is unsupported or invalid'
    named = 'Property Name:Unrecognized field "BadJson" (class com.intuit.schema.finance.v3.Invoice), not marked as '
    assert detail.startswith(f"{named}ignorable (")
    assert re.search(f"ignorable {known}$", detail)
    short = books.refused("term", {"Name": "x", "DueDays": 1, "MetaData": {}, "CustomerRef": {}})[1]["Detail"]
    assert "[truncated" not in short and short.endswith('"])\n specified is unsupported or invalid')


def test_an_unknown_address_is_named_twice(books: Books) -> None:
    where = f"/v3/company/{books.company}/customer/1/5"
    detail = books.refused("customer/1/5", None)[1]["Detail"]
    assert detail == (
        f"Operation Could not find resource for relative : {where} "
        f"of full path: {books.sandbox.url}/quickbooks{where} is not supported."
    )


@pytest.mark.parametrize("wanted", ["application/json", "application/xml"])
def test_an_id_that_is_no_number_gets_no_moment(books: Books, wanted: str) -> None:
    answer = books.request("GET", "customer/1.5", headers={"Accept": wanted})
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (400, wanted)
    assert "Supplied value:1.5" in answer.text
    assert "time" not in answer.text


def _extension(holder: dict[str, Any]) -> dict[str, str]:
    """Names and values of an object's extension, which the vendor's service prints as its Java objects."""
    for each in holder["any"]:
        assert each["declaredType"].endswith("NameValue") and each["name"].startswith("{http://schema.intuit.com")
    return {each["value"]["Name"]: each["value"]["Value"] for each in holder["any"]}


def test_the_lines_of_a_payment_describe_what_they_pay(books: Books) -> None:
    invoice = books.post("invoice", an_invoice(books, 500, DocNumber="LX-1"))["Id"]
    paid = books.post("payment", a_payment(books, 200, ("Invoice", invoice, 200)))
    wanted = {"txnId": invoice, "txnOpenBalance": "500.00", "txnReferenceNumber": "LX-1"}
    assert _extension(paid["Line"][0]["LineEx"]) == wanted
    again = books.post("payment", {**paid, "PrivateNote": "sent back as it came"})
    assert _extension(again["Line"][0]["LineEx"]) == wanted
    second = books.post("payment", a_payment(books, 50, ("Invoice", invoice, 50)))
    assert _extension(second["Line"][0]["LineEx"])["txnOpenBalance"] == "300.00"
    shown = books.request("GET", f"payment/{second['Id']}", headers={"Accept": "application/xml"}).text
    assert "<LineEx><NameValue><Name>txnId</Name><Value>" in shown


def test_a_purchase_says_its_kind_and_counts_no_lines(books: Books) -> None:
    made = books.post("purchase", a_purchase(books))
    assert _extension(made["PurchaseEx"]) == {"TxnType": "54"}
    assert ("LineNum" in made["Line"][0], "Credit" in made) == (False, False)
    assert books.post("purchase", {**made, "PrivateNote": "back"})["PurchaseEx"] == made["PurchaseEx"]
    check = books.post("purchase", a_purchase(books, PaymentType="Check"))
    assert _extension(check["PurchaseEx"]) == {"TxnType": "3"}
    journal = books.post("journalentry", a_journal(books, ("Debit", "5000", 1), ("Credit", "1000", 1)))
    assert not any("LineNum" in line for line in journal["Line"])


def test_a_deposit_counts_its_new_lines_on(books: Books) -> None:
    detail = {"AccountRef": {"value": books.id("Account", "4000")}}
    line = {"Amount": 20, "DetailType": "DepositLineDetail", "DepositLineDetail": detail}
    body = {"DepositToAccountRef": {"value": books.id("Account", "1000")}, "Line": [line, line]}
    made = books.post("deposit", body)
    again = books.post("deposit", {**body, **_change(made)})
    assert [[each["Id"] for each in one["Line"]] for one in (made, again)] == [["1", "2"], ["3", "4"]]


def test_an_id_that_is_no_number_cannot_be_asked_for(books: Books) -> None:
    asked = {"query": "select * from Account where Id = 'invalid'"}
    answer = books.request("GET", "query", params=asked)
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, "4001")


@pytest.mark.parametrize("entity", ["estimate", "creditmemo", "salesreceipt", "invoice"])
def test_sales_forms_tax_before_the_discount(books: Books, entity: str) -> None:
    assert books.post(entity, an_invoice(books, 10))["ApplyTaxAfterDiscount"] is False


def test_an_item_below_another_says_so(books: Books) -> None:
    income = {"value": books.id("Account", "4000")}
    top = books.post("item", {"Name": "Piping", "Type": "Service", "IncomeAccountRef": income})
    below = {"Name": "Copper", "Type": "Service", "IncomeAccountRef": income, "ParentRef": {"value": top["Id"]}}
    made = books.post("item", below)
    assert (made["SubItem"], made["Level"], made["FullyQualifiedName"]) == (True, 1, "Piping:Copper")
    assert "SubItem" not in top


def test_changes_of_long_ago_are_those_of_thirty_days(sandbox: Running) -> None:
    books = Books(sandbox)
    old = books.post("vendor", {"DisplayName": "Forty days ago"})
    sandbox.control("PUT", "/clock", {"offset_seconds": 40 * 86_400})
    fresh = Books(sandbox)
    fresh.company, fresh.token = books.company, tokens(sandbox, books.company)["access_token"]
    new = fresh.post("vendor", {"DisplayName": "Today"})
    asked = {"entities": "vendor", "changedSince": "2011-10-10T09:00:00-07:00"}
    [feed] = fresh.request("GET", "cdc", params=asked).json()["CDCResponse"]
    found = [row["Id"] for row in feed["QueryResponse"][0]["Vendor"]]
    assert (new["Id"] in found, old["Id"] in found) == (True, False)


def test_a_full_update_prints_checks_to_the_name_again(books: Books) -> None:
    made = books.post("vendor", {"DisplayName": "Pay Me", "PrintOnCheckName": "Pay Me Ltd"})
    assert made["PrintOnCheckName"] == "Pay Me Ltd"
    kept = books.post("vendor", _change(made, sparse=True, Notes="kept"))
    assert kept["PrintOnCheckName"] == "Pay Me Ltd"
    full = books.post("vendor", _change(kept, DisplayName="Pay Me"))
    assert full["PrintOnCheckName"] == "Pay Me"
