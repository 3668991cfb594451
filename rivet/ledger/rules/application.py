"""One application for payment: from completed and stored work to the retainage of the period.

The payment form is cumulative, so each line is computed on everything to date and the period is the difference.
A line's life falls into segments of one rate. Within a segment the base counts from its *anchor*, the point where the
rate began: a prospective change anchors at the previous application, a retroactive one goes back to the start.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rivet.ledger.rules.terms import ContractSums, Crossing, Rates, ReductionRule, Rounding, Terms
from rivet.money import ZERO, allocate, cents, share


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A point in a line's life: completed work, stored material, and what had been withheld by then."""

    completed: Decimal = ZERO
    stored: Decimal = ZERO
    retainage: Decimal = ZERO


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where a line stands after an application; what the next one starts from."""

    #: Columns D + E of the continuation sheet.
    completed: Decimal = ZERO
    #: Column F.
    stored: Decimal = ZERO
    #: Withheld to date, before any release.
    retainage: Decimal = ZERO
    #: The part of ``retainage`` that is there only to meet the rounded total.
    rounding: Decimal = ZERO
    anchor: Mark = Mark()
    #: None before the first application.
    rates: Rates | None = None
    is_reduced: bool = False

    @property
    def gross(self) -> Decimal:
        """Column G: completed and stored to date."""
        return self.completed + self.stored


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """One schedule-of-values line going into an application."""

    value: Decimal
    completed: Decimal
    stored: Decimal = ZERO
    before: Standing = Standing()
    override: Decimal | None = None
    #: Given back by releases so far; never more than was withheld.
    released: Decimal = ZERO


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """One line coming out. ``retainage`` is the period's R and the sum of its three parts."""

    before: Standing
    after: Standing
    withheld: Decimal
    rate_change: Decimal
    rounding: Decimal

    @property
    def work(self) -> Decimal:
        return self.after.gross - self.before.gross

    @property
    def retainage(self) -> Decimal:
        return self.after.retainage - self.before.retainage

    @property
    def net(self) -> Decimal:
        return self.work - self.retainage


@dataclass(frozen=True, kw_only=True, slots=True)
class _Draft:
    """A line between rate and rounding. ``exact`` is unrounded, ``rounded`` is in cents, both to date."""

    line: Progress
    anchor: Mark
    rates: Rates
    exact: Decimal
    rounded: Decimal
    rate_change: Decimal


def compute(*, terms: Terms, sums: ContractSums, lines: Sequence[Progress]) -> list[Outcome]:
    """The outcome of each line, in order. Raises nothing: whether an application makes sense is approval's business."""
    passed = _share_at_full_rate(terms, sums, lines)
    drafts = [_apply_rate(terms, line, passed) for line in lines]
    adjustments = _adjust_to_total(terms, drafts)
    wanted = [
        _keep_sign(draft.line, draft.rounded + adjustment - draft.line.before.retainage)
        for draft, adjustment in zip(drafts, adjustments, strict=True)
    ]
    periods = _cap(terms.cap(sums), before=[line.before.retainage for line in lines], wanted=wanted)
    is_reduced = passed < 1
    return [
        _outcome(draft, adjustment=adjustment, period=period, is_reduced=is_reduced)
        for draft, adjustment, period in zip(drafts, adjustments, periods, strict=True)
    ]


def _share_at_full_rate(terms: Terms, sums: ContractSums, lines: Sequence[Progress]) -> Decimal:
    """How much of the period's work is billed at the full rate: 1, 0, or a fraction in a crossing application."""
    threshold = terms.threshold_amount(sums)
    if threshold is None:
        return Decimal(1)
    before = sum((line.before.gross for line in lines), ZERO)
    now = sum((line.completed + line.stored for line in lines), ZERO)
    # Once reduced, the rate stays reduced: a change order that moves the threshold must not withhold anew.
    if before >= threshold or any(line.before.is_reduced for line in lines):
        return Decimal(0)
    if now < threshold or terms.crossing is Crossing.NEXT_APPLICATION:
        return Decimal(1)
    is_split = terms.crossing is Crossing.SPLIT and terms.rule is not ReductionRule.RETROACTIVE
    return (threshold - before) / (now - before) if is_split else Decimal(0)


def _apply_rate(terms: Terms, line: Progress, full_share: Decimal) -> _Draft:
    full, reduced = terms.full(line.override), terms.reduced(line.override)
    if full_share == 1:
        return _segment(terms, line, full)
    if full_share == 0:
        return _segment(terms, line, reduced)
    crossing = _up_to_threshold(line, full_share)
    first = _segment(terms, crossing, full)
    anchor = Mark(completed=crossing.completed, stored=crossing.stored, retainage=first.rounded)
    return _draft(line, anchor=anchor, rates=reduced)


def _up_to_threshold(line: Progress, full_share: Decimal) -> Progress:
    """The line at the moment the job crossed, as if every line had moved evenly through the period."""
    before = line.before
    return replace(
        line,
        completed=cents(before.completed + (line.completed - before.completed) * full_share),
        stored=cents(before.stored + (line.stored - before.stored) * full_share),
    )


def _segment(terms: Terms, line: Progress, rates: Rates) -> _Draft:
    """Go on with the segment at hand, or begin a new one where the rates changed."""
    before = line.before
    if before.rates in (None, rates):
        return _draft(line, anchor=before.anchor, rates=rates)
    withheld = before.retainage - before.rounding
    if terms.rule is not ReductionRule.RETROACTIVE:
        anchor = Mark(completed=before.completed, stored=before.stored, retainage=withheld)
        return _draft(line, anchor=anchor, rates=rates)
    restated = _draft(replace(line, completed=before.completed, stored=before.stored), anchor=Mark(), rates=rates)
    return replace(_draft(line, anchor=Mark(), rates=rates), rate_change=restated.rounded - withheld)


def _draft(line: Progress, *, anchor: Mark, rates: Rates) -> _Draft:
    completed, stored = line.completed - anchor.completed, line.stored - anchor.stored
    return _Draft(
        line=line,
        anchor=anchor,
        rates=rates,
        exact=anchor.retainage + (completed * rates.work + stored * rates.stored) / 100,
        rounded=anchor.retainage + share(completed, percent=rates.work) + share(stored, percent=rates.stored),
        rate_change=ZERO,
    )


def _adjust_to_total(terms: Terms, drafts: Sequence[_Draft]) -> list[Decimal]:
    adjustments = [ZERO] * len(drafts)
    if terms.rounding is Rounding.TOTAL_THEN_ALLOCATE and drafts:
        total = cents(sum((draft.exact for draft in drafts), ZERO))
        largest = max(range(len(drafts)), key=lambda index: abs(drafts[index].line.value))
        adjustments[largest] = total - sum((draft.rounded for draft in drafts), ZERO)
    return adjustments


def _keep_sign(line: Progress, period: Decimal) -> Decimal:
    """Give back at most what is still held: what a release has paid out cannot be given back again."""
    held = line.before.retainage - line.released
    is_addition = line.completed + line.stored >= 0
    wrong = held + period < 0 if is_addition else held + period > 0
    return -held if wrong else period


def _cap(cap: Decimal | None, *, before: Sequence[Decimal], wanted: Sequence[Decimal]) -> list[Decimal]:
    total, so_far = sum(wanted, ZERO), sum(before, ZERO)
    if cap is None or total <= 0 or so_far + total <= cap:
        return list(wanted)
    return allocate(max(cap - so_far, ZERO), weights=wanted)


def _outcome(draft: _Draft, *, adjustment: Decimal, period: Decimal, is_reduced: bool) -> Outcome:
    before = draft.line.before
    rounding = adjustment - before.rounding
    after = Standing(
        completed=draft.line.completed,
        stored=draft.line.stored,
        retainage=before.retainage + period,
        rounding=adjustment,
        anchor=draft.anchor,
        rates=draft.rates,
        is_reduced=is_reduced,
    )
    return Outcome(
        before=before,
        after=after,
        withheld=period - draft.rate_change - rounding,
        rate_change=draft.rate_change,
        rounding=rounding,
    )
