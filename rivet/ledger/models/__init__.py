"""What the contractor owns."""

from rivet.ledger.models.bills import Bill, BillLine
from rivet.ledger.models.contracts import Contract, RetainageTerms, SovLine
from rivet.ledger.models.imports import ImportBatch
from rivet.ledger.models.invoices import Invoice, InvoiceLine
from rivet.ledger.models.parties import Customer, Vendor
from rivet.ledger.models.payments import Payment
from rivet.ledger.models.projects import Project
from rivet.ledger.models.retainage import RetainageEntry
from rivet.ledger.models.revisions import Revision

__all__ = [
    "Bill",
    "BillLine",
    "Contract",
    "Customer",
    "ImportBatch",
    "Invoice",
    "InvoiceLine",
    "Payment",
    "Project",
    "RetainageEntry",
    "RetainageTerms",
    "Revision",
    "SovLine",
    "Vendor",
]
