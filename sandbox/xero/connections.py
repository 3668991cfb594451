"""Connections: which organisations a user opened to an application, as `/connections` lists them."""

from datetime import UTC, datetime

from sandbox.grants import Grant
from sandbox.ids import new_guid
from sandbox.wire import Body
from sandbox.world import Sandbox

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


def listed(sandbox: Sandbox, grant: Grant, event: str | None) -> list[Body]:
    """The rows of `GET /connections`, newest last; `event` narrows to one consent."""
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
