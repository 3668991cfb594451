"""Batches: an item that is refused late, after it changed other documents, takes back what it did and no more."""

from typing import Any

import pytest

from tests.sandbox.quickbooks.books import Books, a_payment, an_invoice
from tests.sandbox.running import Running

EURO = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 0.3}


def _create(bid: str, entity: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"bId": bid, "operation": "create", entity: body}


class Paid:
    """An invoice in euro with three small payments. Without the first, the others are worth a cent more in the
    ledger, and the account for such differences cannot be made: its name is taken."""

    def __init__(self, sandbox: Running) -> None:
        self.books = books = Books(sandbox, multicurrency=True)
        books.post("companycurrency", {"Code": "EUR"})
        books.post("account", {"Name": "Exchange Gain or Loss", "AccountType": "Bank"})
        customer = books.post("customer", {"DisplayName": "Bauherr", "CurrencyRef": {"value": "EUR"}})["Id"]
        self.own = {"CustomerRef": {"value": customer}, **EURO}
        self.invoice = books.post("invoice", an_invoice(books, 1, **self.own))["Id"]
        self.first, *_ = [self._pay(amount) for amount in (0.02, 0.01, 0.01)]

    def _pay(self, amount: float) -> str:
        body = a_payment(self.books, amount, ("Invoice", self.invoice, amount), **self.own)
        return str(self.books.post("payment", body)["Id"])

    def saves(self) -> int:
        kept = self.books.sandbox.control("GET", f"/counters?company={self.books.company}")
        return sum(row["count"] for row in kept["saves"] if row["entity"] == "Vendor")


@pytest.fixture
def paid(sandbox: Running) -> Paid:
    return Paid(sandbox)


def test_a_late_refusal_takes_back_its_own_work_alone(paid: Paid) -> None:
    books = paid.books
    before = (books.get(f"invoice/{paid.invoice}"), books.sandbox.trial_balance(books.company))
    items = [
        _create("a", "Vendor", {"DisplayName": "Ahead Ltd"}),
        {"bId": "b", "operation": "delete", "Payment": {"Id": paid.first, "SyncToken": "0"}},
        _create("c", "Vendor", {"DisplayName": "Behind Ltd"}),
    ]
    answer = books.request("POST", "batch", json={"BatchItemRequest": items}).json()["BatchItemResponse"]
    assert [("Fault" in item, item["bId"]) for item in answer] == [(False, "a"), (True, "b"), (False, "c")]
    assert (books.get(f"invoice/{paid.invoice}"), books.sandbox.trial_balance(books.company)) == before
    assert books.get(f"payment/{paid.first}")["SyncToken"] == "0"
    assert {answer[0]["Vendor"]["Id"], answer[2]["Vendor"]["Id"]} == {
        books.id("Vendor", "Ahead Ltd"),
        books.id("Vendor", "Behind Ltd"),
    }


def test_what_is_tried_twice_is_counted_once(paid: Paid) -> None:
    books = paid.books
    rule = {"provider": "quickbooks", "company": books.company, "operation": "create", "entity": "Vendor", "nth": 2}
    books.sandbox.control("POST", "/faults", {**rule, "act": {"kind": "code", "code": "6000"}})
    items = [
        *(_create(name, "Vendor", {"DisplayName": f"{name} Ltd"}) for name in ("one", "two", "three")),
        {"bId": "late", "operation": "delete", "Payment": {"Id": paid.first, "SyncToken": "0"}},
    ]
    answer = books.request("POST", "batch", json={"BatchItemRequest": items}).json()["BatchItemResponse"]
    assert [item["bId"] for item in answer if "Fault" in item] == ["two", "late"]
    assert paid.saves() == 2


def test_a_refused_item_takes_no_number(sandbox: Running) -> None:
    books = Books(sandbox, custom_txn_numbers=False)
    good = an_invoice(books)
    first = int(books.post("invoice", good)["DocNumber"])
    bad = {**good, "Line": [{**good["Line"][0], "SalesItemLineDetail": {"ItemRef": {"value": "999999"}}}]}
    items = [_create("a", "Invoice", bad), _create("b", "Invoice", good), _create("c", "Invoice", bad)]
    answer = books.request("POST", "batch", json={"BatchItemRequest": items}).json()["BatchItemResponse"]
    assert ["Fault" in item for item in answer] == [True, False, True]
    assert int(answer[1]["Invoice"]["DocNumber"]) == first + 1
    assert int(books.post("invoice", good)["DocNumber"]) == first + 2


def test_items_can_ask_for_changes_and_reports(sandbox: Running) -> None:
    books = Books(sandbox)
    made = books.post("vendor", {"DisplayName": "Changed"})
    feed = {"Entities": "Vendor,Bill", "ChangedSince": made["MetaData"]["CreateTime"]}
    items = [
        {"bId": "1", "CDCQuery": feed},
        {"bId": "2", "ReportQuery": "ProfitAndLoss?start_date=2026-01-01&end_date=2026-12-31"},
        {"bId": "3", "ReportQuery": "Nonsense"},
        {"bId": "4", "CDCQuery": {"Entities": "Vendor"}},
    ]
    answers = books.request("POST", "batch", json={"BatchItemRequest": items}).json()["BatchItemResponse"]
    vendors = answers[0]["CDCResponse"]["QueryResponse"][0]["Vendor"]
    assert made["Id"] in [row["Id"] for row in vendors]
    assert answers[1]["Report"]["Header"]["EndPeriod"] == "2026-12-31"
    assert [answer["Fault"]["Error"][0]["code"] for answer in answers[2:]] == ["500", "2020"]


def test_items_in_xml_ask_for_changes_and_reports_too(sandbox: Running) -> None:
    books = Books(sandbox)
    made = books.post("vendor", {"DisplayName": "Changed"})
    body = (
        '<IntuitBatchRequest xmlns="http://schema.intuit.com/finance/v3"><BatchItemRequest bId="1"><CDCQuery>'
        f"<Entities>Vendor</Entities><ChangedSince>{made['MetaData']['CreateTime']}</ChangedSince>"
        '</CDCQuery></BatchItemRequest><BatchItemRequest bId="2"><ReportQuery>BalanceSheet</ReportQuery>'
        "</BatchItemRequest></IntuitBatchRequest>"
    )
    kind = {"Content-Type": "application/xml", "Accept": "application/xml"}
    text = books.request("POST", "batch", data=body.encode(), headers=kind).text
    assert "<CDCResponse><QueryResponse" in text and "<DisplayName>Changed</DisplayName>" in text
    assert "<Report><Header><Time>" in text and '<Row type="Section" group="TotalAssets">' in text
