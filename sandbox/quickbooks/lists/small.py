"""Items, classes, departments, terms and payment methods."""

import re
from typing import Any

from sandbox.quickbooks.faults import ServiceFault, business, missing
from sandbox.quickbooks.kinds import Draft
from sandbox.quickbooks.lists.base import CURRENCIES, ListKind, forbid
from sandbox.quickbooks.money import check_quantity, rate
from sandbox.quickbooks.work import Work
from sandbox.store import Record

_CURRENCY = re.compile(r"[A-Z]{3}")
ITEM_TYPES = ("Service", "NonInventory", "Inventory", "Category", "Group")
USUAL_TERMS = "Net 30"
DAYS = {"DueDays": (0, 999), "DiscountDays": (0, 999), "DayOfMonthDue": (1, 31), "DiscountDayOfMonth": (1, 31)}
METHOD_TYPES = ("CREDIT_CARD", "NON_CREDIT_CARD")
NO_ASSET_ACCOUNT = (
    "Required parameter is missing in the request. An inventory assetaccount is required if you are tracking "
    "inventory quantities for this product."
)
ITEM_ACCOUNTS = ("IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef")


class ItemKind(ListKind):
    entity = "Item"
    space = "item"
    lengths = {"Name": 100, "Sku": 100, "Description": 4000, "PurchaseDesc": 1000}
    read_only = frozenset({"FullyQualifiedName", "Level"})

    def compose(self, work: Work, draft: Draft) -> None:
        body = draft.body
        if not body.get("Name"):
            missing("Name")
        forbid("Name", body["Name"], ":\t\n")
        kind = body.setdefault("Type", "Service")
        if kind not in ITEM_TYPES:
            raise ServiceFault("2170", f"Invalid Enumeration : {kind}", "Type")
        self._accounts(work, body, kind)
        if kind == "Group":
            _check_parts(work, body)
        if draft.old is not None and not draft.old.active and body.get("Active") is False:
            _refuse_counting(draft.old.body, body)
        check_quantity(body.get("QtyOnHand") or 0)
        for name in ("UnitPrice", "PurchaseCost", "QtyOnHand"):
            if name in body:
                body[name] = rate(body[name])
        body.setdefault("UnitPrice", 0)
        body.setdefault("PurchaseCost", 0)
        body.setdefault("Taxable", False)
        body["TrackQtyOnHand"] = kind == "Inventory"
        self.place(work, draft)
        body.pop("Level", None)
        body.pop("SubItem", None)
        if "ParentRef" in body:
            body["SubItem"] = True
            body["Level"] = body["FullyQualifiedName"].count(":")
        self.retire(draft)
        self.claim_name(work, draft, body["FullyQualifiedName"])

    def _accounts(self, work: Work, body: dict[str, Any], kind: str) -> None:
        for name in ITEM_ACCOUNTS:
            if body.get(name):
                work.resolve("Account", body[name], element=name)
        if body.get("TrackQtyOnHand") and kind == "Inventory" and body.get("QtyOnHand") is None:
            raise ServiceFault("6520", "The tracked inventory item must have a quantity", "QtyOnHand")
        if kind == "Inventory":
            if body.get("AssetAccountRef") is None:
                raise ServiceFault("2020", NO_ASSET_ACCOUNT, "AssetAccountRef")
            for name in ("QtyOnHand", "InvStartDate"):
                if body.get(name) is None:
                    missing(name)
        if kind in ("Service", "NonInventory") and not (body.get("IncomeAccountRef") or body.get("ExpenseAccountRef")):
            raise ServiceFault(
                "2020", "Required parameter IncomeAccountRef is missing in the request", "IncomeAccountRef"
            )


def _check_parts(work: Work, body: dict[str, Any]) -> None:
    """A bundle is made of items that exist; raises 2020, 2500, 610."""
    parts = (body.get("ItemGroupDetail") or {}).get("ItemGroupLine") or []
    if not parts:
        missing("ItemGroupDetail")
    for part in parts:
        if not part.get("ItemRef"):
            missing("ItemRef")
        work.resolve("Item", part["ItemRef"], element="ItemRef")


def _refuse_counting(old: dict[str, Any], new: dict[str, Any]) -> None:
    if old.get("QtyOnHand") != new.get("QtyOnHand"):
        business("You need to activate the item before you can update its quantity.")


class TrackedKind(ListKind):
    """Classes and departments: the plan decides whether they exist and how many."""

    lengths = {"Name": 100}
    read_only = frozenset({"FullyQualifiedName"})

    def compose(self, work: Work, draft: Draft) -> None:
        body = draft.body
        if not body.get("Name"):
            missing("Name")
        forbid("Name", body["Name"], ":\t\n")
        if draft.old is None:
            self._count(work)
        self.place(work, draft)
        body["SubClass" if self.entity == "Class" else "SubDepartment"] = "ParentRef" in body
        self.retire(draft)
        self.claim_name(work, draft, body["FullyQualifiedName"])

    def _count(self, work: Work) -> None:
        if work.is_small():
            raise ServiceFault("5020", "Permission Denied Error : You do not have permission to use this feature.")
        limit = work.settings.get("class_limit")
        used = work.sandbox.store.count(
            "company=? AND entity IN ('Class','Department') AND active=1", (work.company.id,)
        )
        if limit is not None and used >= int(limit):
            business(f"You've reached the limit of {limit} classes and locations of your plan.")


class ClassKind(TrackedKind):
    entity = "Class"
    space = "class"


class DepartmentKind(TrackedKind):
    entity = "Department"
    space = "department"


class TermKind(ListKind):
    entity = "Term"
    space = "term"
    lengths = {"Name": 31}
    renames_when_inactive = ("Name",)

    def compose(self, work: Work, draft: Draft) -> None:
        body = draft.body
        if not body.get("Name"):
            missing("Name")
        if body.get("DueDays") is None and body.get("DayOfMonthDue") is None:
            missing("DueDays")
        for name, (least, most) in DAYS.items():
            days = body.get(name)
            if days is not None and not least <= days <= most:
                detail = f"Number out of range. Min:{least} Max:{most}. Supplied value:{days}"
                raise ServiceFault("2240", detail, name)
        percent = body.get("DiscountPercent")
        if percent is not None and not 0 <= percent <= 100:
            raise ServiceFault("2150", f"Invalid Percent : Supplied value:{percent}", "DiscountPercent")
        body["Type"] = "STANDARD" if body.get("DayOfMonthDue") is None else "DATE_DRIVEN"
        self.retire(draft)
        self.claim_name(work, draft, body["Name"])

    def saved(self, work: Work, record: Record, draft: Draft) -> None:
        super().saved(work, record, draft)
        work.sandbox.store.memo.pop((work.company.id, "default term"), None)


def default_term(work: Work) -> Record | None:
    """The terms of whatever names none: a month, where the company keeps such terms."""
    memo, key = work.sandbox.store.memo, (work.company.id, "default term")
    if key not in memo:
        named = work.sandbox.store.by_name(work.company.id, f"{TermKind.space}:{USUAL_TERMS.casefold()}")
        memo[key] = next((record for record in named if record.active), None)
    term: Record | None = memo[key]
    return term


class PaymentMethodKind(ListKind):
    entity = "PaymentMethod"
    space = "paymentmethod"
    lengths = {"Name": 31}
    renames_when_inactive = ("Name",)

    def compose(self, work: Work, draft: Draft) -> None:
        if not draft.body.get("Name"):
            missing("Name")
        kind = draft.body["Type"] = draft.body.get("Type") or "NON_CREDIT_CARD"
        if kind not in METHOD_TYPES:
            raise ServiceFault("2180", f"Invalid String Range : {kind[:40]} is not one of {METHOD_TYPES}", "Type")
        self.retire(draft)
        self.claim_name(work, draft, draft.body["Name"])


class CustomerTypeKind(ListKind):
    """Made by people in the vendor's own pages; clients may only read."""

    entity = "CustomerType"
    space = "customertype"
    creatable = False

    def compose(self, work: Work, draft: Draft) -> None:
        self.place(work, draft)
        self.retire(draft)
        self.claim_name(work, draft, draft.body["FullyQualifiedName"])


class JournalCodeKind(ListKind):
    """Companies in France keep their journals apart by codes; there are none of those here."""

    entity = "JournalCode"
    space = "journalcode"

    def compose(self, work: Work, draft: Draft) -> None:
        raise ServiceFault("5030", "Feature Not Supported Error : Journal codes are not supported in this region.")


class CompanyCurrencyKind(ListKind):
    """The foreign currencies a company uses."""

    entity = "CompanyCurrency"
    space = "currency"
    renames_when_inactive = ()

    def compose(self, work: Work, draft: Draft) -> None:
        body = draft.body
        if not work.settings.get("multicurrency"):
            raise ServiceFault("5030", "Feature Not Supported Error : Multicurrency is off.")
        code = body.get("Code")
        if not code:
            missing("Code")
        if not _CURRENCY.fullmatch(code):
            raise ServiceFault("2220", f"Invalid Currency Type : {code[:40]}", "Code")
        body["Name"] = body.get("Name") or CURRENCIES.get(code, code)
        self.retire(draft)
        draft.name_key = f"{self.space}:{code}"
        for other in work.sandbox.store.by_name(work.company.id, draft.name_key):
            if draft.old is None or other.id != draft.old.id:
                raise ServiceFault("630", f"Duplicate Object : {code} is Id={other.id}", "Code")
