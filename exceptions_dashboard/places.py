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
    return f"/t/{slug}/settings/integrations/{connection.public_id}/"


def entry_url(slug: str, entry: OutboxEntry) -> str:
    return reverse("exceptions:entry", kwargs={"tenant": slug, "entry": entry.public_id})


def document_url(slug: str, entry: OutboxEntry) -> str | None:
    """The document an entry posts; None for what has no page of its own."""
    folder = _FOLDERS.get(SourceKind(entry.source_kind))
    document: str | None = entry.revision.snapshot.get("public_id")
    return f"/t/{slug}/documents/{folder}/{document}/" if folder and document else None


_FOLDERS = {
    SourceKind.BILL: "bills",
    SourceKind.INVOICE: "invoices",
    SourceKind.CUSTOMER: "customers",
    SourceKind.VENDOR: "vendors",
}


def fix(slug: str, exhibit: Exhibit, *, connection: Connection | None, entry: OutboxEntry | None = None) -> Link | None:
    """The one place that helps; None where retrying or waiting is all there is."""
    url: str | None = None
    if exhibit.place == "document" and entry is not None:
        url = document_url(slug, entry)
    elif connection is not None and exhibit.place in _BELOW_CONNECTION:
        url = connection_url(slug, connection) + _BELOW_CONNECTION[exhibit.place]
    return Link(label=exhibit.action, url=url) if url and exhibit.action else None


_BELOW_CONNECTION = {"connection": "", "mapping": "mapping/", "parties": "parties/"}
