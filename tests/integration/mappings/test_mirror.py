from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from integrations.connections.models import Connection, FactKind, Status
from integrations.mappings import mirror
from integrations.mappings.models import AccountMapping, MirrorRecord
from integrations.ports import MappingRole
from rivet.tenants.context import tenant_transaction
from tests.firms import Firm
from tests.integration.mappings.conftest import CHART, Seen, customer, item

Facts = Callable[[], list[tuple[str, str]]]


def active(firm: Firm) -> set[str]:
    with tenant_transaction(firm.tenant.pk):
        return set(MirrorRecord.objects.filter(is_active=True).values_list("name", flat=True))


def test_the_first_refresh_brings_everything(firm: Firm, books: Connection, see: Seen, facts: Facts) -> None:
    found = see(*CHART, closed_until=date(2026, 6, 30))

    assert (found.seen, found.added, found.changed, found.gone) == (7, 7, 0, 0)
    assert active(firm) == {each.name for each in CHART} - {"Old Retainage"}
    with tenant_transaction(firm.tenant.pk):
        books.refresh_from_db()
    assert (books.company_name, books.country, books.currency) == ("Ironwood Mechanical", "US", "USD")
    assert (books.closed_until, books.settings) == (date(2026, 6, 30), {"class_mode": "per_line"})
    # Nothing waited for these lists before, so nothing is freed but by the refresh itself.
    assert facts() == [(FactKind.LISTS_REFRESHED, "")]


def test_an_unchanged_list_changes_nothing(see: Seen) -> None:
    see(*CHART)

    again = see(*CHART)

    assert again.sentence == "7 records read: nothing changed"


def test_what_is_missing_becomes_inactive_and_may_come_back(firm: Firm, see: Seen, facts: Facts) -> None:
    see(*CHART)

    gone = see(*CHART[1:])
    assert (gone.gone, gone.sentence) == (1, "6 records read: 1 gone")
    assert "Checking" not in active(firm)

    back = see(*CHART)
    assert (back.reactivated, back.changed) == (1, 0)
    assert "Checking" in active(firm)
    assert (FactKind.RECORD_REACTIVATED, "account:1") in facts()


def test_a_renamed_record_stays_the_same_record(firm: Firm, see: Seen) -> None:
    see(customer("20", "Harbor Point Builders"))

    found = see(customer("20", "Harbor Point Builders LLC"))

    assert (found.added, found.changed) == (0, 1)
    assert active(firm) == {"Harbor Point Builders LLC"}


@pytest.mark.parametrize(("after", "subject"), [(date(2026, 5, 31), "2026-05-31"), (None, "open")])
def test_a_moved_closing_date_is_told(see: Seen, facts: Facts, after: date | None, subject: str) -> None:
    see(closed_until=date(2026, 6, 30))

    found = see(closed_until=after)

    assert found.lock_date_moved
    assert (FactKind.LOCK_DATE_MOVED, subject) in facts()


def test_a_mapping_takes_the_item_that_appears_and_drops_the_one_that_goes(
    firm: Firm, books: Connection, see: Seen, facts: Facts
) -> None:
    see(*CHART)
    with tenant_transaction(firm.tenant.pk):
        mapping = AccountMapping.objects.create(
            tenant=firm.tenant, connection=books, role=MappingRole.REVENUE, external_id="4"
        )

    see(*CHART, item("90", "Progress Billing", "4"))
    with tenant_transaction(firm.tenant.pk):
        mapping.refresh_from_db()
    assert mapping.item_id == "90"
    assert (FactKind.MAPPING_SAVED, "revenue") in facts()

    see(*CHART, replace(item("90", "Progress Billing", "4"), is_active=False))
    with tenant_transaction(firm.tenant.pk):
        mapping.refresh_from_db()
    assert mapping.item_id == ""


def test_lists_that_could_be_read_mend_an_error(firm: Firm, books: Connection, see: Seen) -> None:
    with tenant_transaction(firm.tenant.pk):
        Connection.objects.filter(pk=books.pk).update(status=Status.ERROR, problem_code="CON-05")

    see(*CHART)

    with tenant_transaction(firm.tenant.pk):
        books.refresh_from_db()
    assert (books.status, books.problem_code) == (Status.CONNECTED, "")


def test_their_lists_are_never_read_inside_a_transaction(firm: Firm, books: Connection) -> None:
    with tenant_transaction(firm.tenant.pk), pytest.raises(RuntimeError, match="leave the transaction"):
        mirror.refresh(books)
