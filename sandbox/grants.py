"""What a user allowed an application, and the codes and tokens that came of it. Serves both providers."""

import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import Clock
from sandbox.store import Store


@dataclass(slots=True)
class Grant:
    """One consent. QuickBooks: one company each; Xero: any number, which may grow by another consent."""

    id: str
    provider: str
    client_id: str
    user: str
    scopes: tuple[str, ...]
    companies: tuple[str, ...]
    created_at: float
    revoked_at: float | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Token:
    """`kind` is "code", "access" or "refresh". `ended_at`: the moment it was used up or rotated away."""

    value: str
    kind: str
    grant: Grant
    issued_at: float
    expires_at: float
    ended_at: float | None = None
    data: dict[str, Any] = field(default_factory=dict)


class Grants:
    """Written through to the store; access tokens also stay in memory, since every call presents one."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self._grants: dict[str, Grant] = {}
        self._tokens: dict[str, Token] = {}

    def forget(self) -> None:
        self._grants.clear()
        self._tokens.clear()

    def open(
        self, *, provider: str, client_id: str, user: str, scopes: Sequence[str], companies: Sequence[str]
    ) -> Grant:
        """A new consent."""
        grant = Grant(
            uuid.uuid4().hex,
            provider,
            client_id,
            user,
            tuple(scopes),
            tuple(companies),
            self.clock.timestamp(),
        )
        self.save_grant(grant)
        return grant

    def grant(self, id: str) -> Grant | None:
        if id not in self._grants:
            row = self.store.db.execute("SELECT * FROM grants WHERE id=?", (id,)).fetchone()
            if row is None:
                return None
            self._grants[id] = _grant(row)
        return self._grants[id]

    def of_company(self, company: str) -> list[Grant]:
        return [grant for grant in self.all() if company in grant.companies]

    def all(self, provider: str | None = None) -> list[Grant]:
        """Every grant, also revoked ones, oldest first."""
        rows = self.store.db.execute("SELECT id, provider FROM grants ORDER BY created_at").fetchall()
        found = [self.grant(row[0]) for row in rows if provider in (None, row[1])]
        return [grant for grant in found if grant is not None]

    def save_grant(self, grant: Grant) -> None:
        self._grants[grant.id] = grant
        self.store.db.execute(
            "INSERT OR REPLACE INTO grants VALUES (?,?,?,?,?,?,?,?,?)",
            (
                grant.id,
                grant.provider,
                grant.client_id,
                grant.user,
                " ".join(grant.scopes),
                json.dumps(grant.companies),
                grant.created_at,
                grant.revoked_at,
                json.dumps(grant.data),
            ),
        )

    def issue(
        self,
        grant: Grant,
        kind: str,
        *,
        lifetime: float,
        prefix: str = "",
        data: dict[str, Any] | None = None,
    ) -> Token:
        """A new code or token of this grant, `lifetime` in seconds."""
        now = self.clock.timestamp()
        value = prefix + secrets.token_urlsafe(48)
        token = Token(value, kind, grant, now, now + lifetime, None, data or {})
        self.save_token(token)
        return token

    def find(self, value: str, kind: str | None = None) -> Token | None:
        """The token with this value whatever its state: the caller judges expiry, end and revocation."""
        token = self._tokens.get(value) or self._load(value)
        return token if token and kind in (None, token.kind) else None

    def save_token(self, token: Token) -> None:
        self._tokens[token.value] = token
        self.store.db.execute(
            "INSERT OR REPLACE INTO tokens VALUES (?,?,?,?,?,?,?)",
            (
                token.value,
                token.kind,
                token.grant.id,
                token.issued_at,
                token.expires_at,
                token.ended_at,
                json.dumps(token.data),
            ),
        )

    def of_grant(self, grant: Grant, kind: str) -> list[Token]:
        """Tokens of one kind, newest first."""
        rows = self.store.db.execute(
            "SELECT value FROM tokens WHERE grant_id=? AND kind=? ORDER BY issued_at DESC", (grant.id, kind)
        ).fetchall()
        found = [self.find(row[0]) for row in rows]
        return [token for token in found if token is not None]

    def expire_access(self, company: str) -> int:
        """Let every access token that reaches this company expire now; returns how many."""
        now = self.clock.timestamp()
        alive = [
            token
            for grant in self.of_company(company)
            for token in self.of_grant(grant, "access")
            if token.expires_at > now
        ]
        for token in alive:
            token.expires_at = now - 1
            self.save_token(token)
        return len(alive)

    def revoke(self, grant: Grant) -> None:
        """The user takes the consent back: no token of it works any more."""
        grant.revoked_at = self.clock.timestamp()
        self.save_grant(grant)

    def withdraw(self, grant: Grant, company: str) -> None:
        """The user disconnects one company; a grant left without companies is revoked."""
        grant.companies = tuple(held for held in grant.companies if held != company)
        if grant.companies:
            self.save_grant(grant)
        else:
            self.revoke(grant)

    def _load(self, value: str) -> Token | None:
        row = self.store.db.execute("SELECT * FROM tokens WHERE value=?", (value,)).fetchone()
        if row is None:
            return None
        grant = self.grant(row[2])
        if grant is None:
            return None
        token = Token(row[0], row[1], grant, row[3], row[4], row[5], json.loads(row[6]))
        self._tokens[value] = token
        return token


def _grant(row: Sequence[Any]) -> Grant:
    return Grant(
        id=row[0],
        provider=row[1],
        client_id=row[2],
        user=row[3],
        scopes=tuple(row[4].split()),
        companies=tuple(json.loads(row[5])),
        created_at=row[6],
        revoked_at=row[7],
        data=json.loads(row[8]),
    )
