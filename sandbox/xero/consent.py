"""The consent page: which user, which organisations, Allow access or Cancel."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sandbox.ids import new_guid
from sandbox.oauth_apps import ClientApp, RedirectRefused, check_redirect_uri
from sandbox.world import Sandbox
from sandbox.xero.connections import connect
from sandbox.xero.scopes import IDENTITY, KNOWN, living

CODE_SECONDS = 300
USERS = ("alice@rivet.example", "bob@rivet.example")
_PARAMETERS = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "acr_values",
)


class ConsentError(Exception):
    """The page cannot be shown: the client is unknown, or its address or scope is wrong."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Asked:
    """A checked request for consent."""

    app: ClientApp
    parameters: dict[str, str]
    scopes: list[str]

    @property
    def takes_several(self) -> bool:
        """Whether the person may open several organisations at once, as applications of the higher tiers let them."""
        return "bulk_connect:false" not in self.parameters.get("acr_values", "").split()

    @property
    def opens_organisations(self) -> bool:
        """Whether more is asked for than who the person is."""
        return not set(self.scopes) <= IDENTITY

    def back(self, **answer: str) -> Response:
        """Send the browser back to the application."""
        state = {"state": self.parameters["state"]} if "state" in self.parameters else {}
        parts = urlsplit(self.parameters["redirect_uri"])
        query = "&".join(part for part in (parts.query, urlencode({**answer, **state})) if part)
        return RedirectResponse(urlunsplit(parts._replace(query=query)), status_code=302)


class Consent:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    async def page(self, request: Request) -> Response:
        """`GET` shows the page, `POST` is the person's decision."""
        form = await request.form() if request.method == "POST" else None
        source = form if form is not None else request.query_params
        texts = {name: value for name in _PARAMETERS if isinstance(value := source.get(name), str)}
        try:
            asked = self._checked(texts)
        except ConsentError as error:
            return self.sandbox.pages.render(
                "xero_error.html", status=400, error=error.error, description=error.description
            )
        if form is None:
            return self._show(asked)
        if form.get("decision") != "allow":
            return asked.back(error="access_denied")
        user = str(form.get("user", USERS[0]))
        known = {company.id for company in self.sandbox.companies.all("xero")}
        chosen = [value for value in form.getlist("tenant") if isinstance(value, str) and value in known]
        if not chosen and asked.opens_organisations:
            return self._show(asked, user, missing=True)
        return self._allow(asked, user, chosen)

    def _checked(self, parameters: dict[str, str]) -> Asked:
        app = self.sandbox.apps.get(parameters.get("client_id", ""))
        if app is None:
            raise ConsentError("unauthorized_client", "Unknown client or client not enabled.")
        redirect_uri = parameters.get("redirect_uri", "")
        try:
            check_redirect_uri(redirect_uri)
        except RedirectRefused as error:
            raise ConsentError("invalid_request", f"Invalid redirect_uri. {error}") from error
        if not app.allows(redirect_uri):
            raise ConsentError("invalid_request", "Invalid redirect_uri.")
        if parameters.get("response_type") != "code":
            raise ConsentError("unsupported_response_type", "Response type not supported.")
        scopes = parameters.get("scope", "").split()
        known = living(KNOWN, self.sandbox.clock.now().date())
        unknown = [scope for scope in scopes if scope not in known]
        if unknown or not scopes:
            raise ConsentError("invalid_scope", f"Invalid scope. {' '.join(unknown)}".strip())
        if not app.secret and not parameters.get("code_challenge"):
            raise ConsentError("invalid_request", "code challenge required")
        if parameters.get("code_challenge") and parameters.get("code_challenge_method") != "S256":
            raise ConsentError("invalid_request", "Transform algorithm not supported.")
        return Asked(app, parameters, scopes)

    def _show(self, asked: Asked, user: str = USERS[0], *, missing: bool = False) -> Response:
        return self.sandbox.pages.render(
            "xero_consent.html",
            status=422 if missing else 200,
            missing=missing,
            app=asked.app.name,
            parameters=asked.parameters,
            scopes=asked.scopes,
            several=asked.takes_several,
            users=USERS,
            user=user,
            companies=self.sandbox.companies.all("xero"),
        )

    def _allow(self, asked: Asked, user: str, chosen: list[str]) -> Response:
        """Give a code for `chosen`, ids of organisations that there are."""
        chosen = chosen if asked.takes_several else chosen[:1]
        event = new_guid()
        with self.sandbox.store.transaction():
            grant = connect(
                self.sandbox,
                client_id=asked.app.client_id,
                user=user,
                scopes=asked.scopes,
                companies=chosen,
                event=event,
            )
            keep = ("redirect_uri", "code_challenge", "nonce")
            data = {name: asked.parameters[name] for name in keep if name in asked.parameters}
            code = self.sandbox.grants.issue(
                grant, "code", lifetime=CODE_SECONDS, data={**data, "event": event, "scopes": asked.scopes}
            )
        return asked.back(code=code.value, scope=" ".join(asked.scopes))
