"""The ledger's screens, as a bookkeeper meets them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rivet.ledger import held
from rivet.ledger.models import Bill, Contract, Customer, Invoice, Payment, Vendor
from rivet.ledger.queries.pages import PAGE_SIZE
from rivet.ledger.snapshots import PostingMode, SourceKind
from rivet.tenants.models import Tenant, User
from sync import outbox
from sync.models import OutboxEntry
from tests.ledgers import a_bill, a_contract, a_customer, a_project, a_release, a_vendor, an_application, approved
from tests.outboxes import a_connection

ROOT = "/t/northside/documents/"


def lines(*rows: tuple[str, str, str], prefix: str = "lines") -> dict[str, str]:
    """Rows of (description, amount, retainage) as the browser sends them."""
    sent = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for index, row in enumerate(rows):
        for name, value in zip(("description", "amount", "retainage"), row, strict=True):
            sent[f"{prefix}-{index}-{name}"] = value
    return sent


def a_bill_form(vendor: Vendor, **fields: str) -> dict[str, str]:
    usual = {
        "vendor": str(vendor.public_id),
        "number": "1043",
        "document_date": "2026-10-03",
        "due_date": "2026-11-02",
        "memo": "",
    }
    return usual | fields


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def everything(tenant: Tenant) -> dict[str, Any]:
    """One of each noun."""
    contract = a_contract("1000", "2000")
    application = an_application(contract, 1, ["500", "500"])
    approved(application)
    release = a_release(contract, "50")
    bill = a_bill(a_vendor(), ("100", "10"), project=contract.project)
    return {"contract": contract, "application": application, "release": release, "bill": bill}


def pages(everything: dict[str, Any]) -> list[str]:
    contract, bill = everything["contract"], everything["bill"]
    return [
        "",
        "?kind=bill&status=draft&q=hanson",
        "?status=approved&page=2",
        "export.csv",
        "bills/new/",
        "bills/new-release/",
        f"bills/{bill.public_id}/",
        f"bills/{bill.public_id}/edit/",
        f"bills/{bill.public_id}/void/",
        f"bills/{bill.public_id}/pay/",
        "invoices/new/",
        f"invoices/{everything['application'].public_id}/",
        f"invoices/{everything['release'].public_id}/",
        f"invoices/{everything['release'].public_id}/edit/",
        "payments/",
        "customers/",
        "vendors/?q=han",
        "vendors/?archived=1",
        "customers/new/",
        f"customers/{contract.customer.public_id}/",
        "projects/",
        "projects/new/",
        f"projects/{contract.project.public_id}/",
        "contracts/",
        "contracts/new/",
        f"contracts/{contract.public_id}/",
        f"contracts/{contract.public_id}/edit/",
        f"contracts/{contract.public_id}/applications/new/",
        f"contracts/{contract.public_id}/releases/new/",
        "imports/",
        "imports/templates/bills.csv",
    ]


def test_every_page_opens_without_inline_script_or_style(alice: Client, everything: dict[str, Any]) -> None:
    for path in pages(everything):
        response = alice.get(ROOT + path)
        assert response.status_code == 200, path
        assert " style=" not in text(response), path
        assert "hx-on" not in text(response), path


def test_pages_of_a_bigger_firm_ask_no_more_questions(alice: Client, everything: dict[str, Any]) -> None:
    lists = ("", "vendors/", "customers/", "projects/", "contracts/", "payments/")
    before = {path: _questions(alice, path) for path in lists}
    sub = a_vendor("Rexel")
    for index in range(30):
        bill = a_bill(sub, number=f"R-{index}", project=everything["contract"].project)
        Payment.objects.create(tenant_id=bill.tenant_id, bill=bill, amount=1, paid_date=bill.bill_date)
        a_contract("5", project=a_project(a_customer(f"Customer {index}"), number=f"N-{index}"))
    assert {path: _questions(alice, path) for path in lists} == before
    # Six of these are who is asking and for which firm; the list is one, the counts another, each kind's books another.
    assert before[""] <= 12


def _questions(browser: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(ROOT + path).status_code == 200
    return len(asked)


def test_a_bill_is_entered_approved_and_paid(alice: Client, tenant: Tenant) -> None:
    sub = a_vendor()
    sent = a_bill_form(sub, memo="Slab \N{BUILDING CONSTRUCTION}") | lines(
        ("Slab", "$25,000.00", "10%"), ("", "", ""), ("Back-charge", "(300)", "")
    )
    made = alice.post(f"{ROOT}bills/new/", sent)
    bill = Bill.objects.get()
    assert made.headers["Location"] == f"{ROOT}bills/{bill.public_id}/"
    assert (str(bill.gross), str(bill.retainage), str(bill.net)) == ("24700.00", "2500.00", "22200.00")
    assert bill.memo == "Slab \N{BUILDING CONSTRUCTION}"
    alice.post(f"{ROOT}bills/{bill.public_id}/approve/")
    bill.refresh_from_db()
    assert bill.status == "approved"
    too_much = alice.post(f"{ROOT}bills/{bill.public_id}/pay/", {"amount": "22200.01", "paid_date": "2026-11-02"})
    assert too_much.status_code == 422
    assert "has 22,200.00 left to pay" in text(too_much)
    alice.post(f"{ROOT}bills/{bill.public_id}/pay/", {"amount": "22200", "paid_date": "2026-11-02", "reference": "77"})
    bill.refresh_from_db()
    assert bill.paid == bill.net
    payment = Payment.objects.get()
    alice.post(f"{ROOT}payments/{payment.public_id}/void/")
    bill.refresh_from_db()
    assert bill.paid == 0


@pytest.mark.parametrize(
    ("fields", "rows", "sentence"),
    [
        ({"vendor": ""}, [("Slab", "5", "")], "Vendor is empty. Fill it in."),
        ({"vendor": "nonsense"}, [("Slab", "5", "")], "Vendor is no longer there to choose"),
        ({"number": ""}, [("Slab", "5", "")], "Number is empty"),
        ({"number": "A\x00B"}, [("Slab", "5", "")], "Number contains a NUL character. Remove it."),
        ({"number": "9" * 101}, [("Slab", "5", "")], "Number has 101 characters; at most 100 fit."),
        ({"memo": "x" * 10_485_760}, [("Slab", "5", "")], "Memo has 10,485,760 characters; at most 10,000 fit."),
        ({"memo": "a\x00b"}, [("Slab", "5", "")], "Memo contains a NUL character"),
        ({"document_date": "soon"}, [("Slab", "5", "")], "“soon” is not a date Rivet can read"),
        ({"due_date": "2026-10-01"}, [("Slab", "5", "")], "The due date lies before"),
        ({}, [("Slab", "-5", "")], "A bill cannot be less than zero"),
        ({}, [("Slab", "five", "")], "“five” is not an amount"),
        ({}, [("Slab", "", "")], "Amount is empty. Fill it in, or clear the whole line."),
        ({}, [("Slab", "5", "6")], "Retainage is a part of the amount"),
        ({}, [("Slab", "5", "110%")], "Enter at most 100%"),
        ({}, [("", "", "")], "There is no line"),
        ({}, [("Slab", "99999999999999", "")], "larger than Rivet can keep"),
    ],
)
def test_a_bad_bill_is_refused_in_words_and_keeps_what_was_typed(
    alice: Client, tenant: Tenant, fields: dict[str, str], rows: list[tuple[str, str, str]], sentence: str
) -> None:
    response = alice.post(f"{ROOT}bills/new/", a_bill_form(a_vendor()) | fields | lines(*rows))
    assert response.status_code == 422
    assert sentence in text(response)
    assert "2026-11-02" in text(response) or "due_date" in fields
    assert not Bill.objects.exists()


def test_a_number_in_use_is_refused_at_its_field(alice: Client, tenant: Tenant) -> None:
    sub = a_vendor()
    a_bill(sub, number="1043")
    response = alice.post(f"{ROOT}bills/new/", a_bill_form(sub) | lines(("Slab", "5", "")))
    assert response.status_code == 422
    assert "Hanson Concrete already has a bill 1043" in text(response)


def test_more_lines_can_be_asked_for_without_losing_any(alice: Client, tenant: Tenant) -> None:
    sub = a_vendor()
    sent = a_bill_form(sub, number="77-A") | lines(("Slab", "oops", "")) | {"act": "more"}
    response = alice.post(f"{ROOT}bills/new/", sent)
    assert response.status_code == 200
    assert 'value="oops"' in text(response)
    assert 'value="77-A"' in text(response)
    assert 'name="lines-3-amount"' in text(response)


def test_a_changed_draft_replaces_its_lines(alice: Client, tenant: Tenant) -> None:
    bill = a_bill(None, ("100", "10"), ("50", "0"))
    shown = alice.get(f"{ROOT}bills/{bill.public_id}/edit/")
    assert 'value="100.00"' in text(shown)
    alice.post(f"{ROOT}bills/{bill.public_id}/edit/", a_bill_form(bill.vendor) | lines(("All", "150", "15")))
    assert [str(line.amount) for line in bill.lines.all()] == ["150.00"]


def test_a_subcontract_gives_its_rate_where_retainage_is_left_empty(alice: Client, tenant: Tenant) -> None:
    sub, job = a_vendor(), a_project()
    sent = {
        "title": "Concrete",
        "side": "payable",
        "project": str(job.public_id),
        "vendor": str(sub.public_id),
        "original_sum": "90000",
        "work_rate": "5",
        "stored_rate": "5",
        "rule": "none",
        "threshold_basis": "to_date",
        "crossing": "next_application",
        "rounding": "per_line",
        "sov-TOTAL_FORMS": "0",
        "sov-INITIAL_FORMS": "0",
    }
    alice.post(f"{ROOT}contracts/new/", sent)
    contract = Contract.objects.get()
    assert contract.vendor == sub
    entered = a_bill_form(sub, contract=str(contract.public_id)) | lines(("Slab", "1000", ""), ("Permit", "10", "0"))
    alice.post(f"{ROOT}bills/new/", entered)
    bill = Bill.objects.get()
    assert [str(line.retainage) for line in bill.lines.order_by("position")] == ["50.00", "0.00"]
    assert bill.project == job


def test_a_contract_is_entered_and_billed(alice: Client, tenant: Tenant) -> None:
    job = a_project()
    sent = {
        "title": "Electrical",
        "side": "receivable",
        "project": str(job.public_id),
        "work_rate": "10%",
        "stored_rate": "10",
        "rule": "none",
        "threshold_basis": "to_date",
        "crossing": "next_application",
        "rounding": "per_line",
        "sov-TOTAL_FORMS": "3",
        "sov-INITIAL_FORMS": "0",
        "sov-0-description": "Mobilization",
        "sov-0-value": "12,000",
        "sov-1-description": "Rough-in",
        "sov-1-value": "72,000",
        "sov-2-description": "Gear",
        "sov-2-value": "36,000",
    }
    alice.post(f"{ROOT}contracts/new/", sent)
    contract = Contract.objects.get()
    assert str(contract.original_sum) == "120000.00"
    first, second, third = contract.lines.order_by("position")
    application = {
        "number": "PA1",
        "document_date": "2026-10-31",
        "due_date": "2026-11-30",
        f"work-{first.public_id}": "12000",
        f"work-{second.public_id}": "18000",
        f"stored-{third.public_id}": "10000",
    }
    made = alice.post(f"{ROOT}contracts/{contract.public_id}/applications/new/", application, follow=True)
    for figure in ("$120,000.00", "$40,000.00", "$3,000.00 of completed work", "$36,000.00", "$84,000.00"):
        assert figure in text(made)
    invoice = Invoice.objects.get()
    approved_page = alice.post(f"{ROOT}invoices/{invoice.public_id}/approve/", follow=True)
    assert "PA1 is approved." in text(approved_page)
    assert str(held.under_contract(contract)) == "4000.00"
    released = alice.post(
        f"{ROOT}contracts/{contract.public_id}/releases/new/",
        {"amount": "4000.01", "number": "R1", "document_date": "2026-12-01", "due_date": "2026-12-31"},
    )
    assert released.status_code == 422
    assert "Only 4,000.00 is held" in text(released)


def test_a_contract_whose_lines_and_sum_differ_is_refused(alice: Client, tenant: Tenant) -> None:
    contract = a_contract("1000", "2000")
    shown = alice.get(f"{ROOT}contracts/{contract.public_id}/edit/")
    assert 'value="3000.00"' in text(shown)
    sent = {
        "title": "Electrical",
        "side": "receivable",
        "project": str(contract.project.public_id),
        "original_sum": "3500",
        "work_rate": "10",
        "stored_rate": "10",
        "rule": "prospective",
        "threshold_basis": "to_date",
        "crossing": "next_application",
        "rounding": "per_line",
        "sov-TOTAL_FORMS": "1",
        "sov-INITIAL_FORMS": "0",
        "sov-0-description": "All",
        "sov-0-value": "3000",
    }
    response = alice.post(f"{ROOT}contracts/{contract.public_id}/edit/", sent)
    assert response.status_code == 422
    assert "Threshold is empty" in text(response)
    assert "Reduced rate is empty" in text(response)
    response = alice.post(f"{ROOT}contracts/{contract.public_id}/edit/", sent | {"rule": "none"})
    assert "add up to 3,000.00; the contract sum is 3,500.00" in text(response)
    assert contract.lines.count() == 2


def test_billed_lines_stay_on_the_contract(alice: Client, tenant: Tenant) -> None:
    contract = a_contract("1000")
    an_application(contract, 1, ["100"])
    sent = {
        "title": "Electrical",
        "side": "receivable",
        "project": str(contract.project.public_id),
        "original_sum": "1000",
        "work_rate": "5",
        "stored_rate": "5",
        "rule": "none",
        "threshold_basis": "to_date",
        "crossing": "next_application",
        "rounding": "per_line",
        "sov-TOTAL_FORMS": "0",
        "sov-INITIAL_FORMS": "0",
    }
    response = alice.post(f"{ROOT}contracts/{contract.public_id}/edit/", sent)
    assert response.status_code == 422
    assert "cannot be removed" in text(response)


def test_several_are_approved_and_each_refusal_is_told(alice: Client, everything: dict[str, Any]) -> None:
    bill, release = everything["bill"], everything["release"]
    chosen = [f"bill:{bill.public_id}", f"invoice:{release.public_id}", "bill:nonsense", "tenant:1", "\x00"]
    back = f"{ROOT}?status=draft"
    response = alice.post(f"{ROOT}approve/", {"chosen": chosen, "back": back}, follow=True)
    assert response.redirect_chain == [(back, 302)]
    assert "Approved 2 documents." in text(response)
    again = alice.post(f"{ROOT}approve/", {"chosen": chosen, "back": "https://elsewhere.example/"}, follow=True)
    assert again.redirect_chain == [(ROOT, 302)]
    assert "INV-88 is already approved." in text(again)


def test_reopening_leads_to_the_form_and_voiding_asks_why(alice: Client, tenant: Tenant) -> None:
    bill = a_bill()
    approved(bill)
    response = alice.post(f"{ROOT}bills/{bill.public_id}/reopen/")
    assert response.headers["Location"] == f"{ROOT}bills/{bill.public_id}/edit/"
    assert alice.post(f"{ROOT}bills/{bill.public_id}/void/", {"reason": ""}).status_code == 422
    alice.post(f"{ROOT}bills/{bill.public_id}/void/", {"reason": "entered twice"})
    bill.refresh_from_db()
    assert bill.status == "void"


def test_a_draft_is_deleted_and_an_approved_bill_is_not(alice: Client, tenant: Tenant) -> None:
    bill = a_bill()
    approved(bill)
    refused = alice.post(f"{ROOT}bills/{bill.public_id}/delete/", follow=True)
    assert "Void it instead" in text(refused)
    draft = a_bill(bill.vendor, number="2")
    alice.post(f"{ROOT}bills/{draft.public_id}/delete/")
    assert list(Bill.objects.values_list("number", flat=True)) == ["INV-88"]


def test_a_release_bill_deducts_a_back_charge(alice: Client, tenant: Tenant) -> None:
    sub, job = a_vendor(), a_project()
    approved(a_bill(sub, ("25000", "2500"), project=job))
    sent = a_bill_form(sub, number="REL-1", project=str(job.public_id)) | {
        "amount": "2500",
        "back_charge": "300",
        "back_charge_for": "Cleanup",
    }
    alice.post(f"{ROOT}bills/new-release/", sent)
    release = Bill.objects.get(number="REL-1")
    assert (str(release.net), release.purpose) == ("2200.00", "release")
    shown = alice.get(f"{ROOT}bills/{release.public_id}/edit/")
    assert 'value="2500.00"' in text(shown)
    assert 'value="Cleanup"' in text(shown)


def test_parties_are_kept(alice: Client, tenant: Tenant) -> None:
    alice.post(f"{ROOT}vendors/new/", {"name": "Rexel"})
    again = alice.post(f"{ROOT}vendors/new/", {"name": " REXEL "})
    assert again.status_code == 422
    assert "There is already a vendor “REXEL”" in text(again)
    rexel = Vendor.objects.get()
    alice.post(f"{ROOT}vendors/{rexel.public_id}/archive/", {"act": "archive"})
    assert "Rexel" not in text(alice.get(f"{ROOT}vendors/"))
    assert "Rexel" in text(alice.get(f"{ROOT}vendors/?archived=1"))
    alice.post(f"{ROOT}vendors/new/", {"name": "Rexel"})
    refused = alice.post(f"{ROOT}vendors/{rexel.public_id}/archive/", {"act": "restore"}, follow=True)
    assert "Another vendor is called “Rexel” by now" in text(refused)


def test_projects_are_kept(alice: Client, tenant: Tenant) -> None:
    a_project()
    customer = Customer.objects.get()
    sent = {"number": "j-101", "name": "Other", "customer": str(customer.public_id), "status": "active"}
    refused = alice.post(f"{ROOT}projects/new/", sent)
    assert refused.status_code == 422
    assert "There is already a project j-101" in text(refused)
    assert alice.post(f"{ROOT}projects/new/", sent | {"number": "J-102"}).status_code == 302


def test_the_list_says_how_each_document_stands_in_the_books(alice: Client, tenant: Tenant) -> None:
    """Of an invoice whose journal was refused the list says what is wrong, not what is well."""
    books = a_connection(is_default=True, posting_mode=PostingMode.NET_PLUS_JOURNAL)
    invoice = an_application(a_contract("12000"), 1, ["12000"])
    a_bill(number="DRAFT-1")
    outbox.approve(kind=SourceKind.INVOICE, document_id=invoice.pk, actor=User.objects.get(email="alice@example.com"))
    OutboxEntry.objects.filter(role="invoice").update(state="confirmed", due_at=None)
    OutboxEntry.objects.filter(role="retainage_journal").update(state="rejected", reason="", due_at=None)
    rows = text(alice.get(ROOT)).split("<tr data-row>")
    [of_invoice] = [row for row in rows if invoice.number in row]
    [of_draft] = [row for row in rows if "DRAFT-1" in row]
    assert "Needs attention" in of_invoice and "Synced" not in of_invoice
    assert of_draft.count('class="chip"') == 1
    assert books.entries.count() > 2


def test_rows_are_chosen_only_where_one_can_be_approved(alice: Client, tenant: Tenant) -> None:
    bill = a_bill()
    assert 'name="chosen"' in text(alice.get(ROOT))
    approved(bill)
    assert "data-selection-bar" not in text(alice.get(ROOT))


def test_the_export_holds_all_that_matches(alice: Client, tenant: Tenant) -> None:
    vendor = a_vendor()
    for number in range(PAGE_SIZE + 2):
        a_bill(vendor, number=f"EXP-{number}")
    exported = text(alice.get(f"{ROOT}export.csv?q=EXP-&page=2"))
    assert exported.count("EXP-") == PAGE_SIZE + 2


def test_exports_are_safe_to_open_in_a_spreadsheet(alice: Client, tenant: Tenant) -> None:
    a_bill(a_vendor("=HYPERLINK(1)"), number="@SUM(A1)")
    exported = text(alice.get(f"{ROOT}export.csv"))
    assert "'=HYPERLINK(1)" in exported
    assert "'@SUM(A1)" in exported
    assert ",25000.00," in exported
