"""Sales tax: US codes TAX and NON with one rate per transaction, elsewhere a code per line."""

from collections import defaultdict
from decimal import Decimal

from sandbox.books import Line
from sandbox.quickbooks.faults import ServiceFault, business
from sandbox.quickbooks.money import amount, half_up, to_cents
from sandbox.quickbooks.work import Work
from sandbox.wire import Body

CUSTOM = "customsalestax"
MOST_TAXED = 750
US_CODES = ("TAX", "NON")


def line_code(work: Work, body: Body, detail: Body) -> None:
    """Check or default the TaxCodeRef of a line; raises 6100, or 6000 where a code is obligatory."""
    ref = detail.get("TaxCodeRef")
    if work.is_us():
        if ref and ref["value"] not in US_CODES:
            raise ServiceFault("6100", f"Invalid Line TaxCode : {ref['value'][:40]}. Use TAX or NON.", "TaxCodeRef")
        detail["TaxCodeRef"] = {"value": ref["value"] if ref else "NON"}
        return
    if body.get("GlobalTaxCalculation") == "NotApplicable":
        detail.pop("TaxCodeRef", None)
        return
    if not ref:
        business("Make sure all your transactions have a GST rate before you save.")
    work.resolve("TaxCode", ref, element="TaxCodeRef")


def check_many(legs: list[tuple[int, Body]]) -> None:
    """Tax is worked out for so many lines only; raises 6000."""
    if len(legs) > MOST_TAXED and any(detail.get("TaxCodeRef", {}).get("value") != "NON" for _, detail in legs):
        business(f"A taxable transaction takes at most {MOST_TAXED} lines.")


def settle(
    work: Work, body: Body, legs: list[tuple[int, Body]], *, sales: bool, updating: bool = False
) -> tuple[list[int], int]:
    """Net cents of every leg, and the tax in all. `legs`: (cents as given, line detail). Fills TxnTaxDetail."""
    nets = [cents for cents, _ in legs]
    if work.is_us():
        return nets, _us_tax(work, body, legs, updating=updating) if sales else 0
    _check_tax_lines(work, body)
    mode = body.setdefault("GlobalTaxCalculation", "TaxExcluded")
    if mode == "NotApplicable":
        if (body.get("TxnTaxDetail") or {}).get("TotalTax"):
            raise ServiceFault(
                "6170", "TxnTaxDetail is not allowed : GlobalTaxCalculation is NotApplicable", "TxnTaxDetail"
            )
        return nets, 0
    taxed: dict[str, int] = defaultdict(int)
    tax = 0
    for position, (cents, detail) in enumerate(legs):
        code = detail["TaxCodeRef"]["value"]
        rate = _rate(work, code, sales=sales)
        if mode == "TaxInclusive":
            nets[position] = half_up(cents / (1 + rate / 100))
            tax += cents - nets[position]
        else:
            taxed[code] += cents
    tax += sum(half_up(cents * _rate(work, code, sales=sales) / 100) for code, cents in taxed.items())
    body["TxnTaxDetail"] = {"TotalTax": amount(tax)}
    return nets, tax


def tax_leg(work: Work, cents: int) -> list[Line]:
    """The posting of the tax itself, if there is any."""
    if not cents:
        return []
    account = work.first_account("Other Current Liability", "SalesTaxPayable")
    if account is None:
        business("The company has no sales tax account.")
    return [Line(account.id, cents)]


def _us_tax(work: Work, body: Body, legs: list[tuple[int, Body]], *, updating: bool) -> int:
    given = body.get("TxnTaxDetail") or {}
    if not work.settings.get("using_sales_tax"):
        body["TxnTaxDetail"] = {"TotalTax": 0}
        return 0
    _check_tax_lines(work, body)
    taxable = sum(cents for cents, detail in legs if detail["TaxCodeRef"]["value"] == "TAX")
    code = given.get("TxnTaxCodeRef")
    rate = Decimal(0)
    if code:
        if code["value"].casefold() == CUSTOM:
            raise ServiceFault("6230" if updating else "6160", "The CustomSalesTax id can't be used", "TxnTaxCodeRef")
        work.resolve("TaxCode", code, element="TxnTaxCodeRef")
        rate = _rate(work, code["value"], sales=True)
    tax = to_cents(given["TotalTax"]) if given.get("TotalTax") is not None else half_up(taxable * rate / 100)
    body["TxnTaxDetail"] = {**({"TxnTaxCodeRef": code} if code else {}), "TotalTax": amount(tax)}
    return tax


def _check_tax_lines(work: Work, body: Body) -> None:
    """Tax lines name rates that exist; raises 6470."""
    for line in (body.get("TxnTaxDetail") or {}).get("TaxLine") or []:
        ref = (line.get("TaxLineDetail") or {}).get("TaxRateRef")
        if ref is None or work.find("TaxRate", ref["value"]) is None:
            raise ServiceFault("6470", "The tax line names no tax rate of this company", "TaxRateRef")


def _rate(work: Work, code: str, *, sales: bool) -> Decimal:
    record = work.find("TaxCode", code)
    if record is None:
        return Decimal(0)
    listed = record.body.get("SalesTaxRateList" if sales else "PurchaseTaxRateList") or {}
    total = Decimal(0)
    for detail in listed.get("TaxRateDetail", []):
        rate = work.find("TaxRate", detail["TaxRateRef"]["value"])
        total += Decimal(rate.body["RateValue"]) if rate else 0
    return total
