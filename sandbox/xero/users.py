"""The people of an organisation: those who ever opened it to an application."""

from sandbox.wire import Body
from sandbox.world import Sandbox
from sandbox.xero.dates import EPOCH, wire_moment
from sandbox.xero.desk import Desk
from sandbox.xero.errors import MissingError
from sandbox.xero.identity import user_id


def listed(sandbox: Sandbox, desk: Desk, id: str | None) -> list[Body]:
    """All of them, or the one with this id; raises MissingError."""
    names = dict.fromkeys(grant.user for grant in sandbox.grants.of_company(desk.company))
    rows = [_wire(name, position) for position, name in enumerate(names)]
    if id is None:
        return rows
    found = [row for row in rows if row["UserID"] == id.lower()]
    if not found:
        raise MissingError(id)
    return found


def _wire(name: str, position: int) -> Body:
    return {
        "UserID": user_id(name),
        "EmailAddress": name,
        "FirstName": name.split("@")[0].title(),
        "LastName": "Sandbox",
        "UpdatedDateUTC": wire_moment(EPOCH),
        "IsSubscriber": position == 0,
        "OrganisationRole": "FINANCIALADVISER" if position == 0 else "STANDARD",
    }
