"""Amounts on the wire and in cents."""

from decimal import ROUND_HALF_UP, Decimal

from sandbox.quickbooks.faults import ServiceFault

CENT = Decimal("0.01")
MOST_CENTS = 99_999_999_900
LARGEST_QUANTITY = 10**10


def to_cents(value: Decimal | int | None) -> int:
    """Half-up, away from zero, as the vendor's totals show. Raises 2240 for more than any amount may be."""
    if value is None:
        return 0
    exact = Decimal(value) * 100
    if abs(exact) > MOST_CENTS:
        raise ServiceFault("2240", f"Number out of range. Min:0 Max:999,999,999. Supplied value:{exact / 100:f}")
    return half_up(exact)


def half_up(value: Decimal) -> int:
    """The nearest whole number, halves away from zero."""
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def amount(cents: int) -> Decimal | int:
    """As the wire prints it: two decimals, but plain 0."""
    return Decimal(cents).scaleb(-2) if cents else 0


def rate(value: Decimal | int) -> Decimal | int:
    """Quantities, prices and percentages print without trailing zeros."""
    plain = Decimal(value).normalize()
    return int(plain) if plain == plain.to_integral_value() else plain


def check_quantity(quantity: Decimal | int) -> None:
    """Ten digits before the point; raises 2160."""
    if abs(Decimal(quantity)) >= LARGEST_QUANTITY:
        raise ServiceFault("2160", f"Invalid Quantity : Supplied value:{quantity}", "Qty")
