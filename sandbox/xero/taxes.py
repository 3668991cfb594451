"""Tax rates per country, and tax on a line: computed per line, rounded half up to two places, then summed."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from sandbox.xero.amounts import ZERO, cents

CLASS_LETTERS = {"ASSET": "A", "EQUITY": "Q", "EXPENSE": "E", "LIABILITY": "L", "REVENUE": "R"}
_FLAGS = {
    "CanApplyToAssets": "A",
    "CanApplyToEquity": "Q",
    "CanApplyToExpenses": "E",
    "CanApplyToLiabilities": "L",
    "CanApplyToRevenue": "R",
}
_COMPONENT_NAMES = {"AU": "GST", "NZ": "GST", "UK": "VAT"}

REPORT_TYPES = (
    "AVALARA", "BASEXCLUDED", "CAPITALSALESOUTPUT", "CAPITALEXPENSESINPUT", "ECOUTPUT", "ECOUTPUTSERVICES", "ECINPUT",
    "ECACQUISITIONS", "EXEMPTEXPENSES", "EXEMPTINPUT", "EXEMPTOUTPUT", "GSTONIMPORTS", "INPUT", "INPUTTAXED",
    "MOSSSALES", "NONE", "NONEOUTPUT", "OUTPUT", "PURCHASESINPUT", "SALESOUTPUT", "EXEMPTCAPITAL",
    "EXEMPTEXPORT", "CAPITALEXINPUT", "GSTONCAPIMPORTS", "GSTONCAPITALIMPORTS",
)  # fmt: skip
EXCLUSIVE, INCLUSIVE, NO_TAX = "Exclusive", "Inclusive", "NoTax"
LINE_AMOUNT_TYPES = (EXCLUSIVE, INCLUSIVE, NO_TAX)


@dataclass(frozen=True, slots=True)
class TaxRate:
    """One rate of an organisation; `on` holds the letters of the account classes it may be used with."""

    tax_type: str
    name: str
    percent: Decimal
    on: str
    status: str
    report_type: str
    component: str
    components: tuple[tuple[str, Decimal, bool], ...] = ()
    """Name, percent and whether it is compound, of a rate the organisation made itself."""

    def suits(self, account_class: str) -> bool:
        return CLASS_LETTERS[account_class] in self.on


@dataclass(frozen=True, slots=True)
class Totals:
    subtotal: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.tax


@cache
def rates_for(version: str) -> dict[str, TaxRate]:
    """The rates of a country version (`AU`, `NZ`, `UK`, `US`, anything else is GLOBAL), by tax type."""
    table = tomllib.loads(Path(__file__).with_name("tax_rates.toml").read_text(encoding="utf-8"))
    country = version if version in table else "GLOBAL"
    return {row["type"]: _rate(row, country) for row in table[country]}


def _rate(row: dict[str, str], country: str) -> TaxRate:
    return TaxRate(
        tax_type=row["type"],
        name=row["name"],
        percent=Decimal(row["rate"]),
        on=row["on"],
        status=row.get("status", "ACTIVE"),
        report_type=row.get("report", row["type"]),
        component=row.get("component", _COMPONENT_NAMES.get(country, "Tax")),
    )


def line_tax(amount: Decimal, percent: Decimal, line_amount_types: str) -> Decimal:
    """The tax of one line of `amount`, which holds the tax already when the document is Inclusive."""
    if line_amount_types == NO_TAX:
        return ZERO
    if line_amount_types == INCLUSIVE:
        return amount - cents(amount / (1 + percent / 100))
    return cents(amount * percent / 100)


def totals(lines: Iterable[tuple[Decimal, Decimal]], line_amount_types: str) -> Totals:
    """Add up (line amount, tax amount) pairs."""
    pairs = list(lines)
    amount = sum((pair[0] for pair in pairs), ZERO)
    tax = sum((pair[1] for pair in pairs), ZERO)
    return Totals(amount - tax if line_amount_types == INCLUSIVE else amount, tax)


def wire(rate: TaxRate) -> dict[str, object]:
    """One rate as the API shows it."""
    flags = {flag: letter in rate.on for flag, letter in _FLAGS.items()}
    percent = rate.percent.quantize(Decimal("0.0001"))
    components = rate.components or ((rate.component, percent, False),)
    return {
        "Name": rate.name,
        "TaxType": rate.tax_type,
        **({"ReportTaxType": rate.report_type} if rate.report_type else {}),
        **flags,
        "DisplayTaxRate": percent,
        "EffectiveRate": percent,
        "Status": rate.status,
        "TaxComponents": [
            {"Name": name, "Rate": part, "IsCompound": compound, "IsNonRecoverable": False}
            for name, part, compound in components
        ],
    }
