"""Reports that list transactions one by one."""

from collections.abc import Callable

from sandbox.books import AccountBalance, Line
from sandbox.quickbooks.report_figures import Asked, Figures, is_profit
from sandbox.quickbooks.report_rows import Built, Cell, Row, data, money, moneys, section, summary, titled
from sandbox.quickbooks.transactions.base import spaced
from sandbox.quickbooks.work import Work, shown_name
from sandbox.store import Record

NOT_POSTING = ("Estimate", "PurchaseOrder", "TimeActivity")
PLAIN = ("tx_date", "txn_type", "doc_num", "is_no_post", "name", "memo", "account_name", "other_account")
JOURNAL = ("tx_date", "txn_type", "doc_num", "name", "memo", "account_name", "debt_amt", "credit_amt")
DETAIL = ("tx_date", "txn_type", "doc_num", "name", "memo", "split_acc", "subt_nat_amount", "rbal_nat_amount")


def _documents(work: Work, asked: Asked) -> list[Record]:
    where = "company=? AND txn_date BETWEEN ? AND ?"
    values = (work.company.id, asked.days.since.isoformat(), asked.days.until.isoformat())
    return work.sandbox.store.select(where, values, order="txn_date, seq")


def _name(work: Work, party: str | None) -> Cell:
    entity, _, id = (party or "").partition(":")
    record = work.find(entity, id) if id else None
    return (shown_name(record), id) if record else ""


def _about(work: Work, record: Record) -> list[Cell]:
    """Day, type and number of a document."""
    return [record.txn_date or "", (spaced(record.entity), record.id), record.number or ""]


def _legs(work: Work, record: Record) -> list[Line]:
    return work.sandbox.books.postings_of(work.company.id, record.entity, record.id)


def _account(chart: dict[str, AccountBalance], id: str) -> Cell:
    row = chart[id]
    return f"{row.code} {row.name}".strip(), id


def _chart(work: Work) -> dict[str, AccountBalance]:
    return {row.id: row for row in work.sandbox.books.trial_balance(work.company.id)}


def _line(work: Work, record: Record, chart: dict[str, AccountBalance]) -> Row:
    """A document in one line: the account on its money side, and the one on the other."""
    legs = _legs(work, record)
    first: Cell = _account(chart, legs[0].account) if legs else ""
    others = {leg.account for leg in legs[1:]}
    split: Cell = _account(chart, others.pop()) if len(others) == 1 else "-Split-" if others else ""
    memo = str(record.body.get("PrivateNote", ""))
    posted = "No" if record.entity in NOT_POSTING else "Yes"
    amount = money(legs[0].cents if legs else record.total_cents)
    return data(*_about(work, record), posted, _name(work, record.party), memo, first, split, amount)


def transaction_list(work: Work, asked: Asked) -> Built:
    chart = _chart(work)
    return titled(*PLAIN, "subt_nat_amount"), [_line(work, record, chart) for record in _documents(work, asked)]


def _by(entity: str) -> Callable[[Work, Asked], Built]:
    """The list in sections, one for each customer or vendor."""

    def build(work: Work, asked: Asked) -> Built:
        wanted = asked.customers if entity == "Customer" else asked.vendors
        chart, sections = _chart(work), dict[str, list[Record]]()
        for record in _documents(work, asked):
            kind, _, id = (record.party or "").partition(":")
            if kind == entity and (not wanted or id in wanted):
                sections.setdefault(id, []).append(record)
        found = []
        for id, held in sections.items():
            lines = [_line(work, record, chart) for record in held]
            title = _name(work, f"{entity}:{id}")
            text = title if isinstance(title, str) else title[0]
            end = summary("", f"Total for {text}", *[""] * len(PLAIN))
            found.append(section("", title, lines, end=end))
        return titled(*PLAIN, "subt_nat_amount"), sorted(found, key=_title)

    return build


def _title(row: Row) -> str:
    return str(row["Header"]["ColData"][0]["value"]).casefold()


def with_splits(work: Work, asked: Asked) -> Built:
    """Every document with all its postings."""
    chart = _chart(work)
    columns = titled("tx_date", "txn_type", "doc_num", "name", "memo", "account_name", "subt_nat_amount")
    rows = []
    for record in _documents(work, asked):
        memo = str(record.body.get("PrivateNote", ""))
        about = [*_about(work, record), _name(work, record.party), memo]
        legs = [data(*about, _account(chart, leg.account), money(leg.cents)) for leg in _legs(work, record)]
        if legs:
            end = summary("", "", *[""] * 5, money(0))
            rows.append(section("", spaced(record.entity), legs, end=end))
    return columns, rows


def journal(work: Work, asked: Asked) -> Built:
    chart = _chart(work)
    rows: list[Row] = []
    for record in _documents(work, asked):
        memo, about, debits = str(record.body.get("PrivateNote", "")), _about(work, record), 0
        for leg in _legs(work, record):
            sides = (money(leg.cents), "") if leg.cents > 0 else ("", money(-leg.cents))
            rows.append(data(*about, _name(work, leg.party), memo, _account(chart, leg.account), *sides))
            debits += max(leg.cents, 0)
            about, memo = ["", "", ""], ""
        if debits:
            rows.append(summary("", "", *[""] * 5, money(debits), money(debits)))
    return titled(*JOURNAL), rows


def profit_detail(work: Work, asked: Asked) -> Built:
    """Every posting to the accounts of the profit and loss, with running sums."""
    chart = _chart(work)
    accounts = [row for row in chart.values() if is_profit(row)]
    found = [_movements(work, asked, row, chart) for row in accounts]
    return titled(*DETAIL), [each for each in found if each is not None]


def _movements(work: Work, asked: Asked, account: AccountBalance, chart: dict[str, AccountBalance]) -> Row | None:
    since, until = asked.days.since.isoformat(), asked.days.until.isoformat()
    rows, balance = [], 0
    for line in work.sandbox.books.account_ledger(work.company.id, account.id, limit=-1):
        record = work.find(line.entity, line.document)
        if since <= line.date <= until and record is not None:
            balance += line.cents
            others = {leg.account for leg in _legs(work, record)} - {account.id}
            split: Cell = _account(chart, others.pop()) if len(others) == 1 else "-Split-"
            figures = moneys(Figures(account, [line.cents, balance]).shown)
            memo = str(record.body.get("PrivateNote", ""))
            rows.append(data(*_about(work, record), _name(work, line.party), memo, split, *figures))
    if not rows:
        return None
    title = f"{account.code} {account.name}".strip()
    total = moneys(Figures(account, [balance]).shown)
    return section("", (title, account.id), rows, end=summary("", f"Total for {title}", *[""] * 5, *total, ""))


by_customer, by_vendor = _by("Customer"), _by("Vendor")
