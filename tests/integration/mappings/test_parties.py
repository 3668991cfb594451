from collections.abc import Callable

import pytest

from integrations.connections.models import Connection, FactKind
from integrations.mappings import parties
from integrations.mappings.choose import MappingError
from integrations.mappings.links import link_for
from integrations.mappings.parties import Match
from integrations.ports import Role
from rivet.ledger.models import Customer, Vendor
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from tests.firms import Firm
from tests.integration.mappings.conftest import Seen, customer, vendor

VENDOR = SourceKind.VENDOR


@pytest.fixture
def ours(firm: Firm) -> dict[str, int]:
    names = {"Valley Concrete": "", "Blue Ridge Drywall": "", "Summit": "Pay@Summit.example", "Nobody Else": ""}
    with tenant_transaction(firm.tenant.pk):
        return {
            name: Vendor.objects.create(tenant=firm.tenant, name=name, email=mail).pk for name, mail in names.items()
        }


def test_each_party_stands_beside_what_it_may_be(
    firm: Firm, books: Connection, see: Seen, ours: dict[str, int]
) -> None:
    see(
        vendor("1", "valley  concrete"),
        vendor("2", "Blue Ridge Dry Wall Inc"),
        vendor("3", "Summit Electric Supply", detail="pay@summit.example"),
        vendor("4", "Nobody Else", is_active=False),
        customer("5", "Nobody Else"),
    )

    with tenant_transaction(firm.tenant.pk):
        found = {each.name: each for each in parties.pairings(books, VENDOR)}

    assert {name: (each.match, each.theirs.external_id if each.theirs else None) for name, each in found.items()} == {
        "Valley Concrete": (Match.EXACT, "1"),
        "Blue Ridge Drywall": (Match.LIKELY, "2"),
        "Summit": (Match.LIKELY, "3"),
        "Nobody Else": (Match.NONE, None),
    }
    assert found["Summit"].because == "same e-mail address"


def test_two_that_fit_equally_are_no_match(firm: Firm, books: Connection, see: Seen, ours: dict[str, int]) -> None:
    see(vendor("1", "Blue Ridge Drywall Inc"), vendor("2", "Blue Ridge Dry Wall LLC"))

    with tenant_transaction(firm.tenant.pk):
        match = {each.name: each.match for each in parties.pairings(books, VENDOR)}

    assert match["Blue Ridge Drywall"] is Match.NONE


def test_jobs_are_not_customers(firm: Firm, books: Connection, see: Seen) -> None:
    with tenant_transaction(firm.tenant.pk):
        Customer.objects.create(tenant=firm.tenant, name="Pier 7 Fit-out")
    see(customer("1", "Pier 7 Fit-out", parent_id="9", parent_name="Harbor Point Builders"))

    with tenant_transaction(firm.tenant.pk):
        (only,) = parties.pairings(books, SourceKind.CUSTOMER)

    assert only.match is Match.NONE


def test_exact_matches_are_linked_together_and_told(
    firm: Firm,
    books: Connection,
    see: Seen,
    ours: dict[str, int],
    facts: Callable[[], list[tuple[str, str]]],
) -> None:
    see(vendor("1", "Valley Concrete", version="4"), vendor("2", "Blue Ridge Dry Wall Inc"))

    with tenant_transaction(firm.tenant.pk):
        assert parties.link_exact(connection=books, kind=VENDOR, actor=firm.owner) == 1
        link = link_for(books.pk, VENDOR, ours["Valley Concrete"], Role.VENDOR)
        match = {each.name: each.match for each in parties.pairings(books, VENDOR)}

    assert link is not None
    assert (link.external_id, link.version) == ("1", "4")
    assert match["Valley Concrete"] is Match.LINKED
    assert (FactKind.PARTY_LINKED, f"vendor:{ours['Valley Concrete']}") in facts()


def test_a_record_of_theirs_has_one_holder(firm: Firm, books: Connection, see: Seen, ours: dict[str, int]) -> None:
    see(vendor("1", "Valley Concrete"))
    with tenant_transaction(firm.tenant.pk):
        parties.link(connection=books, kind=VENDOR, party_id=ours["Valley Concrete"], external_id="1", actor=firm.owner)

        with pytest.raises(MappingError, match="linked to Valley Concrete already") as refused:
            parties.link(connection=books, kind=VENDOR, party_id=ours["Summit"], external_id="1", actor=firm.owner)

    assert refused.value.code == "MAP-05"


def test_an_inactive_or_unknown_record_is_refused(
    firm: Firm, books: Connection, see: Seen, ours: dict[str, int]
) -> None:
    see(vendor("1", "Valley Concrete", is_active=False))

    for external_id in ("1", "404"):
        with tenant_transaction(firm.tenant.pk), pytest.raises(MappingError, match="not active in QuickBooks"):
            parties.link(
                connection=books, kind=VENDOR, party_id=ours["Summit"], external_id=external_id, actor=firm.owner
            )


def test_a_link_can_be_taken_back(firm: Firm, books: Connection, see: Seen, ours: dict[str, int]) -> None:
    see(vendor("1", "Valley Concrete"))
    with tenant_transaction(firm.tenant.pk):
        parties.link_exact(connection=books, kind=VENDOR, actor=firm.owner)

        parties.unlink(connection=books, kind=VENDOR, party_id=ours["Valley Concrete"], actor=firm.owner)

        match = {each.name: each.match for each in parties.pairings(books, VENDOR)}
    assert match["Valley Concrete"] is Match.EXACT
