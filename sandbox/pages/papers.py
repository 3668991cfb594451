"""How the pages read a document of either vendor: what it is called, how it stands, its lines and its links."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from sandbox.companies import Company
from sandbox.store import Record
from sandbox.wire import Body

# Xero's documents by their type, QuickBooks' and the rest by the words of their name.
WORDS = {
    "ACCREC": "Invoice",
    "ACCPAY": "Bill",
    "ACCRECCREDIT": "Credit note",
    "ACCPAYCREDIT": "Supplier credit note",
    "SPEND": "Spend money",
    "RECEIVE": "Receive money",
}
# What QuickBooks calls the other end of a link where it is not the entity's own name.
LINKED = {
    "BillPaymentCheck": ("BillPayment",),
    "BillPaymentCreditCard": ("BillPayment",),
    "Check": ("Purchase",),
    "CashPurchase": ("Purchase",),
    "CreditCardCharge": ("Purchase",),
    "Expense": ("Purchase",),
    "ReimburseCharge": ("Purchase", "Bill"),
}
# Xero's names of ids, and what they point to.
POINTERS = {
    f"{entity}ID": entity
    for entity in (
        "Invoice", "CreditNote", "Payment", "BatchPayment", "Prepayment", "Overpayment", "BankTransaction",
        "ManualJournal", "PurchaseOrder", "Quote", "BankTransfer",
    )
}  # fmt: skip
TONES = {"Paid": "good", "Overdue": "bad", "Voided": "bad", "Deleted": "bad", "Open": "warn", "Draft": ""}


class State(NamedTuple):
    word: str
    tone: str


class PaperLine(NamedTuple):
    """One line as a person reads it; amounts are text already."""

    what: str
    more: str
    account: str
    quantity: str
    price: str
    tax: str
    amount: str
    negative: bool


def word_of(entity: str, body: Body) -> str:
    """`BillPayment` is "Bill payment", Xero's bill is a bill although its entity is Invoice."""
    return WORDS.get(str(body.get("Type")), re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entity).capitalize())


def title_of(record: Record) -> str:
    # Xero's ids are too long for a name.
    short = record.id if len(record.id) < 12 else ""
    return f"{word_of(record.entity, record.body)} {record.number or short}".strip()


def home_of(company: Company) -> str:
    """Three letters; each provider has its own name for the setting."""
    return str(company.settings.get("currency") or company.settings.get("base_currency") or "USD")


def foreign_of(record: Record, home: str) -> str:
    """The currency of a document that is not in the home currency."""
    reference = record.body.get("CurrencyRef") or {}
    currency = str(record.body.get("CurrencyCode") or reference.get("value") or home)
    return "" if currency == home else currency


def due_of(record: Record) -> str | None:
    """The day an open document is to be paid."""
    due = record.body.get("DueDate")
    return due if isinstance(due, str) and len(due) == 10 and record.side else None


def state_of(record: Record, today: str) -> State | None:
    """The vendor's status, unless money says more: paid, open, overdue."""
    word = record.status.capitalize() if record.status else ""
    if record.side and word in ("", "Authorised"):
        late = record.balance_cents > 0 and (due_of(record) or record.txn_date or today) < today
        settled = "Paid" if record.total_cents else word
        word = ("Overdue" if late else "Open") if record.balance_cents else settled
    return State(word, TONES.get(word, "")) if word else None


def figure(value: Any) -> str:
    """A number with thousands apart and no more decimals than it needs; nothing for none."""
    if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
        return ""
    text = f"{Decimal(str(value)):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "\N{MINUS SIGN}")


def price(value: Any) -> str:
    """The same with two decimals at least."""
    text = figure(value)
    return text and f"{text}{'.00' if '.' not in text else '0' * max(0, 2 - len(text.split('.')[1]))}"


def money(value: Any) -> str:
    if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
        return ""
    return f"{Decimal(str(value)):,.2f}".replace("-", "\N{MINUS SIGN}")


def lines_of(body: Body) -> list[PaperLine]:
    """`body` as the API answers it. Subtotals are left out."""
    if isinstance(body.get("Line"), list):
        return [line for each in body["Line"] if (line := _quickbooks_line(each))]
    rows = body.get("LineItems") or body.get("JournalLines") or []
    return [_xero_line(each) for each in rows]


def _quickbooks_line(line: Body) -> PaperLine | None:
    kind = str(line.get("DetailType", ""))
    if kind == "SubTotalLineDetail":
        return None
    detail: Body = line.get(kind) or {}
    account = detail.get("AccountRef") or detail.get("ItemAccountRef") or detail.get("DiscountAccountRef")
    item, text = _name(detail.get("ItemRef")), str(line.get("Description") or "")
    linked = ", ".join(
        f"{word_of(str(each.get('TxnType')), {})} {each.get('TxnId')}" for each in line.get("LinkedTxn") or []
    )
    names = [part for part in (item, text, linked) if part]
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.removesuffix("LineDetail")).capitalize() or "Line"
    extra = (detail.get("PostingType"), _name(detail.get("ClassRef")), _name(detail.get("CustomerRef")))
    amount = line.get("Amount")
    return PaperLine(
        what=names[0] if names else plain,
        more=" · ".join([*names[1:], *(str(part) for part in extra if part)]),
        account=_name(account),
        quantity=figure(detail.get("Qty")),
        price=price(detail.get("UnitPrice")),
        tax=_name(detail.get("TaxCodeRef")),
        amount=money(amount),
        negative=bool(amount) and Decimal(str(amount)) < 0,
    )


def _xero_line(line: Body) -> PaperLine:
    amount = line.get("LineAmount")
    options = (f"{each.get('Name')}: {each.get('Option')}" for each in line.get("Tracking") or [])
    item = str(line.get("ItemCode") or "")
    text = str(line.get("Description") or "")
    return PaperLine(
        what=text or item or "Line",
        more=" · ".join([*([item] if text and item else []), *options]),
        account=str(line.get("AccountCode") or ""),
        quantity=figure(line.get("Quantity")),
        price=price(line.get("UnitAmount")),
        tax=str(line.get("TaxType") or ""),
        amount=money(amount),
        negative=isinstance(amount, int | float | Decimal) and amount < 0,
    )


def _name(ref: Any) -> str:
    return str(ref.get("name") or ref.get("value") or "") if isinstance(ref, dict) else ""


def links_of(value: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every (entities it may be, id) that a document points to, in the order in which it does."""
    if isinstance(value, list):
        for each in value:
            yield from links_of(each)
    if not isinstance(value, dict):
        return
    if "TxnId" in value:
        kind = str(value.get("TxnType"))
        yield LINKED.get(kind, (kind,)), str(value["TxnId"])
    for name, inner in value.items():
        if name in POINTERS and isinstance(inner, str):
            yield (POINTERS[name],), inner
        elif isinstance(inner, dict | list):
            yield from links_of(inner)
