"""Uploads that wait, their preview, and taking the good rows over."""

from collections.abc import Callable, Mapping, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q

from rivet import clock
from rivet.ledger.errors import LedgerError
from rivet.ledger.imports import columns, values
from rivet.ledger.imports.documents import plan_bills, plan_invoices
from rivet.ledger.imports.parties import plan_customers, plan_projects, plan_vendors
from rivet.ledger.imports.plans import Known, Plan
from rivet.ledger.imports.sheets import Row, SheetError, read
from rivet.ledger.imports.writing import write
from rivet.ledger.models import (
    Bill,
    Customer,
    ImportBatch,
    Invoice,
    Project,
    Vendor,
)
from rivet.ledger.models.documents import DocumentStatus
from rivet.ledger.models.imports import ImportKind
from rivet.ledger.parties import write_party
from rivet.tenants import audit
from rivet.tenants.models import Tenant, User

LAYOUTS: Mapping[ImportKind, columns.Layout] = {
    ImportKind.VENDORS: columns.VENDORS,
    ImportKind.CUSTOMERS: columns.CUSTOMERS,
    ImportKind.PROJECTS: columns.PROJECTS,
    ImportKind.BILLS: columns.BILLS,
    ImportKind.INVOICES: columns.INVOICES,
}

_PLANS: Mapping[ImportKind, Callable[[Sequence[Row], Known], Plan]] = {
    ImportKind.VENDORS: plan_vendors,
    ImportKind.CUSTOMERS: plan_customers,
    ImportKind.PROJECTS: plan_projects,
    ImportKind.BILLS: plan_bills,
    ImportKind.INVOICES: plan_invoices,
}

#: The column that names the other side of a document, and who that is.
_PARTY_OF: Mapping[ImportKind, tuple[str, type[Customer] | type[Vendor]]] = {
    ImportKind.BILLS: ("vendor", Vendor),
    ImportKind.INVOICES: ("customer", Customer),
}
LONGEST_NAME = 200


def upload(*, kind: ImportKind, file_name: str, data: bytes, tenant: Tenant, by: User) -> ImportBatch:
    """Keep a file's rows for the preview. Raises LedgerError when the file as a whole cannot be read."""
    try:
        sheet = read(data, layout=LAYOUTS[kind])
    except SheetError as error:
        raise LedgerError(str(error), field="file") from error
    made: ImportBatch = ImportBatch.objects.create(
        tenant=tenant,
        kind=kind.value,
        file_name=file_name.replace("\x00", "")[-200:],
        rows=[[row.line, row.cells] for row in sheet.rows],
        unreadable=sheet.unreadable,
        remarks=sheet.remarks,
        uploaded_by=by,
    )
    return made


def plan(batch: ImportBatch) -> Plan:
    """What importing would do now: rows are judged anew against what Rivet has at this moment."""
    rows = [Row(line=line, cells=cells) for line, cells in batch.rows]
    return _PLANS[ImportKind(batch.kind)](rows, known())


def confirm(*, batch_id: int, tenant: Tenant, by: User) -> int:
    """Import the good rows in the caller's transaction; the number of vendors, bills … that were made."""
    batch: ImportBatch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    if batch.confirmed_at:
        raise LedgerError(f"{batch.file_name} was imported already; nothing was imported twice.")
    good = plan(batch).good
    if not good:
        raise LedgerError("No row can be imported. Correct the file and upload it again.")
    try:
        with transaction.atomic():
            write(ImportKind(batch.kind), good, tenant)
    except IntegrityError as error:
        if "_once" not in str(error):
            raise
        raise LedgerError("Somebody added the same number or name meanwhile. Look at the preview again.") from error
    batch.confirmed_at, batch.imported_count = clock.now(), len(good)
    batch.save(update_fields=["confirmed_at", "imported_count"])
    audit.record(
        actor=by,
        act="import.confirmed",
        subject_kind="import",
        subject_id=batch.public_id,
        subject_label=batch.file_name,
        after={"kind": batch.kind, "imported": len(good)},
    )
    return len(good)


def missing_parties(batch: ImportBatch) -> list[str]:
    """Names of vendors or customers the file's documents are with and Rivet does not know, as first written."""
    party = _PARTY_OF.get(ImportKind(batch.kind))
    if party is None:
        return []
    column, model = party
    have = _parties(model)
    found: dict[str, str] = {}
    for _, cells in batch.rows:
        name = values.text(cells.get(column, ""))
        if name and len(name) <= LONGEST_NAME and values.key(name) not in have:
            found.setdefault(values.key(name), name)
    return sorted(found.values(), key=str.casefold)


def add_missing_parties(batch: ImportBatch, *, tenant: Tenant, by: User) -> int:
    """Make the vendors or customers a file names and Rivet lacks; how many."""
    party = _PARTY_OF.get(ImportKind(batch.kind))
    names = missing_parties(batch)
    for name in names:
        if party is not None:
            write_party(party[1](tenant=tenant, name=name), actor=by)
    return len(names)


def known() -> Known:
    """The names and numbers of the tenant being served, one query each."""
    projects = list(Project.objects.values_list("id", "customer_id", "number", "name"))
    by_name = _unique([(name, (pk, customer)) for pk, customer, _, name in projects])
    live = ~Q(status=DocumentStatus.VOID)
    return Known(
        vendors=_parties(Vendor),
        customers=_parties(Customer),
        projects=by_name | {values.key(number): (pk, customer) for pk, customer, number, _ in projects},
        project_numbers=frozenset(values.key(number) for _, _, number, _ in projects),
        bills=frozenset(
            (vendor, values.key(number))
            for vendor, number in Bill.objects.filter(live).values_list("vendor_id", "number")
        ),
        invoices=frozenset(
            values.key(number) for number in Invoice.objects.filter(live).values_list("number", flat=True)
        ),
    )


def _parties(model: type[Customer] | type[Vendor]) -> dict[str, int]:
    rows = model.objects.filter(archived_at=None).values_list("name", "id")
    return {values.key(name): pk for name, pk in rows}


def _unique(named: list[tuple[str, tuple[int, int]]]) -> dict[str, tuple[int, int]]:
    """Names that only one project has; an ambiguous one finds nothing."""
    seen: dict[str, int] = {}
    for name, _ in named:
        seen[values.key(name)] = seen.get(values.key(name), 0) + 1
    return {values.key(name): found for name, found in named if seen[values.key(name)] == 1}
