"""Tokens: code exchange, refresh with rotation and grace, revocation."""

import base64
import hashlib
import secrets
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from sandbox import wire
from sandbox.exchange import Answer, Call
from sandbox.grants import Grant, Token
from sandbox.jwt import Signer
from sandbox.oauth_apps import ClientApp
from sandbox.world import Sandbox
from sandbox.xero import answers, connections, gate
from sandbox.xero.gate import TurnedAwayError
from sandbox.xero.scopes import GRANULAR, IDENTITY, KNOWN

ACCESS_SECONDS = 1800
ID_TOKEN_SECONDS = 300
REFRESH_SECONDS = 60 * 86_400
GRACE_SECONDS = 1800


class OAuthError(Exception):
    """The token endpoint refuses; the text is the OAuth error code."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a pair of tokens stands for: the consent it came from and its scopes."""

    grant: Grant
    event: str
    scopes: list[str]
    nonce: str | None = None


class Identity:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.signer = Signer()

    def token(self, call: Call) -> Answer:
        """`POST /connect/token`"""
        form = _form(call)
        try:
            app = self._client(call, form)
            terms = self._redeem(app, form)
        except OAuthError as error:
            return answers.oauth_error(str(error))
        return self._issued(terms)

    def revocation(self, call: Call) -> Answer:
        """`POST /connect/revocation`: the user's every connection of this application goes."""
        form = _form(call)
        try:
            app = self._client(call, form)
        except OAuthError as error:
            return answers.oauth_error(str(error))
        token = self.sandbox.grants.find(form.get("token", ""))
        if token is not None and token.grant.client_id == app.client_id:
            self.sandbox.grants.revoke(token.grant)
        return Answer(status=200, media_type=None)

    def connections(self, call: Call, connection_id: str | None) -> Answer:
        """`GET /connections` and `DELETE /connections/{id}`; they count towards no quota."""
        try:
            # Whoever was disconnected learns it here: the row is gone; calls of the organisation answer 403.
            token = gate.bearer(self.sandbox, call, even_revoked=call.method == "GET")
        except TurnedAwayError as error:
            return error.answer
        if call.method == "GET" and connection_id is None:
            rows = connections.listed(self.sandbox, token.grant, call.query.get("autheventid"))
            headers = {"Xero-Correlation-Id": answers.new_trace(), **answers.UNCACHED}
            return Answer(body=wire.dumps(rows).encode(), media_type=answers.BARE_JSON, headers=headers)
        if call.method != "DELETE" or connection_id is None:
            return answers.not_implemented()
        if not connections.disconnect(self.sandbox, token.grant, connection_id):
            return answers.not_found()
        return Answer(status=204, media_type=None)

    def userinfo(self, call: Call) -> Answer:
        """`GET /connect/userinfo`: who gave consent, as far as the scopes tell."""
        try:
            token = gate.bearer(self.sandbox, call)
        except TurnedAwayError as error:
            return error.answer
        scopes = token.data.get("scopes", [])
        if "openid" not in scopes:
            return answers.missing_scope(403)
        return answers.json_answer(200, _person(token.grant.user, scopes))

    def discovery(self, *, origin: str) -> Answer:
        """The browser goes to the public address; the client's own calls stay on the ``origin`` it used.

        The issuer is the public one, as in the tokens: clients compare the two.
        """
        public, here = f"{self.sandbox.settings.public_url}/xero", f"{origin}/xero"
        body = {
            "issuer": public,
            "authorization_endpoint": f"{public}/identity/connect/authorize",
            "token_endpoint": f"{here}/connect/token",
            "userinfo_endpoint": f"{here}/connect/userinfo",
            "revocation_endpoint": f"{here}/connect/revocation",
            "jwks_uri": f"{here}/.well-known/openid-configuration/jwks",
            "scopes_supported": sorted(KNOWN),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }
        return answers.json_answer(200, body)

    def jwks(self) -> Answer:
        return answers.json_answer(200, self.signer.jwks())

    def _client(self, call: Call, form: dict[str, str]) -> ClientApp:
        id, secret = form.get("client_id", ""), form.get("client_secret", "")
        kind, _, value = call.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
            except ValueError as error:
                raise OAuthError("invalid_client") from error
            id, secret = unquote(id), unquote(secret)
        app = self.sandbox.apps.authenticate(id, secret)
        if app is None:
            raise OAuthError("invalid_client")
        return app

    def _redeem(self, app: ClientApp, form: dict[str, str]) -> Terms:
        kind = form.get("grant_type")
        if kind == "authorization_code":
            return self._redeem_code(app, form)
        if kind == "refresh_token":
            return self._redeem_refresh(app, form)
        if kind == "client_credentials":
            return self._redeem_credentials(app, form)
        raise OAuthError("unsupported_grant_type")

    def _redeem_credentials(self, app: ClientApp, form: dict[str, str]) -> Terms:
        """A custom connection: the application of one organisation signs in as itself."""
        scopes = form.get("scope", "").split() or sorted(GRANULAR)
        if not set(scopes) <= KNOWN - IDENTITY:
            raise OAuthError("invalid_scope")
        grant = connections.custom(self.sandbox, client_id=app.client_id, scopes=scopes)
        if grant is None:
            raise OAuthError("unauthorized_client")
        return Terms(grant, grant.data["event"], scopes)

    def _redeem_code(self, app: ClientApp, form: dict[str, str]) -> Terms:
        token = self._living(app, form.get("code", ""), "code")
        if token.ended_at is not None or token.data.get("redirect_uri") != form.get("redirect_uri"):
            raise OAuthError("invalid_grant")
        challenge = token.data.get("code_challenge")
        verifier = form.get("code_verifier", "")
        if challenge and (challenge != _challenge(verifier) or not 43 <= len(verifier) <= 128):
            raise OAuthError("invalid_grant")
        self._end(token)
        return Terms(token.grant, token.data["event"], token.data["scopes"], token.data.get("nonce"))

    def _redeem_refresh(self, app: ClientApp, form: dict[str, str]) -> Terms:
        token = self._living(app, form.get("refresh_token", ""), "refresh")
        now = self.sandbox.clock.timestamp()
        if token.ended_at is not None and now > token.ended_at + GRACE_SECONDS:
            raise OAuthError("invalid_grant")
        if token.ended_at is None:
            self._end(token)
        return Terms(token.grant, token.data["event"], token.data["scopes"])

    def _living(self, app: ClientApp, value: str, kind: str) -> Token:
        token = self.sandbox.grants.find(value, kind)
        if token is None or token.grant.client_id != app.client_id or token.grant.revoked_at is not None:
            raise OAuthError("invalid_grant")
        if token.expires_at <= self.sandbox.clock.timestamp():
            raise OAuthError("invalid_grant")
        return token

    def _end(self, token: Token) -> None:
        token.ended_at = self.sandbox.clock.timestamp()
        self.sandbox.grants.save_token(token)

    def _issued(self, terms: Terms) -> Answer:
        grant, scopes = terms.grant, terms.scopes
        now = self.sandbox.clock.timestamp()
        claims = self._claims(terms, int(now))
        access = self.signer.sign(claims, kind="at+jwt")
        self.sandbox.grants.save_token(
            Token(access, "access", grant, now, now + ACCESS_SECONDS, None, {"scopes": scopes})
        )
        body: dict[str, Any] = {}
        if "openid" in scopes:
            body["id_token"] = self.signer.sign(self._id_claims(terms, int(now)))
        body |= {"access_token": access, "expires_in": ACCESS_SECONDS, "token_type": "Bearer"}
        if "offline_access" in scopes:
            data = {"event": terms.event, "scopes": scopes}
            body["refresh_token"] = self.sandbox.grants.issue(
                grant, "refresh", lifetime=REFRESH_SECONDS, data=data
            ).value
        return answers.json_answer(200, {**body, "scope": " ".join(scopes)})

    def _claims(self, terms: Terms, now: int) -> dict[str, Any]:
        issuer = f"{self.sandbox.settings.public_url}/xero"
        claims: dict[str, Any] = {
            "nbf": now,
            "exp": now + ACCESS_SECONDS,
            "iss": issuer,
            "aud": f"{issuer}/resources",
            "client_id": terms.grant.client_id,
        }
        if connections.is_custom(terms.grant):
            return claims | {"jti": secrets.token_hex(16), "scope": terms.scopes}
        return claims | {
            "sub": uuid.uuid5(uuid.NAMESPACE_URL, terms.grant.user).hex,
            "auth_time": int(terms.grant.created_at),
            "xero_userid": user_id(terms.grant.user),
            "global_session_id": terms.grant.id,
            "jti": secrets.token_hex(16),
            "authentication_event_id": terms.event,
            "scope": terms.scopes,
        }

    def _id_claims(self, terms: Terms, now: int) -> dict[str, Any]:
        claims = {
            "nbf": now,
            "exp": now + ID_TOKEN_SECONDS,
            "iss": f"{self.sandbox.settings.public_url}/xero",
            "aud": terms.grant.client_id,
            "iat": now,
            **_person(terms.grant.user, terms.scopes),
        }
        return claims | ({"nonce": terms.nonce} if terms.nonce else {})


def _person(user: str, scopes: list[str]) -> dict[str, Any]:
    """What the scopes tell about a user."""
    name = user.split("@")[0].title()
    told = {
        "profile": {
            "preferred_username": user,
            "given_name": name,
            "family_name": "Sandbox",
            "name": f"{name} Sandbox",
        },
        "email": {"email": user},
    }
    claims: dict[str, Any] = {"sub": uuid.uuid5(uuid.NAMESPACE_URL, user).hex, "xero_userid": user_id(user)}
    for scope, more in told.items():
        claims |= more if scope in scopes else {}
    return claims


def user_id(user: str) -> str:
    """The id of a pretend user, the same in every sandbox."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"xero:{user}"))


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _form(call: Call) -> dict[str, str]:
    text = call.body.decode("utf-8", "replace")
    return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
