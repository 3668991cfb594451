"""The agreement on retainage: rates, what happens at the threshold, the cap, and how cents are rounded."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rivet.money import ZERO, share


class ReductionRule(StrEnum):
    """What happens to the rate once the job has passed its threshold."""

    NONE = "none"
    #: The reduced rate applies to new billing; what was withheld stays.
    PROSPECTIVE = "prospective"
    #: The reduced rate applies to everything to date; the difference is given back in the application.
    RETROACTIVE = "retroactive"
    #: Nothing more is withheld; the total stays.
    STOP = "stop"


class Crossing(StrEnum):
    """At which rate the application that crosses the threshold is billed."""

    NEXT_APPLICATION = "next_application"
    WHOLE_APPLICATION = "whole_application"
    SPLIT = "split"


class ThresholdBasis(StrEnum):
    #: The contract sum including change orders: the threshold moves with them.
    TO_DATE = "to_date"
    ORIGINAL = "original"


class Rounding(StrEnum):
    #: Half-up per line on the cumulative base: no drift from one application to the next.
    PER_LINE = "per_line"
    #: Half-up on the total, as some general contractors' portals do; the difference sits on the largest line.
    TOTAL_THEN_ALLOCATE = "total_then_allocate"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rates:
    """Per cent withheld from completed work and from stored material (10 means ten per cent)."""

    work: Decimal
    stored: Decimal

    def at_most(self, limit: Decimal) -> "Rates":
        return Rates(work=min(self.work, limit), stored=min(self.stored, limit))


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """One version of a contract's retainage terms. Rates and thresholds in per cent, amounts in cents."""

    work_rate: Decimal
    stored_rate: Decimal
    rule: ReductionRule = ReductionRule.NONE
    threshold: Decimal | None = None
    threshold_basis: ThresholdBasis = ThresholdBasis.TO_DATE
    crossing: Crossing = Crossing.NEXT_APPLICATION
    reduced_rate: Decimal = ZERO
    cap_percent: Decimal | None = None
    cap_amount: Decimal | None = None
    rounding: Rounding = Rounding.PER_LINE

    def full(self, override: Decimal | None) -> Rates:
        """The rates before the threshold; a line may have its own."""
        if override is not None:
            return Rates(work=override, stored=override)
        return Rates(work=self.work_rate, stored=self.stored_rate)

    def reduced(self, override: Decimal | None) -> Rates:
        """The rates after the threshold: never above what the line had before, so a line at 0 % stays there."""
        limit = ZERO if self.rule is ReductionRule.STOP else self.reduced_rate
        return self.full(override).at_most(limit)

    def threshold_amount(self, sums: "ContractSums") -> Decimal | None:
        """Completed and stored work at which the rate is reduced; None when it never is."""
        if self.rule is ReductionRule.NONE or self.threshold is None:
            return None
        base = sums.original if self.threshold_basis is ThresholdBasis.ORIGINAL else sums.to_date
        return share(base, percent=self.threshold)

    def cap(self, sums: "ContractSums") -> Decimal | None:
        """The most that may ever be withheld; the lower one where both a per cent and an amount are agreed."""
        limits = [] if self.cap_percent is None else [share(sums.to_date, percent=self.cap_percent)]
        if self.cap_amount is not None:
            limits.append(self.cap_amount)
        return min(limits, default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class ContractSums:
    """Line 1 of the payment form, and line 2: the net of change orders."""

    original: Decimal
    changes: Decimal = ZERO

    @property
    def to_date(self) -> Decimal:
        return self.original + self.changes
