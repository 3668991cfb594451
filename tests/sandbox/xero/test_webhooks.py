"""Webhooks by a receiver of our own: intent, signature, retries, what is held and what is told."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from tests.sandbox.receiving import listening, until
from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, invoice, line
from tests.sandbox.xero.conformance import SCHEMA

KEY = "signing-key"


class Receiver:
    """An address that checks signatures as the vendor wants it; `answer` may be changed to misbehave."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.answer: Callable[[bool], tuple[int, dict[str, str], bytes]] = lambda good: (200 if good else 401, {}, b"")
        self.url = ""

    def take(self, raw: bytes, given: str) -> tuple[int, dict[str, str], bytes]:
        good = hmac.compare_digest(base64.b64encode(hmac.digest(KEY.encode(), raw, hashlib.sha256)), given.encode())
        body = json.loads(raw)
        if good and body["events"]:
            self.bodies.append(body)
        return self.answer(good)

    def events(self, count: int) -> list[dict[str, Any]]:
        """The events so far, as soon as there are so many."""
        until(lambda: sum(len(body["events"]) for body in self.bodies) >= count)
        return [event for body in self.bodies for event in body["events"]]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    with listening(lambda headers, raw: receiver.take(raw, headers["x-xero-signature"])) as receiver.url:
        yield receiver


@pytest.fixture
def client(sandbox: Running) -> Client:
    return client_of(sandbox.url)


@pytest.fixture
def hook(sandbox: Running, receiver: Receiver) -> Iterator[str]:
    """The id of an enabled subscription."""
    id = subscribe(sandbox, receiver)
    until(lambda: status(sandbox, id) == "enabled")
    yield id
    sandbox.control("DELETE", f"/webhooks/{id}")


def subscribe(sandbox: Running, receiver: Receiver, **more: Any) -> str:
    categories = ["CONTACT", "INVOICE", "CREDITNOTE", "PREPAYMENT", "OVERPAYMENT"]
    body = {"provider": "xero", "url": receiver.url, "key": KEY, "categories": categories, **more}
    return str(sandbox.control("POST", "/webhooks", body)["id"])


def status(sandbox: Running, id: str) -> str:
    found = {row["id"]: row["status"] for row in sandbox.control("GET", "/webhooks")["webhooks"]}
    return str(found[id])


def attempts(sandbox: Running, id: str) -> list[dict[str, Any]]:
    found = sandbox.control("GET", "/webhooks/attempts")["attempts"]
    return [row for row in found if row["subscription"] == id and row["purpose"] == "events"]


def test_an_address_proves_that_it_checks_signatures(sandbox: Running, receiver: Receiver) -> None:
    receiver.answer = lambda good: (200, {}, b"")
    careless = subscribe(sandbox, receiver)
    until(lambda: status(sandbox, careless) == "intent refused")
    receiver.answer = lambda good: (200 if good else 401, {}, b"" if good else b"no")
    sandbox.control("PATCH", f"/webhooks/{careless}", {})
    until(lambda: status(sandbox, careless) == "enabled")
    sandbox.control("DELETE", f"/webhooks/{careless}")


def test_events_name_what_was_saved(client: Client, hook: str, receiver: Receiver) -> None:
    made = client.one("PUT", "Invoices", invoice("A-1"))
    events = receiver.events(2)
    assert [(event["eventCategory"], event["eventType"]) for event in events] == [
        ("CONTACT", "CREATE"),
        ("INVOICE", "CREATE"),
    ]
    assert events[1]["resourceId"] == made["InvoiceID"] and events[1]["tenantId"] == client.tenant
    assert events[1]["resourceUrl"].endswith(f"/api.xro/2.0/Invoices/{made['InvoiceID']}")
    assert len(events[1]["eventDateUtc"]) == len("2024-06-21T01:15:39.902")
    client.good("POST", f"Contacts/{made['Contact']['ContactID']}", {"ContactStatus": "ARCHIVED"})
    assert receiver.events(3)[-1]["eventType"] == "UPDATE"
    body = receiver.bodies[-1]
    assert body["firstEventSequence"] == body["lastEventSequence"] == 3 and body["entropy"]


def test_credit_notes_say_more_and_payments_show_as_invoices(client: Client, hook: str, receiver: Receiver) -> None:
    made = client.one("PUT", "Invoices", invoice("A-1"))
    client.good("PUT", "CreditNotes", invoice(None, kind="ACCPAYCREDIT", status="DRAFT", LineItems=[line(1, "320")]))
    payment = {"Invoice": {"InvoiceID": made["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 5}
    client.good("PUT", "Payments", payment)
    events = receiver.events(4)
    credit = next(event for event in events if event["eventCategory"] == "CREDITNOTE")
    assert credit["data"] == {"Type": "ACCPAYCREDIT", "Status": "DRAFT"}
    assert (events[-1]["eventCategory"], events[-1]["eventType"]) == ("INVOICE", "UPDATE")


@pytest.mark.skipif(not SCHEMA.exists(), reason=f"Xero's published schemas are not beside {SCHEMA}")
def test_messages_are_what_the_schema_says(client: Client, hook: str, receiver: Receiver) -> None:
    schemas = yaml.safe_load(SCHEMA.with_name("xero-webhooks.yaml").read_text())["components"]["schemas"]
    published = schemas["WebhookEvent"]["properties"]
    client.good("PUT", "Invoices", invoice("A-1"))
    receiver.events(2)
    assert set(receiver.bodies[0]) == set(published)
    assert {name for event in receiver.bodies[0]["events"] for name in event} == set(
        published["events"]["items"]["properties"]
    )


def test_a_message_not_taken_comes_again(sandbox: Running, client: Client, hook: str, receiver: Receiver) -> None:
    refusals = iter([(500, {}, b""), (200, {"Set-Cookie": "a=b"}, b""), (200, {}, b"thanks")])
    receiver.answer = lambda good: next(refusals, (200, {}, b""))
    client.good("PUT", "Contacts", {"Name": "Dove"})
    until(lambda: len(attempts(sandbox, hook)) == 2)
    assert [row["again_in_seconds"] for row in attempts(sandbox, hook)] == [0, 900]
    for step in (1, 2):
        sandbox.control("PUT", "/clock", {"offset_seconds": step * 901})
        until(lambda step=step: len(attempts(sandbox, hook)) == 2 + step)  # type: ignore[misc]  # bound at once
    assert [row["again_in_seconds"] for row in attempts(sandbox, hook)] == [0, 900, 900, None]
    assert len({body["entropy"] for body in receiver.bodies}) == 1


def test_another_address_proves_itself_and_gets_what_waits(
    sandbox: Running, client: Client, hook: str, receiver: Receiver
) -> None:
    receiver.answer = lambda good: (503, {}, b"")
    client.good("PUT", "Contacts", {"Name": "Dove"})
    until(lambda: len(attempts(sandbox, hook)) == 2)
    receiver.bodies.clear()
    receiver.answer = lambda good: (200 if good else 401, {}, b"")
    sandbox.control("PATCH", f"/webhooks/{hook}", {"url": f"{receiver.url}/new"})
    assert client.one("GET", f"Contacts/{receiver.events(1)[0]['resourceId']}")["Name"] == "Dove"
    rows = [row for row in sandbox.control("GET", "/webhooks/attempts")["attempts"] if row["subscription"] == hook]
    assert [row["purpose"].split()[0] for row in rows[6:]] == ["intent"] * 4 + ["events"]


def test_after_a_day_it_is_disabled_and_its_events_wait(
    sandbox: Running, client: Client, hook: str, receiver: Receiver
) -> None:
    receiver.answer = lambda good: (503, {}, b"")
    client.good("PUT", "Contacts", {"Name": "Dove"})
    until(lambda: len(attempts(sandbox, hook)) == 2)
    sandbox.control("PUT", "/clock", {"offset_seconds": 86_000})
    until(lambda: status(sandbox, hook) == "disabled")
    sandbox.control("PUT", "/clock", {"offset_seconds": 0})
    client.good("PUT", "Contacts", {"Name": "Eagle"})
    receiver.bodies.clear()
    receiver.answer = lambda good: (200 if good else 401, {}, b"")
    sandbox.control("PATCH", f"/webhooks/{hook}", {})
    names = [client.one("GET", f"Contacts/{event['resourceId']}")["Name"] for event in receiver.events(2)]
    assert names == ["Dove", "Eagle"]


def test_only_connected_organisations_and_wanted_categories_are_told(
    sandbox: Running, client: Client, receiver: Receiver
) -> None:
    id = subscribe(sandbox, receiver, categories=["CONTACT"], duplicates=1)
    until(lambda: status(sandbox, id) == "enabled")
    stranger = client_of(client.url)
    sandbox.control("POST", f"/companies/{stranger.tenant}/revoke-grants")
    client.good("PUT", "Invoices", invoice("A-1"))
    events = receiver.events(2)
    sandbox.control("DELETE", f"/webhooks/{id}")
    assert [(event["eventCategory"], event["tenantId"]) for event in events] == [("CONTACT", client.tenant)] * 2


def test_the_control_api_refuses_what_it_cannot_do(sandbox: Running) -> None:
    for body in ({"provider": "sage"}, {"provider": "xero"}, {"provider": "xero", "url": "ftp://a"}, {"x": 1}):
        assert sandbox.http.post(f"{sandbox.url}/control/webhooks", json=body, timeout=5).status_code == 400
    assert sandbox.http.delete(f"{sandbox.url}/control/webhooks/none", timeout=5).status_code == 404
