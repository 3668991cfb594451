from collections.abc import Callable
from decimal import Decimal

import pytest

from integrations.connections.models import Connection
from integrations.mappings.links import end_link, link_for, links_for, save_link
from integrations.mappings.models import AccountMapping
from integrations.ports import MappingRole, Receipt, Role
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from tests.firms import Firm

Build = Callable[..., Connection]


def a_receipt(external_id: str = "41", version: str = "0") -> Receipt:
    return Receipt(external_id=external_id, version=version, number="1043", total=Decimal("90.00"), line_ids=("1",))


def test_a_posting_is_found_again_and_brought_up_to_date(firm: Firm, a_connection: Build) -> None:
    books = a_connection()
    with tenant_transaction(firm.tenant.pk):
        save_link(books.pk, SourceKind.BILL, 5, Role.BILL, receipt=a_receipt(), our_total=Decimal("90.00"))
        save_link(books.pk, SourceKind.BILL, 5, Role.BILL, receipt=a_receipt(version="1"), sent_hash="ab")

        link = link_for(books.pk, SourceKind.BILL, 5, Role.BILL)

    assert link is not None
    assert (link.external_id, link.version, link.sent_hash) == ("41", "1", "ab")
    assert (link.their_total, link.line_ids) == (Decimal("90.00"), ["1"])


def test_an_ended_link_makes_room_for_another(firm: Firm, a_connection: Build) -> None:
    books = a_connection()
    with tenant_transaction(firm.tenant.pk):
        save_link(books.pk, SourceKind.INVOICE, 5, Role.INVOICE, receipt=a_receipt())

        assert end_link(books.pk, SourceKind.INVOICE, 5, Role.INVOICE) is True
        assert end_link(books.pk, SourceKind.INVOICE, 5, Role.INVOICE) is False
        assert link_for(books.pk, SourceKind.INVOICE, 5, Role.INVOICE) is None

        save_link(books.pk, SourceKind.INVOICE, 5, Role.INVOICE, receipt=a_receipt("42"))
        again = link_for(books.pk, SourceKind.INVOICE, 5, Role.INVOICE)
    assert again is not None
    assert again.external_id == "42"


def test_roles_kinds_and_connections_are_kept_apart(firm: Firm, a_connection: Build) -> None:
    books, others = a_connection(), a_connection("xero", "9002")
    with tenant_transaction(firm.tenant.pk):
        save_link(books.pk, SourceKind.INVOICE, 5, Role.INVOICE, receipt=a_receipt("1"))
        save_link(books.pk, SourceKind.INVOICE, 5, Role.RETAINAGE_JOURNAL, receipt=a_receipt("2"))
        save_link(books.pk, SourceKind.BILL, 5, Role.BILL, receipt=a_receipt("3"))
        save_link(others.pk, SourceKind.BILL, 5, Role.BILL, receipt=a_receipt("4"))

        found = links_for(
            books.pk,
            [(SourceKind.INVOICE, 5, Role.INVOICE), (SourceKind.BILL, 5, Role.BILL), (SourceKind.BILL, 6, Role.BILL)],
        )
        assert links_for(books.pk, []) == {}

    assert {key: link.external_id for key, link in found.items()} == {
        ("invoice", 5, "invoice"): "1",
        ("bill", 5, "bill"): "3",
    }


@pytest.mark.parametrize("role", [MappingRole.REVENUE, MappingRole.RETAINAGE_RECEIVABLE])
def test_an_item_in_the_books_serves_the_mapping_it_was_made_for(
    firm: Firm, a_connection: Build, role: MappingRole
) -> None:
    books = a_connection()
    with tenant_transaction(firm.tenant.pk):
        mapping = AccountMapping.objects.create(tenant=firm.tenant, connection=books, role=role, external_id="12")

        save_link(books.pk, SourceKind.ITEM, mapping.pk, Role.ITEM, receipt=a_receipt("77"))

        mapping.refresh_from_db()
    assert mapping.item_id == "77"
