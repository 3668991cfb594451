"""Keeping a lease alive while its call runs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import structlog
from django.db import DatabaseError, connection

from rivet.tenants.context import tenant_transaction
from sync import claims
from sync.claims import Claim
from sync.timing import timing

log = structlog.get_logger(__name__)


@contextmanager
def kept(claim: Claim, *, tenant_id: int) -> Iterator[None]:
    """Renew the claim's lease from a thread of its own until the block ends."""
    with kept_by(partial(claims.renew, claim), tenant_id=tenant_id):
        yield


@contextmanager
def kept_by(renew: Callable[[], bool], *, tenant_id: int) -> Iterator[None]:
    """Call ``renew`` in time from a thread of its own until the block ends, or until it says that the lease is lost."""
    done = threading.Event()
    keeper = threading.Thread(target=_renew, args=(renew, tenant_id, done), name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _renew(renew: Callable[[], bool], tenant_id: int, done: threading.Event) -> None:
    try:
        while not done.wait(timing().renewal.total_seconds()):
            if not _renewed(renew, tenant_id):
                return
    finally:
        connection.close()


def _renewed(renew: Callable[[], bool], tenant_id: int) -> bool:
    """Whether to go on. A database that is away for a moment is asked again at the next beat."""
    try:
        with tenant_transaction(tenant_id):
            return renew()
    except DatabaseError as error:
        log.warning("lease not renewed", tenant=tenant_id, error=str(error))
        return True
