"""What holds for every contract, whatever the figures."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rivet.ledger.rules import release
from rivet.ledger.rules.application import Outcome, Progress, Standing, compute
from rivet.ledger.rules.summary import summarize
from rivet.ledger.rules.terms import ContractSums, Crossing, ReductionRule, Rounding, Terms
from rivet.money import ZERO, allocate, share

cents = st.integers(min_value=0, max_value=50_000_000).map(lambda n: D(n) / 100)
rates = st.sampled_from([D("0"), D("2.5"), D("5"), D("7.75"), D("10"), D("33.333333")])
parts = st.integers(min_value=0, max_value=10_000).map(lambda n: D(n) / 10_000)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    return Terms(
        work_rate=draw(rates),
        stored_rate=draw(rates),
        rule=draw(st.sampled_from(ReductionRule)),
        threshold=draw(st.sampled_from([None, D(25), D(50)])),
        crossing=draw(st.sampled_from(Crossing)),
        reduced_rate=draw(rates),
        cap_percent=draw(st.sampled_from([None, D(3), D(5)])),
        rounding=draw(st.sampled_from(Rounding)),
    )


@st.composite
def jobs(draw: st.DrawFn) -> tuple[Terms, ContractSums, list[list[Outcome]]]:
    """A contract billed in several applications that only move forward."""
    values = draw(st.lists(cents.filter(bool), min_size=1, max_size=5))
    agreed, sums = draw(terms()), ContractSums(original=sum(values, ZERO))
    standings, done = [Standing()] * len(values), []
    for _ in range(draw(st.integers(min_value=1, max_value=5))):
        lines = [
            Progress(value=value, completed=_further(value, standing, draw(parts)), before=standing)
            for value, standing in zip(values, standings, strict=True)
        ]
        done.append(compute(terms=agreed, sums=sums, lines=lines))
        standings = [outcome.after for outcome in done[-1]]
    return agreed, sums, done


def _further(value: D, standing: Standing, part: D) -> D:
    return standing.completed + share(value - standing.completed, percent=part * 100)


@given(jobs())
def test_parts_sum_to_the_whole_and_net_is_line_8(job: tuple[Terms, ContractSums, list[list[Outcome]]]) -> None:
    _, sums, applications = job
    for outcomes in applications:
        form = summarize(sums=sums, outcomes=outcomes)
        assert form.due == sum((line.net for line in outcomes), ZERO)
        for line in outcomes:
            assert line.withheld + line.rate_change + line.rounding == line.retainage
            assert line.retainage == line.retainage.quantize(D("0.01"))


@given(jobs())
def test_held_is_never_below_zero_nor_above_the_cap(job: tuple[Terms, ContractSums, list[list[Outcome]]]) -> None:
    agreed, sums, applications = job
    cap = agreed.cap(sums)
    for outcomes in applications:
        assert all(line.after.retainage >= 0 for line in outcomes)
        if cap is not None and agreed.rule is not ReductionRule.RETROACTIVE:
            assert sum(line.after.retainage for line in outcomes) <= cap


@given(values=st.lists(cents.filter(bool), min_size=1, max_size=6), rate=rates, steps=st.lists(parts, max_size=6))
def test_a_flat_rate_never_drifts(values: list[D], rate: D, steps: list[D]) -> None:
    agreed = Terms(work_rate=rate, stored_rate=rate)
    sums = ContractSums(original=sum(values, ZERO))
    standings = [Standing()] * len(values)
    for step in [*steps, D(1)]:
        lines = [
            Progress(value=value, completed=_further(value, standing, step), before=standing)
            for value, standing in zip(values, standings, strict=True)
        ]
        standings = [outcome.after for outcome in compute(terms=agreed, sums=sums, lines=lines)]
    assert [standing.retainage for standing in standings] == [share(value, percent=rate) for value in values]


@given(completed=cents, released=cents, rule=st.sampled_from(ReductionRule))
def test_an_application_never_gives_back_what_was_released(completed: D, released: D, rule: ReductionRule) -> None:
    agreed = Terms(work_rate=D(10), stored_rate=D(10), rule=rule, threshold=D(1), reduced_rate=D(1))
    sums = ContractSums(original=D("500000.00"))
    (first,) = compute(terms=agreed, sums=sums, lines=[Progress(value=sums.original, completed=completed)])
    given_back = min(released, first.after.retainage)
    line = Progress(value=sums.original, completed=completed, before=first.after, released=given_back)
    (second,) = compute(terms=agreed, sums=sums, lines=[line])
    assert second.after.retainage >= given_back


@given(st.lists(cents, min_size=1, max_size=8).filter(any), st.data())
def test_a_release_never_exceeds_what_a_line_holds(held: list[D], data: st.DataObject) -> None:
    whole = sum(held, ZERO)
    amount = D(data.draw(st.integers(min_value=1, max_value=int(whole * 100)))) / 100
    for spread in (release.by_line, release.oldest_first):
        released = spread(amount, held=held)
        assert sum(released, ZERO) == amount
        assert all(ZERO <= part <= have for part, have in zip(released, held, strict=True))


@given(cents.filter(bool), cents)
def test_more_than_is_held_is_refused(over: D, held: D) -> None:
    with pytest.raises(release.ReleaseError):
        release.by_line(held + over, held=[held])


signed = st.integers(min_value=-1_000_000, max_value=1_000_000).map(lambda n: D(n) / 100)


@given(st.lists(signed, min_size=1, max_size=8).filter(lambda held: sum(held) > 0), st.data())
def test_spreading_over_additions_and_deductions_stays_within_each(held: list[D], data: st.DataObject) -> None:
    whole = sum(held, ZERO)
    amount = D(data.draw(st.integers(min_value=1, max_value=int(whole * 100)))) / 100
    spread = allocate(amount, weights=held)
    assert sum(spread, ZERO) == amount
    assert all(min(have, ZERO) <= part <= max(have, ZERO) for part, have in zip(spread, held, strict=True))


def test_a_line_at_zero_per_cent_stays_there_after_the_reduction() -> None:
    agreed = Terms(
        work_rate=D(10), stored_rate=D(10), rule=ReductionRule.PROSPECTIVE, threshold=D(0), reduced_rate=D(5)
    )
    bond = Progress(value=D(1000), completed=D(1000), override=ZERO)
    (outcome,) = compute(terms=agreed, sums=ContractSums(original=D(1000)), lines=[bond])
    assert outcome.retainage == ZERO


def test_stored_material_that_is_installed_changes_only_the_rate() -> None:
    agreed = Terms(work_rate=D(10), stored_rate=D(5))
    sums = ContractSums(original=D("36000.00"))
    (stored,) = compute(terms=agreed, sums=sums, lines=[Progress(value=D(36000), completed=ZERO, stored=D(10000))])
    installed = Progress(value=D(36000), completed=D(10000), before=stored.after)
    (outcome,) = compute(terms=agreed, sums=sums, lines=[installed])
    assert (outcome.work, outcome.retainage) == (ZERO, D("500.00"))
