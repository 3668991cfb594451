"""Tracking categories: at most two are active, and a line takes one option of each."""

from dataclasses import replace
from typing import Any

from sandbox.ids import new_guid
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import messages
from sandbox.xero.desk import Desk, name_key
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields, Problems

ENTITY = "TrackingCategory"
STATUSES = ("ACTIVE", "ARCHIVED", "DELETED")
ACTIVE_LIMIT = 2
TOTAL_LIMIT = 4
NAME_LIMIT = 100


def read_tracking(desk: Desk, line: Fields, problems: Problems) -> list[Body]:
    """The tracking of a line, each entry completed with the names and ids of category and option."""
    given = [entry for entry in line.each("Tracking") if entry.element]
    if len(given) > ACTIVE_LIMIT:
        problems.add(messages.TRACKING_TOO_MANY)
        return []
    found = [_match(_active(desk), entry) for entry in given]
    if None in found:
        problems.add(messages.TRACKING_UNKNOWN)
    return [entry for entry in found if entry is not None]


def _active(desk: Desk) -> list[Record]:
    if desk.tracking_categories is None:
        desk.tracking_categories = [record for record in desk.every(ENTITY) if record.active]
    return desk.tracking_categories


def _match(categories: list[Record], entry: Fields) -> Body | None:
    category = _pick_category(categories, entry)
    option = _pick_option(category, entry) if category else None
    if category is None or option is None:
        return None
    return {
        "Name": category.body["Name"],
        "Option": option["Name"],
        "TrackingCategoryID": category.id,
        "TrackingOptionID": option["TrackingOptionID"],
    }


def _pick_category(categories: list[Record], entry: Fields) -> Record | None:
    id, name = entry.identifier("TrackingCategoryID"), entry.stripped("Name") or ""
    matching = [record for record in categories if (record.id == id if id else record.name_key == name_key(name))]
    return matching[0] if matching else None


def _pick_option(category: Record, entry: Fields) -> Body | None:
    id, name = entry.identifier("TrackingOptionID"), entry.stripped("Option") or ""
    for option in category.body["Options"]:
        same = option["TrackingOptionID"] == id if id else name_key(option["Name"]) == name_key(name)
        if same and option["Status"] == "ACTIVE":
            return dict(option)
    return None


def save_category(desk: Desk, element: Fields, verb: str) -> Record:
    """Create (PUT) a category, or rename or re-status one by id (POST)."""
    problems = element.problems
    known = None if verb == "PUT" else desk.get(ENTITY, element.identifier("TrackingCategoryID"))
    name = element.stripped("Name", limit=NAME_LIMIT) or (known.body["Name"] if known else None)
    status = element.choice("Status", STATUSES) or (known.status if known else "ACTIVE")
    others = [record for record in desk.every(ENTITY) if known is None or record.id != known.id]
    _check_category(name, status, others, known, problems)
    problems.stop()
    body = {"Name": name, "Status": status, "Options": known.body["Options"] if known else []}
    columns: dict[str, Any] = {
        "name_key": name_key(str(name)),
        "active": status == "ACTIVE",
        "status": status,
    }
    if known is None:
        return desk.insert(ENTITY, body, **columns)
    return desk.update(replace(known, body=body, **columns))


def _check_category(
    name: str | None, status: str, others: list[Record], known: Record | None, problems: Problems
) -> None:
    living = [record for record in others if record.status != "DELETED"]
    if not name:
        problems.add(messages.TRACKING_NAME_REQUIRED)
    elif any(record.name_key == name_key(name) for record in living):
        problems.add(messages.TRACKING_NAME_TAKEN)
    if status == "ACTIVE" and sum(record.active for record in others) >= ACTIVE_LIMIT:
        problems.add(messages.TRACKING_LIMIT)
    elif known is None and len(living) >= TOTAL_LIMIT:
        problems.add(messages.TRACKING_TOTAL_LIMIT)


def _is_used(desk: Desk, id: str) -> bool:
    """Whether a line of any document names this category or option. Ids hold no wildcard."""
    return desk.store.count("company=? AND txn_date IS NOT NULL AND body LIKE ?", (desk.company, f'%"{id}"%')) > 0


def delete_category(desk: Desk, record: Record) -> Record:
    """Raises InvalidError for one that a document names: it can only be archived."""
    if _is_used(desk, record.id):
        raise InvalidError(messages.TRACKING_IN_USE, echo=wire_category(record))
    body = {**record.body, "Status": "DELETED"}
    return desk.update(replace(record, body=body, active=False, status="DELETED"))


def add_options(desk: Desk, category: Record, elements: list[Fields]) -> list[Body]:
    """Create options of one category; all or none."""
    options = list(category.body["Options"])
    added = []
    for element in elements:
        name = element.stripped("Name", limit=NAME_LIMIT)
        if not name or _names_option(options, name):
            element.problems.add(messages.OPTION_NAME_TAKEN if name else messages.TRACKING_NAME_REQUIRED)
        element.problems.stop()
        option = {"TrackingOptionID": new_guid(), "Name": name, "Status": "ACTIVE"}
        options.append(option)
        added.append(option)
    desk.update(replace(category, body={**category.body, "Options": options}))
    return added


def change_option(desk: Desk, category: Record, option_id: str, element: Fields) -> Body | None:
    """Rename an option or give it another status; None when the category has no such option."""
    options = [dict(option) for option in category.body["Options"]]
    option = next((found for found in options if found["TrackingOptionID"] == option_id), None)
    if option is None:
        return None
    name = element.stripped("Name", limit=NAME_LIMIT)
    if name and _names_option([other for other in options if other is not option], name):
        raise InvalidError(messages.OPTION_NAME_TAKEN, echo=option)
    status = element.choice("Status", STATUSES) or option["Status"]
    if status == "DELETED" and _is_used(desk, option_id):
        raise InvalidError(messages.TRACKING_IN_USE, echo=wire_option(option))
    option |= {"Name": name or option["Name"], "Status": status}
    element.problems.stop()
    kept = [found for found in options if found["Status"] != "DELETED"]
    desk.update(replace(category, body={**category.body, "Options": kept}))
    return option


def _names_option(options: list[Body], name: str) -> bool:
    return any(name_key(option["Name"]) == name_key(name) for option in options)


def wire_category(record: Record, *, archived: bool = False) -> Body:
    """A category; archived options only on request."""
    options = [option for option in record.body["Options"] if archived or option["Status"] == "ACTIVE"]
    return {
        "Name": record.body["Name"],
        "Status": record.body["Status"],
        "TrackingCategoryID": record.id,
        "Options": [wire_option(option) for option in options],
    }


def wire_option(option: Body) -> Body:
    flags = {"HasValidationErrors": False, "IsDeleted": option["Status"] == "DELETED"}
    return {
        **option,
        **flags,
        "IsArchived": option["Status"] == "ARCHIVED",
        "IsActive": option["Status"] == "ACTIVE",
    }
