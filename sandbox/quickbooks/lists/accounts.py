"""The chart of accounts."""

from collections import defaultdict
from typing import Any

from sandbox import wire
from sandbox.books import Line, Side
from sandbox.quickbooks.faults import ServiceFault, business, missing
from sandbox.quickbooks.kinds import Draft
from sandbox.quickbooks.lists.account_types import SUBTYPE_OF, TYPES
from sandbox.quickbooks.lists.base import ListKind, currency_ref, forbid, known_currency
from sandbox.quickbooks.money import amount, to_cents
from sandbox.quickbooks.shapes import ENUMS
from sandbox.quickbooks.work import Work
from sandbox.store import Record

SUBTYPES = ENUMS["AccountSubTypeEnum"]
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
LASTING = frozenset(
    {"AccountsReceivable", "AccountsPayable", "OpeningBalanceEquity", "RetainedEarnings", "UndepositedFunds"}
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
        elif draft.old.active and body.get("Active") is False:
            self._refuse_ending(draft.old)
        code = known_currency(work, body.get("CurrencyRef"))
        if draft.old is not None and draft.old.body["CurrencyRef"]["value"] != code:
            business("The currency of an account is set when it is made and cannot be changed.")
        body["CurrencyRef"] = currency_ref(code)
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

    def _refuse_ending(self, old: Record) -> None:
        """What the service itself books on stays; raises 6000."""
        if old.body["AccountSubType"] in LASTING:
            business(f"{old.body['Name']} is an account of the system and cannot be made inactive.")

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
        sign = -1 if record.body["Classification"] in CREDIT_SIDE else 1
        own, whole = self._balance(work, record), self._balance_below(work, record)
        shown = {"CurrentBalance": amount(sign * own), "CurrentBalanceWithSubAccounts": amount(sign * whole)}
        return wire.dumps({**record.body, **shown})

    def _balance_below(self, work: Work, record: Record) -> int:
        """The balance of an account and of everything below it."""
        below = self._subaccounts(work, record)
        return self._balance(work, record) + sum(self._balance_below(work, each) for each in below)

    def _subaccounts(self, work: Work, record: Record) -> list[Record]:
        if not work.many:
            return self.children(work, record)
        if "subaccounts" not in work.memory:
            held = work.memory["subaccounts"] = defaultdict(list)
            for each in work.sandbox.store.select(
                "company=? AND entity='Account' AND party IS NOT NULL", (work.company.id,)
            ):
                held[each.party].append(each)
        found: list[Record] = work.memory["subaccounts"].get(f"Account:{record.id}", [])
        return found

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
        word = str(subtype or "").replace(" ", "")
        kind = kind or SUBTYPE_OF.get(word)
        if kind not in TYPES or (word and (word not in SUBTYPES or SUBTYPE_OF.get(word, kind) != kind)):
            raise ServiceFault("2170", f"Invalid Enumeration : {str(subtype)[:60]}", "AccountSubType")
        facts = TYPES[str(kind)]
        body["AccountType"] = kind
        body["AccountSubType"] = word or facts.default_subtype
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
