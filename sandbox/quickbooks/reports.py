"""Four reports from the real ledger, on the accrual basis, in the vendor's nesting of rows."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from sandbox.books import AccountBalance
from sandbox.quickbooks.answers import inner_time
from sandbox.quickbooks.faults import ServiceFault
from sandbox.quickbooks.lists.account_types import TYPES
from sandbox.quickbooks.lists.accounts import CREDIT_SIDE
from sandbox.quickbooks.report_rows import Row, column, data, named, section, summary, total_of
from sandbox.quickbooks.work import Work
from sandbox.wire import Body

RETAINED = "RetainedEarnings"
ACCRUAL = "accrual"

# group: (title, account types or groups below it)
ASSETS = {
    "BankAccounts": ("Bank Accounts", "Bank"),
    "AR": ("Accounts Receivable", "Accounts Receivable"),
    "OtherCurrentAssets": ("Other Current Assets", "Other Current Asset"),
    "FixedAssets": ("Fixed Assets", "Fixed Asset"),
    "OtherAssets": ("Other Assets", "Other Asset"),
}
LIABILITIES = {
    "AP": ("Accounts Payable", "Accounts Payable"),
    "CreditCards": ("Credit Cards", "Credit Card"),
    "OtherCurrentLiabilities": ("Other Current Liabilities", "Other Current Liability"),
    "LongTermLiabilities": ("Long-Term Liabilities", "Long Term Liability"),
}
PROFIT = {
    "Income": ("Income", "Income", 1),
    "COGS": ("Cost of Goods Sold", "Cost of Goods Sold", -1),
    "GrossProfit": ("Gross Profit", None, 0),
    "Expenses": ("Expenses", "Expense", -1),
    "NetOperatingIncome": ("Net Operating Income", None, 0),
    "OtherIncome": ("Other Income", "Other Income", 1),
    "OtherExpenses": ("Other Expenses", "Other Expense", -1),
    "NetIncome": ("Net Income", None, 0),
}


class Period:
    """What the query asks for: until today, from the first of January unless it says otherwise."""

    def __init__(self, work: Work, asked: dict[str, str]) -> None:
        """Raises 2060, 2190, or 5030 for the cash basis."""
        self.until = _day(asked, "end_date", date.fromisoformat(work.today))
        self.since = _day(asked, "start_date", self.until.replace(month=1, day=1))
        if self.since > self.until:
            raise ServiceFault("2190", "Invalid Date Range : start_date lies after end_date", "start_date")
        if asked.get("accounting_method", ACCRUAL).casefold() != ACCRUAL:
            raise ServiceFault("5030", "Feature Not Supported Error : Reports are on the accrual basis only.")


def report(work: Work, name: str, asked: dict[str, str]) -> Body | None:
    """The report's body, or None if there is none of that name."""
    found = REPORTS.get(name.casefold())
    if found is None:
        return None
    title, columns, build = found
    period = Period(work, asked)
    rows = build(work, period, asked)
    return {"Header": _header(work, title, period, empty=not rows), "Columns": {"Column": columns}, "Rows": named(rows)}


def _header(work: Work, name: str, period: Period, *, empty: bool) -> Body:
    options = {"AccountingStandard": "GAAP", "NoReportData": "true" if empty else "false"}
    return {
        "Time": inner_time(work.now),
        "ReportName": name,
        "ReportBasis": "Accrual",
        "StartPeriod": period.since.isoformat(),
        "EndPeriod": period.until.isoformat(),
        "SummarizeColumnsBy": "Total",
        "Currency": work.settings.get("currency", "USD"),
        "Option": [{"Name": name, "Value": value} for name, value in options.items()],
    }


def _day(asked: dict[str, str], name: str, otherwise: date) -> date:
    text = asked.get(name)
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        detail = f"{name} should be in the format yyyy-MM-dd. Supplied value:{text[:40]}"
        raise ServiceFault("2060", detail, name) from None


def _balances(work: Work, until: date) -> list[AccountBalance]:
    return work.sandbox.books.trial_balance(work.company.id, until=until.isoformat())


def _moved(work: Work, since: date, until: date) -> list[AccountBalance]:
    """What was posted from one day to the other, both included."""
    earlier = {row.id: row.cents for row in _balances(work, _before(since))}
    return [_with(row, row.cents - earlier[row.id]) for row in _balances(work, until)]


def _closed(work: Work, until: date) -> list[AccountBalance]:
    """Balances of a day with the profits of earlier years already in Retained Earnings."""
    year = until.replace(month=1, day=1)
    earlier = {row.id: row.cents for row in _balances(work, _before(year)) if _is_profit(row)}
    retained = work.first_account("Equity", RETAINED)
    rows = []
    for row in _balances(work, until):
        cents = row.cents - earlier.get(row.id, 0)
        if retained is not None and row.id == retained.id:
            cents += sum(earlier.values())
        rows.append(_with(row, cents))
    return rows


def _with(row: AccountBalance, cents: int) -> AccountBalance:
    return AccountBalance(row.id, row.code, row.name, row.type, row.side, cents)


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _is_profit(row: AccountBalance) -> bool:
    return TYPES[row.type].classification in ("Revenue", "Expense")


def _label(row: AccountBalance) -> str:
    return f"{row.code} {row.name}".strip()


def _shown(row: AccountBalance) -> int:
    """Debits positive for what is owned or spent, credits positive for the rest."""
    return -row.cents if TYPES[row.type].classification in CREDIT_SIDE else row.cents


def _of_type(rows: Sequence[AccountBalance], kind: str) -> list[AccountBalance]:
    return [row for row in rows if row.type == kind and row.cents]


def _trial_balance(work: Work, period: Period, asked: dict[str, str]) -> list[Row]:
    rows = [row for row in _closed(work, period.until) if row.cents]
    if not rows:
        return []
    found = [
        data((_label(row), row.id), *((money(row.cents), "") if row.cents > 0 else ("", money(-row.cents))))
        for row in rows
    ]
    debits = sum(row.cents for row in rows if row.cents > 0)
    credits = -sum(row.cents for row in rows if row.cents < 0)
    return [*found, summary("GrandTotal", "TOTAL", money(debits), money(credits))]


def _accounts(group: str, title: str, rows: Sequence[AccountBalance]) -> Row | None:
    """A section of accounts with its total, if any of them has a balance."""
    if not rows:
        return None
    lines = [data((_label(row), row.id), money(_shown(row))) for row in rows]
    return section(group, title, lines, money(sum(_shown(row) for row in rows)))


def _balance_sheet(work: Work, period: Period, asked: dict[str, str]) -> list[Row]:
    rows = _closed(work, period.until)
    profit = -sum(row.cents for row in rows if _is_profit(row))
    assets = _side("TotalAssets", "ASSETS", _sections(rows, ASSETS))
    debts = _side("Liabilities", "Liabilities", _sections(rows, LIABILITIES))
    lines = [data((_label(row), row.id), money(_shown(row))) for row in _of_type(rows, "Equity")]
    own = sum(_shown(row) for row in rows if row.type == "Equity") + profit
    equity = section("Equity", "Equity", [*lines, data("Net Income", money(profit))], money(own))
    both = section("TotalLiabilitiesAndEquity", "LIABILITIES AND EQUITY", [debts, equity], money(total_of(debts) + own))
    return [assets, both]


def _sections(rows: Sequence[AccountBalance], plan: dict[str, tuple[str, str]]) -> list[Row]:
    found = [_accounts(group, title, _of_type(rows, kind)) for group, (title, kind) in plan.items()]
    return [each for each in found if each is not None]


def _side(group: str, title: str, sections: list[Row]) -> Row:
    return section(group, title, sections, money(sum(total_of(each) for each in sections)))


def _profit_and_loss(work: Work, period: Period, asked: dict[str, str]) -> list[Row]:
    rows = _moved(work, period.since, period.until)
    found: list[Row] = []
    running = 0
    for group, (title, kind, sign) in PROFIT.items():
        if kind is None:
            found.append(summary(group, title, money(running)))
            continue
        part = _accounts(group, title, _of_type(rows, kind))
        if part is not None:
            running += sign * total_of(part)
            found.append(part)
    return found if any(row.cents for row in rows if _is_profit(row)) else []


def _general_ledger(work: Work, period: Period, asked: dict[str, str]) -> list[Row]:
    wanted = set(filter(None, asked.get("account", "").split(",")))
    opening = {row.id: row for row in _balances(work, _before(period.since))}
    chart = {row.id: row for row in _balances(work, period.until)}
    found = [_ledger(work, opening[id], chart, period) for id, row in chart.items() if not wanted or row.id in wanted]
    return [each for each in found if each is not None]


def _ledger(work: Work, opening: AccountBalance, chart: dict[str, AccountBalance], period: Period) -> Row | None:
    start = 0 if _is_profit(opening) else opening.cents
    rows = [data("Beginning Balance", *[""] * 6, money(_shown(_with(opening, start))))] if start else []
    balance = start
    for line in work.sandbox.books.account_ledger(work.company.id, opening.id, limit=-1):
        if period.since.isoformat() <= line.date <= period.until.isoformat():
            balance += line.cents
            figures = [money(_shown(_with(opening, cents))) for cents in (line.cents, balance)]
            rows.append(data(line.date, *_about(work, line.entity, line.document, opening.id, chart), *figures))
    if not rows:
        return None
    moved = money(_shown(_with(opening, balance - start)))
    end = summary("", f"Total for {_label(opening)}", *[""] * 5, moved, "")
    return section("", (_label(opening), opening.id), rows, end=end)


def _about(
    work: Work, entity: str, id: str, account: str, chart: dict[str, AccountBalance]
) -> list[str | tuple[str, str]]:
    """Type, number, name, memo and the other side of a posting."""
    record = work.find(entity, id)
    body = record.body if record else {}
    party = body.get("CustomerRef") or body.get("VendorRef") or {}
    legs = work.sandbox.books.postings_of(work.company.id, entity, id)
    others = [leg.account for leg in legs if leg.account != account]
    split: str | tuple[str, str] = "-Split-"
    if len(others) == 1:
        split = (_label(chart[others[0]]), others[0])
    name: str | tuple[str, str] = (str(party.get("name", "")), str(party["value"])) if party else ""
    return [(entity, id), record.number or "" if record else "", name, str(body.get("PrivateNote", "")), split]


def money(cents: int) -> str:
    return f"{Decimal(cents).scaleb(-2):.2f}"


_ACCOUNT = column("", "Account", "account")
_TOTAL = column("Total", "Money", "total")
Builder = Callable[[Work, Period, dict[str, str]], list[Row]]
REPORTS: dict[str, tuple[str, list[Body], Builder]] = {
    "trialbalance": (
        "TrialBalance",
        [_ACCOUNT, column("Debit", "Money", "debit"), column("Credit", "Money", "credit")],
        _trial_balance,
    ),
    "balancesheet": ("BalanceSheet", [_ACCOUNT, _TOTAL], _balance_sheet),
    "profitandloss": ("ProfitAndLoss", [_ACCOUNT, _TOTAL], _profit_and_loss),
    "generalledger": (
        "GeneralLedger",
        [
            column("Date", "tx_date", "tx_date"),
            column("Transaction Type", "txn_type", "txn_type"),
            column("Num", "doc_num", "doc_num"),
            column("Name", "name", "name"),
            column("Memo/Description", "memo", "memo"),
            column("Split", "split_acc", "split_acc"),
            column("Amount", "subt_nat_amount", "subt_nat_amount"),
            column("Balance", "rbal_nat_amount", "rbal_nat_amount"),
        ],
        _general_ledger,
    ),
}
