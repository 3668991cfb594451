"""Items tracked as inventory: how many are there, what they cost, and what goes to the cost of goods sold.

Purchases lie on the inventory account and add to quantity and cost; a sale takes its share of the cost out of it, at
the average. What a document moved is kept with it, so that changing or voiding the document moves it back.
"""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from sandbox.books import Line
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import messages
from sandbox.xero.accounts import account_by_code
from sandbox.xero.amounts import ZERO, cents, places
from sandbox.xero.desk import Desk, to_cents
from sandbox.xero.fields import Problems
from sandbox.xero.items import ENTITY, is_tracked, item_of_line

_POSTED = ("AUTHORISED", "PAID")


def check(desk: Desk, body: Body, old: Body, problems: Problems) -> None:
    """No sale of more than is there, unless the call says `allowBackorders=true`."""
    if desk.allow_backorders or not _names_items(body) or desk.books.counts_only(desk.company):
        return
    held: dict[str, Decimal] = defaultdict(Decimal)
    for moved in old.get("Stock", []):
        held[moved["ItemID"]] -= moved["Quantity"]
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    for item, line in _tracked_lines(desk, body):
        wanted[item.id] += line["Quantity"]
        there = item.body["QuantityOnHand"] + held[item.id]
        if wanted[item.id] > there:
            problems.add(messages.stock_short(item.body["Code"], there))


def move(desk: Desk, body: Body, known: Record | None, *, sells: bool, owed: int) -> None:
    """Take back what the document moved before and note in `body` what it moves now. `owed` is -1 for credits.

    What still names the same quantities of the same items, in whatever order, keeps the cost that it once moved and
    the accounts between which it did.
    """
    old = (known.body if known else body).get("Stock", [])
    lines = _moving_lines(desk, body)
    sign = -owed if sells else owed
    if _is_same(body, lines, old, sign, sells=sells):
        return
    for moved in old:
        item = desk.get(ENTITY, moved["ItemID"])
        if item is not None:
            _change(desk, item, -moved["Quantity"], -moved["Cost"], uses=-1)
    body.pop("Stock", None)
    moves = []
    for item, line in lines:
        fresh = desk.get(ENTITY, item.id) or item
        quantity = line["Quantity"]
        cost = _cost(fresh.body, quantity, sold=owed > 0) if sells else _net(body, line)
        _change(desk, fresh, sign * quantity, sign * cost, uses=1)
        moved = {"ItemID": item.id, "Quantity": sign * quantity, "Cost": sign * cost, "Sold": sells}
        moves.append(moved | (_accounts(desk, item.body) if sells else {}))
    if moves:
        body["Stock"] = moves


def _moving_lines(desk: Desk, body: Body) -> list[tuple[Record, Body]]:
    if body["Status"] not in _POSTED or not _names_items(body) or desk.books.counts_only(desk.company):
        return []
    return _tracked_lines(desk, body)


def _is_same(body: Body, lines: list[tuple[Record, Body]], moves: list[Body], sign: int, *, sells: bool) -> bool:
    """Whether lines move what was moved. What is bought has its cost from the line itself."""
    wanted = [(item.id, sign * line["Quantity"], ZERO if sells else sign * _net(body, line)) for item, line in lines]
    held = [(moved["ItemID"], moved["Quantity"], ZERO if sells else moved["Cost"]) for moved in moves]
    return sorted(wanted) == sorted(held)


def legs(desk: Desk, body: Body, party: str | None) -> list[Line]:
    """What sales and their credits move between inventory and the cost of goods sold."""
    found: list[Line] = []
    for moved in body.get("Stock", ()):
        if "AssetID" in moved:
            amount = to_cents(moved["Cost"])
            found += [Line(moved["AssetID"], amount, party, None), Line(moved["SoldID"], -amount, party, None)]
    return found


def _accounts(desk: Desk, item: Body) -> Body:
    """Between which accounts a sale moves its cost, today: those of the item may be others later."""
    asset = account_by_code(desk, item["InventoryAssetAccountCode"])
    sold = account_by_code(desk, item["PurchaseDetails"]["COGSAccountCode"])
    return {"AssetID": asset.id, "SoldID": sold.id} if asset is not None and sold is not None else {}


def _names_items(body: Body) -> bool:
    return any("ItemCode" in line for line in body["LineItems"])


def _tracked_lines(desk: Desk, body: Body) -> list[tuple[Record, Body]]:
    found, ids = [], body.get("ItemIDs", {})
    for line in body["LineItems"]:
        item = item_of_line(desk, line, ids) if "ItemCode" in line and "Quantity" in line else None
        if item is not None and is_tracked(item.body):
            found.append((item, line))
    return found


def _cost(item: Body, quantity: Decimal, *, sold: bool) -> Decimal:
    """The average cost of so many, or the last one there was where nothing is left. What is sold beyond what is there
    costs nothing: it was never bought, and so does its return."""
    there, pool = item["QuantityOnHand"], item["TotalCostPool"]
    if sold:
        return cents(pool * min(quantity, there) / there) if there > 0 else ZERO
    if there > 0:
        return cents(pool * quantity / there)
    return cents(item.get("LastCost", ZERO) * max(quantity + there, ZERO))


def _net(body: Body, line: Body) -> Decimal:
    """What a line costs without its tax, in the base currency."""
    tax = line["TaxAmount"] if body["LineAmountTypes"] == "Inclusive" else ZERO
    return cents((line["LineAmount"] - tax) / body["CurrencyRate"])


def _change(desk: Desk, item: Record, quantity: Decimal, cost: Decimal, *, uses: int) -> None:
    there, pool = item.body["QuantityOnHand"] + quantity, item.body["TotalCostPool"] + cost
    body = {
        **item.body,
        "QuantityOnHand": there,
        "TotalCostPool": pool,
        "Uses": item.body.get("Uses", 0) + uses,
        **({"LastCost": places(pool / there, 6)} if there > 0 else {}),
    }
    desk.update(replace(item, body=body), silently=True)
