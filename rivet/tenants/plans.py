"""The three plans and what each allows. Starter keeps documents; Pro and Scale also post them to the books."""

from dataclasses import dataclass
from enum import StrEnum


class Plan(StrEnum):
    STARTER = "starter"
    PRO = "pro"
    SCALE = "scale"


@dataclass(frozen=True, kw_only=True)
class PlanTerms:
    label: str
    #: Whether the tenant may connect QuickBooks and Xero at all.
    may_connect: bool
    #: One sentence for the plan page.
    summary: str


TERMS = {
    Plan.STARTER: PlanTerms(
        label="Starter",
        may_connect=False,
        summary="Keep contracts, bills, progress invoices and retainage in Rivet, and see what would not post.",
    ),
    Plan.PRO: PlanTerms(
        label="Pro",
        may_connect=True,
        summary="Everything in Starter, and Rivet posts to QuickBooks and Xero.",
    ),
    Plan.SCALE: PlanTerms(
        label="Scale",
        may_connect=True,
        summary="Everything in Pro, for firms with several accounting companies and high volumes.",
    ),
}
