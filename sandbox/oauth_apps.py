"""Client applications and the redirect URIs registered for them."""

import ipaddress
import json
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from sandbox.store import Store


@dataclass(frozen=True, slots=True)
class ClientApp:
    client_id: str
    secret: str
    name: str
    redirect_uris: tuple[str, ...]

    def allows(self, redirect_uri: str) -> bool:
        """Both vendors compare the whole address, letter by letter."""
        return redirect_uri in self.redirect_uris


class RedirectRefused(ValueError):
    """Neither vendor registers this redirect URI; the text says why."""


def check_redirect_uri(uri: str) -> None:
    """Raise RedirectRefused for what the vendors' portals refuse: no scheme, a fragment, an IP address."""
    try:
        parts = urlsplit(uri)
    except ValueError as error:
        raise RedirectRefused(f"{uri} is no address.") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment:
        raise RedirectRefused(f"{uri} is not an absolute http or https address without a fragment.")
    try:
        ipaddress.ip_address(parts.hostname)
    except ValueError:
        return
    raise RedirectRefused(f"{uri} names an IP address. Use a host name; localhost is allowed.")


class ClientApps:
    """Registered applications; one app of the sandbox serves both providers."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._known: dict[str, ClientApp] = {}
        self.reload()

    def reload(self) -> None:
        rows = self.store.db.execute("SELECT client_id, secret, name, redirect_uris FROM apps")
        self._known = {row[0]: ClientApp(row[0], row[1], row[2], tuple(json.loads(row[3]))) for row in rows}

    def get(self, client_id: str) -> ClientApp | None:
        return self._known.get(client_id)

    def all(self) -> list[ClientApp]:
        return list(self._known.values())

    def authenticate(self, client_id: str, secret: str) -> ClientApp | None:
        app = self._known.get(client_id)
        return app if app and secrets.compare_digest(app.secret.encode(), secret.encode()) else None

    def register(self, app: ClientApp) -> ClientApp:
        """Add or replace an application; raises RedirectRefused."""
        for uri in app.redirect_uris:
            check_redirect_uri(uri)
        self._known[app.client_id] = app
        self.store.db.execute(
            "INSERT OR REPLACE INTO apps VALUES (?,?,?,?)",
            (app.client_id, app.secret, app.name, json.dumps(app.redirect_uris)),
        )
        return app
