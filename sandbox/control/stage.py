"""Health, reset, clock, limits, latency, faults and registered applications."""

import os
import secrets
from dataclasses import asdict
from typing import Any

from starlette.requests import Request

from sandbox import VERSION
from sandbox.control.routing import ControlError, Endpoint, JsonBody
from sandbox.oauth_apps import ClientApp
from sandbox.world import Sandbox


def stage_endpoints(sandbox: Sandbox) -> list[Endpoint]:
    stage = Stage(sandbox)
    return [
        Endpoint("GET", "/health", "Process id, the sandbox's now, version", stage.health),
        Endpoint("POST", "/reset", "Back to the state of a new data folder", stage.reset),
        Endpoint("GET", "/clock", "The offset of the sandbox's clock", stage.clock),
        Endpoint("PUT", "/clock", "Move the clock", stage.set_clock, {"offset_seconds": 3600}),
        Endpoint("GET", "/limits", "Whether limits are enforced, and their scale", stage.limits),
        Endpoint("PUT", "/limits", "Switch or scale limits", stage.set_limits, {"enabled": True, "scale": 20}),
        Endpoint("GET", "/latency", "The latency profile", stage.latency),
        Endpoint(
            "PUT", "/latency", "Set it; {} is off", stage.set_latency, {"median_ms": 150, "p99_ms": 900, "scale": 0.1}
        ),
        Endpoint("GET", "/faults", "Every fault rule with its counts", stage.faults),
        Endpoint(
            "POST",
            "/faults",
            "Add a fault rule",
            stage.add_fault,
            {
                "provider": "quickbooks",
                "operation": "create",
                "nth": 1,
                "act": {"kind": "drop", "when": "after"},
            },
        ),
        Endpoint("DELETE", "/faults", "Remove every rule", stage.clear_faults),
        Endpoint("DELETE", "/faults/{id}", "Remove one rule", stage.remove_fault),
        Endpoint("GET", "/apps", "Registered client applications", stage.apps),
        Endpoint(
            "POST",
            "/apps",
            "Register a client application, or replace the one with this client_id",
            stage.register_app,
            {"name": "Mine", "redirect_uris": ["http://localhost:8000/oauth/quickbooks/callback/"]},
        ),
    ]


class Stage:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def health(self, request: Request, body: JsonBody) -> JsonBody:
        return {"pid": os.getpid(), "now": self.sandbox.clock.now().isoformat(), "version": VERSION}

    def reset(self, request: Request, body: JsonBody) -> None:
        self.sandbox.reset()

    def clock(self, request: Request, body: JsonBody) -> JsonBody:
        clock = self.sandbox.clock
        return {"offset_seconds": clock.offset_seconds, "now": clock.now().isoformat()}

    def set_clock(self, request: Request, body: JsonBody) -> JsonBody:
        self.sandbox.clock.offset_seconds = number(body, "offset_seconds")
        return self.clock(request, body)

    def limits(self, request: Request, body: JsonBody) -> JsonBody:
        return {"enabled": self.sandbox.limits.enabled, "scale": self.sandbox.limits.scale}

    def set_limits(self, request: Request, body: JsonBody) -> JsonBody:
        limits = self.sandbox.limits
        enabled, scale = body.get("enabled", limits.enabled), number(body, "scale", limits.scale)
        if not isinstance(enabled, bool) or scale <= 0:
            raise ControlError(400, "enabled is true or false, and scale a number above 0.")
        limits.enabled, limits.scale = enabled, scale
        return self.limits(request, body)

    def latency(self, request: Request, body: JsonBody) -> JsonBody:
        latency = self.sandbox.latency
        return {"median_ms": latency.median_ms, "p99_ms": latency.p99_ms, "scale": latency.scale}

    def set_latency(self, request: Request, body: JsonBody) -> JsonBody:
        median = number(body, "median_ms") if body.get("median_ms") is not None else None
        p99 = number(body, "p99_ms") if body.get("p99_ms") is not None else None
        scale = number(body, "scale", 1.0)
        if scale <= 0:
            raise ControlError(400, "scale is a number above 0.")
        self.sandbox.latency.set(median, p99, scale)
        return self.latency(request, body)

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
        uris = body.get("redirect_uris")
        if not isinstance(uris, list) or not all(isinstance(uri, str) for uri in uris):
            raise ControlError(400, "redirect_uris is a list of addresses.")
        app = ClientApp(
            client_id=str(body.get("client_id") or f"app-{secrets.token_hex(8)}"),
            # An empty secret makes an application that proves itself by PKCE alone.
            secret=str(body["secret"]) if body.get("secret") is not None else secrets.token_urlsafe(24),
            name=str(body.get("name") or "Unnamed application"),
            redirect_uris=tuple(uris),
        )
        return asdict(self.sandbox.apps.register(app))


def number(body: JsonBody, name: str, default: float | None = None) -> float:
    """A number from the body; raises ControlError."""
    value: Any = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ControlError(400, f"{name} must be a number.")
    return float(value)
