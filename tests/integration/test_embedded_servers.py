"""The servers that come with the repository: roles as designed, kept data, no guest and no leftover."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from rivet.development import ports, processes
from rivet.development.servers import FolderInUseError, Servers, embedded_servers

HOLD_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from rivet.development.servers import embedded_servers
with embedded_servers(Path(sys.argv[1])) as servers:
    print(servers.postgres.pid, servers.valkey.pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Servers]:
    with embedded_servers(folder, temporary=True) as servers:
        yield servers


def test_no_role_is_stronger_than_designed(running: Servers) -> None:
    with psycopg.connect(running.superuser_url) as connection:
        rows = connection.execute(
            "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolinherit FROM pg_roles "
            "WHERE rolname LIKE 'rivet%' ORDER BY rolname"
        ).fetchall()
    assert rows == [
        ("rivet_app", True, False, False, False),
        ("rivet_dispatch", True, False, False, True),
        ("rivet_owner", True, False, False, True),
    ]


def test_application_becomes_dispatch_only_on_request(running: Servers) -> None:
    with psycopg.connect(running.database_owner_url) as owner:
        owner.execute("CREATE TABLE bells (id int)")
        owner.execute("GRANT SELECT ON bells TO rivet_dispatch")
    with psycopg.connect(running.database_url, autocommit=True) as app:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT * FROM bells")
        app.execute("SET ROLE rivet_dispatch")
        assert app.execute("SELECT * FROM bells").fetchall() == []


def test_application_cannot_become_owner(running: Servers) -> None:
    with (
        psycopg.connect(running.database_url) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("SET ROLE rivet_owner")


def test_wrong_password_is_refused(running: Servers) -> None:
    address = f"postgresql://rivet_app:guess@127.0.0.1:{running.postgres.port}/rivet"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address)


def test_database_keeps_every_letter(running: Servers) -> None:
    with psycopg.connect(running.database_url) as app:
        row = app.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, %s FROM pg_database WHERE datname = 'rivet'",
            ["Łódź 🏗"],
        ).fetchone()
    assert row == ("UTF8", "C", "Łódź 🏗")


def test_second_user_of_a_folder_is_turned_away(running: Servers, folder: Path) -> None:
    with pytest.raises(FolderInUseError, match="running already"), embedded_servers(folder):
        pass


def test_stopped_servers_come_back_on_their_ports_with_their_data(running: Servers) -> None:
    with redis.Redis.from_url(running.redis_url) as client:
        client.set("kept", "yes")
    with psycopg.connect(running.database_owner_url) as owner:
        owner.execute("CREATE TABLE kept (word text)")
        owner.execute("INSERT INTO kept VALUES ('yes')")
    running.valkey.stop()
    running.postgres.stop(immediate=True)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(running.database_owner_url)
    with redis.Redis.from_url(running.redis_url) as client, pytest.raises(redis.ConnectionError):
        client.ping()
    running.postgres.start()
    running.valkey.start()
    with psycopg.connect(running.database_owner_url) as owner:
        assert owner.execute("SELECT word FROM kept").fetchall() == [("yes",)]
    with redis.Redis.from_url(running.redis_url) as client:
        assert client.get("kept") == b"yes"


def test_valkey_never_evicts(running: Servers) -> None:
    with redis.Redis.from_url(running.redis_url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendonly") == {"appendonly": "yes"}


def test_passwords_and_data_are_kept_between_runs(tmp_path: Path) -> None:
    with embedded_servers(tmp_path) as first:
        with psycopg.connect(first.database_owner_url) as owner:
            owner.execute("CREATE TABLE kept ()")
        before = first.environment
    assert json.loads((tmp_path / "postgres.json").read_text())["port"] == first.postgres.port
    assert (tmp_path / "postgres.json").stat().st_mode & 0o077 == 0
    with embedded_servers(tmp_path, temporary=True) as second:
        assert second.environment == before
        with psycopg.connect(second.database_owner_url) as owner:
            owner.execute("SELECT FROM kept")


def test_port_taken_meanwhile_is_left_to_its_new_owner(tmp_path: Path) -> None:
    with embedded_servers(tmp_path) as first:
        port = first.valkey.port
    with socket.create_server(("127.0.0.1", port)), embedded_servers(tmp_path, temporary=True) as second:
        assert second.valkey.port != port
        assert second.postgres.port == first.postgres.port


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_servers_die_with_a_killed_parent(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_UNTIL_KILLED, str(tmp_path)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    ) as holder:
        assert holder.stdout is not None
        postgres, valkey = (int(word) for word in holder.stdout.readline().split())
        assert processes.is_running(postgres, named="postgres")
        holder.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while processes.is_running(postgres, named="postgres") or processes.is_running(valkey, named="valkey"):
        assert time.monotonic() < deadline, "a server outlived the process that started it"
        time.sleep(0.05)
    with embedded_servers(tmp_path, temporary=True) as again:
        psycopg.connect(again.database_url).close()


def test_free_port_prefers_the_old_one() -> None:
    port = ports.free_port()
    assert ports.free_port(preferred=port) == port
    with socket.create_server(("127.0.0.1", port)):
        assert ports.free_port(preferred=port) != port
