"""Documented lengths and required fields, entity by entity."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.quickbooks.books import (
    Books,
    a_bill,
    a_deposit,
    a_journal,
    a_payment,
    a_purchase,
    a_receipt,
    an_invoice,
)
from tests.sandbox.running import Running

Body = dict[str, Any]
NAME_PARTS = {"GivenName": 100, "MiddleName": 100, "FamilyName": 100, "Title": 16, "Suffix": 16}
CONTACT = {
    "DisplayName": 500, **NAME_PARTS, "PrintOnCheckName": 100, "PrimaryPhone.FreeFormNumber": 30,
    "Mobile.FreeFormNumber": 30,
    **{f"BillAddr.Line{line}": 500 for line in range(1, 6)}, "BillAddr.City": 255, "BillAddr.Country": 255,
    "BillAddr.CountrySubDivisionCode": 255, "BillAddr.PostalCode": 30,
}  # fmt: skip
COMPANY = {**CONTACT, "CompanyName": 100, "AcctNum": 100, "Notes": 4000, "Fax.FreeFormNumber": 30}
FORM = {
    "DocNumber": 21, "PrivateNote": 4000, "CustomerMemo.value": 1000, "Line.0.Description": 4000,
}  # fmt: skip
LENGTHS: dict[str, dict[str, int]] = {
    "account": {"Name": 100, "AcctNum": 7, "Description": 100},
    "customer": {**COMPANY, "ShipAddr.Line1": 500, "ShipAddr.City": 255},
    "vendor": COMPANY,
    "employee": {**NAME_PARTS, "PrintOnCheckName": 100, "PrimaryAddr.Line1": 500, "PrimaryAddr.City": 255},
    "item": {"Name": 100, "Sku": 100, "Description": 4000, "PurchaseDesc": 1000},
    "class": {"Name": 100},
    "department": {"Name": 100},
    "term": {"Name": 31},
    "paymentmethod": {"Name": 31},
    "invoice": {**FORM, "BillAddr.Line1": 500, "ShipAddr.PostalCode": 30},
    "creditmemo": FORM,
    "salesreceipt": FORM,
    "bill": {"DocNumber": 21, "PrivateNote": 4000, "Line.0.Description": 4000},
    "vendorcredit": {"DocNumber": 21, "PrivateNote": 4000, "Line.0.Description": 4000},
    "journalentry": {"DocNumber": 21, "PrivateNote": 4000, "Line.0.Description": 4000},
    "payment": {"PaymentRefNum": 21, "PrivateNote": 4000},
    "attachable": {"Note": 2000, "FileName": 1000, "PlaceName": 2000, "Tag": 2000},
}
WHOLE: dict[str, Callable[[Books], Body]] = {
    "account": lambda books: {"Name": "N", "AccountType": "Expense"},
    "customer": lambda books: {"DisplayName": "N"},
    "vendor": lambda books: {"DisplayName": "N"},
    "employee": lambda books: {"GivenName": "N"},
    "item": lambda books: {"Name": "N", "Type": "Service", "IncomeAccountRef": {"value": books.id("Account", "4000")}},
    "class": lambda books: {"Name": "N"},
    "department": lambda books: {"Name": "N"},
    "term": lambda books: {"Name": "N", "DueDays": 3},
    "paymentmethod": lambda books: {"Name": "N"},
    "taxagency": lambda books: {"DisplayName": "N"},
    "invoice": an_invoice,
    "creditmemo": an_invoice,
    "salesreceipt": a_receipt,
    "refundreceipt": lambda books: a_receipt(books, DepositToAccountRef={"value": books.id("Account", "1000")}),
    "estimate": an_invoice,
    "bill": a_bill,
    "vendorcredit": a_bill,
    "purchaseorder": a_bill,
    "purchase": a_purchase,
    "journalentry": lambda books: a_journal(books, ("Debit", "1150", 1), ("Credit", "4000", 1)),
    "payment": lambda books: a_payment(books, 5),
    "deposit": lambda books: a_deposit(books, ("Payment", books.post("payment", a_payment(books, 5))["Id"])),
    "attachable": lambda books: {"Note": "n"},
}


def _with(body: Body, path: str, value: str) -> Body:
    """A copy with the text at a dotted path, where a number is a place in a list."""
    name, _, rest = path.partition(".")
    if name.isdecimal():
        raise AssertionError("a list is reached by its name")
    if rest.startswith("0."):
        first, *others = body[name]
        return {**body, name: [_with(first, rest[2:], value), *others]}
    return {**body, name: _with(body.get(name) or {}, rest, value) if rest else value}


@pytest.mark.parametrize("entity", LENGTHS)
def test_lengths(sandbox: Running, entity: str) -> None:
    books = Books(sandbox)
    whole = WHOLE[entity](books)
    for path, most in LENGTHS[entity].items():
        _, error = books.refused(entity, _with(whole, path, "9" * (most + 1)))
        assert (error["code"], path) == ("2050", path)
        words = f"Min:0 Max:{most:,} supported. Supplied length:{most + 1}"
        assert words in error["Detail"], path
        kept = books.post(entity, _with(whole, path, "9" * most))
        assert kept["Id"]
        _retire(books, entity, kept)


def _retire(books: Books, entity: str, kept: Body) -> None:
    """Free the name for the next one."""
    if "Active" in kept:
        books.post(entity, {"Id": kept["Id"], "SyncToken": "0", "sparse": True, "Active": False, **_named(kept)})


def _named(kept: Body) -> Body:
    """A short name of its own, since a name of full length has no room for what inactivation adds."""
    label = "DisplayName" if "DisplayName" in kept else "Name"
    return {label: f"Old {kept['Id']}"}


@pytest.mark.parametrize(
    ("entity", "names"),
    [
        ("account", ["Name"]),
        ("item", ["Name"]),
        ("class", ["Name"]),
        ("department", ["Name"]),
        ("term", ["Name", "DueDays"]),
        ("paymentmethod", ["Name"]),
        ("taxagency", ["DisplayName"]),
        ("invoice", ["CustomerRef", "Line"]),
        ("creditmemo", ["CustomerRef", "Line"]),
        ("salesreceipt", ["Line"]),
        ("refundreceipt", ["Line", "DepositToAccountRef"]),
        ("estimate", ["CustomerRef", "Line"]),
        ("bill", ["VendorRef", "Line"]),
        ("vendorcredit", ["VendorRef", "Line"]),
        ("purchaseorder", ["VendorRef", "Line"]),
        ("purchase", ["PaymentType", "AccountRef", "Line"]),
        ("journalentry", ["Line"]),
        ("payment", ["CustomerRef"]),
        ("deposit", ["DepositToAccountRef", "Line"]),
        ("attachable", ["Note"]),
    ],
)
def test_required_fields(sandbox: Running, entity: str, names: list[str]) -> None:
    books = Books(sandbox)
    whole = WHOLE[entity](books)
    for name in names:
        _, error = books.refused(entity, {"sparse": False, **whole, name: None})
        assert (error["code"], name in error["Detail"]) == ("2020", True), name


@pytest.mark.parametrize(
    "path",
    [
        *(f"{entity}?operation=void" for entity in ("bill", "journalentry", "creditmemo", "vendorcredit", "estimate")),
        *(f"{entity}?operation=delete" for entity in ("customer", "vendor", "account", "item", "class", "term")),
        *(f"{entity}?operation=create" for entity in ("taxcode", "taxrate")),
    ],
)
def test_what_an_entity_does_not_know(sandbox: Running, path: str) -> None:
    _, error = Books(sandbox).refused(path, {"Id": "1", "SyncToken": "0"})
    assert (error["code"], "is not supported" in error["Detail"]) == ("500", True)
