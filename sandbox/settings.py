"""What the sandbox is told from outside: environment and command line."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """`public_url` is how a browser reaches the sandbox; it may differ from the host of API requests."""

    data: Path | None
    public_url: str
    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    default_scenario: str


def from_environment(*, port: int, data: Path | None, environ: Mapping[str, str] | None = None) -> Settings:
    """`data` is the folder that keeps the state; None keeps it in memory only."""
    env = os.environ if environ is None else environ
    return Settings(
        data=data,
        public_url=env.get("SANDBOX_PUBLIC_URL", f"http://localhost:{port}").rstrip("/"),
        client_id=env.get("SANDBOX_CLIENT_ID", "rivet-sandbox"),
        client_secret=env.get("SANDBOX_CLIENT_SECRET", "rivet-sandbox-secret"),
        redirect_uris=_list(env.get("SANDBOX_REDIRECT_URIS", "")),
        default_scenario=env.get("SANDBOX_DEFAULT_SCENARIO", "contractor"),
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
