"""Every entity by its path and by its name."""

from sandbox.quickbooks.kinds import Kind
from sandbox.quickbooks.lists.accounts import AccountKind
from sandbox.quickbooks.lists.budgets import BudgetKind
from sandbox.quickbooks.lists.names import CustomerKind, EmployeeKind, VendorKind
from sandbox.quickbooks.lists.small import (
    ClassKind,
    CompanyCurrencyKind,
    CustomerTypeKind,
    DepartmentKind,
    ItemKind,
    JournalCodeKind,
    PaymentMethodKind,
    TermKind,
)
from sandbox.quickbooks.lists.taxes import TaxAgencyKind, TaxCodeKind, TaxRateKind
from sandbox.quickbooks.papers.attachables import AttachableKind
from sandbox.quickbooks.transactions.base import TransactionKind
from sandbox.quickbooks.transactions.card_payments import CreditCardPaymentKind
from sandbox.quickbooks.transactions.cash import (
    CashPurchaseKind,
    DepositKind,
    RefundReceiptKind,
    SalesReceiptKind,
    TransferKind,
)
from sandbox.quickbooks.transactions.journals import JournalEntryKind
from sandbox.quickbooks.transactions.orders import EstimateKind, PurchaseOrderKind, TimeActivityKind
from sandbox.quickbooks.transactions.payments import BillPaymentKind, PaymentKind
from sandbox.quickbooks.transactions.purchases import BillKind, VendorCreditKind
from sandbox.quickbooks.transactions.recurring import RecurringKind
from sandbox.quickbooks.transactions.sales import CreditMemoKind, InvoiceKind

_ALL: tuple[Kind, ...] = (
    AccountKind(),
    AttachableKind(),
    BillKind(),
    BillPaymentKind(),
    BudgetKind(),
    ClassKind(),
    CompanyCurrencyKind(),
    CreditCardPaymentKind(),
    CreditMemoKind(),
    CashPurchaseKind(),
    CustomerKind(),
    CustomerTypeKind(),
    DepartmentKind(),
    DepositKind(),
    EmployeeKind(),
    EstimateKind(),
    InvoiceKind(),
    ItemKind(),
    JournalCodeKind(),
    JournalEntryKind(),
    PaymentKind(),
    PaymentMethodKind(),
    PurchaseOrderKind(),
    RefundReceiptKind(),
    SalesReceiptKind(),
    TaxAgencyKind(),
    TaxCodeKind(),
    TaxRateKind(),
    TermKind(),
    TimeActivityKind(),
    TransferKind(),
    VendorKind(),
    VendorCreditKind(),
)
# What can be entered again and again.
_RECURRING = (
    "Bill", "CreditMemo", "Deposit", "Estimate", "Invoice", "JournalEntry", "Purchase", "PurchaseOrder",
    "RefundReceipt", "SalesReceipt", "Transfer", "VendorCredit",
)  # fmt: skip
_TEMPLATES = {kind.entity: kind for kind in _ALL if isinstance(kind, TransactionKind) and kind.entity in _RECURRING}
KINDS: dict[str, Kind] = {kind.entity.lower(): kind for kind in (*_ALL, RecurringKind(_TEMPLATES))}
