"""Money received and spent at once: sales receipts, refunds, purchases, deposits, transfers."""

from sandbox.books import Line
from sandbox.quickbooks.extensions import extension
from sandbox.quickbooks.faults import ServiceFault, business, missing
from sandbox.quickbooks.kinds import Draft
from sandbox.quickbooks.money import amount, to_cents
from sandbox.quickbooks.transactions import charges, links
from sandbox.quickbooks.transactions.base import TransactionKind, number_lines, place_class, refuse_closed
from sandbox.quickbooks.transactions.purchases import PurchaseKind
from sandbox.quickbooks.transactions.sales import SalesKind, voided
from sandbox.quickbooks.work import Work
from sandbox.store import Record
from sandbox.wire import Body

MONEY_ACCOUNTS = ("Bank", "Other Current Asset")
BALANCE_SHEET = ("Asset", "Liability", "Equity")
CONTROLS = ("Accounts Receivable", "Accounts Payable")
PAID_FROM = {"Cash": "Bank", "Check": "Bank", "CreditCard": "Credit Card"}
# The kinds of transactions as the vendor counts them.
PAGES = {"Cash": "54", "Check": "3", "CreditCard": "54"}
PARTIES = {name.casefold(): name for name in ("Customer", "Vendor", "Employee")}


def account_of(work: Work, body: Body, name: str, types: tuple[str, ...]) -> Record:
    """The account a required reference names; raises 2020, 2500, 610, 6430."""
    if not body.get(name):
        missing(name)
    account = work.resolve("Account", body[name], element=name)
    if account.body["AccountType"] not in types:
        raise ServiceFault("6430", f"Invalid account type used : {account.body['Name']}", name)
    return account


def party_of(work: Work, ref: Body | None, element: str) -> str | None:
    """The party of a reference that says its own type; raises 2020, 2120."""
    if not ref:
        return None
    if not ref.get("type"):
        missing(f"{element}.type")
    kind = PARTIES.get(str(ref["type"]).casefold())
    if kind is None:
        raise ServiceFault(
            "2120", f"Invalid Type : {str(ref['type'])[:40]} is no customer, vendor or employee", element
        )
    return f"{kind}:{work.resolve(kind, ref, element=element).id}"


class ReceiptKind(SalesKind):
    """A sale without a receivable: the money is there, or goes back, at once."""

    names_bad_customer = True
    # Money over the counter: nobody asks who paid.
    needs_customer = False

    def control(self, work: Work, body: Body) -> Record:
        if not body.get("DepositToAccountRef"):
            undeposited = work.first_account("Other Current Asset", "UndepositedFunds")
            if undeposited is None:
                business("The company has no Undeposited Funds account.")
            body["DepositToAccountRef"] = {"value": undeposited.id}
        return account_of(work, body, "DepositToAccountRef", MONEY_ACCOUNTS)

    def _totals(self, draft: Draft, total: int) -> None:
        if draft.old is not None:
            links.refuse_deposited(draft.old)
        body = draft.body
        draft.total = total
        body["TotalAmt"], body["Balance"] = amount(total), 0
        body["LinkedTxn"] = []
        body.setdefault("PrintStatus", "NeedToPrint")
        body.setdefault("EmailStatus", "NotSet")

    def before_delete(self, work: Work, record: Record) -> None:
        links.refuse_deposited(record)
        super().before_delete(work, record)


class SalesReceiptKind(ReceiptKind):
    entity = "SalesReceipt"
    voidable = True

    def void(self, work: Work, record: Record) -> Record:
        refuse_closed(work, record.txn_date or "", record)
        links.refuse_deposited(record)
        return self.store_change(work, record, voided(record, side=None))


class RefundReceiptKind(ReceiptKind):
    entity = "RefundReceipt"
    sign = -1

    def control(self, work: Work, body: Body) -> Record:
        return account_of(work, body, "DepositToAccountRef", MONEY_ACCOUNTS)


class CashPurchaseKind(PurchaseKind):
    """A check, a card charge or cash; `Credit` on a card charge is a refund."""

    entity = "Purchase"
    counts_lines = False
    read_only = PurchaseKind.read_only | {"PurchaseEx"}
    sparse_needs = ("PaymentType",)

    def direction(self, body: Body) -> int:
        return -1 if body.get("Credit") else 1

    def name_party(self, work: Work, draft: Draft) -> None:
        draft.party = party_of(work, draft.body.get("EntityRef"), "EntityRef")

    def control(self, work: Work, body: Body) -> str:
        kind = body.get("PaymentType")
        if not kind:
            missing("PaymentType")
        if kind not in PAID_FROM:
            raise ServiceFault("2170", f"Invalid Enumeration : {kind}", "PaymentType")
        if body.get("Credit") and kind != "CreditCard":
            business("Only a credit card charge can be a credit.")
        return account_of(work, body, "AccountRef", (PAID_FROM[kind],)).id

    def _totals(self, draft: Draft, total: int) -> None:
        draft.total = total
        draft.body["TotalAmt"] = amount(total)
        draft.body["LinkedTxn"] = (draft.old.body.get("LinkedTxn") if draft.old else None) or []
        draft.body["PurchaseEx"] = extension(TxnType=PAGES[draft.body["PaymentType"]])
        if draft.body["PaymentType"] == "CreditCard":
            draft.body.setdefault("Credit", False)

    def before_delete(self, work: Work, record: Record) -> None:
        if charges.is_billed(record.body):
            raise ServiceFault("6400", f"Deleting {self.entity} {record.id} would invalidate a linked invoice")
        super().before_delete(work, record)


class DepositKind(TransactionKind):
    """Payments and receipts taken from Undeposited Funds to the bank, and money from elsewhere."""

    entity = "Deposit"
    foreign = False

    def fill(self, work: Work, draft: Draft) -> None:
        body = draft.body
        if not body.get("Line"):
            missing("Line")
        bank = account_of(work, body, "DepositToAccountRef", MONEY_ACCOUNTS)
        legs = [self._leg(work, draft, line) for line in body["Line"]]
        back = self._cash_back(work, body)
        total = -sum(leg.cents for leg in legs) - sum(leg.cents for leg in back)
        if total < 0:
            business("Transaction amount must be 0 or greater.")
        number_lines(body["Line"], draft.old.body["Line"] if draft.old else [])
        draft.total, body["TotalAmt"] = total, amount(total)
        draft.lines = [Line(bank.id, total), *legs, *back]

    def saved(self, work: Work, record: Record, draft: Draft) -> None:
        super().saved(work, record, draft)
        before = set(_taken(draft.old.body)) if draft.old else set()
        after = set(_taken(record.body))
        for entity, id in sorted(before - after):
            self._mark(work, entity, id, record, deposited=False)
        for entity, id in sorted(after - before):
            self._mark(work, entity, id, record, deposited=True)

    def loosen(self, work: Work, record: Record) -> None:
        for entity, id in _taken(record.body):
            self._mark(work, entity, id, record, deposited=False)

    def _leg(self, work: Work, draft: Draft, line: Body) -> Line:
        if line.get("LinkedTxn"):
            return self._taken_leg(work, draft, line)
        detail = line.get("DepositLineDetail") or {}
        if not detail.get("AccountRef"):
            raise ServiceFault("6440", "Select an account for each split line that has an amount", "AccountRef")
        if line.get("Amount") is None:
            missing("Amount")
        account = work.resolve("Account", detail["AccountRef"], element="AccountRef")
        if account.body["AccountType"] in CONTROLS:
            business(f"{account.body['AccountType']} cannot be used on a deposit here.")
        line["Amount"] = amount(to_cents(line["Amount"]))
        party = party_of(work, detail.get("Entity"), "Entity")
        return Line(account.id, -to_cents(line["Amount"]), party, place_class(work, detail, "line"))

    def _taken_leg(self, work: Work, draft: Draft, line: Body) -> Line:
        linked = line["LinkedTxn"][0]
        entity, id = str(linked.get("TxnType")), str(linked.get("TxnId"))
        record = work.find(entity, id) if entity in ("Payment", "SalesReceipt") else None
        if record is None:
            business(f"The entity {entity[:20]} {id[:20]} that you are trying to link does not exist.")
        own = draft.old.id if draft.old else None
        others = [e for e in record.body.get("LinkedTxn") or [] if e.get("TxnType") == "Deposit" and e["TxnId"] != own]
        held = work.find("Account", record.body["DepositToAccountRef"]["value"])
        if others or held is None or held.body["AccountSubType"] != "UndepositedFunds" or record.status == "void":
            raise ServiceFault("620", f"Txn ID Cannot Be Linked: {entity} {id} is not waiting to be deposited")
        # Clients send 0 for "not given": python-quickbooks does so.
        if line.get("Amount") and to_cents(line["Amount"]) != record.total_cents:
            business(f"The amount of {entity} {id} cannot be changed by depositing it.")
        line["Amount"] = amount(record.total_cents)
        return Line(held.id, -record.total_cents, record.party)

    def _cash_back(self, work: Work, body: Body) -> list[Line]:
        back = body.get("CashBack")
        if not back:
            return []
        account = account_of(work, back, "AccountRef", MONEY_ACCOUNTS)
        back["Amount"] = amount(to_cents(back.get("Amount")))
        return [Line(account.id, to_cents(back["Amount"]))]

    def _mark(self, work: Work, entity: str, id: str, deposit: Record, *, deposited: bool) -> None:
        record = work.find(entity, id)
        if record is None:
            return
        kept = [each for each in record.body.get("LinkedTxn") or [] if each["TxnId"] != deposit.id]
        mark = [{"TxnId": deposit.id, "TxnType": "Deposit"}] if deposited else []
        links.relink(work, record, [*kept, *mark])


class TransferKind(TransactionKind):
    """Between two accounts of the balance sheet."""

    entity = "Transfer"
    foreign = False

    def fill(self, work: Work, draft: Draft) -> None:
        body = draft.body
        if body.get("Amount") is None:
            missing("Amount")
        cents = to_cents(body["Amount"])
        if cents <= 0:
            raise ServiceFault("2140", f"Invalid Amount : Supplied value:{body['Amount']}", "Amount")
        source, target = (self._end(work, body, name) for name in ("FromAccountRef", "ToAccountRef"))
        if source.id == target.id:
            business("Choose two different accounts for a transfer.")
        place_class(work, body, "txn")
        body["Amount"], draft.total = amount(cents), cents
        draft.lines = [Line(target.id, cents), Line(source.id, -cents)]

    def _end(self, work: Work, body: Body, name: str) -> Record:
        if not body.get(name):
            missing(name)
        account = work.resolve("Account", body[name], element=name)
        if account.body["Classification"] not in BALANCE_SHEET or account.body["AccountType"] in CONTROLS:
            raise ServiceFault("6430", f"Invalid account type used : {account.body['Name']}", name)
        return account


def _taken(body: Body) -> list[tuple[str, str]]:
    return [
        (str(linked["TxnType"]), str(linked["TxnId"]))
        for line in body.get("Line") or []
        for linked in (line.get("LinkedTxn") or [])[:1]
    ]
