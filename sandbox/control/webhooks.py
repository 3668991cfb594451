"""Webhook subscriptions: what the vendors' developer portals would be clicked for."""

from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request

from sandbox.control.routing import ControlError, Endpoint, JsonBody
from sandbox.json_shapes import COUNT, FLAG, MOMENT, NAME, NUMBER, TEXT, Schema, one_of, or_null, rows, shape
from sandbox.webhooks import Subscription
from sandbox.world import Sandbox

_URL: Schema = {
    "type": "string",
    "maxLength": 2000,
    "pattern": r"^https?://[!-~]+\Z",
    "description": "an absolute http or https address",
}
CHANGEABLE: dict[str, Schema] = {
    "url": _URL,
    "key": {**TEXT, "maxLength": 1000},
    "categories": rows(NAME, most=200),
    "scale": {**NUMBER, "exclusiveMinimum": 0, "maximum": 1_000_000_000},
    "duplicates": {**NUMBER, "minimum": 0, "maximum": 1},
    "reorder": FLAG,
    "format": {"type": "string", "maxLength": 100},
}
WEBHOOK = shape({"id": TEXT, "provider": TEXT, "client_id": TEXT, "status": TEXT, **CHANGEABLE}, title="Webhook")
ATTEMPT = shape(
    {
        "at": MOMENT,
        "subscription": TEXT,
        "purpose": TEXT,
        "events": COUNT,
        "step": COUNT,
        "status": COUNT,
        "trouble": {"type": "string"},
        "again_in_seconds": or_null({**NUMBER, "minimum": 0}),
    },
    title="Attempt",
)


def webhook_endpoints(sandbox: Sandbox) -> list[Endpoint]:
    acts = WebhookActs(sandbox)
    example = {
        "provider": "xero",
        "url": "http://localhost:8000/webhooks/xero/",
        "categories": ["CONTACT", "INVOICE", "CREDITNOTE"],
    }
    one = "/webhooks/{id}"
    new = shape(
        {"provider": one_of(*sandbox.webhooks.rules), "client_id": TEXT, **CHANGEABLE}, required=("provider", "url")
    )
    change = shape(CHANGEABLE, required=())
    listed, attempts = shape({"webhooks": rows(WEBHOOK)}), shape({"attempts": rows(ATTEMPT)})
    return [
        Endpoint("GET", "/webhooks", "Subscriptions, and how far each has come", acts.list, listed),
        Endpoint("POST", "/webhooks", "Subscribe an address", acts.subscribe, WEBHOOK, new, example),
        Endpoint(
            "PATCH",
            one,
            "Change it, or {} to enable it again",
            acts.change,
            WEBHOOK,
            change,
            {"duplicates": 0.1, "scale": 900},
        ),
        Endpoint("DELETE", one, "Unsubscribe", acts.unsubscribe),
        Endpoint("GET", "/webhooks/attempts", "Every delivery that was tried, oldest first", acts.attempts, attempts),
    ]


class WebhookActs:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.webhooks = sandbox.webhooks

    def list(self, request: Request, body: JsonBody) -> JsonBody:
        return {"webhooks": [one.shown() for one in self.webhooks.subscriptions.values()]}

    def attempts(self, request: Request, body: JsonBody) -> JsonBody:
        return {"attempts": [*self.webhooks.attempts]}

    def subscribe(self, request: Request, body: JsonBody) -> JsonBody:
        provider, client_id = body["provider"], body.get("client_id", self.sandbox.settings.client_id)
        if self.sandbox.apps.get(client_id) is None:
            raise ControlError(400, f"There is no application {client_id[:100]}.")
        given = _given({name: value for name, value in body.items() if name not in ("provider", "client_id")})
        self._check_format(provider, given.setdefault("format", self.webhooks.rules[provider].formats[0]))
        return self.webhooks.subscribe(provider=provider, client_id=client_id, **given).shown()

    def change(self, request: Request, body: JsonBody) -> JsonBody:
        subscription = self._find(request)
        self._check_format(subscription.provider, body.get("format", subscription.format))
        for name, value in _given(body).items():
            setattr(subscription, name, value)
        if not body or "url" in body:
            self.webhooks.reopen(subscription)
        return subscription.shown()

    def unsubscribe(self, request: Request, body: JsonBody) -> None:
        self.webhooks.unsubscribe(self._find(request).id)

    def _find(self, request: Request) -> Subscription:
        found = self.webhooks.subscriptions.get(request.path_params["id"])
        if found is None:
            raise ControlError(404, f"There is no webhook {request.path_params['id']}.")
        return found

    def _check_format(self, provider: str, chosen: Any) -> None:
        known = self.webhooks.rules[provider].formats
        if chosen not in known:
            raise ControlError(400, f"format is one of {', '.join(filter(None, known)) or 'none'}.")


def _given(body: JsonBody) -> dict[str, Any]:
    found = dict(body)
    try:
        parts = urlsplit(found.get("url", "http://localhost/"))
        sound = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound:
        raise ControlError(400, "url must be an absolute http or https address.")
    if "categories" in found:
        found["categories"] = tuple(word.upper() for word in found["categories"])
    return found
