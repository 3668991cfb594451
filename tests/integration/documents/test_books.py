"""What a document's screens take from the connected books: the company a project posts to, the tags of its lines."""

from typing import Any

import pytest
from django.test import Client

from integrations.connections.models import Connection
from integrations.connections.routing import connection_for
from integrations.mappings.models import MirrorRecord
from integrations.ports import ListKind
from rivet.ledger.models import Bill, SovLine
from rivet.tenants.models import AuditEvent, Tenant
from tests.integration.documents.test_screens import ROOT, a_bill_form, lines, text
from tests.ledgers import a_contract, a_project, a_vendor
from tests.outboxes import a_connection


def a_tag(books: Connection, name: str, **fields: Any) -> MirrorRecord:
    made: MirrorRecord = MirrorRecord.objects.create(
        tenant_id=books.tenant_id,
        connection=books,
        kind=ListKind.TAG,
        external_id=f"tag-{name}",
        name=name,
        **{"is_active": True, **fields},
    )
    return made


@pytest.fixture
def ironwood(tenant: Tenant) -> Connection:
    return a_connection(is_default=True, settings={"class_mode": "line"})


def test_one_company_leaves_nothing_to_choose(alice: Client, ironwood: Connection) -> None:
    project = a_project()
    assert 'name="books"' not in text(alice.get(f"{ROOT}projects/{project.public_id}/"))


def test_a_project_is_given_books_of_its_own_and_back(alice: Client, ironwood: Connection) -> None:
    harbor = a_connection("Harbor Pty", provider="xero")
    project = a_project()
    address = f"{ROOT}projects/{project.public_id}/"
    shown = text(alice.get(address))
    assert "The default: Ironwood Electric" in shown and "Harbor Pty in Xero" in shown
    sent = {"number": "J-101", "name": "Pier 9", "customer": str(project.customer.public_id), "status": "active"}
    alice.post(address, {**sent, "books": str(harbor.public_id)})
    assert connection_for(project.pk) == harbor
    assert f'value="{harbor.public_id}" selected' in text(alice.get(address))
    alice.post(address, {**sent, "books": ""})
    assert connection_for(project.pk) == ironwood
    chosen = AuditEvent.objects.filter(act="project.books_chosen").order_by("id")
    assert [event.after["books"] for event in chosen] == ["Harbor Pty", "the default"]


def test_a_company_of_nobody_is_refused(alice: Client, ironwood: Connection) -> None:
    a_connection("Harbor Pty", provider="xero")
    project = a_project()
    sent = {"number": "J-101", "name": "Pier 9", "customer": str(project.customer.public_id), "status": "active"}
    stranger = "0190a0f0-0000-7000-8000-000000000000"
    refused = alice.post(f"{ROOT}projects/{project.public_id}/", {**sent, "books": stranger})
    assert refused.status_code == 422
    assert "Books is no longer there to choose" in text(refused)


def test_lines_offer_the_classes_of_the_books(alice: Client, ironwood: Connection) -> None:
    a_tag(ironwood, "Commercial")
    a_tag(ironwood, "Old", is_active=False)
    vendor = a_vendor()
    shown = text(alice.get(f"{ROOT}bills/new/"))
    assert "Commercial" in shown and ">Class<" in shown and "tag-Old" not in shown
    sent = a_bill_form(vendor) | lines(("Wire", "10", "")) | {"lines-0-tag": "tag-Commercial"}
    alice.post(f"{ROOT}bills/new/", sent)
    bill = Bill.objects.get()
    assert bill.lines.get().tag == "tag-Commercial"
    assert "selected" in text(alice.get(f"{ROOT}bills/{bill.public_id}/edit/"))


def test_a_class_that_is_gone_is_kept_and_said(alice: Client, ironwood: Connection) -> None:
    a_tag(ironwood, "Commercial")
    contract = a_contract("1000")
    SovLine.objects.update(tag="tag-Forgotten")
    shown = text(alice.get(f"{ROOT}contracts/{contract.public_id}/edit/"))
    assert "No longer in the books" in shown


def test_books_without_classes_show_no_column(alice: Client, tenant: Tenant) -> None:
    books = a_connection(is_default=True, settings={"class_mode": "transaction"})
    a_tag(books, "Commercial")
    assert ">Class<" not in text(alice.get(f"{ROOT}bills/new/"))


def test_a_form_of_many_lines_asks_for_the_classes_once(
    alice: Client, ironwood: Connection, django_assert_max_num_queries: Any
) -> None:
    a_tag(ironwood, "Commercial")
    contract = a_contract(*["100"] * 30)
    with django_assert_max_num_queries(25):
        alice.get(f"{ROOT}contracts/{contract.public_id}/edit/")
