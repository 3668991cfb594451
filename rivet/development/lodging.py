"""Where PostgreSQL may live: it refuses to run as root, so root lends it to the user `nobody`.

That user must be able to reach both the program and its data. A repository below a folder that only
root may enter (/root, for one) gives it neither; then both move to a folder which it can reach.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from rivet.development import processes

ELSEWHERE = Path("/var/tmp")  # noqa: S108  unlike /tmp it is kept when the machine restarts
UNPRIVILEGED = "nobody"


@dataclass(frozen=True, kw_only=True)
class Lodging:
    folder: Path
    binaries: Path
    user: str | None  # None: we are not root, so the server runs as ourselves

    def give(self, path: Path) -> None:
        if self.user:
            shutil.chown(path, user=self.user, group=processes.group_of(self.user))


def find(*, folder: Path, binaries: Path) -> Lodging:
    """A folder for the server's data, made if need be, and binaries it can run there."""
    if os.geteuid() != 0:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Lodging(folder=folder, binaries=binaries, user=None)
    if not _is_reachable(folder.parent):
        folder = _elsewhere(folder)
    if not _is_reachable(binaries):
        binaries = _copy_of(binaries)
    lodging = Lodging(folder=folder, binaries=binaries, user=UNPRIVILEGED)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _refuse_foreign(folder, owners={0, pwd.getpwnam(UNPRIVILEGED).pw_uid})
    lodging.give(folder)
    return lodging


def notice(*, wanted: Path, lodging: Lodging) -> str | None:
    """What to tell the developer when the data does not lie where they would look for it."""
    if lodging.folder == wanted:
        return None
    return (
        f"PostgreSQL must not run as root, and its user '{UNPRIVILEGED}' may not enter {wanted.parent}: "
        f"its data lies in {lodging.folder}."
    )


def _is_reachable(folder: Path) -> bool:
    test = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$0"', str(folder)],
        cwd="/",
        user=UNPRIVILEGED,
        group=processes.group_of(UNPRIVILEGED),
        extra_groups=[],
        check=False,
    )
    return test.returncode == 0


def _elsewhere(folder: Path) -> Path:
    return ELSEWHERE / f"rivet-postgres-{_short_hash(str(folder))}"


def _copy_of(binaries: Path) -> Path:
    """The wheel's installation that holds `binaries`, copied once to where everybody may read it."""
    wheel = binaries.parent.parent
    libraries = wheel.with_name(f"{wheel.name}.libs")  # found by the programs relative to themselves
    age = (binaries / "postgres").stat().st_mtime_ns
    copy = ELSEWHERE / f"rivet-postgres-binaries-{_short_hash(f'{wheel} {age}')}"
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(wheel / "pginstall", draft / wheel.name / "pginstall", symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        draft.rename(copy)
    _refuse_foreign(copy, owners={0})
    return copy / wheel.name / "pginstall" / "bin"


def _refuse_foreign(folder: Path, *, owners: set[int]) -> None:
    """Anybody may write to ELSEWHERE: never use what another user put there."""
    if folder.stat().st_uid not in owners:
        raise PermissionError(f"{folder} belongs to somebody else. Remove it and try again.")


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
