"""Their lists and switches in the port's words."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from integrations.ports import Access, AccountUse, Company, ListKind, ListRecord
from integrations.quickbooks.client import query, read
from integrations.quickbooks.entities import EVERYONE

#: AccountType to use. https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/account
_USES = {
    "Bank": AccountUse.BANK,
    "Accounts Receivable": AccountUse.RECEIVABLE,
    "Other Current Asset": AccountUse.CURRENT_ASSET,
    "Fixed Asset": AccountUse.OTHER_ASSET,
    "Other Asset": AccountUse.OTHER_ASSET,
    "Accounts Payable": AccountUse.PAYABLE,
    "Credit Card": AccountUse.OTHER_LIABILITY,
    "Other Current Liability": AccountUse.CURRENT_LIABILITY,
    "Long Term Liability": AccountUse.OTHER_LIABILITY,
    "Equity": AccountUse.EQUITY,
    "Income": AccountUse.INCOME,
    "Other Income": AccountUse.INCOME,
    "Cost of Goods Sold": AccountUse.EXPENSE,
    "Expense": AccountUse.EXPENSE,
    "Other Expense": AccountUse.EXPENSE,
}
#: Accounts QuickBooks keeps for itself inside ordinary types.
_SYSTEM_SUBTYPES = frozenset({"UndepositedFunds", "Inventory", "SalesTaxPayable", "RetainedEarnings"})


def company(access: Access) -> Company:
    """CompanyInfo and Preferences as one."""
    info = read(access, f"/companyinfo/{access.company_id}", holding="CompanyInfo")
    preferences = read(access, "/preferences", holding="Preferences")
    accounting = preferences.get("AccountingInfoPrefs", {})
    closed = accounting.get("BookCloseDate")
    return Company(
        external_id=access.company_id,
        name=info["CompanyName"],
        country=info.get("Country", ""),
        currency=preferences.get("CurrencyPrefs", {}).get("HomeCurrency", {}).get("value", ""),
        closed_until=date.fromisoformat(closed[:10]) if closed else None,
        settings=_settings(preferences, accounting),
    )


def _settings(preferences: Mapping[str, Any], accounting: Mapping[str, Any]) -> dict[str, str]:
    class_mode = "none"
    if accounting.get("ClassTrackingPerTxnLine"):
        class_mode = "line"
    elif accounting.get("ClassTrackingPerTxn"):
        class_mode = "transaction"
    return {
        "class_mode": class_mode,
        "custom_txn_numbers": _flag(preferences.get("SalesFormsPrefs", {}).get("CustomTxnNumbers")),
        "uses_sales_tax": _flag(preferences.get("TaxPrefs", {}).get("UsingSalesTax")),
        "multicurrency": _flag(preferences.get("CurrencyPrefs", {}).get("MultiCurrencyEnabled")),
    }


def _flag(value: Any) -> str:
    return "yes" if value is True or value == "true" else "no"


def records(access: Access) -> Iterator[ListRecord]:
    """Accounts, classes, tax codes, items, customers and vendors, active and inactive."""
    yield from (_account(row) for row in query(access, "Account", EVERYONE))
    yield from (_named(ListKind.TAG, row) for row in query(access, "Class", EVERYONE))
    yield from (_named(ListKind.TAX_CODE, row) for row in query(access, "TaxCode"))
    yield from (_item(row) for row in query(access, "Item", EVERYONE))
    yield from (_party(ListKind.CUSTOMER, row) for row in query(access, "Customer", EVERYONE))
    yield from (_party(ListKind.VENDOR, row) for row in query(access, "Vendor", EVERYONE))


def _account(row: Mapping[str, Any]) -> ListRecord:
    kind, subtype = row.get("AccountType", ""), row.get("AccountSubType", "")
    return ListRecord(
        kind=ListKind.ACCOUNT,
        external_id=row["Id"],
        name=row.get("FullyQualifiedName") or row["Name"],
        code=row.get("AcctNum", ""),
        is_active=row.get("Active", True),
        use=AccountUse.SYSTEM if subtype in _SYSTEM_SUBTYPES else _USES.get(kind, AccountUse.SYSTEM),
        their_type=f"{kind} / {subtype}" if subtype else kind,
        version=row.get("SyncToken", ""),
    )


def _named(kind: ListKind, row: Mapping[str, Any]) -> ListRecord:
    return ListRecord(
        kind=kind,
        external_id=row["Id"],
        name=row.get("FullyQualifiedName") or row["Name"],
        is_active=row.get("Active", True),
        version=row.get("SyncToken", ""),
    )


def _item(row: Mapping[str, Any]) -> ListRecord:
    return ListRecord(
        kind=ListKind.ITEM,
        external_id=row["Id"],
        name=row["Name"],
        is_active=row.get("Active", True),
        their_type=row.get("Type", ""),
        detail=row.get("IncomeAccountRef", {}).get("value", ""),
        version=row.get("SyncToken", ""),
    )


def _party(kind: ListKind, row: Mapping[str, Any]) -> ListRecord:
    return ListRecord(
        kind=kind,
        external_id=row["Id"],
        name=row.get("DisplayName", ""),
        is_active=row.get("Active", True),
        parent_id=row.get("ParentRef", {}).get("value", ""),
        detail=row.get("PrimaryEmailAddr", {}).get("Address", ""),
        version=row.get("SyncToken", ""),
    )
