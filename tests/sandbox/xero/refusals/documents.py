"""What invoices, bills and orders are refused for."""

from typing import Any

from tests.sandbox.xero.browser import invoice, line
from tests.sandbox.xero.refusals.ground import NOBODY, Case


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in invoice("X").items() if key != name}


def order(**more: Any) -> dict[str, Any]:
    return {"Contact": {"Name": "Summit"}, "LineItems": [{"Description": "Bolts", "UnitAmount": 2}], **more}


NO_DESCRIPTION = "Description must be specified"
WRONG_PARENT = "The document with the supplied id was not found for this endpoint."
DEPARTMENT = {"Name": "Department", "Option": "Commercial"}

DOCUMENTS: list[Case] = [
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
    ("PUT", "Invoices", without("Contact"), "A Contact must be specified for this type of transaction"),
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
    ("PUT", "Invoices", invoice("X", LineItems=[]), "One or more line items must be specified"),
    ("PUT", "Invoices", without("Type"), "Invoice Type must be specified"),
    ("PUT", "Invoices", without("DueDate"), "Due Date must be specified"),
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
    ("PUT", "Invoices", invoice("X", CurrencyCode="GBP"), "Organisation is not subscribed to currency GBP"),
    (
        "PUT",
        "Invoices",
        invoice("X", Date="2026-01-31"),
        "The document date cannot be before the period lock date, currently set at 31 January 2026",
    ),
    (
        "PUT",
        "Invoices",
        invoice("X", LineItems=[line(Tracking=[{"Name": "Department", "Option": "Nowhere"}])]),
        "The tracking category or tracking option could not be found.",
    ),
    ("POST", "Invoices", {"InvoiceID": NOBODY, "Reference": "x"}, "Invoice could not be found"),
    *(
        (
            "POST",
            "Invoices/@paid",
            {"Status": status},
            f"The status {status} cannot be applied to the invoice because it has payments or credit notes "
            "allocated to it.",
        )
        for status in ("SUBMITTED", "AUTHORISED", "VOIDED")
    ),
    (
        "PUT",
        "Invoices",
        invoice("X", CurrencyCode="EUR", CurrencyRate=0),
        "Currency rate must be greater than zero",
    ),
    ("PUT", "Invoices", invoice("X", LineItems=[{"UnitAmount": 1, "AccountCode": "200"}]), NO_DESCRIPTION),
    ("PUT", "Invoices", invoice("X", Url="https://go.xero.com/x"), "Url must be a valid absolute address"),
    ("PUT", "Invoices", invoice("X", Url="/x"), "Url must be a valid absolute address"),
    (
        "PUT",
        "Invoices",
        invoice("X", LineItems=[line(Quantity=2, UnitAmount="9999999999.99")]),
        "The line amount must not exceed 9,999,999,999.99",
    ),
    (
        "PUT",
        "Invoices",
        invoice("X", LineItems=[line(LineAmount=99)]),
        "The line total 99.00 does not match the expected line total 100.00",
    ),
    ("PUT", "Invoices", invoice("X", LineItems=[line(ItemCode="NIL")]), "Item code 'NIL' is not valid"),
    (
        "PUT",
        "Invoices",
        invoice("X", LineItems=[line(TaxType="NONSENSE")]),
        "The TaxType code 'NONSENSE' does not exist or cannot be used with this type of transaction",
    ),
    (
        "PUT",
        "Invoices",
        invoice("X", LineItems=[line(Tracking=[DEPARTMENT] * 3)]),
        "A maximum of 2 tracking categories can be specified on a line.",
    ),
    (
        "PUT",
        "Invoices",
        invoice("X", Reference="r" * 256),
        "The field Reference must be 255 characters or fewer.",
    ),
    ("PUT", "PurchaseOrders", order(PurchaseOrderNumber="ORDER"), "Order number must be unique"),
    ("POST", "PurchaseOrders", order(PurchaseOrderID=NOBODY), "Purchase order could not be found"),
    ("POST", "PurchaseOrders/@order", {"Status": "BILLED"}, "PurchaseOrder status change is invalid"),
    (
        "POST",
        "PurchaseOrders",
        order(PurchaseOrderNumber="GONE-ORDER"),
        "PurchaseOrder status change is invalid\nDeleted PurchaseOrders cannot be updated",
    ),
    *(
        ("PUT", f"{path}/History", {"HistoryRecords": [{"Details": "x"}]}, WRONG_PARENT)
        for path in ("CreditNotes/@taken", f"Invoices/{NOBODY}")
    ),
]
