"""Budgets: what a company means to earn and spend, account by account and month by month."""

from datetime import date

from sandbox.quickbooks.faults import ServiceFault, missing
from sandbox.quickbooks.kinds import Draft
from sandbox.quickbooks.lists.account_types import TYPES
from sandbox.quickbooks.lists.base import ListKind
from sandbox.quickbooks.money import amount, to_cents
from sandbox.quickbooks.work import Work
from sandbox.wire import Body

DIVISIONS = {"CustomerRef": "Customer", "ClassRef": "Class", "DepartmentRef": "Department"}
STATEMENT = {"ProfitAndLoss": ("Revenue", "Expense"), "BalanceSheet": ("Asset", "Liability", "Equity")}


class BudgetKind(ListKind):
    entity = "Budget"
    space = "budget"
    lengths = {"Name": 100}
    deletable = True
    renames_when_inactive: tuple[str, ...] = ()

    def compose(self, work: Work, draft: Draft) -> None:
        body = draft.body
        for name in ("Name", "StartDate", "EndDate"):
            if not body.get(name):
                missing(name)
        if body["StartDate"] > body["EndDate"]:
            raise ServiceFault("2190", "Invalid Date Range : EndDate is before StartDate", "EndDate")
        body.setdefault("BudgetType", "ProfitAndLoss")
        body.setdefault("BudgetEntryType", "Monthly")
        if not body.get("BudgetDetail"):
            raise ServiceFault("6500", "MissingBudgetDetails : A budget needs at least one detail", "BudgetDetail")
        _check_division(body["BudgetDetail"])
        for detail in body["BudgetDetail"]:
            _settle(work, body, detail)
        self.retire(draft)
        self.claim_name(work, draft, body["Name"])


def _check_division(details: list[Body]) -> None:
    """A budget is divided by customers, by classes or by locations; raises 6490."""
    used = sorted({name for detail in details for name in DIVISIONS if detail.get(name)})
    if len(used) > 1:
        raise ServiceFault("6490", f"MultipleBudgetSecondaryListTypes : {used[0]} and {used[1]}", used[1])


def _settle(work: Work, body: Body, detail: Body) -> None:
    """Fill the names in; raises 2020, 2190, 2500, 610, 6510."""
    for name in ("BudgetDate", "Amount", "AccountRef"):
        if detail.get(name) is None:
            missing(name)
    day = date.fromisoformat(detail["BudgetDate"]).isoformat()
    if not body["StartDate"] <= day <= body["EndDate"]:
        raise ServiceFault("2190", f"Invalid Date Range : {day} lies outside the budget", "BudgetDate")
    account = work.resolve("Account", detail["AccountRef"], element="AccountRef")
    if TYPES[account.body["AccountType"]].classification not in STATEMENT[body["BudgetType"]]:
        words = f"{account.body['Name']} does not belong in a budget of the kind {body['BudgetType']}"
        raise ServiceFault("6510", f"BudgetAccountMismatch : {words}", "AccountRef")
    for name, entity in DIVISIONS.items():
        if detail.get(name):
            work.resolve(entity, detail[name], element=name)
    detail["Amount"] = amount(to_cents(detail["Amount"]))
