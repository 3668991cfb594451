"""The exact bodies QuickBooks gets, letter by letter."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from integrations import exact_json
from integrations.ports import Intent, Link, MappingRole, Operation, Payload, Role
from integrations.quickbooks.translate import journal_number, payload
from rivet.ledger.snapshots import BillLine, InvoiceLine, PostingMode, Purpose, SourceKind
from tests.frozen import CUSTOMER, a_bill, a_party, an_intent, an_invoice, an_item, the_books

MARK = "RVT-ABCDEFGHIJ"
LINK = Link(external_id="130", version="3", number="INV-88")


def made(document: Any, **fields: Any) -> Payload:
    return payload(an_intent(document, marker=MARK, **fields), the_books())


def text(*parts: str) -> bytes:
    return "".join(parts).encode()


BILL = (
    '"VendorRef":{"value":"41"},"DocNumber":"INV-88","TxnDate":"2026-10-31","DueDate":"2026-11-30",'
    '"PrivateNote":"Slab [RVT-ABCDEFGHIJ]","Line":['
    '{"Amount":25000.00,"Description":"Slab","DetailType":"AccountBasedExpenseLineDetail",'
    '"AccountBasedExpenseLineDetail":{"AccountRef":{"value":"83"}}},'
    '{"Amount":-2500.00,"Description":"Retainage withheld","DetailType":"AccountBasedExpenseLineDetail",'
    '"AccountBasedExpenseLineDetail":{"AccountRef":{"value":"82"}}}]'
)


def test_a_bill() -> None:
    sent = made(a_bill(number="INV-88"))
    assert sent.body == text("{", BILL, "}")
    assert (sent.total, sent.number, sent.endpoint) == (D("22500.00"), "INV-88", "")


def test_a_bill_changed_is_sparse_with_all_its_lines() -> None:
    sent = made(a_bill(number="INV-88"), operation=Operation.UPDATE, link=LINK)
    assert sent.body == text('{"Id":"130","SyncToken":"3","sparse":true,', BILL, "}")


def test_a_bill_of_a_job_names_the_customer_and_its_class() -> None:
    lines = (
        BillLine(description="Slab", amount=D("10.00"), tag="5"),
        BillLine(description="", amount=D("-3.00"), tag="9"),
    )
    (first, second) = exact_json.loads(made(a_bill(lines=lines, customer=CUSTOMER)).body)["Line"]
    assert first["AccountBasedExpenseLineDetail"] == {
        "AccountRef": {"value": "83"},
        "CustomerRef": {"value": "58"},
        "BillableStatus": "NotBillable",
        "ClassRef": {"value": "5"},
    }
    # A class that is gone from the books is left out rather than refused.
    assert "ClassRef" not in second["AccountBasedExpenseLineDetail"]
    assert second["Amount"] == D("-3.00")


def test_a_release_to_a_subcontractor() -> None:
    lines = (BillLine(description="", amount=D(0), retainage=D("-2500.00")),)
    sent = made(a_bill(number="INV-88-RET", memo="", lines=lines, purpose=Purpose.RELEASE))
    assert sent.body == text(
        '{"VendorRef":{"value":"41"},"DocNumber":"INV-88-RET","TxnDate":"2026-10-31","DueDate":"2026-11-30",'
        '"PrivateNote":"[RVT-ABCDEFGHIJ]","Line":['
        '{"Amount":2500.00,"Description":"Retainage released","DetailType":"AccountBasedExpenseLineDetail",'
        '"AccountBasedExpenseLineDetail":{"AccountRef":{"value":"82"}}}]}'
    )
    assert sent.total == D("2500.00")


HEAD = (
    '{"CustomerRef":{"value":"58"},"DocNumber":"PA1","TxnDate":"2026-10-31","DueDate":"2026-11-30",'
    '"PrivateNote":"[RVT-ABCDEFGHIJ]","Line":['
)


def sales(amount: str, words: str, item: str, tag: str = "") -> str:
    tagged = f',"ClassRef":{{"value":"{tag}"}}' if tag else ""
    return (
        f'{{"Amount":{amount},"Description":"{words}","DetailType":"SalesItemLineDetail","SalesItemLineDetail":'
        f'{{"ItemRef":{{"value":"{item}"}},"Qty":1,"UnitPrice":{amount},"TaxCodeRef":{{"value":"NON"}}{tagged}}}}}'
    )


LINES = (
    InvoiceLine(description="Mobilization", work=D("12000.00"), retainage=D("1200.00"), tag="5"),
    InvoiceLine(description="CO-02", work=D("-4000.00"), retainage=D("-400.00")),
    InvoiceLine(description="Not yet begun", work=D("0.00"), retainage=D("0.00")),
)


def test_an_invoice_with_a_negative_retainage_line() -> None:
    sent = made(an_invoice(number="PA1", lines=LINES))
    assert sent.body == text(
        HEAD,
        sales("12000.00", "Mobilization", "21", "5"),
        ",",
        sales("-4000.00", "CO-02", "21"),
        ",",
        sales("-800.00", "Retainage withheld", "23"),
        "]}",
    )
    assert (sent.total, sent.number) == (D("7200.00"), "PA1")


def test_an_invoice_at_net_has_no_retainage_line() -> None:
    sent = made(an_invoice(number="PA1", lines=LINES, posting_mode=PostingMode.NET_PLUS_JOURNAL))
    assert sent.body == text(
        HEAD, sales("10800.00", "Mobilization", "21", "5"), ",", sales("-3600.00", "CO-02", "21"), "]}"
    )
    assert sent.total == D("7200.00")


@pytest.mark.parametrize("mode", list(PostingMode))
def test_a_release_is_the_retainage_line_in_every_mode(mode: PostingMode) -> None:
    lines = (InvoiceLine(description="", work=D(0), retainage=D("-10200.00")),)
    sent = made(an_invoice(number="PA1", lines=lines, purpose=Purpose.RELEASE, posting_mode=mode))
    assert sent.body == text(HEAD, sales("10200.00", "Retainage released", "23"), "]}")
    assert sent.total == D("10200.00")


def journal(side: str, account: str, amount: str) -> str:
    return (
        f'{{"Amount":{amount},"Description":"Retainage of PA1","DetailType":"JournalEntryLineDetail",'
        f'"JournalEntryLineDetail":{{"PostingType":"{side}","AccountRef":{{"value":"{account}"}},'
        '"Entity":{"Type":"Customer","EntityRef":{"value":"58"}}}}'
    )


JOURNAL_HEAD = '{"DocNumber":"PA1-R","TxnDate":"2026-10-31","PrivateNote":"Retainage of PA1 [RVT-ABCDEFGHIJ]","Line":['


def test_the_journal_of_an_invoice_at_net() -> None:
    document = an_invoice(number="PA1", lines=LINES, posting_mode=PostingMode.NET_PLUS_JOURNAL)
    sent = made(document, role=Role.RETAINAGE_JOURNAL)
    assert sent.body == text(
        JOURNAL_HEAD, journal("Debit", "81", "800.00"), ",", journal("Credit", "79", "800.00"), "]}"
    )
    assert (sent.total, sent.number) == (None, "PA1-R")


def test_a_journal_that_gives_back_turns_round() -> None:
    lines = (InvoiceLine(description="", work=D("1.00"), retainage=D("-50.005")),)
    document = an_invoice(number="PA1", lines=lines, posting_mode=PostingMode.NET_PLUS_JOURNAL)
    sent = made(document, role=Role.RETAINAGE_JOURNAL)
    assert sent.body == text(JOURNAL_HEAD, journal("Debit", "79", "50.01"), ",", journal("Credit", "81", "50.01"), "]}")


@pytest.mark.parametrize(("tags", "expected"), [(("5", "5"), {"value": "5"}), (("5", ""), None), (("9", "9"), None)])
def test_a_journal_has_a_class_only_where_all_lines_share_it(tags: tuple[str, str], expected: Any) -> None:
    lines = tuple(InvoiceLine(description="", work=D(10), retainage=D(1), tag=tag) for tag in tags)
    document = an_invoice(lines=lines, posting_mode=PostingMode.NET_PLUS_JOURNAL)
    body = exact_json.loads(made(document, role=Role.RETAINAGE_JOURNAL).body)
    assert [line["JournalEntryLineDetail"].get("ClassRef") for line in body["Line"]] == [expected, expected]


@pytest.mark.parametrize("mode", ["transaction", "none"])
def test_no_class_where_the_company_keeps_none_by_line(mode: str) -> None:
    intent = an_intent(an_invoice(lines=LINES), marker=MARK)
    assert b"ClassRef" not in payload(intent, the_books(settings={"class_mode": mode})).body


@pytest.mark.parametrize(
    ("document", "role"), [(a_bill(), Role.BILL), (an_invoice(), Role.INVOICE), (an_invoice(), Role.RETAINAGE_JOURNAL)]
)
def test_the_currency_is_said_where_the_company_keeps_several(document: Any, role: Role) -> None:
    def sent(**settings: str) -> bytes:
        return payload(an_intent(document, role=role, marker=MARK), the_books(settings=settings)).body

    assert exact_json.loads(sent(multicurrency="yes"))["CurrencyRef"] == {"value": "USD"}
    assert b"CurrencyRef" not in sent(multicurrency="no")


def test_a_journals_number_keeps_within_the_limit() -> None:
    assert journal_number("123456789012345678901") == "1234567890123456789-R"


def test_a_customer_and_a_vendor_with_what_is_known_of_them() -> None:
    party = a_party(
        SourceKind.CUSTOMER,
        name="O'Brien & Söhne",
        email="ap@example.com",
        phone="+1 503 555 0100 extension 4711 at the back",
        street="1 Main Street",
        city="Portland",
        state="OR",
        postal_code="97201",
        country="US",
    )
    expected = text(
        '{"DisplayName":"O\'Brien & Söhne","PrimaryEmailAddr":{"Address":"ap@example.com"},'
        '"PrimaryPhone":{"FreeFormNumber":"+1 503 555 0100 extension 4711"},"BillAddr":{"Line1":"1 Main Street",'
        '"City":"Portland","CountrySubDivisionCode":"OR","PostalCode":"97201","Country":"US"}}'
    )
    assert made(party).body == expected
    assert made(replace(party, kind=SourceKind.VENDOR)).body == expected
    assert made(a_party(name="Bare")).body == b'{"DisplayName":"Bare"}'


def test_a_party_changed() -> None:
    sent = made(a_party(name="New Name"), operation=Operation.UPDATE, link=LINK)
    assert sent.body == b'{"Id":"130","SyncToken":"3","sparse":true,"DisplayName":"New Name"}'


def test_an_item_posts_to_its_account() -> None:
    assert made(an_item()).body == b'{"Name":"Contract Revenue","Type":"Service","IncomeAccountRef":{"value":"79"}}'


def test_an_item_of_a_sub_account_has_no_colon() -> None:
    """An account's full name has one for each level, and an item's name may have none."""
    body = exact_json.loads(made(an_item("Income:Contract:Electrical")).body)
    assert body["Name"] == "Income - Contract - Electrical"


@pytest.mark.parametrize(
    ("document", "role", "endpoint"),
    [
        (a_bill(), Role.BILL, "operation=delete"),
        (an_invoice(), Role.INVOICE, "operation=void"),
        (an_invoice(), Role.RETAINAGE_JOURNAL, "operation=delete"),
    ],
)
def test_ending_a_document_names_it_and_nothing_else(document: Any, role: Role, endpoint: str) -> None:
    sent = made(document, role=role, operation=Operation.VOID, link=LINK)
    assert (sent.body, sent.endpoint) == (b'{"Id":"130","SyncToken":"3"}', endpoint)
    assert (sent.total, sent.number) == (None, "")


@pytest.mark.parametrize("operation", [Operation.UPDATE, Operation.VOID])
def test_nothing_is_changed_that_stands_nowhere(operation: Operation) -> None:
    with pytest.raises(ValueError, match="what stands in the books"):
        made(a_bill(), operation=operation)


def test_the_same_intent_gives_the_same_bytes() -> None:
    intent: Intent = an_intent(an_invoice(lines=LINES), marker=MARK)
    books = the_books()
    shuffled = replace(books, accounts=dict(reversed(list(books.accounts.items()))))
    assert payload(intent, books) == payload(intent, shuffled)
    assert set(books.accounts) == set(MappingRole)
