"""Rules for files of bills and invoices: rows with the same party and number are the lines of one document. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from rivet.ledger.imports import values
from rivet.ledger.imports.parties import find
from rivet.ledger.imports.plans import DocumentDraft, Known, Plan, Reader, same_rows
from rivet.ledger.imports.sheets import Row
from rivet.ledger.rules.lines import LineError, LineValues, check_line, total
from rivet.money import ZERO

LONGEST_NUMBER = 100
LONGEST_DESCRIPTION = 500
LONGEST_MEMO = 10_000
#: Where a file says nothing, an invoice of this trade is due after thirty days.
USUAL_TERM = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class _Kind:
    noun: str
    party: str
    date_column: str
    #: Bills are numbered by their vendor, invoices by us.
    is_numbered_by_party: bool

    @property
    def article(self) -> str:
        return "An" if self.noun[0] in "aeiou" else "A"


BILL = _Kind(noun="bill", party="vendor", date_column="bill date", is_numbered_by_party=True)
INVOICE = _Kind(noun="invoice", party="customer", date_column="invoice date", is_numbered_by_party=False)


@dataclass(kw_only=True)
class _Part:
    """One row on its way to being a line of a document."""

    reader: Reader
    number: str | None
    party_id: int | None
    line: LineValues | None


def plan_bills(rows: Sequence[Row], known: Known) -> Plan:
    return _plan(rows, known, BILL, known.vendors)


def plan_invoices(rows: Sequence[Row], known: Known) -> Plan:
    return _plan(rows, known, INVOICE, known.customers)


def _plan(rows: Sequence[Row], known: Known, kind: _Kind, parties: Mapping[str, int]) -> Plan:
    repeated = same_rows(rows)
    groups: defaultdict[tuple[int, str], list[_Part]] = defaultdict(list)
    plan = Plan()
    for row in rows:
        part = _part(row, kind, parties)
        if row.line in repeated:
            part.reader.reasons.append(
                f"The row is the same as line {repeated[row.line]}. Remove one, or tell them apart in the description."
            )
        if part.number is None or part.party_id is None:
            plan.bad.append(part.reader.bad())
        else:
            groups[_group(part.number, part.party_id, kind)].append(part)
    for parts in groups.values():
        _judge(plan, parts, known, kind)
    plan.bad.sort(key=lambda bad: bad.line)
    return plan


def _part(row: Row, kind: _Kind, parties: Mapping[str, int]) -> _Part:
    reader = Reader(row)
    number = reader.required("number", partial(values.number, longest=LONGEST_NUMBER))
    party = reader.required(kind.party, lambda raw: find(raw, parties, noun=kind.party))
    return _Part(reader=reader, number=number, party_id=party, line=_line(reader))


def _line(reader: Reader) -> LineValues | None:
    amount = reader.required("amount", values.amount)
    if amount is None:
        return None
    retainage = reader.optional("retainage", lambda raw: values.retainage(raw, of=amount))
    description = reader.text("description", longest=LONGEST_DESCRIPTION) or f"Line {reader.row.line}"
    line = LineValues(description=description, amount=amount, retainage=retainage or ZERO)
    try:
        check_line(line)
    except LineError as error:
        reader.reasons.append(str(error))
    return line


def _group(number: str, party_id: int, kind: _Kind) -> tuple[int, str]:
    """An invoice number is ours alone: the same one for two customers is one group, and refused there."""
    return (party_id if kind.is_numbered_by_party else 0, values.key(number))


def _judge(plan: Plan, parts: list[_Part], known: Known, kind: _Kind) -> None:
    """A document comes whole or not at all: one bad row would make its total wrong."""
    first = parts[0]
    draft = _document(first, parts, known, kind)
    _refuse_contradictions(parts, kind)
    spoiled = next((part for part in parts if part.reader.reasons), None)
    if spoiled is None and draft is not None:
        plan.good.append(draft)
        return
    for part in parts:
        if not part.reader.reasons and spoiled is not None:
            part.reader.reasons.append(
                f"It belongs to {kind.noun} {first.number}, and line {spoiled.reader.row.line} of it has a problem."
            )
        plan.bad.append(part.reader.bad())


def _document(first: _Part, parts: list[_Part], known: Known, kind: _Kind) -> DocumentDraft | None:
    reader = first.reader
    if first.number is None or first.party_id is None:
        return None
    _refuse_known(first, known, kind)
    document_date = reader.required(kind.date_column, values.day)
    due_date = reader.optional("due date", values.day)
    memo = reader.optional("memo", lambda raw: values.within(raw.strip(), longest=LONGEST_MEMO)) or ""
    project = reader.optional("project", lambda raw: _project(raw, known, first.party_id, kind))
    lines = tuple(part.line for part in parts if part.line)
    _refuse_total(reader, lines, kind)
    if document_date is None:
        return None
    return DocumentDraft(
        line=reader.row.line,
        number=first.number,
        party_id=first.party_id,
        party_name=values.text(reader.raw(kind.party)),
        project_id=project,
        document_date=document_date,
        due_date=_due(reader, document_date, due_date),
        memo=memo,
        lines=lines,
    )


def _refuse_known(first: _Part, known: Known, kind: _Kind) -> None:
    number = values.key(first.number or "")
    taken = (first.party_id, number) in known.bills if kind.is_numbered_by_party else number in known.invoices
    if taken:
        whose = " of this vendor" if kind.is_numbered_by_party else ""
        first.reader.reasons.append(
            f"There is already {kind.article.lower()} {kind.noun} {first.number}{whose} in Rivet."
        )


def _refuse_total(reader: Reader, lines: tuple[LineValues, ...], kind: _Kind) -> None:
    try:
        if lines:
            total(lines, noun=f"{kind.article} {kind.noun}")
    except LineError as error:
        reader.reasons.append(str(error))


def _refuse_contradictions(parts: list[_Part], kind: _Kind) -> None:
    """Later rows may leave the heading empty; what they do say must agree with the first."""
    first = parts[0].reader
    for part in parts[1:]:
        for column in (kind.party, kind.date_column, "due date", "project", "memo"):
            said, meant = values.key(part.reader.raw(column)), values.key(first.raw(column))
            if said and said != meant:
                part.reader.reasons.append(
                    f"Line {first.row.line} gives another {column} for {kind.noun} {parts[0].number}. "
                    "Make them the same, or change the number."
                )


def _project(raw: str, known: Known, party_id: int | None, kind: _Kind) -> int:
    found = known.projects.get(values.key(raw))
    if found is None:
        raise ValueError(f"there is no project “{values.text(raw)[:80]}”. Add or import the project first.")
    project_id, customer_id = found
    if kind is INVOICE and customer_id != party_id:
        raise ValueError(f"“{values.text(raw)[:80]}” is a project of another customer. Choose one of theirs.")
    return project_id


def _due(reader: Reader, document_date: date, due_date: date | None) -> date:
    if due_date is not None and due_date < document_date:
        reader.reasons.append("The due date lies before the document's own date. Correct one of them.")
    return due_date or document_date + USUAL_TERM
