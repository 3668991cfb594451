"""The chart of accounts."""

from typing import Any, NamedTuple

from sandbox import wire
from sandbox.books import Line, Side
from sandbox.quickbooks.faults import ServiceFault, business, missing
from sandbox.quickbooks.kinds import Draft
from sandbox.quickbooks.lists.base import ListKind, forbid
from sandbox.quickbooks.money import amount, to_cents
from sandbox.quickbooks.work import Work
from sandbox.store import Record


class TypeFacts(NamedTuple):
    classification: str
    default_subtype: str


TYPES = {
    "Bank": TypeFacts("Asset", "CashOnHand"),
    "Accounts Receivable": TypeFacts("Asset", "AccountsReceivable"),
    "Other Current Asset": TypeFacts("Asset", "EmployeeCashAdvances"),
    "Fixed Asset": TypeFacts("Asset", "FurnitureAndFixtures"),
    "Other Asset": TypeFacts("Asset", "Licenses"),
    "Accounts Payable": TypeFacts("Liability", "AccountsPayable"),
    "Credit Card": TypeFacts("Liability", "CreditCard"),
    "Other Current Liability": TypeFacts("Liability", "OtherCurrentLiabilities"),
    "Long Term Liability": TypeFacts("Liability", "NotesPayable"),
    "Equity": TypeFacts("Equity", "OpeningBalanceEquity"),
    "Income": TypeFacts("Revenue", "OtherPrimaryIncome"),
    "Other Income": TypeFacts("Revenue", "OtherInvestmentIncome"),
    "Cost of Goods Sold": TypeFacts("Expense", "CostOfLaborCos"),
    "Expense": TypeFacts("Expense", "Travel"),
    "Other Expense": TypeFacts("Expense", "Depreciation"),
}
SUBTYPE_OF = {facts.default_subtype: name for name, facts in TYPES.items()} | {
    "Retainage": "Other Current Asset",
    "UndepositedFunds": "Other Current Asset",
    "OtherCurrentAssets": "Other Current Asset",
    "PrepaidExpenses": "Other Current Asset",
    "Checking": "Bank",
    "Savings": "Bank",
    "SalesTaxPayable": "Other Current Liability",
    "RetainedEarnings": "Equity",
    "OwnersEquity": "Equity",
    "SalesOfProductIncome": "Income",
    "ServiceFeeIncome": "Income",
    "DiscountsRefundsGiven": "Income",
    "SuppliesMaterialsCogs": "Cost of Goods Sold",
    "EquipmentRentalCos": "Cost of Goods Sold",
    "OtherCostsOfServiceCos": "Cost of Goods Sold",
}
CONTROLS: dict[str, Side] = {"Accounts Receivable": "receivable", "Accounts Payable": "payable"}
NUMBER_LENGTH = {"AU": 20, "CA": 20}
STAND_ALONE = frozenset(
    {
        "OpeningBalanceEquity",
        "UndepositedFunds",
        "RetainedEarnings",
        "CashReceiptIncome",
        "CashExpenditureExpense",
        "ExchangeGainOrLoss",
    }
)
CREDIT_SIDE = frozenset({"Liability", "Equity", "Revenue"})


class AccountKind(ListKind):
    entity = "Account"
    space = "account"
    lengths = {"Name": 100, "Description": 100}
    read_only = frozenset({"Classification", "CurrentBalance", "CurrentBalanceWithSubAccounts", "FullyQualifiedName"})
    kept_on_full_update = frozenset({"CurrencyRef", "AccountType", "AccountSubType"})

    def compose(self, work: Work, draft: Draft) -> None:
        body = draft.body
        if not body.get("Name"):
            missing("Name")
        forbid("Name", body["Name"], '":')
        self._classify(body)
        body["SubAccount"] = "ParentRef" in body
        self.place(work, draft)
        self._check_parent(work, body)
        self._number(work, draft)
        if draft.old is None:
            self._check_opening(body)
        body.setdefault("CurrencyRef", {"value": work.settings.get("currency", "USD")})
        self.retire(draft)
        self.claim_name(work, draft, body["FullyQualifiedName"])

    def _check_parent(self, work: Work, body: dict[str, Any]) -> None:
        """A sub-account is of its parent's type, and some kinds stand alone; raises 700."""
        if not body.get("ParentRef"):
            return
        parent = work.resolve("Account", body["ParentRef"], element="ParentRef")
        alone = {body["AccountSubType"], parent.body["AccountSubType"]} & STAND_ALONE
        if parent.body["AccountType"] != body["AccountType"] or alone:
            raise ServiceFault("700", "Parent Reference Invalid : The parent must be of the same type", "ParentRef")

    def _check_opening(self, body: dict[str, Any]) -> None:
        if not body.get("OpeningBalance"):
            return
        if not body.get("OpeningBalanceDate"):
            raise ServiceFault("6060", "OpeningBalanceDate is required with OpeningBalance", "OpeningBalanceDate")
        if body["Classification"] not in ("Asset", "Liability", "Equity") or body["AccountType"] in CONTROLS:
            business("An opening balance can be given only for accounts of the balance sheet.")
        body["OpeningBalance"] = amount(to_cents(body["OpeningBalance"]))

    def _open(self, work: Work, record: Record) -> None:
        """Book the opening balance against the company's own account for it."""
        cents = to_cents(record.body.get("OpeningBalance"))
        other = work.first_account("Equity", "OpeningBalanceEquity")
        if not cents or other is None:
            return
        signed = -cents if record.body["Classification"] in CREDIT_SIDE else cents
        lines = [Line(record.id, signed), Line(other.id, -signed)]
        work.sandbox.books.post(work.company.id, self.entity, record.id, record.body["OpeningBalanceDate"], lines)

    def saved(self, work: Work, record: Record, draft: Draft) -> None:
        super().saved(work, record, draft)
        kind = record.body["AccountType"]
        work.sandbox.books.declare(
            work.company.id,
            id=record.id,
            code=record.body.get("AcctNum", ""),
            name=record.body["Name"],
            type=kind,
            side=CONTROLS.get(kind),
        )
        work.memory.clear()
        work.sandbox.store.memo.clear()
        if draft.old is None:
            self._open(work, record)

    def present(self, work: Work, record: Record) -> str:
        cents = self._balance(work, record)
        shown = amount(-cents if record.body["Classification"] in CREDIT_SIDE else cents)
        return wire.dumps({**record.body, "CurrentBalance": shown, "CurrentBalanceWithSubAccounts": shown})

    def _balance(self, work: Work, record: Record) -> int:
        books, company = work.sandbox.books, work.company.id
        if not work.many:
            return books.balance(company, record.id)
        if "balances" not in work.memory:
            work.memory["balances"] = books.balances(company)
        return int(work.memory["balances"].get(record.id, 0))

    def _classify(self, body: dict[str, object]) -> None:
        kind, subtype = body.get("AccountType"), body.get("AccountSubType")
        if not kind and not subtype:
            raise ServiceFault(
                "6010", "Account type or subtype is required : AccountType or AccountSubType", "AccountType"
            )
        if not kind:
            kind = SUBTYPE_OF.get(str(subtype))
        if kind not in TYPES:
            raise ServiceFault("2170", f"Invalid Enumeration : {subtype}", "AccountSubType")
        facts = TYPES[str(kind)]
        body["AccountType"] = kind
        body["AccountSubType"] = str(subtype or facts.default_subtype).replace(" ", "")
        body["Classification"] = facts.classification

    def _number(self, work: Work, draft: Draft) -> None:
        number = draft.body.get("AcctNum")
        if not number:
            draft.body.pop("AcctNum", None)
            return
        limit = NUMBER_LENGTH.get(str(work.settings.get("country")), 7)
        if len(number) > limit:
            raise ServiceFault(
                "2050",
                "String length specified does not match the supported length. "
                f"Min:0 Max:{limit} supported. Supplied length:{len(number)}",
                "AcctNum",
            )
        forbid("AcctNum", number, ":")
        for other in work.sandbox.store.by_number(work.company.id, number):
            if other.entity == "Account" and (draft.old is None or other.id != draft.old.id):
                business("Another account is already using this number. Please use a different number.")
        draft.number = number
