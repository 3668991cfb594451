"""What is known to be refused before anything is sent, where the providers differ in figures only. Pure.

Each provider states its ``Terms`` and adds what is its own; ``problems`` is one document, one company, a tuple.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from integrations import postings
from integrations.mappings.roles import RoleTerms
from integrations.ports import Account, Books, Intent, MappingRole, Problem, Role
from rivet.ledger.snapshots import (
    BillLine,
    BillSnapshot,
    InvoiceLine,
    InvoiceSnapshot,
    ItemSnapshot,
    PartyRef,
    PartySnapshot,
    SourceKind,
)
from rivet.money import ZERO


@dataclass(frozen=True, kw_only=True)
class TextTerms:
    """What a field of theirs takes; ``forbidden`` are single characters."""

    field: str
    longest: int
    forbidden: str = "\0"
    is_required: bool = False


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What one provider takes."""

    roles: Mapping[MappingRole, RoleTerms]
    #: By the party's attribute; what is not named here is shorter in Rivet than it may be there.
    party: Mapping[str, TextTerms]
    number: TextTerms
    #: None where their documents have no memo.
    memo: TextTerms | None
    description: TextTerms
    #: What their tag is called, at the start of a sentence.
    tag: str
    #: What is wrong with an account of the right kind for this use, beyond the table of roles.
    account: Callable[["Use"], Iterator[Problem]]


@dataclass(frozen=True, kw_only=True)
class Use:
    """One mapped account as one document needs it."""

    account: Account
    terms: RoleTerms
    #: What is written: a journal reaches accounts another way than an invoice.
    written: Role


def problems(intent: Intent, books: Books, terms: Terms) -> tuple[Problem, ...]:
    """Every problem at once, so that a person mends them in one go."""
    match intent.document:
        case PartySnapshot() as party:
            return tuple(problem for name, each in terms.party.items() for problem in _text(each, getattr(party, name)))
        case ItemSnapshot():
            return ()
        case InvoiceSnapshot() as invoice:
            return tuple(_invoice(invoice, intent.role, books, terms))
        case BillSnapshot() as bill:
            return tuple(_bill(bill, books, terms))


def _invoice(invoice: InvoiceSnapshot, written: Role, books: Books, terms: Terms) -> Iterator[Problem]:
    is_journal = written is Role.RETAINAGE_JOURNAL
    lines = postings.billed(invoice)
    roles = {MappingRole.REVENUE} if lines or is_journal else set()
    # Asked of an invoice at net too: it must not stand in the books without the journal that belongs to it.
    if invoice.retainage:
        roles.add(MappingRole.RETAINAGE_RECEIVABLE)
    yield from _accounts(roles, written, books, terms)
    yield from _document(invoice.number, invoice.memo, invoice.currency, invoice.invoice_date, books, terms)
    yield from _linked(invoice.customer, books, code="REF-02")
    yield from _lines(invoice.lines, books, terms)
    if not is_journal:
        yield from _total(invoice.net, is_empty=not lines and not postings.held_back(invoice))


def _bill(bill: BillSnapshot, books: Books, terms: Terms) -> Iterator[Problem]:
    lines = postings.costs(bill)
    roles = {MappingRole.DEFAULT_EXPENSE} if lines else set()
    if bill.retainage:
        roles.add(MappingRole.RETAINAGE_PAYABLE)
    yield from _accounts(roles, Role.BILL, books, terms)
    yield from _document(bill.number, bill.memo, bill.currency, bill.bill_date, books, terms)
    yield from _linked(bill.vendor, books, code="REF-01")
    yield from _lines(bill.lines, books, terms)
    yield from _total(bill.net, is_empty=not lines and not bill.retainage)


def _accounts(roles: set[MappingRole], written: Role, books: Books, terms: Terms) -> Iterator[Problem]:
    for role in sorted(roles):
        wanted, account = terms.roles[role], books.accounts.get(role)
        if account is None:
            yield Problem(code="MAP-06" if wanted.is_retainage else "MAP-01", facts={"role": wanted.name})
        elif not account.is_active:
            yield Problem(code="REF-04", facts={"record": f"Account {account.name}", "account": account.name})
        elif account.use not in wanted.uses:
            facts = {"role": wanted.name, "account": account.name}
            yield Problem(code="MAP-06" if wanted.is_retainage else "MAP-02", facts=facts)
        else:
            yield from terms.account(Use(account=account, terms=wanted, written=written))


def _document(number: str, memo: str, currency: str, day: date, books: Books, terms: Terms) -> Iterator[Problem]:
    yield from _number(number, terms.number)
    if terms.memo:
        yield from _text(terms.memo, memo)
    if currency != books.currency:
        yield Problem(code="VAL-07", facts={"currency": currency, "home": books.currency})
    if books.closed_until and day <= books.closed_until:
        facts = {"closed_until": f"{books.closed_until:%-d %B %Y}", "date": f"{day:%-d %B %Y}"}
        yield Problem(code="PER-01", facts=facts)


def _number(number: str, terms: TextTerms) -> Iterator[Problem]:
    """Its length has a sentence of its own, since shortening a number takes thought."""
    if len(number) > terms.longest:
        facts = {"number": number, "length": str(len(number)), "limit": str(terms.longest)}
        yield Problem(code="VAL-01", facts=facts)
    yield from (problem for problem in _text(terms, number) if problem.code != "VAL-09")


def _linked(party: PartyRef, books: Books, *, code: str) -> Iterator[Problem]:
    link = books.parties.get((SourceKind(party.kind).value, party.id))
    if link is None:
        yield Problem(code=code, facts={"party": party.name})
    elif not link.is_active:
        yield Problem(code="REF-04", facts={"record": party.name, "party": party.name})


def _lines(lines: Sequence[InvoiceLine | BillLine], books: Books, terms: Terms) -> Iterator[Problem]:
    takes_tags = books.settings.get("class_mode") == "line"
    for number, line in enumerate(lines, start=1):
        yield from _text(terms.description, line.description)
        if takes_tags and line.tag and line.tag not in books.tags:
            yield Problem(code="MAP-03", facts={"tag": f"{terms.tag} of line {number}"})


def _total(net: Decimal, *, is_empty: bool) -> Iterator[Problem]:
    if is_empty:
        yield Problem(code="VAL-03", facts={"field": "The list of amounts"})
    if net < ZERO:
        yield Problem(code="VAL-06", facts={"total": f"{net:,.2f}"})


def _text(terms: TextTerms, value: str) -> Iterator[Problem]:
    if terms.is_required and not value.strip():
        yield Problem(code="VAL-03", facts={"field": terms.field})
    if len(value) > terms.longest:
        yield Problem(code="VAL-09", facts={"field": terms.field, "limit": f"{terms.longest:,}"})
    if any(character in value for character in terms.forbidden):
        yield Problem(code="VAL-02", facts={"field": terms.field})
