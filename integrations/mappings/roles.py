"""What an account may be mapped for, in one table. Pure.

Suggestions, the mapping page, the check of a choice and preflight read it as ``registry.roles`` gives it for a
provider: this table with the few words of its own that a provider's ``roles.py`` puts in their place.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from integrations.ports import AccountUse, MappingRole


@dataclass(frozen=True, kw_only=True)
class RoleTerms:
    #: As the mapping page and sentences name it.
    label: str
    purpose: str
    uses: frozenset[AccountUse]
    #: How an account of that kind is called, in the middle of a sentence.
    kind: str
    #: Words in a name or type that say what the account is for, strongest first.
    words: tuple[str, ...]
    #: Words that say it is for something else.
    foreign_words: tuple[str, ...] = ()
    #: Invoices reach it through an item where the provider needs items.
    is_sold: bool = False
    #: Retainage has its own remedy when the account is missing or of the wrong kind.
    is_retainage: bool = False

    @property
    def name(self) -> str:
        """The role in the middle of a sentence."""
        return self.label[0].lower() + self.label[1:]


_RETAINAGE = ("retainage", "retention", "holdback")

ROLES: Mapping[MappingRole, RoleTerms] = {
    MappingRole.REVENUE: RoleTerms(
        label="Revenue",
        purpose="The work billed on progress invoices.",
        uses=frozenset({AccountUse.INCOME}),
        kind="an income account",
        words=("contract revenue", "construction", "progress", "job income", "revenue", "sales", "income"),
        foreign_words=("discount", "refund", "interest", "change order", "variation", "other", "shipping", "markup"),
        is_sold=True,
    ),
    MappingRole.RETAINAGE_RECEIVABLE: RoleTerms(
        label="Retainage receivable",
        purpose="What customers withhold from us until the job is done.",
        uses=frozenset({AccountUse.CURRENT_ASSET}),
        kind="a current asset account",
        words=_RETAINAGE,
        foreign_words=("undeposited", "prepaid", "inventory"),
        is_sold=True,
        is_retainage=True,
    ),
    MappingRole.RETAINAGE_PAYABLE: RoleTerms(
        label="Retainage payable",
        purpose="What we withhold from subcontractors until the job is done.",
        uses=frozenset({AccountUse.CURRENT_LIABILITY}),
        kind="a current liability account",
        words=_RETAINAGE,
        foreign_words=("tax", "payroll", "card"),
        is_retainage=True,
    ),
    MappingRole.DEFAULT_EXPENSE: RoleTerms(
        label="Job cost",
        purpose="The cost lines of bills.",
        uses=frozenset({AccountUse.EXPENSE}),
        kind="an expense account",
        words=("subcontract", "job cost", "cost of goods", "job materials", "materials", "cost of"),
        foreign_words=("bad debt", "interest", "depreciation", "payroll"),
    ),
}
