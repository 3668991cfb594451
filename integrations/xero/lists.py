"""Their lists and switches in the port's words."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from integrations.ports import Access, AccountUse, Company, ListKind, ListRecord
from integrations.xero.client import pages, read

#: Account type to use. https://developer.xero.com/documentation/api/accounting/types#accounttypes
_USES = {
    "BANK": AccountUse.BANK,
    "CURRENT": AccountUse.CURRENT_ASSET,
    "PREPAYMENT": AccountUse.OTHER_ASSET,
    "INVENTORY": AccountUse.SYSTEM,
    "FIXED": AccountUse.OTHER_ASSET,
    "NONCURRENT": AccountUse.OTHER_ASSET,
    "CURRLIAB": AccountUse.CURRENT_LIABILITY,
    "LIABILITY": AccountUse.OTHER_LIABILITY,
    "TERMLIAB": AccountUse.OTHER_LIABILITY,
    "PAYG": AccountUse.SYSTEM,
    "EQUITY": AccountUse.EQUITY,
    "REVENUE": AccountUse.INCOME,
    "SALES": AccountUse.INCOME,
    "OTHERINCOME": AccountUse.INCOME,
    "DIRECTCOSTS": AccountUse.EXPENSE,
    "EXPENSE": AccountUse.EXPENSE,
    "OVERHEADS": AccountUse.EXPENSE,
    "DEPRECIATN": AccountUse.EXPENSE,
}
_SYSTEM_USES = {"DEBTORS": AccountUse.RECEIVABLE, "CREDITORS": AccountUse.PAYABLE}


def company(access: Access) -> Company:
    """The organisation; its books are closed up to the later of its two lock dates."""
    found = read(access, "/Organisation", holding="Organisations")["Organisations"][0]
    locks = [_day(found[name]) for name in ("PeriodLockDate", "EndOfYearLockDate") if found.get(name)]
    return Company(
        external_id=access.company_id,
        name=found["Name"],
        country=found.get("CountryCode", ""),
        currency=found.get("BaseCurrency", ""),
        closed_until=max(locks, default=None),
        settings={"class_mode": "line", "edition": str(found.get("Class", ""))},
    )


def _day(text: str) -> date:
    """``/Date(1518652800000+0000)/`` or an ISO date as a calendar date."""
    if not text.startswith("/Date("):
        return date.fromisoformat(text[:10])
    milliseconds = int(text.removeprefix("/Date(").split(")")[0].split("+")[0])
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)).date()


def records(access: Access) -> Iterator[ListRecord]:
    """Accounts, tracking options, tax rates, items and contacts, active and archived.

    A contact may be customer and vendor at once and becomes either by its first document, so it stands in both lists.
    """
    yield from (_account(row) for row in read(access, "/Accounts", holding="Accounts")["Accounts"])
    everything = {"includeArchived": "true"}
    tracking = read(access, "/TrackingCategories", holding="TrackingCategories", params=everything)
    for category in tracking["TrackingCategories"]:
        yield from (_option(category, row) for row in category.get("Options", []))
    yield from (_tax(row) for row in read(access, "/TaxRates", holding="TaxRates")["TaxRates"])
    for row in pages(access, "Contacts", params=everything):
        yield _contact(ListKind.CUSTOMER, row)
        yield _contact(ListKind.VENDOR, row)


def _account(row: Mapping[str, Any]) -> ListRecord:
    system = row.get("SystemAccount", "")
    use = _SYSTEM_USES.get(system, AccountUse.SYSTEM) if system else _USES.get(row["Type"], AccountUse.SYSTEM)
    return ListRecord(
        kind=ListKind.ACCOUNT,
        external_id=row["AccountID"],
        name=row["Name"],
        code=row.get("Code", ""),
        is_active=row.get("Status") == "ACTIVE",
        use=use,
        their_type=row["Type"],
    )


def _option(category: Mapping[str, Any], row: Mapping[str, Any]) -> ListRecord:
    return ListRecord(
        kind=ListKind.TAG,
        external_id=row["TrackingOptionID"],
        name=row["Name"],
        is_active=row.get("Status") == "ACTIVE" and category.get("Status") == "ACTIVE",
        parent_id=category["TrackingCategoryID"],
        parent_name=category["Name"],
    )


def _tax(row: Mapping[str, Any]) -> ListRecord:
    return ListRecord(
        kind=ListKind.TAX_CODE,
        external_id=row["TaxType"],
        name=row["Name"],
        code=row["TaxType"],
        is_active=row.get("Status") == "ACTIVE",
    )


def _contact(kind: ListKind, row: Mapping[str, Any]) -> ListRecord:
    return ListRecord(
        kind=kind,
        external_id=row["ContactID"],
        name=row["Name"],
        is_active=row.get("ContactStatus") == "ACTIVE",
        detail=row.get("EmailAddress", ""),
    )
