"""What only a person can do, in the vendor's own pages: the API neither restores nor merges a contact."""

from dataclasses import replace
from typing import Any

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.world import ByHandError
from sandbox.xero.contacts import ENTITY, wire_contact
from sandbox.xero.desk import Desk

ACTS = ("restore contact", "merge contact")


def act_by_hand(desk: Desk, facts: dict[str, Any]) -> Body:
    """Carry out `facts["act"]` on the contact with the id `facts["contact"]`. Raises ByHandError."""
    act = facts.get("act")
    if act not in ACTS:
        raise ByHandError(f"act is one of {', '.join(ACTS)}.")
    contact = _contact(desk, facts.get("contact"))
    if act == "restore contact":
        return wire_contact(_restored(desk, contact))
    return wire_contact(_merged(desk, contact, _contact(desk, facts.get("into"))))


def _contact(desk: Desk, id: object) -> Record:
    found = desk.get(ENTITY, str(id).lower())
    if found is None:
        raise ByHandError(f"There is no contact {id}.")
    return found


def _restored(desk: Desk, contact: Record) -> Record:
    body = {**contact.body, "ContactStatus": "ACTIVE"}
    return desk.update(replace(contact, body=body, active=True, status="ACTIVE"))


def _merged(desk: Desk, contact: Record, into: Record) -> Record:
    """The first contact is archived and points to the second, which takes its documents over."""
    if contact.id == into.id:
        raise ByHandError("A contact cannot be merged into itself.")
    for document in desk.store.select("company=? AND party=?", (desk.company, contact.id)):
        desk.update(replace(document, party=into.id))
    desk.books.move_party(desk.company, contact.id, into.id)
    body = {**contact.body, "ContactStatus": "ARCHIVED", "MergedToContactID": into.id}
    return desk.update(replace(contact, body=body, active=False, status="ARCHIVED"))
