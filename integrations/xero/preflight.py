"""What Xero is known to refuse, found before anything is sent. Pure."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from integrations.ports import AccountUse, Books, Intent, MappingRole, Problem, Role
from rivet.ledger.snapshots import BillSnapshot, InvoiceSnapshot, ItemSnapshot, PartyRef, PartySnapshot, SourceKind
from rivet.money import ZERO

LONGEST_NUMBER = 255
LONGEST_NAME = 255
LONGEST_DESCRIPTION = 4000

#: The name of each mapping role in a sentence, and the uses an account may have for it. A retainage journal may not
#: touch receivables, payables, retained earnings or banks, and none of those has one of these uses.
ALLOWED: dict[MappingRole, tuple[str, frozenset[AccountUse]]] = {
    MappingRole.REVENUE: ("revenue", frozenset({AccountUse.INCOME})),
    MappingRole.RETAINAGE_RECEIVABLE: ("retentions receivable", frozenset({AccountUse.CURRENT_ASSET})),
    MappingRole.RETAINAGE_PAYABLE: ("retentions payable", frozenset({AccountUse.CURRENT_LIABILITY})),
    MappingRole.DEFAULT_EXPENSE: ("expenses", frozenset({AccountUse.EXPENSE})),
}
_RETAINAGE = frozenset({MappingRole.RETAINAGE_RECEIVABLE, MappingRole.RETAINAGE_PAYABLE})


def problems(intent: Intent, books: Books) -> tuple[Problem, ...]:
    """Every problem at once, so that a person mends them in one go."""
    match intent.document:
        case PartySnapshot() as party:
            return tuple(_text("Name", party.name, limit=LONGEST_NAME, forbidden="<>\0", required=True))
        case ItemSnapshot():
            return ()
        case InvoiceSnapshot() as invoice:
            return tuple(_invoice(invoice, intent.role, books))
        case BillSnapshot() as bill:
            return tuple(_bill(bill, books))


def _invoice(invoice: InvoiceSnapshot, role: Role, books: Books) -> Iterator[Problem]:
    roles = {MappingRole.REVENUE} if invoice.work or role is Role.RETAINAGE_JOURNAL else set()
    if invoice.retainage:
        roles.add(MappingRole.RETAINAGE_RECEIVABLE)
    yield from _accounts(roles, books)
    yield from _document(invoice.number, invoice.currency, invoice.invoice_date, invoice.net, books)
    yield from _linked(invoice.customer, books, code="REF-02")
    yield from _descriptions([line.description for line in invoice.lines])


def _bill(bill: BillSnapshot, books: Books) -> Iterator[Problem]:
    roles = {MappingRole.DEFAULT_EXPENSE} if any(line.amount for line in bill.lines) else set()
    if bill.retainage:
        roles.add(MappingRole.RETAINAGE_PAYABLE)
    yield from _accounts(roles, books)
    yield from _document(bill.number, bill.currency, bill.bill_date, bill.net, books)
    yield from _linked(bill.vendor, books, code="REF-01")
    yield from _descriptions([line.description for line in bill.lines])


def _accounts(roles: set[MappingRole], books: Books) -> Iterator[Problem]:
    for role in sorted(roles):
        words, uses = ALLOWED[role]
        account = books.accounts.get(role)
        is_retainage = role in _RETAINAGE
        if account is None:
            yield Problem(code="MAP-06" if is_retainage else "MAP-01", facts={"role": words})
        elif not account.is_active:
            yield Problem(code="REF-04", facts={"record": f"Account {account.name}", "account": account.name})
        elif account.use not in uses:
            facts = {"role": words, "account": account.name}
            yield Problem(code="MAP-06" if is_retainage else "MAP-02", facts=facts)


def _document(number: str, currency: str, day: date, net: Decimal, books: Books) -> Iterator[Problem]:
    yield from _text("Number", number, limit=LONGEST_NUMBER, forbidden="\0", required=True)
    if currency != books.currency:
        yield Problem(code="VAL-07", facts={"currency": currency, "home": books.currency})
    if books.closed_until and day <= books.closed_until:
        facts = {"closed_until": f"{books.closed_until:%-d %B %Y}", "date": f"{day:%-d %B %Y}"}
        yield Problem(code="PER-01", facts=facts)
    if net < ZERO:
        yield Problem(code="VAL-06", facts={"total": f"{net:,.2f}"})


def _linked(party: PartyRef, books: Books, *, code: str) -> Iterator[Problem]:
    link = books.parties.get((SourceKind(party.kind).value, party.id))
    if link is None:
        yield Problem(code=code, facts={"party": party.name})
    elif not link.is_active:
        yield Problem(code="REF-04", facts={"record": party.name, "party": party.name})


def _descriptions(texts: list[str]) -> Iterator[Problem]:
    for text in texts:
        yield from _text("A line's description", text, limit=LONGEST_DESCRIPTION, forbidden="\0", required=False)


def _text(field: str, value: str, *, limit: int, forbidden: str, required: bool) -> Iterator[Problem]:
    if required and not value.strip():
        yield Problem(code="VAL-03", facts={"field": field})
    if len(value) > limit:
        yield Problem(code="VAL-09", facts={"field": field, "limit": f"{limit:,}"})
    if any(character in value for character in forbidden):
        yield Problem(code="VAL-02", facts={"field": field})
