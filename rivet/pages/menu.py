"""The five places of a firm, and which of them a page belongs to."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Place:
    label: str
    icon: str
    #: Where it opens, below ``/t/{tenant}/``.
    path: str
    #: Every page that belongs to it; the longest match wins.
    prefix: str


PLACES = (
    Place(label="Exceptions", icon="exclamation-triangle", path="", prefix=""),
    Place(label="Sync log", icon="list-bullet", path="sync-log/", prefix="sync-log/"),
    Place(label="Sync status", icon="arrow-path", path="integrations/sync-status/", prefix="integrations/"),
    Place(label="Documents", icon="document-text", path="documents/", prefix="documents/"),
    Place(label="Settings", icon="cog-6-tooth", path="settings/integrations/", prefix="settings/"),
)


@dataclass(frozen=True, kw_only=True)
class Item:
    label: str
    icon: str
    url: str
    is_current: bool


def items(*, slug: str, path: str) -> list[Item]:
    """The menu of the firm ``slug`` as seen from the page at ``path``."""
    root = f"/t/{slug}/"
    inside = path.removeprefix(root)
    here = max((place for place in PLACES if inside.startswith(place.prefix)), key=lambda place: len(place.prefix))
    return [
        Item(label=place.label, icon=place.icon, url=root + place.path, is_current=place is here) for place in PLACES
    ]
