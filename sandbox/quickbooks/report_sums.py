"""Reports that add the ledger up by customers, products, classes and so on, and the list of accounts."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from sandbox import wire
from sandbox.books import Key
from sandbox.quickbooks.lists.account_types import TYPES
from sandbox.quickbooks.money import half_up, to_cents
from sandbox.quickbooks.money import rate as plain_rate
from sandbox.quickbooks.report_figures import NOT_SPECIFIED, Asked, Figures, add_up, moved
from sandbox.quickbooks.report_rows import (
    Built,
    Cell,
    Row,
    column,
    data,
    money,
    moneys,
    section,
    some_moneys,
    summary,
    titled,
)
from sandbox.quickbooks.transactions import groups
from sandbox.quickbooks.transactions.currencies import rate_of, worth
from sandbox.quickbooks.work import Work, shown_name
from sandbox.wire import Body

SALES = {"Invoice": 1, "SalesReceipt": 1, "CreditMemo": -1, "RefundReceipt": -1}
COSTS = ("Bill", "Purchase", "VendorCredit")
OPERATING = ("Accounts Receivable", "Other Current Asset", "Accounts Payable", "Credit Card", "Other Current Liability")
ADJUSTMENTS = "Adjustments to reconcile Net Income to Net Cash provided by operations:"
INVESTING = ("INVESTING ACTIVITIES", "InvestingActivities", ("Fixed Asset", "Other Asset"))
FINANCING = ("FINANCING ACTIVITIES", "FinancingActivities", ("Long Term Liability", "Equity"))


def _sorted(sums: dict[str, list[int]], names: dict[str, str]) -> Iterable[tuple[Cell, list[int]]]:
    for id in sorted(sums, key=lambda id: names[id].casefold()):
        if any(sums[id]):
            yield (names[id], id) if id else names[id], sums[id]


def _table(head: Row, columns: list[Row], found: Iterable[tuple[Cell, list[int]]]) -> Built:
    """A line for each name, and the sums of the columns."""
    pairs = list(found)
    lines = [data(cell, *some_moneys(figures)) for cell, figures in pairs]
    totals = add_up((figures for _, figures in pairs), len(columns))
    end = [summary("GrandTotal", "TOTAL", *moneys(totals))] if lines else []
    return [head, *columns], [*lines, *end]


def _names(work: Work, entity: str, ids: Iterable[str]) -> dict[str, str]:
    found = {id: work.find(entity, id) if id else None for id in ids}
    return {id: shown_name(record) if record else NOT_SPECIFIED for id, record in found.items()}


def _earned(work: Work, asked: Asked, by: Key, entity: str) -> dict[str, list[int]]:
    """What was earned and what was spent within the days, by customer or class."""
    days = asked.days
    kinds = {row.id: TYPES[row.type].classification for row in work.sandbox.books.trial_balance(work.company.id)}
    since, until = days.since.isoformat(), days.until.isoformat()
    found: dict[str, list[int]] = {}
    for account, key, cents in work.sandbox.books.sums(work.company.id, by, since=since, until=until, only=asked.only):
        if kinds[account] not in ("Revenue", "Expense"):
            continue
        kind, _, id = (key or "").partition(":") if entity == "Customer" else (entity, "", key or "")
        sums = found.setdefault(id if kind == entity else "", [0, 0])
        sums[kinds[account] == "Expense"] += cents if kinds[account] == "Expense" else -cents
    return found


def customer_income(work: Work, asked: Asked) -> Built:
    sums = {id: [one, other, one - other] for id, (one, other) in _earned(work, asked, "party", "Customer").items()}
    columns = [column(title, "Money", title.casefold()) for title in ("Income", "Expenses", "Net Income")]
    return _table(column("", "Customer", "cust_name"), columns, _sorted(sums, _names(work, "Customer", sums)))


def customer_sales(work: Work, asked: Asked) -> Built:
    sums = {id: [earned] for id, (earned, _) in _earned(work, asked, "party", "Customer").items()}
    return _table(column("", "Customer", "cust_name"), [_TOTAL], _sorted(sums, _names(work, "Customer", sums)))


def class_sales(work: Work, asked: Asked) -> Built:
    sums = {id: [earned] for id, (earned, _) in _earned(work, asked, "tag", "Class").items()}
    return _table(column("", "Class", "klass_name"), [_TOTAL], _sorted(sums, _names(work, "Class", sums)))


def department_sales(work: Work, asked: Asked) -> Built:
    sums: dict[str, list[int]] = {}
    for body, sign in _sold(work, asked):
        id = (body.get("DepartmentRef") or {}).get("value", "")
        sums.setdefault(id, [0])[0] += sign * sum(cents for _, _, cents in _products(body))
    return _table(column("", "Department", "dept_name"), [_TOTAL], _sorted(sums, _names(work, "Department", sums)))


def vendor_expenses(work: Work, asked: Asked) -> Built:
    """What bills, purchases and vendor credits put onto the accounts of costs."""
    sums: dict[str, list[int]] = {}
    kinds = {row.id: TYPES[row.type].classification for row in work.sandbox.books.trial_balance(work.company.id)}
    where, values = _within(work, asked, COSTS)
    rows = work.sandbox.store.db.execute(
        "SELECT d.party, p.account, sum(p.cents) FROM documents d JOIN postings p"  # noqa: S608  values are bound
        " ON p.company=d.company AND p.document=d.id AND p.entity=d.entity"
        f" WHERE d.party GLOB 'Vendor:*' AND {where} GROUP BY d.party, p.account",
        values,
    )
    for party, account, cents in rows:
        id = party.partition(":")[2]
        if kinds[account] == "Expense" and (not asked.vendors or id in asked.vendors):
            sums.setdefault(id, [0])[0] += cents
    return _table(column("", "Vendor", "vend_name"), [_TOTAL], _sorted(sums, _names(work, "Vendor", sums)))


def item_sales(work: Work, asked: Asked) -> Built:
    """Quantity, amount, share of all sales and average price of each product and service."""
    sums: dict[str, tuple[Decimal, int]] = {}
    for body, sign in _sold(work, asked):
        for id, quantity, cents in _products(body):
            before = sums.get(id, (Decimal(0), 0))
            sums[id] = (before[0] + sign * quantity, before[1] + sign * cents)
    names, total = _names(work, "Item", sums), sum(cents for _, cents in sums.values())
    rows = []
    for id in sorted(sums, key=lambda id: names[id].casefold()):
        quantity, cents = sums[id]
        share = money(half_up(Decimal(10_000 * cents) / total)) if total else ""
        price = money(half_up(cents / quantity)) if quantity else ""
        rows.append(data((names[id], id), f"{quantity:.2f}", money(cents), share, price))
    end = [summary("GrandTotal", "TOTAL", "", money(total), "100.00", "")] if rows else []
    columns = [
        column("Quantity", "Quantity", "quantity"),
        column("Amount", "Money", "amount"),
        column("% of Sales", "Money", "percent_sales"),
        column("Avg Price", "Money", "avg_price"),
    ]
    return [column("", "ProductsAndService", "item_name"), *columns], [*rows, *end]


def inventory(work: Work, asked: Asked) -> Built:
    """What lies in store, at its cost."""
    where = "company=? AND entity='Item' AND active=1"
    items = [item for item in work.sandbox.store.select(where, (work.company.id,)) if item.body["Type"] == "Inventory"]
    rows, total = [], 0
    for item in sorted(items, key=lambda item: shown_name(item).casefold()):
        quantity, cost = Decimal(item.body.get("QtyOnHand") or 0), Decimal(item.body.get("PurchaseCost") or 0)
        cents = half_up(quantity * cost * 100)
        total += cents
        sku = str(item.body.get("Sku", ""))
        rows.append(
            data((shown_name(item), item.id), sku, str(plain_rate(quantity)), money(cents), money(half_up(cost * 100)))
        )
    end = [summary("GrandTotal", "TOTAL", "", "", money(total), "")] if rows else []
    columns = [
        column("SKU", "String", "sku"),
        column("Qty", "Quantity", "qty"),
        column("Asset Value", "Money", "asset_value"),
        column("Calc. Avg", "Money", "avg_cost"),
    ]
    return [column("", "ProductsAndService", "item_name"), *columns], [*rows, *end]


def account_list(work: Work, asked: Asked) -> Built:
    cents = {row.id: row.cents for row in work.sandbox.books.trial_balance(work.company.id)}
    rows = []
    for account in work.sandbox.store.select("company=? AND entity='Account' AND active=1", (work.company.id,)):
        body = account.body
        sign = 1 if body["Classification"] in ("Asset", "Expense") else -1
        shown = money(sign * cents[account.id]) if body["Classification"] in ("Asset", "Liability", "Equity") else ""
        name = (shown_name(account), account.id)
        rows.append(data(name, body["AccountType"], body["AccountSubType"], str(body.get("Description", "")), shown))
    return titled("account_name", "account_type", "detail_acc_type", "account_desc", "account_bal"), rows


def cash_flow(work: Work, asked: Asked) -> Built:
    """From the profit to the money in the bank."""
    rows = moved(work, asked).rows
    undeposited = work.first_account("Other Current Asset", "UndepositedFunds")
    held = {row.account.id for row in rows if row.account.type == "Bank"} | {undeposited.id if undeposited else ""}
    others = [row for row in rows if row.account.id not in held]
    found = [_operating(others), *(_flows(others, *kind) for kind in (INVESTING, FINANCING))]
    gained = sum(row.cents[0] for row in rows if row.account.id in held)
    until = asked.days.until.isoformat()
    ends = work.sandbox.books.trial_balance(work.company.id, until=until)
    ending = sum(row.cents for row in ends if row.id in held)
    totals = {"CashIncrease": ("Net cash increase for period", gained)}
    if ending != gained:
        totals["BeginningCash"] = ("Cash at beginning of period", ending - gained)
    totals["EndingCash"] = ("Cash at end of period", ending)
    last = [summary(group, title, money(cents)) for group, (title, cents) in totals.items()]
    return [column("", "Account", "account"), _TOTAL], [*(row for row in found if row is not None), *last]


def _operating(rows: Sequence[Figures]) -> Row:
    """The profit, and what of it was not money."""
    profit = -sum(row.cents[0] for row in rows if row.is_profit)
    adjusted = [row for row in rows if row.account.type in OPERATING and row.cents[0]]
    changed = -sum(row.cents[0] for row in adjusted)
    inner = [{**data("Net Income", money(profit)), "group": "NetIncome"}]
    if adjusted:
        end = summary("", f"Total {ADJUSTMENTS}", money(changed))
        inner.append(section("OperatingAdjustments", ADJUSTMENTS, [_flow(row) for row in adjusted], end=end))
    end = summary("", "Net cash provided by operating activities", money(profit + changed))
    return section("OperatingActivities", "OPERATING ACTIVITIES", inner, end=end)


def _flows(rows: Sequence[Figures], heading: str, group: str, types: tuple[str, ...]) -> Row | None:
    here = [row for row in rows if row.account.type in types and row.cents[0]]
    if not here:
        return None
    total = money(-sum(row.cents[0] for row in here))
    end = summary("", f"Net cash provided by {heading.lower()}", total)
    return section(group, heading, [_flow(row) for row in here], end=end)


def _flow(row: Figures) -> Row:
    return data((row.account.name, row.account.id), money(-row.cents[0]))


def _within(work: Work, asked: Asked, entities: Iterable[str]) -> tuple[str, list[str]]:
    """The condition for documents `d` of these kinds within the days, and its values."""
    names = list(entities)
    where = f"d.company=? AND d.entity IN ({','.join('?' * len(names))}) AND d.txn_date BETWEEN ? AND ?"
    return where, [work.company.id, *names, asked.days.since.isoformat(), asked.days.until.isoformat()]


def _sold(work: Work, asked: Asked) -> Iterable[tuple[Body, int]]:
    """What was sold within the days, in no order, each with the sign of its kind."""
    where, values = _within(work, asked, SALES)
    for entity, text in work.sandbox.store.db.execute(f"SELECT entity, body FROM documents d WHERE {where}", values):  # noqa: S608  values are bound
        yield wire.loads(text), SALES[entity]


def _products(body: Body) -> list[tuple[str, Decimal, int]]:
    """Product or service, quantity and cents of the home currency of each line that sells one."""
    lines: list[Body] = groups.flat(body.get("Line") or [])
    details = [(line, line["SalesItemLineDetail"]) for line in lines if line.get("SalesItemLineDetail")]
    rate = rate_of(body)
    return [
        (detail["ItemRef"]["value"], Decimal(detail.get("Qty") or 0), worth(to_cents(line.get("Amount")), rate))
        for line, detail in details
        if detail.get("ItemRef")
    ]


_TOTAL = column("Total", "Money", "total")
