"""Between the rows of an application and the rules: read where each line stands, write what comes out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from rivet.ledger import held
from rivet.ledger.errors import LedgerError
from rivet.ledger.models import Contract, Invoice, InvoiceLine, RetainageTerms, SovLine
from rivet.ledger.models.documents import DocumentStatus
from rivet.ledger.rules.application import Mark, Outcome, Progress, Standing, compute
from rivet.ledger.rules.summary import Summary, summarize
from rivet.ledger.rules.terms import (
    ContractSums,
    Crossing,
    Rates,
    ReductionRule,
    Rounding,
    Terms,
    ThresholdBasis,
)
from rivet.ledger.snapshots import Purpose
from rivet.money import ZERO


@dataclass(frozen=True, kw_only=True, slots=True)
class PeriodWork:
    """What a person enters for one line: column E and column F."""

    this_period: Decimal = ZERO
    stored: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class Computed:
    """One application after the rules; lines in the order of the schedule of values."""

    lines: Sequence[SovLine]
    outcomes: Sequence[Outcome]
    summary: Summary


def terms_for(contract: Contract, application_number: int) -> Terms:
    """The version in force for an application; no version means nothing is withheld."""
    versions = RetainageTerms.objects.filter(contract=contract, effective_from__lte=application_number)
    row: RetainageTerms | None = versions.order_by("-effective_from").first()
    if row is None:
        return Terms(work_rate=ZERO, stored_rate=ZERO)
    return Terms(
        work_rate=row.work_rate,
        stored_rate=row.stored_rate,
        rule=ReductionRule(row.rule),
        threshold=row.threshold,
        threshold_basis=ThresholdBasis(row.threshold_basis),
        crossing=Crossing(row.crossing),
        reduced_rate=row.reduced_rate,
        cap_percent=row.cap_percent,
        cap_amount=row.cap_amount,
        rounding=Rounding(row.rounding),
    )


def sums_of(contract: Contract, lines: Sequence[SovLine]) -> ContractSums:
    changes = sum((line.value for line in lines if line.change_order), ZERO)
    return ContractSums(original=contract.original_sum, changes=changes)


def applications_of(contract: Contract) -> "list[Invoice]":
    """The contract's applications that count, in order."""
    rows = Invoice.objects.filter(contract=contract, purpose=Purpose.PROGRESS, application_number__isnull=False)
    return list(rows.exclude(status=DocumentStatus.VOID).order_by("application_number"))


def next_number(contract: Contract) -> int:
    return max((each.application_number or 0 for each in applications_of(contract)), default=0) + 1


def previous_of(invoice: Invoice) -> Invoice | None:
    number = invoice.application_number or 0
    earlier = [each for each in applications_of(contract_of(invoice)) if (each.application_number or 0) < number]
    return earlier[-1] if earlier else None


def contract_of(invoice: Invoice) -> Contract:
    found: Contract | None = invoice.contract
    if found is None:
        raise LedgerError(f"Invoice {invoice.number} has no contract, so it is not an application for payment.")
    return found


def standings_after(invoice: Invoice | None) -> dict[int, Standing]:
    """Where each line of the schedule stands after an application; nothing before the first."""
    if invoice is None:
        return {}
    return {line.sov_line_id: _standing(line) for line in invoice.lines.all() if line.sov_line_id}


def calculate(contract: Contract, *, number: int, before: Invoice | None, entered: dict[int, PeriodWork]) -> Computed:
    """Run the rules for one application; ``entered`` is keyed by line of the schedule of values."""
    lines = list(contract.lines.order_by("position"))
    sums, standings, released = sums_of(contract, lines), standings_after(before), held.released_by_line(contract)
    progress = [
        _progress(line, standings.get(line.pk, Standing()), entered.get(line.pk, PeriodWork()), released)
        for line in lines
    ]
    outcomes = compute(terms=terms_for(contract, number), sums=sums, lines=progress)
    summary = summarize(sums=sums, outcomes=outcomes, released=sum(released.values(), ZERO))
    return Computed(lines=lines, outcomes=outcomes, summary=summary)


def recalculate(invoice: Invoice) -> Computed:
    """The figures of an application from what was entered on its lines, with everything before it as it is now."""
    entered = {
        line.sov_line_id: PeriodWork(this_period=line.this_period, stored=line.stored)
        for line in invoice.lines.all()
        if line.sov_line_id
    }
    return calculate(
        contract_of(invoice), number=invoice.application_number or 1, before=previous_of(invoice), entered=entered
    )


def line_rows(invoice: Invoice, computed: Computed) -> list[InvoiceLine]:
    """Unsaved rows for an application, one per line of the schedule."""
    return [_row(invoice, line, outcome) for line, outcome in zip(computed.lines, computed.outcomes, strict=True)]


def stored_summary(summary: Summary) -> dict[str, str | None]:
    """The form's lines for keeping with the invoice; later releases and change orders must not rewrite it."""
    return {name: None if value is None else str(value) for name, value in asdict(summary).items()}


def summary_of(invoice: Invoice) -> Summary | None:
    """The form's lines as they were computed; None for what is no application."""
    if not invoice.summary:
        return None
    lines: dict[str, Any] = {name: None if value is None else Decimal(value) for name, value in invoice.summary.items()}
    return Summary(**lines)


def _progress(line: SovLine, before: Standing, entered: PeriodWork, released: dict[int, Decimal]) -> Progress:
    return Progress(
        value=line.value,
        completed=before.completed + entered.this_period,
        stored=entered.stored,
        before=before,
        override=line.rate_override,
        released=released.get(line.pk, ZERO),
    )


def _standing(line: InvoiceLine) -> Standing:
    rates = None
    if line.work_rate is not None and line.stored_rate is not None:
        rates = Rates(work=line.work_rate, stored=line.stored_rate)
    return Standing(
        completed=line.previous + line.this_period,
        stored=line.stored,
        retainage=line.retainage_to_date,
        rounding=line.rounding_to_date,
        anchor=Mark(completed=line.anchor_completed, stored=line.anchor_stored, retainage=line.anchor_retainage),
        rates=rates,
        is_reduced=line.is_reduced,
    )


def _row(invoice: Invoice, line: SovLine, outcome: Outcome) -> InvoiceLine:
    before, after = outcome.before, outcome.after
    return InvoiceLine(
        tenant_id=invoice.tenant_id,
        invoice=invoice,
        position=line.position,
        sov_line=line,
        description=f"{line.change_order} {line.description}".strip()[:500],
        tag=line.tag,
        previous=before.completed,
        this_period=after.completed - before.completed,
        stored=after.stored,
        work=outcome.work,
        retainage=outcome.retainage,
        rate_change=outcome.rate_change,
        rounding=outcome.rounding,
        retainage_to_date=after.retainage,
        rounding_to_date=after.rounding,
        anchor_completed=after.anchor.completed,
        anchor_stored=after.anchor.stored,
        anchor_retainage=after.anchor.retainage,
        work_rate=after.rates.work if after.rates else None,
        stored_rate=after.rates.stored if after.rates else None,
        is_reduced=after.is_reduced,
    )
