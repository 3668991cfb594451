"""Approving, reopening and voiding: the moments when the ledger binds itself."""

from decimal import Decimal

from rivet import clock
from rivet.ledger import applications, entries, held
from rivet.ledger.drafts import kind_of
from rivet.ledger.errors import ApprovalError, LedgerError
from rivet.ledger.freezing import snapshot_bill, snapshot_invoice, snapshot_party
from rivet.ledger.models import Bill, Contract, Customer, Invoice, InvoiceLine, Revision, Vendor
from rivet.ledger.models.documents import DocumentStatus
from rivet.ledger.revisions import freeze
from rivet.ledger.rules import release
from rivet.ledger.snapshots import PostingMode, Snapshot, SourceKind
from rivet.money import ZERO
from rivet.tenants import audit
from rivet.tenants.models import User

__all__ = ["ApprovalError", "approve", "reopen", "snapshot_party", "void"]

Document = Invoice | Bill


def approve(*, kind: SourceKind, document_id: int, actor: User | None, default_mode: PostingMode) -> Revision:
    """Freeze a document's content as its next revision, in the caller's transaction.

    ``default_mode`` is used where the contract chooses none. Customers and vendors are frozen as they are. Raises
    ApprovalError with a sentence when the document cannot be approved as it stands.
    """
    if kind in (SourceKind.CUSTOMER, SourceKind.VENDOR):
        return _approve_party(kind, document_id, actor)
    if kind is SourceKind.ITEM:
        raise ValueError("items are frozen where they are mapped")
    document = locked(kind=kind, document_id=document_id)
    _check_open(document)
    if isinstance(document, Invoice) and document.application_number and not document.is_release:
        _refresh_application(document)
    _check(document)
    snapshot = _snapshot(document, default_mode)
    entries.enter(document)
    document.status = DocumentStatus.APPROVED.value
    document.approved_at, document.approved_by = clock.now(), actor
    document.save()
    revision = freeze(kind=kind, source_id=document.pk, snapshot=snapshot, by=actor)
    _audit(document, act="approved", actor=actor, revision=revision.number)
    return revision


def reopen(*, kind: SourceKind, document_id: int, actor: User) -> Document:
    """Let an approved document be changed. Its frozen revision stands until the next approval."""
    document = locked(kind=kind, document_id=document_id)
    if document.status != DocumentStatus.APPROVED:
        raise LedgerError(f"{document.number} is {document.status}; only an approved document can be reopened.")
    _refuse_if_built_upon(document)
    document.status = DocumentStatus.REOPENED.value
    document.save(update_fields=["status"])
    _audit(document, act="reopened", actor=actor)
    return document


def void(*, kind: SourceKind, document_id: int, actor: User, reason: str) -> Document:
    """Take a document out of the ledger. Its number is free again; what it withheld is reversed."""
    document = locked(kind=kind, document_id=document_id)
    if document.status not in (DocumentStatus.APPROVED, DocumentStatus.REOPENED):
        raise LedgerError(f"{document.number} is {document.status}; only an approved document can be voided.")
    if document.paid:
        raise LedgerError(f"{document.paid:,.2f} was paid on {document.number}. Void the payment first.")
    _refuse_if_built_upon(document)
    _refuse_if_released(document)
    moment = clock.now()
    entries.undo(document, effective_date=moment.date())
    document.status, document.voided_at = DocumentStatus.VOID.value, moment
    document.save(update_fields=["status", "voided_at"])
    _audit(document, act="voided", actor=actor, reason=reason)
    return document


def locked(*, kind: SourceKind, document_id: int) -> Document:
    """The document for changing. The contract is locked first: two applications of one job take turns."""
    model: type[Invoice] | type[Bill] = Invoice if kind is SourceKind.INVOICE else Bill
    contract_id = model.objects.filter(pk=document_id).values_list("contract_id", flat=True).first()
    if contract_id:
        Contract.objects.select_for_update().get(pk=contract_id)
    party = "customer" if model is Invoice else "vendor"
    if not contract_id:
        _lock_party(model, party, document_id)
    rows = model.objects.select_for_update(of=("self",)).select_related(party, "project__customer", "contract")
    document: Document = rows.get(pk=document_id)
    return document


def _lock_party(model: type[Invoice] | type[Bill], party: str, document_id: int) -> None:
    """Without a contract a release draws on the party's balance, so the party's documents take turns."""
    owner = Customer if party == "customer" else Vendor
    party_id = model.objects.filter(pk=document_id).values_list(f"{party}_id", flat=True).first()
    owner.objects.select_for_update().filter(pk=party_id).first()


def _approve_party(kind: SourceKind, party_id: int, actor: User | None) -> Revision:
    model: type[Customer] | type[Vendor] = Customer if kind is SourceKind.CUSTOMER else Vendor
    party = model.objects.get(pk=party_id)
    return freeze(kind=kind, source_id=party.pk, snapshot=snapshot_party(party), by=actor)


def _snapshot(document: Document, default_mode: PostingMode) -> Snapshot:
    if isinstance(document, Invoice):
        return snapshot_invoice(document, default_mode=default_mode)
    return snapshot_bill(document)


def _refresh_application(invoice: Invoice) -> None:
    """A draft's figures were computed when it was last saved; the application before it may have changed since."""
    before = applications.previous_of(invoice)
    if before is not None and before.status != DocumentStatus.APPROVED:
        raise ApprovalError(
            f"{invoice.number} builds on application {before.application_number}, which is {before.status}. "
            f"Approve {before.number} first."
        )
    computed = applications.recalculate(invoice)
    _check_not_overbilled(computed)
    rows = applications.line_rows(invoice, computed)
    invoice.lines.all().delete()
    InvoiceLine.objects.bulk_create(rows)
    invoice.summary = applications.stored_summary(computed.summary)
    invoice.gross = sum((row.work for row in rows), ZERO)
    invoice.retainage = sum((row.retainage for row in rows), ZERO)
    invoice.net = invoice.gross - invoice.retainage


def _check_not_overbilled(computed: applications.Computed) -> None:
    for line, outcome in zip(computed.lines, computed.outcomes, strict=True):
        gross = outcome.after.gross
        if abs(gross) > abs(line.value) or gross * line.value < 0:
            raise ApprovalError(
                f"“{line.description}” would be billed to {gross:,.2f} of {line.value:,.2f}. "
                "Lower it, or add a change order to the contract."
            )


def _check_open(document: Document) -> None:
    if document.status == DocumentStatus.APPROVED:
        raise ApprovalError(f"{document.number} is already approved.")
    if document.status == DocumentStatus.VOID:
        raise ApprovalError(f"{document.number} is void. Make a new {kind_of(document)} instead.")


def _check(document: Document) -> None:
    kind, number = kind_of(document), document.number
    party = document.customer if isinstance(document, Invoice) else document.vendor
    if party.archived_at:
        raise ApprovalError(f"{number} names {party.name}, which is archived. Restore it, or choose another.")
    if not document.lines.exists() or not (document.gross or document.retainage):
        raise ApprovalError(f"{number} bills nothing. Enter an amount on at least one line.")
    if document.net < 0:
        raise ApprovalError(f"{number} comes to {document.net:,.2f}. A {kind} cannot be less than zero.")
    _check_paid(document)
    if document.is_release:
        _check_release(document)


def _check_paid(document: Document) -> None:
    if document.paid > document.net:
        raise ApprovalError(
            f"{document.number} comes to {document.net:,.2f}, but {document.paid:,.2f} was already paid on it."
        )


def _check_release(document: Document) -> None:
    mine = held.total(document.retainage_entries.all())
    try:
        release.check(-document.retainage, held=held.for_document(document) - mine)
    except release.ReleaseError as refusal:
        raise ApprovalError(f"{document.number} cannot be released. {refusal}") from refusal
    if isinstance(document, Invoice) and document.contract:
        _check_lines_hold(document, document.contract)


def _check_lines_hold(invoice: Invoice, contract: Contract) -> None:
    """The total may fit while a line does not: another release was approved after this one was drafted."""
    balances = held.by_line(contract)
    mine = {row.sov_line_id: ZERO for row in invoice.lines.all()}
    for row in invoice.retainage_entries.all():
        mine[row.sov_line_id] = mine.get(row.sov_line_id, ZERO) + row.amount
    for line in invoice.lines.all():
        balance: Decimal = balances.get(line.sov_line_id or 0, ZERO) - mine[line.sov_line_id]
        left = balance + line.retainage
        if left * balance < 0:
            raise ApprovalError(
                f"{invoice.number} releases {-line.retainage:,.2f} of “{line.description}”, "
                f"but only {balance:,.2f} is held there. Open it and save it again to spread it anew."
            )


def _refuse_if_built_upon(document: Document) -> None:
    if not isinstance(document, Invoice) or not document.application_number or document.contract is None:
        return
    for later in applications.applications_of(document.contract):
        is_later = (later.application_number or 0) > document.application_number
        if is_later and later.status != DocumentStatus.DRAFT:
            raise LedgerError(f"{later.number} builds on {document.number}. Reopen or void {later.number} first.")


def _refuse_if_released(document: Document) -> None:
    entered = held.total(document.retainage_entries.all())
    if entered > 0 and held.for_document(document) < entered:
        raise LedgerError(
            f"Part of the {entered:,.2f} that {document.number} withheld was released since. Void the release first."
        )


def _audit(document: Document, *, act: str, actor: User | None, revision: int | None = None, reason: str = "") -> None:
    kind = kind_of(document)
    after = {"status": str(document.status), "net": str(document.net), "retainage": str(document.retainage)}
    audit.record(
        actor=actor,
        act=f"{kind}.{act}",
        subject_kind=kind,
        subject_id=document.public_id,
        subject_label=document.number,
        after=after | ({"revision": str(revision)} if revision else {}),
        reason=reason,
    )
