"""What an update leaves, clears and asks for."""

from typing import Any

import pytest

from tests.sandbox.quickbooks.books import Books, a_bill, a_purchase, an_invoice
from tests.sandbox.running import Running

Body = dict[str, Any]


@pytest.fixture(scope="module")
def books(server: Running) -> Books:
    server.control("PUT", "/limits", {"enabled": False})
    return Books(server)


def _change(books: Books, entity: str, stored: Body, **part: Any) -> Body:
    given = {"Id": stored["Id"], "SyncToken": stored["SyncToken"], "sparse": True, **part}
    return books.post(entity, given)


@pytest.mark.parametrize("empty", [{}, "", {"value": ""}])
def test_an_empty_reference_clears_it(books: Books, empty: Any) -> None:
    vendor = _vendor_with_terms(books, f"Terms {empty!r}")
    assert "TermRef" not in _change(books, "vendor", vendor, TermRef=empty)


def test_null_is_as_good_as_not_sent(books: Books) -> None:
    vendor = _vendor_with_terms(books, "Null Supplies")
    changed = _change(books, "vendor", vendor, TermRef=None, CompanyName="Null", BillAddr=None)
    assert changed["TermRef"]["name"] == "Net 30"
    assert changed["CompanyName"] == "Null"


def _vendor_with_terms(books: Books, name: str) -> Body:
    """Terms are ignored when a vendor is made."""
    term = {"value": books.id("Term", "Net 30")}
    made = books.post("vendor", {"DisplayName": name.translate({ord(c): "" for c in ":"}), "TermRef": term})
    assert "TermRef" not in made
    return _change(books, "vendor", made, TermRef=term)


@pytest.mark.parametrize(
    ("name", "full", "empty"),
    [
        ("Notes", "careful", ""),
        ("PrimaryEmailAddr", {"Address": "a@example.com"}, {}),
        ("PrimaryPhone", {"FreeFormNumber": "1"}, {}),
        ("BillAddr", {"Line1": "1 Main Street"}, {}),
    ],
)
def test_an_empty_value_clears_a_field(books: Books, name: str, full: Any, empty: Any) -> None:
    made = books.post("customer", {"DisplayName": f"Clear {name}", name: full})
    assert name in made
    assert name not in _change(books, "customer", made, **{name: empty})


def test_what_has_no_value_is_not_shown(books: Books) -> None:
    made = books.post("invoice", an_invoice(books, PrivateNote="", DocNumber="", BillEmail={}))
    assert not {"PrivateNote", "DocNumber", "BillEmail"} & made.keys()


@pytest.mark.parametrize(
    ("entity", "make", "needed"), [("bill", a_bill, "VendorRef"), ("purchase", a_purchase, "PaymentType")]
)
def test_even_a_sparse_update_has_to_say_some_things(books: Books, entity: str, make: Any, needed: str) -> None:
    given = make(books)
    made = books.post(entity, given)
    part = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "later"}
    status, error = books.refused(entity, part)
    assert (status, error["code"], error["element"]) == (400, "2020", needed)
    assert books.post(entity, {**part, needed: given[needed]})["PrivateNote"] == "later"


@pytest.mark.parametrize(
    ("path", "body", "most"),
    [
        ("invoice", lambda books: an_invoice(books, 1_000_000_000), "999,999,999"),
        ("bill", lambda books: a_bill(books, -1_000_000_000), "999,999,999"),
        (
            "item",
            lambda books: {
                "Name": "Dear",
                "IncomeAccountRef": {"value": books.id("Account", "4000")},
                "UnitPrice": 100_000_000_000,
            },
            "99,999,999,999",
        ),
    ],
)
def test_numbers_have_a_range(books: Books, path: str, body: Any, most: str) -> None:
    status, error = books.refused(path, body(books))
    assert (status, error["code"]) == (400, "2240")
    assert f"Number out of range. Min:0 Max:{most}. Supplied value:" in error["Detail"]


def test_no_item_is_there_ten_billion_times(books: Books) -> None:
    item = {"Name": "Nail", "IncomeAccountRef": {"value": books.id("Account", "4000")}, "QtyOnHand": 10**10}
    assert books.refused("item", item)[1]["code"] == "2160"


def test_references_print_the_name_of_today(books: Books) -> None:
    parent = books.post("customer", {"DisplayName": 'Sly "Fox" Ltd'})
    child = books.post("customer", {"DisplayName": "Den", "Job": True, "ParentRef": {"value": parent["Id"]}})
    bill = a_bill(books)
    bill["Line"][0]["AccountBasedExpenseLineDetail"]["CustomerRef"] = {"value": child["Id"]}
    stored = books.post("bill", bill)
    _change(books, "customer", parent, DisplayName="Fox")
    assert books.get(f"customer/{child['Id']}")["ParentRef"]["name"] == "Fox"
    again = books.get(f"bill/{stored['Id']}")
    assert again["Line"][0]["AccountBasedExpenseLineDetail"]["CustomerRef"]["name"] == "Fox:Den"
    assert again["SyncToken"] == stored["SyncToken"]


@pytest.mark.parametrize(("type", "name"), [("Vendor", "Hill"), ("VENDOR", "Dale")])
def test_typed_references_follow_too(books: Books, type: str, name: str) -> None:
    vendor = books.post("vendor", {"DisplayName": name})
    paid = books.post("purchase", a_purchase(books, EntityRef={"value": vendor["Id"], "type": type}))
    _change(books, "vendor", vendor, Active=False)
    assert books.get(f"purchase/{paid['Id']}")["EntityRef"]["name"] == f"{name} (deleted)"


@pytest.mark.parametrize("entity", ["class", "department", "account"])
def test_what_lies_below_is_known_by_its_name_of_today(books: Books, entity: str) -> None:
    kind = {"AccountType": "Expense"} if entity == "account" else {}
    parent = books.post(entity, {"Name": f"{entity} North", **kind})
    child = books.post(entity, {"Name": "Yard", "ParentRef": {"value": parent["Id"]}, **kind})
    below = books.post(entity, {"Name": "Gate", "ParentRef": {"value": child["Id"]}, **kind})
    _change(books, entity, parent, Name=f"{entity} South")
    again = books.post(entity, {"Name": f"{entity} North", **kind})
    taken = books.post(entity, {"Name": "Yard", "ParentRef": {"value": again["Id"]}, **kind})
    assert taken["FullyQualifiedName"] == f"{entity} North:Yard"
    for name, above in (("Yard", parent), ("Gate", child)):
        _, error = books.refused(entity, {"Name": name, "ParentRef": {"value": above["Id"]}, **kind})
        assert error["code"] == "6240"
    [found] = books.query(f"select * from {entity} where FullyQualifiedName = '{entity} South:Yard:Gate'")  # noqa: S608  the vendor's language, on a sandbox
    assert (found["Id"], found["ParentRef"]["name"]) == (below["Id"], f"{entity} South:Yard")


def test_levels_follow_a_parent_that_moves(books: Books) -> None:
    top, middle = (books.post("customer", {"DisplayName": name})["Id"] for name in ("Top", "Middle"))
    job = books.post("customer", {"DisplayName": "Leaf", "Job": True, "ParentRef": {"value": middle}})
    _change(books, "customer", books.get(f"customer/{middle}"), Job=True, ParentRef={"value": top})
    moved = books.get(f"customer/{job['Id']}")
    assert (moved["FullyQualifiedName"], moved["Level"]) == ("Top:Middle:Leaf", 2)


def test_a_name_can_be_made_inactive_again_and_again(books: Books) -> None:
    for _ in range(2):
        made = books.post("vendor", {"DisplayName": "Comes and goes"})
        assert _change(books, "vendor", made, Active=False)["DisplayName"] == "Comes and goes (deleted)"
