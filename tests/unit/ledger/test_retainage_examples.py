"""The literal figures of the worked examples E0, E1, E2, E3 and E6."""

from decimal import Decimal as D

import pytest

from rivet.ledger.rules import release
from rivet.ledger.rules.application import Outcome, Progress, Standing, compute
from rivet.ledger.rules.summary import summarize
from rivet.ledger.rules.terms import ContractSums, Crossing, ReductionRule, Rounding, Terms

TEN = Terms(work_rate=D(10), stored_rate=D(10))
E2 = ContractSums(original=D("120000.00"))


def halving(rule: ReductionRule, crossing: Crossing = Crossing.NEXT_APPLICATION) -> Terms:
    return Terms(work_rate=D(10), stored_rate=D(10), rule=rule, threshold=D(50), reduced_rate=D(5), crossing=crossing)


def applications(terms: Terms, *completed: str, sums: ContractSums = E2) -> Outcome:
    """The last of several applications of a one-line contract, each at this much completed work."""
    standing = Standing()
    for amount in completed:
        line = Progress(value=sums.original, completed=D(amount), before=standing)
        (outcome,) = compute(terms=terms, sums=sums, lines=[line])
        standing = outcome.after
    return outcome


def test_e0_baseline() -> None:
    sums = ContractSums(original=D("120000.00"))
    outcomes = compute(
        terms=TEN,
        sums=sums,
        lines=[
            Progress(value=D("12000.00"), completed=D("12000.00")),
            Progress(value=D("72000.00"), completed=D("18000.00")),
            Progress(value=D("36000.00"), completed=D("0.00"), stored=D("10000.00")),
        ],
    )
    form = summarize(sums=sums, outcomes=outcomes)
    assert form.original_sum == D("120000.00")
    assert form.changes == D("0.00")
    assert form.sum_to_date == D("120000.00")
    assert form.completed_and_stored == D("40000.00")
    assert (form.retainage_on_work, form.retainage_on_stored) == (D("3000.00"), D("1000.00"))
    assert form.retainage == D("4000.00")
    assert form.earned == D("36000.00")
    assert form.previous_certificates == D("0.00")
    assert form.due == D("36000.00")
    assert form.to_finish == D("84000.00")


def test_e1_partial_release_then_final() -> None:
    held = D("12000.00")
    first = release.keep_back(held, punch_list=D("1200.00"), percent=D(150))
    assert first == D("10200.00")
    applied = [D("1000.00")] * 12
    parts = release.oldest_first(first, held=applied)
    assert parts == [D("1000.00")] * 10 + [D("200.00"), D("0.00")]
    left = [have - part for have, part in zip(applied, parts, strict=True)]
    assert left[-2:] == [D("800.00"), D("1000.00")]
    assert release.by_line(D("1800.00"), held=left) == left


@pytest.mark.parametrize(
    ("rule", "retainage", "net", "held"),
    [
        (ReductionRule.PROSPECTIVE, "1200.00", "22800.00", "7800.00"),
        (ReductionRule.RETROACTIVE, "-2100.00", "26100.00", "4500.00"),
        (ReductionRule.STOP, "0.00", "24000.00", "6600.00"),
    ],
)
def test_e2_rate_reduction(rule: ReductionRule, retainage: str, net: str, held: str) -> None:
    outcome = applications(halving(rule), "42000.00", "66000.00", "90000.00")
    assert outcome.before.retainage == D("6600.00")
    assert outcome.retainage == D(retainage)
    assert outcome.net == D(net)
    assert outcome.after.retainage == D(held)


def test_e2_retroactive_tells_new_work_from_the_reduction() -> None:
    outcome = applications(halving(ReductionRule.RETROACTIVE), "66000.00", "90000.00")
    assert (outcome.withheld, outcome.rate_change) == (D("1200.00"), D("-3300.00"))


@pytest.mark.parametrize(
    ("crossing", "retainage"),
    [
        (Crossing.SPLIT, "1500.00"),
        (Crossing.NEXT_APPLICATION, "1800.00"),
        (Crossing.WHOLE_APPLICATION, "900.00"),
    ],
)
def test_e2_crossing_application(crossing: Crossing, retainage: str) -> None:
    terms = halving(ReductionRule.PROSPECTIVE, crossing)
    crossing_application = applications(terms, "48000.00", "66000.00")
    assert crossing_application.retainage == D(retainage)
    assert applications(terms, "48000.00", "66000.00", "90000.00").retainage == D("1200.00")


def test_e3_change_orders() -> None:
    before = Standing(completed=D("90000.00"), retainage=D("9000.00"), rates=TEN.full(None))
    sums = ContractSums(original=D("120000.00"), changes=D("11000.00"))
    outcomes = compute(
        terms=TEN,
        sums=sums,
        lines=[
            Progress(value=D("120000.00"), completed=D("110000.00"), before=before),
            Progress(value=D("15000.00"), completed=D("9000.00")),
            Progress(value=D("-4000.00"), completed=D("-4000.00")),
        ],
    )
    form = summarize(sums=sums, outcomes=outcomes)
    assert sum(line.work for line in outcomes) == D("25000.00")
    assert [line.retainage for line in outcomes] == [D("2000.00"), D("900.00"), D("-400.00")]
    assert form.changes == D("11000.00")
    assert form.sum_to_date == D("131000.00")
    assert form.completed_and_stored == D("115000.00")
    assert form.retainage == D("11500.00")
    assert form.earned == D("103500.00")
    assert form.previous_certificates == D("81000.00")
    assert form.due == D("22500.00")
    assert form.to_finish == D("27500.00")


E6_WORK = (D("1234.50"), D("2345.70"), D("3456.90"))


def e6(rounding: Rounding) -> tuple[list[Outcome], list[Outcome]]:
    terms = Terms(work_rate=D(5), stored_rate=D(5), rounding=rounding)
    sums = ContractSums(original=D("50000.00"))
    first = compute(terms=terms, sums=sums, lines=[Progress(value=w, completed=w) for w in E6_WORK])
    again = [Progress(value=w, completed=2 * w, before=o.after) for w, o in zip(E6_WORK, first, strict=True)]
    return first, compute(terms=terms, sums=sums, lines=again)


def test_e6_rounding_per_line_does_not_drift() -> None:
    first, second = e6(Rounding.PER_LINE)
    assert [line.retainage for line in first] == [D("61.73"), D("117.29"), D("172.85")]
    assert sum(line.retainage for line in first) == D("351.87")
    assert sum(line.net for line in first) == D("6685.23")
    assert [line.after.retainage for line in second] == [D("123.45"), D("234.57"), D("345.69")]
    assert [line.retainage for line in second] == [D("61.72"), D("117.28"), D("172.84")]
    assert sum(line.retainage for line in second) == D("351.84")
    assert sum(line.net for line in second) == D("6685.26")


def test_e6_total_then_allocate_shows_its_cent() -> None:
    first, second = e6(Rounding.TOTAL_THEN_ALLOCATE)
    assert sum(line.retainage for line in first) == D("351.86")
    assert [line.rounding for line in first] == [D("0.00"), D("0.00"), D("-0.01")]
    assert first[2].withheld == D("172.85")
    assert sum(line.after.retainage for line in second) == D("703.71")
    assert second[2].rounding == D("0.01")
