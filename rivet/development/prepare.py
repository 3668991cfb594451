"""Bring the database up to date and put the example data in: one process, since Django takes a second to load."""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command, get_commands


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rivet.settings")
    sign_ins = Path(sys.argv[1])
    django.setup()
    call_command("migrate", database="owner", verbosity=1 if _is_new() else 0, interactive=False)
    if "seed_demo" in get_commands():
        with sign_ins.open("w") as file:
            call_command("seed_demo", stdout=file)


def _is_new() -> bool:
    """Whether there is something to tell: on a database that is up to date, migrate says only that."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


if __name__ == "__main__":
    main()
