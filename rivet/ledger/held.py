"""How much retainage is held, from the sub-ledger."""

from decimal import Decimal

from django.db.models import QuerySet, Sum

from rivet.ledger.models import Bill, Contract, Invoice, RetainageEntry
from rivet.ledger.snapshots import Purpose
from rivet.money import ZERO


def total(entries: "QuerySet[RetainageEntry]") -> Decimal:
    """Withheld less given back."""
    found: Decimal | None = entries.aggregate(total=Sum("amount"))["total"]
    return found or ZERO


def under_contract(contract: Contract) -> Decimal:
    return total(RetainageEntry.objects.filter(contract=contract))


def for_document(document: Invoice | Bill) -> Decimal:
    """What a release may draw on: its contract, or the same party and project where there is no contract."""
    if document.contract is not None:
        return under_contract(document.contract)
    party = {"customer": document.customer} if isinstance(document, Invoice) else {"vendor": document.vendor}
    return total(RetainageEntry.objects.filter(contract=None, project=document.project, **party))


def by_line(contract: Contract) -> dict[int, Decimal]:
    """Held per line of the schedule of values."""
    return _by_line(RetainageEntry.objects.filter(contract=contract))


def released_by_line(contract: Contract) -> dict[int, Decimal]:
    """Given back by releases per line, as positive amounts; reductions inside applications are not releases."""
    given = _by_line(RetainageEntry.objects.filter(contract=contract, invoice__purpose=Purpose.RELEASE))
    return {line: -amount for line, amount in given.items()}


def _by_line(entries: "QuerySet[RetainageEntry]") -> dict[int, Decimal]:
    rows = entries.exclude(sov_line=None).values_list("sov_line_id").annotate(total=Sum("amount"))
    return dict(rows)
