"""Billable expenses: lines of purchases on their way to a customer's invoice."""

from typing import Any

import pytest

from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, invoice, line
from tests.sandbox.xero.refusals.ground import NOBODY, money

PATH = "LinkedTransactions"


@pytest.fixture(scope="module")
def client(server: Running) -> Client:
    return client_of(server.url, "contractor", scopes="accounting.banktransactions")


def bill(client: Client, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = client.one(
        "PUT", "Invoices", invoice(None, kind="ACCPAY", LineItems=[line(account="310")], **more)
    )
    return made


def sale(client: Client, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = client.one("PUT", "Invoices", invoice(None, status="DRAFT", **more))
    return made


def source(made: dict[str, Any]) -> dict[str, Any]:
    return {
        "SourceTransactionID": made.get("InvoiceID") or made["BankTransactionID"],
        "SourceLineItemID": made["LineItems"][0]["LineItemID"],
    }


def status(client: Client, link: dict[str, Any]) -> str:
    return str(client.one("GET", f"{PATH}/{link['LinkedTransactionID']}")["Status"])


def test_a_line_goes_from_the_purchase_to_the_customers_invoice(client: Client) -> None:
    bought = bill(client, status="DRAFT")
    made = client.one("PUT", PATH, source(bought))
    assert (made["Status"], made["Type"], made["SourceTransactionTypeCode"]) == ("DRAFT", "BILLABLEEXPENSE", "ACCPAY")
    assert "ContactID" not in made and "TargetTransactionID" not in made
    client.good("POST", f"Invoices/{bought['InvoiceID']}", {"Status": "AUTHORISED"})
    assert status(client, made) == "APPROVED"
    sold = sale(client)
    target = {"TargetTransactionID": sold["InvoiceID"], "TargetLineItemID": sold["LineItems"][0]["LineItemID"]}
    customer = sold["Contact"]["ContactID"]
    after = client.one("POST", f"{PATH}/{made['LinkedTransactionID']}", {"ContactID": customer, **target})
    assert after | target | source(bought) == after
    assert (after["Status"], after["ContactID"]) == ("ONDRAFT", customer)
    client.good("POST", f"Invoices/{sold['InvoiceID']}", {"Status": "AUTHORISED"})
    assert status(client, made) == "BILLED"
    client.good("POST", f"Invoices/{sold['InvoiceID']}", {"Status": "VOIDED"})
    assert status(client, made) == "VOIDED"


def test_money_spent_can_be_billed_on_and_the_link_deleted(client: Client) -> None:
    spent = client.one("PUT", "BankTransactions", money())
    sold = sale(client)
    made = client.one("POST", PATH, {**source(spent), "TargetTransactionID": sold["InvoiceID"]})
    assert (made["Status"], made["SourceTransactionTypeCode"]) == ("ONDRAFT", "SPEND")
    assert made["ContactID"] == sold["Contact"]["ContactID"]
    answer = client.call("DELETE", f"{PATH}/{made['LinkedTransactionID']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.call("GET", f"{PATH}/{made['LinkedTransactionID']}").status_code == 404


def test_links_are_looked_for_by_their_ends_and_status(client: Client) -> None:
    customer = client.one("PUT", "Contacts", {"Name": "Payer of expenses"})["ContactID"]
    draft = client.one("PUT", PATH, {**source(bill(client, status="DRAFT")), "ContactID": customer})
    approved = client.one("PUT", PATH, {**source(bill(client)), "ContactID": customer})

    def found(**query: Any) -> list[str]:
        answer = client.good("GET", PATH, params=query)
        assert "pagination" not in answer
        return [row["LinkedTransactionID"] for row in answer[PATH]]

    ids = [draft["LinkedTransactionID"], approved["LinkedTransactionID"]]
    assert sorted(found(ContactID=customer)) == sorted(ids)
    assert found(ContactID=customer, Status="APPROVED") == ids[1:]
    assert found(SourceTransactionID=draft["SourceTransactionID"]) == ids[:1]
    assert found(LinkedTransactionID=ids[1], page=1) == ids[1:] and found(TargetTransactionID=NOBODY) == []


def test_a_refused_change_shows_the_link_with_the_change(client: Client) -> None:
    made, sold = client.one("PUT", PATH, source(bill(client))), sale(client)
    other = client.one("PUT", "Contacts", {"Name": "Somebody else"})["ContactID"]
    change = {"ContactID": other, "TargetTransactionID": sold["InvoiceID"]}
    echo = client.call("POST", f"{PATH}/{made['LinkedTransactionID']}", change).json()["Elements"][0]
    assert echo | change == echo and echo["SourceTransactionTypeCode"] == "ACCPAY"
