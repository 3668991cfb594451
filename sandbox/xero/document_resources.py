"""The resources that are documents with lines, and what links them."""

from sandbox.xero import credit_notes, invoices, journals, linked_transactions, purchase_orders, quotes
from sandbox.xero.resource import Resource, Sifter, first_of, in_column, names_of


def _day(text: str) -> str:
    return text[:10]


_BY_DAY_AND_STATUS: dict[str, Sifter] = {
    "status": ("status=?", str.upper),
    "datefrom": ("txn_date>=?", _day),
    "dateto": ("txn_date<=?", _day),
}


def _by_ids(*names: str) -> dict[str, Sifter]:
    return {name.lower(): (f"json_extract(body, '$.{name}')=?", str.lower) for name in names}


DOCUMENTS = (
    Resource(
        path="invoices",
        plural="Invoices",
        entity=invoices.ENTITY,
        key="InvoiceID",
        save=invoices.save_invoice,
        show=lambda desk, record, detail, fresh: invoices.wire_invoice(desk, record, detail=detail, fresh=fresh),
        fields=names_of(
            "InvoiceID InvoiceNumber Type Status Contact Date DueDate Reference Url Total SubTotal TotalTax "
            "AmountDue AmountPaid AmountCredited CurrencyCode CurrencyRate LineAmountTypes SentToContact "
            "FullyPaidOnDate ExpectedPaymentDate PlannedPaymentDate BrandingThemeID HasAttachments "
            "IsDiscounted TotalDiscount UpdatedDateUTC LineItems Payments"
        ),
        by=lambda desk, text: first_of(desk.numbered(invoices.ENTITY, text)),
        pins={
            "InvoiceID": in_column("id", str.lower),
            "InvoiceNumber": in_column("number"),
            "Contact.ContactID": in_column("party", str.lower),
            "Status": in_column("status", str.upper),
            "Type": lambda text: ("side", "receivable" if text.upper() == "ACCREC" else "payable"),
        },
        lean=True,
        names_maker=True,
    ),
    Resource(
        path="creditnotes",
        plural="CreditNotes",
        entity=credit_notes.ENTITY,
        key="CreditNoteID",
        save=credit_notes.save_credit_note,
        show=lambda desk, record, detail, fresh: credit_notes.wire_credit_note(
            desk, record, detail=detail, fresh=fresh
        ),
        fields=names_of(
            "CreditNoteID CreditNoteNumber Type Status Contact Date DueDate Reference Total SubTotal "
            "TotalTax RemainingCredit CurrencyCode CurrencyRate LineAmountTypes FullyPaidOnDate SentToContact "
            "BrandingThemeID HasAttachments UpdatedDateUTC"
        ),
        by=lambda desk, text: first_of(desk.numbered(credit_notes.ENTITY, text)),
        pins={
            "CreditNoteID": in_column("id", str.lower),
            "Contact.ContactID": in_column("party", str.lower),
            "Status": in_column("status", str.upper),
        },
        lean=True,
    ),
    Resource(
        path="purchaseorders",
        plural="PurchaseOrders",
        entity=purchase_orders.ENTITY,
        key="PurchaseOrderID",
        save=purchase_orders.save_purchase_order,
        show=lambda desk, record, detail, fresh: purchase_orders.wire_purchase_order(desk, record, fresh=fresh),
        fields=names_of(
            "PurchaseOrderID PurchaseOrderNumber Status Type Contact Date DeliveryDate Reference Total SubTotal "
            "TotalTax TotalDiscount CurrencyCode CurrencyRate LineAmountTypes SentToContact IsDiscounted "
            "HasAttachments UpdatedDateUTC"
        ),
        by=lambda desk, text: first_of(desk.numbered(purchase_orders.ENTITY, text)),
        pins={
            "PurchaseOrderID": in_column("id", str.lower),
            "Contact.ContactID": in_column("party", str.lower),
            "Status": in_column("status", str.upper),
        },
        filters=_BY_DAY_AND_STATUS,
        always_paged=True,
    ),
    Resource(
        path="quotes",
        plural="Quotes",
        entity=quotes.ENTITY,
        key="QuoteID",
        save=quotes.save_quote,
        show=lambda desk, record, detail, fresh: quotes.wire_quote(desk, record, fresh=fresh),
        fields=names_of(
            "QuoteID QuoteNumber Status Contact Date ExpiryDate Reference Total SubTotal TotalTax CurrencyCode "
            "CurrencyRate LineAmountTypes Title Summary Terms UpdatedDateUTC"
        ),
        by=lambda desk, text: first_of(desk.numbered(quotes.ENTITY, text)),
        pins={
            "QuoteID": in_column("id", str.lower),
            "Contact.ContactID": in_column("party", str.lower),
            "Status": in_column("status", str.upper),
        },
        filters={
            **_BY_DAY_AND_STATUS,
            "contactid": ("party=?", str.lower),
            "quotenumber": ("number=?", str),
            "expirydatefrom": ("json_extract(body, '$.ExpiryDate')>=?", _day),
            "expirydateto": ("json_extract(body, '$.ExpiryDate')<=?", _day),
        },
        always_paged=True,
        counts_pages=False,
    ),
    Resource(
        path="linkedtransactions",
        plural="LinkedTransactions",
        entity=linked_transactions.ENTITY,
        key="LinkedTransactionID",
        save=linked_transactions.save_linked_transaction,
        show=lambda desk, record, detail, fresh: linked_transactions.wire_linked_transaction(desk, record),
        fields=names_of(
            "LinkedTransactionID SourceTransactionID SourceLineItemID ContactID TargetTransactionID "
            "TargetLineItemID Status Type SourceTransactionTypeCode UpdatedDateUTC"
        ),
        delete=linked_transactions.delete_linked_transaction,
        filters={
            "linkedtransactionid": ("id=?", str.lower),
            **_by_ids("SourceTransactionID", "ContactID", "TargetTransactionID"),
        },
        seeks={"status": "Status"},
        always_paged=True,
        counts_pages=False,
        has_attachments=False,
    ),
    Resource(
        path="manualjournals",
        plural="ManualJournals",
        entity=journals.ENTITY,
        key="ManualJournalID",
        save=journals.save_journal,
        show=lambda desk, record, detail, fresh: journals.wire_journal(record, detail=detail, fresh=fresh),
        fields=names_of(
            "ManualJournalID Narration Date Status LineAmountTypes Url ShowOnCashBasisReports HasAttachments "
            "UpdatedDateUTC"
        ),
        pins={
            "ManualJournalID": in_column("id", str.lower),
            "Narration": in_column("name_key", journals.narration_key),
            "Status": in_column("status", str.upper),
        },
        lean=True,
    ),
)
