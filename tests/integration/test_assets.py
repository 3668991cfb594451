"""Style sheets come from npm, by a lock file that names no server, and only once."""

import json
from pathlib import Path

import pytest

from rivet.development import assets

ROOT = Path(__file__).parents[2]


def test_lock_file_pins_content_and_names_no_server() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert "node_modules/@tabler/core" in packages
    for name, package in packages.items():
        if name:
            assert "resolved" not in package, name
            assert package["integrity"].startswith("sha512-"), name


@pytest.mark.long
def test_built_once_and_again_when_a_file_is_missing(tmp_path: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    assert assets.build(root=tmp_path)
    copies = sorted(assets.FILES.values())
    vendor = tmp_path / "static" / "vendor"
    assert sorted(str(each.relative_to(vendor)) for each in vendor.rglob("*") if each.is_file()) == copies
    assert not assets.build(root=tmp_path)
    (vendor / copies[0]).unlink()
    assert assets.build(root=tmp_path)
    assert (vendor / copies[0]).stat().st_size > 100_000
