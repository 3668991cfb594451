"""What can be set is written down."""

from pathlib import Path

import pytest

from sandbox.faults import KINDS
from sandbox.quickbooks.provider import QuickBooks
from sandbox.scenarios import SCENARIOS
from sandbox.xero import organisation
from tests.sandbox.running import ROOT

PAGE = (ROOT / "docs" / "sandbox.md").read_text()


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
