"""What our roles are called at QuickBooks. Pure."""

from integrations.ports import Operation, Role

#: JSON name of the entity; its path is the same in lower case.
ENTITIES: dict[Role, str] = {
    Role.CUSTOMER: "Customer",
    Role.VENDOR: "Vendor",
    Role.ITEM: "Item",
    Role.BILL: "Bill",
    Role.INVOICE: "Invoice",
    Role.RETAINAGE_JOURNAL: "JournalEntry",
}

#: Kinds that are looked up by a name of their own rather than by number.
NAMED = {Role.CUSTOMER: "DisplayName", Role.VENDOR: "DisplayName", Role.ITEM: "Name"}

#: Without it, lists of names leave inactive records out.
EVERYONE = "Active in (true, false)"

#: The party a document can be searched by.
PARTY_FIELDS = {Role.BILL: "VendorRef", Role.INVOICE: "CustomerRef"}

#: Bills and journals have no void at QuickBooks: ending them is a deletion.
BATCH_WORDS = {Operation.CREATE: "create", Operation.UPDATE: "update"}


def item_name(name: str) -> str:
    """An item's name as QuickBooks takes it: an account's full name has colons, which an item's may not."""
    return name.replace(":", " - ")[:100]


def query_of(role: Role, operation: Operation) -> str:
    """The query string that turns a POST into a void or delete; empty for create and update."""
    if operation is not Operation.VOID:
        return ""
    return "operation=void" if role is Role.INVOICE else "operation=delete"
