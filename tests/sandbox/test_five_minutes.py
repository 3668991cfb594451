"""The chapter "Five minutes" of the sandbox's page, pasted into a shell as it stands."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox.running import ROOT

PAGE = (ROOT / "docs" / "sandbox.md").read_text()


def blocks() -> list[str]:
    chapter = PAGE.split("## Five minutes\n")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page uses curl, which is not installed")
def test_the_page_works_as_it_is_written(tmp_path: Path) -> None:
    """Only the port and the folder are others, and the shell stops what it started."""
    script = "trap 'kill $(jobs -p)' EXIT\n" + "".join(f"{block}echo; echo '--'\n" for block in blocks())
    script = script.replace("8010", str(_free_port())).replace("var/sandbox", str(tmp_path))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    _, _, quickbooks, xero, broken, *_ = done.stdout.split("--\n")
    account, vendor = (json.loads(part) for part in re.split(r"(?<=})\s*(?={)", quickbooks.strip(), maxsplit=1))
    assert account["QueryResponse"]["Account"][0]["Name"] == "Checking", done.stderr
    assert vendor["Vendor"]["DisplayName"] == "Dove Tile"
    connections, answer = (json.loads(part) for part in re.split(r"(?<=])\s*(?={\")", xero.strip(), maxsplit=1))
    assert connections[0]["tenantType"] == "ORGANISATION"
    assert answer["Invoices"][0]["InvoiceNumber"] == "PAY-1" and answer["Invoices"][0]["Total"] == 1000
    assert "no answer, as ordered" in broken
    documents = json.loads(broken[broken.index('{"documents"') :])["documents"]
    assert [(row["key"], row["saves"]) for row in documents] == [("PAY-1", 1), ("PAY-2", 1)]
