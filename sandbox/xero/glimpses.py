"""What lists look at when they filter and sort: single fields of stored documents, which are not opened for it.

A hundred thousand documents are looked through in the time in which some ten thousand could be read and shown. Each
look gives what the answer shows under that name, or a moment as such; a field without one makes the list show what it
looks through.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from sandbox.store import Glimpse
from sandbox.wire import Body
from sandbox.xero import credit, invoices
from sandbox.xero.contacts import wire_stub
from sandbox.xero.desk import Desk
from sandbox.xero.documents import wire_both


class Look(NamedTuple):
    """`names` are those of the stored body that `read` makes the field of; `read` gets them and may not have all."""

    read: Callable[[Desk, Glimpse], object]
    names: tuple[str, ...] = ()


type Looks = dict[str, Look]


def rows_of(looks: Looks, key: str, wanted: Iterable[str], found: Iterable[Glimpse], desk: Desk) -> list[Body]:
    """A row of the wanted fields for each glimpse, with its id under `key`. Fields that are empty are left out."""
    readers = [(name, looks[name].read) for name in wanted]
    shown = []
    for glimpse in found:
        row: Body = {key: glimpse.id}
        for name, read in readers:
            value = read(desk, glimpse)
            if value is not None:
                row[name] = value
        shown.append(row)
    return shown


def _as_stored(*names: str, empty: object = None) -> Looks:
    def look(name: str) -> Look:
        def read(desk: Desk, glimpse: Glimpse) -> object:
            value = glimpse.held[name]
            return empty if value is None else value

        return Look(read, (name,))

    return {name: look(name) for name in names}


def _unless_empty(*names: str) -> Looks:
    """As stored; what was cleared is not shown."""

    def look(name: str) -> Look:
        return Look(lambda desk, glimpse: glimpse.held[name] or None, (name,))

    return {name: look(name) for name in names}


def _days(*names: str) -> Looks:
    def look(name: str) -> Look:
        def read(desk: Desk, glimpse: Glimpse) -> object:
            day = glimpse.held[name]
            return wire_both(day)[1] if day else None

        return Look(read, (name,))

    return {name: look(name) for name in names}


def _contact(desk: Desk, glimpse: Glimpse) -> object:
    contact = desk.get("Contact", glimpse.party)
    return None if contact is None else wire_stub(contact)


def _moment(desk: Desk, glimpse: Glimpse) -> object:
    """To the millisecond, as it is shown. Moments hardly ever repeat: writing and reading them again takes long."""
    moment = datetime.fromisoformat(glimpse.updated_at)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _of_money(key: str) -> Looks:
    """What all documents with a total have in common."""
    return {
        key: Look(lambda desk, glimpse: glimpse.id),
        "Contact": Look(_contact),
        "UpdatedDateUTC": Look(_moment),
        **_as_stored("Type", "Status", "SubTotal", "TotalTax", "Total", "CurrencyCode", "CurrencyRate"),
        **_as_stored("LineAmountTypes"),
        **_as_stored("Reference", empty=""),
        **_as_stored("HasAttachments", empty=False),
        **_days("Date"),
    }


def _discounted(desk: Desk, glimpse: Glimpse) -> object:
    return invoices.wire_discount(glimpse.held)["IsDiscounted"]


def _discount(desk: Desk, glimpse: Glimpse) -> object:
    return invoices.wire_discount(glimpse.held).get("TotalDiscount")


def _sent(desk: Desk, glimpse: Glimpse) -> object:
    """Of bills only where it was said."""
    sent = glimpse.held["SentToContact"]
    return False if sent is None and glimpse.held["Type"] == "ACCREC" else sent


_REMAINING = Look(
    lambda desk, glimpse: credit.remaining(glimpse.held),
    ("Status", "Total", "Used", "Refunded"),
)

LOOKS: dict[str, Looks] = {
    "invoices": {
        **_of_money("InvoiceID"),
        **_as_stored("InvoiceNumber", empty=""),
        **_as_stored("Url", "BrandingThemeID", "AmountPaid", "AmountCredited"),
        **_days("DueDate", "FullyPaidOnDate", "ExpectedPaymentDate", "PlannedPaymentDate"),
        "SentToContact": Look(_sent, ("Type", "SentToContact")),
        "IsDiscounted": Look(_discounted, ("LineItems",)),
        "TotalDiscount": Look(_discount, ("LineItems",)),
        "AmountDue": Look(
            lambda desk, glimpse: invoices.amount_due(glimpse.held),
            ("Status", "Total", "AmountPaid", "AmountCredited"),
        ),
    },
    "creditnotes": {
        **_of_money("CreditNoteID"),
        **_as_stored("CreditNoteNumber", empty=""),
        **_days("DueDate", "FullyPaidOnDate"),
        "RemainingCredit": _REMAINING,
    },
    "banktransactions": {
        **_of_money("BankTransactionID"),
        **_as_stored("IsReconciled", "PrepaymentID", "OverpaymentID"),
    },
    "prepayments": {**_of_money("PrepaymentID"), "RemainingCredit": _REMAINING},
    "overpayments": {**_of_money("OverpaymentID"), "RemainingCredit": _REMAINING},
    "payments": {
        "PaymentID": Look(lambda desk, glimpse: glimpse.id),
        "UpdatedDateUTC": Look(_moment),
        "BankAmount": Look(lambda desk, glimpse: glimpse.held["Amount"], ("Amount",)),
        **_as_stored("Amount", "Reference", "CurrencyRate", "Status", "IsReconciled"),
        **_days("Date"),
    },
    "manualjournals": {
        "ManualJournalID": Look(lambda desk, glimpse: glimpse.id),
        "UpdatedDateUTC": Look(_moment),
        **_as_stored("Narration", "Status", "LineAmountTypes", "ShowOnCashBasisReports"),
        **_as_stored("HasAttachments", empty=False),
        **_days("Date"),
    },
    "contacts": {
        "ContactID": Look(lambda desk, glimpse: glimpse.id),
        "UpdatedDateUTC": Look(_moment),
        **_as_stored("ContactStatus", "Name"),
        **_unless_empty("EmailAddress", "FirstName", "LastName", "ContactNumber", "AccountNumber", "TaxNumber"),
        **_unless_empty("CompanyNumber", "DefaultCurrency", "Website"),
        **_as_stored("IsSupplier", "IsCustomer", "HasAttachments", empty=False),
    },
}
