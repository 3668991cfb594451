"""The sentences Xero answers with. There are no codes, so every word here is part of the contract."""

from datetime import date
from decimal import Decimal

VALIDATION = "A validation exception occurred"

# Documents
INVOICE_NUMBER_TAKEN = "Invoice # must be unique."
CREDIT_NOTE_NUMBER_TAKEN = "Credit note # must be unique."
INVOICE_STATUS_FOR_MODIFICATION = "Invoice not of valid status for modification"
DOCUMENT_STATUS_FOR_MODIFICATION = "Document not of valid status for modification"
INVOICE_STATUS_FOR_CREATION = "Invoice not of valid status for creation"
DOCUMENT_STATUS_FOR_CREATION = "Document not of valid status for creation"
FROZEN_BY_PAYMENT = "This document cannot be edited as it has a payment or credit note allocated to it."
DATE_FROZEN_BY_PAYMENT = "Date cannot be changed on an invoice that has payment or credit notes allocated to it."
CREDIT_NOTE_TYPE_REQUIRED = "Credit Note Type must be specified"
CONTACT_REQUIRED = "A Contact must be specified for this type of transaction"
CONTACT_UNIDENTIFIED = (
    "The Contact must contain at least 1 of the following elements to identify the contact: "
    "Name, ContactID, ContactNumber"
)
CONTACT_ARCHIVED_ON_DOCUMENT = (
    "The contact with the specified contact details has been archived. "
    "The contact must be un-archived before creating new invoices or credit notes"
)
LINES_REQUIRED = "One or more line items must be specified"
TYPE_REQUIRED = "Invoice Type must be specified"
INVOICE_NOT_FOUND = "Invoice could not be found"
RATE_INVALID = "Currency rate must be greater than zero"
RATE_SUSPICIOUS = "The currency rate differs greatly from the usual rate of this currency"
DUE_DATE_REQUIRED = "Due Date must be specified"
INVENTORY_ACCOUNT = "The inventory asset account must be an active account of type INVENTORY"
COGS_ACCOUNT = "An item tracked as inventory needs a COGSAccountCode in its purchase details"
DESCRIPTION_REQUIRED = "Description must be specified"
ACCOUNT_INVALID = "Account must be valid."
TAX_RATE_INVALID = "Tax rate must be valid."
TAX_RATE_INACTIVE = "Tax rate must be Active"
TOTAL_DIFFERS = "The document total does not equal the sum of the lines."
TAX_ABOVE_LINE = "Tax amount cannot be greater than the line amount"
TOTAL_NEGATIVE = "The document total must be greater than or equal to zero"
DISCOUNT_NOT_ALLOWED = "Discounts are only supported on accounts receivable invoices"
LINE_TOO_LARGE = "The line amount must not exceed 9,999,999,999.99"
SENT_TO_CONTACT_IGNORED = "Only AUTHORISED invoices may have SentToContact updated."
APPROVAL_LIMIT = "You have reached the limit of invoices you can approve"
URL_INVALID = "Url must be a valid absolute address"
TRACKING_UNKNOWN = "The tracking category or tracking option could not be found."
TRACKING_TOO_MANY = "A maximum of 2 tracking categories can be specified on a line."

# Contacts
CONTACT_NAME_REQUIRED = "The contact name must be specified."
CONTACT_NAME_BRACKETS = "The contact name cannot contain angle brackets."
CONTACT_ARCHIVED = (
    "The specified contact details matched an archived contact. "
    "Archived contacts cannot currently be edited via the API."
)
CONTACT_NUMBER_TAKEN = "Another contact has this contact number. Please enter a different contact number."
ACCOUNT_NUMBER_TAKEN = "The Account Number already exists. Please enter a different Account Number"
EMAIL_INVALID = "Email address must be valid."
WEBSITE_INVALID = "Website must be valid"
PERSONS_NEED_EMAIL = "Additional people cannot be added when the primary person has no email address set"
PERSONS_LIMIT = "A contact can have at most 5 contact persons"

# Payments and allocations
PAYMENT_DATE_LOCKED = "Organisation accounts are locked on the specified payment date"
PAYMENT_NEEDS_AUTHORISED = "Payments can only be made against Authorised documents"
PAYMENT_TOO_LARGE = "Payment amount exceeds the amount outstanding on this document"
PAYMENT_ACCOUNT_TYPE = "Account type is invalid for making a payment to/from"
PAYMENT_ACCOUNT_MISSING = "Account could not be found."
PAYMENT_AMOUNT_POSITIVE = "Payment amount must be greater than 0"
PAYMENT_RECONCILED = "Payment cannot be deleted as it has been reconciled"
PAYMENT_NOT_ALLOWED = "Payments cannot be made with the current plan of this organisation"
PAYMENT_NOT_EDITABLE = "Payments cannot be updated, only deleted"
ALLOCATION_NEEDS_AUTHORISED = "Only AUTHORISED invoices can have allocations applied to them"
ALLOCATION_ABOVE_CREDIT = "The credit note amount is greater than the amount outstanding"
CREDIT_NOTE_MISSING = "An existing Credit Note with the specified CreditNoteID could not be found"
PAYMENT_OF_BATCH = "Payment cannot be deleted as it is part of a batch payment"
BATCH_EMPTY = "At least one payment must be specified"
BATCH_MIXED = "A batch payment must pay either bills or invoices"
BATCH_MISSING = "Batch payment could not be found"
BATCH_NOT_EDITABLE = "Batch payments cannot be updated, only deleted"
BANK_TRANSACTION_TYPE = "Bank transaction Type must be specified"
BANK_TRANSACTION_MISSING = "Bank transaction could not be found"
BANK_TRANSACTION_RECONCILED = "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement."
TRANSFER_SAME_ACCOUNT = "The bank accounts of a transfer must be different"
TRANSFER_AMOUNT = "The amount of a transfer must be greater than 0"
TRANSFER_MISSING = "Bank transfer could not be found"
TRANSFER_NOT_EDITABLE = "Bank transfers cannot be updated, only deleted"
LINK_MISSING = "Linked transaction could not be found"
LINK_SOURCE = "The SourceLineItemID and SourceTransactionID do not match"
LINK_TARGET = "The TargetLineItemID and TargetTransactionID do not match"
LINK_CONTACT = "The ContactID and the TargetTransaction ContactID do not match"
BANK_TRANSACTION_TRANSFER = "This Bank Transaction is part of a transfer and cannot be edited"
BANK_ACCOUNT_INVALID = "A valid bank account must be specified"

# Journals
JOURNAL_NOT_FOUND = "Manual journal could not be found"
NARRATION_REQUIRED = "Narration must be specified"
JOURNAL_LINES_REQUIRED = "At least two journal lines must be specified"

# Orders and groups
ORDER_MISSING = "Purchase order could not be found"
ORDER_STATUS = "PurchaseOrder status change is invalid"
ORDER_DELETED = "Deleted PurchaseOrders cannot be updated"
ORDER_NUMBER_TAKEN = "Order number must be unique"
QUOTE_MISSING = "Quote could not be found"
QUOTE_NUMBER_TAKEN = "Quote number must be unique"
QUOTE_DATE_REQUIRED = "Date must be specified"
GROUP_MISSING = "Contact group could not be found"
GROUP_NAME_REQUIRED = "Contact group name must be specified"
GROUP_NAME_TAKEN = "A contact group with the same name already exists"
GROUP_LIMIT = "You've reached the limit of 100 contact groups."
CONTACT_MISSING = "The contact could not be found"

# Lists
TAX_NAME = "Please enter a unique Name for the tax rate."
TAX_COMPONENTS = "At least one tax component must be specified"
TAX_SYSTEM = "System tax rates cannot be changed"
HISTORY_PARENT = "The document with the supplied id was not found for this endpoint."
ACCOUNT_NAME_TAKEN = "Please enter a unique Name."
ACCOUNT_CODE_TAKEN = "Please enter a unique Code."
ACCOUNT_CODE_REQUIRED = "Please enter a Code."
ACCOUNT_TYPE_REQUIRED = "An account TYPE must be given."
ACCOUNT_IN_USE = "The account is in use or is a system account and cannot be deleted"
ITEM_CODE_REQUIRED = "Price List Item Code must be supplied"
TRACKING_LIMIT = "The organisation already has the maximum number of active tracking categories (2)"
TRACKING_TOTAL_LIMIT = "The organisation already has the maximum number of tracking categories (4)"
TRACKING_NAME_REQUIRED = "Name must be specified"
TRACKING_NAME_TAKEN = "A tracking category with the same name already exists"
TRACKING_IN_USE = "The tracking category or option is in use and can only be archived"
OPTION_NAME_TAKEN = "A tracking option with the same name already exists"
ATTACHMENT_NAME = "The file name contains characters that are not allowed"
ATTACHMENT_SIZE = "The file is larger than 10 MB"
ATTACHMENT_COUNT = "A document can have at most 10 attachments"


def one_at_a_time(plural: str) -> str:
    return f"Only one element of {plural} can be sent in one request."


def stock_short(code: str, there: Decimal) -> str:
    return f"Only {there} of item '{code}' are in stock"


def item_unknown(code: str) -> str:
    return f"Item code '{code}' is not valid"


def account_not_for_document(code: str) -> str:
    return f"Account code '{code}' is not a valid code for this document."


def account_archived(code: str) -> str:
    return (
        f"Account code '{code}' has been archived, or has been deleted. Each line item must reference a valid account."
    )


def account_removed(code: str) -> str:
    return f"Account code '{code}' has been removed as it does not match a recognised account."


def tax_against_account(tax_type: str, code: str) -> str:
    return f"The TaxType code '{tax_type}' cannot be used with account code '{code}'."


def tax_type_unknown(tax_type: str) -> str:
    return f"The TaxType code '{tax_type}' does not exist or cannot be used with this type of transaction"


def quantity_negative(quantity: Decimal) -> str:
    return f"The quantity value '{quantity:.4f}' is invalid. Quantity must not be less than zero."


def line_total_differs(given: Decimal, expected: Decimal) -> str:
    return f"The line total {given:.2f} does not match the expected line total {expected:.2f}"


def quote_status(old: str, new: str) -> str:
    return f"A quote with the status {old} cannot be given the status {new}"


def status_frozen(status: str) -> str:
    return (
        f"The status {status} cannot be applied to the invoice because it has payments or credit notes allocated to it."
    )


def currency_missing(code: str) -> str:
    return f"Organisation is not subscribed to currency {code}"


def before_period_lock(lock: date) -> str:
    return f"The document date cannot be before the period lock date, currently set at {lock.day} {lock:%B %Y}"


def before_year_lock(lock: date) -> str:
    return f"The document date cannot be before the end of year lock date, currently set at {lock.day} {lock:%B %Y}"


def contact_name_taken(name: str) -> str:
    return (
        f"The contact name {name} is already assigned to another contact. "
        "The contact name must be unique across all active contacts."
    )


def item_in_use(code: str) -> str:
    return f"Price List Item with Code '{code}' cannot be deleted because it is tracked and used in transactions"


def item_taken(code: str) -> str:
    return f"Price List Item with Code '{code}' already exists"


def unbalanced(debits: Decimal, credits_: Decimal) -> str:
    """Debits as they are, credits with their sign, as the vendor's own example prints them."""
    return f"The total debits ({debits:.2f}) must equal total credits ({credits_:.2f})"


def too_long(field: str, limit: int) -> str:
    return f"The field {field} must be {limit} characters or fewer."


KEY_TOO_LONG = "Idempotency Key must be 128 characters or fewer"


def key_reused(key: str) -> str:
    return f"Idempotency Key: {key} is used with a different request."


def key_in_use(key: str) -> str:
    return f"Idempotency Key: {key} is used by a request that has not been answered yet."
