"""Products and services: prices, accounts and tax a line can take over by code."""

from dataclasses import replace

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import messages
from sandbox.xero.accounts import account_by_code
from sandbox.xero.amounts import ZERO, places
from sandbox.xero.dates import read_moment, wire_moment
from sandbox.xero.desk import Desk, name_key
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields
from sandbox.xero.tax_rates import rates_of

ENTITY = "Item"
_STOCK = ("InventoryAssetAccountCode", "QuantityOnHand", "TotalCostPool")
_LIMITS = {"Code": 30, "Name": 50, "Description": 4000, "PurchaseDescription": 4000}


def item_by_code(desk: Desk, code: str) -> Record | None:
    return next((found for found in desk.named(ENTITY, code) if found.active), None)


def item_of_line(desk: Desk, line: Body, ids: Body) -> Record | None:
    """The item a stored line was made with. `ids` are those of items by the line's: codes may change later."""
    id = ids.get(line["LineItemID"])
    if id is not None:
        return desk.get(ENTITY, id)
    return item_by_code(desk, line["ItemCode"]) if "ItemCode" in line else None


def save_item(desk: Desk, element: Fields, verb: str) -> Record:
    """Create (PUT), or create or update by id or code (POST)."""
    problems = element.problems
    code = element.stripped("Code", limit=_LIMITS["Code"])
    known = desk.get(ENTITY, element.identifier("ItemID")) if verb == "POST" else None
    same = item_by_code(desk, code) if code else None
    if verb == "POST" and known is None:
        known = same
    if not code and known is None:
        problems.add(messages.ITEM_CODE_REQUIRED)
    if same is not None and (known is None or same.id != known.id):
        problems.add(messages.item_taken(same.body["Code"]))
    body = _changed(desk, known.body if known else {}, element)
    _read_inventory(desk, element, body)
    problems.stop()
    columns = {"number": body["Code"], "name_key": name_key(body["Code"]), "status": "ACTIVE"}
    if known is None:
        return desk.insert(ENTITY, body, **columns)
    return desk.update(replace(known, body=body, **columns))


def delete_item(desk: Desk, item: Record) -> None:
    """Raises InvalidError for an item tracked as inventory that is on hand, or that a transaction moved."""
    if is_tracked(item.body) and (item.body["QuantityOnHand"] or item.body.get("Uses")):
        raise InvalidError(messages.item_in_use(item.body["Code"]))
    desk.store.delete(item, deleted_at=desk.now.isoformat())


def _changed(desk: Desk, old: Body, element: Fields) -> Body:
    body = dict(old)
    for name, limit in _LIMITS.items():
        text = element.stripped(name, limit=limit)
        if text is not None:
            body[name] = text
    for name in ("IsSold", "IsPurchased"):
        value = element.boolean(name)
        body[name] = body.get(name, True) if value is None else value
    for name in ("PurchaseDetails", "SalesDetails"):
        inner = element.inner(name)
        if inner is not None:
            body[name] = {**body.get(name, {}), **_details(desk, inner)}
    return body


def is_tracked(body: Body) -> bool:
    return "QuantityOnHand" in body


def _read_inventory(desk: Desk, element: Fields, body: Body) -> None:
    """An item is tracked from when it has both an inventory account and one for the cost of goods sold."""
    code = element.stripped("InventoryAssetAccountCode")
    if code:
        account = account_by_code(desk, code)
        if account is None or not account.active or account.body["Type"] != "INVENTORY":
            element.problems.add(messages.INVENTORY_ACCOUNT)
        body["InventoryAssetAccountCode"] = code
    if not body.get("InventoryAssetAccountCode"):
        return
    if not body.get("PurchaseDetails", {}).get("COGSAccountCode"):
        element.problems.add(messages.COGS_ACCOUNT)
    body.setdefault("QuantityOnHand", places(ZERO, 4))
    body.setdefault("TotalCostPool", ZERO)


def _details(desk: Desk, inner: Fields) -> Body:
    details: Body = {}
    price, code, tax = inner.number("UnitPrice"), inner.stripped("AccountCode"), inner.stripped("TaxType")
    if price is not None:
        details["UnitPrice"] = places(price, desk.unit_places)
    if code:
        account = account_by_code(desk, code)
        if account is None or not account.active:
            inner.problems.add(messages.account_not_for_document(code))
        details["AccountCode"] = code
        tax = tax or (account.body.get("TaxType") if account else None)
    if cogs := inner.stripped("COGSAccountCode"):
        account = account_by_code(desk, cogs)
        if account is None or not account.active:
            inner.problems.add(messages.account_not_for_document(cogs))
        details["COGSAccountCode"] = cogs
    if tax:
        if tax not in (*rates_of(desk), "NONE"):
            inner.problems.add(messages.TAX_RATE_INVALID)
        details["TaxType"] = tax
    return details


def wire_item(record: Record, *, fresh: bool = False) -> Body:
    """An item; the answer of a write shows its moment without an offset, and an empty list of errors."""
    body, moment = record.body, read_moment(record.updated_at)
    shown: Body = {"ItemID": record.id, "Code": body["Code"]}
    for name in ("Description", "PurchaseDescription"):
        if body.get(name):
            shown[name] = body[name]
    if is_tracked(body):
        shown |= {name: body[name] for name in _STOCK}
    return shown | {
        "UpdatedDateUTC": wire_moment(moment, offset=not fresh),
        "PurchaseDetails": body.get("PurchaseDetails", {}),
        "SalesDetails": body.get("SalesDetails", {}),
        "Name": body.get("Name", body["Code"]),
        "IsTrackedAsInventory": is_tracked(body),
        "IsSold": body["IsSold"],
        "IsPurchased": body["IsPurchased"],
        **({"ValidationErrors": []} if fresh else {}),
    }
