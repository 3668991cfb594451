"""What the catalogue tells people to press is there to be pressed."""

import re

from django.test import Client
from structlog.testing import capture_logs

from integrations.connections.models import Connection
from integrations.ports import Problem
from rivet.tenants.context import tenant_transaction
from sync import issues, outbox
from sync.catalogue import exhibits
from sync.models import OutboxEntry, Severity
from sync.states import State
from tests import ledgers
from tests.firms import Firm
from tests.outboxes import a_refused


def pressable(page: str) -> set[str]:
    """Labels of the links and buttons of a page."""
    found = re.findall(r"<(a|button)\b[^>]*>(.*?)</\1>", page, flags=re.DOTALL)
    return {re.sub(r"<[^>]+>", "", inner).strip() for _, inner in found}


def page_of(alice: Client, entry: OutboxEntry) -> str:
    return alice.get(f"/t/ironwood/exceptions/{entry.public_id}/").content.decode()


def a_refused_bill(books: Connection, problem: Problem) -> OutboxEntry:
    """A bill that is approved in the ledger too."""
    (entry,) = outbox.enqueue(ledgers.approved(ledgers.a_bill()), books)
    OutboxEntry.objects.filter(pk=entry.pk).update(state=State.REJECTED, reason="")
    issues.open_issue(entry, problem, severity=Severity.ERROR)
    return entry


def test_every_action_is_a_link_or_a_button(alice: Client, firm: Firm, books: Connection) -> None:
    promised = {code: kind.action for code, kind in exhibits().items() if kind.action}
    assert len(promised) > 30
    with tenant_transaction(firm.tenant.pk):
        entries = {code: a_refused(books, problem=Problem(code=code)) for code in promised}
        # Only what the ledger still wants in the books is offered to be posted there again.
        entries["REF-05"] = a_refused_bill(books, Problem(code="REF-05"))

    pages = {code: page_of(alice, entry) for code, entry in entries.items()}

    assert {code: action for code, action in promised.items() if action not in pressable(pages[code])} == {}
    # Named by remedies as the way out without posting.
    assert all("<summary>Do not post it</summary>" in page for page in pages.values())


def test_what_only_rivet_can_mend_is_in_the_error_log(firm: Firm, books: Connection) -> None:
    ours = [code for code, kind in exhibits().items() if kind.who == "rivet"]
    assert {"SYS-01", "SYS-02", "VAL-05"} <= set(ours)

    with capture_logs() as lines, tenant_transaction(firm.tenant.pk):
        entries = [a_refused(books, problem=Problem(code=code, their_words="12,480.00")) for code in ours]
        a_refused(books)

    told = [line for line in lines if line["log_level"] == "error"]
    assert [(line["code"], line["entry"]) for line in told] == [
        (code, str(entry.public_id)) for code, entry in zip(ours, entries, strict=True)
    ]
    assert "12,480.00" not in str(told)
