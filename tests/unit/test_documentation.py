"""The pages below docs/ name what there is, so that they cannot fall behind it unseen."""

import re
from pathlib import Path

import pytest

from rivet.environment import DEVELOPMENT_DEFAULTS
from rivet.pages.reference import PAGES as REFERENCE
from sync.catalogue import exhibits
from sync.states import LOOKS, Look

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SOURCES = ("rivet/settings.py", "rivet/environment.py", "sync/crashpoints.py")


def test_every_setting_is_explained() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text()
    read = set(DEVELOPMENT_DEFAULTS)
    for source in SOURCES:
        read |= set(re.findall(r'(?:choice|whole|environ\.get)\(\s*"(RIVET_\w+)"', (ROOT / source).read_text()))
    assert {"RIVET_ENVIRONMENT", "RIVET_PROFILE", "RIVET_CRASH_AT"} < read
    assert sorted(name for name in read if f"`{name}`" not in page) == []


def test_no_setting_is_explained_that_nothing_reads() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text()
    code = "".join((ROOT / source).read_text() for source in SOURCES)
    named = set(re.findall(r"^\| (`[A-Z_`, ]+`)", page, flags=re.MULTILINE))
    names = {name for cell in named for name in re.findall(r"`([A-Z_]+)`", cell)}
    assert sorted(name for name in names if f'"{name}"' not in code) == []


@pytest.mark.parametrize("name", REFERENCE)
def test_pages_from_tables_are_up_to_date(name: str) -> None:
    """`python manage.py write_reference` writes them anew."""
    assert (ROOT / "docs/reference" / name).read_text() == REFERENCE[name]()


@pytest.mark.parametrize("code", exhibits())
def test_every_exception_is_explained(code: str) -> None:
    assert f"\n### {code} · " in (ROOT / "docs/reference/exceptions.md").read_text()


@pytest.mark.parametrize("look", LOOKS.values(), ids=lambda look: look.label)
def test_every_state_is_explained(look: Look) -> None:
    page = (ROOT / "docs/reference/glossary.md").read_text()
    assert f"| {look.glyph} {look.label} | {look.actor} | {look.meaning} |" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []
