"""What can be set is written down."""

from pathlib import Path

import pytest

from sandbox.faults import KINDS
from sandbox.json_shapes import Schema
from sandbox.quickbooks.provider import QuickBooks
from sandbox.quickbooks.settings import SETTINGS as quickbooks_settings
from sandbox.scenarios import SCENARIOS
from sandbox.xero import organisation
from sandbox.xero.settings import SETTINGS as xero_settings
from tests.sandbox.running import ROOT

PAGE = (ROOT / "docs" / "sandbox.md").read_text()

# Read through a table or by a variable.
NOT_READ_BY_GET = {
    "quickbooks": {"status", "refresh_rotation_seconds", "refresh_grace_seconds"},
    "xero": set[str](),
}


def _settings_read(provider: str = "quickbooks") -> set[str]:
    """Names that one provider asks a company's settings for."""
    found: set[str] = set()
    for path in Path(ROOT, "sandbox", provider).rglob("*.py"):
        for part in path.read_text().split("settings.get(")[1:]:
            name = part.split(",")[0].split(")")[0].strip()
            if name.startswith('"'):
                found.add(name.strip('"'))
    return found


@pytest.mark.parametrize("word", sorted({*KINDS, *SCENARIOS, *_settings_read(), *_settings_read("xero")}))
def test_the_page_names(word: str) -> None:
    assert f"`{word}`" in PAGE


@pytest.mark.parametrize("word", sorted(_settings_read()))
def test_the_provider_names(word: str) -> None:
    assert word in (QuickBooks.__doc__ or "")


@pytest.mark.parametrize("word", sorted(_settings_read("xero")))
def test_the_organisation_names(word: str) -> None:
    assert f"    {word} " in (organisation.__doc__ or "")


@pytest.mark.parametrize(("provider", "shapes"), [("quickbooks", quickbooks_settings), ("xero", xero_settings)])
def test_the_control_api_takes_what_is_read_and_nothing_else(provider: str, shapes: dict[str, Schema]) -> None:
    assert set(shapes) == _settings_read(provider) | NOT_READ_BY_GET[provider]
