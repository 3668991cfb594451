"""A worker that dies at any line loses nothing and posts nothing twice: the process is really killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import tenant_transaction
from sync import outbox
from sync.models import OutboxEntry
from sync.states import State
from tests import ledgers
from tests.books import ConnectedFirm
from tests.integration.sync.test_faults import bills_in, settle

ROOT = Path(__file__).resolve().parents[3]

ONE_TURN = """
import sys, django
django.setup()
from sync.engine import take_turn
take_turn(tenant_id=int(sys.argv[1]), connection_id=int(sys.argv[2]))
"""


def turn_that_dies(books: ConnectedFirm, place: str) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "rivet.settings",
        "RIVET_CRASH_AT": place,
        "RIVET_PROFILE": "fast",
        "QUICKBOOKS_DISCOVERY_URL": settings.QUICKBOOKS_DISCOVERY_URL,
        "QUICKBOOKS_API_URL": settings.QUICKBOOKS_API_URL,
        "XERO_TOKEN_URL": settings.XERO_TOKEN_URL,
        "XERO_API_URL": settings.XERO_API_URL,
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", ONE_TURN, str(books.tenant_id), str(books.connection.pk)]
    ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


@pytest.mark.parametrize("books", ["quickbooks", pytest.param("xero", marks=pytest.mark.long)], indirect=True)
@pytest.mark.parametrize(
    "place", ["after_claim", "after_write_ahead", "after_send", "before_settle_commit", "after_settle"]
)
def test_a_killed_worker_loses_nothing_and_posts_nothing_twice(books: ConnectedFirm, place: str) -> None:
    with tenant_transaction(books.tenant_id):
        vendor = ledgers.a_vendor()
        outbox.approve(kind=SourceKind.BILL, document_id=ledgers.a_bill(vendor).pk, actor=books.firm.owner)
    # The vendor goes first and must be in the books before the bill is sent.
    books.turn()
    turn_that_dies(books, place)
    settle(books)
    assert bills_in(books) == ["INV-88"]
    with tenant_transaction(books.tenant_id):
        assert set(OutboxEntry.objects.values_list("state", flat=True)) == {State.CONFIRMED}
