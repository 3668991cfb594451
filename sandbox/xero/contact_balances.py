"""What a contact owes and is owed, as single contacts and pages of them show it."""

from datetime import date
from decimal import Decimal

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import credit, invoices
from sandbox.xero.amounts import ZERO
from sandbox.xero.desk import Desk
from sandbox.xero.documents import KINDS

_SIDES = {"AccountsReceivable": "receivable", "AccountsPayable": "payable"}


def balances_of(desk: Desk, contact: Record) -> Body:
    """`Balances` of a contact that ever was a customer or a supplier; amounts of different currencies are added as
    they are."""
    if not (contact.body.get("IsCustomer") or contact.body.get("IsSupplier")):
        return {}
    return {"Balances": {name: _side(desk, contact, side) for name, side in _SIDES.items()}}


def _side(desk: Desk, contact: Record, side: str) -> Body:
    found = desk.store.select("company=? AND side=? AND party=? AND balance_cents<>0", (desk.company, side, contact.id))
    open_ = [(_left(record), record.body.get("DueDate")) for record in found]
    overdue = [left for left, due in open_ if due and left > 0 and date.fromisoformat(due) < desk.today]
    return {"Outstanding": sum((left for left, _ in open_), ZERO), "Overdue": sum(overdue, ZERO)}


def _left(record: Record) -> Decimal:
    owed = KINDS[record.body["Type"]].owed
    return owed * (invoices.amount_due(record.body) if owed > 0 else credit.remaining(record.body))
