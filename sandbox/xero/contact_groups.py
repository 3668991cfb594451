"""Groups of contacts: a hundred at most, and a contact shows the ones it is in."""

from dataclasses import replace

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import messages
from sandbox.xero.contacts import ENTITY as CONTACT
from sandbox.xero.contacts import wire_stub
from sandbox.xero.desk import Desk, name_key
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields, Problems

ENTITY = "ContactGroup"
LIMIT = 100
NAME_LIMIT = 50
_STATUSES = ("ACTIVE", "DELETED")


def save_group(desk: Desk, element: Fields, verb: str) -> Record:
    """Create (PUT), or rename or delete by id (POST). Raises InvalidError."""
    problems = element.problems
    known = desk.get(ENTITY, element.identifier("ContactGroupID")) if verb == "POST" else None
    if verb == "POST" and known is None:
        raise InvalidError(messages.GROUP_MISSING)
    old: Body = known.body if known else {"Name": "", "ContactIDs": []}
    name = element.stripped("Name", limit=NAME_LIMIT) or old["Name"]
    status = element.choice("Status", _STATUSES) or "ACTIVE"
    _check_name(desk, name, known, problems)
    problems.stop()
    body = {**old, "Name": name, "Status": status}
    columns: Body = {"name_key": name_key(name), "status": status, "active": status == "ACTIVE"}
    if known is None:
        return desk.insert(ENTITY, body, **columns)
    record = desk.update(replace(known, body=body, **columns))
    for id in body["ContactIDs"]:
        _show(desk, id, record, inside=record.active)
    return record


def _check_name(desk: Desk, name: str, known: Record | None, problems: Problems) -> None:
    others = [group for group in desk.every(ENTITY) if group.active and (known is None or group.id != known.id)]
    if not name:
        problems.add(messages.GROUP_NAME_REQUIRED)
    if any(group.name_key == name_key(name) for group in others):
        problems.add(messages.GROUP_NAME_TAKEN)
    if known is None and len(others) >= LIMIT:
        problems.add(messages.GROUP_LIMIT)


def add_contacts(desk: Desk, group: Record, elements: list[Fields]) -> list[Record]:
    """Put contacts, named by id, into a group. Raises InvalidError for one that is not there."""
    found = [(element, desk.get(CONTACT, element.identifier("ContactID"))) for element in elements]
    contacts = [contact for _, contact in found if contact is not None]
    if len(contacts) < len(found):
        raise InvalidError(
            messages.CONTACT_MISSING, echo=dict(next(one for one, held in found if held is None).element)
        )
    ids = list(dict.fromkeys([*group.body["ContactIDs"], *(contact.id for contact in contacts)]))
    group = desk.update(replace(group, body={**group.body, "ContactIDs": ids}))
    return [_show(desk, contact.id, group, inside=True) for contact in contacts]


def remove_contacts(desk: Desk, group: Record, id: str | None) -> bool:
    """Take one contact, or all of them, out of a group; False when it is not in it."""
    gone = [held for held in group.body["ContactIDs"] if id in (None, held)]
    if id is not None and not gone:
        return False
    kept = [held for held in group.body["ContactIDs"] if held not in gone]
    group = desk.update(replace(group, body={**group.body, "ContactIDs": kept}))
    for held in gone:
        _show(desk, held, group, inside=False)
    return True


def _show(desk: Desk, id: str, group: Record, *, inside: bool) -> Record:
    contact = desk.get(CONTACT, id)
    if contact is None:
        raise InvalidError(messages.CONTACT_MISSING)
    others = [entry for entry in contact.body.get("Groups", []) if entry["ContactGroupID"] != group.id]
    own = [{"ContactGroupID": group.id, "Name": group.body["Name"], "Status": group.body["Status"]}] if inside else []
    return desk.update(replace(contact, body={**contact.body, "Groups": [*others, *own]}), silently=True)


def wire_group(desk: Desk, record: Record, *, detail: bool = True) -> Body:
    """A group; its contacts only where one group was asked for."""
    shown: Body = {"ContactGroupID": record.id, "Name": record.body["Name"], "Status": record.body["Status"]}
    if not detail:
        return shown | {"Contacts": []}
    contacts = [desk.get(CONTACT, id) for id in record.body["ContactIDs"]]
    return shown | {"Contacts": [wire_stub(one) for one in contacts if one]}
