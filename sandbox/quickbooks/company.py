"""CompanyInfo and Preferences: the two objects that exist once."""

from sandbox import wire
from sandbox.quickbooks.work import Work
from sandbox.wire import Body

COUNTRIES = {"US": "US", "AU": "AU", "GB": "GB", "CA": "CA", "NZ": "NZ"}


def singleton(work: Work, entity: str) -> str:
    """The object as JSON text."""
    body = company_info(work) if entity == "CompanyInfo" else preferences(work)
    created = work.company.created_at[:19] + "Z"
    return wire.dumps(
        {
            **body,
            "domain": "QBO",
            "sparse": False,
            "Id": "1",
            "SyncToken": "0",
            "MetaData": {"CreateTime": created, "LastUpdatedTime": created},
        }
    )


def company_info(work: Work) -> Body:
    lapsed = work.settings.get("subscription") == "lapsed"
    values = {
        "SubscriptionStatus": "CANCELLED" if lapsed else "PAID",
        "OfferingSku": "QuickBooks Online Plus",
        "PayrollFeature": "false",
        "AccountantFeature": "false",
        "ItemCategoriesFeature": "true",
        "QBOIndustryType": "Specialty trade contractors",
        "IsQbdtMigrated": "false",
    }
    return {
        "CompanyName": work.company.name,
        "LegalName": work.company.name,
        "CompanyAddr": {
            "Line1": "12 Foundry Road",
            "City": "Portland",
            "CountrySubDivisionCode": "OR",
            "PostalCode": "97201",
        },
        "CompanyStartDate": work.company.created_at[:10],
        "FiscalYearStartMonth": "January",
        "Country": COUNTRIES.get(str(work.settings.get("country")), "US"),
        "Email": {"Address": "office@example.com"},
        "SupportedLanguages": "en",
        "DefaultTimeZone": "America/Los_Angeles",
        "NameValue": [{"Name": name, "Value": value} for name, value in values.items()],
    }


def preferences(work: Work) -> Body:
    settings = work.settings
    mode = settings.get("class_mode", "line")
    accounting: Body = {
        "UseAccountNumbers": True,
        "TrackDepartments": bool(settings.get("track_departments")),
        "ClassTrackingPerTxn": mode == "txn",
        "ClassTrackingPerTxnLine": mode == "line",
        "FirstMonthOfFiscalYear": "January",
        "TaxYearMonth": "January",
        "CustomerTerminology": "Customers",
    }
    if settings.get("book_close_date"):
        accounting["BookCloseDate"] = settings["book_close_date"]
    other = {
        "SalesFormsPrefs.DefaultCustomerMessage": "",
        "VendorAndPurchasesPrefs.UseCustomTxnNumbers": _word(settings.get("custom_txn_numbers", True)),
        "WarnDuplicateCheckNumber": _word(settings.get("warn_duplicate_numbers", True)),
        "ProjectsEnabled": "false",
    }
    return {
        "AccountingInfoPrefs": accounting,
        "SalesFormsPrefs": {
            "CustomTxnNumbers": bool(settings.get("custom_txn_numbers", True)),
            "AllowDeposit": False,
            "AllowDiscount": True,
            "AllowShipping": False,
            "UsingProgressInvoicing": False,
            "CustomField": [],
        },
        "VendorAndPurchasesPrefs": {"BillableExpenseTracking": True, "TrackingByCustomer": True},
        "CurrencyPrefs": {
            "MultiCurrencyEnabled": bool(settings.get("multicurrency")),
            "HomeCurrency": {"value": settings.get("currency", "USD")},
        },
        "TaxPrefs": {"UsingSalesTax": bool(settings.get("using_sales_tax")), "PartnerTaxEnabled": False},
        "OtherPrefs": {"NameValue": [{"Name": name, "Value": value} for name, value in other.items()]},
    }


def _word(value: object) -> str:
    return "true" if value else "false"
