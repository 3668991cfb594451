"""Which rows would be imported, and the reasons of the others."""

from datetime import date
from decimal import Decimal as D

import pytest

from rivet.ledger.imports.documents import plan_bills, plan_invoices
from rivet.ledger.imports.parties import plan_projects, plan_vendors
from rivet.ledger.imports.plans import DocumentDraft, Known, PartyDraft, Plan
from rivet.ledger.imports.sheets import Row

KNOWN = Known(
    vendors={"hanson concrete": 1, "rexel": 2},
    customers={"harbor general": 5, "lake county": 6},
    projects={"j-101": (10, 5), "pier 9": (10, 5)},
    project_numbers=frozenset({"j-101"}),
    bills=frozenset({(1, "1000")}),
    invoices=frozenset({"pa1"}),
)


def rows(*cells: dict[str, str]) -> list[Row]:
    return [Row(line=line, cells=each) for line, each in enumerate(cells, start=2)]


def a_bill_row(**cells: str) -> dict[str, str]:
    usual = {"number": "1043", "vendor": "Hanson Concrete", "bill date": "2026-10-03", "amount": "100"}
    return usual | {name.replace("_", " "): cell for name, cell in cells.items()}


def an_invoice_row(**cells: str) -> dict[str, str]:
    usual = {"number": "PA2", "customer": "Harbor General", "invoice date": "2026-10-03", "amount": "100"}
    return usual | {name.replace("_", " "): cell for name, cell in cells.items()}


def documents(plan: Plan) -> list[DocumentDraft]:
    return [draft for draft in plan.good if isinstance(draft, DocumentDraft)]


def reasons(plan: Plan) -> list[str]:
    return [reason for bad in plan.bad for reason in bad.reasons]


def test_rows_with_the_same_vendor_and_number_are_one_bill() -> None:
    plan = plan_bills(
        rows(
            a_bill_row(
                number="1043 ", vendor=" hanson  CONCRETE", amount="$1,000.00", retainage="10%", project="Pier 9"
            ),
            a_bill_row(amount="(300.00)", description="Back-charge", bill_date=""),
            a_bill_row(vendor="Rexel"),
        ),
        KNOWN,
    )
    assert plan.is_clean
    first, second = documents(plan)
    assert (first.number, first.party_id, first.project_id) == ("1043", 1, 10)
    assert [(line.amount, line.retainage) for line in first.lines] == [
        (D("1000.00"), D("100.00")),
        (D("-300.00"), D("0.00")),
    ]
    assert (first.document_date, first.due_date) == (date(2026, 10, 3), date(2026, 11, 2))
    assert second.party_id == 2


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"vendor": ""}, "Vendor is empty"),
        ({"vendor": "Nobody"}, "there is no vendor “Nobody”"),
        ({"number": ""}, "Number is empty"),
        ({"number": "x" * 101}, "has 101 characters"),
        ({"number": "1000"}, "There is already a bill 1000 of this vendor"),
        ({"amount": ""}, "Amount is empty"),
        ({"amount": "-5"}, "cannot be less than zero"),
        ({"amount": "much"}, "not an amount"),
        ({"retainage": "200"}, "Retainage is a part of the amount"),
        ({"bill_date": ""}, "Bill date is empty"),
        ({"bill_date": "soon"}, "not a date"),
        ({"due_date": "2026-10-01"}, "lies before"),
        ({"project": "J-999"}, "there is no project “J-999”"),
        ({"memo": "x" * 10_001}, "has 10,001 characters"),
    ],
)
def test_a_bad_bill_row_says_why(cells: dict[str, str], reason: str) -> None:
    plan = plan_bills(rows(a_bill_row(**cells)), KNOWN)
    assert plan.good == []
    assert any(reason in found for found in reasons(plan)), reasons(plan)


def test_a_bill_comes_whole_or_not_at_all() -> None:
    plan = plan_bills(rows(a_bill_row(), a_bill_row(amount="oops"), a_bill_row(number="1044")), KNOWN)
    assert [draft.number for draft in documents(plan)] == ["1044"]
    assert [bad.line for bad in plan.bad] == [2, 3]
    assert plan.bad[0].reasons == ("It belongs to bill 1043, and line 3 of it has a problem.",)


def test_every_reason_of_a_row_is_told() -> None:
    plan = plan_bills(rows(a_bill_row(amount="oops", bill_date="soon", due_date="later")), KNOWN)
    assert len(plan.bad[0].reasons) == 3


def test_the_same_row_twice_is_refused() -> None:
    plan = plan_bills(rows(a_bill_row(), a_bill_row(number="1043  ")), KNOWN)
    assert plan.good == []
    assert "the same as line 2" in reasons(plan)[1]


def test_rows_of_one_bill_must_agree() -> None:
    plan = plan_bills(rows(a_bill_row(), a_bill_row(description="More", bill_date="2026-10-04")), KNOWN)
    assert plan.good == []
    assert "Line 2 gives another bill date for bill 1043" in reasons(plan)[1]


def test_an_invoice_number_belongs_to_one_customer() -> None:
    plan = plan_invoices(rows(an_invoice_row(), an_invoice_row(customer="Lake County")), KNOWN)
    assert plan.good == []
    assert any("another customer for invoice PA2" in reason for reason in reasons(plan))


def test_an_invoice_number_in_use_is_refused() -> None:
    assert reasons(plan_invoices(rows(an_invoice_row(number="pa1")), KNOWN)) == [
        "There is already an invoice pa1 in Rivet."
    ]


def test_a_project_of_another_customer_is_refused() -> None:
    plan = plan_invoices(rows(an_invoice_row(customer="Lake County", project="J-101")), KNOWN)
    assert "is a project of another customer" in reasons(plan)[0]


def test_parties_are_read_tidily_and_once() -> None:
    plan = plan_vendors(
        rows(
            {"name": " Ace   Supply ", "email": "office@ace.example"},
            {"name": "ACE SUPPLY"},
            {"name": "Rexel"},
            {"name": "Bad Mail", "email": "nowhere"},
            {"name": ""},
        ),
        KNOWN,
    )
    (draft,) = plan.good
    assert isinstance(draft, PartyDraft)
    assert (draft.name, draft.contact["email"]) == ("Ace Supply", "office@ace.example")
    assert [bad.line for bad in plan.bad] == [3, 4, 5, 6]
    assert "stands in line 2 already" in reasons(plan)[0]
    assert "There is already a vendor “Rexel”" in reasons(plan)[1]


def test_projects_need_a_customer_rivet_knows() -> None:
    plan = plan_projects(
        rows(
            {"number": "J-102", "name": "Clinic", "customer": "Lake County", "status": "Active"},
            {"number": "j-101", "name": "Pier", "customer": "Harbor General"},
            {"number": "J-103", "name": "Mill", "customer": "Nobody", "status": "odd"},
        ),
        KNOWN,
    )
    assert len(plan.good) == 1
    assert len(reasons(plan)) == 3
