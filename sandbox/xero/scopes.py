"""Which scope opens which resource: the granular scopes, and the broad ones that are retiring."""

from datetime import date

BROAD_END = date(2027, 9, 13)

_GRANULAR: dict[str, tuple[str, ...]] = {
    "accounts": ("settings",),
    "banktransactions": ("banktransactions",),
    "banktransfers": ("banktransactions",),
    "batchpayments": ("payments",),
    "brandingthemes": ("settings",),
    "contactgroups": ("contacts",),
    "contacts": ("contacts",),
    "creditnotes": ("invoices",),
    "currencies": ("settings",),
    "employees": ("settings",),
    "invoicereminders": ("settings",),
    "invoices": ("invoices",),
    "items": ("invoices", "settings"),
    "linkedtransactions": ("invoices",),
    "manualjournals": ("manualjournals",),
    "organisation": ("settings",),
    "overpayments": ("payments",),
    "payments": ("payments",),
    "prepayments": ("payments",),
    "purchaseorders": ("invoices",),
    "quotes": ("invoices",),
    "repeatinginvoices": ("invoices",),
    "taxrates": ("settings",),
    "trackingcategories": ("settings",),
    "users": ("settings",),
}
_TRANSACTIONS = (
    "banktransactions banktransfers batchpayments creditnotes expenseclaims invoices items linkedtransactions "
    "manualjournals overpayments payments prepayments purchaseorders quotes receipts repeatinginvoices"
)
_BROAD: dict[str, tuple[str, ...]] = dict.fromkeys(_TRANSACTIONS.split(), ("transactions",))

# Resources that one scope alone opens, for reading.
_ALONE = {
    "budgets": "accounting.budgets.read",
    "journals": "accounting.journals.read",
    "paymentservices": "paymentservices",
}

_FAMILIES = (
    "attachments", "banktransactions", "contacts", "invoices", "manualjournals", "payments", "settings",
)  # fmt: skip
_FAMILIES_OF_REPORTS = (
    "aged", "balancesheet", "banksummary", "budgetsummary", "executivesummary", "profitandloss",
    "taxreports", "trialbalance",
)  # fmt: skip

_PAYROLL = ("employees", "payruns", "payslip", "settings", "timesheets")

REPORTS = {
    "agedpayablesbycontact": "aged",
    "agedreceivablesbycontact": "aged",
    "balancesheet": "balancesheet",
    "banksummary": "banksummary",
    "profitandloss": "profitandloss",
    "trialbalance": "trialbalance",
}

IDENTITY = frozenset({"openid", "profile", "email", "offline_access"})
BROAD = frozenset({"accounting.transactions", "accounting.transactions.read", "accounting.reports.read"})
GRANULAR = frozenset(
    {f"accounting.{family}" for family in _FAMILIES}
    | {f"accounting.{family}.read" for family in _FAMILIES}
    | {f"accounting.reports.{report}.read" for report in _FAMILIES_OF_REPORTS}
    | set(_ALONE.values())
)
# What the vendor's other APIs open: granted to whoever asks, of no use here. Those of bank feeds and finance are not
# among them: an application must be let in by the vendor first, and is refused before.
ELSEWHERE = frozenset(
    {
        "accounting.reports.tenninetynine.read", "assets", "assets.read", "files", "files.read", "projects",
        "projects.read",
    }
    | {f"payroll.{name}{suffix}" for name in _PAYROLL for suffix in ("", ".read")}
)  # fmt: skip
KNOWN = IDENTITY | BROAD | GRANULAR | ELSEWHERE


def living(scopes: frozenset[str], today: date) -> frozenset[str]:
    """Those of `scopes` that still mean something: on their last day the broad ones stop."""
    return scopes - BROAD if today >= BROAD_END else scopes


def opens(granted: frozenset[str], resource: str, *, writing: bool, attachments: bool = False) -> bool:
    """Whether `granted` allows reading, or `writing`, a resource (its lower-case plural as in the path)."""
    if resource.startswith("reports/"):
        family = REPORTS.get(resource.removeprefix("reports/"), "")
        return not writing and bool(granted & {"accounting.reports.read", f"accounting.reports.{family}.read"})
    if resource in _ALONE:
        return _ALONE[resource] in granted
    families = ("attachments",) if attachments else _GRANULAR.get(resource, ()) + _BROAD.get(resource, ())
    needed = {f"accounting.{family}" for family in families}
    if not writing:
        needed |= {f"{scope}.read" for scope in needed}
    return bool(granted & needed)
