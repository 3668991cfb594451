"""Collect the static files as production serves them: hashed and compressed, while an image is built."""

import os
import sys

from django.core.management import execute_from_command_line

from rivet.development.production import PRODUCTION


def main() -> None:
    os.environ.update(PRODUCTION, DJANGO_SETTINGS_MODULE="rivet.settings")
    execute_from_command_line([sys.argv[0], "collectstatic", "--no-input", "--verbosity", "1"])


if __name__ == "__main__":
    main()
