"""Dockerfile and docker-compose.yml name only what exists: programs, modules, commands, settings, files."""

import importlib
import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from rivet.environment import DEVELOPMENT_DEFAULTS, OPTIONAL_IN_PRODUCTION

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
RIVET_PROGRAMS = ("migrate", "web", "worker", "beat")
REQUIRED = set(DEVELOPMENT_DEFAULTS) - OPTIONAL_IN_PRODUCTION
#: Programs of images which are not ours.
THEIRS = {"redis-server", "pg_isready"}


def _dockerfile() -> list[list[str]]:
    """Each instruction with its arguments, continued lines joined."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]


def _image_commands() -> list[list[str]]:
    found = [service["command"] for service in SERVICES.values() if "command" in service]
    default = next(line for line in _dockerfile() if line[0] == "CMD")
    return [*found, yaml.safe_load(" ".join(default[1:]))]


def test_services_are_the_ones_promised() -> None:
    assert set(SERVICES) == {"postgres", "redis", *RIVET_PROGRAMS, "sandbox"}
    assert SERVICES["sandbox"]["profiles"] == ["sandbox"]


@pytest.mark.parametrize("command", _image_commands(), ids=" ".join)
def test_every_command_exists(command: list[str]) -> None:
    program, *rest = command
    if program in THEIRS:
        return
    assert Path(sys.executable).with_name(program).exists(), f"{program} comes with no package of ours"
    if program == "python" and rest[0] == "-m":
        assert importlib.util.find_spec(rest[1]) is not None
    elif program == "python":
        assert (ROOT / rest[0]).exists()
        assert rest[1] in get_commands()
    elif program == "granian":
        module, name = rest[-1].split(":")
        assert callable(getattr(importlib.import_module(module), name))
    else:
        app = rest[rest.index("--app") + 1]
        assert hasattr(importlib.import_module(f"{app}.celery"), "app")
        assert {"worker", "beat"} & set(rest)


def test_programs_get_every_setting_that_production_needs_and_no_unknown_one() -> None:
    for name in RIVET_PROGRAMS:
        given = set(SERVICES[name]["environment"])
        assert given >= REQUIRED | {"RIVET_ENVIRONMENT"}, name
        assert given <= set(DEVELOPMENT_DEFAULTS) | {"RIVET_ENVIRONMENT", "RIVET_TRUSTED_PROXIES"}, name


def test_postgres_gets_the_passwords_that_the_role_file_reads() -> None:
    read = set(re.findall(r"\\getenv \w+ (\w+)", (ROOT / "rivet/development/roles.sql").read_text()))
    assert len(read) == 3
    assert set(SERVICES["postgres"]["environment"]) == read | {"POSTGRES_PASSWORD"}


def test_sandbox_gets_only_what_it_reads() -> None:
    read = set(re.findall(r'"(SANDBOX_\w+)"', (ROOT / "sandbox/settings.py").read_text()))
    assert set(SERVICES["sandbox"]["environment"]) <= read


def test_everything_that_is_mounted_or_copied_is_there() -> None:
    for service in SERVICES.values():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).exists(), mount
    made_while_building = {"/app/static/vendor", "/app/.venv"}
    for instruction, *arguments in _dockerfile():
        if instruction == "COPY":
            for source in [each for each in arguments[:-1] if not each.startswith("--")]:
                assert source in made_while_building or (ROOT / source).exists(), source


def test_build_stages_are_named_before_they_are_used() -> None:
    named: set[str] = set()
    for instruction, *arguments in _dockerfile():
        if instruction == "FROM":
            assert arguments[0] in named or ":" in arguments[0]
            named.add(arguments[-1])
        for argument in arguments:
            if argument.startswith("--from="):
                assert argument.removeprefix("--from=") in named
    assert {service["build"]["target"] for service in SERVICES.values() if "build" in service} <= named


def test_image_does_not_run_as_root() -> None:
    users = [arguments[0] for instruction, *arguments in _dockerfile() if instruction == "USER"]
    assert users[-1] == "rivet"


def test_variables_without_a_default_are_explained() -> None:
    asked = set(re.findall(r"\$\{(\w+):\?\}", (ROOT / "docker-compose.yml").read_text()))
    explained = (ROOT / "docs/howto/production.md").read_text()
    assert [name for name in sorted(asked) if f"`{name}`" not in explained] == []
