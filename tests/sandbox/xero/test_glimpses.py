"""Lists filter by single fields of what is stored: each must be what the answer shows, and no more may be shown."""

from collections.abc import Iterator

import pytest

from sandbox.xero.dates import wire_moment
from sandbox.xero.desk import Desk
from sandbox.xero.glimpses import LOOKS, rows_of
from sandbox.xero.listing import list_records
from sandbox.xero.query_tokens import QueryParseError
from sandbox.xero.resources import RESOURCES
from tests.sandbox.xero.browser import invoice, line
from tests.sandbox.xero.desks import a_desk, put


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with a_desk("messy") as made:
        _fill(made)
        yield made


def _fill(desk: Desk) -> None:
    contact, bank = {"Name": "Summit"}, {"Code": "090"}
    full = {"Reference": "Pier 7", "Url": "https://rivet.example/1", "ExpectedPaymentDate": "2026-12-01"}
    put(desk, "invoices", invoice("G-1", **full))
    put(desk, "invoices", invoice("G-2", status="DRAFT"))
    put(desk, "invoices", invoice("G-4", SentToContact=True))
    put(desk, "invoices", invoice("G-3", LineItems=[line(9, DiscountRate=10)]))
    put(desk, "payments", {"Invoice": {"InvoiceNumber": "G-1"}, "Account": bank, "Amount": 100})
    put(desk, "invoices", invoice("G-5", kind="ACCPAY", PlannedPaymentDate="2026-12-02"))
    note = {"Type": "ACCRECCREDIT", "Contact": contact, "LineItems": [line(5)]}
    put(desk, "creditnotes", note)
    used = {"Status": "AUTHORISED", "CreditNoteNumber": "C-1", "DueDate": "2026-11-30"}
    put(desk, "creditnotes", {**note, **used})
    put(desk, "payments", {"CreditNote": {"CreditNoteNumber": "C-1"}, "Account": bank, "Amount": 5})
    spent = {"Contact": contact, "LineItems": [line(5, "310")], "BankAccount": bank}
    for kind in ("SPEND", "SPEND-PREPAYMENT", "SPEND-OVERPAYMENT"):
        put(desk, "banktransactions", {"Type": kind, **spent})
    lines = [{"LineAmount": amount, "AccountCode": "400"} for amount in (3, -3)]
    put(desk, "manualjournals", {"Narration": "n", "JournalLines": lines})
    put(desk, "contacts", {"Name": "Dove", "EmailAddress": "dove@rivet.example", "AccountNumber": "7"})
    put(desk, "contacts", {"Name": "Gull", **_PERSON})
    cleared = put(desk, "contacts", {"Name": "Wren", **_PERSON, "ContactNumber": "W-1"})
    put(desk, "contacts", {"ContactID": cleared.id, **dict.fromkeys(_PERSON, "")}, "POST")


_PERSON = {
    "FirstName": "Alice",
    "LastName": "Gull",
    "ContactNumber": "G-1",
    "CompanyNumber": "4711",
    "TaxNumber": "12-3456789",
    "DefaultCurrency": "USD",
    "Website": "https://rivet.example/gull",
}


@pytest.mark.parametrize("path", LOOKS)
def test_what_is_looked_at_is_what_is_shown(desk: Desk, path: str) -> None:
    resource, looks = RESOURCES[path], LOOKS[path]
    assert looks.keys() <= resource.fields
    records = desk.every(resource.entity)
    names = sorted({name for look in looks.values() for name in look.names})
    where, values = "company=? AND entity=?", (desk.company, resource.entity)
    found = desk.store.glimpses(where, values, names, order="seq")
    rows = rows_of(looks, resource.key, looks, found, desk)
    shown = [resource.show(desk, record, True, False) for record in records]
    told = [
        {name: wire_moment(value) if name == "UpdatedDateUTC" else value for name, value in row.items()} for row in rows
    ]
    assert told and told == [{name: row[name] for name in looks if name in row} for row in shown]
    assert looks.keys() - {name for row in told for name in row} == set()


def test_a_single_name_keeps_its_number_as_it_was_written(desk: Desk) -> None:
    where, values = "company=? AND entity=? AND number=?", (desk.company, "Invoice", "G-1")
    [seen] = desk.store.glimpses(where, values, ["Total"], order="seq")
    assert str(seen.held["Total"]) == "100.00"
    [seen] = desk.store.glimpses(where, values, [], order="seq")
    assert seen.held == {}


@pytest.mark.parametrize(
    "query",
    [{"where": 'Name=="Summit"'}, {"order": "Name DESC"}, {"searchterm": "summit"}, {"where": "Balances!=null"}],
    ids=str,
)
def test_what_contacts_owe_is_worked_out_for_pages_alone(desk: Desk, query: dict[str, str]) -> None:
    resource = RESOURCES["contacts"]
    whole, page = (list_records(desk, resource, {**query, **paged}, None) for paged in ({}, {"page": "1"}))
    assert [row["ContactID"] for row in whole["Contacts"]] == [row["ContactID"] for row in page["Contacts"]]
    assert any("Balances" in row for row in page["Contacts"])
    assert not any("Balances" in row for row in whole["Contacts"])


@pytest.mark.parametrize("field", ["UpdatedDateUTC", "Date", "DueDate"])
@pytest.mark.parametrize("method", ['Contains("Date")', 'ToLower()=="x"'])
@pytest.mark.parametrize("more", ["", " AND LineItems!=null"], ids=["looked at", "opened"])
def test_a_day_takes_no_method_of_texts_however_it_is_read(desk: Desk, field: str, method: str, more: str) -> None:
    with pytest.raises(QueryParseError, match="No applicable method"):
        list_records(desk, RESOURCES["invoices"], {"where": f"{field}.{method}{more}"}, None)


def test_a_filter_reads_of_many_contacts_only_those_it_finds(desk: Desk) -> None:
    asked: list[str] = []
    desk.store.db.set_trace_callback(asked.append)
    found = list_records(desk, RESOURCES["contacts"], {"where": "IsCustomer==true", "page": "1", "pagesize": "1"}, None)
    desk.store.db.set_trace_callback(None)
    assert len(found["Contacts"]) == 1 and found["pagination"]["itemCount"] > 1
    # The count, the look through all, the one that is opened, and the two sides of what it owes.
    assert len(asked) == 5, asked
