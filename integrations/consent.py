"""The port for OAuth: how a firm lets Rivet into its books, and what it holds from then on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from integrations.ports import Access


@dataclass(frozen=True, kw_only=True)
class TokenSet:
    """What a grant holds. Never logged: ``repr`` shows no token."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_expires_at: datetime
    #: The end that no refresh moves (QuickBooks: five years); None when the provider has none.
    hard_expires_at: datetime | None
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CompanyChoice:
    """A company the person let us into with this consent."""

    external_id: str
    name: str
    #: Xero's id of the connection, needed to end it; empty for QuickBooks.
    connection_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What came back from the provider's consent page."""

    #: Who consented, stable at the provider: one grant each. QuickBooks: the realm, since a consent is for one company.
    subject: str
    tokens: TokenSet
    companies: tuple[CompanyChoice, ...]


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Where to send the browser, and the PKCE verifier to keep (empty where the provider has no PKCE)."""

    url: str
    verifier: str = field(repr=False)


class Consenter(Protocol):
    """OAuth of one provider. ``now`` is passed in; expiries are computed from it."""

    def depart(self, *, redirect_uri: str, state: str) -> Departure:
        """The consent page's address for this state. May read the discovery document."""
        ...

    def arrive(self, *, params: Mapping[str, str], redirect_uri: str, verifier: str, now: datetime) -> Consent:
        """Exchange the callback's code. Raises GrantLostError for a used or expired code."""
        ...

    def refresh(self, tokens: TokenSet, *, now: datetime) -> TokenSet:
        """New tokens for old. Raises GrantLostError, NotSentError, UnavailableError."""
        ...

    def revoke(self, tokens: TokenSet) -> None:
        """End the grant at the provider."""
        ...

    def disconnect(self, access: Access, *, connection_id: str) -> None:
        """End one company's connection and keep the grant (Xero); does nothing where consent is per company."""
        ...
