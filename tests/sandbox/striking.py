"""A contact that is created, and rules that strike it."""

from typing import Any

import requests

from tests.sandbox.xero.browser import Client

NAME = {"Name": "Struck"}


def add_rule(client: Client, act: dict[str, Any], **match: Any) -> dict[str, Any]:
    rule = {"provider": "xero", "company": client.tenant, "act": act, **match}
    answer = requests.post(f"{client.url}/control/faults", json=rule, timeout=5)
    assert answer.ok, answer.text
    found: dict[str, Any] = answer.json()
    return found


def create(client: Client, **body: Any) -> requests.Response:
    return client.call("PUT", "Contacts", {**NAME, **body}, published=False)
