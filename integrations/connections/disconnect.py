"""Ending a connection: Rivet stops at once, then the provider is told. Links and mapping stay for a return."""

from dataclasses import dataclass

from django.db import connection as database

from integrations import registry
from integrations.connections import grants
from integrations.connections.facts import note
from integrations.connections.models import CompanyAddress, Connection, FactKind, Grant, Status
from integrations.consent import TokenSet
from integrations.ports import Access, AccessLostError, ProviderError
from rivet import clock
from rivet.tenants import audit
from rivet.tenants.context import set_local, tenant_transaction
from rivet.tenants.models import User


@dataclass(frozen=True, kw_only=True)
class Farewell:
    """``was_told`` only when the provider answered; else it may still list Rivet among its apps."""

    was_told: bool
    detail: str = ""


def disconnect(*, connection: Connection, actor: User) -> Farewell:
    """Stop posting to a company and give its access back. Call it outside any transaction."""
    keys = _keys_of(connection)
    with tenant_transaction(connection.tenant_id):
        ends_grant = _stop(connection, actor)
    if isinstance(keys, AccessLostError):
        return Farewell(was_told=False, detail=keys.detail)
    access, tokens = keys
    try:
        _tell(connection, access, tokens if ends_grant else None)
    except ProviderError as error:
        return Farewell(was_told=False, detail=error.detail)
    return Farewell(was_told=True)


def _keys_of(connection: Connection) -> tuple[Access, TokenSet] | AccessLostError:
    """What it takes to say goodbye, fetched while Rivet still has it; why not, when there is none."""
    try:
        return grants.parting(connection)
    except AccessLostError as lost:
        return lost


def _stop(connection: Connection, actor: User) -> bool:
    """Mark it disconnected, and say whether its grant opens nothing any more and may be revoked."""
    live = Connection.objects.select_for_update().get(pk=connection.pk)
    if live.status == Status.DISCONNECTED:
        return False
    before = live.status
    live.status, live.problem_code, live.problem_detail = Status.DISCONNECTED, "", ""
    live.disconnected_at = clock.now()
    live.save(update_fields=["status", "problem_code", "problem_detail", "disconnected_at"])
    CompanyAddress.objects.filter(connection=live, tenant_id=live.tenant_id).delete()
    note(live, FactKind.DISCONNECTED)
    audit.record(
        actor=actor,
        act="connection.disconnected",
        subject_kind="connection",
        subject_id=live.public_id,
        subject_label=f"{live.provider_name} {live.company_name}",
        before={"status": before},
        after={"status": Status.DISCONNECTED},
    )
    return live.grant is not None and _end_grant(live.grant)


def _end_grant(grant: Grant) -> bool:
    """Forget the tokens when no connection of this tenant needs them; revoke them when no other tenant does either."""
    if Connection.objects.filter(grant=grant).exclude(status=Status.DISCONNECTED).exists():
        return False
    grants.forget(grant.pk)
    return not _serves_another_tenant(grant)


def _serves_another_tenant(grant: Grant) -> bool:
    """The same person may have connected another firm's company: at Xero, revoking would end that one too."""
    set_local("role", "rivet_dispatch")
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM connections_companyaddress WHERE provider = %s AND environment = %s"
            " AND subject = %s)",
            [grant.provider, registry.host(grant.provider), grant.subject],
        )
        (found,) = cursor.fetchone()
    set_local("role", "none")
    return bool(found)


def _tell(connection: Connection, access: Access, ended: TokenSet | None) -> None:
    """Raises ProviderError when one of the two was not heard. Both are said: revoking does what the other could not."""
    consenter = registry.consenter(connection.provider)
    try:
        consenter.disconnect(access, connection_id=connection.external_connection_id)
    finally:
        if ended is not None:
            consenter.revoke(ended)
