"""Items, classes, departments, terms, payment methods and tax codes."""

from typing import Any

from sandbox.quickbooks.faults import ServiceFault, business, missing
from sandbox.quickbooks.kinds import Draft
from sandbox.quickbooks.lists.base import ListKind, forbid
from sandbox.quickbooks.money import rate
from sandbox.quickbooks.work import Work

ITEM_TYPES = ("Service", "NonInventory", "Inventory", "Category", "Group")
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
        for name in ("UnitPrice", "PurchaseCost", "QtyOnHand"):
            if name in body:
                body[name] = rate(body[name])
        body.setdefault("UnitPrice", 0)
        body.setdefault("PurchaseCost", 0)
        body.setdefault("Taxable", False)
        body["TrackQtyOnHand"] = kind == "Inventory"
        self.place(work, draft)
        body["Level"] = body["FullyQualifiedName"].count(":")
        self.retire(draft)
        self.claim_name(work, draft, body["FullyQualifiedName"])

    def _accounts(self, work: Work, body: dict[str, Any], kind: str) -> None:
        for name in ITEM_ACCOUNTS:
            if body.get(name):
                work.resolve("Account", body[name], element=name)
        if kind == "Inventory":
            for name in ("AssetAccountRef", "QtyOnHand", "InvStartDate"):
                if body.get(name) is None:
                    raise ServiceFault("2020", f"Required parameter {name} is missing in the request", name)
        if kind in ("Service", "NonInventory") and not (body.get("IncomeAccountRef") or body.get("ExpenseAccountRef")):
            raise ServiceFault(
                "2020", "Required parameter IncomeAccountRef is missing in the request", "IncomeAccountRef"
            )


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
        if work.settings.get("plan") in ("simple_start", "essentials"):
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
        days, day = body.get("DueDays"), body.get("DayOfMonthDue")
        if days is None and day is None:
            raise ServiceFault("2020", "Required parameter DueDays is missing in the request", "DueDays")
        if days is not None and not 0 <= days <= 999:
            raise ServiceFault("2240", f"Number out of range. Min:0 Max:999. Supplied value:{days}", "DueDays")
        if day is not None and not 1 <= day <= 31:
            raise ServiceFault("2240", f"Number out of range. Min:1 Max:31. Supplied value:{day}", "DayOfMonthDue")
        body["Type"] = "STANDARD" if day is None else "DATE_DRIVEN"
        self.retire(draft)
        self.claim_name(work, draft, body["Name"])


class PaymentMethodKind(ListKind):
    entity = "PaymentMethod"
    space = "paymentmethod"
    lengths = {"Name": 31}
    renames_when_inactive = ("Name",)

    def compose(self, work: Work, draft: Draft) -> None:
        if not draft.body.get("Name"):
            missing("Name")
        draft.body.setdefault("Type", "NON_CREDIT_CARD")
        self.retire(draft)
        self.claim_name(work, draft, draft.body["Name"])


class TaxCodeKind(ListKind):
    """Read only for clients; scenarios create them."""

    entity = "TaxCode"
    space = "taxcode"
    creatable = False
    renames_when_inactive = ("Name",)

    def compose(self, work: Work, draft: Draft) -> None:
        self.retire(draft)
        self.claim_name(work, draft, draft.body["Name"])


class TaxRateKind(TaxCodeKind):
    entity = "TaxRate"
    space = "taxrate"
