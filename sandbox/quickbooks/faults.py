"""The vendor's error codes, and the exception every rule raises."""

from typing import NoReturn

VALIDATION = "ValidationFault"
SYSTEM = "SystemFault"

# code: what `Message` says. `Detail` is given where the rule stands.
MESSAGES = {
    "500": "Unsupported Operation",
    "600": "Duplicate Request ID",
    "610": "Object Not Found",
    "620": "Txn ID Cannot Be Linked",
    "630": "Duplicate Object",
    "700": "Parent Reference Invalid",
    "800": "Cannot delete object",
    "900": "Parent cannot be child",
    "1000": "Operation failed",
    "1010": "Create Failed",
    "1020": "Update Failed",
    "1040": "Batch size exceeds allowed limit",
    "1050": "Invalid Content Type",
    "2000": "Invalid or unsupported object name",
    "2010": "Request has invalid or unsupported property",
    "2020": "Required param missing, need to supply the required value for the API",
    "2030": "Invalid ID",
    "2040": "Invalid String",
    "2050": "Invalid String Length",
    "2060": "Invalid Date Format",
    "2070": "Invalid Date",
    "2080": "Invalid Number Format",
    "2090": "Invalid Number",
    "2100": "Invalid Decimal Format",
    "2110": "Invalid Decimal",
    "2120": "Invalid Type",
    "2130": "Invalid Request Id Format",
    "2140": "Invalid Amount",
    "2150": "Invalid Percent",
    "2160": "Invalid Quantity",
    "2170": "Invalid Enumeration",
    "2180": "Invalid String Range",
    "2190": "Invalid Date Range",
    "2200": "Malformed Website Address Format",
    "2210": "Invalid Email Address Format",
    "2220": "Invalid Currency Type",
    "2230": "Invalid Boolean",
    "2240": "Invalid Number Range",
    "2250": "Missing lines",
    "2260": "MissingPostingType",
    "2270": "MissingTaxApplicableOn",
    "2280": "MissingTaxAmount",
    "2290": "NegativeAmount",
    "2300": "Amount on debits not equal to credits",
    "2500": "Invalid Reference Id",
    "2600": "Conflicting elements in request",
    "3000": "Invalid Custom Field",
    "4000": "Error parsing query",
    "4001": "Invalid query",
    "4002": "The query could not be processed due to unexpected errors",
    "5000": "Deprecated field",
    "5010": "Stale Object Error",
    "5020": "Permission Denied Error",
    "5030": "Feature Not Supported Error",
    "6000": "A business validation error has occurred while processing your request",
    "6010": "Invalid Account.AccountType && Account.SubType",
    "6020": "Content length missing in request",
    "6030": "Upload request size exceeds allowed limit",
    "6040": "The file metadata must be of Attachable type",
    "6041": "Invalid Uploaded File",
    "6050": "The entity reference type is unsupported for Attachable",
    "6060": "Account.OpenBalanceDate must be specified with Account.OpenBalance",
    "6070": "Amount calculation incorrect in the request",
    "6080": "No name provided",
    "6090": "Discount Line missing required info",
    "6100": "Invalid Line TaxCode in the request",
    "6110": "MAS Transaction cannot be updated",
    "6120": "MAS Transaction cannot be deleted",
    "6130": "Cannot change who customer bills with",
    "6140": "Duplicate Document Number Error",
    "6150": "ParentRef Required Validation Error",
    "6160": "Invalid TaxCodeRef Error",
    "6170": "Invalid TxnTaxDetail Error",
    "6180": "Sub Level Limit",
    "6190": "Invalid Company Status",
    "6200": "Account Period Closed Error",
    "6210": "Account Period Closed, Cannot Update Through Services API",
    "6220": "Delete Entity Has Balance Error",
    "6230": "Invalid TaxCodeRef Error",
    "6240": "Duplicate Name Exists Error",
    "6250": "InvalidSalesCustomer",
    "6270": "InventoryTxnDatedBeforeItemStartDate",
    "6280": "Delete Customer Has Unbilled Expenses Error",
    "6290": "InvalidEmployeeOrVendor",
    "6300": "InvalidEmployeeOrVendorName",
    "6310": "MissingCustomer",
    "6320": "InvalidBillable",
    "6330": "MissingBillingRate",
    "6340": "InvalidTime",
    "6350": "MissingTime",
    "6360": "InvalidStartOrEndTime",
    "6370": "StartTimeAfterEndTime",
    "6380": "InvalidDuration",
    "6390": "InvalidMultipleDurations",
    "6400": "Deleting linked purchase results in invalid invoice",
    "6420": "Email address is required",
    "6430": "Invalid account type used",
    "6440": "Transaction Detail Information Required",
    "6450": "Attempt to Void Transaction failed",
    "6460": "Invoice MAS Transaction Deposit Amount mismatch",
    "6470": "TaxLiabilityAccount or TaxRateError",
    "6480": "Matched Transaction Delete Error",
    "6490": "MultipleBudgetSecondaryListTypes",
    "6500": "MissingBudgetDetails",
    "6510": "BudgetAccountMismatch",
    "6520": "Missing Tracked Inventory Item Quantity",
    "6530": "Found raw Credit Card Number in request",
    "6540": "Deposited Transaction cannot be changed",
    "6560": "A business validation error has occurred while processing your request",
    "10000": "An application error has occurred while processing your request",
    "10100": "Result Set Big",
    "10200": "Company Reset; CUD is stale",
}

INACTIVE = (
    "Something you're trying to use has been made inactive. "
    "Check the fields with accounts, customers, items, vendors or employees."
)
PERIOD_CLOSED = (
    "The account period has closed and the account books cannot be updated through the QBO Services API. "
    "Please use the QBO website to make these changes."
)
STALE = (
    "Stale Object Error : You and another user were working on this at the same time. "
    "The other user finished before you did, so your work was not saved."
)
TRANSIENT = (
    "An unexpected error occurred while accessing or saving your data. "
    "Please wait a few minutes and try again. If the problem persists, contact customer support."
)
SUBSCRIPTION = (
    "Subscription period has ended or canceled or there was a billing problem : You can't add data to "
    "QuickBooks Online Plus because your trial or subscription period ended."
)


class ServiceFault(Exception):
    """Refused by a rule of the accounting service: HTTP 400 with a `Fault` element, or one item of a batch."""

    def __init__(
        self, code: str, detail: str = "", element: str | None = None, *, kind: str = VALIDATION, status: int = 400
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail, self.element, self.kind, self.status = code, detail, element, kind, status
        self.message = MESSAGES[code]

    def shown(self, *, nested: bool = False) -> dict[str, object]:
        """The `Fault` object. Where it is one answer among several, `element` is there even if there is none."""
        error: dict[str, object] = {"Message": self.message, "Detail": self.detail or self.message, "code": self.code}
        if self.element is not None or nested:
            error["element"] = self.element or ""
        return {"Error": [error], "type": self.kind}


class GatewayFault(Exception):
    """Refused before the accounting service was reached: authentication, authorisation, throttling."""

    def __init__(self, *, status: int, name: str, code: str, detail: str | None, kind: str, form: str = "json") -> None:
        super().__init__(name)
        self.status, self.name, self.code, self.detail, self.kind = status, name, code, detail, kind
        self.form = form

    @property
    def message(self) -> str:
        return f"message={self.name}; errorCode={int(self.code):06}; statusCode={self.status}"


# What only the vendor's own staff, data centres and gateway could cause: (status, name, kind, form)
SWITCHED = {
    "100": (401, "AuthenticationErrorGeneral", "AUTHENTICATION", "json"),
    "110": (401, "AuthenticationOAuthError", "AUTHENTICATION", "json"),
    "120": (
        401,
        "AuthorizationFailure: -11014-You do not have access to use QuickBooks Online Plus.",
        "AUTHORIZATION",
        "json",
    ),
    "130": (401, "WrongClusterError: -11017-", "SERVICE", "xml"),
    "140": (403, "CompanyLockedOut", "SERVICE", "json"),
    "150": (503, "CompanyUnderMaintenance", "SERVICE", "xml"),
    "3100": (403, "ApplicationAuthorizationFailed", "SERVICE", "json"),
    "3200": (401, "AuthenticationFailed", "AUTHENTICATION", "json"),
    "6002": (504, "GatewayTimeout", "SERVICE", "xml"),
}


def switched(code: str) -> GatewayFault:
    """One of SWITCHED."""
    status, name, kind, form = SWITCHED[code]
    return GatewayFault(status=status, name=name, code=code, detail=None, kind=kind, form=form)


def business(text: str, element: str | None = None) -> NoReturn:
    """The catch-all 6000."""
    raise ServiceFault("6000", f"Business Validation Error: {text}", element)


def missing(name: str) -> NoReturn:
    raise ServiceFault("2020", f"Required parameter {name} is missing in the request", name)


def not_found() -> NoReturn:
    raise ServiceFault("610", f"Object Not Found : {INACTIVE}")


def throttled(form: str = "json") -> GatewayFault:
    return GatewayFault(
        status=429, name="ThrottleExceeded", code="3001", detail="The request limit was reached. Try again later",
        kind="SERVICE", form=form,
    )  # fmt: skip


def unauthenticated(detail: str) -> GatewayFault:
    return GatewayFault(status=401, name="AuthenticationFailed", code="3200", detail=detail, kind="AUTHENTICATION")


def foreign_realm() -> GatewayFault:
    return switched("3100")
