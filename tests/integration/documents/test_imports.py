"""Upload, look, confirm."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rivet.ledger.imports.sheets import LARGEST_FILE
from rivet.ledger.models import Bill, Customer, ImportBatch, Invoice, Project, Vendor
from rivet.tenants.models import AuditEvent, Tenant
from tests.ledgers import a_bill, a_project, a_vendor

ROOT = "/t/northside/documents/"

BILLS = """number,vendor,project,bill date,due date,memo,description,amount,retainage
1043 ,Hanson Concrete ,J-101,2026-10-03,2026-11-02,"October,
second line",Pads,"$25,000.00",10%
1043,Hanson Concrete,,,,,Trench,1200,
2001,Nobody,,2026-10-03,,,,10,
2002,Hanson Concrete,,soon,,,,ten,
INV-88,Hanson Concrete,,2026-10-03,,,,10,
2003,Hanson Concrete,,10/04/2026,,\N{BUILDING CONSTRUCTION},,(5),
2004,Hanson Concrete,,10/04/2026,,,,7.25,
"""


def upload(browser: Client, kind: str, content: str | bytes, name: str = "file.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return browser.post(f"{ROOT}imports/", {"kind": kind, "file": SimpleUploadedFile(name, data)})


def confirm(browser: Client, preview_url: str) -> str:
    response = browser.post(f"{preview_url}confirm/", follow=True)
    return str(response.content.decode())


@pytest.fixture
def job(tenant: Tenant) -> Project:
    a_bill(a_vendor())
    return a_project()


def test_a_file_is_shown_with_every_reason_and_imported_only_when_confirmed(
    alice: Client, job: Project, tenant: Tenant
) -> None:
    url = upload(alice, "bills", BILLS).headers["Location"]
    page = alice.get(url).content.decode()
    assert "2 bills can be imported, 4 rows cannot" in page
    for reason in (
        "there is no vendor “Nobody”",
        "“soon” is not a date",
        "“ten” is not an amount",
        "There is already a bill INV-88 of this vendor",
        "cannot be less than zero",
    ):
        assert reason in page
    assert Bill.objects.count() == 1
    assert "Imported 2 bills." in confirm(alice, url)
    bill = Bill.objects.get(number="1043")
    assert (str(bill.gross), str(bill.retainage), str(bill.net)) == ("26200.00", "2500.00", "23700.00")
    assert (bill.project, bill.status, bill.memo) == (job, "draft", "October,\nsecond line")
    assert [line.description for line in bill.lines.order_by("position")] == ["Pads", "Trench"]
    assert str(Bill.objects.get(number="2004").net) == "7.25"
    assert AuditEvent.objects.get(act="import.confirmed").after == {"kind": "bills", "imported": 2}


def test_confirming_twice_imports_once(alice: Client, job: Project) -> None:
    url = upload(alice, "bills", BILLS).headers["Location"]
    confirm(alice, url)
    assert "nothing was imported twice" in confirm(alice, url)
    assert Bill.objects.count() == 3
    assert "came from this file" in alice.get(url).content.decode()


def test_the_same_file_again_finds_everything_taken(alice: Client, job: Project) -> None:
    confirm(alice, upload(alice, "bills", BILLS).headers["Location"])
    again = upload(alice, "bills", BILLS).headers["Location"]
    assert "0 bills can be imported" in alice.get(again).content.decode()
    assert "No row can be imported" in confirm(alice, again)


def test_rows_are_judged_anew_when_confirmed(alice: Client, job: Project) -> None:
    url = upload(alice, "bills", BILLS).headers["Location"]
    a_bill(Vendor.objects.get(), number="2004")
    assert "Imported 1 bill." in confirm(alice, url)
    assert Bill.objects.filter(number="2004").count() == 1


def test_parties_the_file_names_can_be_added_from_the_preview(alice: Client, job: Project) -> None:
    url = upload(alice, "bills", BILLS).headers["Location"]
    assert "1 vendor not in Rivet yet" in alice.get(url).content.decode()
    page = alice.post(f"{url}add-parties/", follow=True).content.decode()
    assert Vendor.objects.filter(name="Nobody").exists()
    assert "not in Rivet yet" not in page
    assert "3 bills can be imported, 3 rows cannot" in page


def test_a_row_that_was_left_out_names_its_cells_where_the_table_folds(alice: Client, job: Project) -> None:
    page = alice.get(upload(alice, "bills", BILLS).headers["Location"]).content.decode()
    assert '<td data-label="Number">2001</td>' in page


def test_what_was_left_out_comes_back_as_a_file_to_correct(alice: Client, job: Project) -> None:
    url = upload(alice, "bills", BILLS).headers["Location"]
    rows = alice.get(f"{url}to-correct.csv").content.decode()
    assert rows.splitlines()[0].endswith("what to correct")
    assert "2001,Nobody" in rows
    assert "1043" not in rows


def test_each_kind_of_file_can_be_imported(alice: Client, tenant: Tenant) -> None:
    for kind, content in {
        "vendors": "name,email\nRexel,office@rexel.example\n",
        "customers": "Company;Stadt\nHarbor General;Köln\n",
        "projects": "number,name,customer\nJ-7,Pier,harbor general\n",
        "invoices": "number,customer,project,date,amount,retainage\nPA1,Harbor General,J-7,2026-10-31,12000,1200\n",
    }.items():
        confirm(alice, upload(alice, kind, content).headers["Location"])
    assert Vendor.objects.get().email == "office@rexel.example"
    invoice = Invoice.objects.get()
    assert (invoice.customer, invoice.project) == (Customer.objects.get(), Project.objects.get())
    assert str(invoice.net) == "10800.00"
    shown = alice.post(f"{ROOT}invoices/{invoice.public_id}/approve/", follow=True)
    assert "PA1 is approved." in shown.content.decode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty"),
        (b"number,vendor\n", "no column for bill date and amount"),
        (b"PK\x03\x04", "an Excel workbook, not a CSV file"),
        (b"x" * (LARGEST_FILE + 1), "at most 10 MB are read"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(alice: Client, tenant: Tenant, content: bytes, reason: str) -> None:
    response = upload(alice, "bills", content)
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert not ImportBatch.objects.exists()


def test_no_file_and_no_kind_are_told(alice: Client, tenant: Tenant) -> None:
    response = alice.post(f"{ROOT}imports/", {"kind": "nonsense"})
    assert response.status_code == 422
    assert "File is empty. Fill it in." in response.content.decode()


def test_a_nul_and_a_huge_memo_spoil_their_rows_only(alice: Client, job: Project) -> None:
    content = (
        "number,vendor,bill date,amount,memo\n"
        "1,Hanson\x00 Concrete,2026-10-03,5,\n"
        f"2,Hanson Concrete,2026-10-03,5,{'x' * 10_000_000}\n"
        "3,Hanson Concrete,2026-10-03,5,fine\n"
    )
    url = upload(alice, "bills", content).headers["Location"]
    page = alice.get(url).content.decode()
    assert "Vendor contains a NUL character. Remove it." in page
    assert "Memo has 10,000,000 characters" in page
    confirm(alice, url)
    assert Bill.objects.filter(number="3").exists()
    assert Bill.objects.count() == 2


def test_thousands_of_rows_take_a_few_statements(
    alice: Client, job: Project, django_assert_max_num_queries: Any
) -> None:
    rows = "".join(f"N-{index},Hanson Concrete,2026-10-03,{index}.25\n" for index in range(1, 2001))
    url = upload(alice, "bills", f"number,vendor,bill date,amount\n{rows}").headers["Location"]
    with django_assert_max_num_queries(45):
        alice.post(f"{url}confirm/")
    assert Bill.objects.count() == 2001
