"""Reading an address of the Accounting API, in any case."""

from dataclasses import dataclass
from urllib.parse import unquote

PREFIX = "/api.xro/2.0/"


@dataclass(frozen=True, slots=True)
class Place:
    """`/{resource}/{id}/{part}/{part_id}`; resource and part in lower case, ids as written."""

    resource: str
    id: str | None = None
    part: str | None = None
    part_id: str | None = None


def parse_path(path: str) -> Place | None:
    """The place an address names; None if it cannot be one."""
    if not path.lower().startswith(PREFIX):
        return None
    parts = [unquote(part) for part in path[len(PREFIX) :].rstrip("/").split("/")]
    if not parts[0] or len(parts) > 4:
        return None
    padded = [*parts, None, None, None]
    resource, id, part, part_id = parts[0], padded[1], padded[2], padded[3]
    return Place(resource.lower(), id, part.lower() if part else None, part_id)
