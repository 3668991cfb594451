"""The only rounding in Rivet: amounts are Decimal with two places, half-up.

Half-up, not the half-even of Python's default context: the payment forms of the trade and both providers round
half-up, and three cents of drift per application add up (``domain`` example E6).
"""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

#: numeric(15,2): the widest amount a column holds.
LARGEST = Decimal("9999999999999.99")


def cents(amount: Decimal) -> Decimal:
    """``amount`` rounded half-up to two places; negative zero becomes zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP) + ZERO


def share(amount: Decimal, *, percent: Decimal) -> Decimal:
    """``percent`` (10 means ten per cent) of ``amount``, in cents."""
    return cents(amount * percent / 100)


def allocate(total: Decimal, *, weights: Sequence[Decimal]) -> list[Decimal]:
    """``total`` split by ``weights`` so that the parts sum to it exactly; left-over cents go to the largest remainders.

    Weights may be of both signs; with ``total`` at most their sum, no part goes beyond its weight.

    Raises ValueError when the weights are empty or sum to zero.
    """
    whole = sum(weights, ZERO)
    if not whole:
        raise ValueError("weights must sum to something")
    exact = [total * weight / whole for weight in weights]
    parts = [part.quantize(CENT, rounding=ROUND_DOWN) for part in exact]
    missing = total - sum(parts, ZERO)
    step = CENT if missing > 0 else -CENT
    by_remainder = sorted(range(len(parts)), key=lambda i: (exact[i] - parts[i]) * step, reverse=True)
    for index in by_remainder[: int(abs(missing) / CENT)]:
        parts[index] += step
    return parts
