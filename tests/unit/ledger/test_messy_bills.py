"""The generated file is what it says it is: the importer's rules find the same good bills and bad rows."""

from datetime import date, timedelta

import pytest

from rivet.ledger.imports import columns, values
from rivet.ledger.imports.documents import plan_bills
from rivet.ledger.imports.plans import DocumentDraft, Known
from rivet.ledger.imports.sheets import read
from tests.generators.messy_bills import VENDORS, MessyFile, messy_bills

TODAY = date(2026, 11, 20)
KNOWN = Known(
    vendors={values.key(name): index for index, name in enumerate(VENDORS, start=1)},
    projects={"n-2401": (1, 1), "n-2404": (2, 1)},
)


@pytest.mark.parametrize("seed", range(25))
def test_rules_and_generator_agree_on_every_row(seed: int) -> None:
    file = messy_bills(seed, today=TODAY, closed_until=TODAY - timedelta(days=30), projects=("N-2401", "N-2404"))
    sheet = read(file.content, layout=columns.BILLS)
    plan = plan_bills(sheet.rows, KNOWN)
    assert (len(sheet.rows), sheet.unreadable, len(plan.bad)) == (200, [], file.bad_rows)
    found = {
        (draft.party_id, values.text(draft.number)): draft for draft in plan.good if isinstance(draft, DocumentDraft)
    }
    assert len(found) == len(file.bills)
    for bill in file.bills:
        draft = found[KNOWN.vendors[values.key(bill.vendor)], values.text(bill.number)]
        assert draft.document_date == bill.bill_date
        assert [line.amount for line in draft.lines] == [line.amount for line in bill.lines]
        assert [line.retainage for line in draft.lines] == [line.retainage for line in bill.lines]


def a_file(seed: int) -> MessyFile:
    return messy_bills(seed, today=TODAY, closed_until=TODAY - timedelta(days=30))


def test_the_same_seed_gives_the_same_bytes_and_the_mess_is_there() -> None:
    file = a_file(7)
    assert file.content == a_file(7).content
    assert file.content != a_file(8).content
    assert any(bill.is_closed for bill in file.bills)
    assert any(len(bill.number) > 21 for bill in file.bills)
    assert any(len(bill.lines) > 1 for bill in file.bills)
    assert not file.content.decode("utf-8-sig").isascii()
