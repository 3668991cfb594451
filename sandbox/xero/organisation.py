"""What one organisation is: country, currency, lock dates, plan. Read from the company's settings.

Settings (all optional; `/control/companies/{id}` shows and changes them):

    version               AU, NZ, UK, US or GLOBAL: decides the tax rates            (US)
    base_currency         three letters                                             (of the country)
    currencies            currencies subscribed to, beside the base currency        ([])
    period_lock_date      YYYY-MM-DD; nothing may be dated on or before it
    end_of_year_lock_date YYYY-MM-DD
    legal_name            its name in law                                           (its name)
    class                 the plan, as `Organisation.Class` shows it                (DEMO)
    edition               BUSINESS or PARTNER                                       (BUSINESS)
    adviser               true: the user may work before the period lock date       (false)
    denied_actions        names of `Organisation/Actions` that answer NOT-ALLOWED   ([])
    sales_approval_limit  invoices that may be approved per month                   (none)
    bill_approval_limit   bills that may be approved per month                      (none)
    partial_batches       true keeps the good elements of a call that answers 400   (false)
    missing_scope_status  401 or 403                                                (401)
    forbidden_resources   resources the authorising user may not touch: 403         ([])
    day_limit             calls per day                                             (5000)
    limit_style           fixed or rolling windows                                  (fixed)
    custom_connection     client id of the application that is this organisation's custom connection (none)
    key_in_use_status     400 or 409 for a second call while the key's first runs   (it waits)
"""

from dataclasses import dataclass
from datetime import date

from sandbox.companies import Company
from sandbox.wire import Body
from sandbox.xero.dates import read_moment, wire_day, wire_moment

ACTIONS = (
    "AttachFilesIntoInvoice",
    "ApproveTransactionsBeforePeriodLockDate",
    "CreateApprovedBill",
    "CreateApprovedInvoice",
    "CreateApprovedPurchaseOrder",
    "CreateDraftBill",
    "CreateDraftInvoice",
    "CreateDraftPurchaseOrder",
    "CreateDraftQuote",
    "CreateInvoicePayment",
    "CreateManualJournal",
    "CreateRepeatingBill",
    "CreateRepeatingInvoice",
    "CreateSentQuote",
    "UseMulticurrency",
)
_COUNTRIES = {
    "AU": ("AU", "AUD", "AUSEASTERNSTANDARDTIME", "Australia/Sydney"),
    "NZ": ("NZ", "NZD", "NEWZEALANDSTANDARDTIME", "Pacific/Auckland"),
    "UK": ("GB", "GBP", "GMTSTANDARDTIME", "Europe/London"),
    "US": ("US", "USD", "PACIFICSTANDARDTIME", "America/Los_Angeles"),
    "GLOBAL": ("SG", "SGD", "SINGAPORESTANDARDTIME", "Asia/Singapore"),
}

# Each country has words of its own for the same two things.
_SALES_TAX = {"AU": ("ACCRUALS", "QUARTERLY1"), "NZ": ("INVOICE", "TWOMONTHS"), "UK": ("ACCRUAL", "QUARTERLY")}
_USUAL_SALES_TAX = ("ACCRUALS", "3MONTHLY")


@dataclass(frozen=True, slots=True)
class Organisation:
    id: str
    name: str
    version: str
    base_currency: str
    currencies: tuple[str, ...]
    period_lock: date | None
    year_lock: date | None
    denied_actions: frozenset[str]
    sales_limit: int | None
    bill_limit: int | None
    zone: str
    settings: Body

    @property
    def closed_until(self) -> tuple[date, ...]:
        """The lock dates that bind the user who authorised: advisers may work before the period lock."""
        locks = (self.year_lock, None if self.settings.get("adviser") else self.period_lock)
        return tuple(lock for lock in locks if lock)

    def is_closed(self, day: date) -> bool:
        return any(day <= lock for lock in self.closed_until)


def organisation_of(company: Company) -> Organisation:
    settings = company.settings
    version = str(settings.get("version", "US"))
    base = str(settings.get("base_currency", _country(version)[1]))
    return Organisation(
        id=company.id,
        name=company.name,
        version=version,
        base_currency=base,
        currencies=(base, *(code for code in settings.get("currencies", []) if code != base)),
        period_lock=_day(settings.get("period_lock_date")),
        year_lock=_day(settings.get("end_of_year_lock_date")),
        denied_actions=_denied(settings),
        sales_limit=settings.get("sales_approval_limit"),
        bill_limit=settings.get("bill_approval_limit"),
        zone=_country(version)[3],
        settings=settings,
    )


def _denied(settings: Body) -> frozenset[str]:
    """What the plan denies, and what the user's role does."""
    role = set() if settings.get("adviser") else {"ApproveTransactionsBeforePeriodLockDate"}
    if "manualjournals" in (name.lower() for name in settings.get("forbidden_resources", [])):
        role.add("CreateManualJournal")
    return frozenset(settings.get("denied_actions", [])) | role


def _country(version: str) -> tuple[str, str, str, str]:
    return _COUNTRIES.get(version, _COUNTRIES["GLOBAL"])


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def wire_organisation(organisation: Organisation, *, created_at: str) -> Body:
    """`GET /Organisation`; lock dates only when they are set."""
    settings = organisation.settings
    country, _, timezone, _ = _country(organisation.version)
    basis, period = _SALES_TAX.get(organisation.version, _USUAL_SALES_TAX)
    body: Body = {
        "Name": organisation.name,
        "LegalName": settings.get("legal_name", organisation.name),
        "PaysTax": True,
        "Version": organisation.version,
        "OrganisationType": "COMPANY",
        "BaseCurrency": organisation.base_currency,
        "CountryCode": country,
        "IsDemoCompany": settings.get("class", "DEMO") == "DEMO",
        "OrganisationStatus": "ACTIVE",
        "FinancialYearEndDay": 31,
        "FinancialYearEndMonth": 12,
        "SalesTaxBasis": basis,
        "SalesTaxPeriod": period,
        "DefaultSalesTax": "Tax Exclusive",
        "DefaultPurchasesTax": "Tax Exclusive",
    }
    if organisation.period_lock:
        body["PeriodLockDate"] = wire_day(organisation.period_lock)
    if organisation.year_lock:
        body["EndOfYearLockDate"] = wire_day(organisation.year_lock)
    return {
        **body,
        "CreatedDateUTC": wire_moment(read_moment(created_at), offset=False),
        "OrganisationEntityType": "COMPANY",
        "Timezone": timezone,
        "ShortCode": "!" + organisation.id.replace("-", "")[:5],
        "OrganisationID": organisation.id,
        "Edition": settings.get("edition", "BUSINESS"),
        "Class": settings.get("class", "DEMO"),
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": {},
    }
