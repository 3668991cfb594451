"""Amounts on the wire and in cents."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def to_cents(value: Decimal | int | None) -> int:
    """Half-up, away from zero, as the vendor's totals show."""
    return 0 if value is None else half_up(Decimal(value) * 100)


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
