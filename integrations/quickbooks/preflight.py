"""What QuickBooks takes. https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/invoice"""

from collections.abc import Iterator

from integrations import preflight
from integrations.ports import Books, Intent, Problem, Role
from integrations.preflight import Terms, TextTerms, Use
from integrations.quickbooks.roles import ROLES

LONGEST_NUMBER = 21


def problems(intent: Intent, books: Books) -> tuple[Problem, ...]:
    return preflight.problems(intent, books, TERMS)


def _item(use: Use) -> Iterator[Problem]:
    """An invoice reaches no account but through an item that posts to it; bills and journals name the account."""
    if use.written is Role.INVOICE and not use.account.item_id:
        yield Problem(code="MAP-07", facts={"role": use.terms.name, "account": use.account.name})


TERMS = Terms(
    roles=ROLES,
    party={
        "name": TextTerms(field="Name", longest=500, forbidden=":\t\n\0", is_required=True),
        "email": TextTerms(field="The e-mail address", longest=100),
    },
    number=TextTerms(field="Number", longest=LONGEST_NUMBER, forbidden="\t\n\0", is_required=True),
    # The field takes 4,000; the marker needs some of it.
    memo=TextTerms(field="Memo", longest=3900),
    description=TextTerms(field="A line's description", longest=4000),
    tag="The class",
    account=_item,
)
