"""Rules for files of vendors, customers and projects. Pure."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from rivet.ledger.imports import values
from rivet.ledger.imports.plans import Draft, Known, PartyDraft, Plan, ProjectDraft, Reader
from rivet.ledger.imports.sheets import Row

#: Columns of a party and the most characters each takes.
CONTACT = {
    "phone": 40,
    "street": 200,
    "city": 100,
    "state": 60,
    "postal code": 20,
    "country": 60,
}
STATUSES = ("active", "complete", "closed")


def plan_vendors(rows: Sequence[Row], known: Known) -> Plan:
    return _plan_parties(rows, known.vendors, noun="vendor")


def plan_customers(rows: Sequence[Row], known: Known) -> Plan:
    return _plan_parties(rows, known.customers, noun="customer")


def plan_projects(rows: Sequence[Row], known: Known) -> Plan:
    plan, taken = Plan(), dict.fromkeys(known.project_numbers, 0)
    for row in rows:
        reader = Reader(row)
        draft = _project(reader, known)
        if draft is not None:
            _refuse_taken(reader, taken, draft.number, noun="project")
        _sort(plan, reader, draft)
    return plan


def _plan_parties(rows: Sequence[Row], existing: Mapping[str, int], *, noun: str) -> Plan:
    plan, taken = Plan(), dict.fromkeys(existing, 0)
    for row in rows:
        reader = Reader(row)
        draft = _party(reader)
        if draft is not None:
            _refuse_taken(reader, taken, draft.name, noun=noun)
        _sort(plan, reader, draft)
    return plan


def _party(reader: Reader) -> PartyDraft | None:
    name = reader.required("name", lambda raw: values.within(values.text(raw), longest=200))
    contact = {column: reader.text(column, longest=longest) for column, longest in CONTACT.items()}
    contact["email"] = reader.optional("email", _email) or ""
    if name is None:
        return None
    return PartyDraft(line=reader.row.line, name=name, contact=contact)


def _project(reader: Reader, known: Known) -> ProjectDraft | None:
    number = reader.required("number", lambda raw: values.number(raw, longest=40))
    name = reader.required("name", lambda raw: values.within(values.text(raw), longest=200))
    customer = reader.required("customer", lambda raw: find(raw, known.customers, noun="customer"))
    status = reader.optional("status", _status) or STATUSES[0]
    if number is None or name is None or customer is None:
        return None
    return ProjectDraft(line=reader.row.line, number=number, name=name, customer_id=customer, status=status)


def find(raw: str, existing: Mapping[str, int], *, noun: str) -> int:
    """The party of that name. Raises ValueError with a sentence."""
    found = existing.get(values.key(raw))
    if found is None:
        raise ValueError(f"there is no {noun} “{values.text(raw)[:80]}”. Add or import the {noun} first.")
    return found


def _refuse_taken(reader: Reader, taken: dict[str, int], name: str, *, noun: str) -> None:
    """``taken`` maps to the line that has the name; 0 means Rivet has it."""
    first = taken.setdefault(values.key(name), reader.row.line)
    if first == 0:
        reader.reasons.append(f"There is already a {noun} “{name[:80]}” in Rivet.")
    elif first != reader.row.line:
        reader.reasons.append(f"“{name[:80]}” stands in line {first} already. Keep one of them.")


def _sort(plan: Plan, reader: Reader, draft: Draft | None) -> None:
    if draft is None or reader.reasons:
        plan.bad.append(reader.bad())
    else:
        plan.good.append(draft)


def _email(raw: str) -> str:
    written = values.text(raw)
    try:
        validate_email(written)
    except ValidationError as error:
        raise ValueError(f"“{written[:60]}” is not an e-mail address. Correct or empty it.") from error
    return written


def _status(raw: str) -> str:
    written = values.key(raw)
    if written not in STATUSES:
        raise ValueError(f"“{written[:40]}” is none of {', '.join(STATUSES)}.")
    return written
