import pytest

from integrations import registry
from integrations.mappings.roles import ROLES
from integrations.mappings.suggest import Candidate, Confidence, best
from integrations.ports import AccountUse, MappingRole

USES = {
    "Income": AccountUse.INCOME,
    "Asset": AccountUse.CURRENT_ASSET,
    "Liability": AccountUse.CURRENT_LIABILITY,
    "Expense": AccountUse.EXPENSE,
    "Bank": AccountUse.BANK,
    "System": AccountUse.SYSTEM,
}


def accounts(*named: tuple[str, str]) -> list[Candidate]:
    return [
        Candidate(external_id=str(place), name=name, their_type=kind, use=USES[kind])
        for place, (kind, name) in enumerate(named)
    ]


QUICKBOOKS = accounts(
    ("Bank", "Checking"),
    ("Asset", "Undeposited Funds"),
    ("Asset", "Retainage Receivable"),
    ("Liability", "Retainage Payable"),
    ("Liability", "Sales Tax Payable"),
    ("Income", "Change Order Revenue"),
    ("Income", "Contract Revenue"),
    ("Income", "Discounts Given"),
    ("Expense", "Bad Debts"),
    ("Expense", "Subcontract Cost"),
)
XERO = accounts(
    ("Income", "Contract Revenue"),
    ("Income", "Variations"),
    ("Expense", "Job Materials"),
    ("Expense", "Subcontractors"),
    ("System", "Accounts Receivable"),
    ("Asset", "Retentions Receivable"),
    ("Liability", "Retentions Payable"),
)


@pytest.mark.parametrize(
    ("chart", "role", "name"),
    [
        (QUICKBOOKS, MappingRole.REVENUE, "Contract Revenue"),
        (QUICKBOOKS, MappingRole.RETAINAGE_RECEIVABLE, "Retainage Receivable"),
        (QUICKBOOKS, MappingRole.RETAINAGE_PAYABLE, "Retainage Payable"),
        (QUICKBOOKS, MappingRole.DEFAULT_EXPENSE, "Subcontract Cost"),
        (XERO, MappingRole.REVENUE, "Contract Revenue"),
        (XERO, MappingRole.RETAINAGE_RECEIVABLE, "Retentions Receivable"),
        (XERO, MappingRole.RETAINAGE_PAYABLE, "Retentions Payable"),
        (XERO, MappingRole.DEFAULT_EXPENSE, "Subcontractors"),
    ],
)
def test_usual_charts_are_read_without_doubt(chart: list[Candidate], role: MappingRole, name: str) -> None:
    suggestion = best(ROLES[role], chart)

    assert suggestion is not None
    assert (suggestion.name, suggestion.confidence) == (name, Confidence.HIGH)
    assert ROLES[role].kind in suggestion.reason


def test_the_name_alone_makes_no_account_fit() -> None:
    chart = accounts(("Income", "Retainage Receivable"), ("Bank", "Retainage"), ("System", "Retentions"))

    assert best(ROLES[MappingRole.RETAINAGE_RECEIVABLE], chart) is None


def test_an_account_for_something_else_is_not_suggested() -> None:
    chart = accounts(("Asset", "Undeposited Funds"), ("Asset", "Prepaid Expenses"))

    assert best(ROLES[MappingRole.RETAINAGE_RECEIVABLE], chart) is None


def test_the_only_account_of_its_kind_is_a_guess() -> None:
    suggestion = best(ROLES[MappingRole.DEFAULT_EXPENSE], accounts(("Expense", "Miscellany")))

    assert suggestion is not None
    assert suggestion.confidence is Confidence.LOW
    assert "only account" in suggestion.reason


def test_of_two_equal_names_the_one_in_use_wins() -> None:
    quiet, busy = (
        Candidate(external_id=id, name="Sales", their_type="Income", use=AccountUse.INCOME, items=items)
        for id, items in (("1", 0), ("2", 5))
    )

    suggestion = best(ROLES[MappingRole.REVENUE], [quiet, busy])

    assert suggestion is not None
    assert suggestion.external_id == "2"
    assert "5 of your items post to it" in suggestion.reason
    assert suggestion.confidence is Confidence.MEDIUM


@pytest.mark.parametrize("slug", sorted(registry.LISTINGS))
def test_every_provider_has_terms_for_every_role(slug: str) -> None:
    """No role takes an account that the provider keeps for itself, or that no journal may touch."""
    roles = registry.roles(slug)
    assert list(roles) == list(MappingRole)
    taken = {use for terms in roles.values() for use in terms.uses}
    own = {AccountUse.SYSTEM, AccountUse.RECEIVABLE, AccountUse.PAYABLE, AccountUse.BANK, AccountUse.EQUITY}
    assert not taken & own


def test_xero_says_retentions_and_takes_any_liability_for_them() -> None:
    terms = registry.roles("xero")[MappingRole.RETAINAGE_PAYABLE]
    assert terms.name == "retentions payable"
    held = Candidate(external_id="1", name="Retentions", their_type="TERMLIAB", use=AccountUse.OTHER_LIABILITY)
    assert best(terms, [held]) is not None
    assert best(registry.roles("quickbooks")[MappingRole.RETAINAGE_PAYABLE], [held]) is None
