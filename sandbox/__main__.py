"""`python -m sandbox --port 8010 --data var/sandbox`"""

import argparse
from pathlib import Path

from sandbox.app import build
from sandbox.server import serve
from sandbox.settings import from_environment


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox", description="QuickBooks and Xero on your machine.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8010)
    parser.add_argument("--data", type=Path, default=Path("var/sandbox"), help="folder that keeps the state")
    parser.add_argument("--memory", action="store_true", help="keep nothing on disk")
    given = parser.parse_args()
    settings = from_environment(port=given.port, data=None if given.memory else given.data)
    serve(build(settings), host=given.host, port=given.port)


if __name__ == "__main__":
    main()
