"""Booking what a payment or an allocation does to the control account."""

from sandbox.books import Line
from sandbox.wire import Body
from sandbox.xero.accounts import system_account
from sandbox.xero.desk import Desk
from sandbox.xero.documents import Kind, in_base


def book_payment(
    desk: Desk, kind: Kind, *, payment_id: str, body: Body, bank: str, relief: int, party: str | None
) -> None:
    """Bank against the control account. `relief` is by how many cents the open balance fell, always positive.

    Money that came or went at another rate than the document's is a currency gain or loss.
    """
    paid = in_base(body["Amount"], body["CurrencyRate"])
    legs = [
        Line(bank, kind.debit * paid, party, None),
        Line(system_account(desk, kind.control).id, -kind.debit * relief, party, None),
    ]
    if paid != relief:
        legs.append(Line(_gains(desk), kind.debit * (relief - paid), party, None))
    desk.books.post(desk.company, "Payment", payment_id, body["Date"], legs)


def book_difference(desk: Desk, kind: Kind, entry: Body, moved: int, party: str | None) -> None:
    """An allocation moves nothing unless its two documents had different rates, which `moved` shows."""
    if not moved:
        return
    sign = 1 if kind.side == "receivable" else -1
    legs = [
        Line(system_account(desk, kind.control).id, sign * moved, party, None),
        Line(_gains(desk), -sign * moved, party, None),
    ]
    desk.books.post(desk.company, "Allocation", entry["AllocationID"], entry["Date"], legs)


def _gains(desk: Desk) -> str:
    return system_account(desk, "REALISEDCURRENCYGAIN").id
