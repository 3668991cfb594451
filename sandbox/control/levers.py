"""The clock, the limits and the latency of the whole sandbox."""

from starlette.requests import Request

from sandbox.control.routing import ControlError, Endpoint, JsonBody
from sandbox.json_shapes import FLAG, MOMENT, NUMBER, POSITIVE, Schema, or_null, shape
from sandbox.world import Sandbox

HUNDRED_YEARS = 36_525 * 86_400
_OFFSET: Schema = {**NUMBER, "minimum": -HUNDRED_YEARS, "maximum": HUNDRED_YEARS}
# A quarter of an hour is longer than any client waits.
_MILLISECONDS: Schema = or_null({**NUMBER, "minimum": 0, "maximum": 900_000})
_SCALE: Schema = {**POSITIVE, "maximum": 1_000_000}

CLOCK = shape({"offset_seconds": _OFFSET, "now": MOMENT}, title="Clock")
LIMITS = shape({"enabled": FLAG, "scale": _SCALE}, title="Limits")
LATENCY = shape({"median_ms": _MILLISECONDS, "p99_ms": _MILLISECONDS, "scale": _SCALE}, title="Latency")


def lever_endpoints(sandbox: Sandbox) -> list[Endpoint]:
    levers = Levers(sandbox)
    profile = {"median_ms": 150, "p99_ms": 900, "scale": 0.1}
    return [
        Endpoint("GET", "/clock", "The offset of the sandbox's clock", levers.clock, CLOCK),
        Endpoint(
            "PUT",
            "/clock",
            "Move the clock: seconds from real time, negative for the past",
            levers.set_clock,
            CLOCK,
            shape({"offset_seconds": _OFFSET}),
            {"offset_seconds": 3600},
        ),
        Endpoint("GET", "/limits", "Whether limits are enforced, and their scale", levers.limits, LIMITS),
        Endpoint(
            "PUT",
            "/limits",
            "Switch or scale limits",
            levers.set_limits,
            LIMITS,
            shape(LIMITS["properties"], required=()),
            {"enabled": True, "scale": 20},
        ),
        Endpoint("GET", "/latency", "The latency profile", levers.latency, LATENCY),
        Endpoint(
            "PUT",
            "/latency",
            "Set it; {} is off",
            levers.set_latency,
            LATENCY,
            shape(LATENCY["properties"], required=()),
            profile,
        ),
    ]


class Levers:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def clock(self, request: Request, body: JsonBody) -> JsonBody:
        clock = self.sandbox.clock
        return {"offset_seconds": clock.offset_seconds, "now": clock.now().isoformat()}

    def set_clock(self, request: Request, body: JsonBody) -> JsonBody:
        self.sandbox.clock.offset_seconds = float(body["offset_seconds"])
        return self.clock(request, body)

    def limits(self, request: Request, body: JsonBody) -> JsonBody:
        return {"enabled": self.sandbox.limits.enabled, "scale": self.sandbox.limits.scale}

    def set_limits(self, request: Request, body: JsonBody) -> JsonBody:
        limits = self.sandbox.limits
        limits.enabled = body.get("enabled", limits.enabled)
        limits.scale = float(body.get("scale", limits.scale))
        return self.limits(request, body)

    def latency(self, request: Request, body: JsonBody) -> JsonBody:
        latency = self.sandbox.latency
        return {"median_ms": latency.median_ms, "p99_ms": latency.p99_ms, "scale": latency.scale}

    def set_latency(self, request: Request, body: JsonBody) -> JsonBody:
        median, p99 = body.get("median_ms"), body.get("p99_ms")
        if p99 is not None and (median is None or p99 < median):
            raise ControlError(400, "p99_ms needs a median_ms that is not above it.")
        self.sandbox.latency.set(median, p99, float(body.get("scale", 1)))
        return self.latency(request, body)
