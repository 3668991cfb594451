"""Recording money against an approved document. Rivet moves no money and pushes no payment."""

from datetime import date
from decimal import Decimal

from rivet import clock
from rivet.ledger.approval import locked
from rivet.ledger.drafts import kind_of
from rivet.ledger.errors import LedgerError
from rivet.ledger.models import Bill, Invoice, Payment
from rivet.ledger.models.documents import DocumentStatus
from rivet.ledger.snapshots import SourceKind
from rivet.tenants import audit
from rivet.tenants.models import User


def record(
    *, kind: SourceKind, document_id: int, amount: Decimal, paid_date: date, reference: str, actor: User
) -> Payment:
    """Note a payment; at most what is still open. Raises LedgerError."""
    document = locked(kind=kind, document_id=document_id)
    _check(document, amount)
    document.paid += amount
    document.save(update_fields=["paid"])
    payment: Payment = Payment.objects.create(
        tenant_id=document.tenant_id,
        amount=amount,
        paid_date=paid_date,
        reference=reference,
        recorded_by=actor,
        **{kind_of(document): document},
    )
    _audit(payment, document, act="recorded", actor=actor)
    return payment


def void(payment: Payment, *, actor: User) -> None:
    """Take a payment back; the document is open again by its amount."""
    kind, document_id = _target(payment)
    document = locked(kind=kind, document_id=document_id)
    fresh: Payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if fresh.voided_at:
        raise LedgerError("This payment is void already.")
    fresh.voided_at = clock.now()
    fresh.save(update_fields=["voided_at"])
    document.paid -= fresh.amount
    document.save(update_fields=["paid"])
    _audit(fresh, document, act="voided", actor=actor)


def _target(payment: Payment) -> tuple[SourceKind, int]:
    if payment.invoice_id is not None:
        return SourceKind.INVOICE, payment.invoice_id
    if payment.bill_id is not None:
        return SourceKind.BILL, payment.bill_id
    raise ValueError("the database keeps a payment with its document")


def _check(document: Invoice | Bill, amount: Decimal) -> None:
    if document.status != DocumentStatus.APPROVED:
        raise LedgerError(f"{document.number} is {document.status}. Approve it before recording a payment.")
    if amount <= 0:
        raise LedgerError("A payment must be more than zero.", field="amount")
    left = document.net - document.paid
    if amount > left:
        raise LedgerError(
            f"{document.number} has {left:,.2f} left to pay; {amount:,.2f} is more than that.", field="amount"
        )


def _audit(payment: Payment, document: Invoice | Bill, *, act: str, actor: User) -> None:
    audit.record(
        actor=actor,
        act=f"payment.{act}",
        subject_kind="payment",
        subject_id=payment.public_id,
        subject_label=f"{kind_of(document)} {document.number}",
        after={"amount": str(payment.amount), "paid": str(document.paid)},
    )
