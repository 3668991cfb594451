"""What accepted documents do to the books, and to each other."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.quickbooks.books import Books, a_bill, a_journal, a_payment, an_invoice, journal_line
from tests.sandbox.running import Running


@pytest.fixture
def books(sandbox: Running) -> Books:
    return Books(sandbox)


def test_an_invoice_with_a_retainage_line_posts_net_to_receivables(books: Books) -> None:
    saved = books.post("invoice", an_invoice(books, 1000, retainage=100, DocNumber="PA-1"))
    assert (saved["TotalAmt"], saved["Balance"], saved["SyncToken"]) == (900.0, 900.0, "0")
    assert saved["Line"][-1] == {"Amount": 900.0, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    assert [books.balance(code) for code in ("1100", "1150", "4000")] == ["900.00", "100.00", "-1000.00"]


def test_a_bill_less_retainage_posts_net_to_payables(books: Books) -> None:
    body = a_bill(books, 500)
    withheld = {"AccountRef": {"value": books.id("Account", "2050")}}
    detail = {"DetailType": "AccountBasedExpenseLineDetail", "AccountBasedExpenseLineDetail": withheld}
    body["Line"].append({"Amount": "-50.00", **detail})
    assert books.post("bill", body)["TotalAmt"] == 450
    assert [books.balance(code) for code in ("2000", "2050", "5000")] == ["-450.00", "-50.00", "500.00"]


def test_amounts_print_with_two_decimals_and_zero_plain(books: Books) -> None:
    text = books.request("POST", "invoice", json=an_invoice(books, 100)).text
    assert '"TotalAmt":100.00' in text
    assert '"TotalTax":0}' in text


def test_a_payment_lowers_the_balance_and_bumps_the_invoice(books: Books) -> None:
    invoice = books.post("invoice", an_invoice(books, 1000))
    payment = books.post("payment", a_payment(books, 600, ("Invoice", invoice["Id"], 450)))
    assert payment["UnappliedAmt"] == 150
    after = books.get(f"invoice/{invoice['Id']}")
    assert (after["Balance"], after["SyncToken"]) == (550, "1")
    assert after["LinkedTxn"] == [{"TxnId": payment["Id"], "TxnType": "Payment"}]
    assert [books.balance(code) for code in ("1100", "1200")] == ["400.00", "600.00"]


def test_a_zero_payment_links_an_invoice_and_a_journal(books: Books) -> None:
    invoice = books.post("invoice", an_invoice(books, 1000))
    journal = a_journal(books, ("Debit", "1150", 100), ("Credit", "1100", 100))
    customer = {"Type": "Customer", "EntityRef": {"value": books.id("Customer", "Harbor Point Builders")}}
    journal["Line"][1]["JournalEntryLineDetail"]["Entity"] = customer
    entry = books.post("journalentry", journal)
    links = (("Invoice", invoice["Id"], 100), ("JournalEntry", entry["Id"], 100))
    books.post("payment", a_payment(books, 0, *links))
    assert books.get(f"invoice/{invoice['Id']}")["Balance"] == 900
    assert [books.balance(code) for code in ("1100", "1150", "4000")] == ["900.00", "100.00", "-1000.00"]


def test_voiding_an_invoice_frees_its_payment(books: Books) -> None:
    invoice = books.post("invoice", an_invoice(books, 1000, PrivateNote="job 7"))
    payment = books.post("payment", a_payment(books, 1000, ("Invoice", invoice["Id"], 1000)))
    voided = books.post("invoice?operation=void", {"Id": invoice["Id"], "SyncToken": "1"})
    assert (voided["TotalAmt"], voided["Balance"], voided["LinkedTxn"]) == (0, 0, [])
    assert voided["PrivateNote"] == "Voided - job 7"
    freed = books.get(f"payment/{payment['Id']}")
    assert (freed["UnappliedAmt"], freed["SyncToken"]) == (1000, "1")
    assert books.balance("4000") == "0.00"


def test_voiding_a_payment_gives_the_invoice_back(books: Books) -> None:
    invoice = books.post("invoice", an_invoice(books, 1000))
    payment = books.post("payment", a_payment(books, 1000, ("Invoice", invoice["Id"], 1000)))
    body = {"Id": payment["Id"], "SyncToken": "0", "sparse": True}
    books.post("payment?operation=update&include=void", body)
    assert books.get(f"invoice/{invoice['Id']}")["Balance"] == 1000
    assert books.balance("1200") == "0.00"


def test_a_bill_payment_pays_a_bill_from_the_bank(books: Books) -> None:
    bill = books.post("bill", a_bill(books, 400))
    body = {
        "VendorRef": bill["VendorRef"],
        "TotalAmt": 400,
        "PayType": "Check",
        "CheckPayment": {"BankAccountRef": {"value": books.id("Account", "1000")}},
        "Line": [{"Amount": 400, "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}]}],
    }
    books.post("billpayment", body)
    after = books.get(f"bill/{bill['Id']}")
    assert after["Balance"] == 0
    assert after["LinkedTxn"][0]["TxnType"] == "BillPaymentCheck"
    assert [books.balance(code) for code in ("1000", "2000")] == ["-400.00", "0.00"]


def test_a_sparse_update_keeps_what_is_not_sent(books: Books) -> None:
    saved = books.post("invoice", an_invoice(books, 1000, DocNumber="7", PrivateNote="keep"))
    change = {"Id": saved["Id"], "SyncToken": "0", "sparse": True, "DueDate": "2026-12-31"}
    after = books.post("invoice", change)
    assert (after["PrivateNote"], after["DueDate"], after["SyncToken"]) == ("keep", "2026-12-31", "1")


def test_a_full_update_clears_what_is_not_sent(books: Books) -> None:
    saved = books.post("invoice", an_invoice(books, 1000, PrivateNote="gone"))
    full = {**an_invoice(books, 250), "Id": saved["Id"], "SyncToken": "0"}
    after = books.post("invoice", full)
    assert "PrivateNote" not in after
    assert after["TotalAmt"] == 250
    assert books.balance("4000") == "-250.00"


def test_an_update_that_changes_nothing_keeps_the_sync_token(books: Books) -> None:
    vendor = books.post("vendor", {"DisplayName": "Acme Steel"})
    change = {"Id": vendor["Id"], "SyncToken": "0", "sparse": True, "Active": False}
    inactive = books.post("vendor", change)
    assert inactive["DisplayName"] == "Acme Steel (deleted)"
    again = books.post("vendor", {**change, "SyncToken": "1"})
    assert again["SyncToken"] == "1"


def test_a_deleted_document_leaves_the_books_and_a_tombstone(books: Books) -> None:
    saved = books.post("bill", a_bill(books, 400))
    gone = books.post("bill?operation=delete", {"Id": saved["Id"], "SyncToken": "0"})
    assert gone == {"domain": "QBO", "status": "Deleted", "Id": saved["Id"]}
    assert books.balance("5000") == "0.00"
    answer = books.request("GET", "cdc", params={"entities": "Bill", "changedSince": "2026-11-20"}).json()
    [found] = answer["CDCResponse"][0]["QueryResponse"][0]["Bill"]
    assert (found["status"], found["Id"]) == ("Deleted", saved["Id"])


def test_requestid_answers_again_without_saving_again(books: Books) -> None:
    body = an_invoice(books, 1000, DocNumber="R-1")
    first, again = (books.request("POST", "invoice?requestid=k1", json=body) for _ in range(2))
    assert (first.status_code, first.content) == (200, again.content)
    assert first.headers["intuit_tid"] != again.headers["intuit_tid"]
    [document] = books.sandbox.documents(books.company)
    assert (document["saves"], document["requests"]) == (1, 2)


def test_a_forgotten_requestid_saves_again(books: Books) -> None:
    books.sandbox.control("PATCH", f"/companies/{books.company}", {"requestid_retention_seconds": 0})
    body = an_invoice(books, 10)
    assert books.post("invoice?requestid=k1", body)["Id"] != books.post("invoice?requestid=k1", body)["Id"]


def test_a_batch_answers_each_item_by_its_bid(books: Books) -> None:
    items = [
        {"bId": "a", "operation": "create", "Invoice": an_invoice(books, 10, DocNumber="B1")},
        {"bId": "b", "operation": "create", "Invoice": an_invoice(books, 10, DocNumber="B1")},
        {"bId": "c", "Query": "select count(*) from Invoice"},
    ]
    body = {"BatchItemRequest": items}
    first = books.request("POST", "batch?requestid=q", json=body).json()["BatchItemResponse"]
    by_bid = {item["bId"]: item for item in first}
    assert by_bid["a"]["Invoice"]["DocNumber"] == "B1"
    assert by_bid["b"]["Fault"]["Error"][0]["code"] == "6140"
    assert by_bid["c"]["QueryResponse"] == {"totalCount": 1}
    assert books.request("POST", "batch?requestid=q", json=body).json()["BatchItemResponse"] == first


def test_class_goes_where_the_preference_wants_it(sandbox: Running) -> None:
    books = Books(sandbox, class_mode="txn")
    ref = {"value": books.id("Class", "Commercial")}
    body = an_invoice(books, 10, ClassRef=ref)
    body["Line"][0]["SalesItemLineDetail"]["ClassRef"] = ref
    saved = books.post("invoice", body)
    assert saved["ClassRef"]["name"] == "Commercial"
    assert "ClassRef" not in saved["Line"][0]["SalesItemLineDetail"]


def test_australian_lines_carry_gst(sandbox: Running) -> None:
    books = Books(sandbox, "au-gst")
    body = an_invoice(books, 50_000, retainage=2_500, GlobalTaxCalculation="TaxExcluded")
    for line in body["Line"]:
        line["SalesItemLineDetail"]["TaxCodeRef"] = {"value": books.id("TaxCode", "GST")}
    assert books.post("invoice", body)["TotalAmt"] == 52_250
    figures = [books.balance(code) for code in ("1100", "1150", "4000", "2200")]
    assert figures == ["52250.00", "2500.00", "-50000.00", "-4750.00"]


def test_australian_discounts_carry_gst_too(sandbox: Running) -> None:
    books = Books(sandbox, "au-gst")
    code = {"TaxCodeRef": {"value": books.id("TaxCode", "GST")}}
    body = an_invoice(books, 200, GlobalTaxCalculation="TaxExcluded")
    body["Line"][0]["SalesItemLineDetail"].update(code)
    detail: dict[str, Any] = {"PercentBased": True, "DiscountPercent": 10}
    body["Line"].append({"DetailType": "DiscountLineDetail", "DiscountLineDetail": detail})
    _, error = books.refused("invoice", body)
    assert (error["code"], "GST rate" in error["Detail"]) == ("6000", True)
    detail.update(code)
    assert books.post("invoice", body)["TotalAmt"] == 198
    assert [books.balance(code) for code in ("1100", "2200")] == ["198.00", "-18.00"]


def test_a_discount_may_come_before_what_it_is_on(books: Books) -> None:
    body = an_invoice(books)
    del body["Line"][0]["Amount"]
    body["Line"][0]["SalesItemLineDetail"].update(Qty=2, UnitPrice=50)
    detail = {"PercentBased": True, "DiscountPercent": 10}
    body["Line"].insert(0, {"DetailType": "DiscountLineDetail", "DiscountLineDetail": detail})
    saved = books.post("invoice", body)
    assert (saved["TotalAmt"], saved["Line"][0]["DetailType"]) == (90, "DiscountLineDetail")


def test_us_sales_tax_falls_on_taxable_lines_only(sandbox: Running) -> None:
    books = Books(sandbox, using_sales_tax=True)
    code = {"TxnTaxCodeRef": {"value": books.id("TaxCode", "Washington 10%")}}
    body = an_invoice(books, 20_000, retainage=1_000, TxnTaxDetail=code)
    body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = {"value": "TAX"}
    assert books.post("invoice", body)["TotalAmt"] == 21_000
    assert books.balance("2200") == "-2000.00"


def test_a_renamed_customer_renames_its_jobs(books: Books) -> None:
    customer = books.id("Customer", "Harbor Point Builders")
    books.post("customer", {"Id": customer, "SyncToken": "0", "sparse": True, "DisplayName": "Harbor Group"})
    [job] = books.query("select * from Customer where DisplayName = 'Pier 7 Fit-out'")
    assert job["FullyQualifiedName"] == "Harbor Group:Pier 7 Fit-out"


def test_a_journal_line_keeps_the_customer_for_job_reports(books: Books) -> None:
    line = journal_line(books, "Debit", "1150", "10.10")
    ref = {"value": books.id("Customer", "Warehouse Roof")}
    line["JournalEntryLineDetail"]["Entity"] = {"Type": "Customer", "EntityRef": ref}
    saved = books.post("journalentry", {"Line": [line, journal_line(books, "Credit", "4000", "10.10")]})
    assert saved["Line"][0]["Id"] == "0"
    entity = saved["Line"][0]["JournalEntryLineDetail"]["Entity"]
    assert entity["EntityRef"]["name"] == "Harbor Point Builders:Warehouse Roof"
    assert saved["TotalAmt"] == 0


def test_balances_of_names_and_accounts(books: Books) -> None:
    job = {"value": books.id("Customer", "Pier 7 Fit-out")}
    books.post("invoice", an_invoice(books, 100))
    books.post("invoice", an_invoice(books, 40, CustomerRef=job))
    books.post("bill", a_bill(books, 30))
    [listed] = books.query("select * from Customer where DisplayName = 'Harbor Point Builders'")
    assert (listed["Balance"], listed["BalanceWithJobs"]) == (100, 140)
    assert books.get(f"customer/{listed['Id']}")["BalanceWithJobs"] == 140
    [vendor] = books.query("select * from Vendor where DisplayName = 'Blue Ridge Drywall'")
    assert vendor["Balance"] == 30
    [revenue] = books.query("select * from Account where AcctNum = '4000'")
    assert revenue["CurrentBalance"] == 140
    assert books.get(f"account/{revenue['Id']}")["CurrentBalance"] == 140


def test_a_refused_item_of_a_batch_leaves_nothing_behind(books: Books) -> None:
    good = {"DisplayName": "Batch Ltd"}
    items = [
        {"bId": "1", "operation": "create", "Vendor": good},
        {"bId": "2", "operation": "create", "Bill": {**a_bill(books), "DocNumber": "9" * 30}},
        {"bId": "3", "operation": "create", "Vendor": {"DisplayName": "batch ltd"}},
    ]
    answer = books.request("POST", "batch", json={"BatchItemRequest": items}).json()["BatchItemResponse"]
    assert ["Fault" in item for item in answer] == [False, True, True]
    assert books.sandbox.documents(books.company) == []


def test_costs_are_billed_by_an_invoice_and_freed_by_its_void(books: Books) -> None:
    customer = {"value": books.id("Customer", "Harbor Point Builders")}
    bill = a_bill(books)
    bill["Line"][0]["AccountBasedExpenseLineDetail"] |= {"BillableStatus": "Billable", "CustomerRef": customer}
    cost = books.post("bill", bill)["Id"]
    charge = {"LinkedTxn": [{"TxnId": cost, "TxnType": "ReimburseCharge"}]}
    invoice = books.post("invoice", {**an_invoice(books), **charge})
    billed = books.get(f"bill/{cost}")["Line"][0]["AccountBasedExpenseLineDetail"]
    assert (billed["BillableStatus"], invoice["LinkedTxn"]) == ("HasBeenBilled", charge["LinkedTxn"])
    books.post("invoice?operation=void", {"Id": invoice["Id"], "SyncToken": "0"})
    freed = books.get(f"bill/{cost}")
    assert (freed["SyncToken"], freed["LinkedTxn"]) == ("2", [])
    assert freed["Line"][0]["AccountBasedExpenseLineDetail"]["BillableStatus"] == "Billable"


@pytest.mark.parametrize(
    ("paper", "document", "field", "open_", "body"),
    [
        ("Estimate", "Invoice", "TxnStatus", "Pending", an_invoice),
        ("PurchaseOrder", "Bill", "POStatus", "Open", a_bill),
    ],
)
def test_papers_are_closed_by_what_is_made_of_them(
    books: Books, paper: str, document: str, field: str, open_: str, body: Callable[[Books], dict[str, Any]]
) -> None:
    made = books.post(paper.lower(), body(books))["Id"]
    link = {"TxnId": made, "TxnType": paper}
    saved = books.post(document.lower(), {**body(books), "LinkedTxn": [link]})
    assert saved["LinkedTxn"] == [link]
    closed = books.get(f"{paper.lower()}/{made}")
    assert (closed[field], closed["LinkedTxn"], closed["SyncToken"]) == (
        "Closed",
        [{"TxnId": saved["Id"], "TxnType": document}],
        "1",
    )
    books.post(f"{document.lower()}?operation=delete", {"Id": saved["Id"], "SyncToken": "0"})
    freed = books.get(f"{paper.lower()}/{made}")
    assert (freed[field], freed["LinkedTxn"], freed["SyncToken"]) == (open_, [], "2")


@pytest.mark.parametrize("with_parent", [True, False])
def test_a_parent_pays_for_the_jobs_that_bill_with_it(sandbox: Running, with_parent: bool) -> None:
    books = Books(sandbox)
    parent = {"value": books.post("customer", {"DisplayName": "Holding"})["Id"]}
    site = {"DisplayName": "Site", "Job": True, "ParentRef": parent, "BillWithParent": with_parent}
    job = {"value": books.post("customer", site)["Id"]}
    invoice = books.post("invoice", an_invoice(books, 100, CustomerRef=job))
    payment = a_payment(books, 100, ("Invoice", invoice["Id"], 100), CustomerRef=parent)
    if with_parent:
        books.post("payment", payment)
        assert books.get(f"invoice/{invoice['Id']}")["Balance"] == 0
        assert books.balance("1100") == "0.00"
    else:
        assert books.refused("payment", payment)[1]["code"] == "620"


def test_an_account_shows_what_lies_below_it(books: Books) -> None:
    above = books.post("account", {"Name": "Yards", "AccountType": "Income", "AcctNum": "4980"})
    child = {"Name": "North", "AccountType": "Income", "AcctNum": "4981", "ParentRef": {"value": above["Id"]}}
    books.post("account", {**child, "SubAccount": True})
    books.post("journalentry", a_journal(books, ("Debit", "1000", 7), ("Credit", "4981", 7)))
    for found in (books.get(f"account/{above['Id']}"), books.query("select * from Account where Name = 'Yards'")[0]):
        assert (found["CurrentBalance"], found["CurrentBalanceWithSubAccounts"]) == (0, 7)
