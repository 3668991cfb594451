"""Paying a credit card off from the bank."""

from sandbox.books import Line
from sandbox.quickbooks.faults import ServiceFault, missing
from sandbox.quickbooks.kinds import Draft
from sandbox.quickbooks.money import amount, to_cents
from sandbox.quickbooks.transactions.base import TransactionKind
from sandbox.quickbooks.transactions.cash import account_of
from sandbox.quickbooks.work import Work


class CreditCardPaymentKind(TransactionKind):
    entity = "CreditCardPayment"
    foreign = False
    lengths = {"PrivateNote": 4000, "Memo": 4000, "CheckNum": 21}

    def fill(self, work: Work, draft: Draft) -> None:
        body = draft.body
        card = account_of(work, body, "CreditCardAccountRef", ("Credit Card",))
        bank = account_of(work, body, "BankAccountRef", ("Bank",))
        if body.get("Amount") is None:
            missing("Amount")
        cents = to_cents(body["Amount"])
        if cents <= 0:
            raise ServiceFault("2140", f"Invalid Amount : Supplied value:{body['Amount']}", "Amount")
        if body.get("VendorRef"):
            draft.party = f"Vendor:{work.resolve('Vendor', body['VendorRef'], element='VendorRef').id}"
        body.setdefault("PrintStatus", "NotSet")
        body["Amount"], draft.total = amount(cents), cents
        draft.lines = [Line(card.id, cents), Line(bank.id, -cents)]
