"""What a company has switched on, as its Preferences object shows it."""

from typing import Any

from sandbox.quickbooks.lists.small import default_term
from sandbox.quickbooks.lists.taxes import first_code
from sandbox.quickbooks.work import Work
from sandbox.wire import Body

# A preference and the setting it is, or the class mode it stands for.
SWITCHES: dict[tuple[str, str], str | tuple[str]] = {
    ("AccountingInfoPrefs", "TrackDepartments"): "track_departments",
    ("AccountingInfoPrefs", "ClassTrackingPerTxn"): ("txn",),
    ("AccountingInfoPrefs", "ClassTrackingPerTxnLine"): ("line",),
    ("SalesFormsPrefs", "CustomTxnNumbers"): "custom_txn_numbers",
}
THANKS = "Thank you for your business and have a great day!"
FORMS = ("Invoice", "Estimate", "Sales Receipt", "Statement")


def preferences(work: Work) -> Body:
    """The object's own groups, without what every object carries."""
    return {
        "AccountingInfoPrefs": _accounting(work),
        "ProductAndServicesPrefs": {
            "ForSales": True,
            "ForPurchase": True,
            "QuantityWithPriceAndRate": True,
            "QuantityOnHand": True,
        },
        "SalesFormsPrefs": _sales_forms(work),
        "EmailMessagesPrefs": {f"{form.replace(' ', '')}Message": _message(work, form) for form in FORMS},
        "VendorAndPurchasesPrefs": {
            "TrackingByCustomer": True,
            "BillableExpenseTracking": True,
            "POCustomField": [_switched_off("PurchasePrefs.UsePurchaseCustom")],
        },
        "TimeTrackingPrefs": {
            "UseServices": True,
            "BillCustomers": True,
            "ShowBillRateToAll": False,
            "WorkWeekStartDate": "Monday",
            "MarkTimeEntriesBillable": True,
        },
        "TaxPrefs": _taxes(work),
        "CurrencyPrefs": {
            "MultiCurrencyEnabled": bool(work.settings.get("multicurrency")),
            "HomeCurrency": {"value": work.home_currency()},
        },
        "ReportPrefs": {"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": False},
        "OtherPrefs": {"NameValue": [{"Name": name, "Value": value} for name, value in _others(work).items()]},
    }


def _accounting(work: Work) -> Body:
    mode = work.class_mode
    closed = work.settings.get("book_close_date")
    return {
        "UseAccountNumbers": True,
        "TrackDepartments": work.tracks_departments,
        "DepartmentTerminology": "Location",
        "ClassTrackingPerTxn": mode == "txn",
        "ClassTrackingPerTxnLine": mode == "line",
        "FirstMonthOfFiscalYear": "January",
        "TaxYearMonth": "January",
        "TaxForm": "6",
        **({"BookCloseDate": closed} if closed else {}),
        "CustomerTerminology": "Customers",
    }


def _sales_forms(work: Work) -> Body:
    term = default_term(work)
    discount = work.first_account("Income", "DiscountsRefundsGiven")
    return {
        "UsingProgressInvoicing": False,
        "CustomField": [_switched_off("SalesFormsPrefs.UseSalesCustom")],
        "CustomTxnNumbers": bool(work.settings.get("custom_txn_numbers", True)),
        "EmailCopyToCompany": False,
        "AllowDeposit": False,
        "AllowDiscount": True,
        **({"DefaultDiscountAccount": discount.id} if discount else {}),
        "AllowEstimates": True,
        "ETransactionEnabledStatus": "NotApplicable",
        "ETransactionAttachPDF": False,
        "ETransactionPaymentEnabled": False,
        "IPNSupportEnabled": False,
        "AllowServiceDate": False,
        "AllowShipping": False,
        **({"DefaultTerms": {"value": term.id}} if term else {}),
        "AutoApplyCredit": False,
        "AutoApplyPayments": False,
        "UsingPriceLevels": False,
        "DefaultCustomerMessage": THANKS,
    }


def _switched_off(prefix: str) -> dict[str, Any]:
    """The three fields of their own that companies may have on a form: none is in use here."""
    fields = [{"Name": f"{prefix}{number}", "Type": "BooleanType", "BooleanValue": False} for number in (3, 2, 1)]
    return {"CustomField": fields}


def _message(work: Work, form: str) -> Body:
    """What is written in e-mails with a form."""
    greeting = f"Your {form.lower()} is attached.\nThank you for your business.\n\nSincerely,\n{work.company.name}"
    return {"Subject": f"{form} from {work.company.name}", "Message": greeting}


def _taxes(work: Work) -> Body:
    charged = bool(work.settings.get("using_sales_tax")) or not work.is_us()
    found: Body = {"UsingSalesTax": charged, "PartnerTaxEnabled": False}
    code = first_code(work)
    if charged and code:
        found["TaxGroupCodeRef"] = {"value": code.id}
    return found


def _others(work: Work) -> dict[str, str]:
    settings = work.settings
    return {
        "SalesFormsPrefs.DefaultCustomerMessage": THANKS,
        "VendorAndPurchasesPrefs.UseCustomTxnNumbers": _word(settings.get("custom_txn_numbers", True)),
        "WarnDuplicateCheckNumber": _word(settings.get("warn_duplicate_numbers", True)),
        "DTXCopyMemo": "false",
        "SFCEnabled": "true",
        "DataPartner": "false",
        "Vendor1099Enabled": "true",
        "TimeTrackingFeatureEnabled": "true",
        "FDPEnabled": "false",
        "ProjectsEnabled": "false",
        "DateFormat": "Month Date Year separated by a slash",
        "NegativeNumberFormat": "-100.00",
    }


def _word(value: object) -> str:
    return "true" if value else "false"
