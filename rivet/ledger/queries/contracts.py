"""Contracts with what is held under them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from rivet.ledger import held
from rivet.ledger.models import Contract, Invoice, RetainageEntry, RetainageTerms, SovLine
from rivet.ledger.queries.pages import Page, page_of
from rivet.money import ZERO


@dataclass(frozen=True, kw_only=True)
class ContractPage:
    contract: Contract
    lines: list[SovLine]
    terms: list[RetainageTerms]
    invoices: list[Invoice]
    held: Decimal

    @property
    def changes(self) -> Decimal:
        return sum((line.value for line in self.lines if line.change_order), ZERO)

    @property
    def sum_to_date(self) -> Decimal:
        return self.contract.original_sum + self.changes


def list_contracts(*, text: str, page: int) -> Page[Any]:
    """With ``held`` on each row; one query."""
    mine = RetainageEntry.objects.filter(contract=OuterRef("pk")).order_by().values("contract")
    total = Subquery(mine.annotate(total=Sum("amount")).values("total"), output_field=DecimalField())
    rows: QuerySet[Any] = Contract.objects.select_related("customer", "vendor", "project")
    if text:
        rows = rows.filter(title__icontains=text) | rows.filter(project__name__icontains=text)
    return page_of(rows.annotate(held=Coalesce(total, ZERO)).order_by("-id"), page)


def find_contract(public_id: UUID) -> Contract | None:
    rows = Contract.objects.select_related("customer", "vendor", "project__customer")
    found: Contract | None = rows.filter(public_id=public_id).first()
    return found


def contract_page(contract: Contract) -> ContractPage:
    return ContractPage(
        contract=contract,
        lines=list(contract.lines.order_by("position")),
        terms=list(contract.terms.order_by("effective_from")),
        invoices=list(Invoice.objects.filter(contract=contract).order_by("id")),
        held=held.under_contract(contract),
    )


def payable_contracts() -> "QuerySet[Contract]":
    rows: QuerySet[Contract] = Contract.objects.filter(side="payable")
    return rows.select_related("vendor", "project").order_by("title")
