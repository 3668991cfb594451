"""Reports from the real ledger, on the accrual basis, in the vendor's nesting of rows."""

from collections.abc import Callable, Sequence
from functools import partial

from sandbox.quickbooks import report_ledger, report_names, report_sums, report_transactions
from sandbox.quickbooks.answers import inner_time
from sandbox.quickbooks.report_figures import Asked, Figures, add_up, closed, moved, refuse_too_many
from sandbox.quickbooks.report_periods import Days
from sandbox.quickbooks.report_rows import (
    Built,
    Row,
    column,
    data,
    money,
    moneys,
    named,
    section,
    some_moneys,
    summary,
    totals_of,
)
from sandbox.quickbooks.report_transactions import account_title
from sandbox.quickbooks.work import Work
from sandbox.wire import Body

# group: (title, account types or groups below it)
ASSETS = {
    "BankAccounts": ("Bank Accounts", "Bank"),
    "AR": ("Accounts Receivable", "Accounts Receivable"),
    "OtherCurrentAssets": ("Other Current Assets", "Other Current Asset"),
}
LONG_ASSETS = {
    "FixedAssets": ("Fixed Assets", "Fixed Asset"),
    "OtherAssets": ("Other Assets", "Other Asset"),
}
LIABILITIES = {
    "AP": ("Accounts Payable", "Accounts Payable"),
    "CreditCards": ("Credit Cards", "Credit Card"),
    "OtherCurrentLiabilities": ("Other Current Liabilities", "Other Current Liability"),
}
LONG_LIABILITIES = {
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
    "NetOtherIncome": ("Net Other Income", None, 0),
    "NetIncome": ("Net Income", None, 0),
}


def report(work: Work, name: str, query: dict[str, str]) -> Body | None:
    """The report's body, or None if there is none of that name. Raises 2060, 2170, 2190, 5030, 6000."""
    found = REPORTS.get(name.casefold())
    if found is None:
        return None
    title, build = found
    asked = Asked(work, query, narrowing=NARROWED.get(title, frozenset()), can_be_cut=title in CUT)
    columns, rows = build(work, asked)
    refuse_too_many(len(rows) * len(columns))
    header = _header(work, title, asked, empty=_says_nothing(rows))
    return {"Header": header, "Columns": {"Column": columns}, "Rows": named(rows)}


def _header(work: Work, name: str, asked: Asked, *, empty: bool) -> Body:
    statement = name in STATEMENTS
    options = {**({"AccountingStandard": "GAAP"} if statement else {}), "NoReportData": "true" if empty else "false"}
    days, macro = asked.days, asked.macro
    if name in AS_OF:
        days, macro = Days(asked.report_date, asked.report_date), "" if asked.query.get("report_date") else "today"
        options = {"report_date": asked.report_date.isoformat(), **options}
    return {
        "Time": inner_time(work.now),
        "ReportName": name,
        **({"DateMacro": macro} if macro else {}),
        "ReportBasis": "Accrual",
        "StartPeriod": days.since.isoformat(),
        "EndPeriod": days.until.isoformat(),
        **({"SummarizeColumnsBy": asked.summarized_by} if name in SUMMARIZED else {}),
        "Currency": work.settings.get("currency", "USD"),
        **asked.narrowed,
        "Option": [{"Name": name, "Value": value} for name, value in options.items()],
    }


def _says_nothing(rows: list[Row]) -> bool:
    """Whether there is no figure beside any title."""
    ends = [row.get("ColData") or row["Summary"]["ColData"] for row in rows]
    return not any(cell["value"] for cells in ends for cell in cells[1:])


def _of_type(rows: Sequence[Figures], kind: str) -> list[Figures]:
    return [row for row in rows if row.account.type == kind and any(row.cents)]


def _trial_balance(work: Work, asked: Asked) -> Built:
    balances = [(row.account, row.cents[0]) for row in closed(work, asked).rows if any(row.cents)]
    if not balances:
        return _TRIAL_COLUMNS, []
    found = [
        data((account_title(account), account.id), *((money(cents), "") if cents > 0 else ("", money(-cents))))
        for account, cents in balances
    ]
    debits = sum(cents for _, cents in balances if cents > 0)
    credits = -sum(cents for _, cents in balances if cents < 0)
    return _TRIAL_COLUMNS, [*found, summary("GrandTotal", "TOTAL", money(debits), money(credits))]


def _line(row: Figures) -> Row:
    return data((account_title(row.account), row.account.id), *some_moneys(row.shown))


def _accounts(group: str, title: str, rows: Sequence[Figures]) -> Row | None:
    """A section of accounts with its totals, if any of them has a balance."""
    if not rows:
        return None
    totals = add_up((row.shown for row in rows), len(rows[0].cents))
    return section(group, title, [_line(row) for row in rows], moneys(totals))


def _balance_sheet(work: Work, asked: Asked) -> Built:
    columns, rows = closed(work, asked)
    width = len(columns)
    profit = [-cents for cents in add_up((row.cents for row in rows if row.is_profit), width)]
    current = _group("CurrentAssets", "Current Assets", _sections(rows, ASSETS), width)
    assets = _side("TotalAssets", "ASSETS", [*current, *_sections(rows, LONG_ASSETS)], width)
    soon = _group("CurrentLiabilities", "Current Liabilities", _sections(rows, LIABILITIES), width)
    debts = _side("Liabilities", "Liabilities", [*soon, *_sections(rows, LONG_LIABILITIES)], width)
    equity = [row for row in rows if row.account.type == "Equity"]
    own = add_up([*(row.shown for row in equity), profit], width)
    lines = [_line(row) for row in equity if any(row.cents)]
    owned = section(
        "Equity", "Equity", [*lines, {**data("Net Income", *moneys(profit)), "group": "NetIncome"}], moneys(own)
    )
    return [_ACCOUNT, *columns], [assets, _side("TotalLiabilitiesAndEquity", BOTH, [debts, owned], width)]


def _sections(rows: Sequence[Figures], plan: dict[str, tuple[str, str]]) -> list[Row]:
    found = [_accounts(group, title, _of_type(rows, kind)) for group, (title, kind) in plan.items()]
    return [each for each in found if each is not None]


def _group(group: str, title: str, sections: list[Row], width: int) -> list[Row]:
    """The sections under a title of their own, if there are any."""
    return [_side(group, title, sections, width)] if sections else []


def _side(group: str, title: str, sections: list[Row], width: int) -> Row:
    """Titles in capitals have totals in capitals."""
    totals = moneys(add_up((totals_of(each) for each in sections), width))
    word = "TOTAL" if title.isupper() else "Total"
    return section(group, title, sections, end=summary("", f"{word} {title}", *totals))


def _profit_and_loss(work: Work, asked: Asked) -> Built:
    columns, rows = moved(work, asked)
    if not any(any(row.cents) for row in rows if row.is_profit):
        return [_ACCOUNT, *columns], _nothing_earned(len(columns))
    found: list[Row] = []
    running = [0] * len(columns)
    operating = running
    for group, (title, kind, sign) in PROFIT.items():
        if kind is None:
            shown = [one - other for one, other in zip(running, operating, strict=True)]
            if group == "NetOperatingIncome":
                operating = running
            if group != "NetOtherIncome":
                found.append(summary(group, title, *moneys(running)))
            elif found[-1]["group"] != "NetOperatingIncome":
                found.append(summary(group, title, *moneys(shown)))
            continue
        part = _accounts(group, title, _of_type(rows, kind)) or _always(group, title, len(columns))
        if part is not None:
            running = add_up([running, [sign * cents for cents in totals_of(part)]], len(columns))
            found.append(part)
    return [_ACCOUNT, *columns], found


def _always(group: str, title: str, width: int) -> Row | None:
    """Income and expenses are there even if nothing was earned or spent."""
    return (
        {**summary(group, f"Total {title}", *["0.00"] * width), "Header": _head(title, width)}
        if group in ALWAYS
        else None
    )


def _nothing_earned(width: int) -> list[Row]:
    """What a profit and loss without any shows: its titles."""
    blank = [""] * width
    return [
        {**summary(group, f"Total {title}", *blank), "Header": _head(title, width)}
        if group in ALWAYS
        else summary(group, title, *blank)
        for group, (title, _, _) in PROFIT.items()
        if group in (*ALWAYS, "GrossProfit", "NetOperatingIncome", "NetIncome")
    ]


def _head(title: str, width: int) -> Row:
    return {"ColData": [{"value": title}, *[{"value": ""}] * width]}


STATEMENTS = ("BalanceSheet", "ProfitAndLoss")
SUMMARIZED = frozenset(
    {
        *STATEMENTS, "TrialBalance", "CashFlow", "AgedReceivables", "AgedPayables", "CustomerBalance", "VendorBalance",
        "CustomerIncome", "CustomerSales", "ItemSales", "ClassSales", "DepartmentSales", "VendorExpenses",
        "InventoryValuationSummary",
    }
)  # fmt: skip
# What is told as of one day, and what can be narrowed to vendors.
AS_OF = frozenset(
    {
        "AgedReceivables", "AgedReceivableDetail", "AgedPayables", "AgedPayableDetail", "CustomerBalance",
        "CustomerBalanceDetail", "VendorBalance", "VendorBalanceDetail",
    }
)  # fmt: skip
_CUSTOMER, _VENDOR = frozenset({"customer"}), frozenset({"vendor"})
_POSTINGS = frozenset({"customer", "class"})
# What a report can be narrowed to; the two statements can be cut into columns besides.
NARROWED: dict[str, frozenset[str]] = {
    **dict.fromkeys(("ProfitAndLoss", "BalanceSheet", "CustomerIncome", "CustomerSales", "ClassSales"), _POSTINGS),
    **dict.fromkeys(
        (
            "AgedReceivables", "AgedReceivableDetail", "CustomerBalance", "CustomerBalanceDetail",
            "TransactionListByCustomer",
        ),
        _CUSTOMER,
    ),
    **dict.fromkeys(
        (
            "AgedPayables", "AgedPayableDetail", "VendorBalance", "VendorBalanceDetail", "VendorExpenses",
            "TransactionListByVendor",
        ),
        _VENDOR,
    ),
}  # fmt: skip
CUT = frozenset({"ProfitAndLoss", "BalanceSheet"})
ALWAYS = ("Income", "Expenses")
BOTH = "LIABILITIES AND EQUITY"
_ACCOUNT = column("", "Account", "account")
_TRIAL_COLUMNS = [_ACCOUNT, column("Debit", "Money", "debit"), column("Credit", "Money", "credit")]
REPORTS: dict[str, tuple[str, Callable[[Work, Asked], Built]]] = {
    "trialbalance": ("TrialBalance", _trial_balance),
    "balancesheet": ("BalanceSheet", _balance_sheet),
    "profitandloss": ("ProfitAndLoss", _profit_and_loss),
    "generalledger": ("GeneralLedger", report_ledger.general_ledger),
    "cashflow": ("CashFlow", report_sums.cash_flow),
    "agedreceivables": ("AgedReceivables", partial(report_names.aged, "receivable")),
    "agedreceivabledetail": ("AgedReceivableDetail", partial(report_names.aged_detail, "receivable")),
    "agedpayables": ("AgedPayables", partial(report_names.aged, "payable")),
    "agedpayabledetail": ("AgedPayableDetail", partial(report_names.aged_detail, "payable")),
    "customerbalance": ("CustomerBalance", partial(report_names.balances, "receivable")),
    "customerbalancedetail": ("CustomerBalanceDetail", partial(report_names.balance_detail, "receivable")),
    "vendorbalance": ("VendorBalance", partial(report_names.balances, "payable")),
    "vendorbalancedetail": ("VendorBalanceDetail", partial(report_names.balance_detail, "payable")),
    "customerincome": ("CustomerIncome", report_sums.customer_income),
    "customersales": ("CustomerSales", report_sums.customer_sales),
    "itemsales": ("ItemSales", report_sums.item_sales),
    "classsales": ("ClassSales", report_sums.class_sales),
    "departmentsales": ("DepartmentSales", report_sums.department_sales),
    "vendorexpenses": ("VendorExpenses", report_sums.vendor_expenses),
    "inventoryvaluationsummary": ("InventoryValuationSummary", report_sums.inventory),
    "accountlist": ("AccountList", report_sums.account_list),
    "transactionlist": ("TransactionList", report_transactions.transaction_list),
    "transactionlistbycustomer": ("TransactionListByCustomer", report_transactions.by_customer),
    "transactionlistbyvendor": ("TransactionListByVendor", report_transactions.by_vendor),
    "transactionlistwithsplits": ("TransactionListWithSplits", report_transactions.with_splits),
    "journalreport": ("JournalReport", report_transactions.journal),
    "profitandlossdetail": ("ProfitAndLossDetail", report_ledger.profit_detail),
}
