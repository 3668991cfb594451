"""Tokens: sealed at rest, handed out for the length of one task, renewed once per expiry by whoever comes first.

The lock of a renewal is the row itself (``refreshing_since``, ``refreshing_by``), taken by a conditional update and
never held as a database lock across HTTP. A holder that died is robbed after a minute. A slow holder that was robbed
may still bring its tokens home: whoever stores first has stored good ones, and the robber, refused with
``invalid_grant`` because its token was rotated away, finds them when it reads again. Losing the pair for tidiness'
sake would cost the connection.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.db import InterfaceError, OperationalError
from django.db import connection as database
from django.db.models import F, Q
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_delay, wait_exponential

from integrations import registry
from integrations.connections import health, vault
from integrations.connections.models import Connection, Grant, Status
from integrations.consent import TokenSet
from integrations.ports import (
    Access,
    AccessLostError,
    GrantLostError,
    ProviderError,
    TokenRefusedError,
    UnavailableError,
)
from rivet import clock
from rivet.tenants.context import tenant_transaction
from rivet.tenants.fields import RivetNow
from rivet.tenants.models import Tenant

log = structlog.get_logger(__name__)

#: A renewal takes two requests of ten seconds at worst; after this long its holder is dead.
_STEAL_AFTER = timedelta(seconds=60)
#: How long others wait for the one who renews, and how often they look.
_PATIENCE_SECONDS = 25.0
_LOOK_EVERY_SECONDS = 0.05
#: While somebody else renews early, a token with this much left is still good for one call.
_STILL_GOOD = timedelta(seconds=150)
#: A rotated pair exists nowhere but in this process: a database that restarts is waited for.
_STORE_FOR_SECONDS = 60

_UNUSABLE = {Status.NEEDS_REAUTHORIZATION, Status.DISCONNECTED}


@dataclass(frozen=True, kw_only=True)
class _Held:
    """A connection with its grant's tokens as they stood at ``now``."""

    connection: Connection
    grant: Grant
    tokens: TokenSet
    now: datetime
    #: The last words to the provider: a card that says "sign in again" does not stop them.
    leaving: bool

    @property
    def access(self) -> Access:
        return Access(
            api_root=self.connection.host,
            company_id=self.connection.external_id,
            access_token=self.tokens.access_token,
        )

    @property
    def is_free(self) -> bool:
        """Nobody renews the grant, or somebody died doing it."""
        since = self.grant.refreshing_since
        return since is None or self.now - since > _STEAL_AFTER

    def lasts(self, time: timedelta) -> bool:
        return self.tokens.access_expires_at - self.now > time


def access(connection: Connection) -> Access:
    """Permission to talk to a connection's company, renewed when it is about to end. Call it outside any transaction.

    Raises AccessLostError when a person must act, NotSentError or UnavailableError when the token cannot be renewed
    just now.
    """
    held = _read(connection)
    if held.lasts(_margin(connection)):
        return held.access
    return _renewed(held, refused="").access


def renew(connection: Connection, *, refused: Access) -> Access:
    """Permission after a 401: a new token, unless somebody has already replaced the one that was refused."""
    held = _read(connection)
    if held.tokens.access_token != refused.access_token:
        return held.access
    return _renewed(held, refused=refused.access_token).access


def using[T](connection: Connection, act: Callable[[Access], T]) -> T:
    """Read something with this connection's access; a refused token is renewed once. Not for writes.

    A provider that shuts us out changes the connection's status before AccessLostError goes on to the caller.
    """
    try:
        given = access(connection)
        try:
            return act(given)
        except TokenRefusedError:
            return act(renew(connection, refused=given))
    except AccessLostError as error:
        with tenant_transaction(connection.tenant_id):
            health.lost_access(connection.pk, error.code, error.detail)
        raise


def parting(connection: Connection) -> tuple[Access, TokenSet]:
    """What it takes to say goodbye, whatever the card says: tokens that lost one permission still end the rest.

    Renewed when the provider still renews them, else as they are stored: the old token may do. Raises AccessLostError
    when none are kept, or when they belong to another environment than the one Rivet talks to now.
    """
    held = _read(connection, leaving=True)
    if not held.lasts(_margin(connection)):
        with suppress(ProviderError):
            held = _renewed(held, refused="")
    return held.access, held.tokens


def tokens_of(connection: Connection) -> TokenSet:
    """The stored tokens, for ending the grant at the provider."""
    return _read(connection).tokens


def keep(*, tenant: Tenant, provider: str, subject: str, tokens: TokenSet) -> Grant:
    """Store what a consent brought, in the caller's transaction; a grant of the same person is renewed."""
    grant, _ = Grant.objects.select_for_update().get_or_create(tenant=tenant, provider=provider, subject=subject)
    _put(grant, tokens, owner=_owner(tenant, grant))
    Grant.objects.filter(pk=grant.pk).update(
        **_columns(grant),
        generation=F("generation") + 1,
        refreshing_since=None,
        refreshing_by=None,
        revoked_at=None,
        warned_days=None,
    )
    made: Grant = grant
    return made


def forget(grant_id: int) -> None:
    """Throw the tokens of a grant away, in the caller's transaction."""
    Grant.objects.filter(pk=grant_id).update(
        sealed_tokens=b"",
        generation=F("generation") + 1,
        refreshing_since=None,
        refreshing_by=None,
        revoked_at=RivetNow(),
    )


def reseal(grant: Grant) -> bool:
    """Seal a grant's tokens with the newest key, in the caller's transaction; says whether it had to.

    Conditional on the generation: tokens that were rotated meanwhile are sealed with the newest key already.
    """
    if not grant.sealed_tokens or grant.key_version == vault.newest_version():
        return False
    owner = _owner(grant.tenant, grant)
    box = vault.seal(vault.unseal(_box(grant), owner=owner), owner=owner)
    stored = Grant.objects.filter(pk=grant.pk, generation=grant.generation)
    return bool(stored.update(sealed_tokens=box.sealed, key_version=box.key_version))


# Reading ---------------------------------------------------------------------------------------------------------


def _read(connection: Connection, *, leaving: bool = False) -> _Held:
    with tenant_transaction(connection.tenant_id):
        found: Any = (
            Connection.objects.select_related("grant__tenant").annotate(read_at=RivetNow()).get(pk=connection.pk)
        )
    _refuse_unusable(found, leaving=leaving)
    grant: Grant = found.grant
    return _Held(connection=found, grant=grant, tokens=_tokens(grant), now=found.read_at, leaving=leaving)


def _refuse_unusable(connection: Connection, *, leaving: bool) -> None:
    if connection.status in _UNUSABLE and not leaving:
        raise AccessLostError(connection.problem_detail, code=connection.problem_code or "CON-03")
    if connection.host != registry.host(connection.provider):
        raise AccessLostError(connection.host, code="CON-10")
    if connection.grant is None or not connection.grant.sealed_tokens:
        raise AccessLostError("no tokens are kept for this connection", code="CON-01")


def _tokens(grant: Grant) -> TokenSet:
    try:
        return _from_bytes(vault.unseal(_box(grant), owner=_owner(grant.tenant, grant)))
    except vault.VaultError as error:
        log.error("stored access could not be read", grant=str(grant.public_id), cause=str(error))
        raise AccessLostError(str(error), code="CON-08") from error


# Renewing --------------------------------------------------------------------------------------------------------


def _renewed(held: _Held, *, refused: str) -> _Held:
    """``held`` with tokens that are good, whoever renews them."""
    _refuse_open_transaction()
    for _ in range(int(_PATIENCE_SECONDS / _LOOK_EVERY_SECONDS)):
        worker = uuid4()
        if held.is_free and _claim(held.grant, worker):
            return _renew(held, worker)
        if held.tokens.access_token != refused and held.lasts(_STILL_GOOD):
            return held
        time.sleep(_LOOK_EVERY_SECONDS)
        held = _read(held.connection, leaving=held.leaving)
        if held.tokens.access_token != refused and held.lasts(_margin(held.connection)):
            return held
    raise UnavailableError("another worker is renewing the access and has not finished")


def _refuse_open_transaction() -> None:
    if database.in_atomic_block:
        raise RuntimeError("tokens are renewed over HTTP: leave the transaction first")


def _claim(grant: Grant, worker: UUID) -> bool:
    """Become the one who renews this generation of the grant."""
    with tenant_transaction(grant.tenant_id):
        free = Q(refreshing_since=None) | Q(refreshing_since__lt=RivetNow() - _STEAL_AFTER)
        mine = Grant.objects.filter(free, pk=grant.pk, generation=grant.generation)
        return bool(mine.update(refreshing_since=RivetNow(), refreshing_by=worker))


def _renew(held: _Held, worker: UUID) -> _Held:
    try:
        fresh = _ask(held)
    except GrantLostError as error:
        return _after_refusal(held, worker, error)
    except ProviderError:  # the next one need not wait a minute to try
        _release(held.grant, worker)
        raise
    _store(held.grant, fresh, worker)
    return _read(held.connection, leaving=held.leaving)


def _ask(held: _Held) -> TokenSet:
    """One refresh. An answer that was lost is asked for again with the same token, which the providers allow."""
    consenter = registry.consenter(held.connection.provider)
    try:
        return consenter.refresh(held.tokens, now=held.now)
    except UnavailableError:
        return consenter.refresh(held.tokens, now=clock.now())


def _after_refusal(held: _Held, worker: UUID, error: GrantLostError) -> _Held:
    """``invalid_grant``: perhaps a sibling rotated the token before us. Only when nobody did is the grant lost."""
    current = _read(held.connection, leaving=held.leaving)
    if current.grant.generation != held.grant.generation:
        return current
    _release(held.grant, worker)
    with tenant_transaction(held.grant.tenant_id):
        hanging = Connection.objects.filter(grant_id=held.grant.pk).exclude(status=Status.DISCONNECTED)
        for connection_id in hanging.values_list("pk", flat=True):
            health.lost_access(connection_id, error.code, error.detail)
    raise AccessLostError(error.detail, code=error.code, status=error.status) from error


def _release(grant: Grant, worker: UUID) -> None:
    with tenant_transaction(grant.tenant_id):
        Grant.objects.filter(pk=grant.pk, refreshing_by=worker).update(refreshing_since=None, refreshing_by=None)


# Storing ---------------------------------------------------------------------------------------------------------


def _store(grant: Grant, fresh: TokenSet, worker: UUID) -> None:
    """Commit a rotated pair, waiting out a database that restarts."""
    _put(grant, fresh, owner=_owner(grant.tenant, grant))
    Retrying(
        retry=retry_if_exception_type((OperationalError, InterfaceError)),
        wait=wait_exponential(multiplier=0.1, max=5),
        stop=stop_after_delay(_STORE_FOR_SECONDS),
        before_sleep=_reconnect,
        reraise=True,
    )(_commit, grant, worker)


def _commit(grant: Grant, worker: UUID) -> None:
    with tenant_transaction(grant.tenant_id):
        # Mine while I hold the claim; robbed, still worth keeping as long as nobody stored a newer pair.
        mine = Q(refreshing_by=worker) | Q(generation=grant.generation)
        Grant.objects.filter(mine, pk=grant.pk, revoked_at=None).update(
            **_columns(grant), generation=F("generation") + 1
        )
        Grant.objects.filter(pk=grant.pk, refreshing_by=worker).update(refreshing_since=None, refreshing_by=None)


def _reconnect(state: RetryCallState) -> None:
    log.warning("renewed access could not be stored yet", attempt=state.attempt_number)
    database.close()


def _put(grant: Grant, tokens: TokenSet, *, owner: vault.Owner) -> None:
    box = vault.seal(_to_bytes(tokens), owner=owner)
    grant.sealed_tokens, grant.key_version = box.sealed, box.key_version
    grant.access_expires_at, grant.refresh_expires_at = tokens.access_expires_at, tokens.refresh_expires_at
    grant.hard_expires_at, grant.scopes = tokens.hard_expires_at, list(tokens.scopes)


_TOKEN_COLUMNS = (
    "sealed_tokens",
    "key_version",
    "access_expires_at",
    "refresh_expires_at",
    "hard_expires_at",
    "scopes",
)


def _columns(grant: Grant) -> dict[str, Any]:
    return {name: getattr(grant, name) for name in _TOKEN_COLUMNS}


def _owner(tenant: Tenant, grant: Grant) -> vault.Owner:
    return vault.Owner(tenant=tenant.public_id, grant=grant.public_id)


def _box(grant: Grant) -> vault.Box:
    return vault.Box(sealed=bytes(grant.sealed_tokens), key_version=grant.key_version)


def _margin(connection: Connection) -> timedelta:
    return timedelta(seconds=registry.LISTINGS[connection.provider].refresh_margin_seconds)


def _to_bytes(tokens: TokenSet) -> bytes:
    plain = {field.name: getattr(tokens, field.name) for field in fields(tokens)}
    return json.dumps(plain, default=datetime.isoformat).encode()


def _from_bytes(stored: bytes) -> TokenSet:
    plain = json.loads(stored)
    moments = {
        name: datetime.fromisoformat(value) if (value := plain[name]) else None
        for name in ("access_expires_at", "refresh_expires_at", "hard_expires_at")
    }
    return TokenSet(**{**plain, **moments, "scopes": tuple(plain["scopes"])})
