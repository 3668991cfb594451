"""Whose data this request or task works on: a context variable for the ORM, transaction settings for PostgreSQL.

Both nets hang on the same moment. ``TenantManager`` filters by the variable; row-level security filters by
``rivet.tenant_id``, which is set per transaction, never per session, so a connection pool cannot carry it over.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

_current: ContextVar[int | None] = ContextVar("rivet_tenant", default=None)


class NoTenantError(RuntimeError):
    """Tenant-owned rows were asked for outside ``tenant_transaction``."""


def current_tenant_id() -> int:
    """The tenant of this request or task; raises NoTenantError when there is none."""
    tenant_id = _current.get()
    if tenant_id is None:
        raise NoTenantError("this code reads tenant data: run it inside tenant_transaction(tenant_id)")
    return tenant_id


@contextmanager
def tenant_transaction(tenant_id: int) -> Iterator[None]:
    """One transaction on behalf of one tenant. Nesting is allowed for the same tenant only."""
    outer = _current.get()
    if outer is not None and outer != tenant_id:
        raise RuntimeError(f"tenant {outer} is being served; leave it before entering tenant {tenant_id}")
    token = _current.set(tenant_id)
    try:
        with transaction.atomic():
            set_local("rivet.tenant_id", str(tenant_id))
            yield
    finally:
        _current.reset(token)


@contextmanager
def serving(tenant_id: int) -> Iterator[None]:
    """Bind an already open transaction (a web request's) to a tenant until the block ends."""
    token = _current.set(tenant_id)
    set_local("rivet.tenant_id", str(tenant_id))
    try:
        yield
    finally:
        _current.reset(token)


def set_local(name: str, value: str) -> None:
    """``SET LOCAL`` a ``rivet.*`` setting; refuses outside a transaction, where it would be lost at once."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{name} is a transaction's setting and no transaction is open")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
