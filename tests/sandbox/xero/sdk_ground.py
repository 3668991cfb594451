"""An organisation with one of everything, made through xero-python, and the bodies to make more."""

from datetime import date
from typing import Any

from xero_python import accounting as xero

from tests.sandbox.xero.sdk import Sdk

DAY = date(2026, 10, 1)


class Ground(Sdk):
    """An organisation with one of each, all made through the library."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.counter = 0
        self.ids = {
            "contact": self.call("create_contacts", xero.Contacts(contacts=[self.contact()])).contacts[0].contact_id,
            "account": self.an_account().account_id,
            "bank": self.call("get_accounts", where='Type=="BANK"').accounts[0].account_id,
            "item": self.an_item().item_id,
        }
        self.ids |= {"invoice": self.an_invoice().invoice_id, "credit_note": self.a_note().credit_note_id}
        self.ids |= {"payment": self.a_payment().payment_id, "batch_payment": self.a_batch().batch_payment_id}
        self.ids |= {"manual_journal": self.a_journal().manual_journal_id}
        self.ids |= {"purchase_order": self.an_order().purchase_order_id}
        self.ids["bank_transaction"] = self.money("SPEND").bank_transaction_id
        self.ids["prepayment"] = self.money("RECEIVE-PREPAYMENT").prepayment_id
        self.ids["overpayment"] = self.money("RECEIVE-OVERPAYMENT").overpayment_id
        self.ids |= {"bank_transfer": self.a_transfer().bank_transfer_id, "quote": self.a_quote().quote_id}
        self.ids["linked_transaction"] = self.a_link().linked_transaction_id
        self.ids["contact_group"] = self.a_group().contact_group_id
        category = self.call("get_tracking_categories").tracking_categories[0]
        self.ids |= {"category": category.tracking_category_id, "option": category.options[0].tracking_option_id}

    def name(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix} {self.counter}"

    def contact(self, **more: Any) -> xero.Contact:
        return xero.Contact(**{"name": self.name("Contact"), "contact_number": self.name("C"), **more})

    def line(self, account: str = "200", **more: Any) -> xero.LineItem:
        return xero.LineItem(description="Work", quantity=1, unit_amount=100, account_code=account, **more)

    def invoice(self, **more: Any) -> xero.Invoice:
        known = {"type": "ACCREC", "contact": xero.Contact(contact_id=self.ids["contact"]), "date": DAY}
        known |= {"due_date": DAY, "line_items": [self.line()], "status": "AUTHORISED"}
        return xero.Invoice(**{**known, "invoice_number": self.name("INV"), **more})

    def invoices(self, **more: Any) -> xero.Invoices:
        return xero.Invoices(invoices=[self.invoice(**more)])

    def an_invoice(self, **more: Any) -> Any:
        return self.call("create_invoices", self.invoices(**more)).invoices[0]

    def notes(self, **more: Any) -> xero.CreditNotes:
        known = {"type": "ACCRECCREDIT", "contact": xero.Contact(contact_id=self.ids["contact"]), "date": DAY}
        found = xero.CreditNote(**{**known, "line_items": [self.line()], "status": "AUTHORISED", **more})
        return xero.CreditNotes(credit_notes=[found])

    def a_note(self, **more: Any) -> Any:
        return self.call("create_credit_notes", self.notes(**more)).credit_notes[0]

    def allocations(self, amount: float = 1) -> xero.Allocations:
        target = xero.Invoice(invoice_id=self.an_invoice().invoice_id)
        return xero.Allocations(allocations=[xero.Allocation(amount=amount, date=DAY, invoice=target)])

    def payment(self) -> xero.Payment:
        target = xero.Invoice(invoice_id=self.an_invoice().invoice_id)
        account = xero.Account(account_id=self.ids["bank"])
        return xero.Payment(invoice=target, account=account, amount=10, date=DAY)

    def a_payment(self) -> Any:
        return self.call("create_payments", xero.Payments(payments=[self.payment()])).payments[0]

    def a_batch(self) -> Any:
        rows = [xero.Payment(invoice=xero.Invoice(invoice_id=self.an_invoice().invoice_id), amount=5)]
        account = xero.Account(account_id=self.ids["bank"])
        body = xero.BatchPayment(account=account, date=DAY, payments=rows, reference="Run")
        found = self.call("create_batch_payment", xero.BatchPayments(batch_payments=[body]))
        return found.batch_payments[0]

    def journals(self, **more: Any) -> xero.ManualJournals:
        lines = [
            xero.ManualJournalLine(line_amount=sum_, account_code=code) for sum_, code in ((9, "615"), (-9, "200"))
        ]
        body = {"narration": self.name("Journal"), "date": DAY, "journal_lines": lines, **more}
        return xero.ManualJournals(manual_journals=[xero.ManualJournal(**body)])

    def a_journal(self) -> Any:
        return self.call("create_manual_journals", self.journals()).manual_journals[0]

    def orders(self, **more: Any) -> xero.PurchaseOrders:
        body = {"contact": xero.Contact(contact_id=self.ids["contact"]), "line_items": [self.line("310")]}
        order = xero.PurchaseOrder(**{**body, "date": DAY, "purchase_order_number": self.name("PO-"), **more})
        return xero.PurchaseOrders(purchase_orders=[order])

    def an_order(self) -> Any:
        return self.call("create_purchase_orders", self.orders()).purchase_orders[0]

    def movements(self, kind: str = "SPEND", **more: Any) -> xero.BankTransactions:
        body = {"type": kind, "contact": xero.Contact(contact_id=self.ids["contact"]), "date": DAY}
        body |= {
            "bank_account": xero.Account(account_id=self.ids["bank"]),
            "line_items": [
                self.line("449"),
            ],
        }
        return xero.BankTransactions(bank_transactions=[xero.BankTransaction(**{**body, **more})])

    def money(self, kind: str) -> Any:
        lines = [self.line("200" if kind.startswith("RECEIVE") else "449")]
        found = self.call("create_bank_transactions", self.movements(kind, line_items=lines))
        return found.bank_transactions[0]

    def a_transfer(self) -> Any:
        other = xero.Account(name=self.name("Bank"), type=xero.AccountType.BANK, bank_account_number="1-2")
        target = xero.Account(account_id=self.call("create_account", other).accounts[0].account_id)
        source = xero.Account(account_id=self.ids["bank"])
        body = xero.BankTransfer(from_bank_account=source, to_bank_account=target, amount=5, date=DAY)
        made = self.call("create_bank_transfer", xero.BankTransfers(bank_transfers=[body]))
        return made.bank_transfers[0]

    def quotes(self, **more: Any) -> xero.Quotes:
        body = {"contact": xero.Contact(contact_id=self.ids["contact"]), "date": DAY, "line_items": [self.line()]}
        return xero.Quotes(quotes=[xero.Quote(**{**body, "expiry_date": DAY, **more})])

    def a_quote(self) -> Any:
        return self.call("create_quotes", self.quotes(title="Roof")).quotes[0]

    def a_link(self) -> Any:
        bill = self.an_invoice(type="ACCPAY")
        body = xero.LinkedTransaction(
            source_transaction_id=bill.invoice_id, source_line_item_id=bill.line_items[0].line_item_id
        )
        return self.call("create_linked_transaction", body).linked_transactions[0]

    def items(self, **more: Any) -> xero.Items:
        return xero.Items(items=[xero.Item(**{"code": self.name("I"), "name": "Item", **more})])

    def an_item(self) -> Any:
        return self.call("create_items", self.items()).items[0]

    def an_account(self) -> Any:
        body = xero.Account(
            code=self.name("A").replace(" ", ""), name=self.name("Account"), type=xero.AccountType.EXPENSE
        )
        return self.call("create_account", body).accounts[0]

    def a_group(self) -> Any:
        groups = xero.ContactGroups(contact_groups=[xero.ContactGroup(name=self.name("Group"))])
        return self.call("create_contact_group", groups).contact_groups[0]

    def rates(self, **more: Any) -> xero.TaxRates:
        parts = [xero.TaxComponent(name="Part", rate=5, is_compound=False)]
        return xero.TaxRates(tax_rates=[xero.TaxRate(**{"name": self.name("Rate"), "tax_components": parts, **more})])
