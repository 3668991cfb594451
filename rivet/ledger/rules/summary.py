"""The nine summary lines of the payment form (G702) of one application."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rivet.ledger.rules.application import Outcome
from rivet.ledger.rules.terms import ContractSums
from rivet.money import ZERO, share


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    original_sum: Decimal
    changes: Decimal
    completed_and_stored: Decimal
    retainage: Decimal
    previous_certificates: Decimal
    #: Lines 5a and 5b; None where the rate changed or something was released, so that they do not add up to line 5.
    retainage_on_work: Decimal | None
    retainage_on_stored: Decimal | None

    @property
    def sum_to_date(self) -> Decimal:
        return self.original_sum + self.changes

    @property
    def earned(self) -> Decimal:
        return self.completed_and_stored - self.retainage

    @property
    def due(self) -> Decimal:
        return self.earned - self.previous_certificates

    @property
    def to_finish(self) -> Decimal:
        return self.sum_to_date - self.earned


def summarize(*, sums: ContractSums, outcomes: Sequence[Outcome], released: Decimal = ZERO) -> Summary:
    """``released`` is what releases have paid out before this application: no longer held, and already certified."""
    retainage = _total([line.after.retainage for line in outcomes]) - released
    held_before = _total([line.before.retainage for line in outcomes]) - released
    on_work, on_stored = _by_column(outcomes)
    adds_up = on_work + on_stored == retainage
    return Summary(
        original_sum=sums.original,
        changes=sums.changes,
        completed_and_stored=_total([line.after.gross for line in outcomes]),
        retainage=retainage,
        previous_certificates=_total([line.before.gross for line in outcomes]) - held_before,
        retainage_on_work=on_work if adds_up else None,
        retainage_on_stored=on_stored if adds_up else None,
    )


def _by_column(outcomes: Sequence[Outcome]) -> tuple[Decimal, Decimal]:
    lines = [(line.after, line.after.rates) for line in outcomes]
    on_work = _total([share(after.completed, percent=rates.work) for after, rates in lines if rates])
    on_stored = _total([share(after.stored, percent=rates.stored) for after, rates in lines if rates])
    return on_work, on_stored


def _total(amounts: Sequence[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
