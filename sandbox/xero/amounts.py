"""Reading numbers from requests and rounding them as Xero does: half up, two places, line by line."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
_PLACES = {count: Decimal(1).scaleb(-count) for count in range(7)}
_DIGITS = 12
_MOST = 10**_DIGITS
LARGEST = Decimal("9999999999.99")


class UnreadableNumberError(ValueError):
    """The value cannot be read as a number."""


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def places(value: Decimal, count: int) -> Decimal:
    return value.quantize(_PLACES[count], ROUND_HALF_UP)


def read_number(value: object) -> Decimal:
    """Read a JSON number or a string that holds one; anything else, and infinities, are refused."""
    if type(value) is int and -_MOST <= value <= _MOST:
        return Decimal(value)
    if type(value) is Decimal and value.is_finite() and value.adjusted() < _DIGITS:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise UnreadableNumberError(repr(value))
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    except InvalidOperation as error:
        raise UnreadableNumberError(repr(value)) from error
    # First by its digits: of a million of them not even the sign can be taken.
    if not number.is_finite() or number.adjusted() > _DIGITS or abs(number) > _MOST:
        raise UnreadableNumberError(repr(value))
    return number
