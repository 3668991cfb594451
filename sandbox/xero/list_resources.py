"""The resources that are lists of names: accounts, contacts, items, tracking categories."""

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import accounts, contact_groups, contacts, items, tracking
from sandbox.xero.contact_balances import balances_of
from sandbox.xero.desk import Desk, name_key
from sandbox.xero.resource import Resource, first_of, in_column, names_of


def _show_contact(desk: Desk, record: Record, detail: bool, fresh: bool) -> Body:
    shown = contacts.wire_contact(record, fresh=fresh)
    return shown | balances_of(desk, record) if detail and not fresh else shown


def _delete_account(desk: Desk, record: Record) -> Body:
    return accounts.wire_account(accounts.delete_account(desk, record))


def _delete_item(desk: Desk, record: Record) -> Body:
    items.delete_item(desk, record)
    return items.wire_item(record)


def _delete_category(desk: Desk, record: Record) -> Body:
    gone = tracking.delete_category(desk, record)
    return tracking.wire_category(gone)


LISTS = (
    Resource(
        path="accounts",
        plural="Accounts",
        entity=accounts.ENTITY,
        key="AccountID",
        save=accounts.save_account,
        show=lambda desk, record, detail, fresh: accounts.wire_account(record),
        fields=names_of(
            "AccountID Code Name Type Status Class TaxType SystemAccount EnablePaymentsToAccount "
            "ShowInExpenseClaims Description BankAccountNumber BankAccountType CurrencyCode ReportingCode "
            "ReportingCodeName HasAttachments AddToWatchlist UpdatedDateUTC"
        ),
        delete=_delete_account,
        pins={"AccountID": in_column("id", str.lower)},
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
        fields=names_of(
            "ContactID ContactStatus Name FirstName LastName EmailAddress ContactNumber AccountNumber "
            "TaxNumber CompanyNumber IsSupplier IsCustomer DefaultCurrency Addresses Phones ContactGroups "
            "BankAccountDetails AccountsReceivableTaxType AccountsPayableTaxType SalesDefaultAccountCode "
            "PurchasesDefaultAccountCode Website Balances PaymentTerms BatchPayments HasAttachments UpdatedDateUTC"
        ),
        by=lambda desk, text: first_of(desk.numbered(contacts.ENTITY, text)),
        pins={
            "ContactID": in_column("id", str.lower),
            "Name": in_column("name_key", name_key),
            "AccountNumber": in_column("party", contacts.account_number_key),
        },
        hides_inactive=True,
        alike=False,
        lean=True,
    ),
    Resource(
        path="contactgroups",
        plural="ContactGroups",
        entity=contact_groups.ENTITY,
        key="ContactGroupID",
        save=contact_groups.save_group,
        show=lambda desk, record, detail, fresh: contact_groups.wire_group(desk, record, detail=detail),
        fields=names_of("ContactGroupID Name Status"),
        pins={"ContactGroupID": in_column("id", str.lower), "Name": in_column("name_key", name_key)},
        paged=False,
        lean=True,
        hides_inactive=True,
        has_attachments=False,
    ),
    Resource(
        path="items",
        plural="Items",
        entity=items.ENTITY,
        key="ItemID",
        save=items.save_item,
        show=lambda desk, record, detail, fresh: items.wire_item(record, fresh=fresh),
        fields=names_of(
            "ItemID Code Name Description PurchaseDescription IsSold IsPurchased SalesDetails "
            "PurchaseDetails IsTrackedAsInventory InventoryAssetAccountCode QuantityOnHand TotalCostPool "
            "UpdatedDateUTC"
        ),
        by=items.item_by_code,
        delete=_delete_item,
        pins={"Code": in_column("name_key", name_key)},
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
        fields=names_of("TrackingCategoryID Name Status Options"),
        delete=_delete_category,
        paged=False,
        hides_inactive=True,
        has_attachments=False,
    ),
)
