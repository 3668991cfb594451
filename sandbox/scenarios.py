"""Named starting points of a company; each can be laid out for QuickBooks or for Xero."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Provider-neutral facts. What a provider makes of them is its own `seed`.

    `jobs` are (customer, job) pairs; `messy` adds entries that trip clients up; `closed_until` is days before
    today up to which the books are closed; `classes` is how many classes (tracking options) exist;
    `opening_documents` asks for a few invoices and bills so that pages look alive.
    """

    name: str
    title: str
    country: str = "US"
    currency: str = "USD"
    customers: tuple[str, ...] = ()
    jobs: tuple[tuple[str, str], ...] = ()
    vendors: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    retainage_accounts: bool = True
    messy: bool = False
    closed_until_days_ago: int | None = None
    class_limit: int | None = None
    opening_documents: bool = False


CUSTOMERS = (
    "Harbor Point Builders",
    "Meridian General Contractors",
    "Northgate School District",
    "Cedar & Main LLC",
)
JOBS = (
    ("Harbor Point Builders", "Pier 7 Fit-out"),
    ("Harbor Point Builders", "Warehouse Roof"),
    ("Meridian General Contractors", "City Hall Annex"),
)
VENDORS = (
    "Blue Ridge Drywall",
    "Summit Electric Supply",
    "Redwood Crane Rental",
    "O'Neil Plumbing",
    "Valley Concrete",
)
CLASSES = ("Commercial", "Public Works", "Service")
ITEMS = (("Progress Billing", "4000"), ("Change Order", "4100"), ("Retainage Withheld", "1150"))

SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(name="empty", title="A new company: chart of accounts only"),
        Scenario(
            name="contractor",
            title="A specialty contractor with retainage accounts",
            customers=CUSTOMERS,
            jobs=JOBS,
            vendors=VENDORS,
            classes=CLASSES,
            items=ITEMS,
        ),
        Scenario(
            name="messy",
            title="Years of neglect: no retainage accounts, twins, inactive and odd names",
            customers=(*CUSTOMERS, "HARBOR POINT BLDRS.", "Ünïcode Bau GmbH 🏗"),
            jobs=JOBS,
            vendors=(*VENDORS, "Blue Ridge Dry Wall Inc", "Valley Concrete Co"),
            classes=CLASSES,
            items=ITEMS[:2],
            retainage_accounts=False,
            messy=True,
            opening_documents=True,
        ),
        Scenario(
            name="closed-books",
            title="The contractor with books closed up to 30 days ago",
            customers=CUSTOMERS,
            jobs=JOBS,
            vendors=VENDORS,
            classes=CLASSES,
            items=ITEMS,
            closed_until_days_ago=30,
        ),
        Scenario(
            name="class-limit",
            title="The contractor with every class the plan allows",
            customers=CUSTOMERS,
            vendors=VENDORS,
            classes=tuple(f"Crew {number:02}" for number in range(1, 41)),
            items=ITEMS,
            class_limit=40,
        ),
        Scenario(
            name="au-gst",
            title="An Australian contractor registered for GST",
            country="AU",
            currency="AUD",
            customers=CUSTOMERS,
            jobs=JOBS,
            vendors=VENDORS,
            classes=CLASSES,
            items=ITEMS,
        ),
    )
}

FIRST_COMPANIES = (
    ("quickbooks", "Ironwood Mechanical"),
    ("quickbooks", "Ironwood Service Division"),
    ("xero", "Ironwood Mechanical Pty"),
    ("xero", "Ironwood Interiors"),
)
