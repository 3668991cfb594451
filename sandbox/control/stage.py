"""Health, reset, fault rules and registered applications."""

import os
import secrets
from dataclasses import asdict

from starlette.requests import Request

from sandbox import VERSION
from sandbox.control.routing import ControlError, Endpoint, JsonBody
from sandbox.faults import RULE, RULE_SHOWN
from sandbox.json_shapes import COUNT, MOMENT, NAME, TEXT, rows, shape
from sandbox.oauth_apps import ClientApp
from sandbox.world import Sandbox

# An empty secret makes an application that proves itself by PKCE alone.
_SECRET = {"type": "string", "maxLength": 1000}
APP = shape({"client_id": TEXT, "secret": _SECRET, "name": TEXT, "redirect_uris": rows(TEXT)}, title="Application")
NEW_APP = shape(
    {"client_id": NAME, "secret": _SECRET, "name": NAME, "redirect_uris": rows(TEXT, most=100)},
    required=("redirect_uris",),
)


def stage_endpoints(sandbox: Sandbox) -> list[Endpoint]:
    stage = Stage(sandbox)
    health = shape({"pid": COUNT, "now": MOMENT, "version": TEXT}, title="Health")
    one_rule = {
        "provider": "quickbooks",
        "operation": "create",
        "nth": 1,
        "act": {"kind": "drop", "when": "after"},
    }
    one_app = {"name": "Mine", "redirect_uris": ["http://localhost:8000/oauth/quickbooks/callback/"]}
    return [
        Endpoint("GET", "/health", "Process id, the sandbox's now, version", stage.health, health),
        Endpoint("POST", "/reset", "Back to the state of a new data folder", stage.reset),
        Endpoint(
            "GET", "/faults", "Every fault rule with its counts", stage.faults, shape({"faults": rows(RULE_SHOWN)})
        ),
        Endpoint("POST", "/faults", "Add a fault rule", stage.add_fault, RULE_SHOWN, RULE, one_rule),
        Endpoint("DELETE", "/faults", "Remove every rule", stage.clear_faults),
        Endpoint("DELETE", "/faults/{id}", "Remove one rule", stage.remove_fault),
        Endpoint("GET", "/apps", "Registered client applications", stage.apps, shape({"apps": rows(APP)})),
        Endpoint(
            "POST",
            "/apps",
            "Register a client application, or replace the one with this client_id",
            stage.register_app,
            APP,
            NEW_APP,
            one_app,
        ),
    ]


class Stage:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def health(self, request: Request, body: JsonBody) -> JsonBody:
        return {"pid": os.getpid(), "now": self.sandbox.clock.now().isoformat(), "version": VERSION}

    def reset(self, request: Request, body: JsonBody) -> None:
        self.sandbox.reset()

    def faults(self, request: Request, body: JsonBody) -> JsonBody:
        return {"faults": [rule.shown() for rule in self.sandbox.faults.rules.values()]}

    def add_fault(self, request: Request, body: JsonBody) -> JsonBody:
        return self.sandbox.faults.add(body).shown()

    def clear_faults(self, request: Request, body: JsonBody) -> None:
        self.sandbox.faults.clear()

    def remove_fault(self, request: Request, body: JsonBody) -> None:
        if not self.sandbox.faults.remove(request.path_params["id"]):
            raise ControlError(404, f"There is no fault rule {request.path_params['id']}.")

    def apps(self, request: Request, body: JsonBody) -> JsonBody:
        return {"apps": [asdict(app) for app in self.sandbox.apps.all()]}

    def register_app(self, request: Request, body: JsonBody) -> JsonBody:
        app = ClientApp(
            client_id=body.get("client_id") or f"app-{secrets.token_hex(8)}",
            secret=body.get("secret", secrets.token_urlsafe(24)),
            name=body.get("name") or "Unnamed application",
            redirect_uris=tuple(body["redirect_uris"]),
        )
        return asdict(self.sandbox.apps.register(app))
