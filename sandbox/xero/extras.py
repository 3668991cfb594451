"""Resources that are no plain lists of records: the organisation itself, tax rates, currencies, themes."""

from datetime import datetime

from sandbox.companies import Company
from sandbox.wire import Body
from sandbox.world import Sandbox
from sandbox.xero import ledger, messages, taxes, users
from sandbox.xero.branding import STANDARD, THEME_ID
from sandbox.xero.currencies import CURRENCY_NAMES
from sandbox.xero.desk import Desk
from sandbox.xero.errors import InvalidError, MissingError, UnsupportedError
from sandbox.xero.fields import Fields, Problems
from sandbox.xero.ordering import sort_rows
from sandbox.xero.organisation import ACTIONS, wire_organisation
from sandbox.xero.paths import Place
from sandbox.xero.reports import report
from sandbox.xero.tax_rates import rates_of, save_tax_rate
from sandbox.xero.where import parse_where

UNUSED = {
    "budgets": "Budgets",
    "employees": "Employees",
    "expenseclaims": "ExpenseClaims",
    "invoicereminders": "InvoiceReminders",
    "paymentservices": "PaymentServices",
    "receipts": "Receipts",
    "repeatinginvoices": "RepeatingInvoices",
}
NAMES = (
    "organisation", "organisations", "taxrates", "currencies", "brandingthemes", "journals", "users", "reports",
    *UNUSED,
)  # fmt: skip


def read_extra(
    sandbox: Sandbox, desk: Desk, company: Company, place: Place, query: dict[str, str], since: datetime | None
) -> Body:
    """The rows of a GET under their plural. Raises MissingError."""
    if place.resource in ("organisation", "organisations"):
        if place.id and place.id.lower() == "actions":
            return {"Actions": _actions(desk)}
        return {"Organisations": [wire_organisation(desk.organisation, created_at=company.created_at)]}
    if place.resource == "reports" and place.id is None:
        # What was published: nothing ever was.
        return {"Reports": []}
    if place.resource == "reports":
        return {"Reports": [report(desk, place.id, query)]}
    if place.resource == "users":
        return {"Users": users.listed(sandbox, desk, place.id)}
    if place.resource == "taxrates":
        return {"TaxRates": _tax_rates(desk, place, query)}
    if place.resource == "currencies":
        return {"Currencies": [_currency(code) for code in desk.organisation.currencies]}
    if place.resource == "journals":
        return {"Journals": [ledger.one(desk, place.id)] if place.id else ledger.listed(desk, query, since)}
    if place.resource in UNUSED:
        return _unused(place)
    return _themes(place)


def _unused(place: Place) -> Body:
    """What this organisation never made use of: lists with nothing in them, and reminders that are off."""
    if place.resource == "invoicereminders" and (place.id or "").lower() == "settings":
        return {"InvoiceReminders": [{"Enabled": False}]}
    if place.id:
        raise MissingError(place.id)
    return {UNUSED[place.resource]: []}


def _themes(place: Place) -> Body:
    if place.id and place.id.lower() != THEME_ID:
        raise MissingError(place.id)
    if place.part == "paymentservices":
        return {"PaymentServices": []}
    if place.part:
        raise MissingError(place.part)
    return {"BrandingThemes": [STANDARD]}


def write_extra(sandbox: Sandbox, desk: Desk, company: Company, place: Place, elements: list[Body], verb: str) -> Body:
    """Currencies can be added, where the plan has more than one, and tax rates made and changed one at a time."""
    if len(elements) > 1:
        raise InvalidError(
            messages.one_at_a_time("TaxRates" if place.resource == "taxrates" else "Currencies"), echo={}
        )
    if place.resource == "taxrates" and place.id is None and verb in ("PUT", "POST"):
        body = save_tax_rate(desk, Fields(elements[0], Problems()), verb)
        return {"TaxRates": [taxes.wire(rates_of(desk)[body["TaxType"]])]}
    if place.resource != "currencies" or verb != "PUT":
        raise UnsupportedError(place.resource)
    element = Fields(elements[0], Problems())
    code = (element.stripped("Code") or "").upper()
    if "UseMulticurrency" in desk.organisation.denied_actions or code not in CURRENCY_NAMES:
        raise InvalidError(messages.currency_missing(code))
    known = company.settings.get("currencies", [])
    sandbox.companies.configure(company, {"currencies": sorted({*known, code})})
    return {"Currencies": [_currency(code)]}


def _actions(desk: Desk) -> list[Body]:
    denied = desk.organisation.denied_actions
    return [{"Name": name, "Status": "NOT-ALLOWED" if name in denied else "ALLOWED"} for name in ACTIONS]


def _currency(code: str) -> Body:
    return {"Code": code, "Description": CURRENCY_NAMES.get(code, code)}


_RATE_FIELDS = frozenset(
    {"Name", "TaxType", "ReportTaxType", "Status", "DisplayTaxRate", "EffectiveRate"}
    | {f"CanApplyTo{what}" for what in ("Assets", "Equity", "Expenses", "Liabilities", "Revenue")}
)


def _tax_rates(desk: Desk, place: Place, query: dict[str, str]) -> list[Body]:
    rates = rates_of(desk)
    if place.id:
        if place.id.upper() not in rates:
            raise MissingError(place.id)
        return [taxes.wire(rates[place.id.upper()])]
    rows = [taxes.wire(rate) for rate in rates.values()]
    if "taxtype" in query:
        rows = [row for row in rows if row["TaxType"] == query["taxtype"]]
    condition = parse_where(query.get("where", ""), fields=_RATE_FIELDS)
    rows = [row for row in rows if condition.matches(row)]
    return sort_rows(rows, query.get("order", ""), fields=_RATE_FIELDS)
