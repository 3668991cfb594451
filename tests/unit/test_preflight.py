"""What stops a document before it costs a call: the same for every provider where they do not differ."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from importlib import import_module
from typing import Any

import pytest

from integrations import registry
from integrations.ports import AccountUse, Books, Intent, MappingRole, Problem, Role
from rivet.ledger.snapshots import BillLine, InvoiceLine, PostingMode, Purpose
from tests.frozen import CUSTOMER, DAY, VENDOR, a_bill, a_party, an_intent, an_invoice, an_item, the_books


@pytest.fixture(params=sorted(registry.LISTINGS))
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def found(provider: str, intent: Intent, books: Books | None = None) -> tuple[Problem, ...]:
    problems: tuple[Problem, ...] = import_module(f"integrations.{provider}.preflight").problems(
        intent, books or the_books()
    )
    return problems


def codes(provider: str, intent: Intent, books: Books | None = None) -> list[str]:
    return [problem.code for problem in found(provider, intent, books)]


def account(role: MappingRole, **fields: Any) -> Books:
    books = the_books()
    return replace(books, accounts={**books.accounts, role: replace(books.accounts[role], **fields)})


def without(*roles: MappingRole) -> Books:
    books = the_books()
    return replace(books, accounts={role: each for role, each in books.accounts.items() if role not in roles})


def a_journal(**fields: Any) -> Intent:
    document = an_invoice(posting_mode=PostingMode.NET_PLUS_JOURNAL, **fields)
    return an_intent(document, role=Role.RETAINAGE_JOURNAL)


GOOD: dict[str, Callable[[], Intent]] = {
    "bill": lambda: an_intent(a_bill()),
    "invoice": lambda: an_intent(an_invoice()),
    "invoice at net": lambda: an_intent(an_invoice(posting_mode=PostingMode.NET_PLUS_JOURNAL)),
    "journal": a_journal,
    "release": lambda: an_intent(
        an_invoice(purpose=Purpose.RELEASE, lines=(InvoiceLine(description="", work=D(0), retainage=D("-1200.00")),))
    ),
    "party": lambda: an_intent(a_party()),
    "item": lambda: an_intent(an_item()),
}


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_what_is_in_order_has_no_problem(provider: str, kind: str) -> None:
    assert found(provider, GOOD[kind]()) == ()


# Accounts ------------------------------------------------------------------------------------------------------------


def test_an_account_that_is_not_chosen_is_named_as_the_mapping_page_names_it(provider: str) -> None:
    terms = registry.roles(provider)
    (problem,) = found(provider, an_intent(a_bill()), without(MappingRole.DEFAULT_EXPENSE))
    assert (problem.code, problem.facts) == ("MAP-01", {"role": "job cost"})
    (problem,) = found(provider, an_intent(a_bill()), without(MappingRole.RETAINAGE_PAYABLE))
    expected = terms[MappingRole.RETAINAGE_PAYABLE].label.lower()
    assert (problem.code, problem.facts) == ("MAP-06", {"role": expected})


@pytest.mark.parametrize("role", list(MappingRole))
@pytest.mark.parametrize("use", list(AccountUse))
def test_an_account_serves_exactly_what_it_may_be_mapped_for(provider: str, role: MappingRole, use: AccountUse) -> None:
    terms = registry.roles(provider)[role]
    intent = an_intent(a_bill() if "payable" in role or "expense" in role else an_invoice())
    wrong = "MAP-06" if "retainage" in role else "MAP-02"
    expected = [] if use in terms.uses else [wrong]
    assert codes(provider, intent, account(role, use=use)) == expected


def test_an_inactive_account_is_said_to_be_so(provider: str) -> None:
    (problem,) = found(provider, an_intent(an_invoice()), account(MappingRole.REVENUE, is_active=False))
    assert (problem.code, problem.facts["record"]) == ("REF-04", "Account Contract Revenue")


def test_only_accounts_that_are_posted_to_are_asked_for(provider: str) -> None:
    plain = a_bill(lines=(BillLine(description="Slab", amount=D("10.00")),))
    assert codes(provider, an_intent(plain), without(MappingRole.RETAINAGE_PAYABLE, MappingRole.REVENUE)) == []
    release = a_bill(lines=(BillLine(description="", amount=D(0), retainage=D("-2500.00")),))
    assert codes(provider, an_intent(release), without(MappingRole.DEFAULT_EXPENSE)) == []


def test_lines_that_cancel_out_still_need_their_account(provider: str) -> None:
    """Their sum is nothing and each of them is posted."""
    lines = tuple(InvoiceLine(description="", work=D(work), retainage=D(0)) for work in ("500.00", "-500.00"))
    assert codes(provider, an_intent(an_invoice(lines=lines)), without(MappingRole.REVENUE)) == ["MAP-01"]


def test_an_invoice_at_net_waits_for_the_account_of_its_journal(provider: str) -> None:
    intent = an_intent(an_invoice(posting_mode=PostingMode.NET_PLUS_JOURNAL))
    assert codes(provider, intent, without(MappingRole.RETAINAGE_RECEIVABLE)) == ["MAP-06"]


def test_what_an_account_needs_to_be_reached() -> None:
    no_item = account(MappingRole.REVENUE, item_id="")
    assert codes("quickbooks", an_intent(an_invoice()), no_item) == ["MAP-07"]
    assert codes("quickbooks", a_journal(), no_item) == []
    assert codes("xero", an_intent(an_invoice()), no_item) == []
    no_code = account(MappingRole.RETAINAGE_RECEIVABLE, code="")
    assert codes("xero", a_journal(), no_code) == ["RET-08"]
    assert codes("xero", an_intent(an_invoice()), no_code) == []
    assert codes("quickbooks", a_journal(), no_code) == []


# Parties, dates, money -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "code", "name"), [(a_bill(), "REF-01", VENDOR.name), (an_invoice(), "REF-02", CUSTOMER.name)]
)
def test_a_party_that_is_not_linked(provider: str, document: Any, code: str, name: str) -> None:
    (problem,) = found(provider, an_intent(document), the_books(parties={}))
    assert (problem.code, problem.facts) == (code, {"party": name})


def test_a_party_that_is_inactive(provider: str) -> None:
    books = the_books()
    parties = {key: replace(link, is_active=False) for key, link in books.parties.items()}
    assert codes(provider, an_intent(a_bill()), replace(books, parties=parties)) == ["REF-04"]


def test_closed_up_to_and_with_the_day(provider: str) -> None:
    assert codes(provider, an_intent(a_bill()), the_books(closed_until=DAY - timedelta(days=1))) == []
    (problem,) = found(provider, an_intent(a_bill()), the_books(closed_until=DAY))
    assert (problem.code, problem.facts) == ("PER-01", {"closed_until": "31 October 2026", "date": "31 October 2026"})


def test_another_currency(provider: str) -> None:
    (problem,) = found(provider, an_intent(an_invoice(currency="CAD")))
    assert (problem.code, problem.facts) == ("VAL-07", {"currency": "CAD", "home": "USD"})


def test_a_total_below_zero(provider: str) -> None:
    lines = (BillLine(description="Back-charge", amount=D("-1300.00"), retainage=D(0)),)
    (problem,) = found(provider, an_intent(a_bill(lines=lines)))
    assert (problem.code, problem.facts) == ("VAL-06", {"total": "-1,300.00"})


def test_a_journal_may_give_back_more_than_it_takes(provider: str) -> None:
    lines = (InvoiceLine(description="", work=D(0), retainage=D("100.00")),)
    assert codes(provider, a_journal(lines=lines)) == []


@pytest.mark.parametrize("lines", [(), (BillLine(description="Nothing", amount=D(0)),)])
def test_a_document_without_amounts_is_not_sent(provider: str, lines: tuple[BillLine, ...]) -> None:
    (problem,) = found(provider, an_intent(a_bill(lines=lines)))
    assert (problem.code, problem.facts) == ("VAL-03", {"field": "The list of amounts"})


def test_an_invoice_at_net_of_which_all_is_withheld_is_not_sent(provider: str) -> None:
    lines = (InvoiceLine(description="All kept", work=D("100.00"), retainage=D("100.00")),)
    invoice = an_invoice(lines=lines, posting_mode=PostingMode.NET_PLUS_JOURNAL)
    assert codes(provider, an_intent(invoice)) == ["VAL-03"]


# Text ----------------------------------------------------------------------------------------------------------------

LONGEST = {"quickbooks": (21, 500), "xero": (255, 255)}


def test_lengths_end_where_the_provider_says(provider: str) -> None:
    number, name = LONGEST[provider]
    assert codes(provider, an_intent(a_bill(number="9" * number))) == []
    (problem,) = found(provider, an_intent(a_bill(number="9" * (number + 1))))
    assert problem.code == "VAL-01"
    assert (problem.facts["length"], problem.facts["limit"]) == (str(number + 1), str(number))
    assert codes(provider, an_intent(a_party(name="n" * name))) == []
    assert codes(provider, an_intent(a_party(name="n" * (name + 1)))) == ["VAL-09"]


FORBIDDEN = [("quickbooks", each) for each in ":\t\n\0"] + [("xero", each) for each in "<>\0"]


@pytest.mark.parametrize(("slug", "character"), FORBIDDEN)
def test_a_character_in_a_name_that_they_do_not_take(slug: str, character: str) -> None:
    assert codes(slug, an_intent(a_party(name=f"A{character}B"))) == ["VAL-02"]


@pytest.mark.parametrize("text", ["", "   "])
def test_what_must_not_be_empty(provider: str, text: str) -> None:
    assert codes(provider, an_intent(a_party(name=text))) == ["VAL-03"]
    assert codes(provider, an_intent(a_bill(number=text))) == ["VAL-03"]


def test_long_descriptions_and_memos(provider: str) -> None:
    lines = (BillLine(description="d" * 4001, amount=D("1.00")),)
    assert codes(provider, an_intent(a_bill(lines=lines))) == ["VAL-09"]
    expected = {"quickbooks": ["VAL-09"], "xero": []}
    assert codes(provider, an_intent(a_bill(memo="m" * 3901))) == expected[provider]


def test_addresses_that_are_longer_than_theirs() -> None:
    mail, country = a_party(email="e" * 101), a_party(country="c" * 51)
    assert codes("quickbooks", an_intent(mail)) == ["VAL-09"] == codes("xero", an_intent(country))
    assert codes("xero", an_intent(mail)) == [] == codes("quickbooks", an_intent(country))


def test_all_problems_are_told_at_once(provider: str) -> None:
    bill = a_bill(number="9" * 300, currency="CAD", bill_date=date(2026, 1, 1))
    books = replace(without(MappingRole.DEFAULT_EXPENSE), parties={}, closed_until=DAY)
    assert sorted(codes(provider, an_intent(bill), books)) == ["MAP-01", "PER-01", "REF-01", "VAL-01", "VAL-07"]


# Classes and tracking options ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "intent",
    [
        an_intent(
            a_bill(
                lines=(BillLine(description="Slab", amount=D(10)), BillLine(description="Rebar", amount=D(5), tag="9"))
            )
        ),
        a_journal(
            lines=(
                InvoiceLine(description="Mobilization", work=D(12000), retainage=D(1200)),
                InvoiceLine(description="Rough-in", work=D(1000), retainage=D(100), tag="9"),
            )
        ),
    ],
    ids=["bill", "journal"],
)
def test_a_tag_they_do_not_have_is_named_by_its_line_where_lines_carry_tags(provider: str, intent: Intent) -> None:
    (problem,) = found(provider, intent)
    word = {"quickbooks": "The class", "xero": "The tracking option"}[provider]
    assert (problem.code, problem.facts) == ("MAP-03", {"tag": f"{word} of line 2"})
    assert found(provider, intent, the_books(settings={"class_mode": "none"})) == ()
