"""Connecting a company: away to the provider's consent page, back with a code, a company chosen, a connection made.

A consent under way is kept in the person's session under its ``state``: single use, ten minutes, for this person in
this tenant. The tokens a consent brings are sealed into the grant before anything is asked; no session holds one.
"""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction

from integrations import registry
from integrations.connections import grants
from integrations.connections.facts import note
from integrations.connections.models import CompanyAddress, Connection, FactKind, Grant, Status
from integrations.consent import CompanyChoice, Consent
from integrations.ports import GrantLostError
from rivet import clock
from rivet.tenants import audit
from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import Tenant, User
from rivet.tenants.plans import TERMS, Plan

_PENDING = "consents"
_CHOICES = "company_choices"
_LASTS = timedelta(minutes=10)


class ConnectRefusedError(Exception):
    """Why nothing was connected, as a sentence for the person who tried. ``code`` is a catalogue code or empty."""

    def __init__(self, sentence: str, *, code: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A consent under way. ``reconnect`` is the connection it must lead back to, 0 when any company will do."""

    provider: str
    tenant_id: int
    tenant_slug: str
    user_id: int
    reconnect: int
    verifier: str
    begun_at: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A consent that opens several companies: the person picks one. Kept under ``reference``, the grant's public id."""

    reference: str
    provider: str
    companies: tuple[CompanyChoice, ...]


def refuse_plan(tenant: Tenant) -> None:
    """Raise ConnectRefusedError when the tenant's plan keeps documents and posts none."""
    terms = TERMS[Plan(tenant.plan)]
    if not terms.may_connect:
        raise ConnectRefusedError(
            f"The {terms.label} plan does not post to accounting software. Choose Pro or Scale under Settings → Plan."
        )


def begin(
    *,
    session: SessionBase,
    tenant: Tenant,
    user: User,
    provider: str,
    redirect_uri: str,
    reconnect: Connection | None = None,
) -> str:
    """The address of the consent page. Calls the provider; run it outside any transaction.

    Raises ConnectRefusedError on the Starter plan, NotSentError or UnavailableError when the provider is silent.
    """
    refuse_plan(tenant)
    state = secrets.token_urlsafe(32)
    departure = registry.consenter(provider).depart(redirect_uri=redirect_uri, state=state)
    now = clock.now()
    pending = Pending(
        provider=provider,
        tenant_id=tenant.pk,
        tenant_slug=tenant.slug,
        user_id=user.pk,
        reconnect=reconnect.pk if reconnect else 0,
        verifier=departure.verifier,
        begun_at=now.isoformat(),
    )
    kept = {other: raw for other, raw in _pending(session).items() if _is_fresh(raw["begun_at"], now)}
    session[_PENDING] = {**kept, state: asdict(pending)}
    return departure.url


def whose(session: SessionBase, *, provider: str, state: str) -> Pending | None:
    """The consent under way that a callback's ``state`` belongs to; None for a stranger's, used or mistaken one."""
    raw = _pending(session).get(state)
    return Pending(**raw) if raw and raw["provider"] == provider else None


def finish(
    *,
    session: SessionBase,
    tenant: Tenant,
    user: User,
    state: str,
    params: Mapping[str, str],
    redirect_uri: str,
) -> Connection | Choice:
    """Turn a callback into a connection, or into a choice when the consent opens several companies.

    Raises ConnectRefusedError; NotSentError or UnavailableError when the provider is silent.
    """
    pending = _take(session, state, tenant=tenant, user=user)
    refuse_plan(tenant)
    if error := params.get("error"):
        raise ConnectRefusedError(_declined(pending.provider, error))
    consent = _exchange(pending, params=params, redirect_uri=redirect_uri)
    if not consent.companies:
        word = registry.LISTINGS[pending.provider].company_word
        raise ConnectRefusedError(f"No {word} was chosen on the consent page, so nothing was connected.")
    if pending.reconnect:
        return _reconnect(tenant, user, pending, consent)
    if len(consent.companies) == 1:
        return _establish(tenant, user, pending.provider, consent, consent.companies[0])
    return _ask_which(session, tenant, pending.provider, consent)


def choice(session: SessionBase, *, tenant: Tenant, reference: str) -> Choice | None:
    """The companies a person may pick from; None when the reference is not theirs."""
    raw = session.get(_CHOICES, {}).get(reference)
    if not raw or raw["tenant_id"] != tenant.pk:
        return None
    companies = tuple(CompanyChoice(**company) for company in raw["companies"])
    return Choice(reference=reference, provider=raw["provider"], companies=companies)


def choose(*, session: SessionBase, tenant: Tenant, user: User, picked: Choice, external_id: str) -> Connection:
    """Connect the company a person picked. Raises ConnectRefusedError."""
    refuse_plan(tenant)
    company = next((company for company in picked.companies if company.external_id == external_id), None)
    if company is None:
        raise ConnectRefusedError("Choose one of the companies listed.")
    with tenant_transaction(tenant.pk):
        grant = Grant.objects.get(public_id=picked.reference)
        connection = _connect(tenant, user, grant, company)
    session[_CHOICES] = {key: raw for key, raw in session[_CHOICES].items() if key != picked.reference}
    return connection


# The consent -----------------------------------------------------------------------------------------------------


def _pending(session: SessionBase) -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = session.get(_PENDING, {})
    return kept


def _is_fresh(begun_at: str, now: datetime) -> bool:
    return now - datetime.fromisoformat(begun_at) < _LASTS


def _take(session: SessionBase, state: str, *, tenant: Tenant, user: User) -> Pending:
    """The consent under way, which cannot be used again whatever becomes of it."""
    kept = _pending(session)
    raw = kept.get(state)
    session[_PENDING] = {other: rest for other, rest in kept.items() if other != state}
    # Stored before the code is exchanged: a second request with this state must not find it.
    session.save()
    if raw is None or raw["tenant_id"] != tenant.pk or raw["user_id"] != user.pk:
        raise ConnectRefusedError("This way back from the consent page was used before. Start again with Connect.")
    if not _is_fresh(raw["begun_at"], clock.now()):
        raise ConnectRefusedError("The consent page was open for more than ten minutes. Start again with Connect.")
    return Pending(**raw)


def _declined(provider: str, error: str) -> str:
    name = registry.LISTINGS[provider].name
    if error == "access_denied":
        return f"Access was declined on {name}'s page, so nothing was connected."
    return f"{name} ended the consent ({error[:60]}), so nothing was connected. Start again with Connect."


def _exchange(pending: Pending, *, params: Mapping[str, str], redirect_uri: str) -> Consent:
    try:
        return registry.consenter(pending.provider).arrive(
            params=params, redirect_uri=redirect_uri, verifier=pending.verifier, now=clock.now()
        )
    except GrantLostError as error:
        name = registry.LISTINGS[pending.provider].name
        raise ConnectRefusedError(
            f"{name} no longer accepts this consent; it was used or is too old. Start again with Connect.",
            code=error.code,
        ) from error


def _ask_which(session: SessionBase, tenant: Tenant, provider: str, consent: Consent) -> Choice:
    with tenant_transaction(tenant.pk):
        grant = grants.keep(tenant=tenant, provider=provider, subject=consent.subject, tokens=consent.tokens)
    reference = str(grant.public_id)
    companies = [asdict(company) for company in consent.companies]
    kept = {"provider": provider, "tenant_id": tenant.pk, "companies": companies}
    session[_CHOICES] = {**session.get(_CHOICES, {}), reference: kept}
    return Choice(reference=reference, provider=provider, companies=consent.companies)


# The connection --------------------------------------------------------------------------------------------------


def _reconnect(tenant: Tenant, user: User, pending: Pending, consent: Consent) -> Connection:
    with tenant_transaction(tenant.pk):
        before = Connection.objects.get(pk=pending.reconnect)
    company = next((each for each in consent.companies if each.external_id == before.external_id), None)
    if company is not None:
        return _establish(tenant, user, pending.provider, consent, company)
    chosen = " and ".join(each.name or each.external_id for each in consent.companies)
    with tenant_transaction(tenant.pk):
        _record(user, "connection.other_company_refused", before, after={"chosen": chosen})
    raise ConnectRefusedError(
        f"You chose {chosen}, but this connection belongs to {before.company_name}. "
        f"Reconnect and choose {before.company_name}, or add {chosen} as a new connection.",
        code="CON-04",
    )


def _establish(tenant: Tenant, user: User, provider: str, consent: Consent, company: CompanyChoice) -> Connection:
    with tenant_transaction(tenant.pk):
        grant = grants.keep(tenant=tenant, provider=provider, subject=consent.subject, tokens=consent.tokens)
        return _connect(tenant, user, grant, company)


def _connect(tenant: Tenant, user: User, grant: Grant, company: CompanyChoice) -> Connection:
    """Create the connection, or bring back the one this company had; links and mapping are still there."""
    mine = Connection.objects.select_for_update().filter(provider=grant.provider, external_id=company.external_id)
    before: Connection | None = mine.first()
    connection: Connection = before or Connection(
        tenant=tenant,
        provider=grant.provider,
        external_id=company.external_id,
        company_name=company.name or company.external_id,
        is_default=not Connection.objects.filter(is_default=True).exists(),
    )
    old_grant_id, old_status = connection.grant_id, connection.status
    _open(connection, grant=grant, company=company, user=user)
    _claim_company(connection, subject=grant.subject)
    if old_grant_id and old_grant_id != grant.pk:
        _leave(old_grant_id)
    _revive_siblings(connection)
    note(connection, FactKind.RECONNECTED)
    act = "connection.reconnected" if before else "connection.connected"
    _record(user, act, connection, before={"status": old_status} if before else {}, after={"status": Status.CONNECTED})
    return connection


def _open(connection: Connection, *, grant: Grant, company: CompanyChoice, user: User) -> None:
    connection.grant = grant
    connection.external_connection_id = company.connection_id
    connection.host = registry.host(grant.provider)
    connection.company_name = company.name or connection.company_name
    connection.status, connection.problem_code, connection.problem_detail = Status.CONNECTED, "", ""
    connection.connected_by, connection.connected_at, connection.disconnected_at = user, clock.now(), None
    connection.save()


def _claim_company(connection: Connection, *, subject: str) -> None:
    """One tenant per company. Row-level security hides the other tenant's row; the unique key still feels it."""
    CompanyAddress.objects.filter(connection=connection, tenant_id=connection.tenant_id).delete()
    try:
        with transaction.atomic():
            CompanyAddress.objects.create(
                tenant_id=connection.tenant_id,
                connection=connection,
                provider=connection.provider,
                environment=connection.host,
                external_id=connection.external_id,
                subject=subject,
            )
    except IntegrityError as error:
        if "company_has_one_tenant" not in str(error):
            raise
        raise ConnectRefusedError(
            f"{connection.company_name} is already connected to another firm in Rivet. "
            "Disconnect it there first, or choose another company."
        ) from error


def _leave(grant_id: int) -> None:
    """The connection moved to another person's grant; tokens that open nothing of ours are not kept."""
    if not Connection.objects.filter(grant_id=grant_id).exclude(status=Status.DISCONNECTED).exists():
        grants.forget(grant_id)


def _revive_siblings(connection: Connection) -> None:
    """Connections that stopped because the shared grant was lost go on with the new tokens."""
    stopped = Connection.objects.filter(
        grant_id=connection.grant_id, status=Status.NEEDS_REAUTHORIZATION, problem_code="CON-01"
    )
    for sibling in stopped.exclude(pk=connection.pk):
        Connection.objects.filter(pk=sibling.pk).update(status=Status.CONNECTED, problem_code="", problem_detail="")
        note(sibling, FactKind.RECONNECTED)


def _record(
    user: User,
    act: str,
    connection: Connection,
    *,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
) -> None:
    audit.record(
        actor=user,
        act=act,
        subject_kind="connection",
        subject_id=connection.public_id,
        subject_label=f"{connection.provider_name} {connection.company_name}",
        before=before,
        after=after,
    )
