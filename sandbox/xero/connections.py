"""Connections: which organisations a user opened to an application, as `/connections` lists them."""

from datetime import UTC, datetime

from sandbox.grants import Grant
from sandbox.ids import new_guid
from sandbox.wire import Body
from sandbox.world import Sandbox

CUSTOM_USER = "custom-connection@rivet.example"
_CUSTOM_VERSIONS = ("AU", "NZ", "UK", "US")
# A grant is one user and one application; `data["connections"]` maps each organisation to its row.


def grant_of(sandbox: Sandbox, client_id: str, user: str) -> Grant | None:
    """The living grant of this user for this application."""
    found = [
        grant
        for grant in sandbox.grants.all("xero")
        if (grant.client_id, grant.user, grant.revoked_at) == (client_id, user, None)
    ]
    return found[-1] if found else None


def may_reach(grant: Grant, company: str) -> bool:
    return company in grant.companies and company in grant.data.get("connections", {})


def connect(
    sandbox: Sandbox, *, client_id: str, user: str, scopes: list[str], companies: list[str], event: str
) -> Grant:
    """Open organisations to an application; scopes add up and earlier organisations stay open."""
    grant = grant_of(sandbox, client_id, user)
    if grant is None:
        grant = sandbox.grants.open(provider="xero", client_id=client_id, user=user, scopes=scopes, companies=companies)
    grant.scopes = tuple(dict.fromkeys([*grant.scopes, *scopes]))
    rows = {id: row for id, row in grant.data.get("connections", {}).items() if may_reach(grant, id)}
    moment = _moment(sandbox.clock.now())
    for company in companies:
        row = rows.get(company, {"id": new_guid(), "created": moment})
        rows[company] = {**row, "event": event, "updated": moment}
    grant.companies = tuple(rows)
    grant.data = {**grant.data, "connections": rows}
    sandbox.grants.save_grant(grant)
    return grant


def custom(sandbox: Sandbox, *, client_id: str, scopes: list[str]) -> Grant | None:
    """The standing grant of a custom connection: of the organisation whose setting `custom_connection` names this
    application. None where there is none, or where the vendor does not sell them."""
    company = next(
        (found for found in sandbox.companies.all("xero") if found.settings.get("custom_connection") == client_id),
        None,
    )
    if company is None or company.settings.get("version", "US") not in _CUSTOM_VERSIONS:
        return None
    grant = grant_of(sandbox, client_id, CUSTOM_USER)
    event = str(grant.data["event"]) if grant else new_guid()
    if grant is None or grant.companies != (company.id,) or not set(scopes) <= set(grant.scopes):
        grant = connect(
            sandbox, client_id=client_id, user=CUSTOM_USER, scopes=scopes, companies=[company.id], event=event
        )
        rows = {company.id: grant.data["connections"][company.id]}
        grant.companies, grant.data = (company.id,), {"connections": rows, "event": event, "custom": True}
        sandbox.grants.save_grant(grant)
    return grant


def is_custom(grant: Grant) -> bool:
    return bool(grant.data.get("custom"))


def listed(sandbox: Sandbox, grant: Grant, event: str | None) -> list[Body]:
    """The rows of `GET /connections`, newest last; `event` narrows to one consent."""
    if grant.revoked_at is not None:
        return []
    return [
        _row(sandbox, company, row)
        for company, row in grant.data.get("connections", {}).items()
        if event in (None, "", row["event"]) and may_reach(grant, company)
    ]


def disconnect(sandbox: Sandbox, grant: Grant, connection_id: str) -> bool:
    """Close one organisation; False when there is no such connection."""
    rows = grant.data.get("connections", {})
    kept = {company: row for company, row in rows.items() if row["id"] != connection_id.lower()}
    if len(kept) == len(rows):
        return False
    grant.data = {**grant.data, "connections": kept}
    grant.companies = tuple(kept)
    sandbox.grants.save_grant(grant)
    return True


def _row(sandbox: Sandbox, company: str, row: Body) -> Body:
    known = sandbox.companies.get(company)
    return {
        "id": row["id"],
        "authEventId": row["event"],
        "tenantId": company,
        "tenantType": "ORGANISATION",
        "tenantName": known.name if known else "",
        "createdDateUtc": row["created"],
        "updatedDateUtc": row["updated"],
    }


def _moment(moment: datetime) -> str:
    """Seven digits of a second and no zone, as recorded."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0"
