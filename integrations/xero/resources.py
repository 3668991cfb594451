"""What our roles are called at Xero. Pure."""

from dataclasses import dataclass

from integrations.ports import Role


@dataclass(frozen=True, kw_only=True)
class Resource:
    #: Path and JSON name of the collection.
    name: str
    id_field: str
    number_field: str


CONTACTS = Resource(name="Contacts", id_field="ContactID", number_field="Name")
INVOICES = Resource(name="Invoices", id_field="InvoiceID", number_field="InvoiceNumber")
JOURNALS = Resource(name="ManualJournals", id_field="ManualJournalID", number_field="Narration")

RESOURCES: dict[Role, Resource] = {
    Role.CUSTOMER: CONTACTS,
    Role.VENDOR: CONTACTS,
    Role.BILL: INVOICES,
    Role.INVOICE: INVOICES,
    Role.RETAINAGE_JOURNAL: JOURNALS,
}

#: The invoice types of our documents.
TYPES = {Role.BILL: "ACCPAY", Role.INVOICE: "ACCREC"}


def clean_name(name: str) -> str:
    """A contact's name as Xero takes it: no blanks at its ends, no two in a row."""
    return " ".join(name.split())
