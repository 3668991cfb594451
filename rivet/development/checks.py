"""The checks of `make check` that need Django: migration drift, deployment settings, templates."""

import os
import subprocess
import sys
from pathlib import Path

from rivet.development.production import PRODUCTION

ROOT = Path(__file__).resolve().parents[2]


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
    djade = Path(sys.executable).with_name("djade")
    return _run([str(djade), "--check", "--target-version", "6.0", *files], env={}) if files else 0


def _run(command: list[str], *, env: dict[str, str]) -> int:
    done = subprocess.run(command, cwd=ROOT, env=os.environ | env, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
