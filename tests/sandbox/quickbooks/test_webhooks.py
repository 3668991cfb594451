"""QuickBooks' webhooks by a receiver of our own: both formats, signature, retries, duplicates, disorder."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from quickbooks import QuickBooks

from tests.sandbox.quickbooks.books import Books, a_bill, a_payment, an_invoice
from tests.sandbox.receiving import Answer, listening, until
from tests.sandbox.running import Running

KEY = "verifier-token"
OK: Answer = (200, {}, b"")


class Inbox:
    """What came; `answer` may be changed to misbehave."""

    def __init__(self) -> None:
        self.messages: list[tuple[Mapping[str, str], Any]] = []
        self.answer: Callable[[], Answer] = lambda: OK
        self.url = ""

    def take(self, headers: Mapping[str, str], raw: bytes) -> Answer:
        # The vendor's own SDK must find the signature good.
        assert QuickBooks(minorversion=75).validate_webhook_signature(raw.decode(), headers["intuit-signature"], KEY)
        answer = self.answer()
        if answer[0] == 200:
            self.messages.append((headers, json.loads(raw)))
        return answer

    def entities(self, count: int) -> list[dict[str, Any]]:
        """Classic events so far, as soon as there are so many; each with its realm."""
        until(lambda: len(self._entities()) >= count)
        return self._entities()

    def _entities(self) -> list[dict[str, Any]]:
        told = [each for _, body in self.messages for each in body["eventNotifications"]]
        return [{"realm": one["realmId"], **event} for one in told for event in one["dataChangeEvent"]["entities"]]


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    inbox = Inbox()
    with listening(inbox.take) as inbox.url:
        yield inbox


@pytest.fixture
def books(sandbox: Running) -> Books:
    return Books(sandbox)


@pytest.fixture
def hook(sandbox: Running, inbox: Inbox) -> Iterator[str]:
    id = subscribe(sandbox, inbox)
    yield id
    sandbox.control("DELETE", f"/webhooks/{id}")


def subscribe(sandbox: Running, inbox: Inbox, **more: Any) -> str:
    made = sandbox.control("POST", "/webhooks", {"provider": "quickbooks", "url": inbox.url, "key": KEY, **more})
    assert made["status"] == "enabled"
    return str(made["id"])


def attempts(sandbox: Running, id: str) -> list[dict[str, Any]]:
    return [row for row in sandbox.control("GET", "/webhooks/attempts")["attempts"] if row["subscription"] == id]


def test_events_name_what_was_done(books: Books, hook: str, inbox: Inbox) -> None:
    invoice = books.post("invoice", an_invoice(books))["Id"]
    payment = books.post("payment", a_payment(books, 5, ("Invoice", invoice, 5)))["Id"]
    books.post("payment?operation=update&include=void", {"Id": payment, "SyncToken": "0", "sparse": True})
    bill = books.post("bill", a_bill(books))["Id"]
    books.post("bill?operation=delete", {"Id": bill, "SyncToken": "0"})
    events = inbox.entities(7)
    assert [(event["name"], event["id"], event["operation"]) for event in events] == [
        ("Invoice", invoice, "Create"),
        ("Payment", payment, "Create"),
        ("Invoice", invoice, "Update"),
        ("Payment", payment, "Void"),
        ("Invoice", invoice, "Update"),
        ("Bill", bill, "Create"),
        ("Bill", bill, "Delete"),
    ]
    assert {event["realm"] for event in events} == {books.company}
    headers, _ = inbox.messages[0]
    assert headers["intuit-notification-schema-version"] == "0.1"
    assert headers["intuit-t-id"] and headers["intuit-created-time"]


def test_cloud_events(sandbox: Running, books: Books, inbox: Inbox) -> None:
    id = subscribe(sandbox, inbox, format="cloudevents")
    made = books.post("vendor", {"DisplayName": "Cloud Ltd"})["Id"]
    until(lambda: bool(inbox.messages))
    sandbox.control("DELETE", f"/webhooks/{id}")
    headers, [event] = inbox.messages[0]
    assert headers["Content-Type"] == "application/cloudevents-batch+json"
    assert set(event) == {
        "specversion", "id", "source", "type", "datacontenttype", "time", "intuitentityid", "intuitaccountid", "data",
    }  # fmt: skip
    assert (event["type"], event["specversion"], event["data"]) == ("qbo.vendor.created.v1", "1.0", {})
    assert (event["intuitentityid"], event["intuitaccountid"]) == (made, books.company)


def test_what_a_batch_refused_is_not_told(books: Books, hook: str, inbox: Inbox) -> None:
    items = [
        {"bId": "1", "operation": "create", "Vendor": {"DisplayName": "One"}},
        {"bId": "2", "operation": "create", "Vendor": {"DisplayName": "One"}},
        {"bId": "3", "operation": "create", "Class": {"Name": "Two"}},
    ]
    books.request("POST", "batch", json={"BatchItemRequest": items})
    assert [event["name"] for event in inbox.entities(2)] == ["Vendor", "Class"]


def test_a_ladder_of_waits_and_a_queue_behind_it(sandbox: Running, books: Books, hook: str, inbox: Inbox) -> None:
    inbox.answer = lambda: (503, {}, b"")
    books.post("vendor", {"DisplayName": "Dove"})
    until(lambda: len(attempts(sandbox, hook)) == 2)
    books.post("vendor", {"DisplayName": "Eagle"})
    later = 0
    for wait in (10, 20, 30, 300, 1200, 7200, 14_400, 21_600, 21_600):
        later, count = later + wait + 1, len(attempts(sandbox, hook))
        sandbox.control("PUT", "/clock", {"offset_seconds": later})
        until(lambda count=count: len(attempts(sandbox, hook)) == count + 1)  # type: ignore[misc]  # bound at once
    waits = [row["again_in_seconds"] for row in attempts(sandbox, hook)]
    assert waits == [0, 10, 20, 30, 300, 1200, 7200, 14_400, 21_600, 21_600, 21_600]
    inbox.answer = lambda: OK
    sandbox.control("PUT", "/clock", {"offset_seconds": later + 21_601})
    assert len(inbox.entities(2)) == 2
    assert [len(row) for row in (inbox.messages, attempts(sandbox, hook)[-2:])] == [2, 2]


def test_a_scale_shortens_the_waits(sandbox: Running, books: Books, inbox: Inbox) -> None:
    answers: Iterator[Answer] = iter([(500, {}, b"")] * 5)
    inbox.answer = lambda: next(answers, OK)
    id = subscribe(sandbox, inbox, scale=100_000)
    books.post("vendor", {"DisplayName": "Hasty"})
    assert len(inbox.entities(1)) == 1
    # The address has the message before the sandbox has its answer.
    until(lambda: len(attempts(sandbox, id)) == 6)
    assert [row["status"] for row in attempts(sandbox, id)] == [500] * 5 + [200]
    sandbox.control("DELETE", f"/webhooks/{id}")


def test_duplicates_and_disorder(sandbox: Running, books: Books, inbox: Inbox) -> None:
    id = subscribe(sandbox, inbox, duplicates=1, reorder=True)
    items = [{"bId": str(n), "operation": "create", "Vendor": {"DisplayName": f"V{n}"}} for n in range(8)]
    made = books.request("POST", "batch", json={"BatchItemRequest": items}).json()["BatchItemResponse"]
    ids = [event["id"] for event in inbox.entities(16)]
    sandbox.control("DELETE", f"/webhooks/{id}")
    assert sorted(ids) == sorted([item["Vendor"]["Id"] for item in made] * 2)
    assert ids != sorted(ids)


def test_only_what_was_chosen_of_connected_companies(sandbox: Running, books: Books, inbox: Inbox) -> None:
    id = subscribe(sandbox, inbox, categories=["Vendor.Update", "Bill"])
    stranger = Books(sandbox)
    sandbox.control("POST", f"/companies/{stranger.company}/revoke-grants")
    vendor = books.post("vendor", {"DisplayName": "Chosen"})["Id"]
    books.post("vendor", {"Id": vendor, "SyncToken": "0", "sparse": True, "Notes": "n"})
    books.post("bill", a_bill(books))
    events = inbox.entities(2)
    sandbox.control("DELETE", f"/webhooks/{id}")
    assert [(event["name"], event["operation"]) for event in events] == [("Vendor", "Update"), ("Bill", "Create")]


def test_another_address_gets_what_was_on_its_way(sandbox: Running, books: Books, inbox: Inbox) -> None:
    id = subscribe(sandbox, inbox, format="cloudevents")
    inbox.answer = lambda: (500, {}, b"")
    books.post("vendor", {"DisplayName": "Moved"})
    until(lambda: len(attempts(sandbox, id)) == 2)
    inbox.answer = lambda: OK
    sandbox.control("PATCH", f"/webhooks/{id}", {"url": inbox.url + "/new", "format": "classic"})
    assert [event["name"] for event in inbox.entities(1)] == ["Vendor"]
    sandbox.control("DELETE", f"/webhooks/{id}")


def test_formats_are_the_providers_own(sandbox: Running) -> None:
    for provider, form in (("quickbooks", "xml"), ("xero", "cloudevents")):
        body = {"provider": provider, "url": "http://localhost:9/", "format": form}
        answer = sandbox.http.post(f"{sandbox.url}/control/webhooks", json=body, timeout=5)
        assert (answer.status_code, "format" in answer.json()["error"]) == (400, True)


@pytest.mark.usefixtures("hook")
def test_every_entity_of_the_vendors_list_is_told(inbox: Inbox, books: Books) -> None:
    months = [{"BudgetDate": "2027-01-01", "Amount": 1, "AccountRef": {"value": books.id("Account", "4000")}}]
    year = {"Name": "Year", "StartDate": "2027-01-01", "EndDate": "2027-12-31", "BudgetDetail": months}
    budget = books.post("budget", year)
    books.post("attachable", {"Note": "of no interest to anybody"})
    term = books.post("term", {"Name": "Net 7", "DueDays": 7})
    found = [(event["name"], event["id"]) for event in inbox.entities(2)]
    assert found == [("Budget", budget["Id"]), ("Term", term["Id"])]
