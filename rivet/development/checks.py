"""The checks of `make check` that need Django: migration drift, deployment settings, templates."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: What a production machine would set; nothing here opens a connection.
PRODUCTION = {
    "RIVET_ENVIRONMENT": "production",
    "DATABASE_URL": "postgresql://rivet_app@database.invalid/rivet",
    "DATABASE_OWNER_URL": "postgresql://rivet_owner@database.invalid/rivet",
    "REDIS_URL": "redis://redis.invalid/0",
    "SECRET_KEY": "k7#only-for-the-deployment-check-and-fifty-characters-long-q2",
    "RIVET_VAULT_KEYS": "1:ZGVwbG95bWVudC1jaGVjay1vbmx5LWtleS0wMDAwMDE=",
    "RIVET_BASE_URL": "https://rivet.invalid",
    "ALLOWED_HOSTS": "rivet.invalid",
    "EMAIL_URL": "smtps://mail.invalid",
    "QUICKBOOKS_CLIENT_ID": "id",
    "QUICKBOOKS_CLIENT_SECRET": "secret",
    "QUICKBOOKS_DISCOVERY_URL": "https://discovery.invalid/",
    "QUICKBOOKS_API_URL": "https://quickbooks.invalid",
    "QUICKBOOKS_WEBHOOK_VERIFIER": "verifier",
    "XERO_CLIENT_ID": "id",
    "XERO_CLIENT_SECRET": "secret",
    "XERO_AUTHORIZE_URL": "https://xero.invalid/authorize",
    "XERO_TOKEN_URL": "https://xero.invalid/token",
    "XERO_REVOKE_URL": "https://xero.invalid/revoke",
    "XERO_API_URL": "https://xero.invalid",
    "XERO_WEBHOOK_KEY": "key",
}


def main() -> int:
    manage = [sys.executable, "manage.py"]
    results = [
        _run([*manage, "check", "--deploy", "--fail-level", "WARNING"], env=PRODUCTION),
        _drift(manage),
        _templates(),
    ]
    return int(any(results))


def _drift(manage: list[str]) -> int:
    """Compare models with migrations. Without a database Django warns that it could not read the history."""
    command = [sys.executable, "-W", "ignore::RuntimeWarning", *manage[1:]]
    return _run([*command, "makemigrations", "--check", "--dry-run"], env={"RIVET_DATABASE_POOL": "off"})


def _templates() -> int:
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))
    return _run([sys.executable, "-m", "djade", "--check", "--target-version", "6.0", *files], env={}) if files else 0


def _run(command: list[str], *, env: dict[str, str]) -> int:
    done = subprocess.run(command, cwd=ROOT, env=os.environ | env, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
