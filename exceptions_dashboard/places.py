"""Where a fix is made: the catalogue names a place, this names its address."""

from dataclasses import dataclass

from django.urls import reverse

from integrations.connections.models import Connection
from rivet.ledger.snapshots import SourceKind
from sync.catalogue import Exhibit
from sync.models import OutboxEntry


@dataclass(frozen=True, kw_only=True)
class Link:
    label: str
    url: str


def connection_url(slug: str, connection: Connection) -> str:
    return _below_connection("connections:detail", slug, connection)


def entry_url(slug: str, entry: OutboxEntry) -> str:
    return reverse("exceptions:entry", kwargs={"tenant": slug, "entry": entry.public_id})


def document_url(slug: str, entry: OutboxEntry) -> str | None:
    """The document or party an entry posts; None for what has no page of its own."""
    public_id: str | None = entry.revision.snapshot.get("public_id")
    page_and_kind = _PAGES.get(SourceKind(entry.source_kind))
    if page_and_kind is None or public_id is None:
        return None
    page, kind = page_and_kind
    return reverse(page, kwargs={"tenant": slug, "kind": kind, "public_id": public_id})


def fix(slug: str, exhibit: Exhibit, *, connection: Connection | None, entry: OutboxEntry | None = None) -> Link | None:
    """The one place that helps; None where retrying or waiting is all there is."""
    url: str | None = None
    if exhibit.place == "document" and entry is not None:
        url = document_url(slug, entry)
    elif connection is not None and exhibit.place in _BELOW_CONNECTION:
        url = _below_connection(_BELOW_CONNECTION[exhibit.place], slug, connection)
    return Link(label=exhibit.action, url=url) if url and exhibit.action else None


def _below_connection(name: str, slug: str, connection: Connection) -> str:
    return reverse(name, kwargs={"tenant": slug, "connection": connection.public_id})


_PAGES = {
    SourceKind.BILL: ("documents:detail", SourceKind.BILL),
    SourceKind.INVOICE: ("documents:detail", SourceKind.INVOICE),
    SourceKind.CUSTOMER: ("documents:party_edit", "customers"),
    SourceKind.VENDOR: ("documents:party_edit", "vendors"),
}
_BELOW_CONNECTION = {
    "connection": "connections:detail",
    "mapping": "connections:mapping",
    "parties": "connections:parties",
    "preferences": "connections:preferences",
}
