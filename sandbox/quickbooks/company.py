"""CompanyInfo and Preferences: the two objects that exist once."""

from datetime import datetime
from typing import Any

from sandbox import wire
from sandbox.quickbooks import shapes
from sandbox.quickbooks.answers import inner_time
from sandbox.quickbooks.faults import STALE, ServiceFault, missing
from sandbox.quickbooks.preferences import SWITCHES, preferences
from sandbox.quickbooks.work import Work
from sandbox.wire import Body

WRITABLE = (
    "CompanyName", "LegalName", "CompanyAddr", "CustomerCommunicationAddr", "LegalAddr", "PrimaryPhone", "Email",
    "WebAddr", "EmployerId",
)  # fmt: skip
INFO_LENGTHS = {"CompanyName": 1024, "LegalName": 1024, "Email.Address": 100, "WebAddr.URI": 1000}
ADDRESS = {
    "Id": "1",
    "Line1": "12 Foundry Road",
    "City": "Portland",
    "Country": "US",
    "CountrySubDivisionCode": "OR",
    "PostalCode": "97201",
}
EMAIL = "office@example.com"
SKUS = {
    "simple_start": "QuickBooks Online Simple Start",
    "essentials": "QuickBooks Online Essentials",
    "plus": "QuickBooks Online Plus",
    "advanced": "QuickBooks Online Advanced",
}
COUNTRIES = {"US": "US", "AU": "AU", "GB": "GB", "CA": "CA", "NZ": "NZ"}


def singleton(work: Work, entity: str) -> str:
    """The object as JSON text."""
    body = company_info(work) if entity == "CompanyInfo" else preferences(work)
    created = inner_time(datetime.fromisoformat(work.company.created_at))
    version, changed = _version(work, entity)
    return wire.dumps(
        {
            **body,
            "domain": "QBO",
            "sparse": False,
            "Id": "1",
            "SyncToken": str(version),
            "MetaData": {"CreateTime": created, "LastUpdatedTime": changed or created},
        }
    )


def update(work: Work, entity: str, given: Any) -> None:
    """Take what may be written; the rest is ignored, as the vendor does. Raises 2010, 2020, 2230, 5010."""
    if not isinstance(given, dict):
        raise ServiceFault("2010", f"Property Name:failed to parse json object; {entity} must be an object")
    version, _ = _version(work, entity)
    if given.get("SyncToken") in (None, ""):
        missing("SyncToken")
    if str(given["SyncToken"]) != str(version):
        raise ServiceFault("5010", STALE)
    changes = _info_changes(work, given) if entity == "CompanyInfo" else _preference_changes(given)
    versions = {**_versions(work), entity: [version + 1, inner_time(work.now)]}
    work.sandbox.companies.configure(work.company, {**changes, "versions": versions})
    work.noticed.append(("Update", entity, "1"))


def _versions(work: Work) -> dict[str, list[Any]]:
    return dict(work.settings.get("versions") or {})


def _version(work: Work, entity: str) -> tuple[int, str]:
    version, changed = _versions(work).get(entity, [0, ""])
    return int(version), str(changed)


def _info_changes(work: Work, given: Body) -> dict[str, Any]:
    clean = shapes.check("CompanyInfo", given)
    shapes.check_lengths(clean, INFO_LENGTHS)
    written = {name: clean[name] for name in WRITABLE if name in clean}
    kept = (work.settings.get("company_info") or {}) if clean.get("sparse") else {}
    return {"company_info": {name: value for name, value in {**kept, **written}.items() if value is not None}}


def _preference_changes(given: Body) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for (group, name), setting in SWITCHES.items():
        value = (given.get(group) or {}).get(name) if isinstance(given.get(group) or {}, dict) else None
        if value is None:
            continue
        if not isinstance(value, bool):
            raise ServiceFault("2230", f"{name} should be true or false. Supplied value:{str(value)[:40]}", name)
        if isinstance(setting, str):
            changes[setting] = value
        elif value:
            changes["class_mode"] = setting[0]
        else:
            changes.setdefault("class_mode", "none")
    return changes


def company_info(work: Work) -> Body:
    lapsed = work.settings.get("subscription") == "lapsed"
    values = {
        "SubscriptionStatus": "CANCELLED" if lapsed else "PAID",
        "OfferingSku": SKUS[str(work.settings.get("plan", "plus"))],
        "PayrollFeature": "false",
        "AccountantFeature": "false",
        "ItemCategoriesFeature": "true",
        "QBOIndustryType": "Specialty trade contractors",
        "IsQbdtMigrated": "false",
        "NeoEnabled": "true",
        "CompanyType": "Other",
        "IndustryType": "Other Specialty Trade Contractors",
        "IndustryCode": "2389",
    }
    return {
        "CompanyName": work.company.name,
        "LegalName": work.company.name,
        "CompanyAddr": ADDRESS,
        "CustomerCommunicationAddr": ADDRESS,
        "LegalAddr": ADDRESS,
        "CustomerCommunicationEmailAddr": {"Address": EMAIL},
        "PrimaryPhone": {"FreeFormNumber": "(503) 555-0142"},
        "CompanyStartDate": work.company.created_at[:10],
        "FiscalYearStartMonth": "January",
        "Country": COUNTRIES.get(str(work.settings.get("country")), "US"),
        "Email": {"Address": EMAIL},
        "WebAddr": {"URI": "http://www.example.com"},
        "SupportedLanguages": "en",
        "DefaultTimeZone": "America/Los_Angeles",
        "NameValue": [{"Name": name, "Value": value} for name, value in values.items()],
        **(work.settings.get("company_info") or {}),
    }
