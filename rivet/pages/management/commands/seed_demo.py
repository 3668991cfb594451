"""Put the demo's firms, people and papers in, and say how to sign in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from rivet.pages.demo import papers
from rivet.pages.demo.cast import LAKEVIEW, NORTHSIDE, PASSWORD, PEOPLE, firm, person
from rivet.tenants.context import tenant_transaction


class Command(BaseCommand):
    help = "Example firms for the demo. Running it again changes nothing that is there."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError("The demo's password is public, so its people are made in development only.")
        for wanted in PEOPLE:
            person(wanted)
        firm(LAKEVIEW)
        northside, is_new = firm(NORTHSIDE)
        if is_new:
            with tenant_transaction(northside.pk):
                papers.write(northside)
        for each in PEOPLE:
            self.stdout.write(f"{each.email:<22} {PASSWORD}   {each.name} {each.note}")
