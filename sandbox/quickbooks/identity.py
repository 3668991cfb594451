"""Intuit's side of OAuth 2.0: discovery, consent page, tokens, revocation, OpenID."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.exchange import LARGEST_FORM, Answer, Call, Refusal, carry_out, read_call
from sandbox.jwt import Signer
from sandbox.oauth_apps import ClientApp
from sandbox.quickbooks.answers import trace_id
from sandbox.quickbooks.openid import person
from sandbox.quickbooks.tokens import Refused, TokenDesk
from sandbox.quickbooks.voice import QuickBooksVoice
from sandbox.world import Sandbox

KNOWN_SCOPES = frozenset(
    {
        "com.intuit.quickbooks.accounting",
        "com.intuit.quickbooks.payment",
        "openid",
        "profile",
        "email",
        "phone",
        "address",
    }
)
ADMIN, PLAIN = "alice@example.com", "bob@example.com"


class _Raw:
    """Lets a Route lead to an ASGI method without wrapping it in a Request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class Identity:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.signer = Signer()
        self.desk = TokenDesk(sandbox, self.signer)
        self.voice = QuickBooksVoice(sandbox)
        self.app: ASGIApp = Starlette(
            routes=self.routes(), exception_handlers={404: self._elsewhere, 405: self._elsewhere}
        )

    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/openid_sandbox_configuration/", self.discovery),
            Route("/.well-known/openid_sandbox_configuration", self.discovery),
            Route("/.well-known/openid_configuration/", self.discovery),
            Route("/.well-known/openid_configuration", self.discovery),
            Route("/connect/oauth2", self.consent, methods=["GET"]),
            Route("/connect/oauth2", self.decide, methods=["POST"]),
            Route("/oauth2/v1/tokens/bearer", _Raw(self.token), methods=["POST"]),
            Route("/v2/oauth2/tokens/revoke", self.revoke, methods=["POST"]),
            Route("/op/v1/jwks", self.jwks),
            Route("/v1/openid_connect/userinfo", self.userinfo),
        ]

    async def discovery(self, request: Request) -> Response:
        """The browser goes to the public address; the client's own calls stay on the host it used."""
        here = _here(request.url.scheme, request.headers)
        return self._json(
            {
                "issuer": f"{here}/op/v1",
                "authorization_endpoint": f"{self.sandbox.settings.public_url}/quickbooks/connect/oauth2",
                "token_endpoint": f"{here}/oauth2/v1/tokens/bearer",
                "userinfo_endpoint": f"{here}/v1/openid_connect/userinfo",
                "revocation_endpoint": f"{here}/v2/oauth2/tokens/revoke",
                "jwks_uri": f"{here}/op/v1/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": sorted(KNOWN_SCOPES),
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
                "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
            }
        )

    async def consent(self, request: Request) -> Response:
        """Without a sound client and redirect URI nothing is sent back to the client: the page says why."""
        asked = dict(request.query_params)
        app = self.sandbox.apps.get(asked.get("client_id", ""))
        trouble = _trouble(app, asked)
        if trouble or app is None:
            return self.sandbox.pages.render("quickbooks/refused.html", status=400, trouble=trouble)
        error = _request_error(asked)
        if error:
            return _back(asked, {"error": error})
        return self._page(app, asked)

    async def decide(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        app = self.sandbox.apps.get(form.get("client_id", ""))
        trouble = _trouble(app, form)
        if trouble or app is None:
            return self.sandbox.pages.render("quickbooks/refused.html", status=400, trouble=trouble)
        if form.get("decision") != "connect":
            return _back(form, {"error": "access_denied"})
        error = _request_error(form)
        if error:
            return _back(form, {"error": error})
        company = self.sandbox.companies.get(form.get("company", ""))
        if company is None or company.provider != "quickbooks":
            return self._page(app, form, error="Choose a company.")
        if form.get("user") != ADMIN:
            return self._page(app, form, error="Only an admin of the company can connect an app. Sign in as an admin.")
        code = self.desk.new_code(
            app, user=ADMIN, scopes=form["scope"].split(), company=company.id, redirect_uri=form["redirect_uri"]
        )
        self.sandbox.counters.record_event("consent given", company.id, client_id=app.client_id)
        accounting = any("quickbooks" in scope for scope in form["scope"].split())
        return _back(form, {"code": code, **({"realmId": company.id} if accounting else {})})

    async def token(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Through the same wrapper as the API, so that every kind of fault can strike here too."""
        call = await read_call(
            scope, receive, most=LARGEST_FORM, provider="quickbooks", company=None, operation="token", entity="token"
        )
        form = dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
        if form.get("grant_type") == "refresh_token":
            call.operation = "refresh"
        call.context.update(form=form, issuer=f"{_here(scope['scheme'], call.headers)}/op/v1")
        await carry_out(self.sandbox, call, self._exchange, self.voice, scope, receive, send)

    def _exchange(self, call: Call) -> Answer:
        form, hard = call.context["form"], call.headers.get("x-include-refresh-token-hard-expires-in", "")
        try:
            body = self.desk.exchange(
                self._client(call.headers, form),
                form,
                hard_expiry=hard.lower() == "true",
                issuer=call.context["issuer"],
            )
        except Refused as refused:
            raise Refusal(self._answer(refused.body, refused.status)) from refused
        return self._answer(body)

    async def revoke(self, request: Request) -> Response:
        given = _given(await request.body(), request.headers.get("content-type", ""))
        try:
            self.desk.revoke(self._client(request.headers, {}), given.get("token"))
        except Refused as refused:
            return self._json(refused.body, refused.status)
        return Response(status_code=200, headers=self._trace())

    async def jwks(self, request: Request) -> Response:
        return self._json(self.signer.jwks())

    async def userinfo(self, request: Request) -> Response:
        token = self.sandbox.grants.find(request.headers.get("authorization", "")[7:], "access")
        if token is None or token.expires_at <= self.sandbox.clock.timestamp() or token.grant.revoked_at is not None:
            return self._json({"error": "invalid_token"}, 401)
        if "openid" not in token.grant.scopes:
            return self._json({"error": "insufficient_scope"}, 403)
        return self._json(person(token.grant.user, token.grant.scopes))

    async def _elsewhere(self, request: Request, error: Exception) -> Response:
        """What is not there, or not by this method: traced like everything else."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        return PlainTextResponse("Not Found" if status == 404 else "Method Not Allowed", status, self._trace())

    def _page(self, app: ClientApp, asked: dict[str, str], error: str = "") -> Response:
        return self.sandbox.pages.render(
            "quickbooks/consent.html",
            status=422 if error else 200,
            app=app,
            asked={
                name: asked.get(name, "") for name in ("client_id", "redirect_uri", "scope", "state", "response_type")
            },
            scopes=asked.get("scope", "").split(),
            companies=self.sandbox.companies.all("quickbooks"),
            chosen=asked.get("company", ""),
            users=((ADMIN, "Alice, admin"), (PLAIN, "Bob, standard user")),
            user=asked.get("user", ADMIN),
            error=error,
        )

    def _client(self, headers: Mapping[str, str], form: dict[str, str]) -> ClientApp:
        scheme, _, encoded = headers.get("authorization", "").partition(" ")
        id, secret = form.get("client_id", ""), form.get("client_secret", "")
        if scheme.lower() == "basic":
            try:
                id, _, secret = base64.b64decode(encoded).decode().partition(":")
            # What is no base64, or no text.
            except ValueError:
                raise Refused("invalid_client", status=401) from None
        app = self.sandbox.apps.authenticate(id, secret)
        if app is None:
            raise Refused("invalid_client", status=401)
        return app

    def _answer(self, body: dict[str, Any], status: int = 200) -> Answer:
        headers = {**self._trace(), "Cache-Control": "no-cache, no-store"}
        return Answer(status=status, body=json.dumps(body).encode(), headers=headers)

    def _trace(self) -> dict[str, str]:
        return {"intuit_tid": trace_id(self.sandbox.clock.now())}

    def _json(self, body: dict[str, Any], status: int = 200) -> Response:
        answer = self._answer(body, status)
        return Response(answer.body, answer.status, answer.headers, answer.media_type)


def _trouble(app: ClientApp | None, asked: dict[str, str]) -> str:
    """Why the consent cannot even begin, in words; empty if it can."""
    if app is None:
        return "The client_id is not the id of a registered application."
    if not app.allows(asked.get("redirect_uri", "")):
        return (
            "The redirect_uri query parameter value is invalid. Make sure it is listed in the Redirect URIs section "
            "on your app's keys tab and matches it exactly."
        )
    return ""


def _request_error(asked: dict[str, str]) -> str:
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    scopes = asked.get("scope", "").split()
    return "" if scopes and set(scopes) <= KNOWN_SCOPES else "invalid_scope"


def _back(asked: dict[str, str], answer: dict[str, str]) -> Response:
    target = asked["redirect_uri"]
    query = urlencode({**answer, "state": asked.get("state", "")})
    return RedirectResponse(f"{target}{'&' if urlsplit(target).query else '?'}{query}", status_code=302)


def _given(body: bytes, media_type: str) -> dict[str, Any]:
    """The members of a body in JSON or of a form; none if it is neither."""
    if media_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode("utf-8", "replace")))
    try:
        given = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}


def _here(scheme: str, headers: Mapping[str, str]) -> str:
    """This half of the sandbox under the host the client used."""
    return f"{scheme}://{headers.get('host', 'localhost')}/quickbooks"
