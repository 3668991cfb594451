"""Webhook subscriptions: what the vendors' developer portals would be clicked for."""

from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request

from sandbox.control.routing import ControlError, Endpoint, JsonBody
from sandbox.webhooks import Subscription
from sandbox.world import Sandbox

CHANGEABLE: dict[str, tuple[type, ...]] = {
    "url": (str,),
    "key": (str,),
    "categories": (list,),
    "scale": (int, float),
    "duplicates": (int, float),
    "reorder": (bool,),
    "format": (str,),
}


def webhook_endpoints(sandbox: Sandbox) -> list[Endpoint]:
    acts = WebhookActs(sandbox)
    example = {
        "provider": "xero",
        "url": "http://localhost:8000/webhooks/xero/",
        "categories": ["CONTACT", "INVOICE", "CREDITNOTE"],
    }
    one = "/webhooks/{id}"
    return [
        Endpoint("GET", "/webhooks", "Subscriptions, and how far each has come", acts.list),
        Endpoint("POST", "/webhooks", "Subscribe an address", acts.subscribe, example),
        Endpoint("PATCH", one, "Change it, or {} to enable it again", acts.change, {"duplicates": 0.1, "scale": 900}),
        Endpoint("DELETE", one, "Unsubscribe", acts.unsubscribe),
        Endpoint("GET", "/webhooks/attempts", "Every delivery that was tried, oldest first", acts.attempts),
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
        provider, client_id = body.get("provider"), body.get("client_id", self.sandbox.settings.client_id)
        if provider not in self.webhooks.rules:
            raise ControlError(400, f"provider is one of {', '.join(self.webhooks.rules)}.")
        if self.sandbox.apps.get(str(client_id)) is None:
            raise ControlError(400, f"There is no application {client_id}.")
        given = self._given({name: value for name, value in body.items() if name not in ("provider", "client_id")})
        if "url" not in given:
            raise ControlError(400, "url is missing.")
        self._check_format(str(provider), given.setdefault("format", self.webhooks.rules[str(provider)].formats[0]))
        return self.webhooks.subscribe(provider=str(provider), client_id=str(client_id), **given).shown()

    def change(self, request: Request, body: JsonBody) -> JsonBody:
        subscription = self._find(request)
        self._check_format(subscription.provider, body.get("format", subscription.format))
        for name, value in self._given(body).items():
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

    def _given(self, body: JsonBody) -> dict[str, Any]:
        for name, value in body.items():
            if name not in CHANGEABLE:
                raise ControlError(400, f"A webhook has no {name}.")
            if not isinstance(value, CHANGEABLE[name]):
                raise ControlError(400, f"{name} has the wrong type.")
        parts = urlsplit(body.get("url", "http://localhost/"))
        if parts.scheme not in ("http", "https") or not parts.hostname or body.get("scale", 1) <= 0:
            raise ControlError(400, "url is an absolute http or https address, and scale a number above 0.")
        found = dict(body)
        if "categories" in found:
            found["categories"] = tuple(str(word).upper() for word in found["categories"])
        return found
