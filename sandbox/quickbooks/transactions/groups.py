"""Bundles on sales forms: one line that stands for several products and services."""

from decimal import Decimal

from sandbox.quickbooks.faults import ServiceFault, business, missing
from sandbox.quickbooks.money import amount, check_quantity, to_cents
from sandbox.quickbooks.work import Work
from sandbox.wire import Body

GROUP, SALE = "GroupLineDetail", "SalesItemLineDetail"


def expand(work: Work, line: Body) -> list[Body]:
    """The lines inside a group line: those given, or those its bundle is made of. Raises 2020, 2120, 6000."""
    detail = line[GROUP] = line.get(GROUP) or {}
    if not detail.get("GroupItemRef"):
        missing("GroupItemRef")
    item = work.resolve("Item", detail["GroupItemRef"], element="GroupItemRef")
    if item.body["Type"] != "Group":
        business(f"The product or service {item.body['Name']} is not a bundle.")
    times = detail.setdefault("Quantity", 1)
    parts = (item.body.get("ItemGroupDetail") or {}).get("ItemGroupLine") or []
    inner: list[Body] = detail.get("Line") or [_line(work, part, Decimal(times)) for part in parts]
    for each in inner:
        if each.get("DetailType") != SALE:
            raise ServiceFault("2120", f"Invalid Type : {each.get('DetailType')} does not belong in a group", "Line")
    detail["Line"] = inner
    return inner


def total(line: Body, cents: int) -> None:
    """Say on the group line what its lines come to."""
    line["Amount"] = amount(cents)


def flat(lines: list[Body]) -> list[Body]:
    """Every line with those inside it, in order."""
    return [each for line in lines for each in (line, *((line.get(GROUP) or {}).get("Line") or []))]


def emptied(line: Body) -> Body:
    """The line of a voided form: nothing of it counts any more."""
    found = {**line, "Amount": 0} if "Amount" in line else dict(line)
    if found.get(SALE):
        found[SALE] = {**found[SALE], **{name: 0 for name in ("Qty", "UnitPrice") if name in found[SALE]}}
    if found.get(GROUP):
        found[GROUP] = {**found[GROUP], "Line": [emptied(each) for each in found[GROUP].get("Line") or []]}
    return found


def _line(work: Work, part: Body, times: Decimal) -> Body:
    item = work.resolve("Item", dict(part["ItemRef"]), element="ItemRef")
    quantity = Decimal(part.get("Qty") or 1) * times
    check_quantity(quantity)
    price = Decimal(item.body.get("UnitPrice") or 0)
    detail = {"ItemRef": {"value": item.id}, "Qty": quantity, "UnitPrice": price}
    return {"Amount": amount(to_cents(quantity * price)), "DetailType": SALE, SALE: detail}
