"""What invoices, bills and credit notes share: reading the header, checking the rules, booking."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from sandbox.books import Line, Side
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import messages, stock
from sandbox.xero.accounts import system_account
from sandbox.xero.amounts import ZERO, cents, places
from sandbox.xero.dates import day_string, moment_string, read_moment, wire_day, wire_moment
from sandbox.xero.desk import Desk, to_cents
from sandbox.xero.fields import Fields, Problems
from sandbox.xero.items import item_of_line
from sandbox.xero.lines import LineReader
from sandbox.xero.taxes import EXCLUSIVE, LINE_AMOUNT_TYPES, totals

# No pair of currencies lies outside, and none is worth exactly the same: such a rate is saved, with a warning.
HOME_RATE = Decimal("1.000000")
FINE = 4
LOWEST_RATE, HIGHEST_RATE = Decimal("0.00005"), Decimal(50_000)
STATUSES = ("DRAFT", "SUBMITTED", "DELETED", "AUTHORISED", "PAID", "VOIDED")


@dataclass(frozen=True, slots=True)
class Kind:
    """`debit` is +1 where the document stands on the debit side of its control account, else -1; `owed` is +1
    where it adds to what is open between the parties, -1 where it takes away."""

    type: str
    entity: str
    control: str
    side: Side
    debit: int
    owed: int

    @property
    def sells(self) -> bool:
        return self.side == "receivable"

    @property
    def role(self) -> str:
        return "IsCustomer" if self.sells else "IsSupplier"


KINDS = {
    kind.type: kind
    for kind in (
        Kind("ACCREC", "Invoice", "DEBTORS", "receivable", 1, 1),
        Kind("ACCPAY", "Invoice", "CREDITORS", "payable", -1, 1),
        Kind("ACCRECCREDIT", "CreditNote", "DEBTORS", "receivable", -1, -1),
        Kind("ACCPAYCREDIT", "CreditNote", "CREDITORS", "payable", 1, -1),
        Kind("RECEIVE-PREPAYMENT", "Prepayment", "DEBTORS", "receivable", -1, -1),
        Kind("SPEND-PREPAYMENT", "Prepayment", "CREDITORS", "payable", 1, -1),
        Kind("RECEIVE-OVERPAYMENT", "Overpayment", "DEBTORS", "receivable", -1, -1),
        Kind("SPEND-OVERPAYMENT", "Overpayment", "CREDITORS", "payable", 1, -1),
    )
}


def read_lines(desk: Desk, element: Fields, old: Body, kind: Kind, body: Body, *, approved: bool) -> Body:
    """The lines of `element` and the totals they make; the old ones where it names none.

    A line without its LineItemID is a new line, and a line that is not sent is gone.
    """
    if "LineItems" not in element:
        kept = ("LineItems", "SubTotal", "TotalTax", "Total")
        return {name: old[name] for name in kept if name in old}
    reader = LineReader(
        desk,
        sells=kind.sells,
        discounts=kind.type == "ACCREC",
        approved=approved,
        amount_types=body["LineAmountTypes"],
    )
    known_ids = {line["LineItemID"] for line in old.get("LineItems", [])}
    lines = [reader.read(line, known_ids) for line in element.each("LineItems")]
    added = totals(
        ((line.get("LineAmount", ZERO), line.get("TaxAmount", ZERO)) for line in lines),
        body["LineAmountTypes"],
    )
    figures = {"LineItems": lines, "SubTotal": added.subtotal, "TotalTax": added.tax, "Total": added.total}
    return figures | beside_lines(desk, old, reader)


def beside_lines(desk: Desk, old: Body, reader: LineReader) -> Body:
    """What is kept with new lines and never shown: whether their prices have four places, and which item each was
    made with, by the id of the line. Most documents have nothing to say of either."""
    fine = desk.unit_places == FINE
    kept: Body = {"FinePrices": fine} if fine or "FinePrices" in old else {}
    return kept | ({"ItemIDs": reader.item_ids} if reader.item_ids or "ItemIDs" in old else {})


def read_header(desk: Desk, element: Fields, old: Body, problems: Problems) -> Body:
    """Dates, currency, texts. Raises PostDataError for what cannot be read."""
    body: Body = dict(old)
    for name in ("Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate"):
        day = element.day(name)
        if day is not None:
            body[name] = day.isoformat()
    if "Date" not in body:
        body["Date"] = desk.today.isoformat()
    body["LineAmountTypes"] = element.choice("LineAmountTypes", LINE_AMOUNT_TYPES) or body.get(
        "LineAmountTypes", EXCLUSIVE
    )
    _read_currency(desk, element, body, problems)
    theme = element.identifier("BrandingThemeID")
    if theme:
        body["BrandingThemeID"] = theme
    return body


def _read_currency(desk: Desk, element: Fields, body: Body, problems: Problems) -> None:
    code = (element.stripped("CurrencyCode") or body.get("CurrencyCode", desk.organisation.base_currency)).upper()
    if code not in desk.organisation.currencies:
        problems.add(messages.currency_missing(code))
    body["CurrencyCode"] = code
    rate = element.number("CurrencyRate")
    if rate is not None and rate <= 0:
        problems.add(messages.RATE_INVALID)
        rate = None
    if code == desk.organisation.base_currency:
        body["CurrencyRate"] = HOME_RATE
        return
    body["CurrencyRate"] = places(rate or body.get("CurrencyRate", HOME_RATE), 6)
    if rate is not None and (rate == 1 or not LOWEST_RATE <= rate <= HIGHEST_RATE):
        problems.warn(messages.RATE_SUSPICIOUS)


def check_totals(element: Fields, body: Body, problems: Problems) -> None:
    given = element.number("Total")
    if given is not None and cents(given) != body["Total"]:
        problems.add(messages.TOTAL_DIFFERS)
    if body["Total"] < 0:
        problems.add(messages.TOTAL_NEGATIVE)


def check_locks(desk: Desk, day: date, problems: Problems) -> None:
    """Nothing may be dated on or before a lock date. The period lock spares whoever may approve before it."""
    organisation = desk.organisation
    if not organisation.is_closed(day):
        return
    if organisation.year_lock and day <= organisation.year_lock:
        problems.add(messages.before_year_lock(organisation.year_lock))
    elif organisation.period_lock:
        problems.add(messages.before_period_lock(organisation.period_lock))


def check_old_date(desk: Desk, known: Record | None, problems: Problems) -> None:
    """What lies in a locked period is neither changed nor taken back, wherever its date would move."""
    if known is not None:
        check_locks(desk, date.fromisoformat(known.body["Date"]), problems)


def has_figures(body: Body) -> bool:
    return any("LineAmount" in line for line in body["LineItems"])


def in_base(amount: Decimal, rate: Decimal) -> int:
    """Cents of the base currency; a rate says how much foreign money one unit of base money buys."""
    return to_cents(amount if rate == HOME_RATE else cents(amount / rate))


def store_unbooked(
    desk: Desk, entity: str, body: Body, number: str, contact: Record | None, known: Record | None
) -> Record:
    """Save a document of which the books know nothing; `number` names the field that its own number is in."""
    columns = {
        "number": body[number],
        "party": contact.id if contact else None,
        "txn_date": body["Date"],
        "total_cents": to_cents(body["Total"]),
        "status": body["Status"],
        "active": body["Status"] != "DELETED",
    }
    if known is None:
        return desk.insert(entity, body, **columns)
    return desk.update(replace(known, body=body, **columns))


def book(desk: Desk, record: Record, kind: Kind) -> None:
    """Post an approved document: control account against its lines and the tax account."""
    if desk.books.counts_only(desk.company):
        return
    body = record.body
    rate, party = body["CurrencyRate"], record.party
    legs = line_legs(desk, body, -kind.debit, party) + stock.legs(desk, body, party)
    owed = kind.debit * in_base(body["Total"], rate)
    legs.insert(0, Line(system_account(desk, kind.control).id, owed, party, None))
    # Lines in foreign money are converted one by one: their cents may miss the converted total.
    missing = -sum(leg.cents for leg in legs)
    if missing:
        legs.append(Line(system_account(desk, "ROUNDING").id, missing, party, None))
    desk.books.post(desk.company, record.entity, record.id, body["Date"], legs)


def line_legs(desk: Desk, body: Body, sign: int, party: str | None) -> list[Line]:
    """One leg for each line and one for its tax; `sign` is +1 where lines stand on the debit side."""
    legs: list[Line] = []
    rate, inclusive = body["CurrencyRate"], body["LineAmountTypes"] == "Inclusive"
    for line in body["LineItems"]:
        if "LineAmount" not in line:
            continue
        tag = line["Tracking"][0]["Option"] if line["Tracking"] else None
        net = line["LineAmount"] - line["TaxAmount"] if inclusive else line["LineAmount"]
        legs.append(Line(line["AccountID"], sign * in_base(net, rate), party, tag))
        if line["TaxAmount"]:
            tax_account = system_account(desk, "GST").id
            legs.append(Line(tax_account, sign * in_base(line["TaxAmount"], rate), party, None))
    return legs


@lru_cache(maxsize=4096)
def wire_both(text: str) -> tuple[str, str]:
    """A stored day as its companion text and as the date itself."""
    day = date.fromisoformat(text)
    return day_string(day), wire_day(day)


def wire_dates(body: Body) -> Body:
    """Each date of a stored document twice, as Xero shows it."""
    shown: Body = {}
    for name in ("Date", "DueDate"):
        if body.get(name):
            shown[f"{name}String"], shown[name] = wire_both(body[name])
    for name in ("ExpectedPaymentDate", "PlannedPaymentDate", "FullyPaidOnDate"):
        if body.get(name):
            shown[name] = wire_day(date.fromisoformat(body[name]))
    return shown


def wire_updated(record: Record, *, text: bool = True) -> Body:
    """When the record changed last; only some documents say it as `text` too."""
    moment, string = _wire_moments(record.updated_at)
    return {"UpdatedDateUTC": moment, "UpdatedDateUTCString": string} if text else {"UpdatedDateUTC": moment}


@lru_cache(maxsize=4096)
def _wire_moments(text: str) -> tuple[str, str]:
    """A stored moment as the date and as its companion text."""
    moment = read_moment(text)
    return wire_moment(moment), moment_string(moment)


def wire_lines(desk: Desk, body: Body, *, fresh: bool) -> list[Body]:
    """Lines as an answer shows them. A document by itself has an empty list of errors on each; in lists they name
    their item, and options of tracking categories go without an id."""
    lines = body["LineItems"]
    if desk.unit_places == FINE or body.get("FinePrices"):
        lines = [_priced(line, desk.unit_places) for line in lines]
    if fresh:
        return [{**line, "ValidationErrors": []} for line in lines]
    ids = body.get("ItemIDs", {})
    return [_listed(desk, line, ids) if line["Tracking"] or "ItemCode" in line else line for line in lines]


def _priced(line: Body, count: int) -> Body:
    """The price with as many places as the call asks for, whatever is kept."""
    return {**line, "UnitAmount": places(line["UnitAmount"], count)} if "UnitAmount" in line else line


def _listed(desk: Desk, line: Body, ids: Body) -> Body:
    tracking = [
        {name: value for name, value in entry.items() if name != "TrackingOptionID"} | {"Options": []}
        for entry in line["Tracking"]
    ]
    return {**line, "Tracking": tracking, **shown_item(desk, line, ids)}


def shown_item(desk: Desk, line: Body, ids: Body) -> Body:
    """The item a line was made with, as reads name it beside its code; `ids` are the items by the line."""
    item = item_of_line(desk, line, ids)
    if item is None:
        return {}
    return {"Item": {"ItemID": item.id, "Name": item.body.get("Name", ""), "Code": item.body["Code"]}}


def discount(body: Body) -> Decimal:
    """What the discounts of all lines take off together."""
    lines = [line for line in body.get("LineItems", []) if "DiscountRate" in line or "DiscountAmount" in line]
    return sum((cents(line["Quantity"] * line["UnitAmount"]) - line["LineAmount"] for line in lines), ZERO)
