"""Journal entries."""

from typing import Any

from sandbox.books import Line
from sandbox.quickbooks.faults import ServiceFault, business, missing
from sandbox.quickbooks.kinds import Draft
from sandbox.quickbooks.money import amount, to_cents
from sandbox.quickbooks.transactions import links
from sandbox.quickbooks.transactions.base import TransactionKind, number_lines, place_class, place_department
from sandbox.quickbooks.work import Work
from sandbox.store import Record
from sandbox.wire import Body

# Account type of a control account: (who must be named on the line, side)
CONTROLS = {"Accounts Receivable": ("Customer", "receivable"), "Accounts Payable": ("Vendor", "payable")}
# Side, party and cents of a line on A/R or A/P.
Control = tuple[str, str | None, int]


class JournalEntryKind(TransactionKind):
    entity = "JournalEntry"
    numbering = "journal"
    foreign = False

    def fill(self, work: Work, draft: Draft) -> None:
        body = draft.body
        lines = [line for line in body.get("Line") or [] if line.get("DetailType") != "DescriptionOnly"]
        if body.get("Line") == []:
            raise ServiceFault("2250", "Missing Lines : Enter at least one split line", "Line")
        if not body.get("Line"):
            missing("Line")
        if len(lines) < 2:
            business("Fill out at least two detail lines to continue.")
        controls: list[Control] = []
        for line in lines:
            draft.lines.append(self._leg(work, line, controls))
        if sum(leg.cents for leg in draft.lines):
            raise ServiceFault("2300", "Amount on debits not equal to credits : Debits and credits must balance.")
        number_lines(body["Line"], draft.old.body["Line"] if draft.old else [], first=0, counted=False)
        body.setdefault("Adjustment", False)
        body["TotalAmt"] = 0
        body["TxnTaxDetail"] = {}
        self._open_item(draft, _settled(work, controls))

    def loosen(self, work: Work, record: Record) -> None:
        links.loosen_target(work, record)

    def _leg(self, work: Work, line: Body, controls: list[Control]) -> Line:
        if line.get("DetailType") != "JournalEntryLineDetail":
            raise ServiceFault(
                "2120", f"Invalid Type : {line.get('DetailType')} does not belong on a JournalEntry", "DetailType"
            )
        detail = line.get("JournalEntryLineDetail") or {}
        line["JournalEntryLineDetail"] = detail
        posting = detail.get("PostingType")
        if not posting:
            raise ServiceFault("2260", "PostingType is required", "PostingType")
        if not detail.get("AccountRef"):
            missing("AccountRef")
        cents = self._amount(line)
        account = work.resolve("Account", detail["AccountRef"], element="AccountRef")
        party = self._party(work, detail)
        signed = cents if posting == "Debit" else -cents
        control = CONTROLS.get(account.body["AccountType"])
        if control is not None:
            self._need_name(account, control[0], party)
            controls.append((control[1], str(party), signed))
        for name, code in (("TaxApplicableOn", "2270"), ("TaxAmount", "2280")):
            if work.is_us():
                detail.pop(name, None)
            elif detail.get("TaxCodeRef") and detail.get(name) is None:
                raise ServiceFault(code, f"{name} is required with a TaxCodeRef", name)
        _check_billable(detail, party)
        place_department(work, detail)
        return Line(account.id, signed, party, place_class(work, detail, "line"))

    def _amount(self, line: Body) -> int:
        if line.get("Amount") is None:
            missing("Amount")
        cents = to_cents(line["Amount"])
        if cents < 0:
            raise ServiceFault("2290", f"Negative Amount : Supplied value:{line['Amount']}", "Amount")
        line["Amount"] = amount(cents)
        return cents

    def _party(self, work: Work, detail: dict[str, Any]) -> str | None:
        entity = detail.get("Entity") or {}
        ref = entity.get("EntityRef")
        if not ref:
            detail.pop("Entity", None)
            return None
        kind = entity.get("Type")
        if kind not in ("Customer", "Vendor", "Employee"):
            raise ServiceFault("2020", "Required parameter Entity.Type is missing in the request", "Type")
        work.resolve(kind, ref, element="EntityRef")
        return f"{kind}:{ref['value']}"

    def _need_name(self, account: Record, who: str, party: str | None) -> None:
        if party is None or not party.startswith(f"{who}:"):
            business(f"When you use {account.body['AccountType']}, you must choose a {who.lower()} in the Name field.")

    def _open_item(self, draft: Draft, control: Control | None) -> None:
        """A line on A/R or A/P is an open item of its own, to be paid or used as a credit."""
        old = draft.old
        applied = old.total_cents - old.balance_cents if old and old.side else 0
        if old and old.body.get("LinkedTxn"):
            draft.body["LinkedTxn"] = old.body["LinkedTxn"]
        if control is None:
            if applied:
                business("The journal entry is linked to a payment. Unlink the payment first.")
            return
        side, party, cents = control
        signed = cents if side == "receivable" else -cents
        if applied and old and (old.party != party or abs(applied) > abs(signed) or applied * signed < 0):
            business("The journal entry is linked to a payment. Unlink the payment first.")
        draft.side, draft.party, draft.total, draft.balance = side, party, signed, signed - applied


def _check_billable(detail: Body, party: str | None) -> None:
    """A line can be marked to be billed to its customer, never as billed; raises 6310, 6320."""
    status = detail.get("BillableStatus")
    if status == "HasBeenBilled":
        raise ServiceFault("6320", f"Invalid billable status: {status}", "BillableStatus")
    if status == "Billable" and not (party or "").startswith("Customer:"):
        raise ServiceFault("6310", "A customer is required on a billable line", "CustomerRef")


def _settled(work: Work, controls: list[Control]) -> Control | None:
    """The one open item of a journal; raises 6000 for several, unless the company takes them. Those of one side add
    up, and belong to nobody if they are of several names."""
    if len(controls) < 2:
        return controls[0] if controls else None
    sides, parties = {side for side, _, _ in controls}, {party for _, party, _ in controls}
    if work.settings.get("journal_control_lines") != "many" or len(sides) > 1:
        business("A journal entry can have only one Accounts Receivable or Accounts Payable line.")
    return sides.pop(), parties.pop() if len(parties) == 1 else None, sum(cents for _, _, cents in controls)
