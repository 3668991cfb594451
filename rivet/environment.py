"""Reading the environment: typed, with a plain sentence when a value is missing or makes no sense."""

import os
from collections.abc import Mapping, Sequence

from django.core.exceptions import ImproperlyConfigured

DEVELOPMENT, PRODUCTION = "development", "production"

#: Stand-ins used in development only; production refuses to start without the variable.
SANDBOX = os.environ.get("SANDBOX_PUBLIC_URL", "").rstrip("/") or "http://localhost:8010"
DEVELOPMENT_DEFAULTS: Mapping[str, str] = {
    # Port 1 answers nobody: without the embedded servers every query fails at once instead of reaching a stranger's.
    "DATABASE_URL": "postgresql://rivet_app@127.0.0.1:1/rivet",
    "DATABASE_OWNER_URL": "postgresql://rivet_owner@127.0.0.1:1/rivet",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "development-only-" + "x" * 50,
    # Key 1, thirty-two bytes, base64. Production keys come from the operator.
    "RIVET_VAULT_KEYS": "1:ZGV2ZWxvcG1lbnQtb25seS12YXVsdC1rZXktMDAwMDE=",
    "RIVET_BASE_URL": "http://localhost:8000",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
    "EMAIL_URL": "file:var/mail",
    "SANDBOX_PUBLIC_URL": SANDBOX,
    "QUICKBOOKS_CLIENT_ID": "rivet-sandbox",
    "QUICKBOOKS_CLIENT_SECRET": "rivet-sandbox-secret",
    "QUICKBOOKS_DISCOVERY_URL": f"{SANDBOX}/quickbooks/.well-known/openid_sandbox_configuration/",
    "QUICKBOOKS_API_URL": f"{SANDBOX}/quickbooks",
    "QUICKBOOKS_WEBHOOK_VERIFIER": "development-only-verifier",
    "XERO_CLIENT_ID": "rivet-sandbox",
    "XERO_CLIENT_SECRET": "rivet-sandbox-secret",
    "XERO_AUTHORIZE_URL": f"{SANDBOX}/xero/identity/connect/authorize",
    "XERO_TOKEN_URL": f"{SANDBOX}/xero/connect/token",
    "XERO_REVOKE_URL": f"{SANDBOX}/xero/connect/revocation",
    "XERO_API_URL": f"{SANDBOX}/xero",
    "XERO_WEBHOOK_KEY": "development-only-key",
}
#: Needed only where the sandbox runs.
OPTIONAL_IN_PRODUCTION = frozenset({"SANDBOX_PUBLIC_URL"})


def mode() -> str:
    """``development`` or ``production``; production unless told otherwise, so a forgotten variable fails safe."""
    chosen = os.environ.get("RIVET_ENVIRONMENT", PRODUCTION)
    if chosen not in {DEVELOPMENT, PRODUCTION}:
        raise ImproperlyConfigured(f"RIVET_ENVIRONMENT must be development or production, not {chosen!r}")
    return chosen


def is_set(name: str) -> bool:
    return bool(os.environ.get(name))


def text(name: str) -> str:
    """The variable's value. Raises ImproperlyConfigured in production when it is unset or empty."""
    value = os.environ.get(name, "")
    if value:
        return value
    if mode() == DEVELOPMENT or name in OPTIONAL_IN_PRODUCTION:
        return DEVELOPMENT_DEFAULTS[name]
    raise ImproperlyConfigured(f"{name} is not set; see docs/reference/settings.md")


def items(name: str) -> list[str]:
    """A comma-separated variable as a list without blanks."""
    return [item.strip() for item in text(name).split(",") if item.strip()]


def root(name: str) -> str:
    """A URL without its closing slash; must be http or https."""
    value = text(name)
    if not value.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"{name} must start with http:// or https://, not {value!r}")
    return value.rstrip("/")


def whole(name: str, *, unless_set: int) -> int:
    """A whole number, zero or more."""
    value = os.environ.get(name) or str(unless_set)
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}")
    return int(value)


def choice(name: str, *, options: Sequence[str]) -> str:
    """One of ``options``; the first when the variable is unset."""
    value = os.environ.get(name) or options[0]
    if value not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(options)}, not {value!r}")
    return value
