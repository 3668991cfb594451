"""The exact bodies Xero gets, letter by letter."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from integrations import exact_json
from integrations.ports import Books, Link, MappingRole, Operation, Payload, Role
from integrations.xero.translate import payload
from rivet.ledger.snapshots import BillLine, InvoiceLine, PostingMode, Purpose, SourceKind
from tests.frozen import a_bill, a_party, an_intent, an_invoice, an_item, the_books

MARK = "RVT-ABCDEFGHIJ"
HOME = "https://rivet.example"
ID = "9b2c0b3e-6f0e-4a51-9e0f-1f5ab3a7c001"
LINK = Link(external_id=ID, version="/Date(1793404800000+0000)/")


def made(document: Any, books: Books | None = None, **fields: Any) -> Payload:
    return payload(an_intent(document, marker=MARK, **fields), books or the_books(), home=HOME)


def text(*parts: str) -> bytes:
    return "".join(parts).encode()


def line(amount: str, words: str, account: str, tag: str = "") -> str:
    tracked = f',"Tracking":[{{"Name":"Department","Option":"{tag}"}}]' if tag else ""
    return (
        f'{{"Description":"{words}","Quantity":1,"UnitAmount":{amount},"AccountCode":"{account}",'
        f'"TaxType":"NONE"{tracked}}}'
    )


BILL = (
    '"Type":"ACCPAY","Contact":{"ContactID":"41"},"Status":"AUTHORISED","LineAmountTypes":"NoTax",'
    '"Url":"https://rivet.example/?ref=RVT-ABCDEFGHIJ","InvoiceNumber":"INV-88","Date":"2026-10-31",'
    '"DueDate":"2026-11-30","LineItems":['
)


def test_a_bill() -> None:
    sent = made(a_bill(number="INV-88"))
    assert sent.body == text(
        "{", BILL, line("25000.00", "Slab", "320"), ",", line("-2500.00", "Retention withheld", "815"), "]}"
    )
    assert (sent.total, sent.number, sent.endpoint) == (D("22500.00"), "INV-88", "PUT")


def test_a_bill_changed_goes_to_its_own_id() -> None:
    lines = (BillLine(description="", amount=D("10.00"), tag="5"),)
    sent = made(a_bill(number="INV-88", lines=lines), operation=Operation.UPDATE, link=LINK)
    assert sent.body == text('{"InvoiceID":"', ID, '",', BILL, line("10.00", "Work", "320", "Commercial"), "]}")
    assert sent.endpoint == "POST"


INVOICE = (
    '{"Type":"ACCREC","Contact":{"ContactID":"58"},"Status":"AUTHORISED","LineAmountTypes":"NoTax",'
    '"Url":"https://rivet.example/?ref=RVT-ABCDEFGHIJ","InvoiceNumber":"PA1","Reference":"Pier 9",'
    '"Date":"2026-10-31","DueDate":"2026-11-30","LineItems":['
)
LINES = (
    InvoiceLine(description="Mobilization", work=D("12000.00"), retainage=D("1200.00"), tag="5"),
    InvoiceLine(description="CO-02", work=D("-4000.00"), retainage=D("-400.00")),
    InvoiceLine(description="Not yet begun", work=D("0.00"), retainage=D("0.00")),
)


def test_an_invoice_with_a_negative_retention_line() -> None:
    sent = made(an_invoice(number="PA1", lines=LINES))
    assert sent.body == text(
        INVOICE,
        line("12000.00", "Mobilization", "200", "Commercial"),
        ",",
        line("-4000.00", "CO-02", "200"),
        ",",
        line("-800.00", "Retention withheld", "615"),
        "]}",
    )
    assert (sent.total, sent.number) == (D("7200.00"), "PA1")


def test_an_invoice_at_net_has_no_retention_line() -> None:
    sent = made(an_invoice(number="PA1", lines=LINES, posting_mode=PostingMode.NET_PLUS_JOURNAL))
    assert sent.body == text(
        INVOICE, line("10800.00", "Mobilization", "200", "Commercial"), ",", line("-3600.00", "CO-02", "200"), "]}"
    )


@pytest.mark.parametrize("mode", list(PostingMode))
def test_a_release_is_the_retention_line_in_every_mode(mode: PostingMode) -> None:
    lines = (InvoiceLine(description="", work=D(0), retainage=D("-10200.00")),)
    sent = made(an_invoice(number="PA1", lines=lines, purpose=Purpose.RELEASE, posting_mode=mode))
    assert sent.body == text(INVOICE, line("10200.00", "Retention released", "615"), "]}")


def side(amount: str, account: str) -> str:
    return f'{{"LineAmount":{amount},"Description":"Retention of PA1, Harbor General","AccountCode":"{account}"}}'


JOURNAL = (
    '{"Narration":"Retainage of PA1 [RVT-ABCDEFGHIJ]","Date":"2026-10-31","Status":"POSTED",'
    '"LineAmountTypes":"NoTax","JournalLines":['
)


@pytest.mark.parametrize(
    ("retainage", "receivable", "revenue"), [("800.00", "800.00", "-800.00"), ("-50.005", "-50.01", "50.01")]
)
def test_the_journal_of_an_invoice_at_net(retainage: str, receivable: str, revenue: str) -> None:
    lines = (InvoiceLine(description="", work=D("9000.00"), retainage=D(retainage)),)
    document = an_invoice(number="PA1", lines=lines, posting_mode=PostingMode.NET_PLUS_JOURNAL)
    sent = made(document, role=Role.RETAINAGE_JOURNAL)
    assert sent.body == text(JOURNAL, side(receivable, "615"), ",", side(revenue, "200"), "]}")
    # It has no number: its narration is what it is found by.
    assert (sent.total, sent.number) == (None, "Retainage of PA1 [RVT-ABCDEFGHIJ]")


def test_a_journal_is_tracked_where_all_lines_are_tracked_alike() -> None:
    lines = tuple(InvoiceLine(description="", work=D(10), retainage=D(1), tag="5") for _ in range(2))
    document = an_invoice(lines=lines, posting_mode=PostingMode.NET_PLUS_JOURNAL)
    body = exact_json.loads(made(document, role=Role.RETAINAGE_JOURNAL).body)
    tracked = [{"Name": "Department", "Option": "Commercial"}]
    assert [each["Tracking"] for each in body["JournalLines"]] == [tracked, tracked]


def test_an_account_without_a_code_is_reached_by_its_id() -> None:
    books = the_books()
    plain = replace(books.accounts[MappingRole.DEFAULT_EXPENSE], code="")
    books = replace(books, accounts={**books.accounts, MappingRole.DEFAULT_EXPENSE: plain})
    (first, _) = exact_json.loads(made(a_bill(), books).body)["LineItems"]
    assert first["AccountID"] == "83" and "AccountCode" not in first


def test_a_contact_with_what_is_known_of_it() -> None:
    party = a_party(
        SourceKind.CUSTOMER,
        name="  O'Brien  &\tSöhne ",
        email="ap@example.com",
        phone="5" * 60,
        street="1 Main Street",
        city="Portland",
        state="OR",
        postal_code="97201",
        country="US",
    )
    expected = text(
        '{"Name":"O\'Brien & Söhne","EmailAddress":"ap@example.com","Phones":[{"PhoneType":"DEFAULT","PhoneNumber":"',
        "5" * 50,
        '"}],"Addresses":[{"AddressType":"STREET","AddressLine1":"1 Main Street","City":"Portland","Region":"OR",'
        '"PostalCode":"97201","Country":"US"}]}',
    )
    assert made(party).body == expected
    assert made(replace(party, kind=SourceKind.VENDOR)).body == expected
    assert made(a_party(name="Bare")).body == b'{"Name":"Bare"}'


def test_a_contact_changed() -> None:
    sent = made(a_party(name="New Name"), operation=Operation.UPDATE, link=LINK)
    assert sent.body == text('{"ContactID":"', ID, '","Name":"New Name"}')


JOURNAL_END = ',"Narration":"Retainage of PA1 [RVT-ABCDEFGHIJ]"'


@pytest.mark.parametrize(
    ("document", "role", "name", "also"),
    [
        (a_bill(), Role.BILL, "InvoiceID", ""),
        (an_invoice(), Role.INVOICE, "InvoiceID", ""),
        # The published schema has no journal without a narration.
        (an_invoice(number="PA1"), Role.RETAINAGE_JOURNAL, "ManualJournalID", JOURNAL_END),
    ],
)
def test_ending_a_document_is_a_status(document: Any, role: Role, name: str, also: str) -> None:
    sent = made(document, role=role, operation=Operation.VOID, link=LINK)
    assert sent.body == text('{"', name, '":"', ID, '","Status":"VOIDED"', also, "}")
    assert (sent.endpoint, sent.total, sent.number) == ("POST", None, "")


@pytest.mark.parametrize("operation", [Operation.UPDATE, Operation.VOID])
def test_nothing_is_changed_that_stands_nowhere(operation: Operation) -> None:
    with pytest.raises(ValueError, match="what stands in the books"):
        made(a_bill(), operation=operation)


def test_xero_needs_no_items() -> None:
    with pytest.raises(ValueError, match="no items"):
        made(an_item())


def test_a_long_project_name_keeps_within_the_reference() -> None:
    assert len(exact_json.loads(made(an_invoice(project="p" * 300)).body)["Reference"]) == 255
