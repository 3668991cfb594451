"""After any accepted sequence the books balance, and A/R and A/P are what the documents say is open."""

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.quickbooks.books import (
    Books,
    a_bill,
    a_deposit,
    a_journal,
    a_payment,
    a_purchase,
    a_receipt,
    an_invoice,
)
from tests.sandbox.running import Running

CENTS = st.integers(1, 500_000).map(lambda cents: str(Decimal(cents) / 100))
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "invoice",
                "memo",
                "bill",
                "credit",
                "journal",
                "pay",
                "pay",
                "paybill",
                "change",
                "void",
                "delete",
                "voidpay",
                "receipt",
                "refund",
                "purchase",
                "deposit",
                "transfer",
                "paper",
                "charge",
            ]
        ),
        CENTS,
        st.integers(0, 50),
    ),
    min_size=6,
    max_size=18,
)

CHANGED = (
    ("Invoice", "invoice"),
    ("Bill", "bill"),
    ("Payment", "payment"),
    ("SalesReceipt", "receipt"),
    ("Purchase", "purchase"),
)
DELETED = (
    "Invoice", "Bill", "Payment", "JournalEntry", "CreditMemo", "BillPayment", "VendorCredit", "Deposit", "Purchase",
    "SalesReceipt", "RefundReceipt", "Transfer", "Estimate",
)  # fmt: skip


class Bookkeeper:
    """Does what a step says as far as the vendor lets it; refusals are part of the game."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.customer = {"value": books.id("Customer", "Harbor Point Builders")}
        self.vendor = {"value": books.id("Vendor", "Blue Ridge Drywall")}
        self.bank = {"value": books.id("Account", "1000")}
        self.templates = {
            "invoice": an_invoice(books, 0, retainage=0),
            "bill": a_bill(books, 0),
            "journal": a_journal(books, ("Debit", "1100", 0), ("Credit", "4000", 0)),
            "payment": a_payment(books, 0),
            "receipt": a_receipt(books, 0),
            "purchase": a_purchase(books, 0),
        }
        name = {"Type": "Customer", "EntityRef": self.customer}
        self.templates["journal"]["Line"][0]["JournalEntryLineDetail"]["Entity"] = name

    def do(self, act: str, amount: str, pick: int) -> None:
        getattr(self, f"_{act}")(amount, pick)

    def _write(self, path: str, body: dict[str, Any]) -> None:
        answer = self.books.request("POST", path, json=body)
        assert answer.status_code in (200, 400), answer.text

    def _some(self, entity: str, pick: int) -> dict[str, Any] | None:
        rows = self.books.query(f"select * from {entity} orderby Id")  # noqa: S608  the vendor's language
        return rows[pick % len(rows)] if rows else None

    def _filled(self, template: str, amount: str) -> dict[str, Any]:
        body = self.templates[template]
        return {**body, "Line": [{**line, "Amount": amount} for line in body["Line"]]}

    def _invoice(self, amount: str, pick: int) -> None:
        self._write("invoice", self._filled("invoice", amount))

    def _memo(self, amount: str, pick: int) -> None:
        self._write("creditmemo", self._filled("invoice", amount))

    def _bill(self, amount: str, pick: int) -> None:
        self._write("bill", self._filled("bill", amount))

    def _credit(self, amount: str, pick: int) -> None:
        self._write("vendorcredit", self._filled("bill", amount))

    def _journal(self, amount: str, pick: int) -> None:
        body = self._filled("journal", amount)
        if pick % 2:
            for line, side in zip(body["Line"], ("Credit", "Debit"), strict=True):
                line["JournalEntryLineDetail"] = {**line["JournalEntryLineDetail"], "PostingType": side}
        self._write("journalentry", body)

    def _pay(self, amount: str, pick: int) -> None:
        lines = []
        for entity, share in (("Invoice", amount), ("CreditMemo", "1.00"), ("JournalEntry", "2.00")):
            found = self._some(entity, pick)
            if found and pick % 3 != 2:
                lines.append({"Amount": share, "LinkedTxn": [{"TxnId": found["Id"], "TxnType": entity}]})
        self._write("payment", {**self.templates["payment"], "TotalAmt": amount, "Line": lines})

    def _paybill(self, amount: str, pick: int) -> None:
        found = self._some("Bill", pick)
        lines = [{"Amount": amount, "LinkedTxn": [{"TxnId": found["Id"], "TxnType": "Bill"}]}] if found else []
        check = {"BankAccountRef": self.bank}
        body = {"VendorRef": self.vendor, "TotalAmt": amount, "PayType": "Check", "CheckPayment": check, "Line": lines}
        self._write("billpayment", body)

    def _receipt(self, amount: str, pick: int) -> None:
        self._write("salesreceipt", self._filled("receipt", amount))

    def _refund(self, amount: str, pick: int) -> None:
        self._write("refundreceipt", {**self._filled("receipt", amount), "DepositToAccountRef": self.bank})

    def _purchase(self, amount: str, pick: int) -> None:
        """Every second one is billable, so that an invoice can take it."""
        body = self._filled("purchase", amount)
        if pick % 2:
            detail = body["Line"][0]["AccountBasedExpenseLineDetail"]
            billable = {"BillableStatus": "Billable", "CustomerRef": self.customer}
            body["Line"][0]["AccountBasedExpenseLineDetail"] = {**detail, **billable}
        self._write("purchase", body)

    def _charge(self, amount: str, pick: int) -> None:
        cost = self._some("Purchase", pick)
        links = [{"TxnId": cost["Id"], "TxnType": "ReimburseCharge"}] if cost else []
        self._write("invoice", {**self._filled("invoice", amount), "LinkedTxn": links})

    def _deposit(self, amount: str, pick: int) -> None:
        entity = ("Payment", "SalesReceipt")[pick % 2]
        found = self._some(entity, pick)
        if found:
            self._write("deposit", a_deposit(self.books, (entity, found["Id"])))

    def _transfer(self, amount: str, pick: int) -> None:
        ends = {"FromAccountRef": self.bank, "ToAccountRef": {"value": self.books.id("Account", "1300")}}
        self._write("transfer", {**ends, "Amount": amount, "TxnDate": "2026-11-05"})

    def _paper(self, amount: str, pick: int) -> None:
        entity, template = (("estimate", "invoice"), ("purchaseorder", "bill"))[pick % 2]
        self._write(entity, self._filled(template, amount))

    def _change(self, amount: str, pick: int) -> None:
        entity, template = CHANGED[pick % len(CHANGED)]
        found = self._some(entity, pick)
        if found:
            body = {**self._filled(template, amount), "Id": found["Id"], "SyncToken": found["SyncToken"]}
            self._write(entity.lower(), {**body, **({"TotalAmt": amount} if entity == "Payment" else {})})

    def _void(self, amount: str, pick: int) -> None:
        self._operate("Invoice", "operation=void", pick)

    def _voidpay(self, amount: str, pick: int) -> None:
        entities = ("Payment", "BillPayment", "SalesReceipt")
        self._operate(entities[pick % len(entities)], "operation=update&include=void", pick)

    def _delete(self, amount: str, pick: int) -> None:
        self._operate(DELETED[pick % len(DELETED)], "operation=delete", pick)

    def _operate(self, entity: str, query: str, pick: int) -> None:
        found = self._some(entity, pick)
        if found:
            body = {"Id": found["Id"], "SyncToken": found["SyncToken"], "sparse": True}
            self._write(f"{entity.lower()}?{query}", body)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_books_always_balance(sandbox: Running, steps: list[tuple[str, str, int]]) -> None:
    bookkeeper = Bookkeeper(Books(sandbox))
    for act in ("invoice", "memo", "journal", "bill", "receipt", "purchase"):
        bookkeeper.do(act, "300.00", 1)
    bookkeeper.do("pay", "100.00", 0)
    for act, amount, pick in steps:
        bookkeeper.do(act, amount, pick)
    balances = sandbox.trial_balance(bookkeeper.books.company)
    assert sum(balances.values()) == 0
    open_items = {"Customer": Decimal(0), "Vendor": Decimal(0)}
    for document in sandbox.documents(bookkeeper.books.company):
        if Decimal(document["balance"]):
            open_items[document["party"].split(":")[0]] += Decimal(document["balance"])
    debits, credits = _reported(bookkeeper.books)
    assert debits == credits
    assert balances["1100"] == open_items["Customer"]
    assert balances["2000"] == -open_items["Vendor"]


def _reported(books: Books) -> list[str]:
    """Debits and credits of the trial balance as the API reports it."""
    rows = books.request("GET", "reports/TrialBalance").json()["Rows"]["Row"]
    return [cell["value"] for cell in rows[-1]["Summary"]["ColData"][1:]]
