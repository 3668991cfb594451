"""The demo's example data."""

import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from rivet.ledger.approval import approve
from rivet.ledger.models import Bill, Invoice
from rivet.ledger.models.documents import DocumentStatus
from rivet.ledger.snapshots import PostingMode, SourceKind
from rivet.pages.demo.cast import NORTHSIDE, PASSWORD, firm
from rivet.tenants.context import tenant_transaction

pytestmark = pytest.mark.django_db


def seed() -> str:
    said = io.StringIO()
    call_command("seed_demo", stdout=said)
    return said.getvalue()


def test_it_is_refused_where_its_password_would_be_a_hole(settings: Any) -> None:
    settings.DEVELOPMENT = False
    with pytest.raises(CommandError, match="development only"):
        seed()


def test_everyone_can_sign_in_and_finds_their_firm(settings: Any) -> None:
    settings.DEVELOPMENT = True
    said = seed()
    assert PASSWORD in said
    for name, slug, status in (
        ("alice", "northside", 200),
        ("bob", "northside", 200),
        ("charlie", "lakeview", 200),
        ("charlie", "northside", 404),
        ("sam", "northside", 404),
    ):
        browser = Client()
        browser.post("/accounts/login/", {"login": f"{name}@example.com", "password": PASSWORD})
        assert browser.get(f"/t/{slug}/documents/").status_code == status, name
        # Two-step sign-in wants a proven address.
        assert "not confirmed" not in browser.get("/accounts/email/").content.decode()


def test_running_it_again_adds_nothing(settings: Any) -> None:
    settings.DEVELOPMENT = True
    assert seed() == seed()
    tenant, is_new = firm(NORTHSIDE)
    assert not is_new
    with tenant_transaction(tenant.pk):
        assert Bill.objects.count() == 10


def test_every_draft_is_fit_to_be_approved(settings: Any) -> None:
    settings.DEVELOPMENT = True
    seed()
    tenant, _ = firm(NORTHSIDE)
    with tenant_transaction(tenant.pk):
        assert not Bill.objects.exclude(status=DocumentStatus.DRAFT).exists()
        for invoice in Invoice.objects.order_by("application_number", "id"):
            approve(kind=SourceKind.INVOICE, document_id=invoice.pk, actor=None, default_mode=PostingMode.NEGATIVE_LINE)
        for bill in Bill.objects.order_by("id"):
            approve(kind=SourceKind.BILL, document_id=bill.pk, actor=None, default_mode=PostingMode.NEGATIVE_LINE)
        assert Invoice.objects.get(number="N-2401-PA1").net == Decimal("27000.00")
