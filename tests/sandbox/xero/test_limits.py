from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.sandbox.xero.browser import Client, client_of


@pytest.fixture
def client(sandbox_url: str) -> Iterator[Client]:
    """A client with the limits on, at a moment when every window has just begun or will not end soon."""
    client = client_of(sandbox_url)
    requests.put(f"{sandbox_url}/control/limits", json={"enabled": True}, timeout=5)
    yield client
    requests.put(f"{sandbox_url}/control/limits", json={"enabled": False}, timeout=5)
    requests.put(f"{sandbox_url}/control/latency", json={}, timeout=5)


def test_the_minute_is_used_up(client: Client) -> None:
    first = client.call("GET", "Organisation")
    left = int(first.headers["X-MinLimit-Remaining"])
    assert left >= 50 and int(first.headers["X-DayLimit-Remaining"]) < 5000
    assert "X-AppMinLimit-Remaining" in first.headers
    answers = [client.call("GET", "Organisation") for _ in range(2 * 60)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    last = refused[-1]
    assert last.content == b"" and "Content-Type" not in last.headers
    assert last.headers["X-Rate-Limit-Problem"] == "minute" and last.headers["X-MinLimit-Remaining"] == "0"
    assert 1 <= int(last.headers["Retry-After"]) <= 60


def test_the_day_is_used_up(client: Client) -> None:
    requests.patch(f"{client.url}/control/companies/{client.tenant}", json={"day_limit": 3}, timeout=5)
    answers = [client.call("GET", "Organisation") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["X-Rate-Limit-Problem"] == "day"
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_five_at_a_time(client: Client) -> None:
    profile = {"median_ms": 300, "p99_ms": 310}
    requests.put(f"{client.url}/control/latency", json=profile, timeout=5)
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: client.call("GET", "Organisation"), range(12)))
    crowded = [answer for answer in answers if answer.status_code == 429]
    assert crowded and len(answers) - len(crowded) >= 5
    assert {answer.headers["X-Rate-Limit-Problem"] for answer in crowded} == {"concurrent"}
    assert all("Retry-After" not in answer.headers for answer in crowded)
