"""Which scope opens which resource: the granular scopes, and the broad ones that are retiring."""

_GRANULAR: dict[str, tuple[str, ...]] = {
    "accounts": ("settings",),
    "brandingthemes": ("settings",),
    "contacts": ("contacts",),
    "creditnotes": ("invoices",),
    "currencies": ("settings",),
    "invoices": ("invoices",),
    "items": ("invoices", "settings"),
    "manualjournals": ("manualjournals",),
    "organisation": ("settings",),
    "payments": ("payments",),
    "taxrates": ("settings",),
    "trackingcategories": ("settings",),
}
_BROAD: dict[str, tuple[str, ...]] = {
    "creditnotes": ("transactions",),
    "invoices": ("transactions",),
    "items": ("transactions",),
    "manualjournals": ("transactions",),
    "payments": ("transactions",),
}

_FAMILIES = (
    "attachments", "banktransactions", "contacts", "invoices", "manualjournals", "payments", "settings",
)  # fmt: skip
_REPORTS = (
    "aged", "balancesheet", "banksummary", "budgetsummary", "executivesummary", "profitandloss",
    "taxreports", "trialbalance",
)  # fmt: skip

IDENTITY = frozenset({"openid", "profile", "email", "offline_access"})
BROAD = frozenset({"accounting.transactions", "accounting.transactions.read", "accounting.reports.read"})
GRANULAR = frozenset(
    {f"accounting.{family}" for family in _FAMILIES}
    | {f"accounting.{family}.read" for family in _FAMILIES}
    | {f"accounting.reports.{report}.read" for report in _REPORTS}
    | {"accounting.journals.read"}
)
KNOWN = IDENTITY | BROAD | GRANULAR


def opens(granted: frozenset[str], resource: str, *, writing: bool, attachments: bool = False) -> bool:
    """Whether `granted` allows reading, or `writing`, a resource (its lower-case plural as in the path)."""
    families = ("attachments",) if attachments else _GRANULAR.get(resource, ()) + _BROAD.get(resource, ())
    needed = {f"accounting.{family}" for family in families}
    if not writing:
        needed |= {f"{scope}.read" for scope in needed}
    return bool(granted & needed)
