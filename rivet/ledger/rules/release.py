"""Giving retainage back: how an amount is spread over what is held."""

from collections.abc import Sequence
from decimal import Decimal

from rivet.money import CENT, ZERO, allocate, cents


class ReleaseError(ValueError):
    """A sentence for the person who asked for the release."""


def check(amount: Decimal, *, held: Decimal) -> None:
    """Refuse what cannot be released. ``held`` is the balance of the contract, or of the party without one."""
    if held <= ZERO:
        raise ReleaseError("Nothing is held here, so there is nothing to release.")
    if amount <= ZERO:
        raise ReleaseError("A release must be more than zero.")
    if amount > held:
        raise ReleaseError(
            f"Only {held:,.2f} is held; a release cannot be more than that. Release {held:,.2f} or less."
        )
    if amount != cents(amount):
        raise ReleaseError("A release has at most two decimals.")


def by_line(amount: Decimal, *, held: Sequence[Decimal]) -> list[Decimal]:
    """``amount`` pro rata over lines; parts sum to it and none exceeds what its line holds."""
    check(amount, held=sum(held, ZERO))
    return allocate(amount, weights=held)


def oldest_first(amount: Decimal, *, held: Sequence[Decimal]) -> list[Decimal]:
    """``amount`` taken from applications in order, for ageing: what remains sits on the newest."""
    check(amount, held=sum(held, ZERO))
    parts, left = [], amount
    for balance in held:
        part = min(max(balance, ZERO), left)
        parts.append(part)
        left -= part
    # Balances below zero further down were owed by what came before them.
    return parts if left < CENT else by_line(amount, held=held)


def keep_back(held: Decimal, *, punch_list: Decimal, percent: Decimal) -> Decimal:
    """What may be released now when ``percent`` of the punch list's worth is kept (150 is usual)."""
    return max(held - cents(punch_list * percent / 100), ZERO)
