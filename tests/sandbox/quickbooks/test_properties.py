"""After any accepted sequence the books balance, and A/R and A/P are what the documents say is open."""

from collections import Counter
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

ACTS = (
    "invoice", "memo", "bill", "credit", "journal", "owed", "pay", "pay", "paybill", "paybill", "change", "change",
    "void", "delete", "receipt", "refund", "purchase", "deposit", "transfer", "paper", "charge",
)  # fmt: skip
CENTS = st.integers(1, 500_000).map(lambda cents: str(Decimal(cents) / 100))
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), CENTS, st.integers(0, 50)), min_size=6, max_size=18)

# What can be changed, by the template whose lines it takes.
CHANGED = {
    "Invoice": "invoice", "Bill": "bill", "Payment": "payment", "SalesReceipt": "receipt", "Purchase": "purchase",
    "CreditMemo": "invoice", "VendorCredit": "bill", "RefundReceipt": "refund", "JournalEntry": "journal",
    "Transfer": "transfer", "Estimate": "invoice", "PurchaseOrder": "bill",
}  # fmt: skip
DELETED = (
    "Invoice", "Bill", "Payment", "JournalEntry", "CreditMemo", "BillPayment", "VendorCredit", "Deposit", "Purchase",
    "SalesReceipt", "RefundReceipt", "Transfer", "Estimate", "PurchaseOrder",
)  # fmt: skip
ON_ACCOUNT = 4
VOIDED = {
    "Invoice": "operation=void",
    "Payment": "operation=update&include=void",
    "BillPayment": "operation=update&include=void",
    "SalesReceipt": "operation=update&include=void",
}


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
            "refund": a_receipt(books, 0, DepositToAccountRef=self.bank),
        }
        name = {"Type": "Customer", "EntityRef": self.customer}
        self.templates["journal"]["Line"][0]["JournalEntryLineDetail"]["Entity"] = name
        self.owed = a_journal(books, ("Credit", "2000", 0), ("Debit", "5000", 0))
        self.owed["Line"][0]["JournalEntryLineDetail"]["Entity"] = {"Type": "Vendor", "EntityRef": self.vendor}
        ends = {"FromAccountRef": self.bank, "ToAccountRef": {"value": books.id("Account", "1300")}}
        self.transfer = {**ends, "TxnDate": "2026-11-05"}
        # How often each kind of write was accepted.
        self.accepted: Counter[str] = Counter()

    def do(self, act: str, amount: str, pick: int) -> None:
        getattr(self, f"_{act}")(amount, pick)

    def _write(self, path: str, body: dict[str, Any]) -> None:
        answer = self.books.request("POST", path, json=body)
        assert answer.status_code in (200, 400), answer.text
        entity, _, query = path.partition("?")
        word = next((word for word in ("void", "delete") if word in query), "update" if "Id" in body else "create")
        self.accepted[f"{word} {entity}"] += answer.status_code == 200

    def some(self, pick: int, *entities: str) -> dict[str, Any] | None:
        """One of the live documents of these kinds, as the API shows it."""
        found = [row for row in self.books.sandbox.documents(self.books.company) if row["entity"] in entities]
        if not found:
            return None
        row = found[pick % len(found)]
        return {"entity": row["entity"], **self.books.get(f"{row['entity'].lower()}/{row['id']}")}

    def _taken(self, found: dict[str, Any], amount: str, pick: int) -> str:
        """What a payment takes off a document: mostly a part of what is open or all of it, at times too much."""
        left = Decimal(str(found.get("Balance", "0.00")))
        return str((left / 2).quantize(Decimal("0.01")) if pick % 3 else left) if left and pick % 7 else amount

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

    def _owed(self, amount: str, pick: int) -> None:
        """A journal on A/P."""
        self._write("journalentry", {**self.owed, "Line": [{**line, "Amount": amount} for line in self.owed["Line"]]})

    def _pay(self, amount: str, pick: int) -> None:
        """An invoice, and every second time credits with it; every fifth payment waits on account."""
        lines = []
        for entity in ("Invoice", "CreditMemo", "JournalEntry")[: 0 if pick % 5 == ON_ACCOUNT else 1 + 2 * (pick % 2)]:
            found = self.some(pick, entity)
            if found:
                share = self._taken(found, "2.00", pick)
                lines.append({"Amount": share, "LinkedTxn": [{"TxnId": found["Id"], "TxnType": entity}]})
        total = lines[0]["Amount"] if lines else amount
        self._write("payment", {**self.templates["payment"], "TotalAmt": total, "Line": lines})

    def _paybill(self, amount: str, pick: int) -> None:
        """A bill, and every second time a credit of the vendor taken off it."""
        lines = []
        for entity in ("Bill", "VendorCredit")[: 1 + pick % 2]:
            found = self.some(pick, entity)
            if found:
                share = self._taken(found, "1.00", pick)
                lines.append({"Amount": share, "LinkedTxn": [{"TxnId": found["Id"], "TxnType": entity}]})
        shares = [Decimal(str(line["Amount"])) for line in lines]
        total = sum(shares[:1]) - sum(shares[1:])
        check = {"BankAccountRef": self.bank}
        body = {"VendorRef": self.vendor, "PayType": "Check", "CheckPayment": check, "Line": lines}
        self._write("billpayment", {**body, "TotalAmt": str(max(total, Decimal(0))) if lines else amount})

    def _receipt(self, amount: str, pick: int) -> None:
        self._write("salesreceipt", self._filled("receipt", amount))

    def _refund(self, amount: str, pick: int) -> None:
        self._write("refundreceipt", self._filled("refund", amount))

    def _purchase(self, amount: str, pick: int) -> None:
        """Every second one is billable, so that an invoice can take it."""
        body = self._filled("purchase", amount)
        if pick % 2:
            detail = body["Line"][0]["AccountBasedExpenseLineDetail"]
            billable = {"BillableStatus": "Billable", "CustomerRef": self.customer}
            body["Line"][0]["AccountBasedExpenseLineDetail"] = {**detail, **billable}
        self._write("purchase", body)

    def _charge(self, amount: str, pick: int) -> None:
        cost = self.some(pick, "Purchase")
        links = [{"TxnId": cost["Id"], "TxnType": "ReimburseCharge"}] if cost else []
        self._write("invoice", {**self._filled("invoice", amount), "LinkedTxn": links})

    def _deposit(self, amount: str, pick: int) -> None:
        found = self.some(pick, "Payment", "SalesReceipt")
        if found:
            self._write("deposit", a_deposit(self.books, (found["entity"], found["Id"])))

    def _transfer(self, amount: str, pick: int) -> None:
        self._write("transfer", {**self.transfer, "Amount": amount})

    def _paper(self, amount: str, pick: int) -> None:
        entity, template = (("estimate", "invoice"), ("purchaseorder", "bill"))[pick % 2]
        self._write(entity, self._filled(template, amount))

    def _change(self, amount: str, pick: int) -> None:
        self.change(amount, self.some(pick, *CHANGED))

    def change(self, amount: str, found: dict[str, Any] | None) -> None:
        if not found:
            return
        entity = found["entity"]
        body = {**self.transfer, "Amount": amount} if entity == "Transfer" else self._filled(CHANGED[entity], amount)
        if entity == "Payment":
            body = {**body, "TotalAmt": amount, "Line": []}
        self._write(entity.lower(), {**body, "Id": found["Id"], "SyncToken": found["SyncToken"]})

    def _void(self, amount: str, pick: int) -> None:
        found = self.some(pick, *VOIDED)
        if found:
            self.operate(found, VOIDED[found["entity"]])

    def _delete(self, amount: str, pick: int) -> None:
        found = self.some(pick, *DELETED)
        if found:
            self.operate(found, "operation=delete")

    def operate(self, found: dict[str, Any], query: str) -> None:
        body = {"Id": found["Id"], "SyncToken": found["SyncToken"], "sparse": True}
        self._write(f"{found['entity'].lower()}?{query}", body)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_books_always_balance(sandbox: Running, steps: list[tuple[str, str, int]]) -> None:
    bookkeeper = Bookkeeper(Books(sandbox))
    for act in ("invoice", "memo", "journal", "bill", "receipt", "purchase"):
        bookkeeper.do(act, "300.00", 1)
    bookkeeper.do("pay", "100.00", 0)
    for act, amount, pick in steps:
        bookkeeper.do(act, amount, pick)
    assert_balanced(bookkeeper.books)


def test_every_kind_of_write_is_accepted_somewhere(sandbox: Running) -> None:
    """A property over refusals alone would prove nothing."""
    bookkeeper = Bookkeeper(Books(sandbox))
    made = (
        "invoice",
        "memo",
        "bill",
        "credit",
        "journal",
        "receipt",
        "refund",
        "purchase",
        "transfer",
        "paper",
        "paper",
    )
    for number, act in enumerate(made):
        bookkeeper.do(act, "300.00", number)
    bookkeeper.do("pay", "300.00", ON_ACCOUNT)
    for entity in CHANGED:
        bookkeeper.change("12.34", bookkeeper.some(-1, entity))
    for act in ("owed", "pay", "paybill", "deposit", "charge"):
        bookkeeper.do(act, "2.00", 1)
    assert_balanced(bookkeeper.books)
    for entity in ("Deposit", *sorted(set(DELETED) - {"Deposit"}, key=lambda name: "Payment" not in name)):
        while found := bookkeeper.some(-1, entity):
            if entity in VOIDED and not bookkeeper.accepted[f"void {entity.lower()}"]:
                bookkeeper.operate(found, VOIDED[entity])
            bookkeeper.operate(bookkeeper.some(-1, entity) or found, "operation=delete")
    wanted = {
        *(f"create {entity.lower()}" for entity in (*DELETED, "Bill")),
        *(f"update {entity.lower()}" for entity in CHANGED),
        *(f"delete {entity.lower()}" for entity in DELETED),
        *(f"void {entity.lower()}" for entity in VOIDED),
    }
    assert wanted <= {word for word, times in bookkeeper.accepted.items() if times}
    assert_balanced(bookkeeper.books)


def assert_balanced(books: Books) -> None:
    """The trial balance is zero, here and in the report, and A/R and A/P are what the documents say is open."""
    balances = books.sandbox.trial_balance(books.company)
    assert sum(balances.values()) == 0
    open_items = {"Customer": Decimal(0), "Vendor": Decimal(0)}
    for document in books.sandbox.documents(books.company):
        if Decimal(document["balance"]):
            open_items[document["party"].split(":")[0]] += Decimal(document["balance"])
    debits, credits = _reported(books)
    assert debits == credits
    assert balances["1100"] == open_items["Customer"]
    assert balances["2000"] == -open_items["Vendor"]


def _reported(books: Books) -> list[str]:
    """Debits and credits of the trial balance as the API reports it; nothing of books in which everything is gone."""
    rows = books.request("GET", "reports/TrialBalance").json()["Rows"].get("Row")
    return [cell["value"] for cell in rows[-1]["Summary"]["ColData"][1:]] if rows else ["", ""]
