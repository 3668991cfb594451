"""What is known to be refused before anything is sent. Pure: one document, one company, a tuple of problems."""

from collections.abc import Iterator
from datetime import date

from integrations.ports import AccountUse, Books, Intent, MappingRole, Problem, Role
from rivet.ledger.snapshots import BillSnapshot, InvoiceSnapshot, ItemSnapshot, PartyRef, PartySnapshot, SourceKind
from rivet.money import ZERO

LONGEST_NUMBER = 21
#: The field takes 4,000; the marker and the full number need some of it.
LONGEST_MEMO = 3900
LONGEST_NAME = 500
LONGEST_DESCRIPTION = 4000

#: What the books call each mapping role, in the middle of a sentence, and the uses an account may have for it.
ALLOWED: dict[MappingRole, tuple[str, frozenset[AccountUse]]] = {
    MappingRole.REVENUE: ("revenue", frozenset({AccountUse.INCOME})),
    MappingRole.RETAINAGE_RECEIVABLE: ("retainage receivable", frozenset({AccountUse.CURRENT_ASSET})),
    MappingRole.RETAINAGE_PAYABLE: ("retainage payable", frozenset({AccountUse.CURRENT_LIABILITY})),
    MappingRole.DEFAULT_EXPENSE: ("expenses", frozenset({AccountUse.EXPENSE})),
}
_RETAINAGE = frozenset({MappingRole.RETAINAGE_RECEIVABLE, MappingRole.RETAINAGE_PAYABLE})


def problems(intent: Intent, books: Books) -> tuple[Problem, ...]:
    """Every problem at once, so that a person mends them in one go."""
    match intent.document:
        case PartySnapshot() as party:
            return tuple(_party(party))
        case ItemSnapshot():
            return ()
        case InvoiceSnapshot() as invoice:
            return tuple(_invoice(invoice, intent, books))
        case BillSnapshot() as bill:
            return tuple(_bill(bill, books))


def _party(party: PartySnapshot) -> Iterator[Problem]:
    yield from _text("Name", party.name, limit=LONGEST_NAME, forbidden=":\t\n\0", required=True)


def _invoice(invoice: InvoiceSnapshot, intent: Intent, books: Books) -> Iterator[Problem]:
    roles = {MappingRole.REVENUE} if invoice.work or intent.role is Role.RETAINAGE_JOURNAL else set()
    if invoice.retainage:
        roles.add(MappingRole.RETAINAGE_RECEIVABLE)
    needs_items = intent.role is Role.INVOICE
    yield from _accounts(roles, books, needs_items=needs_items)
    yield from _document(invoice.number, invoice.memo, invoice.currency, invoice.invoice_date, books)
    yield from _linked(invoice.customer, books, code="REF-02")
    yield from _descriptions([line.description for line in invoice.lines])
    if invoice.net < ZERO:
        yield Problem(code="VAL-06", facts={"total": f"{invoice.net:,.2f}"})


def _bill(bill: BillSnapshot, books: Books) -> Iterator[Problem]:
    roles = {MappingRole.DEFAULT_EXPENSE} if any(line.amount for line in bill.lines) else set()
    if bill.retainage:
        roles.add(MappingRole.RETAINAGE_PAYABLE)
    yield from _accounts(roles, books, needs_items=False)
    yield from _document(bill.number, bill.memo, bill.currency, bill.bill_date, books)
    yield from _linked(bill.vendor, books, code="REF-01")
    yield from _descriptions([line.description for line in bill.lines])
    if bill.net < ZERO:
        yield Problem(code="VAL-06", facts={"total": f"{bill.net:,.2f}"})


def _accounts(roles: set[MappingRole], books: Books, *, needs_items: bool) -> Iterator[Problem]:
    for role in sorted(roles):
        words, uses = ALLOWED[role]
        account = books.accounts.get(role)
        code = "MAP-06" if role in _RETAINAGE else "MAP-01"
        if account is None:
            yield Problem(code=code, facts={"role": words})
        elif not account.is_active:
            yield Problem(code="REF-04", facts={"record": f"Account {account.name}", "account": account.name})
        elif account.use not in uses:
            wrong = "MAP-06" if role in _RETAINAGE else "MAP-02"
            yield Problem(code=wrong, facts={"role": words, "account": account.name})
        elif needs_items and not account.item_id:
            yield Problem(code="MAP-07", facts={"role": words, "account": account.name})


def _document(number: str, memo: str, currency: str, day: date, books: Books) -> Iterator[Problem]:
    if len(number) > LONGEST_NUMBER:
        facts = {"number": number, "length": str(len(number)), "limit": str(LONGEST_NUMBER)}
        yield Problem(code="VAL-01", facts=facts)
    yield from _text("Number", number, limit=1000, forbidden="\t\n\0", required=True)
    yield from _text("Memo", memo, limit=LONGEST_MEMO, forbidden="\0", required=False)
    if currency != books.currency:
        yield Problem(code="VAL-07", facts={"currency": currency, "home": books.currency})
    if books.closed_until and day <= books.closed_until:
        facts = {"closed_until": f"{books.closed_until:%-d %B %Y}", "date": f"{day:%-d %B %Y}"}
        yield Problem(code="PER-01", facts=facts)


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
