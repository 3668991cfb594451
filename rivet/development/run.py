"""`./dev run COMMAND`: a command with the demo's database and broker, whether the demo runs or not."""

import contextlib
import os
import subprocess
import sys

from rivet.development import servers
from rivet.development.demo import DATABASE_VARIABLES, EXPECTED_ERRORS, FOLDER


def main(arguments: list[str]) -> int:
    if not arguments:
        print("Say which command to run, such as: ./dev run manage.py shell", file=sys.stderr)
        return 2
    command = [sys.executable, *arguments] if arguments[0].endswith(".py") else arguments
    os.environ.setdefault("RIVET_ENVIRONMENT", "development")
    try:
        with contextlib.ExitStack() as stack:
            if not all(name in os.environ for name in (*DATABASE_VARIABLES, "REDIS_URL")):
                os.environ.update(servers.reach(FOLDER, stack) | os.environ)
            return subprocess.run(command, check=False).returncode
    except EXPECTED_ERRORS as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
