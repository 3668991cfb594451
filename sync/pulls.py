"""Reading their books: the lists, and whether we are still let in. What was read is a line of the sync log."""

from integrations.connections.models import Connection
from integrations.mappings import mirror
from integrations.mappings.mirror import Refreshed
from integrations.ports import ProviderError
from rivet.tenants.context import tenant_transaction
from sync import facts, log
from sync.models import Severity, SyncRun
from sync.states import Shown


def read_lists(books: Connection, *, run_id: int | None = None, actor_label: str = "") -> Refreshed:
    """Bring the mirror of a connection up to date, outside any transaction, and act on what changed.

    Raises ProviderError after the sync log and the connection's status say what went wrong.
    """
    try:
        found = mirror.refresh(books)
    except ProviderError as error:
        _log_trouble(books, error, run_id=run_id, actor_label=actor_label)
        raise
    with tenant_transaction(books.tenant_id):
        log.pulled(
            connection_id=books.pk,
            entity="lists",
            status=Shown.SYNCED,
            severity=Severity.INFO,
            detail=f"{found.sentence}.",
            run_id=run_id,
            actor_label=actor_label,
        )
        if run_id is not None:
            run = SyncRun.objects.select_for_update().get(pk=run_id)
            run.pulled += found.seen
            run.save(update_fields=["pulled"])
        facts.absorb(books.pk)
    return found


def check_health(books: Connection, *, run_id: int) -> None:
    """Ask for the company itself: are we let in, and has its closing date moved? Raises ProviderError, logged."""
    try:
        mirror.check(books)
    except ProviderError as error:
        _log_trouble(books, error, run_id=run_id, actor_label="")
        raise
    with tenant_transaction(books.tenant_id):
        facts.absorb(books.pk)


def _log_trouble(books: Connection, error: ProviderError, *, run_id: int | None, actor_label: str) -> None:
    with tenant_transaction(books.tenant_id):
        log.pulled(
            connection_id=books.pk,
            entity="lists",
            status=Shown.RETRYING,
            severity=Severity.WARNING,
            detail=f"{books.provider_name}'s lists could not be read: {error.detail or 'no answer'}.",
            run_id=run_id,
            actor_label=actor_label,
        )
        facts.absorb(books.pk)
