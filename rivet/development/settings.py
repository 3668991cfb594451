"""Rivet's settings for mypy, which reads no environment: a type checker needs no production keys."""

import os

os.environ.setdefault("RIVET_ENVIRONMENT", "development")

from rivet.settings import *  # noqa: F403  the variable has to be set first; all of them are wanted
