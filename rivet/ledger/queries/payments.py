"""Payments as a list."""

from uuid import UUID

from rivet.ledger.models import Payment
from rivet.ledger.queries.pages import Page, page_of


def list_payments(*, page: int) -> Page[Payment]:
    rows = Payment.objects.select_related("invoice__customer", "bill__vendor")
    return page_of(rows.order_by("-paid_date", "-id"), page)


def find_payment(public_id: UUID) -> Payment | None:
    found: Payment | None = Payment.objects.select_related("invoice", "bill").filter(public_id=public_id).first()
    return found
