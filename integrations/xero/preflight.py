"""What Xero takes. https://developer.xero.com/documentation/api/accounting/invoices (and manualjournals, contacts)"""

from collections.abc import Iterator

from integrations import preflight
from integrations.ports import Books, Intent, Problem, Role
from integrations.preflight import Terms, TextTerms, Use
from integrations.xero.roles import ROLES


def problems(intent: Intent, books: Books) -> tuple[Problem, ...]:
    return preflight.problems(intent, books, TERMS)


def _code(use: Use) -> Iterator[Problem]:
    """Manual journals take codes only; everything else reaches an account without a code by its id."""
    if use.written is Role.RETAINAGE_JOURNAL and not use.account.code:
        yield Problem(code="RET-08", facts={"role": use.terms.name, "account": use.account.name})


TERMS = Terms(
    roles=ROLES,
    party={
        "name": TextTerms(field="Name", longest=255, forbidden="<>\0", is_required=True),
        "country": TextTerms(field="The country", longest=50),
    },
    number=TextTerms(field="Number", longest=255, is_required=True),
    memo=None,
    description=TextTerms(field="A line's description", longest=4000),
    tag="The tracking option",
    account=_code,
)
