"""Write the reference pages that come from the code's own tables."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from rivet.pages.reference import PAGES


class Command(BaseCommand):
    help = "Write docs/reference/exceptions.md and states.md anew from the catalogue and the table of states."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs" / "reference"
        for name, write in PAGES.items():
            (folder / name).write_text(write(), encoding="utf-8")
            self.stdout.write(f"docs/reference/{name}")
