"""Items tracked as inventory: quantities, average cost, cost of goods sold."""

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, invoice, line

PURCHASE: dict[str, Any] = {"UnitPrice": 5, "COGSAccountCode": "310"}


@pytest.fixture
def client(server: Running) -> Client:
    made = client_of(server.url, scopes="accounting.banktransactions")
    made.one("PUT", "Accounts", {"Code": "630", "Name": "Inventory", "Type": "INVENTORY"})
    return made


def track(client: Client) -> dict[str, Any]:
    item = {"Code": "VALVE", "Name": "Valve", "Description": "A valve", "PurchaseDescription": "A valve"}
    more = {"InventoryAssetAccountCode": "630", "PurchaseDetails": PURCHASE, "SalesDetails": {"AccountCode": "200"}}
    found: dict[str, Any] = client.one("PUT", "Items", {**item, **more})
    return found


def of(quantity: int, price: str, **more: Any) -> dict[str, Any]:
    return {"ItemCode": "VALVE", "Quantity": quantity, "UnitAmount": price, "TaxType": "NONE", **more}


def buy(client: Client, quantity: int, price: str) -> Any:
    return client.one(
        "PUT", "Invoices", invoice("B", kind="ACCPAY", LineItems=[of(quantity, price, AccountCode="400")])
    )


def there(client: Client) -> tuple[float, float]:
    item = client.one("GET", "Items/VALVE")
    return item["QuantityOnHand"], item["TotalCostPool"]


def test_an_item_is_tracked_from_its_two_accounts(client: Client) -> None:
    item = track(client)
    assert (item["IsTrackedAsInventory"], item["InventoryAssetAccountCode"]) == (True, "630")
    assert (item["QuantityOnHand"], item["TotalCostPool"], item["PurchaseDetails"]["COGSAccountCode"]) == (0, 0, "310")
    plain = client.one("PUT", "Items", {"Code": "PLAIN"})
    assert plain["IsTrackedAsInventory"] is False and "QuantityOnHand" not in plain
    wrong = {"Code": "WRONG", "InventoryAssetAccountCode": "400", "PurchaseDetails": PURCHASE}
    assert "type INVENTORY" in client.sentences("PUT", "Items", wrong)[0]
    bare = {"Code": "BARE", "InventoryAssetAccountCode": "630"}
    assert "COGSAccountCode" in client.sentences("PUT", "Items", bare)[0]


def test_purchases_lie_on_the_inventory_account_whatever_they_say(client: Client) -> None:
    track(client)
    bill = buy(client, 10, "5.00")
    assert bill["LineItems"][0]["AccountCode"] == "630"
    buy(client, 10, "7.00")
    assert there(client) == (20.0, 120.0)
    assert client.balances() == {"630": Decimal(120), "800": Decimal(-120)}


def test_a_sale_takes_its_share_of_the_cost_and_gives_it_back(client: Client) -> None:
    track(client)
    buy(client, 10, "5.00")
    buy(client, 10, "7.00")
    sale = client.one("PUT", "Invoices", invoice(None, LineItems=[of(5, "20.00")]))
    assert there(client) == (15.0, 90.0)
    assert client.balances() == {
        "200": Decimal(-100),
        "310": Decimal(30),
        "610": Decimal(100),
        "630": Decimal(90),
        "800": Decimal(-120),
    }
    path = f"Invoices/{sale['InvoiceID']}"
    client.good("POST", path, {"LineItems": [of(20, "20.00")]})
    assert there(client) == (0.0, 0.0)
    client.good("POST", path, {"Status": "VOIDED"})
    assert there(client) == (20.0, 120.0)
    assert client.balances() == {"630": Decimal(120), "800": Decimal(-120)}


def test_a_credit_puts_back_and_a_draft_moves_nothing(client: Client) -> None:
    track(client)
    buy(client, 4, "5.00")
    client.one("PUT", "Invoices", invoice(None, status="DRAFT", LineItems=[of(3, "9.00")]))
    assert there(client) == (4.0, 20.0)
    note = {"Contact": {"Name": "Harbor Point"}, "Date": "2026-10-01", "Status": "AUTHORISED"}
    client.one("PUT", "CreditNotes", {"Type": "ACCPAYCREDIT", "LineItems": [of(1, "5.00")], **note})
    assert there(client) == (3.0, 15.0)
    client.one("PUT", "CreditNotes", {"Type": "ACCRECCREDIT", "LineItems": [of(1, "9.00")], **note})
    assert there(client) == (4.0, 20.0)


def test_more_than_is_there_needs_to_be_allowed(client: Client) -> None:
    track(client)
    buy(client, 2, "5.00")
    sale = invoice(None, LineItems=[of(1, "9.00"), of(2, "9.00"), line(1)])
    assert client.sentences("PUT", "Invoices", sale) == ["Only 2.0000 of item 'VALVE' are in stock"]
    assert there(client) == (2.0, 10.0)
    client.one("PUT", "Invoices?allowBackorders=true", sale)
    assert there(client) == (-1.0, 0.0)


def test_an_old_sale_keeps_its_cost_until_its_items_change(client: Client) -> None:
    track(client)
    buy(client, 10, "5.00")
    sale = client.one("PUT", "Invoices", invoice(None, LineItems=[of(2, "20.00")]))
    buy(client, 8, "10.00")
    path, before = f"Invoices/{sale['InvoiceID']}", client.balances()
    client.good("POST", path, {"Reference": "Pier 7"})
    client.good("POST", path, {"LineItems": [of(2, "20.00")], "DueDate": "2026-11-30"})
    assert client.balances() == before and there(client) == (16.0, 120.0)
    client.good("POST", path, {"LineItems": [of(3, "20.00")]})
    assert there(client) == (15.0, 108.33)


def test_a_bill_of_another_price_costs_another(client: Client) -> None:
    track(client)
    bill = buy(client, 4, "5.00")
    client.good("POST", f"Invoices/{bill['InvoiceID']}", {"LineItems": [of(4, "6.00", AccountCode="400")]})
    assert there(client) == (4.0, 24.0)


def test_what_comes_back_to_an_empty_store_costs_what_it_did_last(client: Client) -> None:
    track(client)
    buy(client, 3, "5.00")
    client.one("PUT", "Invoices", invoice(None, LineItems=[of(3, "20.00")]))
    assert there(client) == (0.0, 0.0)
    note = {"Type": "ACCRECCREDIT", "Contact": {"Name": "Harbor Point"}, "Date": "2026-10-01", "Status": "AUTHORISED"}
    client.one("PUT", "CreditNotes", {**note, "LineItems": [of(2, "20.00")]})
    assert there(client) == (2.0, 10.0)
    client.one("PUT", "Invoices?allowBackorders=true", invoice(None, LineItems=[of(3, "20.00")]))
    assert there(client) == (-1.0, 0.0)
    client.one("PUT", "CreditNotes", {**note, "LineItems": [of(3, "20.00")]})
    assert there(client) == (2.0, 10.0)


def test_a_tracked_item_in_use_is_not_deleted(client: Client) -> None:
    track(client)
    bill = buy(client, 3, "5.00")
    [refused] = client.sentences("DELETE", "Items/VALVE")
    assert "VALVE" in refused and "cannot be deleted" in refused
    sale = client.one("PUT", "Invoices", invoice(None, LineItems=[of(3, "20.00")]))
    assert there(client) == (0.0, 0.0)
    client.sentences("DELETE", "Items/VALVE")
    for made in (sale, bill):
        client.good("POST", f"Invoices/{made['InvoiceID']}", {"Status": "VOIDED"})
    assert client.call("DELETE", "Items/VALVE").status_code == 204


def test_a_sale_holds_what_all_its_lines_of_an_item_sell(client: Client) -> None:
    track(client)
    buy(client, 10, "5.00")
    sale = client.one("PUT", "Invoices", invoice(None, LineItems=[of(5, "20.00"), of(5, "20.00")]))
    path = f"Invoices/{sale['InvoiceID']}"
    client.good("POST", path, {"Reference": "Pier 7"})
    assert there(client) == (0.0, 0.0)
    more = {"LineItems": [of(5, "20.00"), of(6, "20.00")]}
    assert client.sentences("POST", path, more) == ["Only 10.0000 of item 'VALVE' are in stock"]


def test_a_sale_keeps_its_item_under_another_code(client: Client) -> None:
    valve = track(client)
    buy(client, 10, "5.00")
    sale, draft = (
        client.one("PUT", "Invoices", invoice(None, status=status, LineItems=[of(2, "20.00")]))
        for status in ("AUTHORISED", "DRAFT")
    )
    spent = {"Type": "RECEIVE", "Contact": {"Name": "Harbor Point"}, "BankAccount": {"Code": "090"}}
    banked = client.one("PUT", "BankTransactions", {**spent, "LineItems": [of(1, "20.00")]})
    client.one("POST", f"Items/{valve['ItemID']}", {"Code": "TAP"})
    client.one("PUT", "Items", {"Code": "VALVE", "Description": "Of brass", "SalesDetails": {"AccountCode": "200"}})
    before = client.balances()
    client.good("POST", f"Invoices/{sale['InvoiceID']}", {"Reference": "Pier 7"})
    client.good("POST", f"BankTransactions/{banked['BankTransactionID']}", {"Reference": "Pier 7"})
    assert client.balances() == before and before["310"] == 15
    client.good("POST", f"Invoices/{draft['InvoiceID']}", {"Status": "AUTHORISED"})
    tap = client.one("GET", "Items/TAP")
    assert (tap["QuantityOnHand"], tap["TotalCostPool"]) == (5.0, 25.0)
    for shown in (
        client.one("GET", f"Invoices/{sale['InvoiceID']}"),
        *client.good("GET", "Invoices?page=1")["Invoices"],
    ):
        [line_] = shown["LineItems"]
        assert "ItemID" not in line_ and "ItemIDs" not in shown
        assert shown["Type"] == "ACCPAY" or line_["Item"]["ItemID"] == valve["ItemID"]
    client.good("POST", f"Invoices/{sale['InvoiceID']}", {"LineItems": [of(2, "20.00")]})
    tap = client.one("GET", "Items/TAP")
    assert (tap["QuantityOnHand"], tap["TotalCostPool"]) == (7.0, 35.0)


def test_lines_in_another_order_move_nothing(client: Client) -> None:
    track(client)
    buy(client, 10, "5.00")
    sale = client.one("PUT", "Invoices", invoice(None, LineItems=[of(2, "20.00"), of(3, "20.00")]))
    buy(client, 5, "10.00")
    before = client.balances()
    client.good("POST", f"Invoices/{sale['InvoiceID']}", {"LineItems": [of(3, "20.00"), of(2, "20.00")]})
    assert client.balances() == before and there(client) == (10.0, 75.0)


def test_an_old_sale_keeps_the_account_that_its_cost_went_to(client: Client) -> None:
    valve = track(client)
    buy(client, 10, "5.00")
    sale = client.one("PUT", "Invoices", invoice(None, LineItems=[of(2, "20.00")]))
    client.one("POST", f"Items/{valve['ItemID']}", {"Code": "VALVE", "PurchaseDetails": {"COGSAccountCode": "320"}})
    before = client.balances()
    client.good("POST", f"Invoices/{sale['InvoiceID']}", {"Reference": "Pier 7"})
    assert client.balances() == before and before["310"] == 10
    client.good("POST", f"Invoices/{sale['InvoiceID']}", {"LineItems": [of(4, "20.00")]})
    assert {code: balance for code, balance in client.balances().items() if code in ("310", "320")} == {"320": 20}
