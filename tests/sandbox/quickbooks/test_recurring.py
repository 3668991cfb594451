"""Templates of transactions that come again, over HTTP and by the SDK as shipped."""

from typing import Any

import pytest
from quickbooks.objects.recurringtransaction import RecurringTransaction

from tests.sandbox.quickbooks.books import Books, a_bill, an_invoice
from tests.sandbox.quickbooks.sdk import sdk_of
from tests.sandbox.running import Running

MONTHLY = {"IntervalType": "Monthly", "NumInterval": 1, "DayOfMonth": 1, "MaxOccurrences": 6, "StartDate": "2026-12-01"}


@pytest.fixture
def books(sandbox: Running) -> Books:
    return Books(sandbox)


def _template(body: dict[str, Any], name: str = "Rent", **info: Any) -> dict[str, Any]:
    about = {"Name": name, "RecurType": "Automated", "Active": True, "ScheduleInfo": MONTHLY, **info}
    return {name: value for name, value in body.items() if name != "TxnDate"} | {"RecurringInfo": about}


def test_a_template_is_made_changed_and_deleted(books: Books) -> None:
    made = books.post("recurringtransaction", {"Invoice": _template(an_invoice(books, 100))})["Invoice"]
    assert (made["TotalAmt"], made["RecurDataRef"], "DocNumber" in made) == (100, {"value": made["Id"]}, False)
    assert made["RecurringInfo"]["ScheduleInfo"]["DayOfMonth"] == 1
    schedule = {**MONTHLY, "DayOfMonth": 15}
    change = {**made, "RecurringInfo": {**made["RecurringInfo"], "ScheduleInfo": schedule}}
    assert books.post("recurringtransaction", {"Invoice": change})["Invoice"]["SyncToken"] == "1"
    again = books.get(f"recurringtransaction/{made['Id']}")["Invoice"]
    assert again["RecurringInfo"]["ScheduleInfo"] == schedule
    gone = books.post("recurringtransaction?operation=delete", {"Invoice": again})
    assert gone == {"Invoice": {"domain": "QBO", "status": "Deleted", "Id": made["Id"]}}


def test_nothing_is_entered_by_a_template(books: Books) -> None:
    books.post("recurringtransaction", {"Bill": _template(a_bill(books, 300))})
    assert books.query("select * from Bill") == []
    assert books.balance("2000") == "0.00"


@pytest.mark.parametrize("empty", ["", None])
def test_a_template_without_a_way_to_come_again_is_automated(books: Books, empty: str | None) -> None:
    given = _template(an_invoice(books, 100), RecurType=empty, Active=empty)
    info = books.post("recurringtransaction", {"Invoice": given})["Invoice"]["RecurringInfo"]
    assert (info["RecurType"], info["Active"]) == ("Automated", True)


def test_a_template_takes_no_number(sandbox: Running) -> None:
    books = Books(sandbox, custom_txn_numbers=False)
    first = int(books.post("invoice", an_invoice(books))["DocNumber"])
    books.post("recurringtransaction", {"Invoice": _template(an_invoice(books, 100))})
    assert int(books.post("invoice", an_invoice(books))["DocNumber"]) == first + 1


def test_a_template_repeats_no_number(books: Books) -> None:
    books.post("invoice", an_invoice(books, DocNumber="T-1"))
    made = books.post("recurringtransaction", {"Invoice": _template(an_invoice(books, DocNumber="T-1"))})["Invoice"]
    assert "DocNumber" not in made


def test_templates_are_found_by_their_kind(books: Books) -> None:
    books.post("recurringtransaction", {"Bill": _template(a_bill(books, 300), "Crane")})
    books.post("recurringtransaction", {"Invoice": _template(an_invoice(books, 100), "Storage")})
    assert [list(row) for row in books.query("select * from RecurringTransaction where Type = 'Bill'")] == [["Bill"]]
    assert len(books.query("select * from RecurringTransaction")) == 2


def test_the_sdk_keeps_templates(books: Books) -> None:
    with sdk_of(books) as sdk:
        template = RecurringTransaction.from_json({"Bill": _template(a_bill(books, 500))})
        saved = template.save(qb=sdk)
        found = RecurringTransaction.get(saved.Bill.Id, qb=sdk)
        assert found.Bill.RecurringInfo.ScheduleInfo.IntervalType == "Monthly"
        assert hasattr(RecurringTransaction.where("Type = 'Bill'", qb=sdk)[0], "Bill")
        found.delete(qb=sdk)
        assert RecurringTransaction.all(qb=sdk) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (lambda b: {"Payment": {}}, "2000"),
        (lambda b: {"Invoice": an_invoice(b)}, "2020"),
        (lambda b: {"Invoice": _template(an_invoice(b), RecurType="Often")}, "2170"),
        (lambda b: {"Invoice": _template(an_invoice(b)), "Bill": {}}, "2010"),
        (lambda b: {"Invoice": _template({})}, "2020"),
    ],
)
def test_what_cannot_come_again(books: Books, given: Any, code: str) -> None:
    assert books.refused("recurringtransaction", given(books))[1]["code"] == code


def test_names_of_templates_are_taken_once(books: Books) -> None:
    body = {"Invoice": _template(an_invoice(books))}
    books.post("recurringtransaction", body)
    assert books.refused("recurringtransaction", body)[1]["code"] == "6240"
