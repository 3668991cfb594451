"""Reports that list transactions one by one."""

from collections.abc import Callable

from sandbox import wire
from sandbox.books import AccountBalance, Chosen, Line
from sandbox.quickbooks.report_figures import Asked, refuse_too_many
from sandbox.quickbooks.report_rows import Built, Cell, Row, data, money, section, summary, titled
from sandbox.quickbooks.transactions.base import spaced
from sandbox.quickbooks.transactions.currencies import rate_of, worth
from sandbox.quickbooks.work import Work, shown_name
from sandbox.store import Record

SPLIT = "-Split-"
NOT_POSTING = ("Estimate", "PurchaseOrder", "TimeActivity")
PLAIN = (
    "tx_date", "txn_type", "doc_num", "is_no_post", "name", "memo", "account_name", "other_account", "subt_nat_amount",
)  # fmt: skip
SPLITS = ("tx_date", "txn_type", "doc_num", "name", "memo", "account_name", "subt_nat_amount")
JOURNAL = ("tx_date", "txn_type", "doc_num", "name", "memo", "account_name", "debt_amt", "credit_amt")
Legs = dict[tuple[str, str], list[Line]]


def _span(asked: Asked) -> dict[str, str]:
    return {"since": asked.days.since.isoformat(), "until": asked.days.until.isoformat()}


def _of_days(work: Work, asked: Asked, only: str = "", *wanted: str) -> tuple[str, tuple[str, ...]]:
    """The condition for documents of the days, and its values. `only` narrows them by a condition made of constants,
    `wanted` holds the values of that."""
    return f"company=? AND txn_date BETWEEN ? AND ?{only}", (work.company.id, *_span(asked).values(), *wanted)


def _documents(work: Work, where: str, values: tuple[str, ...]) -> list[Record]:
    refuse_too_many(work.sandbox.store.count(where, values) * len(PLAIN))
    return work.sandbox.store.select(where, values, order="txn_date, seq")


def _posted(work: Work, asked: Asked, *, columns: int) -> tuple[list[Record], Legs]:
    """Documents of the days with all their postings, of which each is a line."""
    refuse_too_many(work.sandbox.books.count_days(work.company.id, **_span(asked)) * columns)
    return _documents(work, *_of_days(work, asked)), _legs(work, asked)


def _legs(work: Work, asked: Asked, of: Chosen | None = None) -> Legs:
    return work.sandbox.books.legs(work.company.id, **_span(asked), of=of)


def name_of(work: Work, party: str | None) -> Cell:
    """The name of a customer, vendor or employee, with its id."""
    entity, _, id = (party or "").partition(":")
    record = work.find(entity, id) if id else None
    return (shown_name(record), id) if record else ""


def account_cell(chart: dict[str, AccountBalance], id: str) -> tuple[str, str]:
    """Number and name of an account, with its id."""
    return account_title(chart[id]), id


def account_title(row: AccountBalance) -> str:
    return f"{row.code} {row.name}".strip()


def _about(record: Record) -> list[Cell]:
    """Day, type and number of a document."""
    return [record.txn_date or "", (spaced(record.entity), record.id), record.number or ""]


def _memo(record: Record) -> str:
    return str(record.body.get("PrivateNote", ""))


def _chart(work: Work) -> dict[str, AccountBalance]:
    return {row.id: row for row in work.sandbox.books.trial_balance(work.company.id)}


def _line(work: Work, record: Record, legs: list[Line], chart: dict[str, AccountBalance]) -> Row:
    """A document in one line: the account on its money side, and the one on the other."""
    first: Cell = account_cell(chart, legs[0].account) if legs else ""
    others = {leg.account for leg in legs[1:]}
    split: Cell = account_cell(chart, others.pop()) if len(others) == 1 else SPLIT if others else ""
    posted = "No" if record.entity in NOT_POSTING else "Yes"
    amount = money(legs[0].cents if legs else worth(record.total_cents, rate_of(record.body)))
    return data(*_about(record), posted, name_of(work, record.party), _memo(record), first, split, amount)


def transaction_list(work: Work, asked: Asked) -> Built:
    documents, chart, legs = _documents(work, *_of_days(work, asked)), _chart(work), _legs(work, asked)
    rows = [_line(work, record, legs.get((record.entity, record.id), []), chart) for record in documents]
    return titled(*PLAIN), rows


def _by(entity: str) -> Callable[[Work, Asked], Built]:
    """The list in sections, one for each customer or vendor."""

    def build(work: Work, asked: Asked) -> Built:
        wanted = asked.customers if entity == "Customer" else asked.vendors
        parties = wire.dumps([f"{entity}:{id}" for id in sorted(wanted)])
        only = " AND party IN (SELECT value FROM json_each(?))" if wanted else " AND party GLOB ?"
        where, values = _of_days(work, asked, only, parties if wanted else f"{entity}:*")
        documents = _documents(work, where, values)
        chosen = Chosen(f"SELECT entity, id FROM documents WHERE {where}", values)  # noqa: S608  values are bound
        chart, legs, sections = _chart(work), _legs(work, asked, chosen), dict[str, list[Row]]()
        for record in documents:
            line = _line(work, record, legs.get((record.entity, record.id), []), chart)
            sections.setdefault(record.party or "", []).append(line)
        found = []
        for party, lines in sections.items():
            title = name_of(work, party)
            text = title if isinstance(title, str) else title[0]
            end = summary("", f"Total for {text}", *[""] * (len(PLAIN) - 1))
            found.append(section("", title, lines, end=end))
        return titled(*PLAIN), sorted(found, key=_title)

    return build


def _title(row: Row) -> str:
    return str(row["Header"]["ColData"][0]["value"]).casefold()


def with_splits(work: Work, asked: Asked) -> Built:
    """Every document with all its postings."""
    chart, rows = _chart(work), []
    documents, postings = _posted(work, asked, columns=len(SPLITS))
    for record in documents:
        about = [*_about(record), name_of(work, record.party), _memo(record)]
        held = postings.get((record.entity, record.id), [])
        legs = [data(*about, account_cell(chart, leg.account), money(leg.cents)) for leg in held]
        if legs:
            end = summary("", "", *[""] * 5, money(0))
            rows.append(section("", spaced(record.entity), legs, end=end))
    return titled(*SPLITS), rows


def journal(work: Work, asked: Asked) -> Built:
    chart, rows = _chart(work), list[Row]()
    documents, postings = _posted(work, asked, columns=len(JOURNAL))
    for record in documents:
        memo, about, debits = _memo(record), _about(record), 0
        for leg in postings.get((record.entity, record.id), []):
            sides = (money(leg.cents), "") if leg.cents > 0 else ("", money(-leg.cents))
            rows.append(data(*about, name_of(work, leg.party), memo, account_cell(chart, leg.account), *sides))
            debits += max(leg.cents, 0)
            about, memo = ["", "", ""], ""
        if debits:
            rows.append(summary("", "", *[""] * 5, money(debits), money(debits)))
    return titled(*JOURNAL), rows


by_customer, by_vendor = _by("Customer"), _by("Vendor")
