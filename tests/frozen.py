"""Builders of frozen documents and of the intents to write them; no database needed."""

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

from integrations.ports import Account, AccountUse, Books, Intent, Link, MappingRole, Operation, Role
from rivet.ledger.snapshots import (
    BillLine,
    BillSnapshot,
    InvoiceLine,
    InvoiceSnapshot,
    ItemSnapshot,
    PartyRef,
    PartySnapshot,
    PostingMode,
    Purpose,
    Snapshot,
    SourceKind,
)

DAY, DUE = date(2026, 10, 31), date(2026, 11, 30)
CUSTOMER = PartyRef(kind=SourceKind.CUSTOMER, id=7, name="Harbor General")
VENDOR = PartyRef(kind=SourceKind.VENDOR, id=4, name="Hanson Concrete")
_numbers = itertools.count(1)


def a_number(prefix: str = "B") -> str:
    """A number no other document of the run carries."""
    return f"{prefix}-{next(_numbers)}"


def a_marker() -> str:
    return f"RVT-{next(_numbers):010}"


def a_party(kind: SourceKind = SourceKind.VENDOR, **fields: Any) -> PartySnapshot:
    values: dict[str, Any] = {"id": 1, "public_id": "0192", "name": a_number("Party"), **fields}
    return PartySnapshot(kind=kind, **values)


def an_item(name: str = "Contract Revenue", *, account: str = "79", role: str = "revenue") -> ItemSnapshot:
    return ItemSnapshot(id=1, public_id="0193", name=name, role=role, account_external_id=account)


def a_bill(**fields: Any) -> BillSnapshot:
    values: dict[str, Any] = {
        "number": a_number(),
        "memo": "Slab",
        "lines": (BillLine(description="Slab", amount=Decimal("25000.00"), retainage=Decimal("2500.00")),),
        "vendor": VENDOR,
        "project": "Pier 9",
        "project_id": 3,
        "bill_date": DAY,
        "due_date": DUE,
        "currency": "USD",
        "purpose": Purpose.PROGRESS,
        **fields,
    }
    return BillSnapshot(id=2, public_id="0191", **values)


def an_invoice(**fields: Any) -> InvoiceSnapshot:
    values: dict[str, Any] = {
        "number": a_number("PA"),
        "memo": "",
        "posting_mode": PostingMode.NEGATIVE_LINE,
        "lines": (InvoiceLine(description="Mobilization", work=Decimal("12000.00"), retainage=Decimal("1200.00")),),
        "customer": CUSTOMER,
        "project": "Pier 9",
        "project_id": 3,
        "invoice_date": DAY,
        "due_date": DUE,
        "currency": "USD",
        "purpose": Purpose.PROGRESS,
        **fields,
    }
    return InvoiceSnapshot(id=1, public_id="0190", **values)


_ROLES = {BillSnapshot: Role.BILL, InvoiceSnapshot: Role.INVOICE, ItemSnapshot: Role.ITEM}


def an_intent(
    document: Snapshot,
    *,
    role: Role | None = None,
    operation: Operation = Operation.CREATE,
    link: Link | None = None,
    marker: str = "",
) -> Intent:
    if role is None:
        role = Role(document.kind) if isinstance(document, PartySnapshot) else _ROLES[type(document)]
    return Intent(marker=marker or a_marker(), role=role, operation=operation, document=document, link=link)


def the_books(**fields: Any) -> Books:
    """A company with an account for every role and both parties linked; ids say what they are."""
    accounts = {
        MappingRole.REVENUE: an_account("79", "Contract Revenue", "200", AccountUse.INCOME, item_id="21"),
        MappingRole.RETAINAGE_RECEIVABLE: an_account(
            "81", "Retainage Receivable", "615", AccountUse.CURRENT_ASSET, item_id="23"
        ),
        MappingRole.RETAINAGE_PAYABLE: an_account("82", "Retainage Payable", "815", AccountUse.CURRENT_LIABILITY),
        MappingRole.DEFAULT_EXPENSE: an_account("83", "Subcontract Cost", "320", AccountUse.EXPENSE),
    }
    values: dict[str, Any] = {
        "company_name": "Ironwood",
        "currency": "USD",
        "country": "US",
        "closed_until": None,
        "accounts": accounts,
        "parties": {("customer", CUSTOMER.id): Link(external_id="58"), ("vendor", VENDOR.id): Link(external_id="41")},
        "tags": {"5": ("Department", "Commercial")},
        "settings": {"class_mode": "line"},
        **fields,
    }
    return Books(**values)


def an_account(external_id: str, name: str, code: str, use: AccountUse, *, item_id: str = "") -> Account:
    return Account(external_id=external_id, name=name, code=code, use=use, is_active=True, item_id=item_id)
