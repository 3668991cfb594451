"""The resources of the Accounting API that are lists of records, as one table."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import (
    accounts,
    bank_transactions,
    bank_transfers,
    batch_payments,
    contact_groups,
    contacts,
    credit_notes,
    invoices,
    items,
    journals,
    linked_transactions,
    payments,
    purchase_orders,
    quotes,
    tracking,
)
from sandbox.xero.contact_balances import balances_of
from sandbox.xero.desk import Desk, name_key
from sandbox.xero.fields import Fields

type Pin = Callable[[str], tuple[str, Any]]
"""From the value a filter demands to a column and the value it holds."""

type Sifter = tuple[str, Callable[[str], str]]
"""A condition on columns that a parameter of its own name makes of its value."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """`path` is the lower-case plural in the address, `key` the name of the id, `by` finds one by its own number.

    `show` takes (desk, record, detail, fresh): `fresh` is the answer of a write, which most documents repeat when
    they are read by themselves, and what is not `alike` does not. `lean` lists leave lines out unless a page was
    asked for. `seeks` are parameters that look for what a shown field holds.
    """

    path: str
    plural: str
    entity: str
    key: str
    save: Callable[[Desk, Fields, str], Record]
    show: Callable[[Desk, Record, bool, bool], Body]
    fields: frozenset[str]
    by: Callable[[Desk, str], Record | None] = lambda desk, text: None
    delete: Callable[[Desk, Record], Body] | None = None
    pins: dict[str, Pin] = field(default_factory=dict)
    filters: dict[str, Sifter] = field(default_factory=dict)
    seeks: dict[str, str] = field(default_factory=dict)
    paged: bool = True
    always_paged: bool = False
    lean: bool = False
    hides_inactive: bool = False
    has_attachments: bool = True
    one_at_a_time: bool = False
    names_maker: bool = False
    alike: bool = True
    counts_pages: bool = True


def _fields(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _text_column(column: str, change: Callable[[str], str] = str) -> Pin:
    return lambda text: (column, change(text))


def _day(text: str) -> str:
    return text[:10]


_BY_DAY_AND_STATUS: dict[str, Sifter] = {
    "status": ("status=?", str.upper),
    "datefrom": ("txn_date>=?", _day),
    "dateto": ("txn_date<=?", _day),
}


def _first(records: list[Record]) -> Record | None:
    return records[0] if records else None


def _show_contact(desk: Desk, record: Record, detail: bool, fresh: bool) -> Body:
    shown = contacts.wire_contact(record, fresh=fresh)
    return shown | balances_of(desk, record) if detail and not fresh else shown


def _delete_account(desk: Desk, record: Record) -> Body:
    return accounts.wire_account(accounts.delete_account(desk, record))


def _delete_item(desk: Desk, record: Record) -> Body:
    items.delete_item(desk, record)
    return items.wire_item(record)


def _by_ids(*names: str) -> dict[str, Sifter]:
    return {name.lower(): (f"json_extract(body, '$.{name}')=?", str.lower) for name in names}


def _delete_category(desk: Desk, record: Record) -> Body:
    gone = tracking.delete_category(desk, record)
    return tracking.wire_category(gone)


RESOURCES = {
    resource.path: resource
    for resource in (
        Resource(
            path="accounts",
            plural="Accounts",
            entity=accounts.ENTITY,
            key="AccountID",
            save=accounts.save_account,
            show=lambda desk, record, detail, fresh: accounts.wire_account(record),
            fields=_fields(
                "AccountID Code Name Type Status Class TaxType SystemAccount EnablePaymentsToAccount "
                "ShowInExpenseClaims Description BankAccountNumber BankAccountType CurrencyCode ReportingCode "
                "ReportingCodeName HasAttachments AddToWatchlist UpdatedDateUTC"
            ),
            delete=_delete_account,
            pins={"AccountID": _text_column("id", str.lower)},
            paged=False,
            one_at_a_time=True,
        ),
        Resource(
            path="contacts",
            plural="Contacts",
            entity=contacts.ENTITY,
            key="ContactID",
            save=contacts.save_contact,
            show=_show_contact,
            fields=_fields(
                "ContactID ContactStatus Name FirstName LastName EmailAddress ContactNumber AccountNumber "
                "TaxNumber CompanyNumber IsSupplier IsCustomer DefaultCurrency Addresses Phones ContactGroups "
                "BankAccountDetails AccountsReceivableTaxType AccountsPayableTaxType SalesDefaultAccountCode "
                "PurchasesDefaultAccountCode Website Balances PaymentTerms BatchPayments HasAttachments UpdatedDateUTC"
            ),
            by=lambda desk, text: _first(desk.numbered(contacts.ENTITY, text)),
            pins={
                "ContactID": _text_column("id", str.lower),
                "Name": _text_column("name_key", name_key),
                "AccountNumber": _text_column("party", contacts.account_number_key),
            },
            hides_inactive=True,
            alike=False,
            lean=True,
        ),
        Resource(
            path="invoices",
            plural="Invoices",
            entity=invoices.ENTITY,
            key="InvoiceID",
            save=invoices.save_invoice,
            show=lambda desk, record, detail, fresh: invoices.wire_invoice(desk, record, detail=detail, fresh=fresh),
            fields=_fields(
                "InvoiceID InvoiceNumber Type Status Contact Date DueDate Reference Url Total SubTotal TotalTax "
                "AmountDue AmountPaid AmountCredited CurrencyCode CurrencyRate LineAmountTypes SentToContact "
                "FullyPaidOnDate ExpectedPaymentDate PlannedPaymentDate BrandingThemeID HasAttachments "
                "IsDiscounted TotalDiscount UpdatedDateUTC LineItems Payments"
            ),
            by=lambda desk, text: _first(desk.numbered(invoices.ENTITY, text)),
            pins={
                "InvoiceID": _text_column("id", str.lower),
                "InvoiceNumber": _text_column("number"),
                "Contact.ContactID": _text_column("party", str.lower),
                "Status": _text_column("status", str.upper),
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
            fields=_fields(
                "CreditNoteID CreditNoteNumber Type Status Contact Date DueDate Reference Total SubTotal "
                "TotalTax RemainingCredit CurrencyCode CurrencyRate LineAmountTypes FullyPaidOnDate SentToContact "
                "BrandingThemeID HasAttachments UpdatedDateUTC"
            ),
            by=lambda desk, text: _first(desk.numbered(credit_notes.ENTITY, text)),
            pins={
                "CreditNoteID": _text_column("id", str.lower),
                "Contact.ContactID": _text_column("party", str.lower),
                "Status": _text_column("status", str.upper),
            },
            lean=True,
        ),
        Resource(
            path="contactgroups",
            plural="ContactGroups",
            entity=contact_groups.ENTITY,
            key="ContactGroupID",
            save=contact_groups.save_group,
            show=lambda desk, record, detail, fresh: contact_groups.wire_group(desk, record, detail=detail),
            fields=_fields("ContactGroupID Name Status"),
            pins={"ContactGroupID": _text_column("id", str.lower), "Name": _text_column("name_key", name_key)},
            paged=False,
            lean=True,
            hides_inactive=True,
            has_attachments=False,
        ),
        Resource(
            path="purchaseorders",
            plural="PurchaseOrders",
            entity=purchase_orders.ENTITY,
            key="PurchaseOrderID",
            save=purchase_orders.save_purchase_order,
            show=lambda desk, record, detail, fresh: purchase_orders.wire_purchase_order(desk, record, fresh=fresh),
            fields=_fields(
                "PurchaseOrderID PurchaseOrderNumber Status Type Contact Date DeliveryDate Reference Total SubTotal "
                "TotalTax TotalDiscount CurrencyCode CurrencyRate LineAmountTypes SentToContact IsDiscounted "
                "HasAttachments UpdatedDateUTC"
            ),
            by=lambda desk, text: _first(desk.numbered(purchase_orders.ENTITY, text)),
            pins={
                "PurchaseOrderID": _text_column("id", str.lower),
                "Contact.ContactID": _text_column("party", str.lower),
                "Status": _text_column("status", str.upper),
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
            fields=_fields(
                "QuoteID QuoteNumber Status Contact Date ExpiryDate Reference Total SubTotal TotalTax CurrencyCode "
                "CurrencyRate LineAmountTypes Title Summary Terms UpdatedDateUTC"
            ),
            by=lambda desk, text: _first(desk.numbered(quotes.ENTITY, text)),
            pins={
                "QuoteID": _text_column("id", str.lower),
                "Contact.ContactID": _text_column("party", str.lower),
                "Status": _text_column("status", str.upper),
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
            path="payments",
            plural="Payments",
            entity=payments.ENTITY,
            key="PaymentID",
            save=payments.save_payment,
            show=lambda desk, record, detail, fresh: payments.wire_payment(desk, record, fresh=fresh),
            fields=_fields(
                "PaymentID Date Amount BankAmount Reference PaymentType Status IsReconciled HasAccount CurrencyRate "
                "Invoice CreditNote Prepayment Overpayment Account BatchPayment UpdatedDateUTC"
            ),
            pins={"PaymentID": _text_column("id", str.lower), "Status": _text_column("status", str.upper)},
            has_attachments=False,
        ),
        Resource(
            path="batchpayments",
            plural="BatchPayments",
            entity=batch_payments.ENTITY,
            key="BatchPaymentID",
            save=batch_payments.save_batch_payment,
            show=lambda desk, record, detail, fresh: batch_payments.wire_batch_payment(desk, record),
            fields=_fields("BatchPaymentID Date Type Status TotalAmount IsReconciled Reference Account UpdatedDateUTC"),
            pins={"BatchPaymentID": _text_column("id", str.lower), "Status": _text_column("status", str.upper)},
            paged=False,
            has_attachments=False,
        ),
        Resource(
            path="banktransactions",
            plural="BankTransactions",
            entity=bank_transactions.ENTITY,
            key="BankTransactionID",
            save=bank_transactions.save_bank_transaction,
            show=lambda desk, record, detail, fresh: bank_transactions.wire_bank_transaction(
                desk, record, detail=detail, fresh=fresh
            ),
            fields=_fields(
                "BankTransactionID Type Status Contact BankAccount Date Reference IsReconciled Total SubTotal TotalTax "
                "CurrencyCode CurrencyRate LineAmountTypes PrepaymentID OverpaymentID Url HasAttachments UpdatedDateUTC"
            ),
            pins={
                "BankTransactionID": _text_column("id", str.lower),
                "Contact.ContactID": _text_column("party", str.lower),
                "Status": _text_column("status", str.upper),
            },
            lean=True,
        ),
        Resource(
            path="banktransfers",
            plural="BankTransfers",
            entity=bank_transfers.ENTITY,
            key="BankTransferID",
            save=bank_transfers.save_bank_transfer,
            show=lambda desk, record, detail, fresh: bank_transfers.wire_bank_transfer(desk, record, fresh=fresh),
            fields=_fields(
                "BankTransferID Date Status Amount Reference FromBankAccount ToBankAccount FromBankTransactionID "
                "ToBankTransactionID FromIsReconciled ToIsReconciled CreatedDateUTC HasAttachments"
            ),
            pins={"BankTransferID": _text_column("id", str.lower), "Status": _text_column("status", str.upper)},
            paged=False,
            hides_inactive=True,
            alike=False,
        ),
        Resource(
            path="linkedtransactions",
            plural="LinkedTransactions",
            entity=linked_transactions.ENTITY,
            key="LinkedTransactionID",
            save=linked_transactions.save_linked_transaction,
            show=lambda desk, record, detail, fresh: linked_transactions.wire_linked_transaction(desk, record),
            fields=_fields(
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
        *(
            Resource(
                path=f"{entity.lower()}s",
                plural=f"{entity}s",
                entity=entity,
                key=f"{entity}ID",
                save=bank_transactions.refuse_save,
                show=lambda desk, record, detail, fresh: bank_transactions.wire_credit(desk, record, detail=detail),
                fields=_fields(
                    f"{entity}ID Type Status Contact Date Reference Total SubTotal TotalTax RemainingCredit "
                    "CurrencyCode CurrencyRate LineAmountTypes HasAttachments UpdatedDateUTC"
                ),
                pins={
                    f"{entity}ID": _text_column("id", str.lower),
                    "Contact.ContactID": _text_column("party", str.lower),
                    "Status": _text_column("status", str.upper),
                },
                lean=True,
            )
            for entity in ("Prepayment", "Overpayment")
        ),
        Resource(
            path="manualjournals",
            plural="ManualJournals",
            entity=journals.ENTITY,
            key="ManualJournalID",
            save=journals.save_journal,
            show=lambda desk, record, detail, fresh: journals.wire_journal(record, detail=detail, fresh=fresh),
            fields=_fields(
                "ManualJournalID Narration Date Status LineAmountTypes Url ShowOnCashBasisReports HasAttachments "
                "UpdatedDateUTC"
            ),
            pins={
                "ManualJournalID": _text_column("id", str.lower),
                "Narration": _text_column("name_key", journals.narration_key),
                "Status": _text_column("status", str.upper),
            },
            lean=True,
        ),
        Resource(
            path="items",
            plural="Items",
            entity=items.ENTITY,
            key="ItemID",
            save=items.save_item,
            show=lambda desk, record, detail, fresh: items.wire_item(record, fresh=fresh),
            fields=_fields(
                "ItemID Code Name Description PurchaseDescription IsSold IsPurchased SalesDetails "
                "PurchaseDetails IsTrackedAsInventory InventoryAssetAccountCode QuantityOnHand TotalCostPool "
                "UpdatedDateUTC"
            ),
            by=items.item_by_code,
            delete=_delete_item,
            pins={"Code": _text_column("name_key", name_key)},
            paged=False,
            has_attachments=False,
        ),
        Resource(
            path="trackingcategories",
            plural="TrackingCategories",
            entity=tracking.ENTITY,
            key="TrackingCategoryID",
            save=tracking.save_category,
            show=lambda desk, record, detail, fresh: tracking.wire_category(record, archived=not detail),
            fields=_fields("TrackingCategoryID Name Status Options"),
            delete=_delete_category,
            paged=False,
            hides_inactive=True,
            has_attachments=False,
        ),
    )
}
