"""Foreign currencies: documents keep their own amounts, the ledger takes them at the document's exchange rate.

What a payment takes off a document is worth the document's rate; what the money is worth more or less than that goes
to the account for exchange gains and losses. Payments are rounded in the order they came, so that the last one takes
what is left; when one goes, those behind it are posted anew.
"""

from collections.abc import Sequence
from decimal import Decimal

from sandbox.books import Line
from sandbox.quickbooks.faults import ServiceFault, business, missing
from sandbox.quickbooks.kinds import Draft
from sandbox.quickbooks.lists.accounts import AccountKind
from sandbox.quickbooks.lists.base import currency_ref, known_currency
from sandbox.quickbooks.money import half_up
from sandbox.quickbooks.money import rate as plain_rate
from sandbox.quickbooks.transactions import links
from sandbox.quickbooks.work import Work
from sandbox.store import Record
from sandbox.wire import Body

CONTROLS = {"Payment": "Accounts Receivable", "BillPayment": "Accounts Payable"}
# Where a payment says from or to which account the money goes.
HOLDERS = (
    (None, "DepositToAccountRef"),
    ("CheckPayment", "BankAccountRef"),
    ("CreditCardPayment", "CCAccountRef"),
)
GAIN = ("Other Expense", "ExchangeGainOrLoss")


def settle(work: Work, draft: Draft, *, foreign: bool) -> None:
    """Check CurrencyRef and fill ExchangeRate. `foreign` says whether the entity can be in another currency.
    Raises 2020, 2220, 2240, 2500, 5030, 6000."""
    body, home = draft.body, work.home_currency()
    many = bool(work.settings.get("multicurrency"))
    if many and not body.get("CurrencyRef"):
        missing("CurrencyRef")
    code = known_currency(work, body.get("CurrencyRef"))
    if draft.old is not None and draft.old.body["CurrencyRef"]["value"] != code:
        business("The currency of a transaction cannot be changed.")
    body["CurrencyRef"] = currency_ref(code)
    if code == home:
        body.pop("ExchangeRate", None)
        return
    if not foreign:
        raise ServiceFault("5030", f"Feature Not Supported Error : {code} is not supported on this transaction here.")
    given = body.get("ExchangeRate") or listed_rate(work, code)
    if given <= 0 or Decimal(given) >= 10**6:
        raise ServiceFault("2240", f"Number out of range. Min:0 Max:999,999. Supplied value:{given}", "ExchangeRate")
    body["ExchangeRate"] = plain_rate(given)
    old_rate = Decimal((draft.old.body if draft.old else body).get("ExchangeRate") or 1)
    if draft.old is not None and draft.old.body.get("LinkedTxn") and old_rate != given:
        business("The exchange rate of a transaction with payments cannot be changed.")


def listed_rate(work: Work, code: str) -> Decimal:
    """What one unit is worth in the home currency, unless the document says otherwise."""
    return Decimal(str((work.settings.get("exchange_rates") or {}).get(code, 1)))


def check_party(work: Work, draft: Draft) -> None:
    """Raise 6000 for a document in another currency than its customer's or vendor's."""
    entity, _, id = (draft.party or "").partition(":")
    party = work.find(entity, id) if id else None
    own = ((party.body if party else {}).get("CurrencyRef") or draft.body["CurrencyRef"])["value"]
    if own != draft.body["CurrencyRef"]["value"]:
        business(f"The currency of the transaction is not that of the {entity.lower()}, {own}.")


def rate_of(body: Body) -> Decimal:
    return Decimal(body.get("ExchangeRate") or 1)


def worth(cents: int, rate: Decimal) -> int:
    """Cents in the home currency, half-up."""
    return cents if rate == 1 else half_up(cents * rate)


def convert(lines: Sequence[Line], rate: Decimal) -> list[Line]:
    """Legs at the rate. The first is exact, and the largest of the others takes what rounding leaves over."""
    found = [line._replace(cents=worth(line.cents, rate)) for line in lines]
    rest = sum(line.cents for line in found)
    if rest:
        position = max(range(1, len(found)), key=lambda index: abs(found[index].cents))
        found[position] = found[position]._replace(cents=found[position].cents - rest)
    return found


def settlement(
    work: Work, payment: str, body: Body, money: Line, control: Line, *, direction: int, unapplied: int
) -> list[Line]:
    """The legs of a payment: money at its own rate, what it pays at the rates of the documents. `payment` is its id,
    empty before it has one; `direction` is +1 for money that comes in, -1 for money that goes out."""
    own = rate_of(body)
    paid = money._replace(cents=worth(money.cents, own))
    taken = _taken(work, payment, body)
    against = control._replace(cents=-direction * (taken + worth(unapplied, own)))
    difference = -paid.cents - against.cents
    return [paid, against, *([Line(_gain_account(work), difference)] if difference else [])]


def resettle(work: Work, id: str) -> None:
    """Post a payment in a foreign currency anew."""
    payment = work.find("Payment", id) or work.find("BillPayment", id)
    control = None if payment is None else work.first_account(CONTROLS[payment.entity])
    if payment is None or control is None or payment.body.get("ExchangeRate") is None:
        return
    direction = 1 if payment.entity == "Payment" else -1
    money = Line(_money_account(payment.body), direction * payment.total_cents)
    against = Line(control.id, 0, payment.party)
    lines = settlement(work, id, payment.body, money, against, direction=direction, unapplied=-payment.balance_cents)
    books, at = work.sandbox.books, (work.company.id, payment.entity, payment.id)
    books.unpost(*at)
    books.post(*at, payment.txn_date or "", lines)


def _money_account(body: Body) -> str:
    for holder, name in HOLDERS:
        ref = (body if holder is None else body.get(holder) or {}).get(name)
        if ref:
            return str(ref["value"])
    return ""


def follow(work: Work, changed: Sequence[links.Link]) -> None:
    """Post the payments of these documents anew, since one of them has come or gone."""
    for entity, id in sorted({(link.entity, link.id) for link in changed}):
        record = work.find(entity, id)
        if record is not None and record.body.get("ExchangeRate"):
            for entry in record.body.get("LinkedTxn") or []:
                resettle(work, entry["TxnId"])


def home_balance(record: Record) -> int:
    """What is open of a document, in cents of the home currency."""
    return abs(left_at_home(record.entity, record.total_cents, record.balance_cents, rate_of(record.body)))


def left_at_home(entity: str, total: int, balance: int, rate: Decimal) -> int:
    """What is open of a total, in cents of the home currency, with the sign of `balance`: what was taken off a document
    is rounded, what it leaves takes the rest. Of a payment the money not applied is rounded, as `settlement` books it.
    """
    if entity in CONTROLS:
        return worth(balance, rate)
    whole = abs(total)
    left = worth(whole, rate) - worth(whole - abs(balance), rate)
    return left if balance >= 0 else -left


def _taken(work: Work, payment: str, body: Body) -> int:
    """What a payment takes off its documents, in cents of the home currency."""
    own: dict[tuple[str, str], int] = {}
    for link in links.of_body(body):
        own[(link.entity, link.id)] = own.get((link.entity, link.id), 0) + link.cents
    found = 0
    for (entity, id), cents in own.items():
        record = work.find(entity, id)
        if record is not None:
            rate, before = rate_of(record.body), _applied_before(work, record, payment)
            found += links.sign(record) * (worth(before + cents, rate) - worth(before, rate))
    return found


def _applied_before(work: Work, record: Record, payment: str) -> int:
    """What the payments before this one took off the document, in its own currency; one that is none of them yet comes
    after all."""
    # Every payment of a document is read once, however many of them are posted anew.
    key = f"applied:{record.entity}:{record.id}:{record.version}"
    if key not in work.memory:
        found, before = 0, dict[str, int]()
        for entry in record.body.get("LinkedTxn") or []:
            before.setdefault(entry["TxnId"], found)
            earlier = work.find("Payment", entry["TxnId"]) or work.find("BillPayment", entry["TxnId"])
            held = links.of_body(earlier.body) if earlier else []
            found += sum(link.cents for link in held if (link.entity, link.id) == (record.entity, record.id))
        work.memory[key] = before, found
    taken, total = work.memory[key]
    return int(taken.get(payment, total))


def _gain_account(work: Work) -> str:
    account = work.first_account(*GAIN)
    if account is None:
        given = {"Name": "Exchange Gain or Loss", "AccountType": GAIN[0], "AccountSubType": GAIN[1]}
        account = AccountKind().create(work, given)
    return account.id
