"""Codes, access tokens and rolling refresh tokens."""

from typing import Any

from sandbox.grants import Grant, Token
from sandbox.jwt import Signer
from sandbox.oauth_apps import ClientApp
from sandbox.quickbooks.openid import id_token
from sandbox.world import Sandbox

CODE_LIFETIME = 300.0
ACCESS_LIFETIME = 3600
# As the vendor's samples print it: a little over 100 days, rolling.
REFRESH_LIFETIME = 8_726_400
DAY = 86_400.0
FIVE_YEARS = 157_680_000
# What the form of each grant type cannot do without.
CARRIES = {"authorization_code": "code", "refresh_token": "refresh_token"}


class Refused(Exception):
    """A token request turned down; `body` is what goes out."""

    def __init__(self, error: str, description: str = "", *, status: int = 400) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"error": error, **({"error_description": description} if description else {})}


class TokenDesk:
    """The refresh token's value changes once it is a day old. The old value stays good for the grace period:
    the company setting `refresh_grace_seconds`, 24 h unless set, 0 for the strict reading."""

    def __init__(self, sandbox: Sandbox, signer: Signer) -> None:
        self.sandbox = sandbox
        self.signer = signer

    def new_code(self, app: ClientApp, *, user: str, scopes: list[str], company: str, redirect_uri: str) -> str:
        """Consent given: a grant of its own, and the code that stands for it."""
        grants = self.sandbox.grants
        with self.sandbox.store.transaction():
            grant = grants.open(
                provider="quickbooks", client_id=app.client_id, user=user, scopes=scopes, companies=[company]
            )
            return grants.issue(grant, "code", lifetime=CODE_LIFETIME, data={"redirect_uri": redirect_uri}).value

    def exchange(self, app: ClientApp, form: dict[str, str], *, hard_expiry: bool, issuer: str) -> dict[str, Any]:
        """The token endpoint's body; raises Refused."""
        wanted = form.get("grant_type")
        if not wanted or (wanted in CARRIES and not form.get(CARRIES[wanted])):
            raise Refused("invalid_request")
        if wanted == "authorization_code":
            grant, refresh = self._from_code(app, form)
        elif wanted == "refresh_token":
            grant, refresh = self._from_refresh(app, form)
        else:
            raise Refused("unsupported_grant_type")
        access = self.sandbox.grants.issue(grant, "access", lifetime=ACCESS_LIFETIME)
        now = self.sandbox.clock.timestamp()
        body: dict[str, Any] = {
            "token_type": "bearer",
            "access_token": access.value,
            "expires_in": ACCESS_LIFETIME,
            "refresh_token": refresh.value,
            "x_refresh_token_expires_in": round(refresh.expires_at - now),
        }
        if hard_expiry:
            body["x_refresh_token_hard_expires_in"] = max(0, round(grant.created_at + FIVE_YEARS - now))
        if "openid" in grant.scopes and wanted == "authorization_code":
            body["id_token"] = id_token(
                self.signer,
                issuer=issuer,
                client_id=app.client_id,
                user=grant.user,
                realm=grant.companies[0],
                now=int(now),
            )
        return body

    def revoke(self, app: ClientApp, value: Any) -> None:
        """Either token kills the pair; raises Refused."""
        token = self.sandbox.grants.find(value) if isinstance(value, str) else None
        if token is None or token.grant.client_id != app.client_id or token.kind == "code":
            raise Refused("invalid_request", "Token is invalid")
        with self.sandbox.store.transaction():
            self.sandbox.grants.revoke(token.grant)
        self.sandbox.counters.record_event("token revoked", token.grant.companies[0])

    def _from_code(self, app: ClientApp, form: dict[str, str]) -> tuple[Grant, Token]:
        grants = self.sandbox.grants
        code = grants.find(form.get("code", ""), "code")
        if code is None or code.grant.client_id != app.client_id or not self._alive(code):
            raise Refused("invalid_grant", "Invalid authorization code")
        if code.data.get("redirect_uri") != form.get("redirect_uri"):
            raise Refused("invalid_request", "Invalid redirect uri")
        code.ended_at = self.sandbox.clock.timestamp()
        grants.save_token(code)
        return code.grant, self._new_refresh(code.grant)

    def _from_refresh(self, app: ClientApp, form: dict[str, str]) -> tuple[Grant, Token]:
        token = self.sandbox.grants.find(form.get("refresh_token", ""), "refresh")
        if token is None or token.grant.client_id != app.client_id:
            raise Refused("invalid_grant", "Incorrect Token type or clientID")
        if not token.grant.companies or not self._usable(token):
            raise Refused("invalid_grant", "Token invalid")
        self._check_membership(token.grant)
        return token.grant, self._rolled(token)

    def _check_membership(self, grant: Grant) -> None:
        company = self.sandbox.companies.get(grant.companies[0])
        if company is None or company.settings.get("access") == "removed":
            refused = Refused("invalid_grant", "Unauthorized Request: User is not a member of the specified Realm")
            refused.body["x_error_reason"] = "user_not_in_realm"
            refused.body["x_error_reason_detail"] = "The user is not in the specified realm"
            raise refused

    def _rolled(self, token: Token) -> Token:
        """The value to use from now on: the newest of the grant, renewed when it is a day old."""
        grants, now = self.sandbox.grants, self.sandbox.clock.timestamp()
        newest = grants.of_grant(token.grant, "refresh")[0]
        if now - newest.issued_at >= self._rotation(token.grant):
            newest.ended_at = now
            grants.save_token(newest)
            return self._new_refresh(token.grant)
        newest.expires_at = min(now + REFRESH_LIFETIME, token.grant.created_at + FIVE_YEARS)
        grants.save_token(newest)
        return newest

    def _new_refresh(self, grant: Grant) -> Token:
        left = grant.created_at + FIVE_YEARS - self.sandbox.clock.timestamp()
        return self.sandbox.grants.issue(grant, "refresh", lifetime=min(REFRESH_LIFETIME, left), prefix="AB11")

    def _alive(self, token: Token) -> bool:
        now = self.sandbox.clock.timestamp()
        return token.ended_at is None and token.expires_at > now and token.grant.revoked_at is None

    def _usable(self, token: Token) -> bool:
        """Alive, or rotated away no longer ago than the grace period."""
        if self._alive(token):
            return True
        now = self.sandbox.clock.timestamp()
        in_grace = token.ended_at is not None and now - token.ended_at < self._grace(token.grant)
        return in_grace and token.expires_at > now and token.grant.revoked_at is None

    def _grace(self, grant: Grant) -> float:
        return self._setting(grant, "refresh_grace_seconds", DAY)

    def _rotation(self, grant: Grant) -> float:
        return self._setting(grant, "refresh_rotation_seconds", DAY)

    def _setting(self, grant: Grant, name: str, default: float) -> float:
        company = self.sandbox.companies.get(grant.companies[0]) if grant.companies else None
        return float(company.settings.get(name, default)) if company else default
