"""Keeping contracts: the schedule of values and the versions of the retainage terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from rivet.ledger import applications
from rivet.ledger.errors import LedgerError
from rivet.ledger.models import Contract, InvoiceLine, RetainageTerms, SovLine
from rivet.ledger.models.documents import DocumentStatus
from rivet.money import ZERO
from rivet.tenants import audit
from rivet.tenants.models import User

_TERMS = (
    "work_rate",
    "stored_rate",
    "rule",
    "threshold",
    "threshold_basis",
    "crossing",
    "reduced_rate",
    "cap_percent",
    "cap_amount",
    "rounding",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SovValues:
    """One line of the schedule as entered; ``public_id`` of the line it changes, or none for a new one."""

    description: str
    value: Decimal
    item: str = ""
    change_order: str = ""
    rate_override: Decimal | None = None
    tag: str = ""
    public_id: UUID | None = None


def write_contract(
    contract: Contract, *, terms: RetainageTerms, lines: Sequence[SovValues], actor: User | None
) -> Contract:
    """Save a contract with its schedule and terms. Raises LedgerError with the field it is about."""
    _set_original_sum(contract, lines)
    contract.save()
    _write_lines(contract, lines)
    _write_terms(contract, terms)
    audit.record(
        actor=actor,
        act="contract.saved",
        subject_kind="contract",
        subject_id=contract.public_id,
        subject_label=contract.title,
        after={"original_sum": str(contract.original_sum), **{name: str(getattr(terms, name)) for name in _TERMS}},
    )
    return contract


def _set_original_sum(contract: Contract, lines: Sequence[SovValues]) -> None:
    """The schedule is the contract broken down, so both must say the same; a contract without schedule just says."""
    original = [line.value for line in lines if not line.change_order]
    total = sum(original, ZERO)
    if original and contract.original_sum and contract.original_sum != total:
        raise LedgerError(
            f"The lines without change order add up to {total:,.2f}; the contract sum is "
            f"{contract.original_sum:,.2f}. Correct one of them.",
            field="original_sum",
        )
    if original:
        contract.original_sum = total
    if contract.original_sum < 0:
        raise LedgerError("The contract sum is less than zero. Check the values.", field="original_sum")


def _write_lines(contract: Contract, lines: Sequence[SovValues]) -> None:
    standing = {line.public_id: line for line in contract.lines.all()}
    kept = [
        standing[values.public_id] for values in lines if values.public_id is not None and values.public_id in standing
    ]
    _remove(contract, [line for line in standing.values() if line not in kept])
    # Positions are unique, so they are first moved out of one another's way.
    for offset, line in enumerate(kept):
        SovLine.objects.filter(pk=line.pk).update(position=100_000 + offset)
    for position, values in enumerate(lines, start=1):
        found = None if values.public_id is None else standing.get(values.public_id)
        _write_line(
            SovLine(tenant_id=contract.tenant_id, contract=contract) if found is None else found, values, position
        )


def _write_line(line: SovLine, values: SovValues, position: int) -> None:
    line.position = position
    line.item, line.description, line.value = values.item, values.description, values.value
    line.change_order, line.rate_override, line.tag = values.change_order, values.rate_override, values.tag
    line.save()


def _remove(contract: Contract, lines: Sequence[SovLine]) -> None:
    billed = InvoiceLine.objects.filter(sov_line__in=lines).select_related("invoice").first()
    if billed is not None:
        raise LedgerError(
            f"“{billed.description}” is on {billed.invoice.number} and cannot be removed. "
            "Deduct it with a change order instead.",
            field="lines",
        )
    contract.lines.filter(pk__in=[line.pk for line in lines]).delete()


def _write_terms(contract: Contract, terms: RetainageTerms) -> None:
    """Applications that were approved keep their terms: a change makes a version from the next one on."""
    newest: RetainageTerms | None = contract.terms.order_by("-effective_from").first()
    if newest is not None and _values(newest) == _values(terms):
        return
    billed = [each for each in applications.applications_of(contract) if each.status != DocumentStatus.DRAFT]
    effective_from = max((each.application_number or 0 for each in billed), default=0) + 1
    if newest is not None and newest.effective_from >= effective_from:
        terms.pk, terms.public_id, effective_from = newest.pk, newest.public_id, newest.effective_from
    terms.tenant_id, terms.contract, terms.effective_from = contract.tenant_id, contract, effective_from
    terms.save()


def _values(terms: RetainageTerms) -> list[Any]:
    return [getattr(terms, name) for name in _TERMS]
