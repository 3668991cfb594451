"""Charlie, who owns another firm, and Vera, who may only read."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rivet.ledger.imports import batches
from rivet.ledger.models import Bill, ImportBatch
from rivet.ledger.models.imports import ImportKind
from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import Tenant
from rivet.tenants.roles import Role
from tests.firms import Firm, a_firm, a_person, join, signed_in
from tests.ledgers import a_bill, a_contract, an_application, approved

MISSING = "018f0000-0000-7000-8000-000000000000"


@pytest.fixture
def secrets(firm: Firm) -> dict[str, Any]:
    with tenant_transaction(firm.tenant.pk):
        contract = a_contract("1000")
        application = an_application(contract, 1, ["500"])
        approved(application)
        bill = a_bill(memo="canary")
        batch = batches.upload(
            kind=ImportKind.VENDORS, file_name="v.csv", data=b"name\nCanary\n", tenant=firm.tenant, by=firm.owner
        )
    return {"contract": contract, "application": application, "bill": bill, "batch": batch}


def urls(tenant: Tenant, secrets: dict[str, Any], public_id: str = "") -> list[tuple[str, str]]:
    """(method, address) of everything that names an object; all objects replaced by ``public_id`` when given."""

    def at(name: str, row: Any, **kwargs: Any) -> str:
        return reverse(
            f"documents:{name}", kwargs={"tenant": tenant.slug, "public_id": public_id or row.public_id, **kwargs}
        )

    bill, invoice, contract, batch = (secrets[name] for name in ("bill", "application", "contract", "batch"))
    return [
        ("GET", at("detail", bill, kind="bill")),
        ("GET", at("detail", invoice, kind="invoice")),
        ("GET", at("bill_edit", bill)),
        ("POST", at("bill_edit", bill)),
        ("GET", at("invoice_edit", invoice)),
        ("POST", at("approve", bill, kind="bill")),
        ("POST", at("reopen", invoice, kind="invoice")),
        ("POST", at("void", invoice, kind="invoice")),
        ("POST", at("delete", bill, kind="bill")),
        ("GET", at("pay", invoice, kind="invoice")),
        ("POST", at("pay", invoice, kind="invoice")),
        ("GET", at("party_edit", bill.vendor, kind="vendors")),
        ("POST", at("party_edit", bill.vendor, kind="vendors")),
        ("POST", at("party_archive", bill.vendor, kind="vendors")),
        ("GET", at("project_edit", contract.project)),
        ("POST", at("project_edit", contract.project)),
        ("GET", at("contract", contract)),
        ("GET", at("contract_edit", contract)),
        ("POST", at("contract_edit", contract)),
        ("GET", at("application_new", contract)),
        ("POST", at("release_new", contract)),
        ("GET", at("import", batch)),
        ("POST", at("import_confirm", batch)),
        ("POST", at("import_parties", batch)),
        ("GET", at("import_rejected", batch)),
    ]


def ask(browser: Client, method: str, url: str) -> tuple[int, bytes]:
    response = browser.get(url) if method == "GET" else browser.post(url)
    return response.status_code, response.content


def test_a_stranger_finds_nothing_at_the_firms_addresses(firm: Firm, secrets: dict[str, Any]) -> None:
    charlie = signed_in(a_firm("lakeview", owner=a_person("Charlie")).owner)
    nowhere = charlie.get("/t/no-such-firm/documents/")
    for method, url in [*urls(firm.tenant, secrets), ("GET", "/t/northside/documents/")]:
        status, _ = ask(charlie, method, url)
        assert status == nowhere.status_code == 404, url


def test_a_strangers_object_equals_a_missing_one(firm: Firm, secrets: dict[str, Any]) -> None:
    lakeview = a_firm("lakeview", owner=a_person("Charlie"))
    charlie = signed_in(lakeview.owner)
    theirs, missing = urls(lakeview.tenant, secrets), urls(lakeview.tenant, secrets, MISSING)
    for (method, url), (_, empty) in zip(theirs, missing, strict=True):
        found, none = ask(charlie, method, url), ask(charlie, method, empty)
        assert found[0] == none[0] == 404, url
        assert b"canary" not in found[1].lower()
    with tenant_transaction(firm.tenant.pk):
        assert Bill.objects.get().status == "draft"
        assert ImportBatch.objects.get().confirmed_at is None


def test_a_stranger_cannot_name_anothers_rows_in_a_form(firm: Firm, secrets: dict[str, Any]) -> None:
    charlie = signed_in(a_firm("lakeview", owner=a_person("Charlie")).owner)
    sent = {
        "vendor": str(secrets["bill"].vendor.public_id),
        "number": "1",
        "document_date": "2026-10-03",
        "due_date": "2026-10-03",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-amount": "5",
    }
    response = charlie.post("/t/lakeview/documents/bills/new/", sent)
    assert response.status_code == 422
    assert b"Vendor is no longer there to choose" in response.content
    approved_none = charlie.post("/t/lakeview/documents/approve/", {"chosen": f"bill:{secrets['bill'].public_id}"})
    assert approved_none.status_code == 302
    with tenant_transaction(firm.tenant.pk):
        assert Bill.objects.get().status == "draft"


def test_a_viewer_reads_and_changes_nothing(firm: Firm, secrets: dict[str, Any]) -> None:
    vera = a_person("Vera")
    join(firm, vera, Role.VIEWER)
    browser = signed_in(vera)
    shown = browser.get("/t/northside/documents/")
    assert shown.status_code == 200
    assert b"New bill" not in shown.content
    for method, url in urls(firm.tenant, secrets):
        reads = method == "GET" and ("/edit/" not in url and "/pay/" not in url and "/new/" not in url)
        is_list_page = reads and ("/bills/" in url or "/invoices/" in url or "/contracts/" in url)
        assert ask(browser, method, url)[0] == (200 if is_list_page else 403), url


def test_whoever_is_not_signed_in_is_asked_to(firm: Firm, secrets: dict[str, Any]) -> None:
    for method, url in urls(firm.tenant, secrets):
        status, _ = ask(Client(), method, url)
        assert status == 302, url
