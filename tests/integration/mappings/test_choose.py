from collections.abc import Callable

import pytest

from integrations.connections.models import Connection, FactKind
from integrations.mappings import choose
from integrations.mappings.choose import MappingError
from integrations.mappings.links import save_link
from integrations.mappings.models import AccountMapping
from integrations.ports import AccountUse, MappingRole, Receipt, Role
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import AuditEvent
from tests.firms import Firm
from tests.integration.mappings.conftest import CHART, Seen, account, item

OTHER_INCOME = account("8", "Change Orders", AccountUse.INCOME)

Save = Callable[[MappingRole, str], AccountMapping]


@pytest.fixture
def save(firm: Firm, books: Connection) -> Save:
    def act(role: MappingRole, external_id: str) -> AccountMapping:
        with tenant_transaction(firm.tenant.pk):
            return choose.save(connection=books, role=role, external_id=external_id, actor=firm.owner)

    return act


def test_a_chosen_account_is_kept_told_and_recorded(
    firm: Firm, see: Seen, save: Save, facts: Callable[[], list[tuple[str, str]]]
) -> None:
    see(*CHART)

    mapping = save(MappingRole.RETAINAGE_PAYABLE, "3")

    assert (mapping.external_id, mapping.chosen_by) == ("3", firm.owner)
    assert (FactKind.MAPPING_SAVED, "retainage_payable") in facts()
    with tenant_transaction(firm.tenant.pk):
        event = AuditEvent.objects.get(act="mapping.saved")
    assert (event.actor_label, event.before, event.after) == (
        "alice@example.com",
        {},
        {"account": "3", "name": "Retainage Payable"},
    )


@pytest.mark.parametrize(
    ("role", "external_id", "code", "says"),
    [
        (MappingRole.REVENUE, "999", "MAP-01", "not among the accounts"),
        (MappingRole.RETAINAGE_RECEIVABLE, "7", "MAP-02", "Old Retainage is inactive in QuickBooks"),
        (MappingRole.RETAINAGE_RECEIVABLE, "6", "MAP-02", "keeps Accounts Receivable for itself"),
        (MappingRole.RETAINAGE_RECEIVABLE, "1", "MAP-02", "must be a current asset account"),
        (MappingRole.RETAINAGE_RECEIVABLE, "3", "MAP-02", "must be a current asset account"),
        (MappingRole.RETAINAGE_PAYABLE, "2", "MAP-02", "must be a current liability account"),
        (MappingRole.REVENUE, "5", "MAP-02", "must be an income account"),
        (MappingRole.DEFAULT_EXPENSE, "4", "MAP-02", "must be an expense account"),
    ],
)
def test_an_unfit_account_is_refused_with_the_way_out(
    firm: Firm, see: Seen, save: Save, role: MappingRole, external_id: str, code: str, says: str
) -> None:
    see(*CHART)

    with pytest.raises(MappingError) as refused:
        save(role, external_id)

    assert refused.value.code == code
    assert says in refused.value.sentence
    with tenant_transaction(firm.tenant.pk):
        assert not AccountMapping.objects.exists()


def test_their_item_for_the_account_is_found(books: Connection, see: Seen, save: Save) -> None:
    see(*CHART, item("101", "Work", "4"), item("90", "Progress Billing", "4"), item("80", "Other", "5"))

    revenue = save(MappingRole.REVENUE, "4")

    assert revenue.item_id == "90"
    assert not choose.wants_item(books, revenue)


def test_without_an_item_one_is_wanted_where_invoices_need_it(books: Connection, see: Seen, save: Save) -> None:
    see(*CHART)

    assert choose.wants_item(books, save(MappingRole.REVENUE, "4"))
    assert choose.wants_item(books, save(MappingRole.RETAINAGE_RECEIVABLE, "2"))
    assert not choose.wants_item(books, save(MappingRole.RETAINAGE_PAYABLE, "3"))
    assert not choose.wants_item(books, save(MappingRole.DEFAULT_EXPENSE, "5"))


def test_xero_needs_no_items(firm: Firm, a_connection: Callable[..., Connection], see: Seen, save: Save) -> None:
    xero = a_connection("xero", "9002")
    see(*CHART, into=xero)

    with tenant_transaction(firm.tenant.pk):
        mapping = choose.save(connection=xero, role=MappingRole.REVENUE, external_id="4", actor=firm.owner)

    assert not choose.wants_item(xero, mapping)


def test_an_item_under_way_does_not_land_on_another_account(
    firm: Firm, books: Connection, see: Seen, save: Save
) -> None:
    see(*CHART, OTHER_INCOME)
    first = save(MappingRole.REVENUE, "4")
    second = save(MappingRole.REVENUE, "8")

    with tenant_transaction(firm.tenant.pk):
        late = Receipt(external_id="77", version="0")
        save_link(books.pk, SourceKind.ITEM, first.pk, Role.ITEM, receipt=late)
        only = AccountMapping.objects.get(connection=books, role=MappingRole.REVENUE)

    assert (only.pk, only.external_id, only.item_id) == (second.pk, "8", "")


def test_the_same_account_again_keeps_the_item_just_made(firm: Firm, books: Connection, see: Seen, save: Save) -> None:
    see(*CHART)
    mapping = save(MappingRole.REVENUE, "4")
    with tenant_transaction(firm.tenant.pk):
        save_link(books.pk, SourceKind.ITEM, mapping.pk, Role.ITEM, receipt=Receipt(external_id="77", version="0"))

    assert save(MappingRole.REVENUE, "4").item_id == "77"


def test_what_nobody_would_doubt_is_accepted_at_once(firm: Firm, books: Connection, see: Seen, save: Save) -> None:
    see(*CHART, OTHER_INCOME)
    save(MappingRole.REVENUE, "8")

    with tenant_transaction(firm.tenant.pk):
        made = choose.save_confident(connection=books, actor=firm.owner)
        chosen = dict(AccountMapping.objects.values_list("role", "external_id"))

    assert len(made) == 3
    assert chosen == {
        "revenue": "8",
        "retainage_receivable": "2",
        "retainage_payable": "3",
        "default_expense": "5",
    }
