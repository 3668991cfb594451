"""Reports that list the postings of accounts one by one, each with the other side of its document."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sandbox.books import AccountBalance, LedgerLine
from sandbox.quickbooks.report_figures import Asked, Figures, is_profit, refuse_too_many
from sandbox.quickbooks.report_periods import Days
from sandbox.quickbooks.report_rows import Built, Cell, Row, column, data, moneys, section, summary, titled
from sandbox.quickbooks.report_transactions import SPLIT, account_cell, name_of
from sandbox.quickbooks.transactions.base import spaced
from sandbox.quickbooks.work import Work

DETAIL = ("tx_date", "txn_type", "doc_num", "name", "memo", "split_acc", "subt_nat_amount", "rbal_nat_amount")
Chart = dict[str, AccountBalance]


class _Document(NamedTuple):
    number: str
    party: str | None
    memo: str


# What an account opens with is posted, but is no document.
_OPENING = _Document("", None, "Opening Balance")


class _Postings:
    """The postings of some accounts within some days. Everything about their documents is read at once, however many
    lines those have. Raises 6000 for more than a report can hold."""

    def __init__(self, work: Work, days: Days, accounts: Iterable[str], chart: Chart) -> None:
        self.work, self.chart = work, chart
        self.since, self.until = (day.isoformat() for day in days)
        books, company = work.sandbox.books, work.company.id
        wanted = list(accounts)
        lines = sum(books.count_postings(company, id, since=self.since, until=self.until) for id in wanted)
        refuse_too_many(lines * len(DETAIL))
        chosen = books.posted_to(company, wanted, since=self.since, until=self.until)
        self._legs = books.legs(company, since=self.since, until=self.until, of=chosen)
        self._counts: dict[tuple[str, str], Counter[str]] = {}
        rows = work.sandbox.store.db.execute(
            "SELECT entity, id, coalesce(number, ''), party, coalesce(body ->> '$.PrivateNote', '')"  # noqa: S608  values are bound
            f" FROM documents WHERE company=? AND (entity, id) IN ({chosen.sql})",
            (company, *chosen.values),
        )
        self._documents = {(entity, id): _Document(*about) for entity, id, *about in rows}

    def of(self, account: str) -> list[LedgerLine]:
        return self.work.sandbox.books.account_ledger(
            self.work.company.id, account, since=self.since, until=self.until, limit=-1
        )

    def cells(self, account: str, line: LedgerLine) -> list[Cell]:
        """Day, type, number, name, memo and the other side."""
        key = (line.entity, line.document)
        document = _OPENING if line.entity == "Account" else self._documents[key]
        # The lines of a journal entry have names of their own; the entry's is that of its open item.
        party = line.party if line.entity == "JournalEntry" else document.party or line.party
        name = name_of(self.work, party)
        kind = (spaced(line.entity), line.document)
        return [line.date, kind, document.number, name, document.memo, self._other(account, line)]

    def _other(self, account: str, line: LedgerLine) -> Cell:
        key = (line.entity, line.document)
        counts = self._counts.get(key)
        if counts is None:
            counts = self._counts[key] = Counter(leg.account for leg in self._legs[key])
        if len(self._legs[key]) - counts[account] != 1:
            return SPLIT
        return account_cell(self.chart, next(other for other in counts if other != account))


def general_ledger(work: Work, asked: Asked) -> Built:
    """Every posting to the accounts asked for, with running balances."""
    before = date.fromordinal(asked.days.since.toordinal() - 1).isoformat()
    opening = work.sandbox.books.trial_balance(work.company.id, until=before)
    wanted = [row for row in opening if not asked.accounts or row.id in asked.accounts]
    postings = _Postings(work, asked.days, [row.id for row in wanted], {row.id: row for row in opening})
    found = [_balanced(postings, row) for row in wanted]
    return _LEDGER_COLUMNS, [each for each in found if each is not None]


def _balanced(postings: _Postings, opening: AccountBalance) -> Row | None:
    start = 0 if is_profit(opening) else opening.cents
    first = [data("Beginning Balance", *[""] * 6, *_shown(opening, start))] if start else []
    lines, moved = _running(postings, opening, start)
    if not first and not lines:
        return None
    title = account_cell(postings.chart, opening.id)
    end = summary("", f"Total for {title[0]}", *[""] * 5, *_shown(opening, moved), "")
    return section("", title, [*first, *lines], end=end)


def profit_detail(work: Work, asked: Asked) -> Built:
    """Every posting to the accounts of the profit and loss, with running sums."""
    chart = {row.id: row for row in work.sandbox.books.trial_balance(work.company.id)}
    accounts = [row for row in chart.values() if is_profit(row)]
    postings = _Postings(work, asked.days, [row.id for row in accounts], chart)
    found = [_summed(postings, row) for row in accounts]
    return titled(*DETAIL), [each for each in found if each is not None]


def _summed(postings: _Postings, account: AccountBalance) -> Row | None:
    lines, moved = _running(postings, account, 0)
    if not lines:
        return None
    title = account_cell(postings.chart, account.id)
    return section("", title, lines, end=summary("", f"Total for {title[0]}", *[""] * 5, *_shown(account, moved), ""))


def _running(postings: _Postings, account: AccountBalance, start: int) -> tuple[list[Row], int]:
    """A line for each posting, with the balance after it, and what was posted in all."""
    rows, balance = [], start
    for line in postings.of(account.id):
        balance += line.cents
        rows.append(data(*postings.cells(account.id, line), *_shown(account, line.cents, balance)))
    return rows, balance - start


def _shown(account: AccountBalance, *cents: int) -> list[str]:
    return moneys(Figures(account, list(cents)).shown)


_LEDGER_COLUMNS = [
    column("Date", "tx_date", "tx_date"),
    column("Transaction Type", "txn_type", "txn_type"),
    column("Num", "doc_num", "doc_num"),
    column("Name", "name", "name"),
    column("Memo/Description", "memo", "memo"),
    column("Split", "split_acc", "split_acc"),
    column("Amount", "subt_nat_amount", "subt_nat_amount"),
    column("Balance", "rbal_nat_amount", "rbal_nat_amount"),
]
