# ruff: noqa: E501  one case a line reads as the table it is
"""What a client has to send, or what must be the case, to be refused with each code."""

from collections.abc import Callable
from typing import Any, NamedTuple

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
)

Body = dict[str, Any]


class Case(NamedTuple):
    """`send` prepares what is needed and returns path and body of the request to be refused."""

    code: str
    words: str
    send: Callable[[Books], tuple[str, Any]]
    settings: Body = {}
    scenario: str = "contractor"


def _line(body: Body, **changes: Any) -> Body:
    body["Line"][0].update(changes)
    return body


def _detail(body: Body, **changes: Any) -> Body:
    line = body["Line"][0]
    line[line["DetailType"]].update(changes)
    return body


def _budget(books: Books, **detail: Any) -> Body:
    account = {"value": books.id("Account", "4000")}
    month = {"BudgetDate": "2027-01-01", "Amount": 900, "AccountRef": account, **detail}
    year = {"StartDate": "2027-01-01", "EndDate": "2027-12-31"}
    return {"Name": "Next year", **year, "BudgetType": "ProfitAndLoss", "BudgetDetail": [month]}


def _customer(books: Books) -> Body:
    return {"value": books.id("Customer", "Harbor Point Builders")}


def _class(books: Books) -> Body:
    return {"value": books.query("select * from Class")[0]["Id"]}


def _without(body: Body, name: str) -> Body:
    return {key: value for key, value in body.items() if key != name}


def _inactive_vendor(books: Books) -> Body:
    made = books.post("vendor", {"DisplayName": "Closed Ltd"})
    books.post("vendor", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False})
    return {"value": made["Id"]}


def _stale(books: Books) -> tuple[str, Body]:
    made = books.post("vendor", {"DisplayName": "Stale Ltd"})
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Notes": "a"}
    books.post("vendor", change)
    return "vendor", {**change, "Notes": "b"}


def _deleted(books: Books) -> tuple[str, Body]:
    made = books.post("bill", a_bill(books))
    gone = {"Id": made["Id"], "SyncToken": "0"}
    books.post("bill?operation=delete", gone)
    return "bill", {**gone, "sparse": True, "PrivateNote": "late"}


def _numbered_twice(entity: str, body: Callable[[Books], Body]) -> Callable[[Books], tuple[str, Body]]:
    def send(books: Books) -> tuple[str, Body]:
        given = {**body(books), "DocNumber": "D-1"}
        books.post(entity, given)
        return entity, given

    return send


def _closed(books: Books) -> tuple[str, Body]:
    made = books.post("bill", a_bill(books))
    books.sandbox.control("PATCH", f"/companies/{books.company}", {"book_close_date": "2026-11-10"})
    return "bill?operation=delete", {"Id": made["Id"], "SyncToken": "0"}


def _paid_bill(books: Books) -> tuple[str, Body]:
    bill = books.post("bill", a_bill(books, 400))
    bank = {"BankAccountRef": {"value": books.id("Account", "1000")}}
    links = [{"Amount": 400, "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}]}]
    paid = {"VendorRef": bill["VendorRef"], "TotalAmt": 400, "PayType": "Check", "CheckPayment": bank, "Line": links}
    books.post("billpayment", paid)
    return "bill?operation=delete", {"Id": bill["Id"], "SyncToken": "1"}


def _with_balance(books: Books) -> tuple[str, Body]:
    invoice = books.post("invoice", an_invoice(books))
    return "customer", {"Id": invoice["CustomerRef"]["value"], "SyncToken": "0", "sparse": True, "Active": False}


def _foreign_invoice(books: Books) -> tuple[str, Body]:
    other = {"value": books.id("Customer", "Northgate School District")}
    invoice = books.post("invoice", an_invoice(books, CustomerRef=other))
    return "payment", a_payment(books, 100, ("Invoice", invoice["Id"], 100))


def _ended_receivables(books: Books) -> tuple[str, Body]:
    account = books.get(f"account/{books.id('Account', '1100')}")
    return "account", {**account, "Active": False}


def _many_taxed_lines(books: Books) -> tuple[str, Body]:
    body = _detail(an_invoice(books, 1), TaxCodeRef={"value": "TAX"})
    return "invoice", {**body, "Line": body["Line"] * 751}


def _foreign_bill(books: Books) -> tuple[str, Body]:
    bill = books.post("bill", a_bill(books, VendorRef={"value": books.id("Vendor", "O\\'Neil Plumbing")}))
    return "billpayment", {
        "VendorRef": {"value": books.id("Vendor", "Blue Ridge Drywall")},
        "TotalAmt": 10,
        "PayType": "Check",
        "CheckPayment": {"BankAccountRef": {"value": books.id("Account", "1000")}},
        "Line": [{"Amount": 10, "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}]}],
    }


def _deep(books: Books) -> tuple[str, Body]:
    parent = books.id("Class", "Commercial")
    for level in range(2, 6):
        parent = books.post("class", {"Name": f"L{level}", "ParentRef": {"value": parent}})["Id"]
    return "class", {"Name": "L6", "ParentRef": {"value": parent}}


def _on_control(account: str) -> Callable[[Books], tuple[str, Body]]:
    return lambda books: ("journalentry", a_journal(books, ("Debit", "1150", 10), ("Credit", account, 10)))


def _used_id(books: Books) -> tuple[str, Body]:
    books.post("vendor?requestid=r-1", {"DisplayName": "First"})
    return "customer?requestid=r-1", {"DisplayName": "Second"}


def _below_itself(books: Books) -> tuple[str, Body]:
    top = books.post("class", {"Name": "Top"})["Id"]
    below = books.post("class", {"Name": "Below", "ParentRef": {"value": top}})["Id"]
    return "class", {"Id": top, "SyncToken": "0", "sparse": True, "Name": "Top", "ParentRef": {"value": below}}


def _deposited(entity: str, path: str) -> Callable[[Books], tuple[str, Body]]:
    def send(books: Books) -> tuple[str, Body]:
        body = a_payment(books, 10) if entity == "Payment" else a_receipt(books, 10)
        made = books.post(entity.lower(), body)
        books.post("deposit", a_deposit(books, (entity, made["Id"])))
        return f"{entity.lower()}?{path}", {"Id": made["Id"], "SyncToken": "1", "sparse": True, "PrivateNote": "n"}

    return send


def _deposited_twice(books: Books) -> tuple[str, Body]:
    made = books.post("payment", a_payment(books, 10))
    books.post("deposit", a_deposit(books, ("Payment", made["Id"])))
    return "deposit", a_deposit(books, ("Payment", made["Id"]))


def _charged(path: str) -> Callable[[Books], tuple[str, Body]]:
    def send(books: Books) -> tuple[str, Body]:
        charge = {"CreditChargeResponse": {"CCTransId": "E1", "Status": "Completed"}}
        made = books.post("payment", a_payment(books, 10, CreditCardPayment=charge))
        return f"payment?{path}", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "n"}

    return send


def _unbilled(books: Books) -> tuple[str, Body]:
    job = books.post("customer", {"DisplayName": "Billed later"})["Id"]
    books.post("bill", _detail(a_bill(books), BillableStatus="Billable", CustomerRef={"value": job}))
    return "customer", {"Id": job, "SyncToken": "0", "sparse": True, "Active": False}


def _bills_with_parent(books: Books) -> tuple[str, Body]:
    parent = {"value": books.id("Customer", "Harbor Point Builders")}
    job = books.post("customer", {"DisplayName": "Bay 7", "Job": True, "ParentRef": parent})["Id"]
    books.post("invoice", an_invoice(books, CustomerRef={"value": job}))
    return "customer", {"Id": job, "SyncToken": "0", "sparse": True, "BillWithParent": True}


def _stock(books: Books) -> Body:
    accounts = {
        name: {"value": books.id("Account", code)}
        for name, code in (("AssetAccountRef", "1300"), ("IncomeAccountRef", "4000"), ("ExpenseAccountRef", "5100"))
    }
    counted = {"QtyOnHand": 5, "TrackQtyOnHand": True, "InvStartDate": "2026-12-01"}
    return books.post("item", {"Name": "Copper", "Type": "Inventory", **counted, **accounts})


def _sale_of_stock(books: Books) -> tuple[str, Body]:
    return "invoice", _detail(an_invoice(books), ItemRef={"value": _stock(books)["Id"]})


def _inactive_stock(books: Books) -> tuple[str, Body]:
    change = {"Id": _stock(books)["Id"], "sparse": True, "Active": False}
    books.post("item", {**change, "SyncToken": "0"})
    return "item", {**change, "SyncToken": "1", "QtyOnHand": 9}


def _other_vendor(books: Books) -> tuple[str, Body]:
    _, gone = _paid_bill(books)
    return "bill", {**a_bill(books, 400), **gone, "VendorRef": {"value": books.id("Vendor", "Summit Electric Supply")}}


def _foreign_order(books: Books) -> tuple[str, Body]:
    made = books.post("purchaseorder", a_bill(books))["Id"]
    vendor = {"value": books.id("Vendor", "Summit Electric Supply")}
    return "bill", a_bill(books, VendorRef=vendor, LinkedTxn=[{"TxnId": made, "TxnType": "PurchaseOrder"}])


def _billed_cost(books: Books) -> tuple[str, Body]:
    """A purchase for a customer, taken onto an invoice."""
    customer = {"value": books.id("Customer", "Harbor Point Builders")}
    made = books.post("purchase", _detail(a_purchase(books), BillableStatus="Billable", CustomerRef=customer))
    books.post("invoice", {**an_invoice(books), "LinkedTxn": [{"TxnId": made["Id"], "TxnType": "ReimburseCharge"}]})
    return "purchase?operation=delete", {"Id": made["Id"], "SyncToken": "1"}


def _same_currency_twice(books: Books) -> tuple[str, Body]:
    books.sandbox.control("PATCH", f"/companies/{books.company}", {"multicurrency": True})
    books.post("companycurrency", {"Code": "EUR"})
    return "companycurrency", {"Code": "EUR"}


def _taxed(books: Books, **changes: Any) -> Body:
    """A journal of an Australian company with a tax code on its first line."""
    code = books.query("select * from TaxCode")[0]["Id"]
    return _detail(a_journal(books, ("Debit", "1150", 1), ("Credit", "4000", 1)), TaxCodeRef={"value": code}, **changes)


def _custom_tax(books: Books) -> Body:
    return {**an_invoice(books), "TxnTaxDetail": {"TxnTaxCodeRef": {"value": "CustomSalesTax"}}}


def _custom_tax_later(books: Books) -> tuple[str, Body]:
    made = books.post("invoice", an_invoice(books))
    return "invoice", {**_custom_tax(books), "Id": made["Id"], "SyncToken": "0"}


def _discount(books: Books, **detail: Any) -> Body:
    body = an_invoice(books)
    body["Line"].append({"DetailType": "DiscountLineDetail", "DiscountLineDetail": detail})
    return body


def _card(number: str, amount: Any) -> Body:
    return {"CreditChargeInfo": {"Number": number, "Amount": amount}}


CASES = [
    Case("500", "is not supported", lambda b: ("journalentry?operation=void", {"Id": "1", "SyncToken": "0"})),
    Case("500", "is not supported", lambda b: ("taxcode", {"Name": "Mine"})),
    Case("500", "Could not find resource for relative", lambda b: ("spaceship", {"Name": "x"})),
    Case("500", "Operation delete is not supported", lambda b: ("preferences?operation=delete", {"Id": "1", "SyncToken": "0"})),
    Case("610", "made inactive", lambda b: ("bill", {**a_bill(b), "VendorRef": _inactive_vendor(b)})),
    Case("610", "Another user has deleted this transaction", _deleted),
    Case("620", "belongs to another name", _foreign_invoice),
    Case("6000", "Vendor mismatch", _foreign_bill),
    Case("6000", "account of the system", _ended_receivables),
    Case("800", "linked to a payment", _paid_bill),
    Case("2010", 'Unrecognized field "Colour"', lambda b: ("invoice", {**an_invoice(b), "Colour": "red"})),
    Case("2010", "ReferenceType", lambda b: ("invoice", {**an_invoice(b), "CustomerRef": "27"})),
    Case("2020", "Required parameter Line is missing", lambda b: ("invoice", _without(an_invoice(b), "Line"))),
    Case("2020", "CustomerRef is missing", lambda b: ("invoice", _without(an_invoice(b), "CustomerRef"))),
    Case("2020", "VendorRef is missing", lambda b: ("bill", _without(a_bill(b), "VendorRef"))),
    Case("2020", "AccountRef is missing", lambda b: ("bill", _detail(a_bill(b), AccountRef={}))),
    Case("2020", "SyncToken is missing", lambda b: ("invoice", {**an_invoice(b), "Id": b.post("invoice", an_invoice(b))["Id"]})),
    Case("2020", "An inventory assetaccount is required", lambda b: ("item", {"Name": "Pipe", "Type": "Inventory", "QtyOnHand": 1})),
    Case("2020", "InvStartDate", lambda b: ("item", {"Name": "Pipe", "Type": "Inventory", "QtyOnHand": 1, "AssetAccountRef": {"value": b.id("Account", "1500")}})),
    Case("2030", "Id should be a valid number. Supplied value:1.5", lambda b: ("vendor", {"Id": "1.5", "SyncToken": "0"})),
    Case("2040", "invalid characters", lambda b: ("customer", {"DisplayName": "a:b"})),
    Case("2040", "invalid characters", lambda b: ("vendor", {"DisplayName": "nul\x00byte"})),
    Case("2050", "Min:0 Max:21 supported. Supplied length:45", lambda b: ("invoice", {**an_invoice(b), "DocNumber": "9" * 45})),
    Case("2050", "Max:4,000 supported", lambda b: ("bill", {**a_bill(b), "PrivateNote": "n" * 4001})),
    Case("2060", "yyyy-MM-dd", lambda b: ("invoice", {**an_invoice(b), "TxnDate": "02.11.2026"})),
    Case("2070", "not a valid date", lambda b: ("invoice", {**an_invoice(b), "TxnDate": "2026-02-30"})),
    Case("2080", "valid number", lambda b: ("term", {"Name": "T", "DueDays": "soon"})),
    Case("2090", "whole number", lambda b: ("term", {"Name": "T", "DueDays": 1.5})),
    Case("2100", "valid number", lambda b: ("bill", _line(a_bill(b), Amount="ten"))),
    Case("2110", "valid number", lambda b: ("bill", _line(a_bill(b), Amount="Infinity"))),
    Case("2120", "does not belong on a Bill", lambda b: ("bill", _line(a_bill(b), DetailType="SalesItemLineDetail"))),
    Case("2130", "Invalid Request Id Format", lambda b: ("vendor?requestid=" + "r" * 51, {"DisplayName": "R"})),
    Case("2170", "HasBeenBilled", lambda b: ("bill", _detail(a_bill(b), BillableStatus="HasBeenBilled"))),
    Case("2170", "Maybe", lambda b: ("journalentry", _detail(a_journal(b, ("Debit", "1150", 1), ("Credit", "4000", 1)), PostingType="Maybe"))),
    Case("2200", "Invalid Web Address", lambda b: ("vendor", {"DisplayName": "W", "WebAddr": {"URI": "not a url"}})),
    Case("2210", "RFC 822", lambda b: ("vendor", {"DisplayName": "E", "PrimaryEmailAddr": {"Address": "nobody"}})),
    Case("2230", "true or false", lambda b: ("vendor", {"DisplayName": "B", "Active": "perhaps"})),
    Case("2240", "Min:0 Max:999. Supplied value:1000", lambda b: ("term", {"Name": "Late", "DueDays": 9, "DiscountDays": 1000})),
    Case("2240", "Number out of range. Min:0 Max:999,999,999. Supplied value:-44.94", lambda b: ("payment", {**a_payment(b, 10), "Line": [{"Amount": -44.94, "LinkedTxn": []}]})),
    Case("2260", "PostingType", lambda b: ("journalentry", _detail(a_journal(b, ("Debit", "1150", 1), ("Credit", "4000", 1)), PostingType=None))),
    Case("2290", "Negative", lambda b: ("journalentry", a_journal(b, ("Debit", "1150", -1), ("Credit", "4000", -1)))),
    Case("2300", "Debits and credits", lambda b: ("journalentry", a_journal(b, ("Debit", "1150", 2), ("Credit", "4000", 1)))),
    Case("2500", "Accounts element id 999999 not found", lambda b: ("bill", _detail(a_bill(b), AccountRef={"value": "999999"}))),
    Case("2500", "Names element id 999999 not found", lambda b: ("invoice", {**an_invoice(b), "CustomerRef": {"value": "999999"}})),
    Case("5010", "You and another user were working on this at the same time", _stale),
    Case("5020", "do not have permission", lambda b: ("class", {"Name": "New"}), {"plan": "essentials"}),
    Case("5030", "not supported here", lambda b: ("invoice", _line(an_invoice(b), DetailType="TDSLineDetail"))),
    Case("6000", "limit of 3 classes", lambda b: ("class", {"Name": "Fourth"}), {"class_limit": 3}),
    Case("6000", "must be 0 or greater", lambda b: ("invoice", an_invoice(b, -5))),
    Case("6000", "You must set a transaction amount.", lambda b: ("payment", _without(a_payment(b, 1), "TotalAmt"))),
    Case("6000", "you must choose a customer in the Name field", _on_control("1100")),
    Case("6000", "you must choose a vendor in the Name field", _on_control("2000")),
    Case("6000", "at least two detail lines", lambda b: ("journalentry", a_journal(b, ("Debit", "1150", 1)))),
    Case("6000", "Accounts Payable account on the detail portion", lambda b: ("bill", _detail(a_bill(b), AccountRef={"value": b.id("Account", "2000")}))),
    Case("6000", "Multicurrency", lambda b: ("bill", {**a_bill(b), "CurrencyRef": {"value": "EUR"}})),
    Case("6010", "AccountType or AccountSubType", lambda b: ("account", {"Name": "Nameless kind"})),
    Case("6070", "Amount is not equal to UnitPrice * Qty", lambda b: ("invoice", _detail(an_invoice(b, 10), Qty=3, UnitPrice=4))),
    Case("6080", "At least one of", lambda b: ("vendor", {"Notes": "no name"})),
    Case("6100", "Use TAX or NON", lambda b: ("invoice", _detail(an_invoice(b), TaxCodeRef={"value": "7"}))),
    Case("6140", "is assigned to TxnType=Invoice with TxnId=", _numbered_twice("invoice", an_invoice)),
    Case("6140", "is assigned to TxnType=Bill with TxnId=", _numbered_twice("bill", a_bill)),
    Case("6140", "TxnType=Journal Entry", _numbered_twice("journalentry", lambda b: a_journal(b, ("Debit", "1150", 1), ("Credit", "4000", 1)))),
    Case("6150", "ParentRef is required", lambda b: ("customer", {"DisplayName": "Job", "Job": True})),
    Case("6180", "levels are supported", _deep),
    Case("6190", "trial or subscription period ended", lambda b: ("vendor", {"DisplayName": "New"}), {"subscription": "lapsed"}),
    Case("6210", "The account period has closed", lambda b: ("invoice", an_invoice(b)), {"book_close_date": "2026-11-10"}),
    Case("6210", "The account period has closed", _closed),
    Case("6220", "has a balance", _with_balance),
    Case("6240", "Another customer, vendor or employee is already using this name", lambda b: ("vendor", {"DisplayName": "harbor point builders"})),
    Case("6240", "The name supplied already exists", lambda b: ("class", {"Name": "Commercial"})),
    Case("6310", "customer is required", lambda b: ("bill", _detail(a_bill(b), BillableStatus="Billable"))),
    Case("6420", "email address is required", lambda b: ("invoice", {**an_invoice(b), "EmailStatus": "NeedToSend"})),
    Case("6430", "Invalid account type", lambda b: ("payment", a_payment(b, 1, DepositToAccountRef={"value": b.id("Account", "4000")}))),
    Case("600", "already served create Vendor", _used_id),
    Case("620", "not waiting to be deposited", _deposited_twice),
    Case("630", "Duplicate Object", _same_currency_twice),
    Case("700", "same type", lambda b: ("account", {"Name": "Below", "AccountType": "Expense", "ParentRef": {"value": b.id("Account", "1000")}})),
    Case("900", "cannot be below itself", _below_itself),
    Case("2140", "Invalid Amount", lambda b: ("transfer", {"FromAccountRef": {"value": b.id("Account", "1000")}, "ToAccountRef": {"value": b.id("Account", "1300")}, "Amount": -5})),
    Case("2150", "Invalid Percent", lambda b: ("invoice", _discount(b, PercentBased=True, DiscountPercent=140))),
    Case("2160", "Invalid Quantity", lambda b: ("invoice", _detail(an_invoice(b), Qty=10**11))),
    Case("2180", "Invalid String Range", lambda b: ("paymentmethod", {"Name": "Barter", "Type": "GOATS"})),
    Case("2190", "out of range", lambda b: ("invoice", {**an_invoice(b), "TxnDate": "0026-11-02"})),
    Case("2220", "Invalid Currency Type", lambda b: ("bill", {**a_bill(b), "CurrencyRef": {"value": "Euro"}})),
    Case("2250", "at least one split line", lambda b: ("journalentry", {"Line": []})),
    Case("2270", "TaxApplicableOn is required", lambda b: ("journalentry", _taxed(b)), scenario="au-gst"),
    Case("2280", "TaxAmount is required", lambda b: ("journalentry", _taxed(b, TaxApplicableOn="Sales")), scenario="au-gst"),
    Case("2600", "Conflicting elements", lambda b: ("bill", _line(a_bill(b), ItemBasedExpenseLineDetail={"Qty": 1}))),
    Case("3000", "DefinitionId is 1, 2 or 3", lambda b: ("invoice", {**an_invoice(b), "CustomField": [{"DefinitionId": "9", "StringValue": "x"}]})),
    Case("6060", "OpeningBalanceDate is required", lambda b: ("account", {"Name": "Savings", "AccountType": "Bank", "OpeningBalance": 5})),
    Case("6090", "discount amount or percent", lambda b: ("invoice", _discount(b))),
    Case("6110", "can't be updated", _charged("operation=update")),
    Case("6120", "can't be deleted", _charged("operation=delete")),
    Case("6130", "bill with or without", _bills_with_parent),
    Case("6160", "CustomSalesTax", lambda b: ("invoice", _custom_tax(b)), {"using_sales_tax": True}),
    Case("6230", "CustomSalesTax", _custom_tax_later, {"using_sales_tax": True}),
    Case("6170", "NotApplicable", lambda b: ("invoice", {**an_invoice(b), "GlobalTaxCalculation": "NotApplicable", "TxnTaxDetail": {"TotalTax": 5}}), scenario="au-gst"),
    Case("6250", "does not exist, or is inactive", lambda b: ("salesreceipt", a_receipt(b, CustomerRef={"value": "999999"}))),
    Case("6270", "can't be dated earlier", _sale_of_stock),
    Case("6280", "unbilled charges", _unbilled),
    Case("6290", "either an employee or a vendor", lambda b: ("timeactivity", _without(a_timesheet(b), "VendorRef"))),
    Case("6300", "should be Employee or Vendor", lambda b: ("timeactivity", a_timesheet(b, NameOf="Other"))),
    Case("6310", "customer is required", lambda b: ("timeactivity", a_timesheet(b, BillableStatus="Billable"))),
    Case("2170", "HAS_BEEN_BILLED", lambda b: ("timeactivity", a_timesheet(b, BillableStatus="HasBeenBilled"))),
    Case("6310", "customer is required", lambda b: ("journalentry", _detail(a_journal(b, ("Debit", "1150", 1), ("Credit", "4000", 1)), BillableStatus="Billable"))),
    Case("6320", "Invalid billable status", lambda b: ("journalentry", _detail(a_journal(b, ("Debit", "1150", 1), ("Credit", "4000", 1)), BillableStatus="HasBeenBilled"))),
    Case("6000", "at most 750 lines", _many_taxed_lines),
    Case("6330", "Invalid hourly rate", lambda b: ("timeactivity", a_timesheet(b, BillableStatus="Billable", CustomerRef={"value": b.id("Customer", "Harbor Point Builders")}))),
    Case("6340", "hours:minutes", lambda b: ("timeactivity", a_timesheet(b, Minutes=75))),
    Case("6350", "is missing", lambda b: ("timeactivity", _without(_without(a_timesheet(b), "Hours"), "Minutes"))),
    Case("6360", "valid start and end", lambda b: ("timeactivity", a_timesheet(b, Hours=None, Minutes=None, StartTime="2026-11-02T08:00:00"))),
    Case("6370", "after end time", lambda b: ("timeactivity", a_timesheet(b, Hours=None, Minutes=None, StartTime="2026-11-02T18:00:00", EndTime="2026-11-02T08:00:00"))),
    Case("6380", "valid range", lambda b: ("timeactivity", a_timesheet(b, Hours=0, Minutes=0))),
    Case("6390", "total elapsed time", lambda b: ("timeactivity", a_timesheet(b, StartTime="2026-11-02T08:00:00", EndTime="2026-11-02T09:00:00"))),
    Case("6430", "Invalid account type", lambda b: ("purchase", a_purchase(b, PaymentType="CreditCard"))),
    Case("6440", "each split line", lambda b: ("deposit", a_deposit(b, Line=[{"Amount": 5, "DetailType": "DepositLineDetail", "DepositLineDetail": {}}]))),
    Case("6450", "already settled", _charged("operation=update&include=void")),
    Case("6460", "don't match", lambda b: ("invoice", {**an_invoice(b), "Deposit": 10, "CreditCardPayment": _card("token", 9)})),
    Case("6470", "no tax rate", lambda b: ("invoice", {**an_invoice(b), "TxnTaxDetail": {"TaxLine": [{"DetailType": "TaxLineDetail", "TaxLineDetail": {"TaxRateRef": {"value": "99"}}}]}}), {"using_sales_tax": True}),
    Case("6520", "must have a quantity", lambda b: ("item", {"Name": "Pipe", "Type": "Inventory", "TrackQtyOnHand": True})),
    Case("6490", "ClassRef and CustomerRef", lambda b: ("budget", _budget(b, CustomerRef=_customer(b), ClassRef=_class(b)))),
    Case("6500", "at least one detail", lambda b: ("budget", {**_budget(b), "BudgetDetail": []})),
    Case("6510", "does not belong", lambda b: ("budget", _budget(b, AccountRef={"value": b.id("Account", "1000")}))),
    Case("6530", "Raw credit card", lambda b: ("payment", a_payment(b, 5, CreditCardPayment=_card("4111 1111 1111 1111", 5)))),
    *(Case("6540", "has been deposited", _deposited(entity, path)) for entity in ("Payment", "SalesReceipt") for path in ("operation=update", "operation=delete", "operation=update&include=void")),
    Case("1040", "allowed limit 30", lambda b: ("batch", {"BatchItemRequest": [{"bId": str(n)} for n in range(31)]})),
    Case("2000", "Spaceship", lambda b: ("cdc?entities=Spaceship&changedSince=2026-11-01", None)),
    Case("2070", "last 30 days", lambda b: ("cdc?entities=Bill&changedSince=2026-01-01", None), {"cdc_too_far_back": "refused"}),
    Case("4000", "QueryParserError", lambda b: ("query?query=select * from Vendor where DisplayName = 'O'Neil'", None)),
    Case("4001", "invalid context declaration", lambda b: ("query?query=select * from Custmoer", None)),
    Case("6000", "billable account type", lambda b: ("bill", _detail(a_bill(b), BillableStatus="Billable", AccountRef={"value": b.id("Account", "1000")}, CustomerRef={"value": b.id("Customer", "Harbor Point Builders")}))),
    Case("6000", "vendor mismatch", _other_vendor),
    Case("6000", "that you are trying to link does not exist", lambda b: ("payment", a_payment(b, 5, ("Invoice", "999999", 5)))),
    Case("6000", "that you are trying to link does not exist. Estimate 75", lambda b: ("attachable", {"Note": "n", "AttachableRef": [{"EntityRef": {"type": "Estimate", "value": "75"}}]})),
    Case("6000", "activate the item", _inactive_stock),
    Case("6050", "unsupported for Attachable", lambda b: ("attachable", {"Note": "n", "AttachableRef": [{"EntityRef": {"type": "Budget", "value": "1"}}]})),
    Case("6400", "would invalidate a linked invoice", _billed_cost),
    Case("620", "no charge", lambda b: ("invoice", {**an_invoice(b), "LinkedTxn": [{"TxnId": "1", "TxnType": "ReimburseCharge"}]})),
    Case("2020", "Note is missing", lambda b: ("attachable", {"Category": "Image"})),
    Case("2170", "Nonsense", lambda b: ("account", {"Name": "Odd", "AccountType": "Expense", "AccountSubType": "Nonsense"})),
    Case("2170", "Retainage", lambda b: ("account", {"Name": "Odd", "AccountType": "Bank", "AccountSubType": "Retainage"})),
    Case("620", "no Estimate", lambda b: ("invoice", {**an_invoice(b), "LinkedTxn": [{"TxnId": "999999", "TxnType": "Estimate"}]})),
    Case("620", "belongs to another name", _foreign_order),
]  # fmt: skip
