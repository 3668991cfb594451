"""Payments of customers and to vendors."""

from decimal import Decimal
from typing import NoReturn

from sandbox.books import Line
from sandbox.quickbooks.extensions import extension
from sandbox.quickbooks.faults import ServiceFault, business, missing
from sandbox.quickbooks.kinds import Draft
from sandbox.quickbooks.money import amount, to_cents
from sandbox.quickbooks.transactions import currencies, links
from sandbox.quickbooks.transactions.base import TransactionKind, refuse_closed
from sandbox.quickbooks.transactions.links import Link
from sandbox.quickbooks.work import Work
from sandbox.store import Record
from sandbox.wire import Body

LARGEST = 999_999_999_00


class SettlementKind(TransactionKind):
    """What payments of either side share: links, unapplied rest, void."""

    voidable = True
    side = ""
    party_ref = ""
    party_entity = ""
    linkable: frozenset[str] = frozenset()

    def bank_leg(self, work: Work, draft: Draft, total: int) -> Line:
        """The posting on the money side."""
        raise NotImplementedError

    def txn_type(self, body: Body) -> str:
        """How this payment is called in the LinkedTxn of what it pays."""
        return self.entity

    def fill(self, work: Work, draft: Draft) -> None:
        body = draft.body
        if not body.get(self.party_ref):
            missing(self.party_ref)
        if body.get("TotalAmt") is None:
            business("You must set a transaction amount.", "TotalAmt")
        party = work.resolve(self.party_entity, body[self.party_ref], element=self.party_ref)
        draft.party = f"{self.party_entity}:{party.id}"
        total = _in_range(body["TotalAmt"])
        applied = self._check_links(work, draft)
        if applied > total:
            business("The amount applied is greater than the payment amount.")
        body["TotalAmt"] = amount(total)
        draft.total, draft.balance, draft.side = total, applied - total, self.side
        control = work.first_account("Accounts Receivable" if self.side == "receivable" else "Accounts Payable")
        if control is None:
            business("The company has no control account.")
        money = self.bank_leg(work, draft, total)
        draft.lines = [money, Line(control.id, -money.cents, draft.party)]

    def convert(self, work: Work, draft: Draft) -> None:
        money, control = draft.lines
        direction = 1 if self.side == "receivable" else -1
        draft.lines = currencies.settlement(
            work,
            draft.old.id if draft.old else "",
            draft.body,
            money,
            control,
            direction=direction,
            unapplied=-draft.balance,
        )

    def saved(self, work: Work, record: Record, draft: Draft) -> None:
        super().saved(work, record, draft)
        before, after = links.of_body(draft.old.body) if draft.old else [], links.of_body(record.body)
        for link in before:
            links.undo(work, link, payment=record)
        for link in after:
            links.apply(work, link, payment=record, txn_type=self.txn_type(record.body))
        # A new payment comes after all others: it changes nothing for them.
        if draft.old is not None:
            currencies.follow(work, [*before, *after])

    def loosen(self, work: Work, record: Record) -> None:
        gone = links.of_body(record.body)
        for link in gone:
            links.undo(work, link, payment=record)
        currencies.follow(work, gone)

    def void(self, work: Work, record: Record) -> Record:
        refuse_closed(work, record.txn_date or "", record)
        self.refuse_frozen(record)
        refuse_merchant(record, "6450", "Since the transaction is already settled, you can't void it")
        note = record.body.get("PrivateNote")
        body = {**record.body, "TotalAmt": 0, "Line": [], "PrivateNote": f"Voided - {note}" if note else "Voided"}
        if "UnappliedAmt" in body:
            body["UnappliedAmt"] = 0
        draft = Draft(body, record, number=record.number, party=record.party, txn_date=record.txn_date)
        draft.side, draft.status = self.side, "void"
        return self.store_change(work, record, draft)

    def before_delete(self, work: Work, record: Record) -> None:
        self.refuse_frozen(record)
        refuse_merchant(record, "6120", "The transaction can't be deleted since it's a MAS transaction")
        super().before_delete(work, record)

    def refuse_frozen(self, record: Record) -> None:
        """A deposited payment cannot be touched; raises 6540."""
        links.refuse_deposited(record)

    def pays_for(self, work: Work, draft: Draft, record: Record) -> bool:
        """Whether the party may settle a document of another one."""
        return False

    def refuse_foreign(self, entity: str, id: str) -> NoReturn:
        """The document is another party's."""
        raise ServiceFault("620", f"Txn ID Cannot Be Linked: {entity} {id} belongs to another name")

    def _check_links(self, work: Work, draft: Draft) -> int:
        """The net amount applied; raises for targets that cannot take it. Repeated targets add up."""
        if draft.old is not None:
            self.refuse_frozen(draft.old)
            refuse_merchant(draft.old, "6110", "The transaction can't be updated since it's a MAS transaction")
        for line in draft.body.get("Line") or []:
            if line.get("Amount") is None:
                missing("Amount")
            line["Amount"] = amount(_in_range(line["Amount"]))
        before: dict[tuple[str, str], int] = {}
        for link in links.of_body(draft.old.body) if draft.old else []:
            before[(link.entity, link.id)] = before.get((link.entity, link.id), 0) + link.cents
        wanted: dict[tuple[str, str], int] = {}
        for link in links.of_body(draft.body):
            if link.entity not in self.linkable:
                raise ServiceFault("620", f"Txn ID Cannot Be Linked: {link.entity[:40]} cannot be linked here")
            wanted[(link.entity, link.id)] = wanted.get((link.entity, link.id), 0) + link.cents
        applied = 0
        for (entity, id), cents in wanted.items():
            record = links.target(work, Link(entity, id, cents), side=self.side)
            if record.party != draft.party and not self.pays_for(work, draft, record):
                self.refuse_foreign(entity, id)
            if cents > abs(record.balance_cents) + before.get((entity, id), 0):
                business(f"The amount applied to {entity} {id} is greater than its open balance.")
            applied += cents * links.sign(record)
            self.describe_target(draft.body["Line"], record, before.get((entity, id), 0))
        return applied

    def describe_target(self, lines: list[Body], record: Record, paid: int) -> None:
        """Say on the lines what is paid, of which `paid` cents were before; not all payments do."""


class PaymentKind(SettlementKind):
    entity = "Payment"
    side = "receivable"
    party_ref = "CustomerRef"
    party_entity = "Customer"
    linkable = frozenset({"Invoice", "CreditMemo", "JournalEntry"})
    lengths = {"PaymentRefNum": 21, "PrivateNote": 4000}
    read_only = frozenset({"Balance", "LinkedTxn", "UnappliedAmt", "DocNumber"})

    def describe_target(self, lines: list[Body], record: Record, paid: int) -> None:
        number = {"txnReferenceNumber": record.number} if record.number else {}
        open_balance = f"{Decimal(abs(record.balance_cents) + paid).scaleb(-2):.2f}"
        about = extension(txnId=record.id, txnOpenBalance=open_balance, **number)
        for line in lines:
            if any(
                (each["TxnType"], each["TxnId"]) == (record.entity, record.id) for each in line.get("LinkedTxn") or []
            ):
                line["LineEx"] = about

    def pays_for(self, work: Work, draft: Draft, record: Record) -> bool:
        """A parent pays for the jobs that bill with it."""
        kind, _, id = (record.party or "").partition(":")
        job = work.find(kind, id) if kind == "Customer" else None
        while job is not None and job.body.get("BillWithParent") and job.body.get("ParentRef"):
            above = job.body["ParentRef"]["value"]
            if draft.party == f"Customer:{above}":
                return True
            job = work.find("Customer", above)
        return False

    def client_key(self, body: Body) -> str | None:
        number = body.get("PaymentRefNum")
        return str(number) if number else super().client_key(body)

    def fill(self, work: Work, draft: Draft) -> None:
        super().fill(work, draft)
        draft.body["UnappliedAmt"] = amount(-draft.balance)
        draft.body.setdefault("ProcessPayment", False)
        draft.number = draft.body.get("PaymentRefNum") or None

    def bank_leg(self, work: Work, draft: Draft, total: int) -> Line:
        ref = draft.body.get("DepositToAccountRef")
        account = (
            work.resolve("Account", ref, element="DepositToAccountRef")
            if ref
            else work.first_account("Other Current Asset", "UndepositedFunds")
        )
        if account is None:
            business("The company has no Undeposited Funds account.")
        if account.body["AccountType"] not in ("Bank", "Other Current Asset"):
            raise ServiceFault("6430", f"Invalid account type used : {account.body['Name']}", "DepositToAccountRef")
        draft.body["DepositToAccountRef"] = {"value": account.id}
        return Line(account.id, total)


class BillPaymentKind(SettlementKind):
    entity = "BillPayment"
    side = "payable"
    party_ref = "VendorRef"
    party_entity = "Vendor"
    linkable = frozenset({"Bill", "VendorCredit", "JournalEntry"})
    read_only = frozenset({"Balance", "LinkedTxn", "UnappliedAmt"})

    def refuse_foreign(self, entity: str, id: str) -> NoReturn:
        business(f"Vendor mismatch: {entity} {id} belongs to another vendor.")

    def txn_type(self, body: Body) -> str:
        return "BillPaymentCheck" if body.get("PayType") == "Check" else "BillPaymentCreditCard"

    def fill(self, work: Work, draft: Draft) -> None:
        if not draft.body.get("PayType"):
            missing("PayType")
        super().fill(work, draft)

    def bank_leg(self, work: Work, draft: Draft, total: int) -> Line:
        check = draft.body["PayType"] == "Check"
        holder, name, wanted = (
            ("CheckPayment", "BankAccountRef", "Bank")
            if check
            else ("CreditCardPayment", "CCAccountRef", "Credit Card")
        )
        ref = (draft.body.get(holder) or {}).get(name)
        if not ref:
            missing(name)
        account = work.resolve("Account", ref, element=name)
        if account.body["AccountType"] != wanted:
            raise ServiceFault("6430", f"Invalid account type used : {account.body['Name']}", name)
        return Line(account.id, -total)


def refuse_merchant(record: Record, code: str, why: str) -> None:
    """What the merchant service charged to a card is changed there only."""
    charge = (record.body.get("CreditCardPayment") or {}).get("CreditChargeResponse") or {}
    if charge.get("CCTransId"):
        raise ServiceFault(code, why)


def _in_range(value: Decimal | int) -> int:
    cents = to_cents(value)
    if not 0 <= cents <= LARGEST:
        raise ServiceFault("2240", f"Number out of range. Min:0 Max:999,999,999. Supplied value:{value}", "Amount")
    return cents
