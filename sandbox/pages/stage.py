"""What is switched on, in words for the first page."""

from datetime import timedelta

from sandbox.world import Sandbox


def stage_of(sandbox: Sandbox) -> list[tuple[str, str]]:
    """Label and state of each lever."""
    rules = [rule for rule in sandbox.faults.rules.values() if rule.times is None or rule.fired < rule.times]
    return [
        ("Clock", _clock(sandbox)),
        ("Limits", _limits(sandbox)),
        ("Latency", _latency(sandbox)),
        ("Faults", _count(len(rules), "rule") if rules else "none switched on"),
        ("Webhooks", _count(len(sandbox.webhooks.subscriptions), "address", "addresses")),
    ]


def _clock(sandbox: Sandbox) -> str:
    now, offset = sandbox.clock.now(), round(sandbox.clock.offset_seconds)
    moved = "" if not offset else f", {timedelta(seconds=abs(offset))} {'ahead' if offset > 0 else 'behind'}"
    return f"{now:%Y-%m-%d %H:%M} UTC{moved}"


def _limits(sandbox: Sandbox) -> str:
    limits = sandbox.limits
    if not limits.enabled:
        return "off"
    return "as the vendors have them" if limits.scale == 1 else f"{limits.scale:g} times the vendors'"


def _latency(sandbox: Sandbox) -> str:
    latency = sandbox.latency
    if not latency.median_ms:
        return "none"
    tail = f", {latency.p99_ms * latency.scale:g} ms for one in a hundred" if latency.p99_ms else ""
    return f"{latency.median_ms * latency.scale:g} ms{tail}"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number or 'no'} {one if number == 1 else many or one + 's'}"
