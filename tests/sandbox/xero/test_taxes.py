from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.companies import Company
from sandbox.xero.organisation import organisation_of, wire_organisation
from sandbox.xero.taxes import EXCLUSIVE, INCLUSIVE, NO_TAX, line_tax, rates_for, totals, wire

AMOUNTS = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2)


def test_the_recorded_invoice() -> None:
    tax = line_tax(Decimal("21.00"), Decimal(15), EXCLUSIVE)
    assert tax == Decimal("3.15")
    assert totals([(Decimal("21.00"), tax)], EXCLUSIVE).total == Decimal("24.15")


@pytest.mark.parametrize(("amount", "tax", "subtotal"), [("89.00", "11.61", "77.39"), ("97.00", "12.65", "84.35")])
def test_recorded_inclusive_bills(amount: str, tax: str, subtotal: str) -> None:
    computed = line_tax(Decimal(amount), Decimal(15), INCLUSIVE)
    assert computed == Decimal(tax)
    assert totals([(Decimal(amount), computed)], INCLUSIVE).subtotal == Decimal(subtotal)


def test_tax_is_rounded_line_by_line() -> None:
    lines = [(Decimal("0.03"), line_tax(Decimal("0.03"), Decimal(15), EXCLUSIVE))] * 3
    assert totals(lines, EXCLUSIVE).tax == Decimal("0.00")
    halves = [(Decimal("0.50"), line_tax(Decimal("0.50"), Decimal("8.25"), EXCLUSIVE))] * 2
    assert totals(halves, EXCLUSIVE).tax == Decimal("0.08")


def test_a_retention_line_takes_its_tax_away_again() -> None:
    assert line_tax(Decimal("-100.10"), Decimal(15), EXCLUSIVE) == -line_tax(Decimal("100.10"), Decimal(15), EXCLUSIVE)


@given(AMOUNTS)
def test_no_tax_means_none(amount: Decimal) -> None:
    assert line_tax(amount, Decimal(15), NO_TAX) == 0


@given(AMOUNTS, st.sampled_from([Decimal(10), Decimal(15), Decimal(20), Decimal("8.25")]))
def test_inclusive_lines_keep_their_total(amount: Decimal, percent: Decimal) -> None:
    tax = line_tax(amount, percent, INCLUSIVE)
    assert totals([(amount, tax)], INCLUSIVE).total == amount


@pytest.mark.parametrize("version", ["AU", "NZ", "UK", "US", "GLOBAL", "SG"])
def test_every_country_has_rates(version: str) -> None:
    rates = rates_for(version)
    assert any(rate.status == "ACTIVE" and rate.suits("REVENUE") for rate in rates.values())
    assert any(rate.status == "ACTIVE" and rate.suits("EXPENSE") for rate in rates.values())


def test_british_builders_find_their_rates() -> None:
    rates = rates_for("UK")
    assert {"CAPEXINPUT2", "DRCHARGE20", "DRCHARGE5", "DRCHARGESUPPLY20", "ECACQUISITIONS", "REVERSECHARGES"} <= set(
        rates
    )
    assert (rates["DRCHARGE20"].suits("EXPENSE"), rates["DRCHARGE20"].suits("REVENUE")) == (True, False)


def test_a_rate_as_recorded() -> None:
    shown = wire(rates_for("NZ")["OUTPUT2"])
    assert shown == {
        "Name": "15% GST on Income",
        "TaxType": "OUTPUT2",
        "ReportTaxType": "OUTPUT",
        "CanApplyToAssets": True,
        "CanApplyToEquity": True,
        "CanApplyToExpenses": False,
        "CanApplyToLiabilities": True,
        "CanApplyToRevenue": True,
        "DisplayTaxRate": Decimal(15),
        "EffectiveRate": Decimal(15),
        "Status": "ACTIVE",
        "TaxComponents": [{"Name": "GST", "Rate": Decimal(15), "IsCompound": False, "IsNonRecoverable": False}],
    }


@pytest.mark.parametrize(
    ("version", "basis", "period"),
    [
        ("AU", "ACCRUALS", "QUARTERLY1"),
        ("NZ", "INVOICE", "TWOMONTHS"),
        ("UK", "ACCRUAL", "QUARTERLY"),
        ("US", "ACCRUALS", "3MONTHLY"),
        ("GLOBAL", "ACCRUALS", "3MONTHLY"),
    ],
)
def test_sales_tax_is_reported_in_the_words_of_the_country(version: str, basis: str, period: str) -> None:
    moment = "2026-11-01T00:00:00+00:00"
    company = Company("0b5a1b2c-9f4e", "xero", "Pier 7", "empty", moment, {"version": version})
    shown = wire_organisation(organisation_of(company), created_at=moment)
    assert (shown["SalesTaxBasis"], shown["SalesTaxPeriod"]) == (basis, period)
