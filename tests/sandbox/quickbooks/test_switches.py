"""What a company's settings change: numbers, classes, locations, closed books, tax, remembered requests; and limits."""

from typing import Any

import pytest

from tests.sandbox.quickbooks.books import Books, a_bill, a_journal, a_payment, an_invoice, tokens
from tests.sandbox.running import Running

Body = dict[str, Any]


def _vendors(books: Books, count: int) -> None:
    for start in range(0, count, 30):
        items = [
            {"bId": str(number), "operation": "create", "Vendor": {"DisplayName": f"Bulk {number:04}"}}
            for number in range(start, min(start + 30, count))
        ]
        assert books.request("POST", "batch", json={"BatchItemRequest": items}).status_code == 200


def test_numbers_are_the_companys_own_or_given_out(sandbox: Running) -> None:
    books = Books(sandbox, custom_txn_numbers=False)
    first, second = (books.post("invoice", an_invoice(books)) for _ in range(2))
    assert int(second["DocNumber"]) == int(first["DocNumber"]) + 1
    sandbox.control("PATCH", f"/companies/{books.company}", {"custom_txn_numbers": True})
    assert "DocNumber" not in books.post("invoice", an_invoice(books))
    assert books.post("invoice", an_invoice(books, DocNumber="own-1"))["DocNumber"] == "own-1"


def test_vendor_credits_are_numbered_like_sales_forms(sandbox: Running) -> None:
    books = Books(sandbox, custom_txn_numbers=False)
    others = {row["Name"]: row["Value"] for row in books.get("preferences")["OtherPrefs"]["NameValue"]}
    assert others["VendorAndPurchasesPrefs.UseCustomTxnNumbers"] == "false"
    first, second = (books.post("vendorcredit", a_bill(books)) for _ in range(2))
    assert int(second["DocNumber"]) == int(first["DocNumber"]) + 1
    assert "DocNumber" not in books.post("bill", a_bill(books))


@pytest.mark.parametrize("plan", ["simple_start", "essentials", "plus"])
def test_small_plans_know_neither_classes_nor_locations(sandbox: Running, plan: str) -> None:
    books = Books(sandbox, class_mode="txn", track_departments=True)
    ref = {"value": books.id("Class", "Commercial")}
    place = {"value": books.post("department", {"Name": "North"})["Id"]}
    sandbox.control("PATCH", f"/companies/{books.company}", {"plan": plan})
    saved = books.post("invoice", an_invoice(books, ClassRef=ref, DepartmentRef=place))
    accounting = books.get("preferences")["AccountingInfoPrefs"]
    [sku] = [row["Value"] for row in books.get("companyinfo/1")["NameValue"] if row["Name"] == "OfferingSku"]
    has = plan == "plus"
    assert (accounting["ClassTrackingPerTxn"], accounting["TrackDepartments"]) == (has, has)
    assert ("ClassRef" in saved, "DepartmentRef" in saved) == (has, has)
    assert sku.removeprefix("QuickBooks Online ").lower().replace(" ", "_") == plan


def test_repeated_numbers_are_a_warning_that_can_be_waived(sandbox: Running) -> None:
    books = Books(sandbox)
    body = a_bill(books, DocNumber="B-7")
    books.post("bill", body)
    assert books.refused("bill", body)[1]["code"] == "6140"
    assert books.post("bill?include=allowduplicatedocnum", body)["DocNumber"] == "B-7"
    other = {**body, "VendorRef": {"value": books.id("Vendor", "Summit Electric Supply")}}
    assert books.refused("bill", other)[1]["code"] == "6140"
    sandbox.control("PATCH", f"/companies/{books.company}", {"duplicate_scope": "party"})
    books.post("bill", other)
    sandbox.control("PATCH", f"/companies/{books.company}", {"warn_duplicate_numbers": False})
    books.post("bill", body)


@pytest.mark.parametrize(
    ("mode", "header", "line"), [("line", False, True), ("txn", True, False), ("none", False, False)]
)
def test_classes_stand_where_the_company_wants_them(sandbox: Running, mode: str, header: bool, line: bool) -> None:
    books = Books(sandbox, class_mode=mode)
    ref = {"value": books.id("Class", "Commercial")}
    for path, body in (("invoice", an_invoice(books, ClassRef=ref)), ("bill", a_bill(books))):
        detail = body["Line"][0]["DetailType"]
        body["Line"][0][detail]["ClassRef"] = ref
        saved = books.post(path, body)
        assert ("ClassRef" in saved["Line"][0][detail]) is line
        assert ("ClassRef" in saved) is (header and path == "invoice")
    preferences = books.get("preferences")["AccountingInfoPrefs"]
    assert (preferences["ClassTrackingPerTxn"], preferences["ClassTrackingPerTxnLine"]) == (header, line)


@pytest.mark.parametrize("tracked", [True, False])
def test_locations_stand_on_documents_and_journal_lines(sandbox: Running, tracked: bool) -> None:
    books = Books(sandbox, track_departments=tracked)
    ref = {"value": books.post("department", {"Name": "North"})["Id"]}
    assert ("DepartmentRef" in books.post("invoice", an_invoice(books, DepartmentRef=ref))) is tracked
    journal = a_journal(books, ("Debit", "1150", 1), ("Credit", "4000", 1))
    journal["Line"][0]["JournalEntryLineDetail"]["DepartmentRef"] = ref
    kept = books.post("journalentry", journal)["Line"][0]["JournalEntryLineDetail"]
    assert (kept.get("DepartmentRef", {}).get("name") == "North") is tracked


def test_closed_books_refuse_every_way_in(sandbox: Running) -> None:
    books = Books(sandbox)
    invoice = books.post("invoice", an_invoice(books))
    later = books.post("invoice", an_invoice(books, TxnDate="2026-11-15"))
    sandbox.control("PATCH", f"/companies/{books.company}", {"book_close_date": "2026-11-10"})
    assert books.get("preferences")["AccountingInfoPrefs"]["BookCloseDate"] == "2026-11-10"
    old, new = ({"Id": each["Id"], "SyncToken": "0", "sparse": True} for each in (invoice, later))
    for path, body in [
        ("invoice", an_invoice(books, TxnDate="2026-11-10")),
        ("invoice", {**old, "PrivateNote": "n"}),
        ("invoice", {**old, "TxnDate": "2026-11-15"}),
        ("invoice", {**new, "TxnDate": "2026-11-09"}),
        ("invoice?operation=void", old),
        ("invoice?operation=delete", old),
    ]:
        assert books.refused(path, body)[1]["code"] == "6210"
    books.post("invoice", an_invoice(books, TxnDate="2026-11-11"))


def test_without_sales_tax_its_details_are_ignored(sandbox: Running) -> None:
    books = Books(sandbox)
    tax = {"TxnTaxCodeRef": {"value": books.id("TaxCode", "Washington 10%")}, "TotalTax": 7}
    body = an_invoice(books, 100, TxnTaxDetail=tax)
    assert books.post("invoice", body)["TotalAmt"] == 100
    sandbox.control("PATCH", f"/companies/{books.company}", {"using_sales_tax": True})
    saved = books.post("invoice", body)
    assert (saved["TotalAmt"], saved["TxnTaxDetail"]["TotalTax"]) == (107, 7)
    assert books.get("preferences")["TaxPrefs"] == {
        "UsingSalesTax": True,
        "PartnerTaxEnabled": False,
        "TaxGroupCodeRef": {"value": books.id("TaxCode", "Washington 10%")},
    }


def test_inclusive_tax_is_taken_out_of_the_lines(sandbox: Running) -> None:
    books = Books(sandbox, "au-gst")
    body = an_invoice(books, 110, GlobalTaxCalculation="TaxInclusive")
    body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = {"value": books.id("TaxCode", "GST")}
    saved = books.post("invoice", body)
    assert (saved["TotalAmt"], saved["TxnTaxDetail"]["TotalTax"]) == (110, 10)
    assert [books.balance(code) for code in ("4000", "2200")] == ["-100.00", "-10.00"]


@pytest.mark.parametrize(
    ("retention", "seconds", "again"), [(360, 359, True), (360, 361, False), (86_400, 86_000, True)]
)
def test_a_requestid_is_remembered_as_long_as_set(sandbox: Running, retention: int, seconds: int, again: bool) -> None:
    books = Books(sandbox, requestid_retention_seconds=retention)
    body = an_invoice(books)
    first = books.post("invoice?requestid=r", body)["Id"]
    sandbox.control("PUT", "/clock", {"offset_seconds": seconds})
    books.token = tokens(sandbox, books.company)["access_token"]
    assert (books.post("invoice?requestid=r", body)["Id"] == first) is again


def test_a_page_holds_a_hundred_or_a_thousand_and_changes_a_thousand(sandbox: Running) -> None:
    books = Books(sandbox, counting=True)
    _vendors(books, 1005)
    assert len(books.query("select * from Vendor")) == 100
    assert len(books.query("select * from Vendor maxresults 5000")) == 1000
    assert len(books.query("select * from Vendor startposition 1001 maxresults 1000")) == 10
    changed = books.request("GET", "cdc", params={"entities": "Vendor,Class", "changedSince": "2026-11-01"}).json()
    vendors, classes = changed["CDCResponse"][0]["QueryResponse"]
    assert (len(vendors["Vendor"]), classes) == (1000, {})


def test_a_bundle_is_sold_as_what_it_is_made_of(sandbox: Running) -> None:
    books = Books(sandbox)
    income = {"value": books.id("Account", "4000")}
    pipe, hour = (
        books.post("item", {"Name": name, "Type": "Service", "IncomeAccountRef": income, "UnitPrice": price})["Id"]
        for name, price in (("Pipe", 12), ("Hour", 80))
    )
    parts = [{"ItemRef": {"value": pipe}, "Qty": 4}, {"ItemRef": {"value": hour}, "Qty": 2}]
    bundle = books.post("item", {"Name": "Run", "Type": "Group", "ItemGroupDetail": {"ItemGroupLine": parts}})["Id"]
    group = {"GroupItemRef": {"value": bundle}, "Quantity": 3}
    saved = books.post("invoice", an_invoice(books, Line=[{"DetailType": "GroupLineDetail", "GroupLineDetail": group}]))
    line = saved["Line"][0]
    assert (saved["TotalAmt"], line["Amount"]) == (624, 624)
    inner = [(each["Amount"], each["SalesItemLineDetail"]["Qty"]) for each in line["GroupLineDetail"]["Line"]]
    assert inner == [(144, 12), (480, 6)]
    assert books.balance("4000") == "-624.00"
    voided = books.post("invoice?operation=void", {"Id": saved["Id"], "SyncToken": "0"})
    assert (voided["Line"][0]["Amount"], books.balance("4000")) == (0, "0.00")
    wrong = {"DetailType": "GroupLineDetail", "GroupLineDetail": {"GroupItemRef": {"value": pipe}}}
    assert "not a bundle" in books.refused("invoice", an_invoice(books, Line=[wrong]))[1]["Detail"]
    many = {"DetailType": "GroupLineDetail", "GroupLineDetail": {**group, "Quantity": 10**10}}
    assert books.refused("invoice", an_invoice(books, Line=[many]))[1]["code"] == "2160"


def test_an_invoice_shows_its_link_when_asked(sandbox: Running) -> None:
    books = Books(sandbox)
    made = books.post("invoice", an_invoice(books))
    assert "InvoiceLink" not in made
    link = books.get(f"invoice/{made['Id']}?include=invoiceLink")["InvoiceLink"]
    assert sandbox.http.get(link, timeout=5).status_code == 200


def test_money_not_applied_waits_on_the_payment(sandbox: Running) -> None:
    books = Books(sandbox)
    invoice = books.post("invoice", an_invoice(books, 60))["Id"]
    payment = books.post("payment", a_payment(books, 100, ("Invoice", invoice, 60)))
    assert payment["UnappliedAmt"] == 40
    change = {**a_payment(books, 100), "Id": payment["Id"], "SyncToken": "0"}
    assert books.post("payment", change)["UnappliedAmt"] == 100
    assert books.get(f"invoice/{invoice}")["Balance"] == 60


def test_a_company_may_take_several_receivables_in_a_journal(sandbox: Running) -> None:
    books = Books(sandbox)
    names = ("Harbor Point Builders", "Northgate School District")
    body = a_journal(books, ("Debit", "1100", 5), ("Credit", "1100", 2), ("Credit", "4000", 3))
    for line, name in zip(body["Line"], names, strict=False):
        entity = {"Type": "Customer", "EntityRef": {"value": books.id("Customer", name)}}
        line["JournalEntryLineDetail"]["Entity"] = entity
    assert books.refused("journalentry", body)[1]["code"] == "6000"
    sandbox.control("PATCH", f"/companies/{books.company}", {"journal_control_lines": "many"})
    books.post("journalentry", body)
    assert books.balance("1100") == "3.00"
    payable = {**body, "Line": [*body["Line"][:2], *a_journal(books, ("Credit", "2000", 3))["Line"]]}
    vendor = {"Type": "Vendor", "EntityRef": {"value": books.id("Vendor", "Blue Ridge Drywall")}}
    payable["Line"][2]["JournalEntryLineDetail"]["Entity"] = vendor
    assert books.refused("journalentry", payable)[1]["code"] == "6000"
